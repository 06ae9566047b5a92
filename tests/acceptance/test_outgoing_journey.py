"""A draft becomes an issued document: prepared, signed by the leader, released, numbered, sealed, issued, filed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import signatures
from pipeline.database.tables import DocumentRow, EntryRow, OutgoingRow
from pipeline.errors import RefusedError
from pipeline.journeys import Office, open_office, outgoing
from pipeline.sealer import SealClient
from pipeline.signatures.judging import judge
from pipeline.signatures.report import Verdict
from tests import sealing, signed_papers, signing_papers
from tests.pki import PASSPHRASE, Pki
from tests.sealing import ME, serving
from tests.workspaces import make_workspace, run_once

pytestmark = pytest.mark.acceptance


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    with Pki(tmp_path_factory.mktemp("pki")) as made:
        yield made


@pytest.fixture
def office(tmp_path: Path, pki: Pki) -> Iterator[Office]:
    """A workspace that trusts the toy authority and names a seal service."""
    folder = tmp_path / "office"
    make_workspace(folder)
    config = folder / "vanthu.toml"
    config.write_text(
        config.read_text().replace('seal = ""', 'seal = "seal.toml"').replace("online = false", "online = true")
    )
    configured = sealing.seal_settings(folder, pki)
    (folder / "seal.toml").write_text(
        f'socket = "seal.sock"\nstate = "seal"\nworkspace = "."\nofficers = ["{ME}"]\nclients = ["{ME}"]\n'
        f'[key]\nfile = "{configured.key.file}"\n'
        f'[[signatories]]\nsha256 = "{configured.signatories[0].sha256}"\nname = "Nguyễn Văn Ả"\n'
    )
    with open_office(folder) as opened:
        from pipeline.journeys.judging import trust

        for name in ("root", "interm"):
            trust(opened, pki.certificate(name), ME, accepted=pki.architecture.get_cert(name).sha256.hex())
        yield opened


@pytest.fixture
def seal(office: Office, pki: Pki) -> Iterator[SealClient]:
    folder = office.settings.workspace
    with serving(pki, sealing.seal_settings(folder, pki), office.database) as client:
        yield client


def drop_draft(office: Office, name: str = "Quyết định.pdf") -> Path:
    today = datetime.now(office.settings.registers.zone)
    blanks = f"An Bình, ngày        tháng        năm {today.year}"
    signing_papers.draft(outgoing.folder(office, "du-thao") / name, date=blanks)
    run_once(office)
    return outgoing.folder(office, "trinh-ky") / name


def leader_signs(office: Office, pki: Pki, path: Path, who: str = "leader") -> Path:
    with signatures.open_key(signatures.FileKey(pki.pfx(who)), PASSPHRASE, chain=(pki.der("interm"),)) as key:
        target = outgoing.folder(office, "da-ky") / path.name
        return signatures.sign_leader(path, target, key, signatures.Terms(), at=datetime.now(UTC)).path


def rows(office: Office) -> list[OutgoingRow]:
    with office.database.read() as session:
        return list(session.query(OutgoingRow).order_by(OutgoingRow.created_at))


def refusals(office: Office) -> dict[str, str]:
    return {path.name.removesuffix(".ly-do.txt"): path.read_text() for path in office.refused.glob("*.ly-do.txt")}


def test_from_draft_to_issue(office: Office, pki: Pki, seal: SealClient) -> None:
    prepared = drop_draft(office)
    assert prepared.is_file()
    leader_signs(office, pki, prepared)
    run_once(office)
    assert [one.name for one in outgoing.waiting(office)] == ["Quyết định.pdf"]

    document_id = outgoing.release(office, outgoing.waiting(office)[0].id, ME)
    run_once(office)

    issued = outgoing.folder(office, "da-phat-hanh") / "Quyết định.pdf"
    report = judge(issued, signed_papers.anchors(pki), datetime.now(UTC), online=True)
    assert report.verdict is Verdict.VALID
    assert [one.facts.field for one in report.signatures if one.facts.kind == "signature"] == [
        "ChuKyLanhDao",
        "ChuKyCoQuan",
    ]
    assert issued.read_bytes().startswith(prepared.read_bytes())
    with office.database.read() as session:
        document = session.get_one(DocumentRow, document_id)
        entry = session.query(EntryRow).filter_by(register="di").one()
    today = datetime.now(office.settings.registers.zone).date()
    assert (document.state, document.code_number, document.issued_date) == ("filed", "01", today)
    assert document.code_notation == "QĐ-BQL"
    assert (entry.number, entry.document_id) == (1, document_id)
    assert rows(office)[0].state == "issued"
    assert list(outgoing.folder(office, "da-ky").glob("*.pdf")) == []


def test_what_nobody_released_gets_no_number(office: Office, pki: Pki, seal: SealClient) -> None:
    leader_signs(office, pki, drop_draft(office))
    run_once(office)
    run_once(office)
    with office.database.read() as session:
        assert session.query(EntryRow).filter_by(register="di").count() == 0
    assert list(outgoing.folder(office, "da-phat-hanh").iterdir()) == []
    with pytest.raises(RefusedError) as caught:
        outgoing.release(office, outgoing.waiting(office)[0].id, "nobody")
    assert caught.value.code == "release-not-officer"


def test_what_is_dropped_wrongly_is_kept_with_the_reason(office: Office, pki: Pki, seal: SealClient) -> None:
    prepared = drop_draft(office)
    signed_folder = outgoing.folder(office, "da-ky")
    (signed_folder / "chua-ky.pdf").write_bytes(prepared.read_bytes() + b"\n")
    signing_papers.draft(signed_folder / "la.pdf")
    wrong = leader_signs(office, pki, prepared, who="leader3072")
    wrong.rename(signed_folder / "sai-nguoi.pdf")
    run_once(office)
    told = refusals(office)
    assert set(told) == {"chua-ky.pdf", "la.pdf", "sai-nguoi.pdf"}
    assert rows(office)[0].state == "prepared"  # the right signature may still come
    leader_signs(office, pki, prepared)
    run_once(office)
    assert rows(office)[0].state == "waiting"


def test_a_draft_that_cannot_be_prepared_says_why(office: Office) -> None:
    drafts = outgoing.folder(office, "du-thao")
    drafts.mkdir(parents=True, exist_ok=True)
    signing_papers.draft(drafts / "khong-neo.pdf", anchors=0)
    run_once(office)
    assert set(refusals(office)) == {"khong-neo.pdf"}
    assert rows(office) == []


def test_a_month_that_was_typed_must_be_the_month_of_issue(office: Office, pki: Pki, seal: SealClient) -> None:
    today = datetime.now(office.settings.registers.zone)
    other = today.month % 12 + 1
    drafts = outgoing.folder(office, "du-thao")
    drafts.mkdir(parents=True, exist_ok=True)
    signing_papers.draft(drafts / "thang.pdf", date=f"An Bình, ngày        tháng {other:02d} năm {today.year}")
    run_once(office)
    leader_signs(office, pki, outgoing.folder(office, "trinh-ky") / "thang.pdf")
    run_once(office)
    with pytest.raises(RefusedError) as caught:
        outgoing.release(office, outgoing.waiting(office)[0].id, ME)
    assert caught.value.code == "date-disagrees"
    with office.database.read() as session:
        assert session.query(EntryRow).filter_by(register="di").count() == 0
