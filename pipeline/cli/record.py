"""All that is known of one document, gathered from the database and the archive for `show` and `open`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from pipeline import archive
from pipeline.database.tables import DocumentRow, EntryRow, EventRow, ReceiptRow, StampRow
from pipeline.document import Finding, Metadata
from pipeline.errors import NotFoundError, VanthuError
from pipeline.messages import Messages
from pipeline.signatures.report import SignatureReport

if TYPE_CHECKING:
    from pipeline.journeys import Office


@dataclass(frozen=True)
class Record:
    entry: EntryRow
    row: DocumentRow | None  # a number cancelled by hand before its document was known again after a rebuild has none
    receipts: Sequence[ReceiptRow]
    events: Sequence[EventRow]
    metadata: Metadata
    folder: Path | None
    work: Path  # what is known of it before it is filed
    stamps: Sequence[StampRow] = ()  # copies made of it, its attachments, its digitised paper

    @property
    def pages(self) -> Sequence[tuple[int, str]]:
        """The text of each page of a filed document. Raises IntegrityError."""
        pages = archive.load(self.folder).own_pages() if self.folder is not None else ()
        return [(page.number, page.text) for page in pages]

    @property
    def document_id(self) -> str:
        return self.entry.document_id

    @property
    def findings(self) -> Sequence[Finding]:
        """What was noticed when the file came in, when it was read, and among its fields. Raises IntegrityError."""
        report = archive.load(self.folder).report if self.folder is not None else {}
        noticed = [Finding.from_json(found) for part in ("original", "reading") for found in _found(report.get(part))]
        decided = self.row is not None and self.row.batch in {"kept", "split"}
        asked = [f for f in self.metadata.findings if not (decided and f.code == archive.SEVERAL_DOCUMENTS)]
        return [*noticed, *asked]

    @property
    def signatures(self) -> SignatureReport | None:
        """What its digital signatures are worth, as judged at its arrival; None without any. Raises IntegrityError."""
        if self.folder is not None:
            kept = archive.load(self.folder).signatures
        else:
            path = self.work / "signatures.json"
            kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
        if kept is None or kept["verdict"] == "unsigned":
            return None
        return SignatureReport.from_json(kept)

    @property
    def state(self) -> str:
        return self.row.state if self.row else "cancelled"

    @property
    def number(self) -> int:
        return self.entry.number

    @property
    def year(self) -> int:
        return self.entry.year

    @property
    def name(self) -> str:
        return self.row.name if self.row else ""

    @property
    def received_at(self) -> datetime:
        return self.row.received_at if self.row else self.entry.entered_at

    @property
    def filed_at(self) -> datetime | None:
        return self.row.filed_at if self.row else None

    @property
    def cancelled_at(self) -> datetime | None:
        return self.entry.cancelled_at

    def reason_words(self, messages: Messages) -> str:
        """Why it was cancelled or set aside, in words."""
        if self.entry.cancel_reason:
            return self.entry.cancel_reason
        code = self.row.reason if self.row else None
        if not code:
            return ""
        if f"error-{code}" not in messages:
            return code
        detail = next((event.detail for event in reversed(self.events) if event.kind == "quarantined"), {})
        return messages.error(VanthuError(code, **{k: v for k, v in detail.items() if k != "code"}))


def _found(part: Mapping[str, Any] | None) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = (part or {}).get("findings", ())
    return found


def load_record(office: Office, document_id: str) -> Record:
    """Everything about one document. Raises NotFoundError."""
    with office.database.read() as session:
        entry = session.scalar(select(EntryRow).where(EntryRow.document_id == document_id))
        if entry is None:
            raise NotFoundError("document-not-found", document=document_id)
        row = session.get(DocumentRow, document_id)
        receipts = session.scalars(select(ReceiptRow).where(ReceiptRow.document_id == document_id)).all()
        events = session.scalars(
            select(EventRow).where(EventRow.document_id == document_id).order_by(EventRow.id)
        ).all()
        of = (StampRow.parent_id == document_id, StampRow.state != "set-aside")
        stamps = session.scalars(select(StampRow).where(*of).order_by(StampRow.created_at)).all()
    metadata = Metadata()
    if row is not None and row.proposal:
        corrections = {name: tuple(v) if isinstance(v, list) else v for name, v in row.corrections.items()}
        metadata = Metadata.from_json(row.proposal).corrected(corrections)
    folder = office.archive / row.folder if row is not None and row.folder else None
    return Record(entry, row, receipts, events, metadata, folder, office.work(document_id), stamps)


def record_to_json(record: Record, *, text: bool) -> dict[str, Any]:
    """The shape of `show --json`; docs/administrator.md tells it."""
    row, entry = record.row, record.entry
    value: dict[str, Any] = {
        "document_id": record.document_id,
        "state": record.state,
        "reason": row.reason if row else None,
        "register": {
            "register": entry.register, "year": entry.year, "number": entry.number,
            "entered_at": entry.entered_at.isoformat(), "recipient": entry.recipient,
            "forwarded_date": entry.forwarded_date.isoformat() if entry.forwarded_date else None,
            "note": entry.note,
            "cancelled_at": entry.cancelled_at.isoformat() if entry.cancelled_at else None,
            "cancel_reason": entry.cancel_reason,
        },
        "file": {
            "name": row.name, "kind": row.kind, "size": row.size, "sha256": row.sha256,
            "page_amount": row.page_amount, "signed": row.signed,
        } if row else None,
        "batch": row.batch if row else "", "pages_of_file": row.pages if row else None,
        "part_of": row.part_of if row else None,
        "received_at": record.received_at.isoformat(),
        "filed_at": record.filed_at.isoformat() if record.filed_at else None,
        "folder": str(record.folder) if record.folder else None,
        **record.metadata.to_json(),
        "findings": [finding.to_json() for finding in record.findings],
        "signature": row.signature if row else "",
        "signature_accepted": row.signature_accepted if row else False,
        "signatures": record.signatures.to_json() if record.signatures else None,
        "receipts": [
            {"id": r.id, "received_at": r.received_at.isoformat(), "name": r.name, "state": r.state}
            for r in record.receipts
        ],
        "stamps": [
            {"row": s.row_name, "kind": s.kind, "state": s.state, "name": s.name, "line": s.detail.get("line"),
             "recipient": s.detail.get("recipient", ""), "level": s.level}
            for s in record.stamps
        ],
        "history": [
            {"at": e.at.isoformat(), "actor": e.actor, "kind": e.kind, "detail": e.detail} for e in record.events
        ],
    }  # fmt: skip
    if text:
        value["pages"] = [{"page": page, "text": words} for page, words in record.pages]
    return value


def document_of_copy(office: Office, copy_id: str) -> str:
    """The document that a copy was made of. Raises NotFoundError where only its cancelled number is known."""
    with office.database.read() as session:
        found = session.scalar(select(StampRow.parent_id).where(StampRow.row_name == copy_id))
    if found is None:
        raise NotFoundError("file-not-kept", document=copy_id)
    return found


def copy_to_open(office: Office, copy_id: str) -> Path:
    """The signed copy in the bag of its document. Raises NotFoundError before it is there."""
    with office.database.read() as session:
        stamp = session.scalar(select(StampRow).where(StampRow.row_name == copy_id))
    if stamp is not None and stamp.state == "filed":
        stored = archive.load(office.archive / archive.folder_of(stamp.parent_id))
        files = [stored.bag / str(one["file"]) for one in stored.stamped if one["stamp"]["row_name"] == copy_id]
        if files and files[0].is_file():
            return files[0]
    raise NotFoundError("file-not-kept", document=copy_id)


def file_to_open(office: Office, document_id: str, *, original: bool) -> Path:
    """The reading copy where there is one, else the original. Raises NotFoundError when neither lies anywhere."""
    record = load_record(office, document_id)
    if record.folder is not None:
        stored = archive.load(record.folder)
        candidates = [stored.original] if original else [stored.reading_copy, stored.original]
    else:
        staged = record.row.staged if record.row is not None else None
        candidates = [office.settings.private / staged if staged else None]
    for file in candidates:
        if file is not None and file.is_file():
            return file
    raise NotFoundError("file-not-kept", document=document_id)
