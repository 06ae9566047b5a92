"""Fields of a query as conditions on the documents' columns, the same on both databases."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Text, and_, cast, exists, false, func, not_, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from pipeline.archive.dates import Span
from pipeline.archive.query import Filter, Number
from pipeline.database.tables import DocumentRow, EntryRow

VISIBLE = ("received", "filed", "quarantined")
"""States in which a document may be found: never a secret one; refused files have no document."""

Condition = ColumnElement[bool]


def visible() -> Condition:
    """Nearly all documents are: the coalesce keeps SQLite from beginning with the states' index."""
    return func.coalesce(DocumentRow.state, "").in_(VISIBLE)


def condition(wanted: Filter, dialect: str) -> Condition:
    """One field's condition."""
    found = _condition(wanted, dialect)
    return not_(found) if wanted.negated else found


def code_is(number: Number, dialect: str) -> Condition:
    """The document's own number: the whole of it, or its beginning at a word's end, or "15/k" of "15/KH-BQL"."""
    begins = number.code + ("" if " " in number.code else " ")
    parts = [or_(DocumentRow.code_folded == number.code, starts_with(DocumentRow.code_folded, begins, dialect))]
    if number.types:
        parts.append(DocumentRow.type_folded.in_(number.types))
    if number.year:
        parts.append(DocumentRow.issued_year == number.year)
    return and_(*parts)


def starts_with(column: InstrumentedAttribute[str], text: str, dialect: str) -> Condition:
    """A prefix of [0-9a-z ] in the form that uses the database's B-tree."""
    return and_(column >= text, column < text + "{") if dialect == "sqlite" else column.like(text + "%")


def _condition(wanted: Filter, dialect: str) -> Condition:
    match wanted.name, wanted.value:
        case "type", frozenset() as names:
            return DocumentRow.type_folded.in_(names)
        case "type", str() as text:
            return starts_with(DocumentRow.type_folded, text, dialect)
        case (("year" | "date" | "from" | "to"), Span() as span):
            return _within(span)
        case "number", Number() as number:
            return code_is(number, dialect)
        case (("signatory" | "agency"), str() as text):
            return _named(wanted.name, text)
        case _:
            return _of_the_office(wanted)


def _of_the_office(wanted: Filter) -> Condition:
    """What the office itself knows of a document: arrival number, state, doubts."""
    match wanted.name, wanted.value:
        case "arrival", int() as number:
            return exists().where(EntryRow.document_id == DocumentRow.id, EntryRow.number == number)
        case "state", str() as state:
            return DocumentRow.state == state
        case "signature", str() as verdict:
            return _signature_is(verdict)
        case "review", bool() as doubtful:
            to_check = or_(cast(DocumentRow.review, Text) != "[]", DocumentRow.state == "quarantined")
            return to_check if doubtful else not_(to_check)
        case _:
            return false()


def _signature_is(verdict: str) -> Condition:
    """What was filed before signatures were judged is unsigned, or nobody knows what its signature is worth."""
    judged = DocumentRow.signature == verdict
    if verdict not in {"unsigned", "indeterminate"}:
        return judged
    return or_(judged, and_(DocumentRow.signature == "", DocumentRow.signed.is_(verdict != "unsigned")))


def _within(span: Span) -> Condition:
    parts: list[Condition] = [DocumentRow.issued_date.is_not(None)]
    if span.first:
        parts.append(DocumentRow.issued_date >= span.first)
    if span.last:
        parts.append(DocumentRow.issued_date <= span.last)
    return and_(true(), *parts)


def _named(who: str, text: str) -> Condition:
    """A signatory by name; an agency by name or as its notation stands in the code ("ubnd")."""
    if who == "signatory":
        return _has_words(DocumentRow.signatory_folded, text)
    return or_(_has_words(DocumentRow.organ_folded, text), _has_words(DocumentRow.code_folded, text))


def _has_words(column: InstrumentedAttribute[str], text: str) -> Condition:
    return (" " + column + " ").like(f"% {text} %")
