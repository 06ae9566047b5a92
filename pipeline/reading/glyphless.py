"""A font with one blank glyph, made here: invisible text needs widths and Unicode values, no shapes and no licence."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name

UNITS = 1000
WIDTH = 500  # of every character, in thousandths of the font size
ASCENT, DESCENT = 900, -250
FAMILY = "VanthuInvisible"
MOST_IN_A_BLOCK = 100  # of `beginbfchar` (Adobe's CMap rules)


def add_font(target: pikepdf.Pdf, characters: Iterable[str]) -> pikepdf.Object:
    """Put the font into a PDF; codes are UTF-16 values, and `characters` are mapped back to Unicode."""
    program = target.make_stream(_program())
    program.Length1 = len(_program())
    descriptor = target.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor, FontName=Name("/" + FAMILY), Flags=4, ItalicAngle=0, StemV=80,
            FontBBox=Array([0, DESCENT, WIDTH, ASCENT]), Ascent=ASCENT, Descent=DESCENT, CapHeight=ASCENT,
            FontFile2=program,
        )
    )  # fmt: skip
    descendant = target.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name("/" + FAMILY), DW=WIDTH,
            CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
            CIDToGIDMap=target.make_stream(b"\x00\x01" * 65536), FontDescriptor=descriptor,
        )
    )  # fmt: skip
    return target.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/" + FAMILY), Encoding=Name("/Identity-H"),
            DescendantFonts=Array([descendant]), ToUnicode=target.make_stream(_to_unicode(characters)),
        )
    )  # fmt: skip


def encode(text: str) -> bytes:
    """A word as codes of this font; what lies beyond the basic plane (no script of ours) becomes U+FFFD."""
    return "".join(c if ord(c) < 0x10000 else "\ufffd" for c in text).encode("utf-16-be")


def _to_unicode(characters: Iterable[str]) -> bytes:
    codes = sorted({ord(c) for c in encode_back(characters)})
    blocks = []
    for start in range(0, len(codes), MOST_IN_A_BLOCK):
        part = codes[start : start + MOST_IN_A_BLOCK]
        rows = "".join(f"<{code:04X}> <{code:04X}>\n" for code in part)
        blocks.append(f"{len(part)} beginbfchar\n{rows}endbfchar\n")
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{''.join(blocks)}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")


def encode_back(characters: Iterable[str]) -> str:
    """The characters as this font can tell them."""
    return encode("".join(characters)).decode("utf-16-be")


@lru_cache
def _program() -> bytes:
    """The TrueType file: .notdef and one blank glyph of the same width."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    builder = FontBuilder(UNITS, isTTF=True)
    builder.setupGlyphOrder([".notdef", "blank"])
    builder.setupCharacterMap({0x20: "blank"})
    builder.setupGlyf({".notdef": Glyph(), "blank": Glyph()})
    builder.setupHorizontalMetrics({".notdef": (WIDTH, 0), "blank": (WIDTH, 0)})
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.setupNameTable({"familyName": FAMILY, "styleName": "Regular", "psName": FAMILY})
    builder.setupOS2(sTypoAscender=ASCENT, sTypoDescender=DESCENT)
    builder.setupPost()
    builder.updateHead(created=0, modified=0)  # the same bytes every time
    out = BytesIO()
    builder.font.recalcTimestamp = False
    builder.save(out)
    return out.getvalue()
