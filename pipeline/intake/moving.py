"""Moves one name, whatever it is - file, link, pipe - without opening what is dangerous and without overwriting."""

from __future__ import annotations

import ctypes
import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

from pipeline import files

_AT_FDCWD = -100
_RENAME_NOREPLACE = 1
_libc = ctypes.CDLL(None, use_errno=True)


def move_anything(source: Path, target: Path, *, replace: bool = False) -> None:
    """Rename durably; on another file system copy durably and then remove. OSError; FileExistsError unless `replace`.

    A kill in between leaves the source, the target or both, never neither.
    """
    try:
        _rename(source, target, replace=replace)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _carry_over(source, target, replace=replace)
    files.sync_folder(target.parent)
    with suppress(FileNotFoundError):
        files.sync_folder(source.parent)


def clear_temporaries(folder: Path) -> None:
    """Remove what a killed write left half done; only one service at a time writes into its folders."""
    for left in folder.glob(f"{files.TEMPORARY_PREFIX}*"):
        left.unlink()


def _rename(source: Path, target: Path, *, replace: bool) -> None:
    if replace:
        source.rename(target)
    else:
        _rename_to_new(source, target)


def _rename_to_new(source: Path, target: Path) -> None:
    """renameat2(2) refuses an existing target in the same step; where a file system cannot, look first."""
    renamed = getattr(_libc, "renameat2", None)
    if renamed is not None:
        if renamed(_AT_FDCWD, os.fsencode(source), _AT_FDCWD, os.fsencode(target), _RENAME_NOREPLACE) == 0:
            return
        number = ctypes.get_errno()
        if number not in {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}:
            raise OSError(number, os.strerror(number), str(target))
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    source.rename(target)


def _carry_over(source: Path, target: Path, *, replace: bool) -> None:
    if not replace and os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    mode = source.lstat().st_mode
    if stat.S_ISLNK(mode):
        target.symlink_to(source.readlink())
    elif stat.S_ISREG(mode):
        with open(os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:  # noqa: PTH123 - a descriptor
            files.copy_durably(file, target)
    elif stat.S_ISDIR(mode):
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), str(source))
    # Pipes, sockets and devices hold no bytes: the reason file beside them is all there is to keep.
    source.unlink()
