"""Copies, attachments and digitised paper that were signed while a service was out of order get what they lack, later.

As `issuing.py` does for leaving documents: file, then bag, then the copy that was given out, then the row. What was
signed stays in the bag as it is, the new file beside it.
"""

from __future__ import annotations

import logging
import shutil
from typing import Any

from sqlalchemy import select

from pipeline import archive, signatures
from pipeline.database.tables import StampRow
from pipeline.errors import IntegrityError, VanthuError
from pipeline.files import copy_durably, sha256_of
from pipeline.journeys.arriving import ACTOR
from pipeline.journeys.copying import work
from pipeline.journeys.desk import Desk, Progress
from pipeline.journeys.issuing import FIRST_UPGRADE, MOST_UPGRADE, Pauses
from pipeline.journeys.judging import trust_store, validate_made
from pipeline.journeys.office import ISSUED
from pipeline.journeys.outgoing import folder, seal_settings
from pipeline.journeys.stamping import record
from pipeline.sealer import SealSettings
from pipeline.signatures import Level, Terms

log = logging.getLogger(__name__)


class StampUpgrader:
    """The durable queue is the rows themselves: filed, at a lower level than was wanted. One thread at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._pauses = Pauses(FIRST_UPGRADE, MOST_UPGRADE)

    def advance(self) -> int:
        """Try those whose turn it is; returns how many moved. One's fault stops no other."""
        office = self._desk.office
        if not office.settings.outgoing.seal:
            return 0
        lower = (StampRow.state == "filed", StampRow.level != StampRow.wanted)
        with office.database.read() as session:
            rows = list(session.scalars(select(StampRow).where(*lower).order_by(StampRow.released_at)))
        due = [row for row in rows if self._pauses.due(row.id)]
        if not due:
            return 0
        configured = seal_settings(office)
        return sum(self._try(row, configured) for row in due)

    def _try(self, row: StampRow, configured: SealSettings) -> bool:
        try:
            moved = _upgrade(self._desk, row, configured)
        except VanthuError as error:
            log.warning("%s: proofs are added later: %s", row.row_name, error)
        except Exception:  # the border: one file's bug must not stop the others
            log.exception("%s: an error of ours", row.row_name)
        else:
            if moved:
                self._pauses.moved(row.id)
                return True
        self._pauses.failed(row.id)
        return False


def _upgrade(desk: Desk, row: StampRow, configured: SealSettings) -> bool:
    """Done again after a kill it takes what is there. False: no service is configured any more.

    Raises SigningError while a service is out of order or when the new file does not validate, IntegrityError.
    """
    office = desk.office
    bag = office.archive / archive.folder_of(row.parent_id)
    archive.repair(bag)  # one that was cut off counts
    event = _found(bag, row)
    if "upgraded" not in event and not _file_upgrade(desk, row, event, configured):
        return False
    event = _found(bag, row)
    target = folder(office, ISSUED) / str(row.detail.get("issued_as", row.name))
    ours = target.is_file() and not target.is_symlink() and sha256_of(target) == row.stamped_sha256
    if ours:  # nobody changed it or put another there
        with (bag / event["file"]).open("rb") as upgraded:
            copy_durably(upgraded, target)
    with office.database.write() as session:
        row = session.get_one(StampRow, row.id, with_for_update=True)
        row.level = event["upgraded"]
        record(session, office, "upgraded", row, level=event["upgraded"], sha256=event["sha256"], replaced=str(ours))
    shutil.rmtree(work(office, row.id), ignore_errors=True)
    desk.tell(Progress("stamp-upgraded", str(row.row_name), row.name))
    return True


def _found(bag: Any, row: StampRow) -> archive.Json:
    """What the bag says of it. Raises IntegrityError."""
    for event in archive.load(bag).stamped:
        if event["stamp"]["row_name"] == row.row_name:
            return event
    raise IntegrityError("bag-damaged", path=bag, reason=row.row_name)


def _file_upgrade(desk: Desk, row: StampRow, event: archive.Json, configured: SealSettings) -> bool:
    office, kept = desk.office, desk.office.archive / archive.folder_of(row.parent_id) / event["file"]
    if sha256_of(kept) != row.stamped_sha256:
        raise IntegrityError("original-changed", path=kept, document=row.parent_id)
    terms = Terms.from_settings(configured.signing, trust_store(office.settings.private).anchors())
    if terms.wanted < Level.of(str(row.wanted)):
        return False  # it stays as it is
    made = signatures.upgrade(kept, work(office, row.id) / "upgraded.pdf", terms)
    validate_made(desk, made.path, str(row.row_name), least=1, most=1)
    desk.tell(Progress("stamp-upgrading", str(row.row_name), row.name))
    upgraded = {
        "kind": archive.STAMP_UPGRADED, "at": office.clock().isoformat(), "actor": ACTOR, "row_name": row.row_name,
        "level": str(made.level), "sha256": made.sha256, "size": made.size,
        "file": f"data/upgraded/{made.level}-{made.sha256[:8]}-{kept.name}",
    }  # fmt: skip
    archive.record_event(office.archive, row.parent_id, upgraded, file=made.path)
    return True
