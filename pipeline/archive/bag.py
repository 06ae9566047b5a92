"""BagIt bags (RFC 8493), written durably: built aside and renamed whole, changed through a redo note.

The library `bagit` judges every new bag, but does not write it: it moves the payload, changes the working folder of
the whole process and does not fsync.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import bagit

from pipeline.document import Finding, Severity
from pipeline.errors import IntegrityError
from pipeline.files import (
    CHUNK,
    TEMPORARY_PREFIX,
    copy_durably,
    move_durably,
    storage_errors,
    sync_folder,
    write_durably,
    write_json_durably,
)

ALGORITHMS = ("sha256", "sha512")
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
FILED_MODE = 0o440  # what is filed is not written again
REDO = "{name}.redo.json"
STAGED = "{name}.redo.bin"  # a file that the redo note will move into the bag

log = logging.getLogger(__name__)
logging.getLogger("bagit").setLevel(logging.CRITICAL)  # it tells at length what it raises anyway

Sums = dict[str, str]


class Builder:
    """A bag in the making: a folder beside its later place, invisible to `bags`, gone when the block fails."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.folder = target.with_name(f"{TEMPORARY_PREFIX}{target.name}-{secrets.token_hex(4)}")
        self._payload: dict[str, Sums] = {}
        self._size = 0

    def __enter__(self) -> Builder:
        with storage_errors(self.target):
            clean(self.target.parent, self.target.name)
            self.folder.mkdir(parents=True, mode=0o750)
        return self

    def __exit__(self, *_error: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def add(self, name: str, source: BinaryIO) -> Sums:
        """Put a file into the payload (`data/...`); return its checksums by algorithm."""
        path = self.folder / name
        digests = {algorithm: hashlib.new(algorithm) for algorithm in ALGORITHMS}
        with storage_errors(self.target):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
            with path.open("xb") as out:
                while chunk := source.read(CHUNK):
                    self._size += out.write(chunk)
                    for digest in digests.values():
                        digest.update(chunk)
                out.flush()
                os.fsync(out.fileno())
            path.chmod(FILED_MODE)
        self._payload[name] = {algorithm: digest.hexdigest() for algorithm, digest in digests.items()}
        return self._payload[name]

    def publish(self, info: Mapping[str, str]) -> Path:
        """Write manifests and tags, make all durable, have `bagit` judge it, and rename it to its place.

        Raises StorageError, IntegrityError when what lies on the disk is not what was written.
        """
        manifests = {a: {name: sums[a] for name, sums in self._payload.items()} for a in ALGORITHMS}
        with storage_errors(self.target):
            for name, data in _tag_files(manifests, info, (self._size, len(self._payload))).items():
                with (self.folder / name).open("xb") as out:
                    out.write(data)
                    out.flush()
                    os.fsync(out.fileno())
            for folder, _folders, _files in os.walk(self.folder, topdown=False):
                sync_folder(Path(folder))
            validate(self.folder)
            self.folder.rename(self.target)
            sync_folder(self.target.parent)
            sync_folder(self.target.parent.parent)
        return self.target


def validate(folder: Path) -> None:
    """Raises IntegrityError unless `bagit` finds the bag whole."""
    try:
        bagit.Bag(str(folder)).validate()
    except (bagit.BagError, ValueError, KeyError, OSError) as error:
        raise IntegrityError("bag-damaged", path=folder, reason=error) from error


def damage(folder: Path) -> list[Finding]:
    """Every file of a bag that was changed, is missing, or does not belong there; empty for a whole one."""
    try:
        bag = bagit.Bag(str(folder))
        missing, extra = bag.compare_manifests_with_fs()
    except (bagit.BagError, ValueError, KeyError, OSError) as error:
        return [_finding("bag-unreadable", folder, reason=str(error))]
    found = [_finding("bag-file-missing", folder, file=name) for name in sorted(missing)]
    found += [_finding("bag-file-extra", folder, file=name) for name in sorted(extra)]
    for name, sums in sorted(bag.entries.items()):
        path = folder / name
        if name not in missing and (path.is_symlink() or not _is_as_recorded(path, sums)):
            found.append(_finding("bag-file-changed", folder, file=name))
    if not found:
        try:
            bag.validate(fast=True)
        except (bagit.BagError, ValueError, OSError) as error:
            found.append(_finding("bag-unreadable", folder, reason=str(error)))
    return found


def add_to_bag(folder: Path, name: str, data: bytes, *, file: tuple[str, Path] | None = None) -> None:
    """Add a text to the payload of a bag that is whole, durably; `redo` finishes it after a crash.

    `file`, a name in the payload and what to copy there, comes in together with the text or not at all. Checksums
    of the other files stay as they were recorded: what has rotted since is not made good by this. Raises
    IntegrityError.
    """
    redo(folder)
    tags = _whole_tags(folder)
    manifests = {a: _sums(tags[f"manifest-{a}.txt"]) for a in ALGORITHMS}
    for algorithm in ALGORITHMS:
        manifests[algorithm][name] = hashlib.new(algorithm, data).hexdigest()
    info = dict(line.split(": ", 1) for line in tags["bag-info.txt"].decode().splitlines())
    size, amount = (int(part) for part in info.pop("Payload-Oxum").split("."))
    texts: dict[str, str | None] = {name: data.decode()}
    if file is not None:
        more = _stage(folder, file[1])
        for algorithm, digest in more[1].items():
            manifests[algorithm][file[0]] = digest
        size, amount, texts = size + more[0], amount + 1, {file[0]: None, **texts}
    changed = _tag_files(manifests, info, (size + len(data), amount + 1))
    texts |= {tag: content.decode() for tag, content in changed.items()}
    write_json_durably(_redo_note(folder), texts)
    redo(folder)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Nobody else changes this bag meanwhile: not another thread, not a command beside the service. Not reentrant.

    The lock is on the bag's folder and goes with the process. A file system without such locks (some NFS) gives none.
    """
    with storage_errors(folder):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
        except OSError as error:
            log.debug("%s: no lock: %s", folder, error)
        yield
    finally:
        os.close(handle)


def redo(folder: Path) -> bool:
    """Finish a change that was cut off; True when there was one. Doing it twice does no harm."""
    note, staged = _redo_note(folder), _staged(folder)
    try:
        texts: dict[str, str | None] = json.loads(note.read_text(encoding="utf-8"))
    except FileNotFoundError:
        staged.unlink(missing_ok=True)  # killed before the note: the change never was
        return False
    for place in {(folder / name).parent for name in texts}:
        clean(place)
    for name, text in texts.items():
        if text is not None:
            write_durably(folder / name, text.encode())
        elif staged.exists():
            move_durably(staged, folder / name)
        if name.startswith("data/"):
            (folder / name).chmod(FILED_MODE)
    with storage_errors(note):
        note.unlink()
        sync_folder(note.parent)
    return True


def clean(parent: Path, name: str = "") -> int:
    """Remove what killed builders left in a folder (of one bag, or of all); return how many."""
    left = [path for path in parent.glob(f"{TEMPORARY_PREFIX}{name}*") if path.name.startswith(TEMPORARY_PREFIX)]
    for path in left:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    return len(left)


def _stage(folder: Path, source: Path) -> tuple[int, Sums]:
    """Copy a file beside the bag, durably; return its size and its checksums."""
    staged = _staged(folder)
    with storage_errors(source), source.open("rb") as opened:
        size, _ = copy_durably(opened, staged)
    sums = {}
    for algorithm in ALGORITHMS:
        with staged.open("rb") as copied:
            sums[algorithm] = hashlib.file_digest(copied, algorithm).hexdigest()
    return size, sums


def _staged(folder: Path) -> Path:
    return folder.with_name(STAGED.format(name=folder.name))


def _redo_note(folder: Path) -> Path:
    return folder.with_name(REDO.format(name=folder.name))


def _tag_files(manifests: Mapping[str, Sums], info: Mapping[str, str], oxum: tuple[int, int]) -> dict[str, bytes]:
    """All tag files; the tag manifests last, over the others."""
    lines = [f"{key}: {_one_line(value)}" for key, value in info.items()] + [f"Payload-Oxum: {oxum[0]}.{oxum[1]}"]
    files = {"bagit.txt": DECLARATION, "bag-info.txt": ("\n".join(lines) + "\n").encode()}
    files |= {f"manifest-{a}.txt": _manifest(sums) for a, sums in manifests.items()}
    over = {
        f"tagmanifest-{a}.txt": _manifest({name: hashlib.new(a, data).hexdigest() for name, data in files.items()})
        for a in manifests
    }
    return files | over


def _manifest(sums: Mapping[str, str]) -> bytes:
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())).encode()


def _sums(manifest: bytes) -> Sums:
    pairs = (line.split("  ", 1) for line in manifest.decode().splitlines())
    return {name: digest for digest, name in pairs}


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _whole_tags(folder: Path) -> dict[str, bytes]:
    """The tag files of a bag, checked against its tag manifest. Raises IntegrityError."""
    try:
        recorded = _sums((folder / "tagmanifest-sha256.txt").read_bytes())
        tags = {name: (folder / name).read_bytes() for name in recorded}
    except (OSError, ValueError) as error:
        raise IntegrityError("bag-damaged", path=folder, reason=error) from error
    for name, data in tags.items():
        if hashlib.sha256(data).hexdigest() != recorded[name]:
            raise IntegrityError("bag-damaged", path=folder, reason=name)
    return tags


def _is_as_recorded(path: Path, sums: Mapping[str, str]) -> bool:
    try:
        for algorithm, recorded in sums.items():
            with path.open("rb") as file:
                if hashlib.file_digest(file, algorithm).hexdigest() != recorded.lower():
                    return False
    except OSError:
        return False
    return True


def _finding(code: str, folder: Path, **detail: Any) -> Finding:
    return Finding(code, Severity.WARNING, detail={"bag": folder.name, **detail})


def bags_in(archive: Path) -> Iterator[Path]:
    """Every bag under `<year>/`, oldest number first; builders' folders and notes are none."""
    for year in sorted(path for path in archive.glob("[0-9][0-9][0-9][0-9]") if path.is_dir()):
        yield from sorted(
            path for path in year.iterdir() if path.is_dir() and not path.name.startswith(TEMPORARY_PREFIX)
        )
