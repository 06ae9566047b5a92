"""The characters of a page with the places they are drawn at, as pdfium sees them."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium
from pypdfium2 import raw

from pipeline.errors import RefusedError
from pipeline.signatures.geometry import Frame

SAME_LINE = 2.5  # points between base lines of one line


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character: its origin in user space, and as seen where it begins and ends and its base line, in points."""

    text: str
    origin: tuple[float, float]
    left: float
    right: float
    baseline: float
    size: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """The characters on one base line from left to right."""

    glyphs: tuple[Glyph, ...]

    @property
    def folded(self) -> str:
        """One plain lower-case letter for each glyph: no accents, đ as d."""
        return "".join(_folded(glyph.text) for glyph in self.glyphs)

    @property
    def left(self) -> float:
        return self.glyphs[0].left

    @property
    def right(self) -> float:
        return max(glyph.right for glyph in self.glyphs)

    @property
    def baseline(self) -> float:
        return self.glyphs[0].baseline

    @property
    def size(self) -> float:
        return max(glyph.size for glyph in self.glyphs)


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """pdfium's document. Raises RefusedError for what it cannot open."""
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        raise RefusedError("damaged-pdf", path=path.name, reason=error) from error
    try:
        yield document
    finally:
        document.close()


def frame_of(page: pikepdf.Page) -> Frame:
    """The visible part of a page, by qpdf: pdfium gives another box for what a page inherits. ValueError."""
    crop = page.obj.get("/CropBox")
    unit, rotation = float(page.obj.get("/UserUnit", 1)), float(page.obj.get("/Rotate", 0))
    media = tuple(float(side) for side in page.obj["/MediaBox"])
    return Frame.of(media, None if crop is None else tuple(float(side) for side in crop), rotation, unit)


def plain_text(page: Any) -> str:
    """All text of a page without blanks, for a quick search."""
    text = page.get_textpage()
    try:
        return "".join(str(text.get_text_range()).split())
    finally:
        text.close()


def glyphs_of(page: Any, frame: Frame) -> list[Glyph]:
    """The drawn characters of a page in the order of its content; blanks that pdfium adds are left out."""
    text = page.get_textpage()
    try:
        return [glyph for index in range(text.count_chars()) if (glyph := _glyph(text, index, frame))]
    finally:
        text.close()


def _glyph(text: Any, index: int, frame: Frame) -> Glyph | None:
    if raw.FPDFText_IsGenerated(text, index) == 1:
        return None
    character = chr(raw.FPDFText_GetUnicode(text, index))
    x, y = ctypes.c_double(), ctypes.c_double()
    rectangle, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    if not (
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        and raw.FPDFText_GetLooseCharBox(text, index, rectangle)
        and raw.FPDFText_GetMatrix(text, index, matrix)
    ):
        return None
    box = frame.box((rectangle.left, rectangle.bottom, rectangle.right, rectangle.top))
    _, baseline = frame.seen(x.value, y.value)
    size = raw.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d) * frame.unit
    return Glyph(character, (x.value, y.value), box.left, box.right, baseline, size)


def lines_of(glyphs: Sequence[Glyph]) -> list[TextLine]:
    """Lines from top to bottom; what stands side by side in two columns is one line."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: (glyph.baseline, glyph.left)):
        if lines and glyph.baseline - lines[-1][0].baseline < SAME_LINE:
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    return [TextLine(tuple(sorted(line, key=lambda glyph: glyph.left))) for line in lines]


def _folded(character: str) -> str:
    base = unicodedata.normalize("NFD", character.lower())[:1]
    return {"đ": "d", "\N{NO-BREAK SPACE}": " ", "": " "}.get(base, base)
