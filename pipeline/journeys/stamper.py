"""Copies, attachments and digitised paper from their release to the bag: numbered, signed, validated, filed, given out.

| step     | what is durable when it ends                                                                  |
|----------|-----------------------------------------------------------------------------------------------|
| numbered | one transaction: a copy's number in the register `sao`, who released it; *held* until ordered |
| released | the order in the seal service's journal, then the row                                         |
| signed   | the seal service: file, then its journal; here: the copy of it, validated, then the row       |
| bagged   | file and event in the bag of the document                                                     |
| filed    | the copy in da-phat-hanh/, then the row                                                       |

Each may be cut off and done again: the same number, the same bytes, one event. Files first, rows after.
"""

from __future__ import annotations

import logging
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import select

from pipeline import archive, registers
from pipeline.database.tables import DocumentRow, StampRow
from pipeline.document import Kind, StampKind
from pipeline.errors import RefusedError, SigningError, VanthuError
from pipeline.files import sha256_of
from pipeline.journeys.copying import SOURCE, STAMPED, work
from pipeline.journeys.desk import Desk, Progress
from pipeline.journeys.issuing import FIRST_PAUSE, MOST_PAUSE, Pauses
from pipeline.journeys.judging import validate_made
from pipeline.journeys.office import ISSUED, Office
from pipeline.journeys.outgoing import folder, publish, seal_settings
from pipeline.journeys.stamping import code_of, record
from pipeline.sealer import SealClient, SealSettings, StampRef

log = logging.getLogger(__name__)
PLACES = {StampKind.ATTACHMENT: "attachments", StampKind.DIGITISED: "digitised"}  # below data/ in the bag; else: copies
ABANDONED_SECONDS = 86400.0  # a folder without a row, this old, is of a command that was killed


class Stamper:
    """Brings forward what was released; made anew by each service. One thread at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._pauses = Pauses(FIRST_PAUSE, MOST_PAUSE)

    def advance(self) -> int:
        """Take everything as far as it can go now; returns how many moved. One's fault stops no other."""
        office = self._desk.office
        if not office.settings.outgoing.seal:
            return 0
        query = (
            select(StampRow)
            .join(DocumentRow, DocumentRow.id == StampRow.parent_id)  # an attachment waits until its document is filed
            .where(StampRow.state.in_(("released", "sealed")), DocumentRow.state == "filed")
            .order_by(StampRow.released_at)
        )
        with office.database.read() as session:
            rows = list(session.scalars(query))
        if not rows:
            return 0
        configured = seal_settings(office)
        due = [row for row in rows if self._pauses.due(row.id, row.state, row.released_at)]
        return sum(self._try(row, configured) for row in due)

    def _try(self, row: StampRow, configured: SealSettings) -> bool:
        office, key = self._desk.office, (row.id, row.state, row.released_at)
        try:
            if row.state == "released":
                _sign(self._desk, row.id, configured)
            _file(self._desk, row.id)
        except VanthuError as error:
            if isinstance(error, RefusedError) or (isinstance(error, SigningError) and not error.retry):
                _hold(office, row, error)
                return False
            log.warning("%s: tried again later: %s", row.row_name, error)
            _note_hindrance(office, row, error.code)
        except Exception:  # the border: one file's bug must not stop the others
            log.exception("%s: an error of ours", row.row_name)
            _note_hindrance(office, row, "unexpected")
        else:
            self._pauses.moved(*key)
            return True
        self._pauses.failed(*key)
        return False


def tidy(office: Office) -> None:
    """At the start of the service: what a killed command left without a row, and what is filed already."""
    places = work(office, "")
    found = [place for place in places.iterdir() if place.is_dir()] if places.is_dir() else []
    with office.database.read() as session:
        states = {stamp_id: state for stamp_id, state in session.execute(select(StampRow.id, StampRow.state))}  # noqa: C416 - typed
    now = office.clock().timestamp()
    for place in found:
        state = states.get(place.name)
        if state in {"filed", "set-aside"} or (state is None and now - place.stat().st_mtime > ABANDONED_SECONDS):
            shutil.rmtree(place, ignore_errors=True)


def _row(office: Office, stamp_id: str) -> StampRow:
    with office.database.read() as session:
        return session.get_one(StampRow, stamp_id)


