"""Small files of every kind for the tests of the intake room, sound and broken, named by their flaw."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import pikepdf
import pillow_heif
from PIL import Image

CONTENT_TYPES = (
    b'<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    b'wordprocessingml.document.main+xml"/></Types>'
)


def pdf(
    pages: int = 1, *, size: tuple[float, float] = (595, 842), encryption: pikepdf.Encryption | None = None
) -> bytes:
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=size)
    out = io.BytesIO()
    made.save(out, encryption=encryption if encryption is not None else False)
    return out.getvalue()


def raw_pdf(objects: list[bytes]) -> bytes:
    """Objects 1, 2, 3 … as written, with a sound cross-reference table; object 1 is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def picture(kind: str, *, size: tuple[int, int] = (64, 48), frames: int = 1) -> bytes:
    """ "PNG", "JPEG", "TIFF" or "HEIF" with some grain, so that a JPEG's data are not trivial."""
    images = [Image.frombytes("L", size, os.urandom(size[0] * size[1])) for _ in range(frames)]
    out = io.BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(images[0].convert("RGB")).save(out)
    elif kind == "TIFF":
        images[0].save(out, "TIFF", save_all=True, append_images=images[1:])
    else:
        images[0].save(out, kind)
    return out.getvalue()


def pixel_bomb() -> bytes:
    """A PNG of some hundred bytes that says it has 10 000 million pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def zipped(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return out.getvalue()


def docx(**more: bytes) -> bytes:
    return zipped({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": b"<document/>", **more})


def odt(**more: bytes) -> bytes:
    members = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<office/>"}
    return zipped({**members, "META-INF/manifest.xml": b"<manifest/>", **more})


def ole(*streams: str, unlinked: str = "", storage: str = "") -> bytes:
    """An OLE2 file whose directory has these names, at most three; one FAT sector, one directory sector.

    The last of them is `unlinked`, which no other names, or an empty `storage`.
    """
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[30:32] = (9).to_bytes(2, "little")
    header[44:48] = (1).to_bytes(4, "little")
    header[48:52] = (1).to_bytes(4, "little")  # the directory begins in sector 1
    header[76:80] = (0).to_bytes(4, "little")  # the FAT stands in sector 0
    header[80:512] = b"\xff" * 432
    fat = bytearray(b"\xff" * 512)
    fat[0:4] = (0xFFFFFFFD).to_bytes(4, "little")
    fat[4:8] = (0xFFFFFFFE).to_bytes(4, "little")
    directory = bytearray(512)
    linked = [*((stream, 2) for stream in streams), *([(storage, 1)] if storage else [])]
    entries = [("Root Entry", 5), *linked, *([(unlinked, 2)] if unlinked else [])]
    for at, (name, kind) in enumerate(entries):
        raw = name.encode("utf-16-le") + b"\0\0"
        directory[at * 128 : at * 128 + len(raw)] = raw
        directory[at * 128 + 64 : at * 128 + 66] = len(raw).to_bytes(2, "little")
        directory[at * 128 + 66] = kind
        directory[at * 128 + 68 : at * 128 + 80] = b"\xff" * 12  # no sibling on the left, none on the right, no child
        if 0 < at < len(linked):
            directory[at * 128 + 72 : at * 128 + 76] = (at + 1).to_bytes(4, "little")
    if linked:
        directory[76:80] = (1).to_bytes(4, "little")
    return bytes(header + fat + directory)


def drop(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
