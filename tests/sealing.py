"""A seal service with a toy authority: its settings, a signed document with its row of the register."""

from __future__ import annotations

import os
import pwd
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pipeline import registers, settings, signatures
from pipeline.database import Database, open_database
from pipeline.database.tables import OutgoingRow
from pipeline.files import sha256_of
from pipeline.journeys import Office, open_office, outgoing
from pipeline.journeys.judging import trust
from pipeline.sealer import RegisterRow, SealClient, SealSettings
from pipeline.sealer.service import serve
from tests import signed_papers, signing_papers
from tests.pki import PASSPHRASE, Pki
from tests.workspaces import make_workspace

SECRET = PASSPHRASE.decode()
ME = pwd.getpwuid(os.getuid()).pw_name


def signatory(pki: Pki, name: str = "leader", **more: Any) -> dict[str, Any]:
    return {"sha256": pki.architecture.get_cert(name).sha256.hex(), "name": name, **more}


def seal_settings(folder: Path, pki: Pki, **changed: Any) -> SealSettings:
    data: dict[str, Any] = {
        "socket": folder / "seal.sock", "state": folder / "seal", "workspace": folder, "officers": [ME],
        "clients": [ME], "key": {"file": pki.pfx("agency")}, "signatories": [signatory(pki)],
        "signing": settings.Signing(level="B-B"),
    }  # fmt: skip
    return SealSettings.model_validate({**data, **changed})


@dataclass(frozen=True)
class Signed:
    """A file that the leader signed, and its row."""

    path: Path
    sha256: str
    row: RegisterRow


def signed_file(folder: Path, pki: Pki, name: str = "signed", who: str = "leader") -> Path:
    draft = signing_papers.draft(folder / f"{name}.draft.pdf")
    prepared = signatures.prepare(draft, folder / f"{name}.prepared.pdf", signatures.Plan())
    with signatures.open_key(signatures.FileKey(pki.pfx(who)), PASSPHRASE, chain=(pki.der("interm"),)) as key:
        terms = signatures.Terms()
        return signatures.sign_leader(prepared.path, folder / f"{name}.pdf", key, terms, at=datetime.now(UTC)).path


def registered(database: Database, path: Path, *, issued: date = date(2026, 11, 24)) -> Signed:
    """Give a signed file its number, as a release does."""
    digest = sha256_of(path)
    with database.write() as session:
        entry = registers.enter(session, "di", datetime.now(UTC), settings.Registers())
        session.add(
            OutgoingRow(
                id=path.stem + str(entry.number), name=path.name, state="released", created_at=datetime.now(UTC),
                prepared_sha256=digest, prepared_size=1, signed_sha256=digest, year=entry.year, number=entry.number,
                issued_date=issued,
            )
        )  # fmt: skip
        return Signed(path, digest, RegisterRow(entry.year, entry.number))


@contextmanager
def serving(
    pki: Pki, configured: SealSettings, database: Database, *, secret: str | None = SECRET, faults: Sequence[Any] = ()
) -> Iterator[SealClient]:
    """The service in a thread of its own, until the block ends; what ended it before stands in `faults`."""
    stop, ready, ended = threading.Event(), threading.Event(), list[BaseException]()

    def run() -> None:
        try:
            serve(
                configured, database, lambda: signed_papers.anchors(pki), lambda: datetime.now(UTC), stop,
                secret=secret, ready=ready.set,
            )  # fmt: skip
        except BaseException as error:  # noqa: BLE001 - told to the test
            ended.append(error)
            if isinstance(faults, list):
                faults.append(error)
        finally:
            ready.set()

    thread = threading.Thread(target=run)
    thread.start()
    ready.wait(30)
    try:
        yield SealClient(configured.socket)
    finally:
        stop.set()
        thread.join(30)
    if ended and not isinstance(faults, list):
        raise ended[0]


def leaving_workspace(
    folder: Path, pki: Pki, *, signing: str = 'level = "B-B"', release: str = "each", key: str = "", url: str = ""
) -> Path:
    """A workspace that trusts the toy authority and names a seal service; returns its seal.toml.

    `key`: the lines of `[key]`; "" for the agency's PKCS#12 file.
    """
    make_workspace(folder, url)
    config = folder / "vanthu.toml"
    config.write_text(
        config.read_text().replace('seal = ""', 'seal = "seal.toml"').replace("online = false", "online = true")
    )
    key = key or f'file = "{pki.pfx("agency")}"'
    (folder / "seal.toml").write_text(
        f'socket = "seal.sock"\nstate = "seal"\nworkspace = "."\nofficers = ["{ME}"]\nclients = ["{ME}"]\n'
        f'release = "{release}"\n[key]\n{key}\n[signing]\n{signing}\n'
        f'[[signatories]]\nsha256 = "{signatory(pki)["sha256"]}"\nname = "Nguyễn Văn Ả"\n'
    )
    with open_office(folder) as office:
        for name in ("root", "interm"):
            trust(office, pki.certificate(name), ME, accepted=pki.architecture.get_cert(name).sha256.hex())
    return folder / "seal.toml"


def drop_draft(office: Office, name: str = "Quyết định.pdf") -> Path:
    """A draft with blanks for number and date; returns where it will stand for signature."""
    today = datetime.now(office.settings.registers.zone)
    blanks = f"An Bình, ngày        tháng        năm {today.year}"
    drafts = outgoing.folder(office, "du-thao")
    signing_papers.draft(drafts / name, date=blanks, subject=f"Về việc {name}")
    return outgoing.folder(office, "trinh-ky") / name


def leader_signs(
    office: Office, pki: Pki, path: Path, who: str = "leader", terms: signatures.Terms | None = None
) -> Path:
    with signatures.open_key(signatures.FileKey(pki.pfx(who)), PASSPHRASE, chain=(pki.der("interm"),)) as key:
        target = outgoing.folder(office, "da-ky") / path.name
        terms = terms or signatures.Terms()
        return signatures.sign_leader(path, target, key, terms, at=datetime.now(UTC)).path


def long_term(pki: Pki) -> signatures.Terms:
    """As a leader signs who has a time stamp service: who looks later needs to ask nobody."""
    anchors = signed_papers.anchors(pki)
    roots = tuple(dict.fromkeys((*anchors.signers, *anchors.time_stamps)))
    return signatures.Terms(signatures.Level.B_LT, pki.tsa_url, roots=roots, others=anchors.issuers)


def outgoing_rows(office: Office) -> list[OutgoingRow]:
    with office.database.read() as session:
        return list(session.query(OutgoingRow).order_by(OutgoingRow.created_at))


def new_register(folder: Path) -> Database:
    return open_database(f"sqlite:///{folder / 'register.sqlite'}")
