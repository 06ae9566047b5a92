"""A folder for what is made on the way and thrown away; what a killed process left of its own is swept by the next."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "vanthu-reading-"
ATTEMPTS = 3


@contextmanager
def scratch_folder(parent: Path | None = None) -> Iterator[Path]:
    """A new folder, readable for this user only, in `parent` (None: the system's temporary folder).

    Whoever uses one holds a lock on it, which the kernel takes from a process that dies: what is not locked is
    left over.
    """
    place = parent or Path(tempfile.gettempdir())
    if parent is not None:
        place.mkdir(parents=True, exist_ok=True)
        _sweep(place)
    for _ in range(ATTEMPTS):
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
        lock = _locked(folder)
        if lock is not None:
            break  # else another swept it before it was locked
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def _sweep(place: Path) -> None:
    for folder in place.glob(f"{PREFIX}*"):
        lock = _locked(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _locked(folder: Path) -> int | None:
    """Lock a folder; None where another holds it, or where the file system knows no such locks."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
        else:
            return handle
    return None
