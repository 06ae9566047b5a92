"""Giving a number, cancelling it with a reason, and noting who got the document: never reusing, never skipping."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from pipeline.database.tables import CounterRow, EntryRow
from pipeline.errors import NotFoundError, UsageError
from pipeline.settings import Registers

REGISTERS = ("den", "di", "sao")
"""Arriving (sổ đăng ký văn bản đến), leaving (sổ đăng ký văn bản đi), and copies: one series for all their forms."""

_INSERT: dict[str, Callable[..., Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def enter(session: Session, register: str, at: datetime, settings: Registers, *, recipient: str = "") -> EntryRow:
    """Give the next number of a register in the year of `at` (aware; frozen by the caller, never "now" of a retry).

    One series for paper and electronic documents, from 1 on 1 January in the office's zone (Articles 15.1, 22.2).
    Call it before anything else is written in the transaction: its first statement takes the counter's lock, so the
    next caller waits until this transaction ends, and a rollback gives the number back. Raises UsageError.
    """
    _known(register)
    year = year_of(at, settings)
    with session.no_autoflush:
        number = _next_number(session, register, year)
    entry = EntryRow(
        register=register, year=year, number=number, document_id=document_id(register, year, number),
        entered_at=at, recipient=recipient or (settings.recipient if register == "den" else ""), note="",
    )  # fmt: skip
    session.add(entry)
    session.flush()
    return entry


def cancel(session: Session, register: str, year: int, number: int, reason: str, at: datetime) -> EntryRow:
    """Cancel a number that was given: it stays in the book with the reason and is never given again.

    Raises NotFoundError, UsageError for an empty reason or a number that is cancelled already.
    """
    _known(register)
    if not reason.strip():
        raise UsageError("cancel-reason-missing", number=number, year=year)
    entry = session.get(EntryRow, (register, year, number), with_for_update=True)
    if entry is None:
        raise NotFoundError("register-number-not-found", register=register, number=number, year=year)
    if entry.cancelled_at is not None:
        raise UsageError("number-already-cancelled", number=number, year=year, reason=entry.cancel_reason)
    entry.cancelled_at, entry.cancel_reason = at, reason.strip()
    session.flush()
    return entry


def entry_of(session: Session, document: str) -> EntryRow:
    """The number that a document has. Raises NotFoundError."""
    entry = session.scalar(select(EntryRow).where(EntryRow.document_id == document))
    if entry is None:
        raise NotFoundError("document-not-in-register", document=document)
    return entry


def note(session: Session, document: str, text: str) -> EntryRow:
    """Add a remark to the column Ghi chú; the same remark twice stands there once. Raises NotFoundError."""
    entry = entry_of(session, document)
    remarks = [remark for remark in (*entry.note.split("; "), text.strip()) if remark]
    entry.note = "; ".join(dict.fromkeys(remarks))
    session.flush()
    return entry


def forward(session: Session, document: str, recipient: str, day: date) -> EntryRow:
    """Write down to whom a document was passed and on which day (columns 7 and 8). Raises NotFoundError."""
    entry = entry_of(session, document)
    entry.recipient, entry.forwarded_date = recipient, day
    session.flush()
    return entry


def year_of(at: datetime, settings: Registers) -> int:
    """The year of the book that a moment (aware) belongs to, by the office's clock on the wall."""
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone: {at}")
    return at.astimezone(settings.zone).year


def document_id(register: str, year: int, number: int) -> str:
    """`den-2026-00015`: what a document is called everywhere in the house."""
    return f"{register}-{year}-{number:05d}"


def _next_number(session: Session, register: str, year: int) -> int:
    insert = _INSERT[session.get_bind().dialect.name]
    statement = (
        insert(CounterRow)
        .values(register=register, year=year, last=1)
        .on_conflict_do_update(index_elements=["register", "year"], set_={"last": CounterRow.last + 1})
        .returning(CounterRow.last)
    )
    return int(session.execute(statement).scalar_one())


def _known(register: str) -> None:
    if register not in REGISTERS:
        raise UsageError("register-unknown", register=register, known=", ".join(REGISTERS))
