"""Reads documents on a pool of limited child processes, one page a task, pages of several documents side by side."""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Self, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from pipeline import settings
from pipeline.confinement import confine
from pipeline.document import Box, Finding, Kind, Page, Reading, SecondLook, TextSource, Zone
from pipeline.errors import ReadingError, RefusedError
from pipeline.files import write_durably
from pipeline.reading import office, tasks
from pipeline.reading.conversions import Conversions
from pipeline.reading.tasks import CopyTask, CropTask, LookTask, Outline, PageReading, PageTask, PartTask
from pipeline.reading.versions import engine

log = logging.getLogger(__name__)
Result = TypeVar("Result")
TASKS_A_PROCESS = 200  # then a fresh one: what a parser leaks goes with it
GRACE_SECONDS = 15.0  # beyond the page's own limit, for what cannot watch a clock itself (rendering)
OUTLINE_SECONDS = 60.0
COPY_SECONDS = 10.0  # for each page of a reading copy
PRELOADED = ["pipeline.reading.pages", "pipeline.reading.reading_copy"]


class Reader:
    """A context manager; its methods may be called by several threads at once, which then share the processes.

    pebble and not concurrent.futures: a task that runs over its time is killed alone, the pool lives on.
    forkserver: nothing of the service's threads, locks and connections is copied into a parser of hostile files.
    """

    def __init__(self, reading: settings.Reading, limits: settings.Intake, scratch: Path | None = None) -> None:
        """`scratch`: a private folder for what is made on the way; what killed ones left there is removed."""
        self._settings = reading
        self._limits = limits
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None
        self._closed = False
        self.processes = reading.processes or len(os.sched_getaffinity(0))
        limits_of_office = office.Limits(reading.office_seconds, reading.memory_mb)
        self._conversions = Conversions(self._run, limits_of_office, scratch)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            pool, self._pool, self._closed = self._pool, None, True
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join(timeout=10)
        self._conversions.close()

    def read(self, path: Path, kind: Kind, *, progress: Callable[[int, int], None] | None = None) -> Reading:
        """Read every page; `progress(done, all)` is called in the calling thread.

        Raises RefusedError for a locked PDF, ReadingError for what is no document (retry=True when the processes
        themselves failed), DependencyError when Tesseract, its language or LibreOffice is missing.
        """
        with self._readable(path, kind) as (source, source_kind, noticed):
            outline = self._outline(source, source_kind)
            pages = range(outline.page_amount)
            asked = [self._page_task(source, source_kind, index, exact=kind.is_office) for index in pages]
            results = self._read_pages(asked, progress)
            if not kind.is_office:
                self._check_own_text(asked, results)
        findings = (*noticed, *(finding for result in results for finding in result.findings))
        read = tuple(result.page for result in results)
        return Reading(read, findings, outline.signed, engine(any(page.source is TextSource.OCR for page in read)))

    def look_again(self, path: Path, kind: Kind, reading: Reading, zones: Sequence[Zone]) -> tuple[SecondLook, ...]:
        """Look at zones of recognised pages again, a task for each page. What cannot be seen is left out.

        Raises ReadingError where the document cannot be opened any more, DependencyError.
        """
        of_page = {number: tuple(zone for zone in zones if zone.page == number) for number in {z.page for z in zones}}
        pages = [page for page in reading.pages if page.number in of_page and page.source is TextSource.OCR]
        if not pages:
            return ()
        s = self._settings
        with self._readable(path, kind) as (source, source_kind, _):
            futures = [
                self._schedule(
                    s.page_seconds + GRACE_SECONDS,
                    tasks.look_again,
                    LookTask(
                        source, source_kind, page, of_page[page.number], s.languages, s.page_seconds,
                        self._limits.max_megapixels,
                    ),
                )
                for page in pages
            ]  # fmt: skip
            return tuple(look for future in futures for look in self._looks(future))

    def _looks(self, future: ProcessFuture[Any]) -> tuple[SecondLook, ...]:
        """A second look that does not succeed leaves the field as doubtful as it was."""
        try:
            looks: tuple[SecondLook, ...] = future.result()
        except (FutureTimeoutError, ProcessExpired, MemoryError, BrokenProcessPool, CancelledError) as error:
            log.warning("no second look: %s", type(error).__name__)
            return ()
        return looks

    def write_office_pdf(self, path: Path, kind: Kind, target: Path) -> None:
        """Write the PDF of an office document that is going to be signed. Durable.

        Raises RefusedError (`changes-not-accepted`) where the author's tracked changes still wait for a decision,
        ReadingError, DependencyError, StorageError.
        """
        with self._readable(path, kind) as (source, _, findings):
            for finding in findings:
                if finding.code == "tracked-changes":
                    raise RefusedError("changes-not-accepted", path=path.name, changes=finding.detail["changes"])
            write_durably(target, source.read_bytes())

    def write_reading_copy(self, path: Path, kind: Kind, reading: Reading, target: Path, *, title: str = "") -> bool:
        """Write a PDF of the untouched pages with the read words as invisible text over them; False: none is needed.

        None is needed where every page carries a text layer that was believed. An office document's copy is its
        PDF. Durable: the file is whole or not there. Raises ReadingError, DependencyError, StorageError.
        """
        if not kind.is_office and all(page.source is not TextSource.OCR for page in reading.pages):
            return False
        with self._readable(path, kind) as (source, source_kind, _):
            if kind.is_office:
                write_durably(target, source.read_bytes())
                return True
            task = CopyTask(source, source_kind, reading.pages, target, title, self._limits.max_megapixels)
            self._run(OUTLINE_SECONDS + COPY_SECONDS * len(reading.pages), tasks.write_copy, task)
        return True

    def crop(self, path: Path, kind: Kind, page: Page, box: Box) -> bytes:
        """A part of a page, upright and framed, as a PNG: for a person's eyes. Raises ReadingError.

        Not for office documents, whose pages are those of their PDF.
        """
        return self._run(OUTLINE_SECONDS, tasks.crop, CropTask(path, kind, page, box, self._limits.max_megapixels))

    def write_part(self, path: Path, pages: Sequence[int], target: Path, *, origin: str) -> None:
        """Cut pages (from 1) of a PDF out into a PDF of their own, durably. Raises ReadingError, StorageError."""
        self._run(OUTLINE_SECONDS + COPY_SECONDS * len(pages), tasks.write_part,
                  PartTask(path, tuple(pages), target, origin))  # fmt: skip

    @contextmanager
    def holding(self, path: Path, kind: Kind) -> Iterator[None]:
        """While this context lasts, an office document is converted once for all that is asked about it.

        Raises what `read` does.
        """
        with self._readable(path, kind):
            yield

    @contextmanager
    def _readable(self, path: Path, kind: Kind) -> Iterator[tuple[Path, Kind, tuple[Finding, ...]]]:
        if not kind.is_office:
            yield path, kind, ()
            return
        with self._conversions.held(path, kind) as converted:
            yield converted.pdf, Kind.PDF, converted.findings

    def _outline(self, path: Path, kind: Kind) -> Outline:
        outline = self._run(OUTLINE_SECONDS, tasks.outline, path, kind)
        if outline.page_amount < 1:
            raise ReadingError("document-without-pages", path=path)
        if outline.page_amount > self._limits.max_pages:
            raise RefusedError("too-many-pages", path=path, pages=outline.page_amount, limit=self._limits.max_pages)
        return outline

    def _page_task(self, path: Path, kind: Kind, index: int, *, exact: bool) -> PageTask:
        s = self._settings
        return PageTask(path, kind, index, s.languages, s.blank_ink, s.page_seconds, self._limits.max_megapixels, exact)

    def _read_pages(self, pages: Sequence[PageTask], progress: Callable[[int, int], None] | None) -> list[PageReading]:
        """Keep a few tasks for each process under way, not all: documents of other threads get their turns."""
        waiting: dict[int, ProcessFuture[Any]] = {}
        results: list[PageReading] = []
        try:
            for number, page in enumerate(pages):
                ahead = min(len(pages), number + 2 * self.processes)
                for index in range(number + len(waiting), ahead):
                    waiting[index] = self._schedule_page(pages[index])
                results.append(self._page_result(waiting.pop(number), page))
                if progress:
                    progress(number + 1, len(pages))
        finally:
            for future in waiting.values():
                future.cancel()  # type: ignore[no-untyped-call]
        return results

    def _check_own_text(self, pages: Sequence[PageTask], results: list[PageReading]) -> None:
        """Where the first page that was believed shows something else, none of the document's own text is believed."""
        own = [at for at, result in enumerate(results) if result.page.source is TextSource.TEXT_LAYER]
        if not own or not self._differs(pages[own[0]]):
            return
        again = self._read_pages([replace(pages[at], by_eye=True) for at in own], None)
        for at, seen in zip(own, again, strict=True):
            results[at] = seen

    def _differs(self, page: PageTask) -> bool:
        """A page that cannot be compared is believed as it was."""
        try:
            return self._run(page.seconds + GRACE_SECONDS, tasks.own_text_differs, page)
        except ReadingError as error:
            if error.retry:
                raise
            log.warning("the text of page %s is not compared with its image: %s", page.index + 1, error)
            return False

    def _schedule_page(self, page: PageTask) -> ProcessFuture[Any]:
        return self._schedule(page.seconds + GRACE_SECONDS, tasks.read_page, page)

    def _page_result(self, future: ProcessFuture[Any], page: PageTask) -> PageReading:
        number = page.index + 1
        for attempt in (1, 2):
            try:
                result: PageReading = future.result()
            except FutureTimeoutError:
                return tasks.unread(number, "page-timeout", seconds=str(self._settings.page_seconds))
            except ProcessExpired as error:
                return tasks.unread(number, "page-unreadable", reason=f"process ended with {error.exitcode}")
            except MemoryError:
                return tasks.unread(number, "page-unreadable", reason="memory")
            except (BrokenProcessPool, CancelledError) as error:
                if attempt == 2:
                    raise ReadingError("readers-failed", retry=True, path=page.path) from error
                future = self._schedule_page(page)
            else:
                return result
        raise AssertionError("unreachable")

    def _run(self, seconds: float, function: Callable[..., Result], *arguments: Any) -> Result:
        """Run one function in a reading process and wait. Raises what it raises; ReadingError when it does not end."""
        path = getattr(arguments[0], "path", arguments[0]) if arguments else ""
        for attempt in (1, 2):
            try:
                result: Result = self._schedule(seconds, function, *arguments).result()
            except FutureTimeoutError as error:
                raise ReadingError("document-timeout", path=path, seconds=round(seconds)) from error
            except (ProcessExpired, MemoryError) as error:
                raise ReadingError("document-unopenable", path=path, reason=error) from error
            except (BrokenProcessPool, CancelledError) as error:
                if attempt == 2:
                    raise ReadingError("readers-failed", retry=True, path=path) from error
            else:
                return result
        raise AssertionError("unreachable")

    def _schedule(self, seconds: float, function: Callable[..., Any], *arguments: Any) -> ProcessFuture[Any]:
        with self._lock:
            if self._closed:  # by another thread, which wants to end: no new pool for what is still under way
                raise ReadingError("readers-failed", retry=True, path=getattr(arguments[0], "path", arguments[0]))
            if self._pool is None or not self._pool.active:
                self._pool = self._new_pool()
            return self._pool.schedule(function, args=arguments, timeout=seconds)

    def _new_pool(self) -> ProcessPool:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        return ProcessPool(
            max_workers=self.processes, max_tasks=TASKS_A_PROCESS, context=context,
            initializer=confine, initargs=(self._settings.memory_mb,),
        )  # fmt: skip
