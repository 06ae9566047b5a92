"""How names that come from anywhere are shown to people, and kept apart where two would collide."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

from pipeline.vietnamese import nfc

NAME_BYTES = 255  # NAME_MAX of Linux file systems
_CONTROL_PICTURES = {code: 0x2400 + code for code in range(32)} | {0x7F: 0x2421}


def display_name(path: Path | bytes) -> str:
    """A name for people: NFC; undecodable bytes as \\xe1, control characters as pictures, direction tricks spelled out.

    One line, printable, and always encodable: safe in a log, a table and a message.
    """
    raw = path if isinstance(path, bytes) else os.fsencode(path.name)
    text = nfc(raw.decode("utf-8", errors="backslashreplace")).translate(_CONTROL_PICTURES)
    return "".join(f"\\u{ord(c):04x}" if unicodedata.category(c) in {"Cf", "Cc", "Zl", "Zp"} else c for c in text)


def numbered(raw: bytes, count: int) -> bytes:
    """The name itself for 1, "name (2).pdf" and so on from 2, never longer than a name may be."""
    if count == 1:
        return raw
    stem, suffix = os.path.splitext(raw)  # noqa: PTH122 - bytes
    return joined(stem, b" (%d)" % count + suffix[:20])


def joined(stem: bytes, ending: bytes) -> bytes:
    """Stem and ending, the stem cut (between letters where it is UTF-8) so that both fit into a name."""
    room = max(1, NAME_BYTES - len(ending))
    if len(stem) > room:
        back = 0
        while back < 3 and stem[room - back] & 0xC0 == 0x80:  # inside a letter
            back += 1
        stem = stem[: room - back]
    return stem + ending
