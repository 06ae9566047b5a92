"""What the registers say of leaving documents, copies and attachments: read by the seal service itself and believed
over any caller.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.database import Database
from pipeline.database.tables import DocumentRow, EntryRow, OutgoingRow, StampRow
from pipeline.document import Kind, Metadata, StampKind
from pipeline.errors import RefusedError
from pipeline.sealer.values import Entry, RegisterRow, StampEntry, StampRef

UNSIGNED = {"", "unsigned"}  # `DocumentRow.signature` of what bears no digital signature


def entry_of(database: Database, row: RegisterRow) -> Entry:
    """Raises RefusedError (`row-unknown`) for a number that the register has not given, DatabaseError."""
    with database.read() as session:
        given = session.get(EntryRow, ("di", row.year, row.number))
        outgoing = session.query(OutgoingRow).filter_by(year=row.year, number=row.number).one_or_none()
        if given is None or outgoing is None or outgoing.signed_sha256 is None or outgoing.issued_date is None:
            raise RefusedError("row-unknown", row=row.name)
        return Entry(
            row, outgoing.signed_sha256, outgoing.issued_date, outgoing.competence, given.cancelled_at is not None
        )


def stamp_entry_of(database: Database, ref: StampRef) -> StampEntry:
    """Raises RefusedError (`row-unknown`) for what no register knows under this name, DatabaseError.

    Of the documents only the columns that the shipped role may see.
    """
    parent = select(DocumentRow.code_notation, DocumentRow.kind, DocumentRow.signature, DocumentRow.signed,
                    DocumentRow.state)  # fmt: skip
    with database.read() as session:
        stamp = session.scalar(select(StampRow).where(StampRow.row_name == ref.name))
        if stamp is None or not _is_named(ref, stamp):
            raise RefusedError("row-unknown", row=ref.name)
        kind = StampKind(stamp.kind)
        numbered = ref.name if kind.is_copy else stamp.parent_id
        given = session.scalar(select(EntryRow).where(EntryRow.document_id == numbered))
        of = session.execute(parent.where(DocumentRow.id == stamp.parent_id)).one_or_none()
        filed = of is not None and of.state == "filed"
        if given is None or not (filed or kind is StampKind.ATTACHMENT):
            raise RefusedError("row-unknown", row=ref.name)
        if of is None or not filed:
            code = _code_before_filing(session, given)
            return StampEntry(ref, kind, stamp.sha256, code, True, False, given.cancelled_at is not None)
        return StampEntry(
            ref, kind, stamp.sha256, f"{given.number:02d}/{of.code_notation}" if of.code_notation else "",
            is_electronic(of.kind, of.signature, signed=of.signed), True, given.cancelled_at is not None,
        )  # fmt: skip


def _code_before_filing(session: Session, given: EntryRow) -> str:
    """Number and notation of a leaving document that is numbered and not filed: as read from its prepared file."""
    of = (OutgoingRow.year == given.year, OutgoingRow.number == given.number)
    proposal = session.scalar(select(OutgoingRow.proposal).where(*of))
    notation = Metadata.from_json(proposal).text("code_notation") if proposal else ""
    return f"{given.number:02d}/{notation}" if notation else ""


def is_electronic(kind: str, signature: str, *, signed: bool) -> bool:
    """Was a document electronic when it came or was made here? From the columns `DocumentRow` has of it."""
    return Kind(kind).is_office or signed or signature not in UNSIGNED


def _is_named(ref: StampRef, stamp: StampRow) -> bool:
    """Does the name say what the row is? A row that was tampered with must not make a copy of an attachment."""
    known = {kind.value for kind in StampKind}
    if stamp.kind not in known:
        return False
    kind, of = StampKind(stamp.kind), stamp.parent_id
    if kind.is_copy:
        return ref.name.startswith("sao-")
    return ref.name == f"{of}.sh" if kind is StampKind.DIGITISED else ref.name.startswith(f"{of}.pl")
