"""Judges the signatures of documents, each in a limited child process: whatever a file does, a report comes back."""

from __future__ import annotations

import logging
import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pebble import ProcessExpired, ProcessPool

from pipeline.confinement import confine
from pipeline.errors import NotFoundError
from pipeline.signatures.marks import marks
from pipeline.signatures.report import FormField, SignatureReport, Verdict
from pipeline.signatures.rules import cannot_validate, judge_document
from pipeline.signatures.trust import Anchors

if TYPE_CHECKING:
    from pipeline.signatures.examining import Examined, Task

log = logging.getLogger(__name__)
HEADER, HEADER_WITHIN = b"%PDF-", 1 << 20
TASKS_A_PROCESS = 100
MEMORY_MB = 1536
SECONDS = 120.0
NETWORK_SECONDS = 30.0  # for the status of one path


class Judge:
    """A context manager; its method may be called by several threads at once, which share the processes."""

    def __init__(self, *, processes: int = 1, memory_mb: int = MEMORY_MB, seconds: float = SECONDS) -> None:
        self._processes, self._memory_mb, self._seconds = processes, memory_mb, seconds
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join(timeout=10)

    def judge(self, path: Path, anchors: Anchors, moment: datetime, *, online: bool = False) -> SignatureReport:
        """Judge every signature of a file as things stand at `moment`. Raises NotFoundError alone.

        Offline, only status that the document carries counts; without any the verdict is INDETERMINATE.
        """
        from pipeline.signatures.examining import Task

        try:
            if not may_be_signed(path):
                return SignatureReport(Verdict.UNSIGNED, judged_at=moment, online=online)
        except OSError as error:
            raise NotFoundError("file-not-found", path=path) from error
        examined = self._examine(Task(path.absolute(), anchors, moment, online, NETWORK_SECONDS))
        if examined.failure:
            return cannot_validate(examined.failure, moment, online=online, reason=examined.detail)
        return judge_document(examined.facts, moment, online=online, notes=examined.notes)

    def form_fields(self, path: Path) -> tuple[FormField, ...]:
        """The fields of a PDF's form; none where it has no form, or cannot be opened."""
        try:
            fields: tuple[FormField, ...] = self._schedule(_fields_in_child, path.absolute()).result()
        except Exception as error:  # noqa: BLE001 - whatever a hostile form does: then its fields are missing
            log.warning("%s: its form could not be read: %s", path, error)
            return ()
        return fields

    def _examine(self, task: Task) -> Examined:
        from pipeline.signatures.examining import Examined

        for _attempt in (1, 2):
            try:
                examined: Examined = self._schedule(_examine_in_child, task).result()
            except FutureTimeoutError:
                return Examined(failure="validation-timeout", detail=str(round(self._seconds)))
            except (ProcessExpired, MemoryError) as error:
                return Examined(failure="cannot-validate", detail=type(error).__name__)
            except (BrokenProcessPool, CancelledError) as error:
                log.warning("the judging processes failed: %s", error)
            except Exception as error:  # what a child cannot even tell (a value that does not travel)
                log.exception("%s: an error of ours", task.path)
                return Examined(failure="cannot-validate", detail=type(error).__name__)
            else:
                return examined
        return Examined(failure="cannot-validate", detail="BrokenProcessPool")

    def _schedule(self, function: Callable[[Any], Any], argument: object) -> Any:
        with self._lock:
            if self._pool is None or not self._pool.active:
                self._pool = self._new_pool()
            return self._pool.schedule(function, args=(argument,), timeout=self._seconds)

    def _new_pool(self) -> ProcessPool:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["pipeline.signatures.examining"])
        return ProcessPool(
            max_workers=self._processes, max_tasks=TASKS_A_PROCESS, context=context,
            initializer=confine, initargs=(self._memory_mb,),
        )  # fmt: skip


def judge(path: Path, anchors: Anchors, moment: datetime, *, online: bool = False) -> SignatureReport:
    """Judge one file with a child process of its own. Raises NotFoundError."""
    with Judge() as judge_of_one:
        return judge_of_one.judge(path, anchors, moment, online=online)


def may_be_signed(path: Path) -> bool:
    """Is it a PDF with the mark that no signature can do without? Only looks for bytes. Raises OSError."""
    with path.open("rb") as file:
        return HEADER in file.read(HEADER_WITHIN) and next(marks(file), None) is not None


def _examine_in_child(task: Task) -> Examined:
    from pipeline.signatures.examining import examine

    return examine(task)


def _fields_in_child(path: Path) -> tuple[FormField, ...]:
    from pipeline.signatures.examining import form_fields

    return form_fields(path)
