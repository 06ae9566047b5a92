"""Drafts, pictures and odd pages for tests of signing."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont
from fpdf import FPDF
from PIL import Image, ImageDraw

from samples.fonts import serif
from samples.word import CONTENT_TYPES, NAMESPACE, RELATIONS, SECTION, _line, _table, archive

BODY = (
    "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư; xét đề nghị của "
    "Chánh Văn phòng, Ban Quản lý quyết định ban hành kế hoạch ứng dụng công nghệ thông tin, số hóa hồ sơ lưu trữ."
)
NUMBER = "Số:            /QĐ-BQL"
DATE = "An Bình, ngày        tháng        năm 2026"
ANCHOR = "#ChuKyLanhDao"


def draft(
    path: Path,
    *,
    width: float = 595.28,
    height: float = 841.89,
    pages: int = 1,
    number: str = NUMBER,
    date: str = DATE,
    anchor: str = ANCHOR,
    anchors: int = 1,
    subject: str = "Về việc ban hành Kế hoạch ứng dụng công nghệ thông tin",
) -> Path:
    """A decision that waits for signature: anchor between title and name, blanks for number and date."""
    pdf = FPDF(unit="pt", format=(width, height))
    for style, file in serif().items():
        pdf.add_font("Serif", style, str(file))
    pdf.set_auto_page_break(False)
    pdf.add_page()

    def put(x: float, y: float, across: float, text: str, style: str = "", size: float = 13) -> None:
        pdf.set_font("Serif", style, size)
        pdf.set_xy(x, y)
        pdf.multi_cell(across, size * 1.25, text, align="C")

    right = width - 45
    put(60, 57, 200, "UBND TỈNH AN BÌNH")
    put(60, 74, 200, "BAN QUẢN LÝ KHU KINH TẾ", "B")
    put(60, 104, 200, number)
    put(right - 290, 57, 290, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "B", 12)
    put(right - 290, 74, 290, "Độc lập - Tự do - Hạnh phúc", "B")
    put(right - 290, 104, 290, date, "I")
    put(85, 160, width - 130, "QUYẾT ĐỊNH", "B", 14)
    put(85, 180, width - 130, subject, "B")
    for number_of_page in range(2, pages + 1):
        pdf.set_font("Serif", "", 13)
        pdf.set_xy(85, 220)
        pdf.multi_cell(width - 130, 20, BODY * 6)
        pdf.add_page()
        put(0, 30, width, str(number_of_page))
    pdf.set_font("Serif", "", 13)
    pdf.set_xy(85, 220)
    pdf.multi_cell(width - 130, 20, BODY)
    base = height - 260
    put(85, base, 170, "Nơi nhận:\n- Như Điều 3;\n- Lưu: VT, VP.", "I", 11)
    put(right - 220, base, 220, "TRƯỞNG BAN", "B", 14)
    for place in range(anchors):
        put(right - 220, base + 55 + 18 * place, 220, anchor, "", 10)
    put(right - 220, base + 120, 220, "Nguyễn Văn Ả", "B", 14)
    pdf.output(str(path))
    return path


def word_draft(path: Path) -> Path:
    """The same as a Word document."""
    left = [_line("BAN QUẢN LÝ KHU KINH TẾ", 25, "b"), _line("Số:          /QĐ-BQL", 26)]
    right = [
        _line("Độc lập - Tự do - Hạnh phúc", 26, "b"),
        _line("An Bình, ngày        tháng        năm 2026", 27, "i"),
    ]
    signature = [_line("TRƯỞNG BAN", 28, "b"), _line("", 28), _line("#ChuKyLanhDao", 20), _line("", 28),
                 _line("Nguyễn Văn Ả", 28, "b")]  # fmt: skip
    body = "".join([_table((3600, 6000), left, right), _line(BODY, 28, align="both"),
                    _table((4800, 4800), [_line("Nơi nhận:", 24, "b", align="left")], signature), SECTION])  # fmt: skip
    document = f'<w:document xmlns:w="{NAMESPACE}"><w:body>{body}</w:body></w:document>'
    path.write_bytes(
        archive({"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": RELATIONS, "word/document.xml": document})
    )
    return path


def plain_draft(path: Path, *, font: str = "/Times-Roman", colour: str = "0 g", cmap: bool = False) -> Path:
    """A draft in a font that is not in the file: by its standard name, or (with `cmap`) as a composed TrueType font."""
    lines = (
        (60, 110, "So:            /QD-BQL"), (300, 110, "An Binh, ngay        thang        nam 2026"),
        (200, 170, "QUYET DINH"), (400, 580, "TRUONG BAN"), (400, 640, ANCHOR), (400, 700, "Nguyen Van A"),
    )  # fmt: skip
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(595.28, 841.89))
        page.obj["/Resources"] = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=_absent_font(pdf, font, cmap=cmap)))
        shown = [f"1 0 0 1 {x} {841 - y} Tm {_string(text, cmap=cmap)} Tj" for x, y, text in lines]
        page.contents_add(f"{colour} BT /F 13 Tf {' '.join(shown)} ET".encode())
        pdf.save(path)
    return path


@lru_cache
def _letters() -> tuple[bytes, tuple[int, ...]]:
    """(Liberation Serif with ASCII only, the widths of its letters in thousandths)."""
    with TTFont(serif()[""]) as face:
        subsetter = subset.Subsetter()
        subsetter.populate(unicodes=range(32, 127))
        subsetter.subset(face)
        glyphs, advances, em = face.getBestCmap(), face["hmtx"], face["head"].unitsPerEm
        file = io.BytesIO()
        face.save(file)
        return file.getvalue(), tuple(round(advances[glyphs[code]][0] * 1000 / em) for code in range(32, 127))


def simple_font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """A font in the file, one byte a letter."""
    file, widths = _letters()
    program = pikepdf.Stream(pdf, file)
    program["/Length1"] = len(file)
    name = pikepdf.Name("/ABCDEF+LiberationSerif")
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor, FontName=name, Flags=32, ItalicAngle=0, Ascent=891, Descent=-216,
        CapHeight=662, StemV=80, FontBBox=[-568, -307, 2000, 1007], FontFile2=pdf.make_indirect(program),
    )  # fmt: skip
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.TrueType, BaseFont=name, FirstChar=32, LastChar=126,
            Widths=list(widths), Encoding=pikepdf.Name.WinAnsiEncoding, FontDescriptor=pdf.make_indirect(descriptor),
        )
    )  # fmt: skip


def _string(text: str, *, cmap: bool) -> str:
    return f"<{text.encode('utf-16-be').hex()}>" if cmap else f"({text})"


def _absent_font(pdf: pikepdf.Pdf, name: str, *, cmap: bool) -> pikepdf.Object:
    bare = pikepdf.Name(name)
    if not cmap:
        return pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=bare, Encoding=pikepdf.Name.WinAnsiEncoding
            )
        )  # fmt: skip
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor, FontName=bare, Flags=4, FontBBox=[-568, -307, 2000, 1007], ItalicAngle=0,
        Ascent=891, Descent=-216, CapHeight=662, StemV=80,
    )  # fmt: skip
    inner = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.CIDFontType2, BaseFont=bare, DW=500,
        CIDToGIDMap=pikepdf.Name.Identity, FontDescriptor=pdf.make_indirect(descriptor),
        CIDSystemInfo=pikepdf.Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
    )  # fmt: skip
    meaning = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def "
        b"1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0020> <007E> <0020> endbfrange "
        b"endcmap end end"
    )
    outer = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type0, BaseFont=bare, Encoding=pikepdf.Name("/Identity-H"),
        DescendantFonts=[pdf.make_indirect(inner)], ToUnicode=pdf.make_indirect(pikepdf.Stream(pdf, meaning)),
    )  # fmt: skip
    return pdf.make_indirect(outer)


def turned(source: Path, target: Path, rotation: int) -> Path:
    """The same pages to look at, stored turned by `rotation` and with /Rotate to make up for it."""
    with pikepdf.open(source) as pdf:
        for page in pdf.pages:
            left, bottom, right, top = (float(side) for side in page.mediabox)
            width, height = right - left, top - bottom
            matrix, box = {
                0: ((1, 0, 0, 1, -left, -bottom), (width, height)),
                90: ((0, 1, -1, 0, top, -left), (height, width)),
                180: ((-1, 0, 0, -1, right, top), (width, height)),
                270: ((0, -1, 1, 0, -bottom, right), (height, width)),
            }[rotation]
            _enclose(pdf, page, matrix)
            page.obj["/MediaBox"] = pikepdf.Array([0, 0, *box])
            if "/CropBox" in page.obj:
                x0, y0, x1, y1 = (float(side) for side in page.obj["/CropBox"])
                a, b, c, d, e, f = matrix
                page.obj["/CropBox"] = pikepdf.Array(
                    [a * x0 + c * y0 + e, b * x0 + d * y0 + f, a * x1 + c * y1 + e, b * x1 + d * y1 + f]
                )
            page.obj["/Rotate"] = rotation
        pdf.save(target)
    return target


def shifted(source: Path, target: Path, dx: float = -213.5, dy: float = 377.25, crop: float = 0) -> Path:
    """Boxes that do not start at the origin; `crop` hides a margin of the sheet."""
    with pikepdf.open(source) as pdf:
        for page in pdf.pages:
            left, bottom, right, top = (float(side) for side in page.mediabox)
            _enclose(pdf, page, (1, 0, 0, 1, dx, dy))
            page.obj["/MediaBox"] = pikepdf.Array([left + dx, bottom + dy, right + dx, top + dy])
            if crop:
                page.obj["/CropBox"] = pikepdf.Array(
                    [left + dx + crop, bottom + dy + crop, right + dx - crop, top + dy - crop]
                )
        pdf.save(target)
    return target


def in_units(source: Path, target: Path, unit: int) -> Path:
    """The same pages to look at, counted in units of so many points."""
    with pikepdf.open(source) as pdf:
        for page in pdf.pages:
            _enclose(pdf, page, (1 / unit, 0, 0, 1 / unit, 0, 0))
            page.obj["/MediaBox"] = pikepdf.Array([float(side) / unit for side in page.mediabox])
            page.obj["/UserUnit"] = unit
        pdf.save(target)
    return target


def _enclose(pdf: pikepdf.Pdf, page: pikepdf.Page, matrix: tuple[float, ...]) -> None:
    numbers = " ".join(f"{value:g}" for value in matrix)
    page.contents_add(f"q {numbers} cm".encode(), prepend=True)
    page.contents_add(b"Q")


def signature_picture(path: Path, *, narrow: bool = False) -> Path:
    """A hand's strokes in blue on nothing, with a margin, 2:1; a narrow one is higher than wide."""
    image = Image.new("RGBA", (600, 300), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.line([(20, 220), (120, 60), (180, 240), (260, 40), (330, 230), (430, 120), (580, 180)], (20, 40, 200, 255), 9)
    draw.line([(60, 180), (540, 90)], (20, 40, 200, 255), 6)
    if narrow:
        image = image.resize((200, 300))
    image.save(path)
    return path


def seal_picture(path: Path, pixels: int = 850) -> Path:
    """A round seal in red on nothing."""
    image = Image.new("RGBA", (pixels, pixels), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    wide = pixels // 40
    draw.ellipse([wide, wide, pixels - wide, pixels - wide], outline=(220, 0, 0, 255), width=wide)
    inner = pixels // 5
    draw.ellipse([inner, inner, pixels - inner, pixels - inner], outline=(220, 0, 0, 255), width=wide // 2)
    draw.regular_polygon((pixels // 2, pixels // 2, pixels // 6), 5, rotation=0, fill=(220, 0, 0, 255))
    image.save(path)
    return path


def scan(path: Path, *, megabytes: float = 0.2, pages: int = 1) -> Path:
    """A PDF whose pages are pictures: noise that no compression takes away."""
    import numpy as np

    side = max(64, int((megabytes * 1e6 / 3 / pages) ** 0.5))
    generator = np.random.default_rng(5)
    with pikepdf.new() as pdf:
        for _ in range(pages):
            page = pdf.add_blank_page(page_size=(595.28, 841.89))
            picture = pikepdf.Stream(pdf, generator.integers(0, 256, side * side * 3, dtype=np.uint8).tobytes())
            for key, value in {
                "/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": side, "/Height": side,
                "/ColorSpace": pikepdf.Name.DeviceRGB, "/BitsPerComponent": 8,
            }.items():  # fmt: skip
                picture[key] = value
            name = page.add_resource(pdf.make_indirect(picture), pikepdf.Name.XObject)
            page.contents_add(f"q 595.28 0 0 841.89 0 0 cm {name} Do Q".encode())
        pdf.save(path, compress_streams=False)
    return path


def png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
