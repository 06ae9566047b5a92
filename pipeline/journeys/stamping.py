"""An officer's part in copies, attachments and digitised paper: to release, withdraw, cancel, pass on.

What the service makes of a release: `stamper.py`.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline import archive, registers
from pipeline.database import audit
from pipeline.database.tables import EntryRow, OutgoingRow, StampRow
from pipeline.document import StampKind
from pipeline.errors import BusyError, NotFoundError, RefusedError, UsageError
from pipeline.journeys.arriving import ACTOR
from pipeline.journeys.copying import next_attachment, work
from pipeline.journeys.office import Office
from pipeline.journeys.outgoing import Waiting, seal_settings
from pipeline.sealer import SealClient, StampRef

HANDLE = 4  # hex digits of an id that name a waiting request, behind an "s"
COPIES = "sao-"  # begins the name of a row in the register of copies
NEVER_ISSUED = {"rejected", "returned", "set-aside"}  # states of a leaving document
RELEASABLE = {"waiting", "held", "released"}


# --- what an officer does ---------------------------------------------------------------------------------------------


def waiting(office: Office) -> list[Waiting]:
    """What waits for an officer, oldest first: asked for, or numbered and refused by the seal service."""
    query = select(StampRow).where(StampRow.state.in_(("waiting", "held"))).order_by(StampRow.created_at, StampRow.id)
    with office.database.read() as session:
        rows = list(session.scalars(query))
    length = HANDLE
    while len({row.id[-length:] for row in rows}) < len(rows):
        length += 1
    return [_waiting_of(office, row, f"s{row.id[-length:]}") for row in rows]


def _waiting_of(office: Office, row: StampRow, handle: str) -> Waiting:
    numbered = row.parent_id.startswith(("den-", "di-"))  # else it came with a draft
    words = office.messages(f"stamp-{row.kind}", document=row.parent_id if numbered else str(row.detail.get("of", "")))
    return Waiting(
        row.id, handle, row.name, row.row_name or "", code_of(row) or words, f"{words}: {row.detail.get('of', '')}",
        str(row.detail.get("approved_by", "")), row.created_at, row.state, row.reason or "",
        row.detail.get("refusal", {}) if row.reason else {}, row.kind, row.parent_id,
    )  # fmt: skip


def code_of(row: StampRow) -> str:
    """ "01/SY-BQL" of a copy; without a number yet "…/SY-BQL"; "" for what has no number of its own."""
    kind = StampKind(row.kind)
    if not kind.is_copy:
        return ""
    number = f"{int(row.row_name.split('-')[2]):02d}" if row.row_name else "…"
    return f"{number}/{kind.notation}-{row.detail.get('organ_notation', '')}"


def release(office: Office, stamp_id: str, officer: str) -> str:
    """An officer releases one: a copy gets its number, the seal service its order; returns what it is called.

    Done again after a failure it keeps the number. Raises NotFoundError, RefusedError (`not-waiting`, what the seal
    service refuses), SigningError when the seal service is away.
    """
    client = SealClient(seal_settings(office).socket)
    if officer not in client.status().officers:  # before a number is taken
        raise RefusedError("release-not-officer", officer=officer)
    _name_after_document(office, stamp_id)
    row = number(office, stamp_id, officer)
    assert row.row_name is not None  # noqa: S101 - given above
    client.authorise_stamp(StampRef(row.row_name), row.sha256, secrets.token_hex(16))
    with office.database.write() as session:
        row = session.get_one(StampRow, stamp_id, with_for_update=True)
        if row.state == "held":  # else the service was faster with an earlier order
            row.state, row.reason = "released", None
            record(session, office, "ordered", row, actor=officer)
    return str(row.row_name)


def _name_after_document(office: Office, stamp_id: str) -> None:
    """An attachment that came with its draft takes the name of the number that its document has got meanwhile.

    Raises RefusedError (`attachment-before-document`) while there is none.
    """
    with office.database.write() as session:
        row = session.get(StampRow, stamp_id, with_for_update=True)
        if row is None or row.kind != StampKind.ATTACHMENT or row.row_name is not None or row.state != "waiting":
            return
        leaving = session.get(OutgoingRow, row.parent_id)
        if leaving is None or leaving.year is None or leaving.number is None or leaving.state in NEVER_ISSUED:
            raise RefusedError("attachment-before-document", path=row.name)
        document_id = registers.document_id("di", leaving.year, leaving.number)
        row.row_name, row.parent_id = next_attachment(session, document_id), document_id


def number(office: Office, stamp_id: str, officer: str) -> StampRow:
    """One transaction: a copy's next number in the year, and who released it. Keeps what it has."""
    now = office.clock()
    with office.database.read() as session:
        seen = session.get(StampRow, stamp_id)
    if seen is None or seen.state not in RELEASABLE:
        raise (NotFoundError if seen is None else RefusedError)("not-waiting", name=stamp_id)
    with office.database.write() as session:
        given = None
        if seen.row_name is None:  # the counter's lock first, then look again
            recipient = str(seen.detail.get("recipient", ""))
            given = registers.enter(session, "sao", now, office.settings.registers, recipient=recipient)
        row = session.get_one(StampRow, stamp_id, with_for_update=True)
        if row.state not in RELEASABLE or (given is not None and row.row_name is not None):
            raise BusyError("released-elsewhere", name=row.name)  # a number just taken goes back with the transaction
        if given is not None:
            row.row_name = given.document_id
        row.state, row.reason = "held", "release-unfinished"
        row.released_by, row.released_at = officer, now
        record(session, office, "released", row, actor=officer)
    return row


