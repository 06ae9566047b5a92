"""The one door to the durable engine (DBOS): a journey of steps for each document, every step a checkpoint.

A step that was finished is never run again; a step that was cut off is run again from its beginning, so steps must
bear that. What can pass is tried again with growing pauses; what cannot ends the journey through `on_failure`.
A journey that killed its process several times is given up the same way, so one poisoned file cannot hold the rest.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSConfig, SetEnqueueOptions, SetWorkflowID
from dbos._error import DBOSMaxStepRetriesExceeded
from dbos._serialization import DBOSPortableJSONSerializer
from sqlalchemy import make_url

from pipeline.errors import DatabaseError, VanthuError
from pipeline.settings import Journey

log = logging.getLogger(__name__)

QUEUE = "arrivals"
KEEP_FINISHED = timedelta(days=30)
GIVE_UP_AFTER_DEATHS = 10  # of the process under one journey; innocent ones die with it, so be slow to blame
# DBOS ties running journeys to a version and an executor; both are ours to pin, or an upgrade would strand them.
VERSION = "1"
EXECUTOR = "vanthu-1"  # one service a workspace (it holds a lock), so one name is enough
URGENCY_TO_PRIORITY = {3: 1, 2: 2, 1: 3, 0: 10}  # DBOS: 1 is the most urgent


class Stopping(BaseException):
    """Ends a step because the service stops; not an Exception, so its journey stays open for the next start."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a journey ended before its end: a message code and its details."""

    code: str
    detail: dict[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """One checkpoint of a journey: its name and what it does to a document; True from it ends the journey here."""

    name: str
    run: Callable[[str], bool]


class Engine:
    """Runs the journey of every document that is put on the queue, several at once, across restarts."""

    def __init__(
        self,
        database_url: str,
        private: Path,
        settings: Journey,
        steps: Sequence[Step],
        on_failure: Callable[[str, Failure], None],
        *,
        give_up_after: int = GIVE_UP_AFTER_DEATHS,
    ) -> None:
        self._settings = settings
        self._steps = tuple(steps)
        self._on_failure = on_failure
        self._give_up_after = give_up_after
        self._stopping = threading.Event()
        self._url = engine_url(database_url, private)
        self._workflow: Callable[[str], str] | None = None

    def start(self) -> None:
        """Launch, and take up what an earlier process left. Raises DatabaseError."""
        _write_ahead_log(self._url)
        config: DBOSConfig = {
            "name": "vanthu",
            "system_database_url": self._url,
            "application_version": VERSION,
            "executor_id": EXECUTOR,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "ERROR",  # a step that is tried again is in our own log already
            "enable_otlp": False,
            "max_executor_threads": self._settings.documents_at_once + 8,
        }
        with _engine_errors(self._url):
            DBOS(config=config)
            self._workflow = self._register()
            DBOS.launch()
            DBOS.register_queue(
                QUEUE,
                worker_concurrency=self._settings.documents_at_once,
                polling_interval_sec=self._settings.poll_seconds,
                on_conflict="always_update",
            )
            self._forget_finished()

    def stop(self) -> None:
        """Stop taking up work. Journeys in flight stay open in the database and go on at the next start."""
        self._stopping.set()
        DBOS.destroy(destroy_registry=True)

    def enqueue(self, document_id: str, *, urgency: int = 0, attempt: int = 1) -> None:
        """Put a document on the queue; the same document and attempt a second time changes nothing."""
        if self._workflow is None:
            raise RuntimeError("the engine was not started")
        with (
            _engine_errors(self._url),
            SetWorkflowID(f"{document_id}.{attempt}"),
            SetEnqueueOptions(priority=URGENCY_TO_PRIORITY[urgency]),
        ):
            DBOS.enqueue_workflow(QUEUE, self._workflow, document_id)

    def busy(self) -> bool:
        """Is a journey waiting or on its way?"""
        with _engine_errors(self._url):
            return bool(DBOS.list_workflows(status=["ENQUEUED", "PENDING", "DELAYED"], limit=1, load_input=False))

    def forsaken(self) -> dict[tuple[str, int], Failure]:
        """(document, attempt) of each journey that nobody will take up again, and why.

        It killed its process each time, or not even its setting aside succeeded (the disk was full for that too).
        """
        with _engine_errors(self._url):
            dead = DBOS.list_workflows(status=["MAX_RECOVERY_ATTEMPTS_EXCEEDED", "ERROR"], load_input=False)
        found = {}
        for workflow in dead:
            document_id, _, attempt = workflow.workflow_id.rpartition(".")
            deadly = workflow.status != "ERROR"
            found[document_id, int(attempt)] = (
                Failure("reading-kills-service", {"document": document_id})
                if deadly
                else Failure("unexpected", {"reason": str(workflow.error)})
            )
        return found

    def _register(self) -> Callable[[str], str]:
        def arrival(document_id: str) -> str:
            return self._journey(document_id)

        return DBOS.workflow(name="arrival", max_recovery_attempts=self._give_up_after)(arrival)

    @staticmethod
    def _forget_finished() -> None:
        """Checkpoints of journeys that ended long ago have served; the free engine keeps them for ever."""
        before = (datetime.now(UTC) - KEEP_FINISHED).isoformat()
        ended = DBOS.list_workflows(status="SUCCESS", completed_before=before, load_input=False, load_output=False)
        if ended:
            DBOS.delete_workflows([workflow.workflow_id for workflow in ended])

    def _journey(self, document_id: str) -> str:
        """The workflow that the engine checkpoints. Deterministic: all that varies happens inside steps."""
        for step in self._steps:
            outcome = self._checkpoint(step, document_id)
            if outcome["failure"]:
                failure = Failure(outcome["failure"]["code"], outcome["failure"]["detail"])
                DBOS.run_step(self._options("set-aside"), self._set_aside, document_id, failure.code, failure.detail)  # type: ignore[call-overload]
                return failure.code
            if outcome["ends"]:
                break
        return "done"

    def _checkpoint(self, step: Step, document_id: str) -> dict[str, Any]:
        try:
            return DBOS.run_step(self._options(step.name), self._attempt, step, document_id)  # type: ignore[call-overload,no-any-return]
        except DBOSMaxStepRetriesExceeded as exhausted:
            last = exhausted.errors[-1] if exhausted.errors else None
            return {"ends": True, "failure": _failure(last)}

    def _options(self, name: str) -> dict[str, Any]:
        return {
            "name": name,
            "retries_allowed": True,
            "max_attempts": self._settings.attempts,
            "interval_seconds": self._settings.first_pause_seconds,
            "backoff_rate": self._settings.pause_factor,
        }

    def _attempt(self, step: Step, document_id: str) -> dict[str, Any]:
        """What a step came to, as JSON. Faults that can pass are raised for the engine to try again."""
        if self._stopping.is_set():
            raise Stopping
        try:
            return {"ends": step.run(document_id), "failure": None}
        except VanthuError as error:
            if self._stopping.is_set():
                raise Stopping from error
            log.warning("%s: step %s: %s", document_id, step.name, error)
            if error.retry:
                raise
            return {"ends": True, "failure": _failure(error)}
        except Exception as error:  # the border: one document's bug must not stop the others
            if self._stopping.is_set():
                raise Stopping from error
            log.exception("%s: step %s failed unexpectedly", document_id, step.name)
            return {"ends": True, "failure": _failure(error)}

    def _set_aside(self, document_id: str, code: str, detail: dict[str, str]) -> None:
        if self._stopping.is_set():
            raise Stopping
        try:
            self._on_failure(document_id, Failure(code, detail))
        except Exception as error:
            if self._stopping.is_set():
                raise Stopping from error
            log.warning("%s: not set aside yet: %s", document_id, error)
            raise


def engine_url(database_url: str, private: Path) -> str:
    """Where the engine keeps its checkpoints: beside our SQLite file, or in our PostgreSQL under schema `dbos`."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{private / 'engine.sqlite'}"
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _failure(error: Exception | None) -> dict[str, Any]:
    if isinstance(error, VanthuError):
        return {"code": error.code, "detail": error.detail}
    return {"code": "unexpected", "detail": {"reason": f"{type(error).__name__}: {error}"}}


def _write_ahead_log(url: str) -> None:
    """DBOS leaves SQLite in rollback-journal mode, eight times slower with several journeys at once."""
    path = make_url(url).database
    if not url.startswith("sqlite") or path is None:
        return
    with _engine_errors(url):
        connection = sqlite3.connect(path, timeout=30)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()


@contextmanager
def _engine_errors(url: str) -> Iterator[None]:
    try:
        yield
    except VanthuError:
        raise
    except Exception as error:
        shown = make_url(url).render_as_string(hide_password=True)
        raise DatabaseError("engine-unavailable", url=shown, reason=error) from error
