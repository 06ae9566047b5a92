"""A file of several documents: proposed, split, each part numbered and filed; refused where a cut would do harm."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pipeline import archive, registers
from pipeline.database import audit, open_database
from pipeline.database.tables import CounterRow, DocumentRow, EntryRow, ReceiptRow
from pipeline.errors import UsageError
from pipeline.files import sha256_of
from pipeline.journeys import Office, cancel_number, edit, keep_whole, open_office, plan_split, rebuild, split, status
from pipeline.reading import Reader
from tests.batches import batch
from tests.paper import letter
from tests.workspaces import make_workspace, run_once

pytestmark = pytest.mark.integration
CLERK = "văn thư"


def ids(office: Office, amount: int) -> list[str]:
    year = registers.year_of(office.clock(), office.settings.registers)
    return [registers.document_id("den", year, number) for number in range(1, amount + 1)]


def divide(office: Office, document_id: str, *starts: int) -> tuple[str, ...]:
    with Reader(office.settings.reading, office.settings.intake) as reader:
        return split(office, reader, plan_split(office, document_id, starts), CLERK)


def documents(office: Office) -> list[DocumentRow]:
    with office.database.read() as session:
        return list(session.scalars(select(DocumentRow).order_by(DocumentRow.id)))


def test_a_stack_of_letters_becomes_documents_with_numbers_of_their_own(tmp_path: Path, database_url: str) -> None:
    settings = make_workspace(tmp_path / "office", database_url)
    with open_office(settings.workspace) as office:
        dropped = batch(tmp_path / "chồng giấy.pdf")
        digest = sha256_of(dropped)
        shutil.copyfile(dropped, office.incoming / dropped.name)
        run_once(office)
        first, second, third = ids(office, 3)
        assert status(office).to_split == (first,)
        made = divide(office, first)
        assert made == (second, third)
        assert status(office).to_split == ()
        run_once(office)

        rows = documents(office)
        assert [(row.state, row.code_number, row.pages, row.part_of) for row in rows] == [
            ("filed", "15", "1-1", None), ("filed", "16", "2-2", first), ("filed", "17", "3-3", first),
        ]  # fmt: skip
        assert [row.batch for row in rows] == ["split", "", ""]
        bags = [archive.load(office.archive / archive.folder_of(row.id)) for row in rows]
        assert bags[0].original is not None
        assert sha256_of(bags[0].original) == digest  # the file that arrived, whole
        assert [bag.part_of and bag.part_of["pages"] for bag in bags] == [None, "2-2", "3-3"]
        assert bags[0].split is not None
        assert [part["document_id"] for part in bags[0].split["parts"]] == [second, third]
        assert bags[0].metadata.text("page_amount") == "1"
        assert [finding for bag in bags for finding in archive.verify(bag.bag)] == []
        with office.database.read() as session:
            assert list(audit.broken_links(session)) == []
            notes = dict(session.execute(select(EntryRow.document_id, EntryRow.note)).all())
            assert first in notes[second]
            assert second in notes[first]
            found = archive.search(session, '"báo cáo công tác số 17"').hits
        assert [hit.document_id for hit in found] == [third]  # and no more in the document that it was cut from


def test_the_folders_alone_give_the_parts_and_their_origin_back(
    tmp_path: Path, new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows(office: Office) -> dict[str, list[dict[str, Any]]]:
        found = {}
        with office.database.read() as session:
            for table in (DocumentRow, EntryRow, ReceiptRow, CounterRow):
                columns = [column.key for column in table.__table__.columns if column.key != "staged"]
                listed = [{name: getattr(row, name) for name in columns} for row in session.scalars(select(table))]
                found[table.__tablename__] = sorted(listed, key=str)
            found["hits"] = [{"id": hit.document_id} for hit in archive.search(session, "cong tac so 17").hits]
        return found

    settings = make_workspace(tmp_path / "office", new_database())
    with open_office(settings.workspace) as office:
        batch(tmp_path / "a.pdf").rename(office.incoming / "a.pdf")
        batch(tmp_path / "b.pdf", (21, 22)).rename(office.incoming / "b.pdf")
        run_once(office)
        first, second = ids(office, 2)
        whole, kept = (first, second) if documents(office)[0].page_amount == 3 else (second, first)
        divide(office, whole)
        keep_whole(office, kept, CLERK)
        run_once(office)
        before = rows(office)
    monkeypatch.setattr("pipeline.journeys.office.open_database", lambda _url: open_database(new_database()))
    with open_office(settings.workspace) as office:
        assert [finding.code for finding in rebuild(office).findings] == []
        after = rows(office)
    assert after == before


def test_pages_that_a_person_names_decide_and_leave_nothing_unchecked(tmp_path: Path, database_url: str) -> None:
    """Where no header shows it, the first document's fields were read from pages that it loses."""
    settings = make_workspace(tmp_path / "office", database_url)
    with open_office(settings.workspace) as office:
        batch(office.incoming / "a.pdf")
        run_once(office)
        [document] = ids(office, 1)
        with pytest.raises(UsageError, match="split-no-such-page"):
            plan_split(office, document, [4])
        with pytest.raises(UsageError, match="split-no-such-page"):
            plan_split(office, document, [1, 2])
        assert plan_split(office, document, [3]).parts == ("1-2", "3-3")
        assert plan_split(office, document).parts == ("1-1", "2-2", "3-3")
        edit(office, document, {"subject": "do người sửa"}, CLERK)
        divide(office, document, 3)
        row = documents(office)[0]
        assert (row.pages, row.corrections["page_amount"], row.subject) == ("1-2", "2", "do người sửa")
        with pytest.raises(UsageError, match="split-already"):
            plan_split(office, document)


