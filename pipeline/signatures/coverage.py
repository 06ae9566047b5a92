"""Which bytes a signature really is of, and whether bytes hide around them.

pyHanko compares lengths alone (`evaluate_signature_coverage`): when the container is written shorter than in
hexadecimal, as a literal string, a whole other document fits into the gap and counts as signed (signature wrapping).
And it looks at the objects that tables lead to; a viewer that repairs a file takes whatever object stands last in it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

HEXADECIMAL = re.compile(rb"<[0-9A-Fa-f]*>")
OBJECT = re.compile(rb"(?<![0-9])[0-9]+[\0\t\n\f\r ]+[0-9]+[\0\t\n\f\r ]+obj(?![A-Za-z])")
TABLE = re.compile(rb"startxref[\0\t\n\f\r ]+[0-9]")
BLANK = b"\0\t\n\f\r "
END = b"%%EOF"
MOST_BYTES = 64 << 20  # of a gap, and of what is looked at behind a signature
HEADER_BYTES = 64


def leaves_out_only_itself(signature: EmbeddedPdfSignature, stream: BinaryIO) -> bool:
    """Is the gap between the signed parts the container in hexadecimal, and not a byte more?"""
    gap = _gap(signature.byte_range)
    if gap is None:
        return False
    start, length = gap
    found = _read(stream, start, length)
    if len(found) != length or not HEXADECIMAL.fullmatch(found):
        return False
    container: bytes = signature.pkcs7_content
    return length == 2 * len(container) + 2 and bytes.fromhex(found[1:-1].decode()) == container


def hides_bytes(signature: EmbeddedPdfSignature, stream: BinaryIO) -> bool:
    """Do objects or tables stand behind the signed bytes that no table leads to, or anything behind the last one?"""
    start = int(signature.byte_range[2]) + int(signature.byte_range[3])
    if stream.seek(0, os.SEEK_END) - start > MOST_BYTES:
        return True
    added = _read(stream, start, MOST_BYTES)
    if not added.strip(BLANK):
        return False
    xrefs = signature.reader.xrefs
    later = range(signature.signed_revision + 1, xrefs.total_revisions)
    known = {_first_digit(stream, place) for place in _places(xrefs, later)}
    return (
        any(start + found.start() not in known for found in OBJECT.finditer(added))
        or len(TABLE.findall(added)) != len(later)
        or bool(added.rpartition(END)[2].strip(BLANK))
    )


def _gap(byte_range: Any) -> tuple[int, int] | None:
    """(start, length) of what two parts from the file's beginning leave out between them."""
    parts = list(byte_range)
    if len(parts) != 4 or not all(isinstance(part, int) and part >= 0 for part in parts):
        return None
    first, length, second, _ = parts
    if first != 0 or not 0 < second - length <= MOST_BYTES:
        return None
    return length, second - length


def _places(xrefs: Any, revisions: range) -> Iterator[int]:
    """Where the tables of these revisions say that objects stand, and where those tables stand."""
    for revision in revisions:
        yield xrefs.get_startxref_for_revision(revision)
        for reference in xrefs.explicit_refs_in_revision(revision):
            place = xrefs.get_historical_ref(reference, revision)
            if isinstance(place, int):
                yield place


def _first_digit(stream: BinaryIO, place: int) -> int:
    head = _read(stream, place, HEADER_BYTES)
    return place + len(head) - len(head.lstrip(BLANK))


def _read(stream: BinaryIO, place: int, length: int) -> bytes:
    stream.seek(place)
    return stream.read(length)
