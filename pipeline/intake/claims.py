"""Makes a dropped file ours by one atomic rename, and moves it on when its fate is written down elsewhere.

    van-ban-den/<name>                     dropped
    van-ban-den/.dang-nhan/<id>/<name>     claimed: the rename is the lock, exactly one claimer wins
    .vanthu/staged/<id>/original.pdf       secured: whole, verified and durable, or not there under that name
    .vanthu/received/<day>/<id>/<name>     retired: after the commit, the dropped file itself

At every moment the dropped bytes lie under one of these names; nothing here deletes the last copy of anything.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from pipeline import files
from pipeline.document import Finding, Kind, Original
from pipeline.errors import NotFoundError, StorageError
from pipeline.intake.moving import clear_temporaries, move_anything
from pipeline.intake.names import display_name

CLAIMS = ".dang-nhan"
ROOM_FACTOR = 3  # the staged copy, its reading copy and the bag
RESERVE_MB = 512
EMPTY_CLAIM_SECONDS = 60  # an empty claim folder younger than this may be another service's, about to be used
_ID = re.compile(r"^(\d{8}T\d{6})-([0-9a-f]{5})[0-9a-f]{3}(?:-u(\d))?$")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """A dropped file that is ours alone now. The id sorts by time and carries the urgency, so that a service that
    finds the claim after a kill knows all of it from the file system.
    """

    id: str  # "20261123T142501-3f2a9c1d", "-u3" behind it for hỏa tốc
    path: Path
    name: str  # NFC, for people
    raw_name: bytes  # as it was dropped, byte for byte
    urgency: int  # 0 ordinary … 3 hỏa tốc
    claimed_at: datetime  # aware, UTC


def claim(path: Path, folder: Path, urgency: int = 0) -> Claim:
    """Move whatever lies at `path`, below the watched `folder`, into a claim folder of its own.

    A rename opens nothing and follows nothing, so links, pipes and devices are claimed like files and then refused
    by `examine`. NotFoundError when it is gone or another service was faster; StorageError when we may not rename.
    """
    raw_name = os.fsencode(path.name)
    with _claims_folder(folder, path) as claims, _folder_of(path, folder) as source:
        identity, claimed_at = _new_claim(claims, urgency)
        target = os.open(identity, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=claims)
        try:
            os.rename(raw_name, raw_name, src_dir_fd=source, dst_dir_fd=target)
            for changed in (target, source, claims):  # or a power cut could offer a registered file again
                _sync(changed)
        except OSError as error:
            with suppress(OSError):
                os.rmdir(identity, dir_fd=claims)
            raise _claim_error(error, path) from error
        finally:
            os.close(target)
    return _claim_of(folder / CLAIMS / identity / path.name, identity, claimed_at, urgency)


def pending_claims(folder: Path) -> list[Claim]:
    """What a killed service had claimed and not finished, oldest first; tidies away claim folders that are empty."""
    try:
        handle = os.open(folder / CLAIMS, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StorageError("claims-folder-unsafe", path=folder / CLAIMS, reason=error.strerror or error) from error
    try:
        names = sorted(os.listdir(handle))  # noqa: PTH208 - of the open folder, whatever its name is now
    finally:
        os.close(handle)
    found: list[Claim] = []
    for name in names:
        match = _ID.match(name)
        if match is None or not stat.S_ISDIR((folder / CLAIMS / name).lstat().st_mode):
            log.warning("not a claim, left alone: %s", display_name(folder / CLAIMS / name))
            continue
        found += _found_in(folder / CLAIMS / name, match)
    return found


def secure(
    claim: Claim, kind: Kind, findings: Sequence[Finding], staged: Path, *, reserve_mb: int = RESERVE_MB
) -> Original:
    """Copy a claimed file to `staged`/original<suffix>, read the copy back and compare; `staged` is this claim's own.

    Done again after a kill it ends the same. StorageError: `disk-full` before anything is written when fewer than
    3 × size + reserve bytes are free, `changed-while-copied` when somebody still writes to it (both worth a retry).
    """
    target = staged / f"original{kind.suffix}"
    with files.storage_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        clear_temporaries(target.parent)
    with _opened(claim) as source:
        before = os.fstat(source.fileno())
        _check_room(target, before.st_size, reserve_mb)
        size, digest = files.copy_durably(source, target)
        after = os.fstat(source.fileno())
    if size != after.st_size or before.st_mtime_ns != after.st_mtime_ns:
        raise StorageError("changed-while-copied", path=claim.name)
    with files.storage_errors(target):
        files.sync_folder(staged.parent)
        if files.sha256_of(target) != digest:
            raise StorageError("copy-differs", path=target)
    return Original(str(target), claim.name, claim.raw_name, kind, size, digest, claim.claimed_at, tuple(findings))


def retire(claim: Claim, received: Path) -> Path:
    """Move the dropped file to `received`/<claim id>/ once its document is committed; `received` is its day's folder.

    Done again it returns the same path. NotFoundError when it lies in neither place.
    """
    target = received / claim.id / claim.path.name
    with files.storage_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        clear_temporaries(target.parent)
        if os.path.lexists(claim.path):
            move_anything(claim.path, target, replace=True)  # only an earlier, unfinished copy of it can lie there
            files.sync_folder(received)
        elif not os.path.lexists(target):
            raise NotFoundError("file-gone", path=claim.name)
    forget_folder(claim)
    return target


def forget_folder(claim: Claim) -> None:
    """Remove the claim's own folder when it is empty; a file in it stays where it is."""
    with suppress(OSError):
        claim.path.parent.rmdir()


