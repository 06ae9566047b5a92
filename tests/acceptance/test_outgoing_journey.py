"""A draft becomes an issued document: prepared, signed by the leader, released, numbered, sealed, issued, filed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from pipeline.archive import bags, load
from pipeline.database import Database
from pipeline.database.tables import DocumentRow, EntryRow, EventRow, OutgoingRow
from pipeline.errors import BusyError, RefusedError, UsageError
from pipeline.journeys import Office, cancel_number, issuing, open_office, outgoing, rebuild, status
from pipeline.journeys.desk import Desk
from pipeline.journeys.returning import reject
from pipeline.journeys.service import purge_received
from pipeline.reading import Reader
from pipeline.sealer import SealClient, load_seal_settings
from pipeline.signatures.judging import Judge, judge
from pipeline.signatures.report import Verdict
from tests import sealing, signed_papers, signing_papers
from tests.pki import Pki
from tests.sealing import ME, leader_signs, outgoing_rows, serving
from tests.workspaces import run_once

pytestmark = pytest.mark.acceptance


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    with Pki(tmp_path_factory.mktemp("pki")) as made:
        yield made


@pytest.fixture
def office(tmp_path: Path, pki: Pki) -> Iterator[Office]:
    """A workspace that trusts the toy authority and names a seal service."""
    folder = tmp_path / "office"
    sealing.leaving_workspace(folder, pki)
    with open_office(folder) as opened:
        yield opened


@pytest.fixture
def seal(office: Office, pki: Pki) -> Iterator[SealClient]:
    configured = load_seal_settings(office.settings.workspace / "seal.toml")
    with serving(pki, configured, office.database) as client:
        yield client


def drop_draft(office: Office, name: str = "Quyết định.pdf") -> Path:
    prepared = sealing.drop_draft(office, name)
    run_once(office)
    return prepared


def refusals(office: Office) -> dict[str, str]:
    return {path.name.removesuffix(".ly-do.txt"): path.read_text() for path in office.refused.glob("*.ly-do.txt")}


def test_from_draft_to_issue(office: Office, pki: Pki, seal: SealClient) -> None:
    prepared = drop_draft(office)
    submitted = prepared.read_bytes()
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
    assert issued.read_bytes().startswith(submitted)
    with office.database.read() as session:
        document = session.get_one(DocumentRow, document_id)
        entry = session.query(EntryRow).filter_by(register="di").one()
    today = datetime.now(office.settings.registers.zone).date()
    assert (document.state, document.code_number, document.issued_date) == ("filed", "01", today)
    assert document.code_notation == "QĐ-BQL"
    assert (entry.number, entry.document_id) == (1, document_id)
    assert outgoing_rows(office)[0].state == "issued"
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
    late = signed_folder / "het-han.pdf"
    late.write_bytes(prepared.read_bytes())
    signed_papers.sign(pki, late, "expired", field="ChuKyLanhDao", certify=2)
    wrong = leader_signs(office, pki, prepared, who="leader3072")
    wrong.rename(signed_folder / "sai-nguoi.pdf")
    run_once(office)
    told = refusals(office)
    assert set(told) == {"chua-ky.pdf", "het-han.pdf", "la.pdf", "sai-nguoi.pdf"}
    assert "\n- Tệp chưa được ký: ô “ChuKyLanhDao” còn trống.\nViệc cần làm: " in told["chua-ky.pdf"]
    assert "đã hết hạn" in told["het-han.pdf"]
    assert "(expired)" not in told["het-han.pdf"]
    assert outgoing_rows(office)[0].state == "prepared"  # the right signature may still come
    leader_signs(office, pki, prepared)
    run_once(office)
    assert outgoing_rows(office)[0].state == "waiting"


def test_a_draft_that_cannot_be_prepared_says_why(office: Office) -> None:
    drafts = outgoing.folder(office, "du-thao")
    drafts.mkdir(parents=True, exist_ok=True)
    signing_papers.draft(drafts / "khong-neo.pdf", anchors=0)
    run_once(office)
    told = refusals(office)
    assert set(told) == {"khong-neo.pdf"}
    assert told["khong-neo.pdf"].startswith("khong-neo.pdf: ")  # the name that its author knows
    assert outgoing_rows(office) == []


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


def test_an_issued_document_is_not_released_again(office: Office, pki: Pki, seal: SealClient) -> None:
    """The officer's command and the service at the same moment: what was issued meanwhile stays issued."""
    leader_signs(office, pki, drop_draft(office))
    run_once(office)
    outgoing_id = outgoing.waiting(office)[0].id
    outgoing.release(office, outgoing_id, ME)

    class Between(Database):
        """The service does its work between the command's first look and its transaction."""

        @contextmanager
        def write(self) -> Iterator[Session]:
            if outgoing_rows(office)[0].state == "released":
                run_once(office)
            with super().write() as session:
                yield session

    slow = replace(office, database=Between(office.settings.database_url))
    with pytest.raises(BusyError):
        outgoing.release(slow, outgoing_id, ME)
    slow.database.close()
    assert outgoing_rows(office)[0].state == "issued"


