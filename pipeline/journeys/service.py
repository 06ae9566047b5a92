"""The service: one process a workspace watches the folder, takes files in and runs the journeys until it is stopped."""

from __future__ import annotations

import json
import logging
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import func, select

from pipeline import archive, intake
from pipeline.confinement import share_imports
from pipeline.database.tables import DocumentRow, EventRow, ReceiptRow
from pipeline.engine import Engine
from pipeline.errors import BusyError, VanthuError
from pipeline.intake import Claim
from pipeline.journeys import returning
from pipeline.journeys.arriving import accept, steps
from pipeline.journeys.aside import quarantine
from pipeline.journeys.desk import Desk, Listener, Progress
from pipeline.journeys.judging import new_judge
from pipeline.journeys.leaving import Leaving
from pipeline.journeys.office import Office
from pipeline.reading import Reader
from pipeline.signatures.workshop import Workshop

log = logging.getLogger(__name__)
OF_CHILDREN = ("pipeline.signatures.examining", "pipeline.signatures.preparing")
PULSE_SECONDS = 1.0
PURGE_EVERY = timedelta(hours=12)
DONE = {
    "retired",
    "refused",
    "cleared",
    "quarantined",
    "secret",
    "prepared",
    "waiting",
    "issued",
    "upgraded",
    "returned",
    "stamp-filed",
    "stamp-upgraded",
}


def serve(office: Office, stop: threading.Event, *, once: bool = False, listener: Listener | None = None) -> None:
    """Run until `stop` is set, or with `once` until the folder and the queue are empty.

    Raises BusyError when another process serves this workspace, DatabaseError when it cannot start.
    """
    settings = office.settings
    share_imports(*OF_CHILDREN)
    with (
        _only_one(office),
        Reader(settings.reading, settings.intake, office.scratch) as reader,
        new_judge(settings.signatures) as judge,
        Workshop() as workshop,
    ):
        archive.clean(office.archive)
        board = Board()
        desk = Desk(office, reader, partial(_tell, board, listener or _silent), judge)
        journey = office.settings.journey
        engine = Engine(
            office.settings.database_url, office.settings.private, journey, steps(desk), partial(quarantine, desk)
        )
        engine.start()
        service = Service(desk, engine, board, stop, workshop)
        try:
            with service.pulse():
                service.take_up()
                service.run_once() if once else service.run()
        finally:
            engine.stop()


@dataclass(slots=True)
class Board:
    """Who is where just now; written by the journeys' threads, read by the pulse."""

    running: dict[str, Progress] = field(default_factory=dict)
    watched_at: datetime | None = None

    def post(self, progress: Progress) -> None:
        self.running.pop(progress.receipt, None)
        if progress.stage in DONE:
            self.running.pop(progress.subject, None)
        else:
            self.running[progress.subject] = progress