def reject(office: Office, stamp_id: str, reason: str, actor: str) -> None:
    """What is not wanted, or not allowed. A copy that has its number keeps it in the book: `register cancel`.

    Raises NotFoundError, RefusedError, UsageError.
    """
    with office.database.write() as session:
        row = session.get(StampRow, stamp_id, with_for_update=True)
        if row is None or row.state not in {"waiting", "held"}:
            raise (NotFoundError if row is None else RefusedError)("not-waiting", name=stamp_id)
        if StampKind(row.kind).is_copy and row.row_name is not None:
            raise RefusedError("reject-numbered", path=row.name, document=row.row_name)
        row.state, row.reason = "set-aside", "rejected"
        row.row_name = None  # the document may be digitised another time
        record(session, office, "rejected", row, actor=actor, reason=reason)
    shutil.rmtree(work(office, stamp_id), ignore_errors=True)


def set_attachments_aside(session: Session, document_id: str) -> None:
    """Their document will not be issued. None of them is signed yet: that waits until it is filed."""
    of = (StampRow.parent_id == document_id, StampRow.state.in_(("waiting", "held", "released")))
    for row in session.scalars(select(StampRow).where(*of)):
        row.state, row.reason = "set-aside", "number-cancelled"


# --- the book of copies afterwards ------------------------------------------------------------------------------------


def cancel_copy(office: Office, copy_id: str, reason: str, actor: str) -> None:
    """Cancel the number of a copy, with a reason. One that is held is not made then. Bears being done again.

    Raises NotFoundError, UsageError (also while the seal service may have it in hand).
    """
    with office.database.write() as session:
        entry = _entry(session, copy_id)
        row = session.scalar(select(StampRow).where(StampRow.row_name == copy_id).with_for_update())
        if row is not None and row.state in {"released", "sealed"}:
            raise UsageError("cancel-on-its-way", document=copy_id)
        done = entry.cancelled_at is not None and row is not None and row.state == "set-aside"
        if not done:
            registers.cancel(session, "sao", entry.year, entry.number, reason, office.clock())
            if row is not None and row.state == "held":
                row.state, row.reason = "set-aside", "number-cancelled"
            audit.append(
                session, at=office.clock(), actor=actor, kind="number-cancelled", document_id=copy_id,
                detail={"reason": reason},
            )  # fmt: skip
        if row is not None and row.state == "filed":  # before the commit: killed between, the command says it again
            _tell_bag(office, row.parent_id, entry, actor)
    if row is None or row.state != "filed":
        archive.tombstone(office.archive, archive.entry_to_json(entry), entry.cancel_reason or reason)
    if row is not None and row.state == "set-aside":
        shutil.rmtree(work(office, row.id), ignore_errors=True)


def forward_copy(office: Office, copy_id: str, recipient: str, day: date, actor: str) -> None:
    """Write into the book of copies who got it and when. Raises NotFoundError."""
    with office.database.write() as session:
        entry = _entry(session, copy_id)
        registers.forward(session, copy_id, recipient, day)
        row = session.scalar(select(StampRow).where(StampRow.row_name == copy_id))
        audit.append(
            session, at=office.clock(), actor=actor, kind="forwarded", document_id=copy_id,
            detail={"recipient": recipient, "day": day.isoformat()},
        )  # fmt: skip
        if row is not None and row.state == "filed":
            _tell_bag(office, row.parent_id, entry, actor)


def _entry(session: Session, copy_id: str) -> EntryRow:
    entry = session.scalar(select(EntryRow).where(EntryRow.document_id == copy_id))
    if entry is None:
        raise NotFoundError("document-not-found", document=copy_id)
    return entry


def _tell_bag(office: Office, parent_id: str, entry: EntryRow, actor: str) -> None:
    event = {
        "kind": archive.COPY_CHANGED, "at": office.clock().isoformat(), "actor": actor,
        "document": entry.document_id, "entry": archive.entry_to_json(entry),
    }  # fmt: skip
    archive.record_event(office.archive, parent_id, event)


def record(session: Session, office: Office, kind: str, row: StampRow, *, actor: str = ACTOR, **detail: str) -> None:
    facts: Mapping[str, Any] = {"name": row.name, "row": row.row_name or "", "kind": row.kind, **detail}
    audit.append(
        session, at=office.clock(), actor=actor, kind=f"stamp-{kind}", document_id=row.parent_id, receipt_id=row.id,
        detail=facts,
    )  # fmt: skip
