"""The mark that no signature can do without: /ByteRange, which stands uncompressed, for it tells bytes of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from pipeline.files import CHUNK

MARK = re.compile(rb"/(?:B|#42)(?:y|#79)(?:t|#74)(?:e|#65)(?:R|#52)(?:a|#61)(?:n|#6[Ee])(?:g|#67)(?:e|#65)")
"""As a name may also be written (ISO 32000-1, 7.3.5)."""
LONGEST = len(b"/#42#79#74#65#52#61#6E#67#65")


def marks(stream: BinaryIO) -> Iterator[int]:
    """Where the file says so, from its beginning on. Raises OSError."""
    stream.seek(0)
    window, start = b"", 0
    while more := stream.read(CHUNK):
        window += more
        places = list(MARK.finditer(window))
        yield from (start + place.start() for place in places)
        seen = max([len(window) - LONGEST + 1, 0, *(place.end() for place in places)])  # nothing is told twice
        window, start = window[seen:], start + seen
