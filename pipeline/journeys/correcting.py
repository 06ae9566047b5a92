"""What a person does to a document afterwards: correct a field, try again, cancel a number. Each is an event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from pipeline import archive, registers
from pipeline.archive import RebuildReport
from pipeline.database import audit
from pipeline.database.tables import DocumentRow, EntryRow, OutgoingRow
from pipeline.document import FIELD_NAMES, Metadata
from pipeline.errors import UsageError
from pipeline.journeys.bagging import bring_bag_up_to_date
from pipeline.journeys.desk import find_row
from pipeline.journeys.office import Office
from pipeline.journeys.remembering import restore
from pipeline.journeys.stamping import COPIES, cancel_copy, forward_copy, set_attachments_aside
from pipeline.vietnamese import nfc, parse_date

Corrections = Mapping[str, str | tuple[str, ...]]


def edit(office: Office, document_id: str, corrections: Corrections, actor: str) -> Metadata:
    """Put a person's values over the machine's; "" says there is none. The proposal stays as it was.

    The event goes into the bag first, then into the database with the index. Raises NotFoundError, UsageError.
    """
    clean = {name: _clean(name, value) for name, value in corrections.items()}
    at = office.clock()
    row = _filed(office, document_id)
    event = {"kind": "corrected", "at": at.isoformat(), "actor": actor, "corrections": _json(clean)}
    archive.record_event(office.archive, document_id, event)
    with office.database.write() as session:
        row = session.get_one(DocumentRow, document_id)
        row.corrections = {**row.corrections, **_json(clean)}
        row.review = [name for name in row.review if name not in clean]
        corrected = Metadata.from_json(row.proposal or {}).corrected(_values(row.corrections))
        archive.put_fields(session, row, corrected)
        archive.keep_confirmed(session, row)
        audit.append(
            session, at=at, actor=actor, kind="corrected", document_id=document_id, detail={"corrections": _json(clean)}
        )
    return corrected


def withdraw(office: Office, document_id: str, names: Sequence[str], actor: str) -> Metadata:
    """Take a person's values of some fields back: the machine's proposal stands again, doubtful where it was.

    Raises NotFoundError, UsageError.
    """
    at = office.clock()
    row = _filed(office, document_id)
    event = {"kind": "withdrawn", "at": at.isoformat(), "actor": actor, "fields": list(names)}
    archive.record_event(office.archive, document_id, event)
    with office.database.write() as session:
        row = session.get_one(DocumentRow, document_id)
        row.corrections = {name: value for name, value in row.corrections.items() if name not in names}
        proposal = Metadata.from_json(row.proposal or {})
        doubtful = {*row.review, *(name for name in names if name in proposal.review)}
        row.review = [name for name in FIELD_NAMES if name in doubtful]
        standing = proposal.corrected(_values(row.corrections))
        archive.put_fields(session, row, standing)
        archive.keep_confirmed(session, row)
        audit.append(
            session, at=at, actor=actor, kind="withdrawn", document_id=document_id, detail={"fields": list(names)}
        )
    return standing


def _filed(office: Office, document_id: str) -> DocumentRow:
    """The row of a document that can be corrected. Raises NotFoundError, UsageError."""
    with office.database.read() as session:
        row = find_row(session, document_id)
    if row.state != "filed" or row.proposal is None:
        raise UsageError("edit-not-filed", document=document_id, state=row.state)
    return row


def retry(
    office: Office, document_id: str, actor: str, *, not_secret: bool = False, accept_signature: bool = False
) -> None:
    """Send a quarantined document on its journey again; the running service takes it up at its next look.

    `not_secret` is a person's word that the document carries no secrecy mark; it is kept as a correction.
    `accept_signature` takes the document in although its signature is not valid: said by name in the audit trail.
    """
    with office.database.write() as session:
        row = find_row(session, document_id)
        if row.state != "quarantined":
            raise UsageError("retry-not-quarantined", document=document_id, state=row.state)
        row.state, row.reason = "received", None
        if not_secret:
            row.corrections = {**row.corrections, "secrecy": ""}
        row.signature_accepted = row.signature_accepted or accept_signature
        audit.append(
            session, at=office.clock(), actor=actor, kind="retried", document_id=document_id,
            detail={"not_secret": not_secret, "accept_signature": accept_signature},
        )  # fmt: skip


def cancel_number(office: Office, document_id: str, reason: str, actor: str) -> None:
    """Cancel a number in the register, with a reason; it is never given again (Decree 30, Article 22; Appendix IV).

    Also that of a leaving document that is held: it will not be issued. Raises NotFoundError, UsageError.
    """
    at = office.clock()
    if document_id.startswith(COPIES):
        cancel_copy(office, document_id, reason, actor)
        return
    if _cancel_held(office, document_id, reason, actor):
        return
    with office.database.write() as session:
        row = find_row(session, document_id)
        entry = registers.entry_of(session, document_id)
        registers.cancel(session, entry.register, entry.year, entry.number, reason, at)
        audit.append(
            session, at=at, actor=actor, kind="number-cancelled", document_id=document_id, detail={"reason": reason}
        )
        event = {"kind": "number-cancelled", "at": at.isoformat(), "actor": actor, "reason": reason}
        if row.state == "filed":  # the bag's event before the commit: killed between, the same command says it again
            archive.record_event(office.archive, document_id, event)


def _cancel_held(office: Office, document_id: str, reason: str, actor: str) -> bool:
    """The number of a leaving document that is not issued; False when `document_id` is none. Bears being done again."""
    with office.database.write() as session:
        entry = session.scalar(select(EntryRow).where(EntryRow.document_id == document_id).with_for_update())
        if entry is None or entry.register != "di":
            return False
        leaving = session.scalar(select(OutgoingRow).filter_by(year=entry.year, number=entry.number).with_for_update())
        if leaving is None or leaving.state == "issued":
            return False
        if leaving.state not in {"held", "set-aside"}:  # the seal service may have it in hand
            raise UsageError("cancel-on-its-way", document=document_id)
        if leaving.state == "held":
            registers.cancel(session, "di", entry.year, entry.number, reason, office.clock())
            leaving.state, leaving.reason = "set-aside", "number-cancelled"
            set_attachments_aside(session, document_id)
            audit.append(
                session, at=office.clock(), actor=actor, kind="number-cancelled", document_id=document_id,
                receipt_id=leaving.id, detail={"reason": reason},
            )  # fmt: skip
    archive.tombstone(office.archive, archive.entry_to_json(entry), entry.cancel_reason or reason)
    return True


def rebuild(office: Office) -> RebuildReport:
    """Make the index and the registers anew from the archive's folders, and take up leaving documents on their way."""
    found = restore(office)
    kept = [office.work(""), office.secret(""), office.review("")]
    elsewhere = [path.name for folder in kept if folder.is_dir() for path in folder.iterdir()]
    report = archive.rebuild(office.archive, office.refused, office.database, office.clock(), elsewhere=elsewhere)
    return replace(report, findings=(*found, *report.findings))


