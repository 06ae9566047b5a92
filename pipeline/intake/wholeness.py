"""Does a file look finished? A few cheap looks at its two ends, and one question to the kernel; nothing is parsed."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import stat
import struct
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from pipeline.document import Kind
from pipeline.intake.kinds import HEAD, sniff

TAIL = 64 << 10
_F_SETSIG = 10
_MOST_DIRECTORIES = 10_000
_TIFF_BLOCKS = ((273, 279), (324, 325))  # offsets and byte counts of strips, of tiles


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
    if sniffed.kind is Kind.RTF:
        return _if(tail.rstrip().endswith(b"}"))
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
    """The chain of directories and the last block of each picture lie within the file (TIFF 6.0, section 2)."""
    order = "<" if head.startswith(b"II") else ">"
    magic, offset = struct.unpack_from(order + "HI", head.ljust(8, b"\0"), 2)
    if magic != 42:
        return Wholeness.UNKNOWN  # BigTIFF
    for _ in range(_MOST_DIRECTORIES):
        if not 8 <= offset < size - 2:
            return Wholeness.PARTIAL
        file.seek(offset)
        count = struct.unpack(order + "H", file.read(2))[0]
        directory = file.read(count * 12 + 4)
        if len(directory) < count * 12 + 4:
            return Wholeness.PARTIAL
        fields = {tag: rest for tag, *rest in struct.iter_unpack(order + "HHII", directory[:-4])}
        for offsets, counts in _TIFF_BLOCKS:
            if _last(file, fields.get(offsets), order) + _last(file, fields.get(counts), order) > size:
                return Wholeness.PARTIAL
        (offset,) = struct.unpack_from(order + "I", directory, count * 12)
        if offset == 0:
            return Wholeness.WHOLE
    return Wholeness.UNKNOWN


def _last(file: BinaryIO, field: list[int] | None, order: str) -> int:
    """The last value of a directory entry (type, count, value or offset); endless when it is not there yet."""
    if field is None:
        return 0
    kind, count, value = field
    width, code = (2, "H") if kind == 3 else (4, "I")
    if count * width <= 4:
        return int(struct.unpack_from(order + code, struct.pack(order + "I", value), max(0, count - 1) * width)[0])
    file.seek(value + (count - 1) * width)
    found = file.read(width)
    return int(struct.unpack(order + code, found)[0]) if len(found) == width else 1 << 62


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
