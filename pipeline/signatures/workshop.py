"""Runs what opens a stranger's file in a limited child process: checking for dangers, preparing a draft."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, Self

from pebble import ProcessExpired, ProcessPool

from pipeline.confinement import confine
from pipeline.errors import RefusedError, SigningError
from pipeline.signatures.values import Plan, Prepared

MEMORY_MB = 2048
SECONDS = 120.0
TASKS_A_PROCESS = 50


class Workshop:
    """A context manager; its methods may be called by several threads at once."""

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

    def prepare(self, draft: Path, target: Path, plan: Plan) -> Prepared:
        """As `preparing.prepare`. Raises RefusedError also for a draft that costs too much time or memory."""
        prepared: Prepared = self._run(_prepare, draft, target, plan)
        return prepared

    def refuse_dangerous(self, path: Path, *, signed: bool = False) -> None:
        """As `dangers.refuse_dangerous`."""
        self._run(_refuse, path, signed)

    def refuse_unfit_scan(self, path: Path) -> None:
        """As `digitised.refuse_unfit_scan`."""
        self._run(_refuse_scan, path)

    def _run(self, function: Callable[..., Any], path: Path, *arguments: Any) -> Any:
        for _ in (1, 2):
            try:
                return self._schedule(function, path, *arguments).result()
            except FutureTimeoutError as error:
                raise RefusedError("sign-too-complex", path=path.name) from error
            except (ProcessExpired, MemoryError) as error:
                raise RefusedError("sign-too-complex", path=path.name) from error
            except (BrokenProcessPool, CancelledError):
                continue
        raise SigningError("workshop-failed", retry=True, path=path.name)

    def _schedule(self, function: Callable[..., Any], *arguments: Any) -> Any:
        with self._lock:
            if self._pool is None or not self._pool.active:
                context = multiprocessing.get_context("forkserver")
                self._pool = ProcessPool(
                    max_workers=self._processes, max_tasks=TASKS_A_PROCESS, context=context,
                    initializer=confine, initargs=(self._memory_mb,),
                )  # fmt: skip
            return self._pool.schedule(function, args=arguments, timeout=self._seconds)


def _prepare(draft: Path, target: Path, plan: Plan) -> Prepared:
    from pipeline.signatures.preparing import prepare

    return prepare(draft, target, plan)


def _refuse(path: Path, signed: bool) -> None:
    from pipeline.signatures.dangers import refuse_dangerous

    refuse_dangerous(path, signed=signed)


def _refuse_scan(path: Path) -> None:
    from pipeline.signatures.digitised import refuse_unfit_scan

    refuse_unfit_scan(path)