def forward(office: Office, document_id: str, recipient: str, day: date, actor: str) -> None:
    """Write into the register to whom a document was passed and when (columns 7 and 8 of the book)."""
    if document_id.startswith(COPIES):
        forward_copy(office, document_id, recipient, day, actor)
        return
    with office.database.write() as session:
        find_row(session, document_id)
        registers.forward(session, document_id, recipient, day)
        audit.append(
            session, at=office.clock(), actor=actor, kind="forwarded", document_id=document_id,
            detail={"recipient": recipient, "day": day.isoformat()},
        )  # fmt: skip
    bring_bag_up_to_date(office, document_id, actor)


def _clean(name: str, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    if name not in FIELD_NAMES:
        raise UsageError("field-unknown", field=name, known=", ".join(FIELD_NAMES))
    if name == "recipients":
        parts = value if isinstance(value, tuple) else tuple(value.split(";"))
        return tuple(nfc(part).strip() for part in parts if part.strip())
    text = nfc(value if isinstance(value, str) else " ".join(value)).strip()
    if name == "issued_date" and text:
        return read_date(text).isoformat()
    return text


def read_date(text: str) -> date:
    """A day as people type it: 15/03/2026, ngày 15 tháng 3 năm 2026, 2026-03-15. Raises UsageError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        day = parse_date(text)
    if day is None:
        raise UsageError("date-unreadable", value=text)
    return day


def _json(values: Corrections) -> dict[str, str | list[str]]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _values(stored: Mapping[str, str | list[str]]) -> dict[str, str | tuple[str, ...]]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()}
