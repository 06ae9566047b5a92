"""What a file is by its first bytes, and the reason's code when that is nothing a records office takes in."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import PurePath

from pipeline.document import Kind

HEAD = 4096  # bytes that `sniff` wants to see
PDF_HEADER_WITHIN = 1024  # ISO 32000-1, Annex H.3, note 13: readers accept a header in the first 1024 bytes


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What the first bytes say: a kind, a container that must be opened to know, or the code of a refusal."""

    kind: Kind | None = None
    container: str = ""  # "zip" or "ole": the members decide
    refusal: str = ""
    junk: int = 0  # bytes before %PDF


_KINDS: tuple[tuple[bytes, Kind], ...] = (
    (b"II*\0", Kind.TIFF),
    (b"MM\0*", Kind.TIFF),
    (b"II+\0", Kind.TIFF),  # BigTIFF
    (b"MM\0+", Kind.TIFF),
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"{\\rtf", Kind.RTF),
)
_REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"\x7fELF", "executable"),
    (b"MZ", "executable"),
    (b"\xfe\xed\xfa\xce", "executable"),
    (b"\xfe\xed\xfa\xcf", "executable"),
    (b"\xce\xfa\xed\xfe", "executable"),
    (b"\xcf\xfa\xed\xfe", "executable"),
    (b"\xca\xfe\xba\xbe", "executable"),  # universal Mach-O, Java classes
    (b"#!", "executable"),
    (b"L\0\0\0\x01\x14\x02\0", "executable"),  # a Windows shortcut runs what it points to
    (b"Rar!", "archive-file"),
    (b"7z\xbc\xaf\x27\x1c", "archive-file"),
    (b"\x1f\x8b", "archive-file"),
    (b"BZh", "archive-file"),
    (b"\xfd7zXZ\0", "archive-file"),
    (b"\x28\xb5\x2f\xfd", "archive-file"),
    (b"MSCF", "archive-file"),
    (b"GIF8", "other-image"),
    (b"BM", "other-image"),
    (b"\0\0\0\x0cjP  ", "other-image"),  # JPEG 2000
    (b"\xff\x4f\xff\x51", "other-image"),
    (b"8BPS", "other-image"),
    (b"AT&TFORM", "other-image"),  # DjVu
)
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_OTHER_BRANDS = {b"avif", b"avis", b"crx "}
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SUFFIXES: dict[str, Kind] = {
    ".pdf": Kind.PDF, ".tif": Kind.TIFF, ".tiff": Kind.TIFF, ".jpg": Kind.JPEG, ".jpeg": Kind.JPEG, ".jpe": Kind.JPEG,
    ".jfif": Kind.JPEG, ".png": Kind.PNG, ".heic": Kind.HEIC, ".heif": Kind.HEIC, ".doc": Kind.DOC,
    ".docx": Kind.DOCX, ".odt": Kind.ODT, ".rtf": Kind.RTF,
}  # fmt: skip
_SHORT = {
    Kind.PDF: "PDF", Kind.TIFF: "TIFF", Kind.JPEG: "JPEG", Kind.PNG: "PNG", Kind.HEIC: "HEIC", Kind.DOC: "DOC",
    Kind.DOCX: "DOCX", Kind.ODT: "ODT", Kind.RTF: "RTF",
}  # fmt: skip


def sniff(head: bytes) -> Sniffed:  # noqa: PLR0911 - a list of questions, each with its answer
    """Decide by the first `HEAD` bytes of a file (all of it, if shorter). The name has no say.

    What can run or unpack at offset 0 wins over a `%PDF` further on: a file that is both is the dangerous one.
    """
    if not head:
        return Sniffed(refusal="empty-file")
    for magic, kind in _KINDS:
        if head.startswith(magic):
            return Sniffed(kind)
    for magic, code in _REFUSED:
        if head.startswith(magic) and not (magic == b"BM" and not _is_bitmap(head)):
            return Sniffed(refusal=code)
    if head.startswith(_ZIP):
        return Sniffed(container="zip")
    if head.startswith(_OLE):
        return Sniffed(container="ole")
    if (boxed := _boxed_image(head)) is not None:
        return boxed
    junk = head[: PDF_HEADER_WITHIN + 5].find(b"%PDF-")
    if junk >= 0:
        return Sniffed(Kind.PDF, junk=junk)
    return Sniffed(refusal=_textual(head))


def kind_of_name(name: str) -> Kind | None:
    """The kind that a name's ending claims; None for endings that claim nothing ("15.KH-BQL")."""
    return _SUFFIXES.get(PurePath(name).suffix.lower())


def short_name(kind: Kind) -> str:
    """ "PDF", "TIFF" …: how people call a kind."""
    return _SHORT[kind]


def _is_bitmap(head: bytes) -> bool:
    return len(head) > 18 and head[6:10] == b"\0\0\0\0" and head[14] in {12, 40, 52, 56, 64, 108, 124}


def _boxed_image(head: bytes) -> Sniffed | None:
    """ISO 14496-12 files begin with an `ftyp` box whose brands tell a HEIF photograph from a film."""
    if head[4:8] != b"ftyp":
        return None
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, length - 3, 4))}
    if head[8:12] in _OTHER_BRANDS or not brands & _HEIF_BRANDS:
        return Sniffed(refusal="other-image" if brands & _OTHER_BRANDS else "unknown-kind")
    return Sniffed(Kind.HEIC)


def _textual(head: bytes) -> str:
    if head[257:262] == b"ustar":
        return "archive-file"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "other-image"
    text = _as_text(head)
    if text is None:
        return "unknown-kind"
    start = text.lstrip("\ufeff \t\r\n").lower()
    if start.startswith(("<?xml", "<edxml", "<edxmlenvelope")) or "<edxml" in start:
        return "edxml-later" if "edxml" in start else "web-page"
    if start.startswith("<") and any(
        tag in start for tag in ("<html", "<!doctype", "<head", "<body", "<svg", "<script")
    ):
        return "web-page"
    return "plain-text"


def _as_text(head: bytes) -> str | None:
    """The head as text if it is text at all: Unicode, or an 8-bit alphabet without control characters."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", errors="replace")
    if any(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head):
        return None
    try:
        return head[:-3].decode("utf-8") if len(head) >= HEAD else head.decode("utf-8")  # the cut may split a letter
    except UnicodeDecodeError:
        printable = sum(32 <= byte < 127 or byte in b"\t\n\r" for byte in head)
        return head.decode("latin-1") if printable > len(head) * 0.6 else None
