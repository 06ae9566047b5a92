"""Looking through what the machine is not sure of: which question comes next, what is shown, what an answer does.

No face is in here: `vanthu review` and every later one asks `queue`, shows `Sight` and gives an answer to `decide`.
An answer is an ordinary correction: an event in the bag and in the audit trail; the proposal is never overwritten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from pipeline import archive, metadata
from pipeline.database.tables import DocumentRow, EntryRow
from pipeline.document import FIELD_NAMES, Box, Field, Guess, Kind, Look, Metadata, Page, SecondLook
from pipeline.errors import NotFoundError, ReadingError, UsageError
from pipeline.journeys.correcting import Corrections, edit, withdraw
from pipeline.journeys.desk import find_row
from pipeline.journeys.office import Office
from pipeline.reading import Reader

IMPORTANCE: Mapping[str, float] = {
    "secrecy": 10,  # what is secret must leave this system
    "code_number": 8, "code_notation": 8, "issued_date": 8, "organ_name": 8,  # which document it is (Article 15.1)
    "subject": 7, "type_name": 6,  # what it is found by
    "priority": 6,  # when it must be dealt with
    "signatory_name": 5, "signatory_position": 4, "competence": 3, "parent_organ_name": 3,
    "issued_place": 2, "recipients": 2, "page_amount": 1, "language": 1,
}  # fmt: skip
"""What a wrong value of a field costs, 1 … 10."""

EXPECTED_GAP, POSSIBLE_GAP = 0.95, 0.4
"""The chance that a gap is wrong: of a field that every document has, and of one that many do not have."""

RIGHT, NONE, VALUE = "right", "none", "value"  # answers: as proposed; there is none on the page; another value


@dataclass(frozen=True, slots=True)
class Question:
    """One field in doubt. `risk` is the chance that its value is wrong times what a wrong one costs."""

    document_id: str
    name: str  # of the file, as it arrived
    field: str
    found: Field | None  # None: nothing was found
    risk: float
    urgency: int = 0

    @property
    def why(self) -> str:
        """The code of the reason: "missing", or the rule of the value where that says more than its confidence."""
        if self.found is None:
            return "missing"
        telling = {"several", "notation", "time-of-signature", "head-above-deputy", "name-alone", "file-name"}
        return self.found.rule if self.found.rule in telling else "weak"

    def to_json(self) -> dict[str, Any]:
        empty = {"value": None, "confidence": None, "page": None, "box": None, "rule": None}
        return {
            "document_id": self.document_id, "name": self.name, "field": self.field, "risk": round(self.risk, 3),
            "why": self.why, **(self.found.to_json() if self.found else empty),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sight:
    """What a question is decided by: the place on the page, and what else the value may be (the best first)."""

    page: Page
    box: Box
    guesses: tuple[Guess, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer that was given, with what stood there before, so that it can be taken back."""

    document_id: str
    field: str
    value: str | tuple[str, ...]
    before: str | tuple[str, ...] | None  # a person's earlier value; None: there was none


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says about a field: RIGHT, NONE, or VALUE with one."""

    document_id: str
    field: str
    decision: str
    value: str | tuple[str, ...] = ""

    @classmethod
    def from_json(cls, data: Any) -> Answer:
        """{"document_id", "field", "decision", "value"}. Raises UsageError for anything else."""
        try:
            value = data.get("value", "")
            answer = cls(str(data["document_id"]), str(data["field"]), str(data["decision"]),
                         tuple(map(str, value)) if isinstance(value, list) else str(value))  # fmt: skip
        except (AttributeError, KeyError, TypeError) as error:
            raise UsageError("answer-unreadable", reason=error) from error
        if answer.field not in FIELD_NAMES:
            raise UsageError("field-unknown", field=answer.field, known=", ".join(FIELD_NAMES))
        if answer.decision not in {RIGHT, NONE, VALUE} or (answer.decision == VALUE and not answer.value):
            raise UsageError("answer-unreadable", reason=answer.decision)
        return answer


def queue(office: Office, documents: Sequence[str] = (), *, field: str = "") -> list[Question]:
    """Every field in doubt of filed documents, riskiest first; those of one document stay together.

    Documents come in the order of their riskiest field, so that a person holds one paper at a time. Raises
    DatabaseError, UsageError for an unknown field.
    """
    if field and field not in FIELD_NAMES:
        raise UsageError("field-unknown", field=field, known=", ".join(FIELD_NAMES))
    query = (
        select(DocumentRow)
        .join(EntryRow, EntryRow.document_id == DocumentRow.id)
        .where(DocumentRow.state == "filed", EntryRow.cancelled_at.is_(None))
        .order_by(DocumentRow.id)
    )
    if documents:
        query = query.where(DocumentRow.id.in_(documents))
    with office.database.read() as session:
        asked = [_questions(row, field) for row in session.scalars(query) if row.review]
    asked = [questions for questions in asked if questions]
    asked.sort(key=lambda questions: (-questions[0].risk, -questions[0].urgency, questions[0].document_id))
    return [question for questions in asked for question in questions]


def _questions(row: DocumentRow, field: str) -> list[Question]:
    found = _standing(row)
    questions = [
        Question(row.id, row.name, name, found.fields.get(name), _risk(name, found.fields.get(name)), row.urgency)
        for name in row.review
        if field in {"", name}
    ]
    return sorted(questions, key=lambda question: -question.risk)


def _risk(name: str, found: Field | None) -> float:
    gap = EXPECTED_GAP if name in metadata.EXPECTED else POSSIBLE_GAP
    wrong = gap if found is None else 1.0 - found.confidence
    return wrong * IMPORTANCE[name]


def _standing(row: DocumentRow) -> Metadata:
    """The proposal with what people corrected."""
    corrections = {name: tuple(v) if isinstance(v, list) else v for name, v in row.corrections.items()}
    return Metadata.from_json(row.proposal or {"fields": {}, "review": [], "findings": []}).corrected(corrections)


def is_open(office: Office, question: Question) -> bool:
    """Does nobody else have answered it meanwhile?"""
    with office.database.read() as session:
        row = session.get(DocumentRow, question.document_id)
        return row is not None and row.state == "filed" and question.field in row.review


def look_up(office: Office, question: Question) -> Sight:
    """Where the field stands or should stand, and guesses at it. Raises NotFoundError, IntegrityError."""
    stored = archive.load(office.archive / archive.folder_of(question.document_id))
    pages, looks = stored.own_pages(), stored.second_looks()
    if not pages:
        raise NotFoundError("file-not-kept", document=question.document_id)
    page, box = metadata.where(question.field, question.found, pages, looks)
    return Sight(page, box, tuple(_guesses(question, looks)))


def _guesses(question: Question, looks: Sequence[SecondLook]) -> Iterator[Guess]:
    """Whole values that a hand may have written: a part of a date is one only with the parts that were read."""
    proposed = question.found.value if question.found else ""
    for look in looks:
        if look.zone.about != question.field:
            continue
        for guess in look.guesses:
            text = guess.text if look.zone.look is Look.NUMBER else _with_part(question, look.zone.look, guess.text)
            if text and text != proposed:
                yield Guess(text, guess.confidence)


def _with_part(question: Question, look: Look, text: str) -> str:
    """The proposed date with another day, month or year (ISO 8601), "" where that is none."""
    if look not in {Look.DAY, Look.MONTH, Look.YEAR} or question.found is None or not text.isdecimal():
        return ""
    try:
        proposed = date.fromisoformat(str(question.found.value))
        parts = {Look.DAY: proposed.day, Look.MONTH: proposed.month, Look.YEAR: proposed.year, look: int(text)}
        return date(parts[Look.YEAR], parts[Look.MONTH], parts[Look.DAY]).isoformat()
    except ValueError:
        return ""


def picture(office: Office, reader: Reader, question: Question, sight: Sight) -> bytes | None:
    """The place on the page as a PNG; None where the page cannot be shown. Raises what the file system does."""
    stored = archive.load(office.archive / archive.folder_of(question.document_id))
    kind = Kind(stored.report["original"]["kind"])
    path = stored.reading_copy if kind.is_office else stored.original
    if path is None:
        return None
    try:
        return reader.crop(path, Kind.PDF if kind.is_office else kind, sight.page, sight.box)
    except ReadingError:
        return None


def decide(office: Office, answer: Answer, actor: str) -> Decision:
    """Put an answer down as a correction. Raises NotFoundError, UsageError (no value, no date)."""
    with office.database.read() as session:
        row = find_row(session, answer.document_id)
    before = row.corrections.get(answer.field)
    value: str | tuple[str, ...] = answer.value if answer.decision == VALUE else ""
    if answer.decision == RIGHT:
        found = _standing(row).fields.get(answer.field)
        if found is None:
            raise UsageError("nothing-to-confirm", document=answer.document_id, field=answer.field)
        value = found.value
    given: Corrections = {answer.field: value}
    edit(office, answer.document_id, given, actor)
    earlier = tuple(before) if isinstance(before, list) else before
    return Decision(answer.document_id, answer.field, value, earlier)


def take_back(office: Office, decision: Decision, actor: str) -> None:
    """Undo a decision: what stood there before stands again. Raises NotFoundError, UsageError."""
    if decision.before is None:
        withdraw(office, decision.document_id, [decision.field], actor)
    else:
        edit(office, decision.document_id, {decision.field: decision.before}, actor)
