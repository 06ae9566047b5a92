"""PDFs of office documents: each is made once for all who hold the document, and goes when the last lets it go."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from pipeline.document import Finding, Kind, Severity
from pipeline.errors import ReadingError
from pipeline.reading import office, tasks
from pipeline.reading.identity import Identity, identity_of
from pipeline.reading.scratch import scratch_folder

log = logging.getLogger(__name__)
REWRITTEN = "rewritten.odt"
REWRITE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Converted:
    """The PDF of an office document, and what its making noticed."""

    pdf: Path
    findings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class _Held:
    """One document under way. `users` are counted under the lock of all, `made` is written under its own."""

    users: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    made: Converted | None = None
    folder: Path | None = None


class Conversions:
    """Safe for several threads. `run` runs a function in a limited process; `parent` is where folders are made."""

    def __init__(self, run: Callable[..., Any], limits: office.Limits, parent: Path | None) -> None:
        self._run, self._limits, self._parent = run, limits, parent
        self._lock = threading.Lock()
        self._held: dict[Identity, _Held] = {}
        self._scratch: Path | None = None
        self._open = ExitStack()

    def close(self) -> None:
        """Remove what is left."""
        with self._lock:
            self._scratch = None
            self._open.close()

    @contextmanager
    def held(self, path: Path, kind: Kind) -> Iterator[Converted]:
        """The PDF, for as long as the context lasts. Raises DependencyError, ReadingError."""
        key = identity_of(path)
        with self._lock:
            held = self._held.setdefault(key, _Held())
            held.users += 1
        try:
            with held.lock:
                if held.made is None:
                    held.folder = held.folder or self._folder()
                    held.made = self._made(path, kind, held.folder)
            yield held.made
        finally:
            with self._lock:
                held.users -= 1
                if not held.users:
                    del self._held[key]
                    if held.folder:
                        shutil.rmtree(held.folder, ignore_errors=True)

    def _folder(self) -> Path:
        with self._lock:
            if self._scratch is None:
                self._scratch = self._open.enter_context(scratch_folder(self._parent))
            return Path(mkdtemp(dir=self._scratch))

    def _made(self, path: Path, kind: Kind, folder: Path) -> Converted:
        done = self._rewritten(path, kind, folder)
        if done is None:
            return Converted(office.to_pdf(path, kind, folder, self._limits))
        findings = []
        if done.encodings:
            findings.append(Finding("legacy-encoding", detail={"encoding": ", ".join(done.encodings)}))
        if done.changes:
            findings.append(Finding("tracked-changes", Severity.WARNING, detail={"changes": str(done.changes)}))
        return Converted(office.to_pdf(folder / REWRITTEN, Kind.ODT, folder, self._limits), tuple(findings))

    def _rewritten(self, path: Path, kind: Kind, folder: Path) -> tasks.Rewriting | None:
        """Write a text in old fonts, or with tracked changes, to `REWRITTEN`; None where there was nothing to do.

        What cannot be rewritten is read as it is: its text layer is tested like any other.
        """
        try:
            if not self._run(REWRITE_SECONDS, tasks.needs_rewriting, path, kind):
                return None
            text = office.to_odt(path, kind, folder, self._limits)
            done: tasks.Rewriting = self._run(REWRITE_SECONDS, tasks.rewrite, text, folder / REWRITTEN)
        except ReadingError as error:
            if error.retry:
                raise
            log.warning("a text in old fonts stays as it is: %s", error)
            return None
        return done or None
