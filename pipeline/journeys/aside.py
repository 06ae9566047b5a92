"""Documents that leave the ordinary way: those that fail for good, and secret ones, which are not for this system."""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path

from sqlalchemy import select

from pipeline import archive, registers
from pipeline.database import audit
from pipeline.database.tables import DocumentRow, EntryRow, ReceiptRow
from pipeline.engine import Failure
from pipeline.errors import VanthuError
from pipeline.files import copy_durably, move_durably, write_durably
from pipeline.journeys.desk import Desk, Progress, original_of

log = logging.getLogger(__name__)
ACTOR = "vanthu"
SECRECY_DOUBTFUL = "secrecy-doubtful"


def quarantine(desk: Desk, document_id: str, failure: Failure) -> None:
    """Put a copy and the reason before a person, and wait for `vanthu retry`. Its number stays: it did arrive.

    What may be secret is not copied to where others can read it: only the reason is.
    """
    row = desk.row(document_id)
    folder = desk.office.review(document_id)
    sentence = desk.office.messages.error(VanthuError(failure.code, **failure.detail))  # type: ignore[arg-type]
    if row.staged is not None and failure.code != SECRECY_DOUBTFUL:
        with desk.staged(row).open("rb") as original:
            copy_durably(original, folder / _shown_name(row))
    retry = desk.office.messages("quarantine-retry", document=document_id)
    write_durably(folder / "ly-do.txt", f"{sentence}\n{retry}\n".encode())
    at = desk.office.clock()
    with desk.office.database.write() as session:
        row = session.get_one(DocumentRow, document_id)
        if row.state == "received":
            row.state, row.reason = "quarantined", failure.code
            audit.append(
                session, at=at, actor=ACTOR, kind="quarantined", document_id=document_id,
                detail={"code": failure.code, **failure.detail},
            )  # fmt: skip
    desk.tell(Progress("quarantined", document_id, row.name))


def set_secret_aside(desk: Desk, row: DocumentRow) -> None:
    """Secret documents have their own law and register (Decree 30, Article 22.4): out of sight, number cancelled.

    The original goes into a folder that only the service's user can open; nothing that was read of it is kept.
    """
    folder = desk.office.secret(row.id)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    target = folder / _shown_name(row)
    if row.state != "secret" and not target.exists():
        move_durably(desk.staged(row), target)
        target.chmod(0o600)
    shutil.rmtree(desk.office.work(row.id), ignore_errors=True)
    reason = desk.office.messages("secret-cancelled")
    entry, receipts = _commit_secret(desk, row, reason)
    facts = {"state": "secret", "sha256": row.sha256, "size": row.size, "kind": row.kind}
    archive.tombstone(
        desk.office.archive, archive.entry_to_json(entry), reason, document=facts,
        receipts=[archive.receipt_to_json(receipt) for receipt in receipts],
    )  # fmt: skip
    message = desk.office.messages("secret-set-aside", document=row.id, path=folder)
    write_durably(desk.office.review(row.id) / "van-ban-mat.txt", f"{message}\n".encode())
    if row.staged is not None:
        shutil.rmtree((desk.office.settings.private / row.staged).parent, ignore_errors=True)
    for receipt in receipts:  # the dropped files must not lie among the received ones either
        shutil.rmtree(desk.office.received(receipt.received_at) / receipt.id, ignore_errors=True)
    log.warning("%s: carries a secrecy mark; set aside in %s", row.id, folder)
    desk.tell(Progress("secret", row.id))


def _commit_secret(desk: Desk, row: DocumentRow, reason: str) -> tuple[EntryRow, list[ReceiptRow]]:
    at = desk.office.clock()
    with desk.office.database.write() as session:
        current = session.get_one(DocumentRow, row.id)
        entry = registers.entry_of(session, row.id)
        if current.state != "secret":
            current.state, current.staged = "secret", None
            current.name, current.raw_name = "", b""  # a name can tell what is in it; the receipts keep theirs
            entry = registers.cancel(session, entry.register, entry.year, entry.number, reason, at)
            audit.append(session, at=at, actor=ACTOR, kind="secret", document_id=row.id)
        receipts = list(session.scalars(select(ReceiptRow).where(ReceiptRow.document_id == row.id)))
    return entry, receipts


def _shown_name(row: DocumentRow) -> str:
    """The name the file arrived with, byte for byte; one that a file system cannot carry gives way to the id."""
    name = os.fsdecode(row.raw_name)
    return (
        name if name == Path(name).name and len(row.raw_name) <= 255 else row.id + original_of(row, Path()).kind.suffix
    )
