"""Keeps what a bag says of its number, receipts and parts in step with the database: a rebuild loses nothing."""

from __future__ import annotations

from sqlalchemy import select

from pipeline import archive, registers
from pipeline.database.tables import EventRow, ReceiptRow
from pipeline.journeys.desk import find_row
from pipeline.journeys.office import Office


def bring_bag_up_to_date(office: Office, document_id: str, actor: str) -> None:
    """Record in a filed document's bag what its register entry, receipts and parts are now; nothing when all is there.

    Called after each change, and once more at a journey's end for what came in between: a crash loses no note.
    """
    with office.database.read() as session:
        if find_row(session, document_id).folder is None:
            return  # on its way: the bag will be filed with what is known then
        entry = archive.entry_to_json(registers.entry_of(session, document_id))
        query = select(ReceiptRow).where(ReceiptRow.document_id == document_id).order_by(ReceiptRow.id)
        receipts = [archive.receipt_to_json(receipt) for receipt in session.scalars(query)]
        split = session.scalar(select(EventRow).where(EventRow.document_id == document_id, EventRow.kind == "split"))
    stored = archive.load(office.archive / archive.folder_of(document_id))
    known = {receipt["id"] for receipt in stored.receipts}
    for receipt in receipts:
        if receipt["id"] not in known:
            event = {"kind": "received-again", "at": receipt["received_at"], "actor": actor, "receipt": receipt}
            archive.record_event(office.archive, document_id, event)
    if split is not None and stored.split is None:
        event = {"kind": "split", "at": split.at.isoformat(), "actor": split.actor, **split.detail}
        archive.record_event(office.archive, document_id, event)
    if entry != stored.register:
        at = office.clock().isoformat()
        event = {"kind": "register-changed", "at": at, "actor": actor, "entry": entry}
        archive.record_event(office.archive, document_id, event)
