"""Looks into office containers, zip and OLE2, without unpacking them: which kind, and nothing that bursts or runs."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from pipeline.document import Kind
from pipeline.errors import RefusedError

MAX_ENTRIES = 10_000
MAX_UNPACKED = 1 << 30  # bytes of all members together
MAX_RATIO = 200  # unpacked to packed of a big member; XML packs up to about 30 : 1
RATIO_MATTERS_FROM = 16 << 20
CENTRAL_DIRECTORY_ENTRY = 46  # bytes, at the least
CHUNK = 1 << 20

_ODT = b"application/vnd.oasis.opendocument.text"
_DOCX_MAIN = b"wordprocessingml.document.main+xml"
_OFFICE_PARTS = ("xl/", "ppt/", "visio/")


def kind_of_zip(file: BinaryIO, size: int) -> Kind:
    """DOCX or ODT; RefusedError for a bomb, macros, a password, other office files, and any other archive."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_size(entries, size)
            kind = _kind_of_members(archive, {entry.filename for entry in entries})
            _unpack_all(archive, entries)
            return kind
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, UnicodeError, ValueError) as error:
        raise RefusedError("damaged-office", reason=type(error).__name__) from error
    except RuntimeError as error:  # zipfile's way to ask for a password
        raise RefusedError("encrypted") from error


def _check_size(entries: list[zipfile.ZipInfo], size: int) -> None:
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or total > MAX_UNPACKED or size < len(entries) * CENTRAL_DIRECTORY_ENTRY:
        raise RefusedError("zip-bomb", entries=len(entries), size=total >> 20)
    for entry in entries:
        if entry.file_size > max(RATIO_MATTERS_FROM, MAX_RATIO * max(entry.compress_size, 1)):
            raise RefusedError("zip-bomb", entries=len(entries), size=total >> 20)


def _kind_of_members(archive: zipfile.ZipFile, names: set[str]) -> Kind:
    if "mimetype" in names:
        media = archive.open("mimetype").read(200).strip()
        if media == _ODT:
            return _checked_odt(archive, names)
        raise RefusedError("other-office" if media.startswith(b"application/vnd.oasis") else "archive-file")
    if "[Content_Types].xml" not in names:
        raise RefusedError("archive-file")
    types = archive.open("[Content_Types].xml").read(CHUNK)
    if b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise RefusedError("macros")
    if _DOCX_MAIN in types and "word/document.xml" in names:
        return Kind.DOCX
    raise RefusedError("other-office" if any(name.startswith(_OFFICE_PARTS) for name in names) else "archive-file")


def _checked_odt(archive: zipfile.ZipFile, names: set[str]) -> Kind:
    if "content.xml" not in names:
        raise RefusedError("damaged-office", reason="content.xml")
    if any(
        name.startswith(("Basic/", "Scripts/")) and not name.endswith(("/", "-lc.xml", "-lb.xml")) for name in names
    ):
        raise RefusedError("macros")
    manifest = archive.open("META-INF/manifest.xml").read(CHUNK) if "META-INF/manifest.xml" in names else b""
    if b"encryption-data" in manifest:
        raise RefusedError("encrypted")
    return Kind.ODT


def _unpack_all(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Read every member to its end: sizes that lie and damaged members show here, where it harms nobody."""
    for entry in entries:
        with archive.open(entry) as member:
            while member.read(CHUNK):
                pass


_END_OF_CHAIN = 0xFFFFFFFA  # and above: free, end, FAT and DIFAT sectors
_MAX_DIRECTORY_SECTORS = 4096
_NO_STREAM = 0xFFFFFFFF
_STORAGE, _ROOT = 1, 5
_MACROS = {"Macros", "VBA", "_VBA_PROJECT", "_VBA_PROJECT_CUR"}


@dataclass(frozen=True, slots=True)
class _OleEntry:
    """One entry of an OLE2 directory; the numbers are those of other entries ([MS-CFB] 2.6.1)."""

    name: str
    is_storage: bool
    siblings: tuple[int, int]
    child: int

    @property
    def is_empty(self) -> bool:
        return self.is_storage and self.child == _NO_STREAM


def kind_of_ole(file: BinaryIO) -> Kind:
    """DOC when the directory has a WordDocument stream ([MS-CFB], [MS-DOC]); RefusedError for every other OLE2."""
    try:
        entries = list(_reachable(list(_ole_entries(file))))
    except (IndexError, ValueError) as error:
        raise RefusedError("damaged-office", reason="OLE2") from error
    names = {entry.name for entry in entries}
    if "EncryptedPackage" in names or "EncryptionInfo" in names:
        raise RefusedError("encrypted")
    if "WordDocument" not in names:
        raise RefusedError("other-office" if names & {"Workbook", "Book", "PowerPoint Document"} else "unknown-kind")
    if any(entry.name in _MACROS and not entry.is_empty for entry in entries):
        raise RefusedError("macros")
    return Kind.DOC


def _reachable(entries: Sequence[_OleEntry | None]) -> Iterator[_OleEntry]:
    """What a program can find in the directory. Virus scanners remove macros by unlinking them: what no other entry
    names is left over, nobody can run it. All branches are walked, also those that a search by name would not take.
    """
    waiting, seen = [0], {_NO_STREAM}
    while waiting:
        number = waiting.pop()
        if number in seen:
            continue
        seen.add(number)
        entry = entries[number]
        if entry is not None:
            yield entry
            waiting += [*entry.siblings, entry.child]


def _ole_entries(file: BinaryIO) -> Iterator[_OleEntry | None]:
    """The directory of an OLE2 file, None for a free place; ValueError or IndexError when its chains lead nowhere."""
    file.seek(0)
    header = file.read(512)
    sector = 1 << int.from_bytes(header[30:32], "little")
    if len(header) < 512 or sector not in {512, 4096}:
        raise ValueError("sector size")
    fat_sectors = [int.from_bytes(header[at : at + 4], "little") for at in range(76, 512, 4)]
    number = int.from_bytes(header[48:52], "little")
    for _ in range(_MAX_DIRECTORY_SECTORS):
        if number >= _END_OF_CHAIN:
            return
        data = _sector(file, number, sector)
        yield from (_ole_entry(data[at : at + 128]) for at in range(0, sector, 128))
        per_sector = sector // 4
        # The header lists the first 109 FAT sectors: 6.8 MB of the smallest sectors, and a directory stands early.
        table = _sector(file, fat_sectors[number // per_sector], sector)
        at = number % per_sector * 4
        number = int.from_bytes(table[at : at + 4], "little")
    raise ValueError("endless directory")


def _ole_entry(data: bytes) -> _OleEntry | None:
    length, kind = int.from_bytes(data[64:66], "little"), data[66]
    if not kind:
        return None
    name = data[: max(min(length, 64) - 2, 0)].decode("utf-16-le", errors="replace")
    left, right, child = (int.from_bytes(data[at : at + 4], "little") for at in (68, 72, 76))
    return _OleEntry(name, kind in {_STORAGE, _ROOT}, (left, right), child)


def _sector(file: BinaryIO, number: int, size: int) -> bytes:
    file.seek((number + 1) * size)
    data = file.read(size)
    if len(data) < size:
        raise ValueError("sector beyond the end")
    return data
