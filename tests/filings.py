"""Small documents made for the tests of registers, archive and search: no file of a real office is needed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline import archive, registers
from pipeline.archive import Filing
from pipeline.database import Database
from pipeline.database.tables import DocumentRow, ReceiptRow
from pipeline.document import Box, Field, Kind, Line, Metadata, Original, Page, Reading, TextSource, Word
from pipeline.settings import Registers

START = datetime(2026, 3, 15, 2, 0, tzinfo=UTC)
OFFICE = Registers(recipient="Văn phòng")


def page(number: int, *lines: str) -> Page:
    """A page of lines; words ten points wide, wherever they stand."""
    drawn = tuple(
        Line(tuple(Word(word, Box(9 * i, 20 * j, 9 * i + 8, 20 * j + 12), 0.96) for i, word in enumerate(line.split())))
        for j, line in enumerate(lines) if line.split()
    )  # fmt: skip
    return Page(number, 595.0, 842.0, TextSource.OCR, drawn, dpi=200.0)


def fields(review: tuple[str, ...] = (), **values: str | tuple[str, ...]) -> Metadata:
    return Metadata(
        {name: Field(value, 0.9, 1, Box(1, 2, 3, 4), "layout") for name, value in values.items()}, review=review
    )


def register(
    database: Database, *, at: datetime = START, name: str = "công văn.pdf", content: bytes = b"%PDF-1.7 a"
) -> str:
    """Take a document in as the journey does: receipt, number, row. Returns its id."""
    with database.write() as session:
        entry = registers.enter(session, "den", at, OFFICE)
        digest = hashlib.sha256(content).hexdigest()
        session.add(
            DocumentRow(
                id=entry.document_id, sha256=digest, state="received", received_at=at, name=name,
                raw_name=name.encode(), kind=Kind.PDF.value, size=len(content), urgency=0,
            )
        )  # fmt: skip
        session.flush()
        session.add(
            ReceiptRow(
                id=f"{at:%Y%m%dT%H%M%S}-{digest[:6]}", received_at=at, name=name, raw_name=name.encode(),
                size=len(content), sha256=digest, state="accepted", document_id=entry.document_id,
            )
        )  # fmt: skip
        return entry.document_id


def filing(
    folder: Path, document_id: str, metadata: Metadata, *pages: Page, content: bytes = b"%PDF-1.7 a",
    name: str = "công văn.pdf", entry: Mapping[str, object] | None = None,
    receipts: tuple[Mapping[str, object], ...] = (), at: datetime = START, reading_copy: bytes | None = None,
) -> Filing:  # fmt: skip
    """What the journey hands to the archive; the original is written to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{document_id}.pdf"
    path.write_bytes(content)
    copy = None
    if reading_copy is not None:
        copy = folder / f"{document_id}-reading.pdf"
        copy.write_bytes(reading_copy)
    original = Original(str(path), name, name.encode(), Kind.PDF, len(content), hashlib.sha256(content).hexdigest(), at)
    register_entry = entry or {
        "register": "den", "year": 2026, "number": int(document_id[-5:]), "document_id": document_id,
        "entered_at": at.isoformat(), "recipient": "", "forwarded_date": None, "note": "", "cancelled_at": None,
        "cancel_reason": None,
    }  # fmt: skip
    return Filing(
        document_id, original, Reading(pages, engine="tesseract 5.3.0"), metadata, copy, register_entry, receipts,
        at + timedelta(minutes=5), "BAN QUẢN LÝ KHU KINH TẾ",
    )  # fmt: skip


def file_and_index(database: Database, workspace: Path, metadata: Metadata, *pages: Page, at: datetime = START,
                   name: str = "công văn.pdf", content: bytes | None = None,
                   reading_copy: bytes | None = None) -> str:  # fmt: skip
    """Register, file and index a document whole; `content` is made from its text unless given. Returns its id."""
    content = content or ("%PDF-1.7 " + str(metadata.fields) + "".join(p.text for p in pages)).encode()
    document_id = register(database, at=at, name=name, content=content)
    with database.read() as session:
        entry = archive.entry_to_json(registers.entry_of(session, document_id))
        receipts = tuple(
            archive.receipt_to_json(receipt) for receipt in session.query(ReceiptRow).filter_by(document_id=document_id)
        )
    made = filing(workspace / "staged", document_id, metadata, *pages, content=content, name=name, entry=entry,
                  receipts=receipts, at=at, reading_copy=reading_copy)  # fmt: skip
    archive.file_document(workspace / "luu-tru", made)
    with database.write() as session:
        row = session.get_one(DocumentRow, document_id)
        row.state, row.filed_at, row.folder = "filed", made.filed_at, archive.folder_of(document_id)
        row.proposal, row.review, row.page_amount = metadata.to_json(), list(metadata.review), len(pages)
        archive.put(session, row, metadata, pages)
    return document_id
