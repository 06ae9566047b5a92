"""Looks through an RTF file token by token, without understanding it: whole, of sane depth, and nothing that acts.

Rich Text Format Specification 1.9.1. RTF has no macros; what it can have is objects that load something when the file
is opened, and templates and fields that fetch from elsewhere.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from typing import BinaryIO

from pipeline.errors import RefusedError

DEEPEST = 500  # groups within groups; LibreOffice works them off by recursion

_TOKEN = re.compile(rb"\\(?:([A-Za-z]+)(-?\d{1,10})? ?|.)|[{}]", re.DOTALL)
_ACTING = {b"objautlink", b"objlink", b"objupdate", b"objocx", b"objsub", b"objhtml"}
_FETCHING = re.compile(
    rb"(?i)\\template\s*[^{}]{0,40}(?:https?:|ftp:|\\{2,4})|\bDDE(?:AUTO)?\b"
    rb"|\bINCLUDE(?:TEXT|PICTURE)\s[^{}]{0,40}https?:"
    rb"|\\objclass\s+(?:Package|OLE2Link|htmlfile|ShockwaveFlash|Shell\.Explorer)"
)


def check_rtf(file: BinaryIO) -> None:
    """RefusedError for a truncated or absurdly nested file, and for one that loads or runs something when opened."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if _FETCHING.search(data):
            raise RefusedError("active-content")
        depth = 0
        for token in _tokens(data):
            depth += {b"{": 1, b"}": -1}.get(token, 0)
            if token in _ACTING:
                raise RefusedError("active-content")
            if depth > DEEPEST:
                raise RefusedError("damaged-office", reason="RTF")
            if depth <= 0:
                return
    raise RefusedError("truncated")


def _tokens(data: mmap.mmap) -> Iterator[bytes]:
    """Braces and the names of control words; what `\\bin` announces is jumped over."""
    at = 0
    while match := _TOKEN.search(data, at):
        at = match.end()
        if match[1] == b"bin" and match[2]:
            at += max(int(match[2]), 0)
        yield match[1] or match[0]
