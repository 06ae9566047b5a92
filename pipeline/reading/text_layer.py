"""The text that a PDF page carries: words with boxes and styles as pdfium gives them, upright.

pdfium and not pdfplumber: a page takes 20-40 ms instead of half a second, and annotations that were flattened into
the page (the visible number and date of a digital signature) come out with the rest.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

from pipeline.document import Box, Line, Word
from pipeline.reading.layout import by_columns, split_at_columns
from pipeline.reading.trust import LEGACY_FONT, LayerFacts
from pipeline.vietnamese import nfc

INVISIBLE = 3  # text render mode
BOLD_FLAG, ITALIC_FLAG = 1 << 18, 1 << 6
UNMAPPED = {0, 0xFFFD, 0xFFFE, 0xFFFF}


@dataclass(frozen=True, slots=True)
class Frame:
    """From a page's own space (points, origin bottom left of the visible area) to upright (origin top left)."""

    left: float
    bottom: float
    right: float
    top: float
    rotation: int  # clockwise, a multiple of 90

    @property
    def size(self) -> tuple[float, float]:
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.rotation % 180 else (width, height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        match self.rotation % 360:
            case 90:
                return y - self.bottom, x - self.left
            case 180:
                return self.right - x, y - self.bottom
            case 270:
                return self.top - y, self.right - x
            case _:
                return x - self.left, self.top - y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        (x0, y0), (x1, y1) = self.point(left, bottom), self.point(right, top)
        return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The visible words of a page in lines, and the counts by which the whole layer is judged."""

    lines: tuple[Line, ...]
    facts: LayerFacts


@dataclass(frozen=True, slots=True)
class _Style:
    bold: bool
    italic: bool
    legacy: bool
    invisible: bool


@dataclass(slots=True)
class _Run:
    """A word in the making. `base` is the y of its base line, `em` the height of its font, both upright."""

    base: float
    em: float
    style: _Style
    text: list[str] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)

    def word(self) -> Word:
        return Word(nfc("".join(self.text)), Box.around(self.boxes))


def read_layer(text_page: Any, frame: Frame, *, cover: float, drawn: bool) -> TextLayer:
    """Read a pdfium text page (`PdfTextPage.raw`). Characters outside the visible page are not of the page."""
    counts = {"characters": 0, "unmapped": 0, "invisible": 0, "legacy": 0}
    runs = [run for run in _runs(text_page, frame, counts) if "".join(run.text).strip()]
    rows = _rows([run for run in runs if not run.style.invisible])
    lines = by_columns([_line(part) for row in rows for part in _columns(row)])
    text = " ".join("".join(run.text) for run in runs)
    return TextLayer(lines, LayerFacts(text, **counts, cover=cover, drawn=drawn))


def _runs(page: Any, frame: Frame, counts: dict[str, int]) -> Iterator[_Run]:
    styles: dict[int, _Style] = {}
    visible = Box(-1, -1, frame.size[0] + 1, frame.size[1] + 1)
    run: _Run | None = None
    for index in range(pdfium.FPDFText_CountChars(page)):
        code = pdfium.FPDFText_GetUnicode(page, index)
        if (code <= 0x20 and code) or code in {0xA0, 0xAD, 0x200B} or pdfium.FPDFText_IsGenerated(page, index) == 1:
            if run:
                yield run
            run = None
            continue
        ink, loose = _boxes(page, index, frame)
        if not _inside(ink, visible):
            continue
        style = _style(page, index, styles)
        counts["characters"] += 1
        counts["invisible"] += style.invisible
        counts["legacy"] += style.legacy
        broken = code in UNMAPPED or 0xE000 <= code <= 0xF8FF or pdfium.FPDFText_HasUnicodeMapError(page, index) == 1
        counts["unmapped"] += broken
        if code in UNMAPPED:
            continue
        if run is None or not _continues(run, ink, loose):
            if run:
                yield run
            run = _Run(loose.bottom, loose.height or ink.height or 1.0, style)
        run.text.append(chr(code))
        run.boxes.append(ink)
    if run:
        yield run


def _boxes(page: Any, index: int, frame: Frame) -> tuple[Box, Box]:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(page, index, left, right, bottom, top)
    ink = frame.box(left.value, bottom.value, right.value, top.value)
    rect = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(page, index, rect):
        return ink, ink
    loose = frame.box(rect.left, rect.bottom, rect.right, rect.top)
    return (ink if ink.width or ink.height else loose), loose


def _inside(box: Box, page: Box) -> bool:
    x, y = box.centre
    return page.left <= x <= page.right and page.top <= y <= page.bottom


def _continues(run: _Run, ink: Box, loose: Box) -> bool:
    before = run.boxes[-1]
    if abs(loose.bottom - run.base) > 0.3 * run.em:
        return False
    return -0.6 * run.em < ink.left - before.right < 0.4 * run.em


def _style(page: Any, index: int, known: dict[int, _Style]) -> _Style:
    text_object = pdfium.FPDFText_GetTextObject(page, index)
    key = ctypes.cast(text_object, ctypes.c_void_p).value or 0
    if key in known:
        return known[key]
    buffer, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(page, index, buffer, 128, flags)
    name = buffer.value.decode("utf-8", "replace")
    bold = "bold" in name.lower() or bool(flags.value & BOLD_FLAG) or pdfium.FPDFText_GetFontWeight(page, index) >= 600
    italic = any(part in name.lower() for part in ("italic", "oblique")) or bool(flags.value & ITALIC_FLAG)
    invisible = bool(key) and pdfium.FPDFTextObj_GetTextRenderMode(text_object) == INVISIBLE
    known[key] = _Style(bold, italic, bool(LEGACY_FONT.match(name)), invisible)
    return known[key]


def _rows(runs: Sequence[_Run]) -> list[list[_Run]]:
    """Runs on one base line, whatever order they were drawn in; text drawn twice (a poor man's bold) once."""
    rows: list[list[_Run]] = []
    for run in sorted(runs, key=lambda one: one.base):
        for row in rows[-3:]:
            if abs(row[0].base - run.base) <= 0.35 * min(row[0].em, run.em):
                if not any(_same(run, other) for other in row):
                    row.append(run)
                break
        else:
            rows.append([run])
    return rows


def _same(a: _Run, b: _Run) -> bool:
    return a.text == b.text and abs(a.boxes[0].left - b.boxes[0].left) < 0.25 * a.em


def _columns(row: Sequence[_Run]) -> list[list[tuple[Word, _Style]]]:
    pairs = {id(word): (word, run.style) for run in row for word in (run.word(),)}
    return [[pairs[id(word)] for word in part] for part in split_at_columns([word for word, _ in pairs.values()])]


def _line(part: Sequence[tuple[Word, _Style]]) -> Line:
    size = sum(len(word.text) for word, _ in part)
    bold = sum(len(word.text) for word, style in part if style.bold)
    italic = sum(len(word.text) for word, style in part if style.italic)
    return Line(tuple(word for word, _ in part), bold > 0.6 * size, italic > 0.6 * size)
