"""Which names in a watched folder are not documents: the traces of scanners, shares, editors and downloads."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from pipeline.vietnamese import nfc

UNFINISHED: tuple[str, ...] = (
    "*.part", "*.partial", "*.tmp", "*.temp", "*.crdownload", "*.download", "*.opdownload", "*.filepart", "*.!ut",
    "*.!qb", "*.writing", "*.uploading", "*.aria2", "*.swp", "~*.tmp", ".*",
)  # fmt: skip
"""Names under which a file is still being written: what gets its real name from one of these is finished."""

LITTER: tuple[str, ...] = (
    *UNFINISHED,
    "~$*", "*~", "._*", "thumbs.db", "thumbs.db:encryptable", "ehthumbs.db", "desktop.ini", "@eadir", "@tmp",
    "#recycle", "$recycle.bin", "system volume information", "lost+found", "__macosx", "icon\r", "*.lnk", "*.url",
    "*.lock", "*.lck", "*.ly-do.txt", "*.ly-do.json",
)  # fmt: skip


def is_litter(name: str, more: Sequence[str] = ()) -> bool:
    """Is this the name of a file or folder to leave alone? `more` are the office's own patterns, added to ours."""
    return _matches(name, LITTER) or _matches(name, more)


def is_unfinished(name: str) -> bool:
    """Does this name say that somebody is still writing?"""
    return _matches(name, UNFINISHED)


def _matches(name: str, patterns: Sequence[str]) -> bool:
    folded = nfc(name).lower()
    return any(fnmatchcase(folded, nfc(pattern).lower()) for pattern in patterns)
