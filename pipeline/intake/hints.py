"""The kernel's hints that something moved in a folder: they wake the next look, and carry no other meaning.

Lost, doubled, reordered and overflowing events therefore cost nothing but the time until the next periodic look. The
one fact taken from an event is "this name came by a rename", and that only saves a file its quiet time.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from watchdog.events import (
    DirCreatedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

# Opening and closing without a change are left out: our own looks would wake us for ever.
_WANTED: list[type[FileSystemEvent]] = [
    FileCreatedEvent, FileModifiedEvent, FileMovedEvent, FileClosedEvent, DirCreatedEvent, DirMovedEvent,
]  # fmt: skip
MOST_REMEMBERED = 10_000


class Hints(FileSystemEventHandler):
    """Watches folders, not what lies below them: a watch is a scarce thing, and the look finds the rest."""

    def __init__(self) -> None:
        self.wake = threading.Event()
        self._lock = threading.Lock()
        self._moved: set[Path] = set()
        self._observer: Any = None
        self._watched: frozenset[tuple[str, int]] = frozenset()

    def follow(self, folders: Iterable[Path]) -> None:
        """Watch exactly these folders from now on. OSError (ENOSPC, EMFILE) when the kernel has no watch to spare."""
        wanted = frozenset((str(folder), folder.stat().st_ino) for folder in folders)
        if wanted == self._watched and self._observer is not None and self._observer.is_alive():
            return
        self.close()
        observer = Observer()
        try:
            for folder, _ in sorted(wanted):
                observer.schedule(self, folder, recursive=False, event_filter=_WANTED)
            observer.start()
        except BaseException:
            with suppress(Exception):
                observer.stop()
            raise
        self._observer, self._watched = observer, wanted

    def close(self) -> None:
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(timeout=5)
        self._observer, self._watched = None, frozenset()

    def moved(self) -> set[Path]:
        """The names that came by a rename since the last call."""
        with self._lock:
            moved, self._moved = self._moved, set()
        return moved

    def on_any_event(self, event: FileSystemEvent) -> None:
        if isinstance(event, FileMovedEvent):
            with self._lock:
                if len(self._moved) < MOST_REMEMBERED:
                    self._moved.add(Path(os.fsdecode(event.dest_path)))
        self.wake.set()
