"""A secret document is set aside, its number cancelled, its words forgotten; a doubtful one waits for a person."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from pipeline import registers
from pipeline.archive import search
from pipeline.database.tables import DocumentRow
from pipeline.document import Metadata, Reading, TextSource
from pipeline.journeys import Office, arriving, open_office, retry
from pipeline.reading import Reader
from tests.paper import letter
from tests.workspaces import make_workspace, run_once

pytestmark = pytest.mark.integration
WORDS = "kiến nghị của doanh nghiệp"


@pytest.fixture
def office_with_secret(tmp_path: Path, database_url: str) -> Path:
    settings = make_workspace(tmp_path / "office", database_url)
    letter(settings.folder("incoming") / "mat.pdf", mark="MẬT")
    return settings.workspace


def state(office: Office) -> str:
    with office.database.read() as session:
        return session.scalars(select(DocumentRow)).one().state


def test_a_secret_document_leaves_only_a_cancelled_number(office_with_secret: Path) -> None:
    with open_office(office_with_secret) as office:
        run_once(office)
        assert state(office) == "secret"
        with office.database.read() as session:
            (entry,) = registers.book(session, "den", registers.year_of(office.clock(), office.settings.registers))
            assert entry.cancelled
            assert search(session, f'"{WORDS}"').total == 0
        secret = [path for path in office.settings.private.joinpath("secret").rglob("*") if path.is_file()]
        assert [path.name for path in secret] == ["mat.pdf"]
        assert secret[0].parent.stat().st_mode & 0o077 == 0
        elsewhere = [path for path in office_with_secret.rglob("*.pdf") if path not in secret]
        assert elsewhere == []
        assert list(office.settings.folder("review").rglob("van-ban-mat.txt"))
        for path in office_with_secret.rglob("*"):
            if path.is_file() and path not in secret:
                assert WORDS.encode() not in path.read_bytes(), path


def test_a_doubtful_mark_waits_for_a_person_and_is_filed_on_his_word(
    office_with_secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extract = arriving.metadata.extract

    def doubtful(reading: object, settings: object, clues: object) -> Metadata:
        found = extract(reading, settings, clues)  # type: ignore[arg-type]
        fields = {name: value for name, value in found.fields.items() if name != "secrecy"}
        return Metadata(fields, (*found.review, "secrecy"), found.findings)

    monkeypatch.setattr(arriving.metadata, "extract", doubtful)
    with open_office(office_with_secret) as office:
        run_once(office)
        assert state(office) == "quarantined"
        assert list(office.settings.folder("review").rglob("*.pdf")) == []
        with office.database.read() as session:
            document_id = session.scalars(select(DocumentRow.id)).one()
        retry(office, document_id, "thủ thư", not_secret=True)
        run_once(office)
        assert state(office) == "filed"
        with office.database.read() as session:
            assert search(session, f'"{WORDS}"').total == 1


def test_a_first_page_that_nobody_could_read_may_bear_a_mark(
    office_with_secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Reader.read

    def blind(self: Reader, *arguments: object, **options: object) -> Reading:
        seen = read(self, *arguments, **options)  # type: ignore[arg-type]
        return replace(seen, pages=(replace(seen.pages[0], source=TextSource.UNREAD, lines=()), *seen.pages[1:]))

    monkeypatch.setattr(Reader, "read", blind)
    with open_office(office_with_secret) as office:
        run_once(office)
        assert state(office) == "quarantined"
        assert list(office.settings.folder("review").rglob("*.pdf")) == []