def test_what_an_unlocked_seal_cannot_take_is_laid_before_an_officer_once(office: Office, pki: Pki) -> None:
    """The typed month is another one: no number is given, and the trail does not grow by an event every two seconds."""
    config = office.settings.workspace / "seal.toml"
    config.write_text(config.read_text().replace('release = "each"', 'release = "unlocked"'))
    today = datetime.now(office.settings.registers.zone)
    date = f"An Bình, ngày        tháng {today.month % 12 + 1:02d} năm {today.year}"
    signing_papers.draft(outgoing.folder(office, "du-thao") / "a.pdf", date=date)
    sealing.drop_draft(office, "b.pdf")
    run_once(office)
    for name in ("a.pdf", "b.pdf"):
        leader_signs(office, pki, outgoing.folder(office, "trinh-ky") / name)
    with serving(pki, load_seal_settings(config), office.database) as client:
        client.unlock(1)
        run_once(office)
        run_once(office)
    assert {row.name: (row.state, row.number) for row in outgoing_rows(office)} == {
        "a.pdf": ("waiting", None), "b.pdf": ("issued", 1),
    }  # fmt: skip
    with office.database.read() as session:
        assert session.query(EventRow).filter_by(kind="outgoing-held").count() == 1
    assert outgoing.waiting(office)[0].reason == "date-disagrees"


def test_a_release_is_not_seen_by_the_service_before_the_seal_service_knows_of_it(
    office: Office, pki: Pki, seal: SealClient
) -> None:
    leader_signs(office, pki, drop_draft(office))
    run_once(office)
    outgoing_id = outgoing.waiting(office)[0].id
    outgoing.number(office, outgoing_id, ME, "held")  # the command was cut off here, or is not further yet
    run_once(office)
    assert (outgoing_rows(office)[0].state, outgoing_rows(office)[0].number) == ("held", 1)
    assert outgoing.waiting(office)[0].reason == "release-unfinished"
    outgoing.release(office, outgoing_id, ME)
    run_once(office)
    assert (outgoing_rows(office)[0].state, outgoing_rows(office)[0].number) == ("issued", 1)


def test_the_number_of_a_held_document_is_cancelled_and_nothing_is_issued_under_it(
    office: Office, pki: Pki, seal: SealClient
) -> None:
    leader_signs(office, pki, drop_draft(office))
    run_once(office)
    row = outgoing.number(office, outgoing.waiting(office)[0].id, ME, "released")
    document = f"di-{row.year}-00001"
    with pytest.raises(UsageError):
        cancel_number(office, document, "Nhầm", ME)  # the seal service may have it in hand
    run_once(office)  # no order was given: held
    for _ in range(2):  # the command was cut off, and is given again
        cancel_number(office, document, "Lãnh đạo rút lại", ME)
    run_once(office)
    assert outgoing_rows(office)[0].state == "set-aside"
    assert outgoing.waiting(office) == []
    with pytest.raises(RefusedError):
        outgoing.release(office, row.id, ME)
    with office.database.read() as session:
        entry = session.query(EntryRow).filter_by(register="di").one()
    assert (entry.number, entry.cancel_reason) == (1, "Lãnh đạo rút lại")
    assert list(outgoing.folder(office, "da-phat-hanh").iterdir()) == []
    assert [load(bag).is_tombstone for bag in bags(office.archive)] == [True]


def test_what_is_on_its_way_outlives_the_database(office: Office, pki: Pki, tmp_path: Path) -> None:
    """One that the leader has not signed, one that waits, one that was sealed and is not issued yet."""
    names = ("chưa ký.pdf", "chờ.pdf", "đã đóng dấu.pdf")
    for name in names:
        sealing.drop_draft(office, name)
    run_once(office)
    for name in names[1:]:
        leader_signs(office, pki, outgoing.folder(office, "trinh-ky") / name)
    run_once(office)
    sealed = next(one for one in outgoing.waiting(office) if one.name == names[2])
    configured = load_seal_settings(office.settings.workspace / "seal.toml")
    with serving(pki, configured, office.database), Judge() as judging, ExitStack() as stack:
        reader = stack.enter_context(Reader(office.settings.reading, office.settings.intake))
        outgoing.release(office, sealed.id, ME)
        issuing._seal(Desk(office, reader, lambda _: None, judging), sealed.id, configured)
    before = (outgoing.work(office, sealed.id) / "sealed.pdf").read_bytes()
    (outgoing.folder(office, "trinh-ky") / names[0]).unlink()

    config = office.settings.workspace / "vanthu.toml"
    config.write_text(config.read_text().replace('url = ""', f'url = "sqlite:///{tmp_path / "anew.sqlite"}"'))
    with open_office(office.settings.workspace) as anew:
        assert sorted(found.detail["name"] for found in rebuild(anew).findings) == sorted(names)
        assert (outgoing.folder(office, "trinh-ky") / names[0]).is_file()
        standing = {one.name: (one.state, one.code) for one in outgoing.open_documents(anew)}
        assert standing == {
            names[0]: ("prepared", "…/QĐ-BQL"), names[1]: ("waiting", "…/QĐ-BQL"), names[2]: ("held", "01/QĐ-BQL"),
        }  # fmt: skip
        assert rebuild(anew).findings == ()
        with serving(pki, configured, anew.database):
            for one in outgoing.waiting(anew):
                outgoing.release(anew, one.id, ME)
            run_once(anew)
        assert sorted((row.number or 0, row.state) for row in outgoing_rows(anew)) == [
            (0, "prepared"), (1, "issued"), (2, "issued"),
        ]  # fmt: skip
        assert (outgoing.folder(anew, "da-phat-hanh") / names[2]).read_bytes() == before  # the same seal


