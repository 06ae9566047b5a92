"""Doubtful fields in their order, the place on the page, answers and their undoing, and what later documents gain."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from pipeline import archive
from pipeline.database import Database, audit, open_database
from pipeline.database.tables import DocumentRow, EventRow
from pipeline.document import FIELD_NAMES, Box, Confirmed, Field, Guess, Look, Metadata, SecondLook, Zone
from pipeline.errors import UsageError
from pipeline.journeys import Answer, Office, cancel_number, decide, open_office, queue, rebuild
from pipeline.journeys.reviewing import IMPORTANCE, NONE, RIGHT, VALUE, is_open, look_up, picture, take_back
from pipeline.reading import Reader
from tests.filings import file_and_index, page
from tests.paper import letter
from tests.workspaces import make_workspace, run_once

pytestmark = pytest.mark.integration
CLERK = "văn thư"


def doubtful(review: tuple[str, ...], **sure: tuple[str, float]) -> Metadata:
    fields = {
        name: Field(value, confidence, 1, Box(90, 60, 200, 75), "layout") for name, (value, confidence) in sure.items()
    }
    return Metadata(fields, review)


@pytest.fixture
def office(tmp_path: Path, database: Database, database_url: str) -> Office:
    return Office(make_workspace(tmp_path / "office", database_url), database)


def file(office: Office, metadata: Metadata, text: str = "Nội dung") -> str:
    return file_and_index(office.database, office.settings.workspace, metadata, page(1, text))


def row(office: Office, document_id: str) -> DocumentRow:
    with office.database.read() as session:
        return session.get_one(DocumentRow, document_id)


def test_every_field_has_its_importance() -> None:
    assert set(IMPORTANCE) == set(FIELD_NAMES)


def test_the_riskiest_comes_first_and_one_paper_is_held_at_a_time(office: Office) -> None:
    place = file(office, doubtful(("issued_place",), issued_place=("Vân Giang", 0.5)), "một")
    both = file(
        office, doubtful(("code_number", "issued_place"), code_number=("15", 0.4), issued_place=("Hà Nội", 0.9)), "hai"
    )
    gap = file(office, doubtful(("organ_name",)), "ba")
    file(office, doubtful((), subject=("Kế hoạch", 0.99)), "bốn")
    asked = queue(office)
    assert [(question.document_id, question.field) for question in asked] == [
        (gap, "organ_name"), (both, "code_number"), (both, "issued_place"), (place, "issued_place"),
    ]  # fmt: skip
    assert [question.why for question in asked] == ["missing", "weak", "weak", "weak"]
    assert [question.document_id for question in queue(office, field="issued_place")] == [place, both]
    assert {question.document_id for question in queue(office, [both])} == {both}


def test_what_is_cancelled_is_not_asked_for(office: Office) -> None:
    document = file(office, doubtful(("organ_name",)))
    cancel_number(office, document, "Gửi nhầm", CLERK)
    assert queue(office) == []


def test_an_answer_is_a_correction_and_the_proposal_stays(office: Office) -> None:
    document = file(
        office, doubtful(("code_number", "subject", "priority"), code_number=("15", 0.4), priority=("Khẩn", 0.6))
    )
    decide(office, Answer(document, "code_number", RIGHT), CLERK)
    decide(office, Answer(document, "subject", VALUE, "kế hoạch"), CLERK)
    decide(office, Answer(document, "priority", NONE), CLERK)
    stored = archive.load(office.archive / archive.folder_of(document))
    assert stored.corrections == {"code_number": "15", "subject": "kế hoạch", "priority": ""}
    assert stored.proposal is not None
    assert stored.proposal.fields["priority"].value == "Khẩn"
    assert row(office, document).review == []
    assert row(office, document).proposal == stored.proposal.to_json()
    assert archive.verify(stored.bag) == []
    assert queue(office) == []
    with office.database.read() as session:
        assert list(audit.broken_links(session)) == []
        kinds = list(session.scalars(select(EventRow.kind).order_by(EventRow.id)))
    assert kinds == ["corrected"] * 3


def test_nothing_that_was_not_read_can_be_confirmed(office: Office) -> None:
    document = file(office, doubtful(("code_number",)))
    with pytest.raises(UsageError, match="nothing-to-confirm"):
        decide(office, Answer(document, "code_number", RIGHT), CLERK)
    with pytest.raises(UsageError, match="date-unreadable"):
        decide(office, Answer(document, "issued_date", VALUE, "ngày kia"), CLERK)
    assert [question.field for question in queue(office)] == ["code_number"]


def test_an_answer_taken_back_leaves_the_question_as_it_was(office: Office) -> None:
    document = file(office, doubtful(("signatory_name",), signatory_name=("Trần Thị Minh Hạnh", 0.5)))
    [question] = queue(office)
    first = decide(office, Answer(document, "signatory_name", VALUE, "Trần Thị Minh Hằng"), CLERK)
    assert not is_open(office, question)
    second = decide(office, Answer(document, "signatory_name", VALUE, "Trần Thị Minh Hân"), CLERK)
    take_back(office, second, CLERK)
    assert row(office, document).signatory_name == "Trần Thị Minh Hằng"
    take_back(office, first, CLERK)
    assert queue(office) == [question]
    assert is_open(office, question)
    assert row(office, document).signatory_name == "Trần Thị Minh Hạnh"
    with office.database.read() as session:
        assert archive.confirmed(session) == Confirmed()
    assert archive.load(office.archive / archive.folder_of(document)).corrections == {}


def test_what_people_confirm_is_counted_and_a_mistake_is_forgotten(office: Office) -> None:
    documents = [file(office, doubtful(("organ_name", "signatory_name")), f"số {n}") for n in range(3)]
    for document, agency in zip(documents, ("SỞ NỘI VỤ", "SỞ NỘI VỤ", "SỞ Y TẾ"), strict=True):
        decide(office, Answer(document, "organ_name", VALUE, agency), CLERK)
    decide(office, Answer(documents[0], "signatory_name", VALUE, "Bùi An; Lê Thị Bình"), CLERK)
    decide(office, Answer(documents[0], "signatory_position", VALUE, "GIÁM ĐỐC"), CLERK)
    decide(office, Answer(documents[0], "issued_place", VALUE, "Vân Giang"), CLERK)
    decide(office, Answer(documents[0], "subject", VALUE, "không phải tên"), CLERK)

    def known() -> Confirmed:
        with office.database.read() as session:
            return archive.confirmed(session)

    assert known() == Confirmed(("SỞ NỘI VỤ", "SỞ Y TẾ"), ("Bùi An", "Lê Thị Bình"), ("GIÁM ĐỐC",), ("Vân Giang",))
    decide(office, Answer(documents[0], "organ_name", VALUE, "SỞ Y TẾ"), CLERK)
    assert known().agencies == ("SỞ Y TẾ", "SỞ NỘI VỤ")
    decide(office, Answer(documents[1], "organ_name", NONE), CLERK)
    assert known().agencies == ("SỞ Y TẾ",)


def test_the_bags_give_the_office_s_own_names_back(office: Office, new_database: Callable[[], str]) -> None:
    document = file(office, doubtful(("organ_name",)))
    decide(office, Answer(document, "organ_name", VALUE, "SỞ Y TẾ"), CLERK)
    other = open_database(new_database())
    assert rebuild(Office(office.settings, other)).findings == ()
    with other.read() as session:
        assert archive.confirmed(session) == Confirmed(agencies=("SỞ Y TẾ",))
    other.close()


def test_later_documents_are_read_with_what_was_confirmed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline import metadata

    settings = make_workspace(tmp_path / "office")
    seen: list[Confirmed] = []
    real = metadata.extract

    def extract(reading: Any, given: Any, clues: Any) -> Metadata:
        seen.append(clues.confirmed)
        return real(reading, given, clues)

    monkeypatch.setattr(metadata, "extract", extract)
    with open_office(settings.workspace) as office:
        letter(office.incoming / "a.pdf", number=15)
        run_once(office)
        with office.database.read() as session:
            document = session.scalars(select(DocumentRow.id)).one()
        decide(office, Answer(document, "signatory_name", RIGHT), CLERK)
        letter(office.incoming / "b.pdf", number=16)
        run_once(office)
    assert seen[0] == Confirmed()
    assert seen[-1] == Confirmed(names=("Trần Thị Minh Hạnh",))


def test_guesses_at_handwriting_are_whole_values(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A day, month or year alone is no date: it is offered with the other two as they were read."""
    review = ("code_number", "issued_date")
    document = file(office, doubtful(review, code_number=("15", 0.4), issued_date=("2026-02-05", 0.4)))
    zones = {
        "code_number": Zone(1, Box(1, 1, 9, 9), Look.NUMBER, "code_number"),
        "issued_date": Zone(1, Box(1, 1, 9, 9), Look.DAY, "issued_date"),
        "month": Zone(1, Box(1, 1, 9, 9), Look.MONTH, "issued_date"),
        "year": Zone(1, Box(1, 1, 9, 9), Look.YEAR, "issued_date"),
    }
    looks = (
        SecondLook(zones["code_number"], guesses=(Guess("15", 0.4), Guess("75", 0.3))),
        SecondLook(zones["issued_date"], guesses=(Guess("05", 0.4), Guess("06", 0.3), Guess("31", 0.1))),
        SecondLook(zones["month"], guesses=(Guess("3", 0.4), Guess("2", 0.3))),
        SecondLook(zones["year"], guesses=(Guess("2028", 0.4),)),
    )
    monkeypatch.setattr(archive.StoredDocument, "second_looks", lambda _self: looks)
    offered = {q.field: [guess.text for guess in look_up(office, q).guesses] for q in queue(office, [document])}
    assert offered == {"code_number": ["75"], "issued_date": ["2026-02-06", "2026-03-05", "2028-02-05"]}


