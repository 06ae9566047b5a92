"""The index and the registers made anew from the folders are the ones that were lost."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pipeline import archive, registers
from pipeline.database import Database, audit, open_database
from pipeline.database.tables import CounterRow, DocumentRow, EntryRow, ReceiptRow, TextRow
from tests.filings import OFFICE, START, fields, file_and_index, filing, page, register

pytestmark = pytest.mark.integration

QUERIES = [
    "cải cách",
    "15/KH-BQL",
    "số đến:2",
    "td:nước",
    "năm:2021",
    "",
    "nước sạch",
    "ký:an",
    "xem lại:có",
    '"dài tu4500"',
]


def _dump(database: Database) -> dict[str, Any]:
    """Rows, book and search results as plain values."""
    dumped: dict[str, Any] = {}
    with database.read() as session:
        for table in (DocumentRow, ReceiptRow, EntryRow, CounterRow, TextRow):
            names = [column.key for column in table.__table__.columns]
            rows = [{name: getattr(row, name) for name in names} for row in session.scalars(select(table))]
            dumped[table.__tablename__] = sorted(rows, key=lambda row: str(list(row.values())[:3]))
        dumped["book"] = registers.book(session, "den", 2026)
        for query in QUERIES:
            dumped[f"search {query}"] = archive.search(session, query)
    return dumped


def _correct(database: Database, workspace: Path, document_id: str, **corrections: str) -> None:
    """As the journey does: the event into the bag, then the row."""
    event = {"kind": "corrected", "at": "2026-03-20T08:00:00+07:00", "actor": "an", "corrections": corrections}
    archive.record_event(workspace / "luu-tru", document_id, event)
    with database.write() as session:
        row = session.get_one(DocumentRow, document_id)
        row.corrections = {**row.corrections, **corrections}
        row.review = [name for name in row.review if name not in corrections]
        stored = archive.load(workspace / "luu-tru" / archive.folder_of(document_id))
        archive.put_fields(session, row, stored.metadata)


def _repeat(database: Database, workspace: Path, document_id: str) -> None:
    with database.write() as session:
        row = session.get_one(DocumentRow, document_id)
        receipt = ReceiptRow(
            id="20260401T080000-again0", received_at=START + timedelta(days=17), name="lần hai.pdf",
            raw_name=b"l\xe2n hai.pdf", size=row.size, sha256=row.sha256, state="repeated", document_id=document_id,
        )  # fmt: skip
        session.add(receipt)
        entry = registers.note(session, document_id, "Đến lần thứ hai ngày 01/4/2026")
        registers.forward(session, document_id, "Phòng Tổ chức", date(2026, 3, 16))
        again = {"kind": "received-again", "at": "x", "actor": "vanthu", "receipt": archive.receipt_to_json(receipt)}
        changed = {"kind": "register-changed", "at": "x", "actor": "vanthu", "entry": archive.entry_to_json(entry)}
    archive.record_event(workspace / "luu-tru", document_id, again)
    archive.record_event(workspace / "luu-tru", document_id, changed)


def _cancel(database: Database, workspace: Path, number: int, reason: str) -> None:
    """A number without a document: cancelled, and a tombstone."""
    with database.write() as session:
        entry = registers.cancel(session, "den", 2026, number, reason, START + timedelta(hours=3))
        facts = archive.entry_to_json(entry)
    archive.tombstone(workspace / "luu-tru", facts, reason)


def _cancel_filed(database: Database, workspace: Path, number: int, reason: str) -> None:
    at = START + timedelta(days=3)
    with database.write() as session:
        document_id = registers.cancel(session, "den", 2026, number, reason, at).document_id
    event = {"kind": "number-cancelled", "at": at.isoformat(), "actor": "an", "reason": reason}
    archive.record_event(workspace / "luu-tru", document_id, event)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Path:
    """A workspace with a life behind it; returns its folder."""
    plan = fields(("issued_date",), subject="Đẩy mạnh cải cách", code_number="15", code_notation="KH-BQL",
                  signatory_name="Nguyễn Văn An", issued_date="2021-03-15")  # fmt: skip
    first = file_and_index(database, tmp_path, plan, page(1, "cải cách hành chính"), page(2, "nước sạch"))
    second = file_and_index(
        database, tmp_path, fields(subject="Nước thải"), page(1, "cải tạo"), name="tên Đặc biệt.pdf"
    )
    words = " ".join(f"tu{n}" for n in range(9000)).split()
    pages = [page(n + 1, *(" ".join(words[k : k + 9]) for k in range(n * 450, (n + 1) * 450, 9))) for n in range(20)]
    file_and_index(database, tmp_path, fields(subject="Báo cáo dài"), *pages)
    with database.write() as session:
        registers.enter(session, "den", START, OFFICE)
    _cancel(database, tmp_path, 4, "Văn bản mật")
    _correct(database, tmp_path, second, subject="Nước sạch", issued_date="2021-05-06")
    _correct(database, tmp_path, first, issued_date="")
    _repeat(database, tmp_path, first)
    _cancel_filed(database, tmp_path, 2, "Ghi nhầm")
    return tmp_path


def _rebuild(office: Path, url: str, **more: Any) -> tuple[archive.RebuildReport, Database]:
    database = open_database(url)
    return archive.rebuild(
        office / "luu-tru", office / "khong-nhan", database, START + timedelta(days=9), **more
    ), database


def test_everything_comes_back_into_an_empty_database(
    database: Database, office: Path, new_database: Callable[[], str]
) -> None:
    before = _dump(database)
    report, anew = _rebuild(office, new_database())
    after = _dump(anew)
    anew.close()
    assert {name: value for name, value in after.items() if before[name] != value} == {}
    assert (report.documents, report.numbers, report.receipts, report.findings) == (3, 4, 4, ())


def test_rebuilding_twice_or_over_a_living_database_changes_nothing(database: Database, office: Path) -> None:
    waiting = register(database, at=START + timedelta(days=5), content=b"%PDF waiting")
    before = _dump(database)
    for _ in range(2):
        report = archive.rebuild(office / "luu-tru", office / "khong-nhan", database, START)
        assert report.findings == ()
    assert _dump(database) == before
    with database.read() as session:
        assert session.get_one(DocumentRow, waiting).state == "received"
        assert list(audit.broken_links(session)) == []


def test_a_new_number_follows_the_highest_that_was_ever_given(office: Path, new_database: Callable[[], str]) -> None:
    report, anew = _rebuild(office, new_database(), elsewhere=["den-2026-00006", "not-an-id", "x"])
    with anew.write() as session:
        assert registers.enter(session, "den", START, OFFICE).document_id == "den-2026-00007"
    anew.close()
    assert [(finding.code, finding.detail["numbers"]) for finding in report.findings] == [
        ("register-numbers-missing", "5, 6")
    ]


def test_a_damaged_bag_is_told_and_the_rest_is_made(office: Path, new_database: Callable[[], str]) -> None:
    bags = list(archive.bags(office / "luu-tru"))
    rotten = bags[0] / "data/text.txt"
    rotten.chmod(0o640)
    rotten.write_text("rotten")
    unreadable = bags[1] / "data/report.json"
    unreadable.chmod(0o640)
    unreadable.write_text("{")
    report, anew = _rebuild(office, new_database())
    anew.close()
    found = [(finding.code, finding.detail.get("bag")) for finding in report.findings]
    assert ("bag-file-changed", bags[0].name) in found
    assert ("bag-file-changed", bags[1].name) in found
    assert ("register-numbers-missing", None) in found
    assert (report.documents, report.numbers) == (2, 3)


@pytest.mark.parametrize(
    "report",
    [b"[]", b"{}", b'{"format": 1, "document_id": "den-2026-00009"}',
     b'{"format": 1, "document_id": 7, "tombstone": true}',
     b'{"format": 1, "document_id": "den-2026-00009", "tombstone": true, "register": 5, "receipts": []}',
     b"\xff", b'{"format": 99}', b'{"format": 1, "document_id": "../../x", "tombstone": true, "register": {}}'],
)  # fmt: skip
def test_nonsense_in_the_archive_is_told_and_raises_nothing(tmp_path: Path, database: Database, report: bytes) -> None:
    bag = tmp_path / "luu-tru/2026/den-2026-00009"
    (bag / "data").mkdir(parents=True)
    (bag / "data/report.json").write_bytes(report)
    made = archive.rebuild(tmp_path / "luu-tru", tmp_path / "khong-nhan", database, START)
    assert made.numbers == 0
    assert "bag-unreadable" in {finding.code for finding in made.findings}


def test_two_bags_of_one_original_contradict_and_the_first_counts(
    office: Path, tmp_path: Path, new_database: Callable[[], str]
) -> None:
    content = b"%PDF-1.7 twice"
    for document_id in ("den-2026-00007", "den-2026-00008"):
        made = filing(tmp_path / "in", document_id, fields(subject="Hai lần"), page(1, "hai lần"), content=content)
        archive.file_document(office / "luu-tru", made)
    report, anew = _rebuild(office, new_database())
    with anew.read() as session:
        assert [hit.document_id for hit in archive.search(session, "hai lần").hits] == ["den-2026-00007"]
    anew.close()
    assert ("bag-contradicts", "den-2026-00008") in [(f.code, f.detail.get("bag")) for f in report.findings]


def test_refused_files_come_back_as_receipts(tmp_path: Path, database: Database) -> None:
    refused = tmp_path / "khong-nhan"
    refused.mkdir()
    facts = {
        "receipt": "20260315T090000-abcdef", "code": "unknown-kind", "detail": {}, "name": "x.exe",
        "raw_name_base64": base64.b64encode(b"x.exe").decode(), "size": 5, "sha256": "a" * 64,
        "received_at": "2026-03-15T09:00:00+07:00", "refused_at": "2026-03-15T09:00:01+07:00",
    }  # fmt: skip
    (refused / "x.exe.ly-do.json").write_text(json.dumps(facts))
    (refused / "y.exe.ly-do.json").write_text("[1]")
    report = archive.rebuild(tmp_path / "luu-tru", refused, database, START)
    with database.read() as session:
        row = session.get_one(ReceiptRow, "20260315T090000-abcdef")
        assert (row.state, row.reason, row.name, row.raw_name) == ("refused", "unknown-kind", "x.exe", b"x.exe")
    assert [finding.code for finding in report.findings] == ["refusal-unreadable"]