def _sign(desk: Desk, stamp_id: str, configured: SealSettings) -> None:
    office, place, row = desk.office, work(desk.office, stamp_id), _row(desk.office, stamp_id)
    assert row.row_name is not None  # noqa: S101 - released
    if StampKind(row.kind).is_copy:
        # A folder that `rebuild` sees: should the database be lost now, this number is not given to another copy.
        office.work(row.row_name).mkdir(parents=True, exist_ok=True)
    stamped = SealClient(configured.socket).stamp(StampRef(row.row_name), row.sha256, place / SOURCE, place / STAMPED)
    validate_made(desk, place / STAMPED, row.row_name, least=1, most=1)
    with office.database.write() as session:
        row = session.get_one(StampRow, stamp_id, with_for_update=True)
        row.state, row.reason = "sealed", None
        row.stamped_sha256, row.level, row.wanted = stamped.sha256, stamped.level, stamped.wanted
        row.detail = {**row.detail, "line": stamped.line, "signed_at": stamped.at.isoformat()}
        record(session, office, "signed", row, actor=stamped.officer, sha256=stamped.sha256, level=stamped.level)
    desk.tell(Progress("stamped", stamp_id, row.name))


def _file(desk: Desk, stamp_id: str) -> None:
    """Into the bag of its document, to da-phat-hanh/ unless it is for the archive alone, and then the row."""
    office, stamped, row = desk.office, work(desk.office, stamp_id) / STAMPED, _row(desk.office, stamp_id)
    assert row.row_name is not None  # noqa: S101 - released
    _put_into_bag(office, row, stamped)
    desk.tell(Progress("bagged", stamp_id, row.name))
    detail = dict(row.detail)
    if row.kind != StampKind.DIGITISED:
        detail["issued_as"] = publish(stamped, folder(office, ISSUED), _published_name(row)).name
        desk.tell(Progress("handed-out", stamp_id, row.name))
    with office.database.write() as session:
        row = session.get_one(StampRow, stamp_id, with_for_update=True)
        row.state, row.reason, row.detail = "filed", None, detail
        record(session, office, "filed", row, sha256=str(row.stamped_sha256))
        line = str(row.row_name)
    shutil.rmtree(work(office, stamp_id), ignore_errors=True)
    if StampKind(row.kind).is_copy:
        shutil.rmtree(office.work(line), ignore_errors=True)
    desk.tell(Progress("stamp-filed", line, row.name, receipt=stamp_id))


def _put_into_bag(office: Office, row: StampRow, stamped: Path) -> None:
    """Once: an event that is there already counts, whatever the book says of the copy since."""
    bag = office.archive / archive.folder_of(row.parent_id)
    archive.repair(bag)
    if any(event["stamp"]["row_name"] == row.row_name for event in archive.load(bag).stamped):
        return
    if sha256_of(stamped) != row.stamped_sha256:
        raise SigningError("sealed-not-valid", path=row.row_name, reason="sha256")
    kind = StampKind(row.kind)
    name = f"-{archive.safe_name(row.name, Kind.PDF)}" if kind is StampKind.ATTACHMENT else ".pdf"
    event: dict[str, Any] = {
        "kind": archive.STAMPED, "at": row.detail["signed_at"], "actor": row.released_by,
        "file": f"data/{PLACES.get(kind, 'copies')}/{row.row_name}{name}", "sha256": row.stamped_sha256,
        "size": stamped.stat().st_size, "stamp": archive.stamp_to_json(row),
    }  # fmt: skip
    if kind.is_copy:
        with office.database.read() as session:
            event["entry"] = archive.entry_to_json(registers.entry_of(session, str(row.row_name)))
    archive.record_event(office.archive, row.parent_id, event, file=stamped)


def _published_name(row: StampRow) -> str:
    """ "01-SY-BQL Công văn.pdf"; an attachment by the name of its own file."""
    code = re.sub(r"[^\w.-]+", "-", code_of(row))
    return f"{code} {row.name}" if code else row.name


def _hold(office: Office, seen: StampRow, error: VanthuError) -> None:
    """Its number stays its own; an officer looks at the reason and releases it again."""
    with office.database.write() as session:
        row = session.get_one(StampRow, seen.id, with_for_update=True)
        if row.released_at != seen.released_at:
            return  # released again meanwhile: what was refused was the earlier release
        row.state, row.reason, row.detail = "held", error.code, {**row.detail, "refusal": error.detail}
        record(session, office, "held", row, code=error.code)
    log.warning("%s: held for an officer: %s", seen.row_name, error)


def _note_hindrance(office: Office, seen: StampRow, code: str) -> None:
    """For `status`: why it goes no further."""
    with suppress(VanthuError), office.database.write() as session:
        row = session.get_one(StampRow, seen.id, with_for_update=True)
        if row.state in {"released", "sealed"}:
            row.reason = code
