"""Which file system a folder lies on, and so whether its kernel tells us of other people's writing."""

from __future__ import annotations

import os
import re
from enum import StrEnum
from pathlib import Path

from pipeline import settings

# Those that do tell, not those that do not: an unknown file system costs a few seconds' wait, not blindness.
# overlay is left out (writes to its lower layer are not seen), and so are fuse, 9p, virtiofs, nfs and cifs.
LOCAL = frozenset({
    "ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "jfs", "reiserfs", "bcachefs", "nilfs2", "tmpfs", "ramfs",
    "vfat", "exfat", "ntfs3", "hfsplus",
})  # fmt: skip
UNKNOWN = "unknown"


class WatchMode(StrEnum):
    NATIVE = "native"  # inotify wakes us; the rescan stays the truth
    POLLING = "polling"  # the rescan alone


def choose_mode(folder: Path, intake: settings.Intake) -> tuple[WatchMode, str]:
    """The mode that the settings ask for, or that fits the folder's file system; and that file system's name."""
    name = file_system_of(folder)
    if intake.mode != "auto":
        return WatchMode(intake.mode), name
    return (WatchMode.NATIVE if name in LOCAL else WatchMode.POLLING), name


def file_system_of(folder: Path, mountinfo: Path = Path("/proc/self/mountinfo")) -> str:
    """The type of the mount that holds a folder ("ext4", "cifs", "fuse.sshfs"), "unknown" when the kernel does not say.

    mountinfo rather than the magic of statfs(2): the same knowledge with the names that administrators know, and it
    tells the kinds of FUSE apart. See proc(5).
    """
    try:
        lines = mountinfo.read_bytes().splitlines()
        real = os.fsencode(folder.resolve())
    except (OSError, RuntimeError):
        return UNKNOWN
    best, name = b"", UNKNOWN
    for line in lines:
        fields, _, rest = line.partition(b" - ")
        columns = fields.split(b" ")
        if len(columns) < 5 or not rest:
            continue
        point = re.sub(rb"\\([0-7]{3})", lambda octal: bytes([int(octal[1], 8)]), columns[4])
        inside = real == point or real.startswith(point.rstrip(b"/") + b"/")
        if inside and len(point) >= len(best):  # a later mount on the same point hides the earlier one
            best, name = point, rest.split(b" ")[0].decode("ascii", errors="replace")
    return name
