"""Bad files, one flaw each and named by it: what the records office must refuse, and what it must take with care."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import pikepdf
from fpdf import FPDF
from PIL import Image

from samples import word
from samples.scan import FIXED_TIME, render

Maker = Callable[[bytes], bytes]


def empty(_good: bytes) -> bytes:
    return b""


def truncated(good: bytes) -> bytes:
    """Half a download: the cross-reference table and most objects are missing."""
    return good[: len(good) // 3]


def encrypted(good: bytes) -> bytes:
    """Opens only with a password. RC4, because AES would put chance into the bytes."""
    lock = pikepdf.Encryption(user="khong-ai-biet", owner="khong-ai-biet", R=3, aes=False, metadata=False)
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(good)) as pdf:
        pdf.save(buffer, encryption=lock, static_id=True)
    return buffer.getvalue()


def executable(_good: bytes) -> bytes:
    """The head of an ELF program; it does nothing."""
    return b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHI", 2, 62, 1) + bytes(200)


def pixel_bomb(_good: bytes) -> bytes:
    """30,000 by 30,000 bilevel pixels, whole and valid, in about 110 KB: 900 million pixels when unpacked."""
    side = 30_000
    row = b"\0" + b"\xff" * ((side + 7) // 8)
    press = zlib.compressobj(9)
    data = b"".join(press.compress(row) for _ in range(side)) + press.flush()
    return _png_of(side, data)


def _png_of(side: int, data: bytes) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def million_pages(_good: bytes) -> bytes:
    """A page tree of 100 × 100 × 100 references to one page."""
    kids = {level: b" ".join([b"%d 0 R" % (level + 1)] * 100) for level in (2, 3, 4)}
    objects = [b"<</Type/Catalog/Pages 2 0 R>>"]
    objects += [
        b"<</Type/Pages/Count %d/Kids[%s]%s>>"
        % (100 ** (5 - level), kids[level], b"/Parent %d 0 R" % (level - 1) if level > 2 else b"")
        for level in (2, 3, 4)
    ]
    objects += [b"<</Type/Page/Parent 4 0 R/MediaBox[0 0 595 842]>>"]
    return pdf_of(objects)


def three_thousand_pages(_good: bytes) -> bytes:
    """3,000 honest blank pages, more than an office takes in one document."""
    buffer = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(3000):
            pdf.add_blank_page(page_size=(595, 842))
        pdf.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return buffer.getvalue()


def endless_page_tree(_good: bytes) -> bytes:
    """The page tree is its own child."""
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[2 0 R]/Parent 2 0 R>>"])


def no_pages(_good: bytes) -> bytes:
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 0/Kids[]>>"])


def pdf_of(objects: list[bytes]) -> bytes:
    """A minimal PDF of numbered objects, the first being the catalogue."""
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return (
        out + head + table + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    )


def not_a_document(_good: bytes) -> bytes:
    return '{"ghi chú": "tệp này không phải văn bản"}\n'.encode()


def zip_called_docx(_good: bytes) -> bytes:
    return word.archive({"ghi-chu.txt": "Không phải văn bản."})


def junk_before(good: bytes) -> bytes:
    """What mail gateways leave before %PDF: tolerated and noted."""
    return b"X-Scanner: ok\r\nContent-Type: application/pdf\r\n\r\n" + good


def garbage_ocr_layer(good: bytes) -> bytes:
    """The page as an image, with an invisible text layer that is nonsense: it must be read anew."""
    pdf = FPDF("P", "mm", "A4")
    pdf.set_creation_date(FIXED_TIME)
    pdf.set_auto_page_break(False)
    pdf.add_page()
    buffer = io.BytesIO()
    Image.fromarray(render(good, 150)[0]).convert("L").save(buffer, "JPEG", quality=70)
    pdf.image(io.BytesIO(buffer.getvalue()), 0, 0, 210, 297)
    pdf.set_font("helvetica", "", 11)
    pdf.text_mode = 3  # invisible
    for row in range(40):
        pdf.text(30, 25 + row * 6, "CQNG HOA XA Hl CHD NGHIA V1ET NAM Dqc l4p Tg do H?nh phiic tli6n tqi di6u ")
    return bytes(pdf.output())


def broken_unicode(good: bytes) -> bytes:
    """A born-digital page whose fonts' ToUnicode maps give other letters than the eye sees."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(good)) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item:
                item.ToUnicode = pdf.make_stream(_shifted(item.ToUnicode.read_bytes()))
        pdf.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def _shifted(mapping: bytes) -> bytes:
    """Every target of a bfchar or bfrange line moved 37 letters up."""
    lines = []
    for line in mapping.split(b"\n"):
        parts = line.split()
        if len(parts) in (2, 3) and all(p.startswith(b"<") and p.endswith(b">") and len(p) == 6 for p in parts):
            parts[-1] = b"<%04X>" % ((int(parts[-1][1:-1], 16) + 37) & 0xFFFF)
        lines.append(b" ".join(parts) if parts else line)
    return b"\n".join(lines)


REFUSED: dict[str, Maker] = {
    "empty.pdf": empty,
    "truncated.pdf": truncated,
    "encrypted.pdf": encrypted,
    "executable.pdf": executable,
    "pixel-bomb.png": pixel_bomb,
    "million-pages.pdf": million_pages,
    "three-thousand-pages.pdf": three_thousand_pages,
    "endless-page-tree.pdf": endless_page_tree,
    "no-pages.pdf": no_pages,
    "not-a-document.json": not_a_document,
    "zip-called.docx": zip_called_docx,
}
TAKEN_WITH_CARE: dict[str, Maker] = {
    "junk-before.pdf": junk_before,
    "garbage-ocr-layer.pdf": garbage_ocr_layer,
    "broken-unicode.pdf": broken_unicode,
}