def test_one_document_is_not_split_without_a_word_of_where(tmp_path: Path, database_url: str) -> None:
    settings = make_workspace(tmp_path / "office", database_url)
    with open_office(settings.workspace) as office:
        letter(office.incoming / "a.pdf")
        run_once(office)
        [document] = ids(office, 1)
        with pytest.raises(UsageError, match="split-not-proposed"):
            plan_split(office, document)
        with pytest.raises(UsageError, match="split-not-proposed"):
            keep_whole(office, document, CLERK)


@pytest.mark.parametrize("why", ["signed", "cancelled"])
def test_what_a_cut_would_harm_is_not_split(why: str, tmp_path: Path, database_url: str) -> None:
    settings = make_workspace(tmp_path / "office", database_url)
    with open_office(settings.workspace) as office:
        batch(office.incoming / "a.pdf")
        run_once(office)
        [document] = ids(office, 1)
        if why == "cancelled":
            cancel_number(office, document, "Gửi nhầm", CLERK)
        else:
            with office.database.write() as session:
                session.get_one(DocumentRow, document).signed = True
        with pytest.raises(UsageError, match="split-signed" if why == "signed" else "split-not-filed"):
            plan_split(office, document)


def test_two_clerks_split_one_stack_once(tmp_path: Path, database_url: str) -> None:
    settings = make_workspace(tmp_path / "office", database_url)
    with open_office(settings.workspace) as office:
        batch(office.incoming / "a.pdf")
        run_once(office)
        [document] = ids(office, 1)
        plan = plan_split(office, document)
        with Reader(settings.reading, settings.intake) as reader:
            made = split(office, reader, plan, CLERK)
            staged = {path: path.read_bytes() for path in office.staged("").rglob("*.pdf")}
            with pytest.raises(UsageError, match="split-already"):
                split(office, reader, replace(plan, parts=("1-2", "3-3")), "người khác")
        assert len(made) == len(staged) == 2
        assert {path: path.read_bytes() for path in staged} == staged
        assert len(documents(office)) == 3
