"""Is it still the same file? Asked by what keeps something of one at hand."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import ReadingError

Identity = tuple[Path, int, int]


def identity_of(path: Path) -> Identity:
    """Name, size and time of change (ns). Raises ReadingError for a file that is not there."""
    try:
        status = path.stat()
    except OSError as error:
        raise ReadingError("document-unopenable", path=path, reason=error.strerror or error) from error
    return path, status.st_size, status.st_mtime_ns
