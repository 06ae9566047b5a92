"""What an office file needs before it can be drawn: told by names and marks in its bytes, nothing is parsed."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from pipeline.document import Kind
from pipeline.errors import ReadingError

_MOST_BYTES = 200 << 20  # of one XML member
_OLD_FONTS = rb"\.Vn[A-Z3]|\bVn[A-Z][a-z]|VNI[- ]|\bVPS |TCVN|VISCII|BKHCM|ABC[-_]|VNI[A-Z][a-z]"
# Deletions and insertions: <w:del>, <w:ins>, moves; RTF's control words; the author and time that Word's binary
# format gives to each ([MS-DOC] 2.6.1: sprmCIbstRMark before sprmCDttmRMark, and the pair for deletions).
_TRACKED = (
    rb"<w:(?:del|ins|moveFrom)\s|<text:changed-region|\\deleted\b|\\revised\b|\x04\x48..\x05\x68|\x63\x48..\x64\x68"
)
_WANTED = re.compile(b"|".join((_OLD_FONTS, _TRACKED)), re.DOTALL)


def needs_rewriting(path: Path, kind: Kind) -> bool:
    """May a file hold text in old encodings, or changes that nobody accepted? Rarely wrong where it says so, and then
    only time is lost. Raises ReadingError.
    """
    try:
        if kind in {Kind.DOCX, Kind.ODT}:
            with zipfile.ZipFile(path) as archive:
                members = [entry for entry in archive.infolist() if entry.filename.endswith(".xml")]
                return any(_WANTED.search(_unpacked(archive, entry)) for entry in members)
        data = path.read_bytes()
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise ReadingError("document-unopenable", path=path, reason=error) from error
    return bool(_WANTED.search(data) or _WANTED.search(data.replace(b"\0", b"")))


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.file_size > _MOST_BYTES:
        raise ValueError(f"{entry.filename} is too big")
    return archive.read(entry)
