"""Reading files without filing them: no workspace, no number, nothing kept."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from pipeline import intake, metadata
from pipeline.document import Clues, Metadata, Reading
from pipeline.errors import NotFoundError, RefusedError, VanthuError
from pipeline.journeys.perceiving import perceive
from pipeline.reading import Reader
from pipeline.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What one file came to: reading and metadata, or the error that says why not."""

    path: Path
    reading: Reading | None = None
    metadata: Metadata | None = None
    error: VanthuError | None = None


def inspect(paths: Sequence[Path], settings: Settings) -> Iterator[Inspection]:
    """Read files on all cores and give each result as soon as it is there; a file that is no document gives its error.

    Two files are in the air for each core: the one's last pages leave a core free for the other's first.
    """
    cores = settings.reading.processes or os.cpu_count() or 1
    # The reader closes first: after an interrupt nobody waits for what is being read.
    with ThreadPoolExecutor(cores * 2) as threads, Reader(settings.reading, settings.intake) as reader:
        waiting: set[Future[Inspection]] = set()
        queue = iter(paths)
        try:
            while True:
                while len(waiting) < cores * 2 and (path := next(queue, None)) is not None:
                    waiting.add(threads.submit(_inspect, path, reader, settings))
                if not waiting:
                    return
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        finally:
            for future in waiting:
                future.cancel()


def _inspect(path: Path, reader: Reader, settings: Settings) -> Inspection:
    try:
        _see(path)
        examination = intake.examine(path, settings.intake, dropped=False)
        clues = Clues(path.name)
        read = perceive(reader, path, examination.kind, settings.metadata, clues)
        return Inspection(path, read, metadata.extract(read, settings.metadata, clues))
    except VanthuError as error:
        return Inspection(path, error=error)
    except Exception as error:  # the border: one file's bug must not stop the others
        log.exception("not read: %r", str(path))
        return Inspection(path, error=VanthuError("unexpected", reason=f"{type(error).__name__}: {error}"))


def _see(path: Path) -> None:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFoundError("file-not-found", path=path) from error
    except OSError as error:  # a folder that may not be looked into, a name that is too long
        raise RefusedError("unreadable-file", path=path, reason=error.strerror or error) from error
