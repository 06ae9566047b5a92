"""What goes wrong on the way costs a document as little as it can."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from pipeline import archive
from pipeline.database.tables import DocumentRow
from pipeline.errors import ReadingError
from pipeline.journeys import open_office, retry
from pipeline.reading import Reader
from tests.paper import letter
from tests.workspaces import make_workspace, run_once

pytestmark = pytest.mark.integration


def test_a_document_is_filed_though_no_reading_copy_can_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_options: object) -> bool:
        raise ReadingError("copy-unwritable", path="x", reason="y")

    monkeypatch.setattr(Reader, "write_reading_copy", fail)
    settings = make_workspace(tmp_path / "office")
    letter(settings.folder("incoming") / "a.pdf")
    with open_office(settings.workspace) as office:
        run_once(office)
        (bag,) = archive.bags(office.archive)
        assert archive.verify(bag) == []
        assert "reading-copy-missing" in str(archive.load(bag).report)


def test_what_cannot_be_read_waits_with_its_reason_and_goes_on_after_retry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Reader.read

    def fail(*_arguments: object, **_options: object) -> None:
        raise ReadingError("document-without-pages", path="x")

    settings = make_workspace(tmp_path / "office")
    letter(settings.folder("incoming") / "a.pdf")
    with open_office(settings.workspace) as office:
        monkeypatch.setattr(Reader, "read", fail)
        run_once(office)
        with office.database.read() as session:
            row = session.scalars(select(DocumentRow)).one()
        assert (row.state, row.reason) == ("quarantined", "document-without-pages")
        assert sorted(path.name for path in office.review(row.id).iterdir()) == ["a.pdf", "ly-do.txt"]
        monkeypatch.setattr(Reader, "read", read)
        retry(office, row.id, "thủ thư")
        run_once(office)
        with office.database.read() as session:
            assert session.scalars(select(DocumentRow.state)).one() == "filed"
        assert not office.review(row.id).exists()
