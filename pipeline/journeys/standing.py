"""How the office stands: what waits, what failed, whether anybody watches, how much room is left."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from pipeline.database.tables import DocumentRow, OutgoingRow, ReceiptRow, StampRow
from pipeline.intake import waiting_files
from pipeline.journeys.office import Office

LEAVING_ROWS = (
    select(OutgoingRow.state, OutgoingRow.name, OutgoingRow.reason)
    .where(
        OutgoingRow.state.not_in(("issued", "returned", "set-aside"))
        | ((OutgoingRow.state == "issued") & (OutgoingRow.level != OutgoingRow.wanted))
    )
    .order_by(OutgoingRow.created_at)
)
STAMP_ROWS = (
    select(StampRow.state, StampRow.name, StampRow.reason)
    .where(
        or_(
            StampRow.state.in_(("waiting", "held", "released", "sealed")),
            (StampRow.state == "filed") & (StampRow.level != StampRow.wanted),
        )
    )
    .order_by(StampRow.created_at)
)
MISSED_BEATS = 3  # rescans without a look before the watcher counts as blind


@dataclass(frozen=True, slots=True)
class Watcher:
    """The service as its heartbeat tells. `alive`: its process beats; `blind`: it lives but has stopped looking."""

    alive: bool
    blind: bool
    pid: int | None = None
    mode: str = ""
    file_system: str = ""
    watched_at: datetime | None = None
    running: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """Counts, the watcher and the disk. `in_folder`: files dropped and not taken in yet."""

    in_folder: int
    waiting: int
    filed: int
    quarantined: tuple[tuple[str, str], ...]  # (document id, reason code)
    secret: int
    refused: int
    to_review: int  # filed documents with fields that a person is asked to check
    to_split: tuple[str, ...]  # filed documents whose file may hold several, undecided
    last_filed: tuple[str, datetime] | None
    watcher: Watcher
    free_bytes: int
    low_disk: bool
    to_sign: int = 0  # leaving documents that wait for the leader's signature
    to_release: int = 0  # signed, waiting for an officer
    held: tuple[tuple[str, str], ...] = ()  # (name, reason code): an officer must look and release again
    hindered: tuple[tuple[str, str], ...] = ()  # released, and what they wait for; goes on by itself
    to_upgrade: int = 0  # issued at a lower level than wanted; goes on by itself

    @property
    def healthy(self) -> bool:
        watched = self.watcher.alive and not self.watcher.blind
        return watched and not (self.low_disk or self.quarantined or self.held or self.hindered)


def status(office: Office) -> Status:
    """Take stock. Raises DatabaseError."""
    with office.database.read() as session:
        states = dict(session.execute(select(DocumentRow.state, func.count()).group_by(DocumentRow.state)).all())
        failed = session.execute(
            select(DocumentRow.id, DocumentRow.reason)
            .where(DocumentRow.state == "quarantined")
            .order_by(DocumentRow.id)
        ).all()
        refused = session.scalar(select(func.count()).select_from(ReceiptRow).where(ReceiptRow.state == "refused")) or 0
        reviews = session.scalars(select(DocumentRow.review).where(DocumentRow.state == "filed"))
        to_review = sum(1 for review in reviews if review)
        proposed = select(DocumentRow.id).where(DocumentRow.batch == "proposed", DocumentRow.state == "filed")
        to_split = tuple(session.scalars(proposed.order_by(DocumentRow.id)))
        last = session.scalar(
            select(DocumentRow).where(DocumentRow.filed_at.is_not(None)).order_by(DocumentRow.filed_at.desc()).limit(1)
        )
        leaving = [*session.execute(LEAVING_ROWS).all(), *session.execute(STAMP_ROWS).all()]
    free = shutil.disk_usage(office.settings.workspace).free
    return Status(
        in_folder=len(waiting_files(office.incoming, office.settings.intake)),
        waiting=states.get("received", 0),
        filed=states.get("filed", 0),
        quarantined=tuple((str(i), str(reason)) for i, reason in failed),
        secret=states.get("secret", 0),
        refused=refused,
        to_review=to_review,
        to_split=to_split,
        last_filed=(last.id, last.filed_at) if last and last.filed_at else None,
        watcher=_watcher(office),
        free_bytes=free,
        low_disk=free < office.settings.intake.disk_reserve_mb << 20,
        to_sign=sum(state == "prepared" for state, *_ in leaving),
        to_release=sum(state == "waiting" for state, *_ in leaving),
        held=tuple((name, reason or "") for state, name, reason in leaving if state == "held"),
        hindered=tuple((name, reason) for state, name, reason in leaving if state in {"released", "sealed"} and reason),
        to_upgrade=sum(state in {"issued", "filed"} for state, *_ in leaving),
    )


def _watcher(office: Office) -> Watcher:
    try:
        beat = json.loads(office.heartbeat.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return Watcher(alive=False, blind=False)
    now = office.clock()
    age = now - datetime.fromisoformat(beat["at"])
    watched = datetime.fromisoformat(beat["watched_at"]) if beat["watched_at"] else None
    patience = timedelta(seconds=MISSED_BEATS * office.settings.intake.rescan_seconds + 60)
    return Watcher(
        alive=age < timedelta(seconds=30) and _runs(beat["pid"]),
        blind=watched is not None and now - watched > patience,
        pid=beat["pid"], mode=beat["mode"], file_system=beat["file_system"], watched_at=watched,
        running=tuple(beat["running"]),
    )  # fmt: skip


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
