"""After everything that can happen to a document, the folders alone give the same books, rows and hits again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pipeline import archive, intake, registers
from pipeline.database import open_database
from pipeline.database.tables import CounterRow, DocumentRow, EntryRow, ReceiptRow
from pipeline.journeys import Office, arriving, cancel_number, edit, forward, open_office, rebuild
from pipeline.journeys.desk import Desk
from pipeline.reading import Reader
from tests.paper import letter
from tests.workspaces import make_workspace, run_once

pytestmark = pytest.mark.integration
NOT_KEPT = {"staged"}  # only of documents on their way


def rows(office: Office) -> dict[str, list[dict[str, Any]]]:
    found = {}
    with office.database.read() as session:
        for table in (DocumentRow, EntryRow, ReceiptRow, CounterRow):
            columns = [column.key for column in table.__table__.columns if column.key not in NOT_KEPT]
            dumped = [{name: getattr(row, name) for name in columns} for row in session.scalars(select(table))]
            found[table.__tablename__] = sorted(dumped, key=lambda row: str(list(row.values())[:4]))
        found["hits"] = [
            {"query": query, "found": [hit.document_id for hit in archive.search(session, query).hits]}
            for query in ("kien nghi", "15/BQL-VP", "ky:hanh", "van phong bien dong")
        ]
    return found


def test_the_folders_alone_give_everything_back(
    tmp_path: Path, new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_workspace(tmp_path / "office", new_database())
    incoming = settings.folder("incoming")
    with open_office(settings.workspace) as office:
        letter(incoming / "một.pdf", number=15)
        letter(incoming / "hai.pdf", number=16)
        letter(incoming / "mật.pdf", number=17, mark="MẬT")
        run_once(office)
        shutil.copyfile(next((settings.private / "received").rglob("một.pdf")), incoming / "lại.pdf")
        letter(incoming / "sửa.pdf", number=15, subject="báo cáo công tác văn thư")  # other bytes, the same number
        (incoming / "rỗng.pdf").touch()
        run_once(office)
        year = registers.year_of(office.clock(), settings.registers)
        first, second = f"den-{year}-00001", f"den-{year}-00002"
        edit(office, first, {"subject": "kế hoạch văn phòng biển đông"}, "thủ thư")
        forward(office, first, "Phòng Quản lý đầu tư", date(2026, 11, 23), "thủ thư")
        cancel_number(office, second, "Gửi nhầm cơ quan", "thủ thư")
        before = rows(office)
        notes = {row["document_id"]: row["note"] for row in before["register_entries"]}
        assert "Nhận lại" in notes[first]
        assert f"den-{year}-00004" in notes[first]
        assert first in notes[f"den-{year}-00004"]

    monkeypatch.setattr("pipeline.journeys.office.open_database", lambda _url: open_database(new_database()))
    with open_office(settings.workspace) as office:
        assert rows(office)["documents"] == []
        report = rebuild(office)
        assert [finding.code for finding in report.findings] == []
        after = rows(office)
    for name, table in before.items():
        for ours, theirs in zip(table, after[name], strict=True):
            assert theirs == ours


def test_the_number_of_a_document_on_its_way_is_not_given_again_though_the_database_was_lost(
    tmp_path: Path, new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_workspace(tmp_path / "office", new_database())

    def take_in(office: Office, name: str, number: int) -> str | None:
        with Reader(settings.reading, settings.intake) as reader:
            path = letter(office.incoming / name, number=number)
            return arriving.accept(Desk(office, reader, lambda _: None), intake.claim(path, office.incoming))

    with open_office(settings.workspace) as office:
        first = take_in(office, "một.pdf", 15)
    lost = new_database()
    monkeypatch.setattr("pipeline.journeys.office.open_database", lambda _url: open_database(lost))
    with open_office(settings.workspace) as office:
        assert [finding.code for finding in rebuild(office).findings] == ["register-numbers-missing"]
        second = take_in(office, "hai.pdf", 16)
    assert (first or "").endswith("-00001")
    assert (second or "").endswith("-00002")
