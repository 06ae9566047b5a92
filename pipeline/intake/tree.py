"""One look at a watched folder and what lies below it: names and facts, nothing opened, no link followed."""

from __future__ import annotations

import logging
import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.intake.litter import is_litter, is_unfinished
from pipeline.intake.names import display_name
from pipeline.vietnamese import tokens

DEEPEST = 8  # folders in folders that are walked
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """One name at one look. Times are the file system's own and are only ever compared with each other."""

    path: Path
    urgency: int
    group: str  # the folder that was dropped as a whole, "" for a file that stands for itself
    inode: tuple[int, int]  # (device, inode)
    size: int  # bytes
    mtime_ns: int
    ctime_ns: int
    regular: bool = True

    @property
    def signature(self) -> tuple[int, int, tuple[int, int]]:
        """What must not change while a file is said to be quiet."""
        return self.size, self.mtime_ns, self.inode


@dataclass(frozen=True, slots=True)
class Look:
    """Everything takeable, and the inodes of what is still being written under a temporary name."""

    files: tuple[Seen, ...]
    unfinished: frozenset[tuple[int, int]] = frozenset()


def look_at(folder: Path, urgent_folders: Sequence[str], ignore: Sequence[str]) -> Look:
    """Walk the folder once. OSError when the folder itself cannot be listed; one below it is skipped."""
    urgencies = {_plain(name): len(urgent_folders) - at for at, name in enumerate(urgent_folders)}
    files: list[Seen] = []
    unfinished: set[tuple[int, int]] = set()
    waiting: list[tuple[Path, int, str, int]] = [(folder, 0, "", 0)]
    while waiting:
        inside, urgency, group, depth = waiting.pop()
        for entry in _entries(inside, must=depth == 0):
            try:
                facts = entry.stat(follow_symlinks=False)
            except OSError:
                continue  # gone since it was listed
            if is_litter(entry.name, ignore):
                if is_unfinished(entry.name) and stat.S_ISREG(facts.st_mode):
                    unfinished.add((facts.st_dev, facts.st_ino))
            elif not stat.S_ISDIR(facts.st_mode):
                files.append(_seen(entry, facts, urgency, group))
            elif depth == 0 and (found := urgencies.get(_plain(entry.name))):
                waiting.append((Path(entry.path), found, "", 1))
            elif depth < DEEPEST:
                waiting.append((Path(entry.path), urgency, group or entry.path, depth + 1))
    return Look(tuple(files), frozenset(unfinished))


def urgent_paths(folder: Path, urgent_folders: Sequence[str]) -> list[Path]:
    """The urgent folders that exist now, however their names are written ("Hỏa tốc" is "hoa-toc")."""
    wanted = {_plain(name) for name in urgent_folders}
    return [
        Path(entry.path)
        for entry in _entries(folder)
        if entry.is_dir(follow_symlinks=False) and _plain(entry.name) in wanted
    ]


def name_order(path: Path) -> tuple[tuple[int, int, str], ...]:
    """Sorts "trang 2" before "trang 10", folder by folder."""
    parts = re.split(r"(\d+)", str(path))
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part.lower()) for part in parts)


def _entries(folder: Path, *, must: bool = False) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError as error:
        if must:
            raise
        log.debug("cannot look into %s: %s", display_name(folder), error)
        return []


def _seen(entry: os.DirEntry[str], facts: os.stat_result, urgency: int, group: str) -> Seen:
    return Seen(
        Path(entry.path), urgency, group, (facts.st_dev, facts.st_ino), facts.st_size, facts.st_mtime_ns,
        facts.st_ctime_ns, stat.S_ISREG(facts.st_mode),
    )  # fmt: skip


def _plain(name: str) -> str:
    return "-".join(tokens(name))
