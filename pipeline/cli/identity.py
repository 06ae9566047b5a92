"""How people write a document's name: den-2026-00015, 2026/15, or only 15 for this year's arrival number."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.errors import NotFoundError, UsageError
from pipeline.vietnamese import fold

if TYPE_CHECKING:
    from pipeline.journeys import Office

_FORMS = (
    re.compile(r"(?P<register>den|di|sao)[-/ ](?P<year>\d{4})[-/ ](?P<number>\d{1,9})"),
    re.compile(r"(?P<year>\d{4})/(?P<number>\d{1,9})"),
    re.compile(r"(?P<number>\d{1,9})/(?P<year>\d{4})"),
    re.compile(r"(?:so )?(?P<number>\d{1,9})"),
)


def parse_id(text: str, this_year: int) -> str:
    """The document's id as it is kept, "den-2026-00015". Raises UsageError for what is none."""
    wanted = fold(text.strip())
    for form in _FORMS:
        if match := form.fullmatch(wanted):
            parts = match.groupdict()
            register, year = parts.get("register") or "den", int(parts.get("year") or this_year)
            return f"{register}-{year}-{int(parts['number']):05d}"
    raise UsageError("id-unreadable", id=text)


def this_year(office: Office) -> int:
    """The year of the books now, in the office's time zone."""
    return datetime.now(office.settings.registers.zone).year


def resolve(office: Office, text: str) -> str:
    """Parse an id and see that the book knows it. Raises UsageError, NotFoundError."""
    from sqlalchemy import select

    from pipeline.database.tables import EntryRow

    document_id = parse_id(text, this_year(office))
    with office.database.read() as session:
        if session.scalar(select(EntryRow.number).where(EntryRow.document_id == document_id).limit(1)) is None:
            raise NotFoundError("document-not-found", document=document_id)
    return document_id
