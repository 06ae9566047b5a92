"""What a journey has at hand while it works, and how it says where it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.database.tables import DocumentRow
from pipeline.document import Kind, Original
from pipeline.errors import NotFoundError
from pipeline.journeys.office import Office
from pipeline.signatures.judging import Judge

if TYPE_CHECKING:
    from pipeline.reading import Reader


@dataclass(frozen=True, slots=True)
class Progress:
    """One thing that just happened: told after its effect is durable."""

    stage: str
    subject: str  # a document id, or a receipt id before there is one
    name: str = ""
    page: int = 0
    pages: int = 0
    receipt: str = ""  # from here on the file that had this receipt goes by its document's id


Listener = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Desk:
    """The office, the reader that owns the parsing children, and who listens."""

    office: Office
    reader: Reader
    tell: Listener
    judge: Judge = field(default_factory=Judge)  # of signatures; starts no process before it is asked

    def row(self, document_id: str) -> DocumentRow:
        with self.office.database.read() as session:
            return find_row(session, document_id)

    def staged(self, row: DocumentRow) -> Path:
        """The safe copy of an original that is not filed yet."""
        if row.staged is None:
            raise NotFoundError("original-not-staged", document=row.id)
        return self.office.settings.private / row.staged

    def work_json(self, document_id: str, name: str) -> Any:
        """What an earlier step left for this one."""
        return json.loads((self.office.work(document_id) / name).read_text(encoding="utf-8"))


def find_row(session: Session, document_id: str) -> DocumentRow:
    """The row of a document. Raises NotFoundError."""
    row = session.scalar(select(DocumentRow).where(DocumentRow.id == document_id))
    if row is None:
        raise NotFoundError("document-not-found", document=document_id)
    return row


def original_of(row: DocumentRow, path: Path) -> Original:
    return Original(str(path), row.name, row.raw_name, Kind(row.kind), row.size, row.sha256, row.received_at)
