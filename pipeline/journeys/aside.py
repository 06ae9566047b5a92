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
from pipeline.files import copy_durably, move_durably, storage_errors, write_durably
from pipeline.journeys.desk import Desk, Progress, original_of
from pipeline.journeys.judging import SIGNATURE_INVALID

log = logging.getLogger(__name__)
ACTOR = "vanthu"
RETURNED = "tra-lai"  # what goes back to its sender, with the words to send along
SECRECY_DOUBTFUL = "secrecy-doubtful"  # there may be a mark
SECRECY_UNSEEN = "secrecy-unseen"  # the page where it would stand could not be read


def quarantine(desk: Desk, document_id: str, failure: Failure) -> None:
    """Put a copy and the reason before a person, and wait for `vanthu retry`. Its number stays: it did arrive.

    What is or may be secret is not copied to where others can read it: only the reason is. A document that is filed
    already needs nobody's decision, so it stays where it is.
    """
    row = desk.row(document_id)
    if row.state not in {"received", "quarantined"}:
        log.error("%s is %s, but its journey did not end: %s %s", document_id, row.state, failure.code, failure.detail)
        return
    folder = desk.office.review(document_id)
    sentence = desk.office.messages.error(VanthuError(failure.code, **failure.detail))  # type: ignore[arg-type]
    if failure.code not in {SECRECY_DOUBTFUL, SECRECY_UNSEEN} and not desk.office.secret(document_id).exists():
        to_return = failure.code == SIGNATURE_INVALID
        place = folder / RETURNED if to_return else folder
        with storage_errors(folder), desk.staged(row).open("rb") as original:
            copy_durably(original, place / _shown_name(row))
        if to_return:
            notice = desk.office.messages("return-notice", name=row.name, **failure.detail)
            write_durably(place / "thong-bao.txt", f"{notice}\n".encode())
    retry = desk.office.messages(
        "quarantine-return" if failure.code == SIGNATURE_INVALID else "quarantine-retry", document=document_id
    )
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


def is_going_aside(desk: Desk, row: DocumentRow) -> bool:
    """Was it found to be secret, though an earlier try to set it aside may have been cut off?"""
    return row.state == "secret" or (desk.office.secret(row.id) / _shown_name(row)).exists()


def set_secret_aside(desk: Desk, row: DocumentRow) -> None:
    """Secret documents have their own law and register (Decree 30, Article 22.4): out of sight, number cancelled.

    The original goes into a folder that only the service's user can open; nothing that was read of it is kept.
    """
    folder = desk.office.secret(row.id)
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        if not is_going_aside(desk, row):
            move_durably(desk.staged(row), folder / _shown_name(row))
        for kept in folder.iterdir():
            kept.chmod(0o600)
    reason = desk.office.messages("secret-cancelled")
    entry, receipts = _commit_secret(desk, row, reason)
    facts = {"state": "secret", "sha256": row.sha256, "size": row.size, "kind": row.kind}
    archive.tombstone(
        desk.office.archive, archive.entry_to_json(entry), reason, document=facts,
        receipts=[archive.receipt_to_json(receipt) for receipt in receipts],
    )  # fmt: skip
    shutil.rmtree(desk.office.review(row.id), ignore_errors=True)  # a copy of an earlier quarantine may lie there
    message = desk.office.messages("secret-set-aside", document=row.id, path=folder)
    write_durably(desk.office.review(row.id) / "van-ban-mat.txt", f"{message}\n".encode())
    for receipt in receipts:
        forget_secret_receipt(desk, receipt)
    shutil.rmtree(desk.office.work(row.id), ignore_errors=True)  # last: until here a restart needs it
    log.warning("%s: carries a secrecy mark; set aside in %s", row.id, folder)
    desk.tell(Progress("secret", row.id))


def forget_secret_receipt(desk: Desk, receipt: ReceiptRow) -> None:
    """The dropped file and its safe copy must not lie about either: the bytes are kept with the secret ones."""
    shutil.rmtree(desk.office.staged(receipt.id), ignore_errors=True)
    shutil.rmtree(desk.office.received(receipt.received_at) / receipt.id, ignore_errors=True)


def _commit_secret(desk: Desk, row: DocumentRow, reason: str) -> tuple[EntryRow, list[ReceiptRow]]:
    at = desk.office.clock()
    with desk.office.database.write() as session:
        current = session.get_one(DocumentRow, row.id)
        entry = registers.entry_of(session, row.id)
        if current.state != "secret":
            current.state, current.staged, current.signature = "secret", None, ""
            current.name, current.raw_name = "", b""  # a name can tell what is in it; the receipts keep theirs
            if entry.cancelled_at is None:  # a clerk may have been faster, with a reason of his own
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