FIELD: dict[str, Any] = {"document_id": "den-2026-00001", "field": "subject"}


@pytest.mark.parametrize(
    "data",
    [
        [], {}, FIELD, {**FIELD, "decision": "ja"}, {**FIELD, "decision": "value"},
        {**FIELD, "field": "x", "decision": "right"},
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused(data: Any) -> None:
    with pytest.raises(UsageError):
        Answer.from_json(data)


def test_the_place_of_every_field_can_be_shown(tmp_path: Path) -> None:
    """Where it was found, or where it should stand: the crop shows ink, upright, small enough for a screen."""
    settings = make_workspace(tmp_path / "office")
    with open_office(settings.workspace) as office, Reader(settings.reading, settings.intake) as reader:
        letter(office.incoming / "a.pdf")
        run_once(office)
        with office.database.write() as session:
            found = session.scalars(select(DocumentRow)).one()
            found.review = list(FIELD_NAMES)
        with_box = queue(office)
        with office.database.write() as session:
            found = session.get_one(DocumentRow, found.id)
            found.proposal = {"fields": {}, "review": list(FIELD_NAMES), "findings": []}
        gaps = queue(office)
        assert len(with_box) == len(gaps) == len(FIELD_NAMES)
        for question in (*with_box, *gaps):
            sight = look_up(office, question)
            png = picture(office, reader, question, sight)
            assert png is not None
            with Image.open(io.BytesIO(png)) as shown:
                assert shown.width <= 1400
                assert min(shown.convert("L").getextrema()) < 100, question.field