def _new_claim(claims: int, urgency: int) -> tuple[str, datetime]:
    while True:
        now = datetime.now(UTC)
        identity = f"{now:%Y%m%dT%H%M%S}-{now.microsecond:05x}{secrets.token_hex(2)[:3]}" + (
            f"-u{urgency}" if urgency else ""
        )
        try:
            os.mkdir(identity, 0o700, dir_fd=claims)
        except FileExistsError:
            continue
        return identity, now


def _claim_of(path: Path, identity: str, claimed_at: datetime, urgency: int) -> Claim:
    return Claim(identity, path, display_name(path), os.fsencode(path.name), urgency, claimed_at)


def _found_in(folder: Path, match: re.Match[str]) -> Iterator[Claim]:
    claimed_at = datetime.strptime(match[1], "%Y%m%dT%H%M%S").replace(
        tzinfo=UTC, microsecond=int(match[2], 16) % 1_000_000
    )
    inside = sorted(folder.iterdir())
    if not inside and (datetime.now(UTC) - claimed_at).total_seconds() > EMPTY_CLAIM_SECONDS:
        with suppress(OSError):
            folder.rmdir()
    for surplus in inside[1:]:
        log.warning("more than one file in a claim, left alone: %s", display_name(surplus))
    yield from (_claim_of(path, match[0], claimed_at, int(match[3] or 0)) for path in inside[:1])


@contextmanager
def _claims_folder(folder: Path, path: Path) -> Iterator[int]:
    """Open our folder of claims, made when missing. A link planted in its place is not followed."""
    try:
        with suppress(FileExistsError):
            (folder / CLAIMS).mkdir(mode=0o700)
        handle = os.open(folder / CLAIMS, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except FileNotFoundError as error:
        raise NotFoundError("file-gone", path=display_name(path)) from error
    except OSError as error:
        raise StorageError("claims-folder-unsafe", path=folder / CLAIMS, reason=error.strerror or error) from error
    try:
        yield handle
    finally:
        os.close(handle)


@contextmanager
def _folder_of(path: Path, folder: Path) -> Iterator[int]:
    """Open the folder a file lies in, step by step from the watched folder, through no link on the way."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    handle = -1
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        for part in path.relative_to(folder).parts[:-1]:
            below = os.open(part, flags, dir_fd=handle)
            os.close(handle)
            handle = below
    except OSError as error:
        if handle >= 0:
            os.close(handle)
        raise _claim_error(error, path) from error
    try:
        yield handle
    finally:
        os.close(handle)


def _claim_error(error: OSError, path: Path) -> NotFoundError | StorageError:
    if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ESTALE}:
        return NotFoundError("file-gone", path=display_name(path))
    if error.errno == errno.EXDEV:
        return StorageError("other-file-system", path=display_name(path))
    return StorageError("cannot-claim", path=display_name(path), reason=error.strerror or error)


def _sync(folder: int) -> None:
    try:
        os.fsync(folder)
    except OSError as error:  # some network file systems have no sync of folders; the file is ours all the same
        log.debug("folder not synced: %s", error)


@contextmanager
def _opened(claim: Claim) -> Iterator[BinaryIO]:
    try:
        handle = os.open(claim.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError as error:
        raise NotFoundError("file-gone", path=claim.name) from error
    except OSError as error:
        raise StorageError("cannot-read", path=claim.name, reason=error.strerror or error) from error
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise StorageError("cannot-read", path=claim.name, reason="not a regular file")
        yield file


def _check_room(target: Path, size: int, reserve_mb: int) -> None:
    needed = ROOM_FACTOR * size + (reserve_mb << 20)
    free = shutil.disk_usage(target.parent).free
    if free < needed:
        raise StorageError("disk-full", path=target, reason=f"{free >> 20} MB < {needed >> 20} MB")