def test_what_cannot_be_taken_up_again_is_told(office: Office) -> None:
    drop_draft(office)
    (place,) = (office.settings.private / "outgoing").iterdir()
    (place / "prepared.pdf").write_bytes(b"something else")
    with office.database.write() as session:
        session.query(OutgoingRow).delete()
    assert [found.code for found in rebuild(office).findings] == ["leaving-forgotten"]


def returned(office: Office) -> dict[str, str]:
    """What lies in tra-lai/, with the reason beside it."""
    folder = outgoing.folder(office, "tra-lai")
    files = [path for path in folder.iterdir() if not path.name.endswith(".ly-do.txt")]
    return {path.name: path.with_name(f"{path.name}.ly-do.txt").read_text(encoding="utf-8") for path in files}


def test_what_waits_goes_back_to_its_author_and_may_come_again(office: Office, pki: Pki, seal: SealClient) -> None:
    draft = outgoing.folder(office, "du-thao") / "Quyết định.pdf"
    prepared = drop_draft(office)
    dropped = next((office.settings.private / "received").rglob(draft.name)).read_bytes()
    signed = leader_signs(office, pki, prepared).read_bytes()
    run_once(office)
    assert not prepared.exists()  # nothing is left to sign
    outgoing_id = outgoing.waiting(office)[0].id
    reject(office, outgoing_id, "Sai nơi nhận", ME)
    assert outgoing.waiting(office) == []
    with pytest.raises(RefusedError) as caught:
        outgoing.release(office, outgoing_id, ME)
    assert caught.value.code == "not-waiting"
    run_once(office)
    assert (outgoing.folder(office, "tra-lai") / "Quyết định.pdf").read_bytes() == signed
    assert "Sai nơi nhận" in returned(office)["Quyết định.pdf"]
    assert outgoing_rows(office)[0].state == "returned"
    assert not outgoing.work(office, outgoing_id).exists()
    assert status(office).to_release == 0
    with office.database.read() as session:
        assert session.query(EntryRow).filter_by(register="di").count() == 0
        (event,) = session.query(EventRow).filter_by(kind="outgoing-rejected")
        assert (event.actor, event.detail["reason"]) == (ME, "Sai nơi nhận")

    (outgoing.folder(office, "da-ky") / "cũ.pdf").write_bytes(signed)  # its signature counts no more
    run_once(office)
    assert "trả lại" in refusals(office)["cũ.pdf"]
    draft.write_bytes(dropped)  # the very same draft once more
    run_once(office)
    leader_signs(office, pki, prepared)
    run_once(office)
    outgoing.release(office, outgoing.waiting(office)[0].id, ME)
    run_once(office)
    assert [row.state for row in outgoing_rows(office)] == ["returned", "issued"]

    received = office.settings.private / "received"
    days = timedelta(days=office.settings.intake.keep_received_days)
    assert len([path for path in received.rglob("*") if path.is_file()]) == 4  # twice a draft and what was signed
    assert purge_received(office, office.clock() + days - timedelta(hours=1)) == 0
    assert purge_received(office, office.clock() + days + timedelta(hours=1)) == 4
    assert [path for path in received.rglob("*") if path.is_file()] == []


def test_what_nobody_signed_is_withdrawn_as_it_was_dropped(office: Office) -> None:
    prepared = drop_draft(office)
    dropped = next((office.settings.private / "received").rglob("Quyết định.pdf")).read_bytes()
    (one,) = outgoing.open_documents(office)
    reject(office, one.id, "Không ban hành nữa", ME)
    run_once(office)
    assert not prepared.exists()
    assert (outgoing.folder(office, "tra-lai") / "Quyết định.pdf").read_bytes() == dropped
    assert status(office).to_sign == 0


def test_what_has_a_number_does_not_go_back_without_a_word_in_the_book(
    office: Office, pki: Pki, seal: SealClient
) -> None:
    leader_signs(office, pki, drop_draft(office))
    run_once(office)
    outgoing_id = outgoing.waiting(office)[0].id
    row = outgoing.number(office, outgoing_id, ME, "held")
    with pytest.raises(RefusedError) as caught:
        reject(office, outgoing_id, "Sai nơi nhận", ME)
    assert (caught.value.code, caught.value.detail["document"]) == ("reject-numbered", f"di-{row.year}-00001")
    cancel_number(office, f"di-{row.year}-00001", "Lãnh đạo rút lại", ME)
    run_once(office)
    assert "đã bị hủy" in returned(office)["Quyết định.pdf"]
    assert outgoing_rows(office)[0].state == "set-aside"
