"""What will not be issued goes back to its author: a person decides in the register, the service moves the files.

    prepared, waiting → rejected (`vanthu release --reject`) → returned: the file lies in tra-lai/ with its reason
    held → set-aside (`vanthu register cancel`)              → the same, the number stays in the book

An officer's login cannot write into the private folder, hence the two steps; each bears being cut off and done again.
"""

from __future__ import annotations

import logging
import shutil
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from pipeline import intake, registers
from pipeline.database.tables import OutgoingRow
from pipeline.errors import NotFoundError, RefusedError, UsageError, VanthuError
from pipeline.files import storage_errors, write_durably
from pipeline.journeys import outgoing
from pipeline.journeys.desk import Desk, Progress
from pipeline.journeys.office import RETURNED, Office

log = logging.getLogger(__name__)
GIVEN_UP = ("rejected", "set-aside")


def reject(office: Office, outgoing_id: str, reason: str, actor: str) -> None:
    """Nobody signs or releases it any more; the service brings the file back to its author.

    Raises NotFoundError, UsageError for an empty reason, RefusedError: `reject-numbered`, `reject-issued` for what has
    a number, `reject-returned` for what went back already.
    """
    if not reason.strip():
        raise UsageError("value-empty", option="reason")
    with office.database.write() as session:
        row = session.get(OutgoingRow, outgoing_id, with_for_update=True)
        if row is None:
            raise NotFoundError("not-waiting", name=outgoing_id)
        if row.state in {"rejected", "returned"}:
            raise RefusedError("reject-returned", path=row.name)
        if row.year is not None and row.number is not None:
            code = "reject-issued" if row.state == "issued" else "reject-numbered"
            raise RefusedError(code, path=row.name, document=registers.document_id("di", row.year, row.number))
        row.state, row.reason = "rejected", "rejected"
        row.detail = {**row.detail, "returned": {"reason": reason.strip(), "by": actor}}
        outgoing.record(session, office, "rejected", row, actor=actor, reason=reason.strip())


def send_back(desk: Desk) -> int:
    """Bring the files of what was given up to tra-lai/; returns how many went. One's fault stops no other."""
    office, gone = desk.office, 0
    query = select(OutgoingRow).where(OutgoingRow.state.in_(GIVEN_UP)).order_by(OutgoingRow.created_at)
    with office.database.read() as session:
        rows = [row for row in session.scalars(query) if "closed_at" not in row.detail]
    for row in rows:
        try:
            _send_back(office, row)
        except VanthuError as error:
            log.warning("%s: goes back later: %s", row.id, error)
        except Exception:  # the border: one document's bug must not stop the others
            log.exception("%s: an error of ours", row.id)
        else:
            gone += 1
            desk.tell(Progress("returned", row.id, row.name))
    return gone


def dropped_before(office: Office, before: datetime) -> list[Path]:
    """Folders of dropped drafts and signed files whose document was issued or given up before then."""
    received = office.settings.private / "received"
    there = {claim.name: claim for day in received.glob("????-??-??") for claim in day.iterdir()}
    query = select(OutgoingRow).where(OutgoingRow.state.in_(("issued", "returned", "set-aside")))
    with office.database.read() as session:
        rows = list(session.scalars(query)) if there else []
    found = []
    for row in rows:
        closed = row.detail.get("closed_at")
        ended = datetime.fromisoformat(closed) if closed else row.released_at
        if ended is not None and ended < before:
            found += [there[name] for name in (row.id, row.detail.get("claim")) if name in there]
    return found


def _send_back(office: Office, row: OutgoingRow) -> None:
    source = _what_goes_back(office, row)
    if source is not None:
        target = outgoing.publish(source, outgoing.folder(office, RETURNED), f"{Path(row.name).stem}{source.suffix}")
        words, _ = intake.reason_paths(target)
        write_durably(words, f"{_told(office, row)}\n".encode())
    outgoing.take_off_the_desk(office, row)
    with office.database.write() as session:
        row = session.get_one(OutgoingRow, row.id, with_for_update=True)
        row.state = "returned" if row.state == "rejected" else row.state
        row.detail = {**row.detail, "closed_at": office.clock().isoformat()}
        outgoing.record(session, office, "returned", row)
    shutil.rmtree(outgoing.work(office, row.id), ignore_errors=True)


def _what_goes_back(office: Office, row: OutgoingRow) -> Path | None:
    """The signed file; of what nobody signed the draft as it was dropped, which its author can go on with."""
    place = outgoing.work(office, row.id)
    dropped = office.received(row.created_at) / row.id
    with storage_errors(dropped):
        drafts = sorted(dropped.iterdir()) if dropped.is_dir() else []
    found = [place / "signed.pdf", *drafts, place / "prepared.pdf"]
    return next((path for path in found if path.is_file() and not path.is_symlink()), None)


def _told(office: Office, row: OutgoingRow) -> str:
    day = office.clock().astimezone(office.settings.registers.zone)
    said = row.detail.get("returned", {})
    if row.number is not None:
        document = registers.document_id("di", row.year or 0, row.number)
        return office.messages("returned-cancelled", name=row.name, document=document, day=f"{day:%d/%m/%Y}")
    return office.messages(
        "returned-why", name=row.name, officer=said.get("by", ""), reason=said.get("reason", ""), day=f"{day:%d/%m/%Y}"
    )
