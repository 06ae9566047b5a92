"""Pages for the tests of reading: drawn Vietnamese text as images, and PDFs with one flaw each."""

from __future__ import annotations

import random
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pikepdf
from fpdf import FPDF
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw, ImageFont

from samples.fonts import serif

FONT, BOLD = serif()[""], serif()["B"]
SENTENCES = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
    "Ủy ban nhân dân huyện đề nghị các đơn vị khẩn trương thực hiện",
    "nhiệm vụ được giao, báo cáo kết quả trước ngày 20 tháng 12 hằng năm.",
    "Các cơ quan chuyên môn phối hợp giải quyết kiến nghị của nhân dân,",
    "bảo đảm đúng quy định của pháp luật về lưu trữ và văn thư.",
    "Người đứng đầu đơn vị chịu trách nhiệm trước Chủ tịch về kết quả.",
    "Kế hoạch này thay thế các văn bản đã ban hành trước đây.",
    "Đề nghị Văn phòng theo dõi, đôn đốc và tổng hợp tình hình chung.",
)  # fmt: skip
GARBAGE = "Cii cu Lu?t T0 chirc chinh quy6n dia phucmg ngdy l9 th6ng 6 ndm 20l5 uy ban nhfn ddn huyQn " * 4


def drawn(lines: Sequence[str] = SENTENCES, *, dpi: int = 200, mode: str = "L", ink: object = 0) -> Image.Image:
    """An A4 page with these lines of text, 13 points."""
    width, height = round(8.27 * dpi), round(11.69 * dpi)
    page = Image.new(mode, (width, height), 255 if mode in {"1", "L"} else "white")
    pen = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(FONT), round(13 * dpi / 72))
    for index, line in enumerate(lines):
        pen.text((dpi, round(dpi * (1 + 0.4 * index))), line, font=font, fill=ink)
    return page


def photograph(dpi: int = 100) -> Image.Image:
    """Something that is no writing: seeded noise in blocks."""
    noise = random.Random(7)
    small = Image.new("L", (40, 56))
    small.putdata([noise.randrange(256) for _ in range(40 * 56)])
    return small.resize((round(8.27 * dpi), round(11.69 * dpi)), Image.Resampling.BICUBIC)


def scan_pdf(path: Path, image: Image.Image, *, hidden_text: str = "", rotate: int = 0) -> Path:
    """A PDF of one A4 page that is a JPEG; with `hidden_text` as the invisible layer that scanners leave."""
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=90)
    document = pikepdf.new()
    stream = pikepdf.Stream(document, buffer.getvalue())
    stream.Type, stream.Subtype, stream.Filter = Name.XObject, Name.Image, Name.DCTDecode
    stream.Width, stream.Height = image.size
    stream.ColorSpace = Name.DeviceGray if image.mode == "L" else Name.DeviceRGB
    stream.BitsPerComponent = 8
    size = (595, 842) if image.height >= image.width else (842, 595)
    document.add_blank_page(page_size=size)
    page = document.pages[0]
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.obj.Resources = Dictionary(XObject=Dictionary(Im0=stream), Font=Dictionary(F0=font))
    text = f"BT 3 Tr /F0 8 Tf 50 700 Td ({hidden_text}) Tj ET" if hidden_text else ""
    page.obj.Contents = document.make_stream(f"q {size[0]} 0 0 {size[1]} 0 0 cm /Im0 Do Q {text}".encode())
    if rotate:
        page.obj.Rotate = rotate
    document.save(path)
    return path


def born_digital(path: Path, pages: Sequence[Sequence[str]] = (SENTENCES,)) -> Path:
    """A PDF with real text, one line in bold."""
    pdf = FPDF(format="A4")
    pdf.add_font("Serif", "", str(FONT))
    pdf.add_font("Serif", "B", str(BOLD))
    for lines in pages:
        pdf.add_page()
        for index, line in enumerate(lines):
            pdf.set_font("Serif", "B" if index == 0 else "", 11)
            pdf.set_xy(25, 25 + 9 * index)
            pdf.cell(text=line)
    pdf.output(str(path))
    return path


def with_other_digits(source: Path, target: Path) -> Path:
    """The same PDF, whose fonts say 2 where the page shows 1, and so on: every word stays a word."""
    other = {ord(digit): ord("0") + (int(digit) + 1) % 10 for digit in "0123456789"}
    with pikepdf.open(source) as document:
        for item in document.objects:
            if isinstance(item, Dictionary) and "/ToUnicode" in item:
                lines = []
                for line in item.ToUnicode.read_bytes().decode("ascii").split("\n"):
                    code, _, value = line.partition(" ")
                    digit = int(value.strip("<> "), 16) if value.startswith("<") and len(value.strip()) == 6 else 0
                    lines.append(f"{code} <{other[digit]:04X}>" if digit in other else line)
                item.ToUnicode = document.make_stream("\n".join(lines).encode())
        document.save(target)
    return target


def covered(source: Path, target: Path, image: Image.Image) -> Path:
    """The same PDF under a scan in two strips, each of them too small to be the page."""
    with pikepdf.open(source) as document:
        page = document.pages[0]
        width, height = (float(side) for side in page.mediabox[2:])
        page.obj.Resources.XObject, half = Dictionary(), image.height // 2
        for at, box in enumerate(((0, 0, image.width, half), (0, half, image.width, 2 * half))):
            strip = image.crop(box)
            stream = pikepdf.Stream(document, strip.tobytes())
            stream.Type, stream.Subtype, stream.ColorSpace = Name.XObject, Name.Image, Name.DeviceGray
            (stream.Width, stream.Height), stream.BitsPerComponent = strip.size, 8
            page.obj.Resources.XObject[f"/Im{at}"] = stream
            place = f"q {width} 0 0 {height / 2} 0 {height / 2 * (1 - at)} cm /Im{at} Do Q"
            page.contents_add(place.encode())
        document.save(target)
    return target


def with_legacy_font(source: Path, target: Path) -> Path:
    """The same PDF, its fonts called .VnTime as in documents of the TCVN3 time."""
    with pikepdf.open(source) as document:
        for item in document.objects:
            if isinstance(item, Dictionary) and "/BaseFont" in item:
                item.BaseFont = Name("/ABCDEF+.VnTime")
            if isinstance(item, Dictionary) and "/FontName" in item:
                item.FontName = Name("/ABCDEF+.VnTime")
        document.save(target)
    return target


def signed_with_appearance(source: Path, target: Path, text: str, *, left: float = 100, bottom: float = 400) -> Path:
    """The same PDF with a signature field whose appearance shows `text` (ASCII) and nothing else says it."""
    with pikepdf.open(source) as document:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        form = document.make_stream(f"BT /F0 14 Tf 2 6 Td ({text}) Tj ET".encode())
        form.Type, form.Subtype = Name.XObject, Name.Form
        form.BBox = Array([0, 0, 120, 24])
        form.Resources = Dictionary(Font=Dictionary(F0=font))
        widget = document.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=pikepdf.String("S1"), F=132,
                Rect=Array([left, bottom, left + 120, bottom + 24]), AP=Dictionary(N=form),
                V=Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), ByteRange=Array([0, 1, 2, 3])),
            )
        )  # fmt: skip
        document.pages[0].obj.Annots = Array([widget])
        document.Root.AcroForm = Dictionary(Fields=Array([widget]), SigFlags=3)
        document.save(target)
    return target
