"""Does a file look finished? A few cheap looks at its two ends, and one question to the kernel; nothing is parsed."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import stat
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from pipeline.document import Kind
from pipeline.intake.kinds import HEAD, sniff

TAIL = 64 << 10
_F_SETSIG = 10
_MOST_DIRECTORIES = 10_000


class Wholeness(StrEnum):
    WHOLE = "whole"  # the end mark of its kind is there
    UNKNOWN = "unknown"  # its kind has no mark that is cheap to find
    PARTIAL = "partial"  # the mark is missing, or we may not read it yet
    HELD = "held"  # somebody has it open for writing


def wholeness(path: Path, *, ask_kernel: bool) -> Wholeness:
    """Judge one regular file. `ask_kernel` only where file leases are true: on local file systems."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return Wholeness.PARTIAL
    with os.fdopen(descriptor, "rb") as file:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            return Wholeness.UNKNOWN
        if ask_kernel and _held_by_a_writer(descriptor):
            return Wholeness.HELD
        try:
            return _by_ends(file, facts.st_size)
        except OSError:
            return Wholeness.PARTIAL


def _held_by_a_writer(descriptor: int) -> bool:
    """A read lease is granted only when nobody has the file open for writing (fcntl(2), F_SETLEASE).

    This is what keeps a scanner that writes in bursts safe: its pauses may be longer than any quiet time. The lease
    lives for an instant; should a writer come just then, the kernel tells us with a signal that is ignored by
    default - not SIGIO, which would end the service - and waits for the release.
    """
    try:
        fcntl.fcntl(descriptor, _F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        return error.errno in {
            errno.EAGAIN,
            errno.EBUSY,
        }  # others: no leases here, or the file is not ours to ask about
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


def _by_ends(file: BinaryIO, size: int) -> Wholeness:  # noqa: PLR0911 - one answer a kind
    if size == 0:
        return Wholeness.PARTIAL  # scanners make the name first
    head = file.read(HEAD)
    sniffed = sniff(head)
    file.seek(max(0, size - TAIL))
    tail = file.read(TAIL).rstrip(b"\0")  # some devices pad
    if sniffed.container == "zip":
        return _if(b"PK\x05\x06" in tail)
    if sniffed.kind is Kind.PDF:
        return _if(b"%%EOF" in tail.rstrip()[-1024:])
    if sniffed.kind is Kind.JPEG:
        return _if(b"\xff\xd9" in tail)
    if sniffed.kind is Kind.PNG:
        return _if(b"IEND" in tail)
    if sniffed.kind is Kind.TIFF:
        return _tiff(file, head, size)
    if sniffed.kind is Kind.HEIC:
        return _boxes(file, size)
    return Wholeness.UNKNOWN


def _if(found: bool) -> Wholeness:
    return Wholeness.WHOLE if found else Wholeness.PARTIAL


def _tiff(file: BinaryIO, head: bytes, size: int) -> Wholeness:
    """The chain of directories must end within the file (TIFF 6.0, section 2); writers often set its start last."""
    order = "little" if head.startswith(b"II") else "big"
    if int.from_bytes(head[2:4], order) != 42:  # type: ignore[arg-type]
        return Wholeness.UNKNOWN  # BigTIFF
    offset = int.from_bytes(head[4:8], order)  # type: ignore[arg-type]
    for _ in range(_MOST_DIRECTORIES):
        if not 8 <= offset < size - 2:
            return Wholeness.PARTIAL
        file.seek(offset)
        entries = int.from_bytes(file.read(2), order)  # type: ignore[arg-type]
        file.seek(offset + 2 + entries * 12)
        following = file.read(4)
        if len(following) < 4:
            return Wholeness.PARTIAL
        offset = int.from_bytes(following, order)  # type: ignore[arg-type]
        if offset == 0:
            return Wholeness.WHOLE
    return Wholeness.UNKNOWN


def _boxes(file: BinaryIO, size: int) -> Wholeness:
    """Top-level boxes fill the file exactly (ISO 14496-12, section 4.2)."""
    at = 0
    for _ in range(_MOST_DIRECTORIES):
        if at == size:
            return Wholeness.WHOLE
        file.seek(at)
        header = file.read(16)
        length = int.from_bytes(header[:4], "big")
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        elif length == 0 and len(header) >= 8:
            return Wholeness.WHOLE  # "to the end of the file"
        if len(header) < 8 or length < 8 or at + length > size:
            return Wholeness.PARTIAL
        at += length
    return Wholeness.UNKNOWN
