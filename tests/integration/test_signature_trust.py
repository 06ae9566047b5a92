"""The trust store: what is taken in, by whose word, and what is found out about a file that somebody slipped in."""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asn1crypto import x509
from sqlalchemy import select

from pipeline.database.tables import EventRow
from pipeline.errors import IntegrityError, NotFoundError, RefusedError, StorageError, UsageError
from pipeline.journeys import open_office
from pipeline.journeys.judging import anchors_for_signing, trust, trust_store
from pipeline.settings import data_folder, load_settings
from pipeline.signatures.trust import Pin, Standing, TrustStore, fingerprint, load_pins, read_certificates
from tests.pki import Pki
from tests.sealing import leaving_workspace
from tests.workspaces import make_workspace

pytestmark = pytest.mark.integration
NOW = datetime.now(UTC)


@pytest.fixture
def store(tmp_path: Path, pki: Pki) -> TrustStore:
    root = x509.Certificate.load(pki.der("root"))
    pin = Pin(
        "toy-root", "root", ("signer",), "CN=RootCA thử nghiệm", f"{root.serial_number:X}", root.sha256.hex(),
        root.not_valid_before, root.not_valid_after, "http://ca.test/root.crt",
    )  # fmt: skip
    return TrustStore(tmp_path / "trust", (pin,))


def test_the_shipped_pins_are_whole() -> None:
    pins = load_pins(data_folder() / "trust")
    assert {"root-g1", "root-g2", "state-bodies-g2", "national-root-2014"} <= {pin.name for pin in pins}
    assert len({pin.sha256 for pin in pins}) == len({pin.name for pin in pins}) == len(pins)
    for pin in pins:
        assert fingerprint(pin.sha256) == pin.sha256
        assert pin.kind in {"root", "issuer"}
        assert pin.not_before < pin.not_after
        assert int(pin.serial, 16) > 0
    assert all(pin.address for pin in pins if pin.kind == "root")


def test_a_pinned_root_vouches_for_what_its_pin_says(store: TrustStore, pki: Pki) -> None:
    assert store.anchors().signers == ()
    assert [entry.standing for entry in store.entries(NOW)] == [Standing.MISSING]
    for certificate in read_certificates(pki.certificate("root")):
        assert store.add(certificate).name == "toy-root"
    assert store.anchors().signers == (pki.der("root"),)
    assert store.anchors().time_stamps == ()
    assert [entry.standing for entry in store.entries(NOW)] == [Standing.GOOD]
    assert [entry.standing for entry in store.entries(datetime(2044, 12, 1, tzinfo=UTC))] == [Standing.EXPIRES_SOON]
    assert [entry.standing for entry in store.entries(datetime(2050, 1, 1, tzinfo=UTC))] == [Standing.EXPIRED]


def test_a_certificate_without_a_pin_needs_a_person_s_word(store: TrustStore, pki: Pki) -> None:
    (issuer,) = read_certificates(pki.certificate("interm"))
    with pytest.raises(RefusedError, match="certificate-unpinned"):
        store.add(issuer)
    store.accept(issuer, ("signer",), by="quản trị", at=NOW)
    assert store.anchors().issuers == (pki.der("interm"),)
    assert store.anchors().signers == ()  # it leads the way and is trusted for nothing
    assert [entry.standing for entry in store.entries(NOW)] == [Standing.MISSING, Standing.UNPINNED]


def test_a_file_that_somebody_slipped_in_stops_the_judging(store: TrustStore, pki: Pki) -> None:
    store.folder.mkdir()
    sha256 = x509.Certificate.load(pki.der("interm")).sha256.hex()
    (store.folder / f"{sha256}.crt").write_bytes(pki.der("interm"))
    with pytest.raises(IntegrityError, match="trust-store-damaged"):
        store.anchors()


@pytest.mark.parametrize("content", [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_what_is_no_certificate_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.crt"
    path.write_bytes(content)
    with pytest.raises(RefusedError, match="not-a-certificate"):
        read_certificates(path)
    with pytest.raises(NotFoundError):
        read_certificates(tmp_path / "b.crt")


def test_a_leader_s_own_login_goes_by_the_roots_that_the_seal_service_shows(pki: Pki) -> None:
    """The office's own store lies in a folder that only the service's user can open."""
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are shut to others
        folder = Path(name)
        folder.chmod(0o755)
        leaving_workspace(folder / "office", pki)
        settings = load_settings(folder / "office")
        shutil.copytree(settings.private / "trust", folder / "trust")
        for path in (folder / "trust", *(folder / "trust").iterdir()):
            path.chmod(0o755)
        assert anchors_for_signing(settings).signers == (pki.der("root"),)
        with another_login(settings.private):
            with pytest.raises(StorageError) as caught:
                anchors_for_signing(settings)
            assert caught.value.code == "trust-store-unreadable"
        config = folder / "office" / "seal.toml"
        config.write_text('trust = "../trust"\n' + config.read_text())
        with another_login(settings.private):
            assert anchors_for_signing(settings).signers == (pki.der("root"),)


@contextmanager
def another_login(private: Path) -> Iterator[None]:
    """One that cannot open this folder: root becomes nobody, everybody else shuts the folder."""
    if os.geteuid() == 0:
        os.seteuid(pwd.getpwnam("nobody").pw_uid)
    else:
        private.chmod(0)
    try:
        yield
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
        else:
            private.chmod(0o700)


def test_a_person_s_word_is_in_the_audit_trail(tmp_path: Path, pki: Pki) -> None:
    make_workspace(tmp_path / "office")
    root = pki.certificate("root")
    sha256 = x509.Certificate.load(pki.der("root")).sha256.hex()
    with open_office(tmp_path / "office") as office:
        with pytest.raises(RefusedError):
            trust(office, root, "chị Lan")
        with pytest.raises(UsageError, match="fingerprint-differs"):
            trust(office, root, "chị Lan", accepted="00" * 32)
        assert trust_store(office.settings.private).anchors().signers == ()
        spelt = ":".join(sha256.upper()[place : place + 2] for place in range(0, 64, 2))
        trust(office, root, "chị Lan", accepted=spelt)
        assert trust_store(office.settings.private).anchors().signers == (pki.der("root"),)
        with office.database.read() as session:
            event = session.scalars(select(EventRow).where(EventRow.kind == "trusted")).one()
        assert (event.actor, event.detail["sha256"], event.detail["pin"]) == ("chị Lan", sha256, "")