class Service:
    """The loop around the two hands: `take` for files, `beat` for everything that must not be forgotten."""

    def __init__(self, desk: Desk, engine: Engine, board: Board, stop: threading.Event, workshop: Workshop) -> None:
        self._desk = desk
        self._leaving = Leaving(desk, workshop, stop)
        self._office = desk.office
        self._engine = engine
        self._board = board
        self._stop = stop
        self._enqueued: set[tuple[str, int]] = set()
        self._purged_at: datetime | None = None

    def run(self) -> None:
        with self._leaving.watched():
            intake.watch(self._office.incoming, self._office.settings.intake, self.take, self._stop, self.beat)

    def run_once(self) -> None:
        intake.sweep(self._office.incoming, self._office.settings.intake, self.take)
        self._leaving.sweep()
        while not self._stop.is_set() and (self._waiting() or self._engine.busy()):
            self._look()
            self._stop.wait(0.2)

    def take_up(self) -> None:
        """What an earlier process left: claims, and documents without a journey."""
        self.beat()

    def take(self, path: Path, urgency: int) -> None:
        """One file that is whole. Raises what the watcher knows how to wait for: a full disk, a lost database."""
        self._accept(intake.claim(path, self._office.incoming, urgency))

    def beat(self) -> None:
        """After each rescan: what `_look` does; a database that is away for a while does not end the service."""
        try:
            self._look()
        except VanthuError as error:
            log.warning("tried again at the next look: %s", error)
        except Exception:
            log.exception("an error of ours; the service goes on")

    def _look(self) -> None:
        """Unfinished claims, documents that wait for a journey or lost it, old dropped files.

        Raises DatabaseError; StorageError when a document that failed cannot be set aside either.
        """
        self._board.watched_at = self._office.clock()
        for claim in intake.pending_claims(self._office.incoming):
            if self._stop.is_set():
                return
            self._accept_again(claim)
        self._send_off()
        now = self._office.clock()
        if self._purged_at is None or now - self._purged_at > PURGE_EVERY:
            self._purged_at = now
            purge_received(self._office, now)

    def _accept_again(self, claim: Claim) -> None:
        try:
            self._accept(claim)
        except VanthuError as error:
            log.warning("%s: not taken in yet: %s", claim.id, error)
        except Exception:  # the border: one claim's bug must not stop the others, now or at every start
            log.exception("%s: not taken in, an error of ours", claim.id)

    def _send_off(self) -> None:
        """Give every received document its journey; one whose journey came to nothing goes before a person."""
        forsaken, hindered = self._engine.forsaken(), None
        for document_id, urgency, attempt in self._received():
            if failure := forsaken.get((document_id, attempt)):
                try:
                    quarantine(self._desk, document_id, failure)
                except VanthuError as error:
                    hindered = error  # the others do not wait for it
            elif (document_id, attempt) not in self._enqueued:
                self._engine.enqueue(document_id, urgency=urgency, attempt=attempt)
                self._enqueued.add((document_id, attempt))
        if hindered is not None:
            raise hindered

    def _accept(self, claim: Claim) -> None:
        document_id = accept(self._desk, claim)  # what it raises leaves the claim where the next beat finds it
        if document_id is not None:
            self._engine.enqueue(document_id, urgency=claim.urgency)
            self._enqueued.add((document_id, 1))

    def _received(self) -> list[tuple[str, int, int]]:
        """Documents that are on their way or should be: (id, urgency, attempt)."""
        retries = (
            select(EventRow.document_id, func.count().label("n"))
            .where(EventRow.kind == "retried")
            .group_by(EventRow.document_id)
            .subquery()
        )
        query = (
            select(DocumentRow.id, DocumentRow.urgency, func.coalesce(retries.c.n, 0) + 1)
            .outerjoin(retries, retries.c.document_id == DocumentRow.id)
            .where(DocumentRow.state == "received")
            .order_by(DocumentRow.urgency.desc(), DocumentRow.id)
        )
        with self._office.database.read() as session:
            return [(str(i), int(u), int(a)) for i, u, a in session.execute(query)]

    def _waiting(self) -> bool:
        """Documents on their way that the engine may not have yet; for the others `busy` speaks."""
        with self._office.database.read() as session:
            received = select(func.count()).select_from(DocumentRow).where(DocumentRow.state == "received")
            return bool(session.scalar(received))

    @contextmanager
    def pulse(self) -> Iterator[None]:
        """A file that says every second that we live, what we look at and what we do."""
        ended = threading.Event()
        thread = threading.Thread(target=self._beat_heart, args=(ended,), name="pulse", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join(timeout=5)
            self._office.heartbeat.unlink(missing_ok=True)

    def _beat_heart(self, ended: threading.Event) -> None:
        mode, file_system = intake.choose_mode(self._office.incoming, self._office.settings.intake)
        while True:
            watched = self._board.watched_at
            state: dict[str, Any] = {
                "pid": os.getpid(),
                "at": self._office.clock().isoformat(),
                "watched_at": watched.isoformat() if watched else None,
                "mode": mode.value,
                "file_system": file_system,
                "running": [
                    {"subject": p.subject, "name": p.name, "stage": p.stage, "page": p.page, "pages": p.pages}
                    for p in list(self._board.running.values())
                ],
            }
            temporary = self._office.heartbeat.with_suffix(".new")
            try:
                temporary.write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")
                temporary.replace(self._office.heartbeat)
            except OSError as error:
                log.warning("the heartbeat could not be written: %s", error)
            if ended.wait(PULSE_SECONDS):
                return


def purge_received(office: Office, now: datetime) -> int:
    """Delete dropped files whose document was filed, issued or given up longer ago than `keep_received_days` (of secret
    ones: all that are left); return how many.
    """
    before = now - timedelta(days=office.settings.intake.keep_received_days)
    query = (
        select(ReceiptRow)
        .join(DocumentRow, DocumentRow.id == ReceiptRow.document_id)
        .where(
            (ReceiptRow.received_at < before) & (DocumentRow.state == "filed") & (DocumentRow.filed_at < before)
            | (DocumentRow.state == "secret")  # never to lie there, unless a kill came before the clearing
        )
    )
    with office.database.read() as session:
        folders = [office.received(receipt.received_at) / receipt.id for receipt in session.scalars(query)]
    present = [folder for folder in folders if folder.is_dir()] + returning.dropped_before(office, before)
    for folder in present:
        shutil.rmtree(folder, ignore_errors=True)
    return len(present)


@contextmanager
def _only_one(office: Office) -> Iterator[None]:
    lock = FileLock(office.settings.private / "service.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise BusyError("workspace-busy", path=office.settings.workspace) from error
    try:
        yield
    finally:
        lock.release()


def _tell(board: Board, listener: Listener, progress: Progress) -> None:
    board.post(progress)
    if progress.stage != "page":
        log.info("%s: %s", progress.subject, progress.stage)
    listener(progress)


def _silent(_progress: Progress) -> None:
    """Nobody listens."""
