"""Durable writing: after these return, a power cut does not take the bytes back."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from pipeline.errors import StorageError

CHUNK = 1 << 20
TEMPORARY_PREFIX = ".tmp-"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn the operating system's refusals into ours, with the path and advice."""
    try:
        yield
    except OSError as error:
        code = "disk-full" if error.errno in FULL else "cannot-write"
        raise StorageError(code, path=path, reason=error.strerror or error) from error


@contextmanager
def durable_file(path: Path, *, mode: int = 0o640) -> Iterator[BinaryIO]:
    """Write a whole new file or none: temporary name beside it, fsync, rename over, fsync of the folder.

    Raises StorageError; the temporary file is removed when the block raises.
    """
    temporary = path.with_name(f"{TEMPORARY_PREFIX}{secrets.token_hex(6)}")
    try:
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
            with os.fdopen(handle, "wb") as out:
                yield out
                out.flush()
                os.fsync(out.fileno())
            temporary.replace(path)
            sync_folder(path.parent)
    finally:
        with suppress(OSError):  # what went wrong before is what must be told
            temporary.unlink(missing_ok=True)


@contextmanager
def durable_path(path: Path) -> Iterator[Path]:
    """A temporary name beside `path` for those who write by name or read what they wrote; then as `durable_file`.

    The block must leave a whole file there. Raises StorageError.
    """
    temporary = path.with_name(f"{TEMPORARY_PREFIX}{secrets.token_hex(6)}")
    try:
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            yield temporary
            with temporary.open("rb") as written:
                os.fsync(written.fileno())
            temporary.replace(path)
            sync_folder(path.parent)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_durably(path: Path, data: bytes) -> None:
    with durable_file(path) as out:
        out.write(data)


def write_json_durably(path: Path, data: Any) -> None:
    write_durably(path, json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n")


def copy_durably(source: BinaryIO, target: Path, *, most: int | None = None) -> tuple[int, str]:
    """Copy an open file to a new path; return (bytes, SHA-256 in hex) of what was written.

    Raises OverflowError, and leaves nothing, when it has more than `most` bytes: a file may grow, or never end.
    """
    digest = hashlib.sha256()
    size = 0
    with durable_file(target) as out:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            if most is not None and size > most:
                raise OverflowError(size)
            out.write(chunk)
    return size, digest.hexdigest()


def move_durably(source: Path, target: Path) -> None:
    """Rename within one file system and make both folders' names durable. An existing target is an error."""
    with storage_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            raise FileExistsError(errno.EEXIST, "exists", str(target))
        source.rename(target)
        sync_folder(target.parent)
        sync_folder(source.parent)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
