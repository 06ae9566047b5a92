"""The text that a PDF page carries: words with boxes and styles as pdfium gives them, upright.

pdfium and not pdfplumber: a page takes 20-40 ms instead of half a second, and annotations that were flattened into
the page (the visible number and date of a digital signature) come out with the rest.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import groupby, pairwise
from statistics import median
from typing import Any

import pypdfium2.raw as pdfium

from pipeline.document import Box, Line, Word
from pipeline.reading.layout import by_columns, split_at_columns
from pipeline.reading.legacy import Encoding, font_of_name, without_tag
from pipeline.reading.legacy_fonts import Verdict, judge
from pipeline.reading.spacing import Piece, rejoined
from pipeline.reading.trust import LayerFacts
from pipeline.vietnamese import is_syllable, nfc

INVISIBLE = 3  # text render mode
BOLD_FLAG, ITALIC_FLAG = 1 << 18, 1 << 6
UNMAPPED = {0, 0xFFFD, 0xFFFE, 0xFFFF}
NO_INK = 25  # of 255
SAME_LINE = 0.3  # of a font's height: so far may a base line lie from that of the letter before
SPACED, MOST_SPACED = 0.03, 0.18  # of it: gaps between letters that are set apart; no blank is so narrow
LINE_END_HYPHEN = 2  # pdfium's own code for a hyphen before a line break
BLANKS = {0xA0, 0x200B, *range(0x2000, 0x200A), 0x3000, 0xFEFF}
SOFT_HYPHEN = "\xad"
SAME_LOOK = str.maketrans({"\u2010": "-", "\u2011": "-"} | {chr(c): unicodedata.normalize("NFKC", chr(c))
                                                            for c in range(0xFB00, 0xFB07)})  # fmt: skip


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

    def seen_from(self, other: Frame, box: Box) -> Box:
        """A box of this frame as another frame of the same page has it."""
        (x0, y0), (x1, y1) = self._back(box.left, box.top), self._back(box.right, box.bottom)
        return other.box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))

    def _back(self, u: float, v: float) -> tuple[float, float]:
        """The point of the page's own space that `point` makes (u, v) of."""
        match self.rotation % 360:
            case 90:
                return v + self.left, u + self.bottom
            case 180:
                return self.right - u, v + self.bottom
            case 270:
                return self.right - v, self.top - u
            case _:
                return u + self.left, self.top - v


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The visible words of a page in lines, and the counts by which the whole layer is judged.

    The first `upright` lines stand upright as the page is seen; the others lie, or stand on their heads.
    """

    lines: tuple[Line, ...]
    facts: LayerFacts
    upright: int


@dataclass(frozen=True, slots=True)
class _Style:
    font: str  # its name without the tag of a subset
    bold: bool
    italic: bool
    invisible: bool
    pale: bool  # nearly white: seen only on something dark


@dataclass(frozen=True, slots=True)
class _Mark:
    """One character as pdfium gives it. `strange`: the file does not say what it is in Unicode."""

    text: str
    font: str
    strange: bool


class _Parted(IntEnum):
    """What stands between a letter and the one before it."""

    NOT = 0
    GUESSED = 1  # by pdfium, out of a gap
    BLANK = 2  # of the file


@dataclass(frozen=True, slots=True)
class _Letter:
    """A character where it stands: the box of its ink, and that which the font gives it."""

    mark: _Mark
    ink: Box
    loose: Box
    base: float
    frame: Frame
    style: _Style
    parted: _Parted

    @property
    def em(self) -> float:
        return self.loose.height or self.ink.height or 1.0


@dataclass(slots=True)
class _Run:
    """A word in the making, in a frame in which it stands. `base` is the y of its base line, `em` its font's height."""

    base: float
    em: float
    style: _Style
    frame: Frame
    marks: list[_Mark] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    text: str = ""  # decoded; set when the fonts of the whole page are judged

    def seen_from(self, frame: Frame) -> Box:
        return self.frame.seen_from(frame, Box.around(self.boxes))

    def stretches(self) -> Iterator[tuple[str, str]]:
        """(Font, text) for each stretch of the run in one font."""
        for font, marks in groupby(self.marks, key=lambda mark: mark.font):
            yield font, "".join(mark.text for mark in marks)


def read_layer(
    text_page: Any, frame: Frame, *, cover: float, drawn: bool, has_ink: Callable[[Box], bool] = lambda _: True
) -> TextLayer:
    """Read a pdfium text page (`PdfTextPage.raw`). Characters outside the visible page are not of the page.

    `has_ink` tells whether a box of the page shows anything; it is asked about nearly white text only.
    """
    runs = list(_runs(text_page, frame))
    hidden = {id(run) for run in runs if run.style.invisible or (run.style.pale and not has_ink(run.seen_from(frame)))}
    verdicts = judge(_texts(runs))
    decoded = _decode(runs, verdicts)
    shown = [run for run in runs if run.text and id(run) not in hidden]
    lines = by_columns([_line(part) for row in _rows(_of(shown, frame)) for part in _columns(row)])
    upright = len(lines)
    lines += tuple(_lying(shown, frame))
    marks = [mark for run in runs for mark in run.marks]
    texts = [*(line.text for line in lines), *(run.text for run in runs if run.text and id(run) in hidden)]
    facts = LayerFacts(
        " ".join(texts),
        characters=len(marks),
        unmapped=sum(mark.strange and not verdicts[mark.font].encoding for mark in marks),
        invisible=sum(len(run.marks) for run in runs if id(run) in hidden),
        legacy=sum(verdicts[mark.font].doubtful for mark in marks),
        decoded=decoded,
        cover=cover,
        drawn=drawn,
    )
    return TextLayer(lines, facts, upright)


def _of(runs: Sequence[_Run], frame: Frame) -> list[_Run]:
    return [run for run in runs if run.frame == frame]


def _lying(runs: Sequence[_Run], frame: Frame) -> Iterator[Line]:
    """Lines that do not stand on the page as it is seen: of wide tables, or signatures on a turned page."""
    for turned in dict.fromkeys(run.frame for run in runs if run.frame != frame):
        for row in _rows(_of(runs, turned)):
            for part in _columns(row):
                line = _line(part)
                words = (replace(word, box=turned.seen_from(frame, word.box)) for word in line.words)
                yield replace(line, words=tuple(words))


def _texts(runs: Sequence[_Run]) -> dict[str, list[str]]:
    """The text of each font, in stretches as long as its lines."""
    texts: dict[str, list[str]] = {}
    for run in runs:
        for font, text in run.stretches():
            texts.setdefault(font, []).append(text)
    return texts


def _decode(runs: Sequence[_Run], verdicts: Mapping[str, Verdict]) -> tuple[str, ...]:
    """Give each run its text; the names of the old encodings that it was decoded from."""
    of_tcvn3 = [text for run in runs for font, text in run.stretches() if verdicts[font].encoding is Encoding.TCVN3]
    hyphens = bool(of_tcvn3) and not any(mark in text for text in of_tcvn3 for mark in "\xad\u2212")
    found: set[str] = set()
    for run in runs:
        parts, encodings = [], set()
        for font, text in run.stretches():
            parts.append(verdicts[font].decoder(text))
            if parts[-1] != text:
                encodings.add(verdicts[font].encoding)
        text = nfc("".join(parts).translate(SAME_LOOK)).replace(SOFT_HYPHEN, "")
        of_old = Encoding.TCVN3 in {verdicts[font].encoding for font, _ in run.stretches()}
        run.text = _with_horned_u(text) if hyphens and of_old and "-" in text else text
        found |= {str(encoding) for encoding in encodings}
    return tuple(sorted(found))


def _with_horned_u(text: str) -> str:
    """TCVN3 has ư where other encodings have the soft hyphen; some programs write a plain one: "nh-íc" is "nhước"."""
    bare = text.strip("“”‘’\"'.,:;()!?…")
    joined = nfc(bare.replace("-", "ư"))
    parts = [part for part in bare.split("-") if part]
    if parts and is_syllable(joined) and not all(map(is_syllable, parts)):
        return text.replace(bare, joined)
    return text


def _runs(page: Any, frame: Frame) -> Iterator[_Run]:
    line: list[_Letter] = []
    for letter in _letters(page, frame):
        if line and not _on_line(line[-1], letter):
            yield from _words_of(line)
            line = []
        line.append(letter)
    yield from _words_of(line)


def _on_line(before: _Letter, letter: _Letter) -> bool:
    return before.frame == letter.frame and abs(letter.base - before.base) <= SAME_LINE * before.em


def _words_of(line: Sequence[_Letter]) -> Iterator[_Run]:
    spacing = _spacing(line)
    run: _Run | None = None
    for before, letter in zip([None, *line], line, strict=False):
        if run is None or before is None or not _continues(before, letter, spacing):
            if run:
                yield run
            run = _Run(letter.base, letter.em, letter.style, letter.frame)
        run.marks.append(letter.mark)
        run.boxes.append(letter.ink)
    if run:
        yield run


def _spacing(line: Sequence[_Letter]) -> float:
    """What the file puts between the letters of this line on purpose, in points; 0 where that cannot be told."""
    parts = [(before, letter) for before, letter in pairwise(line) if letter.parted is not _Parted.BLANK]
    if not parts:
        return 0.0
    usual = median(letter.loose.left - before.loose.right for before, letter in parts)
    return usual if SPACED < usual / line[0].em < MOST_SPACED else 0.0


def _continues(before: _Letter, letter: _Letter, spacing: float) -> bool:
    """Is this letter of the same word as the one before it?"""
    if letter.parted is _Parted.BLANK or not -0.6 * letter.em < letter.ink.left - before.ink.right < 0.4 * letter.em:
        return False
    gap = letter.loose.left - before.loose.right
    return letter.parted is _Parted.NOT or (spacing > 0 and gap <= spacing + SPACED * letter.em)


def _letters(page: Any, frame: Frame) -> Iterator[_Letter]:
    styles: dict[int, _Style] = {}
    visible = Box(-1, -1, frame.size[0] + 1, frame.size[1] + 1)
    turned = Box(-1, -1, frame.size[1] + 1, frame.size[0] + 1)
    parted = _Parted.NOT
    for index in range(pdfium.FPDFText_CountChars(page)):
        code = pdfium.FPDFText_GetUnicode(page, index)
        if code == LINE_END_HYPHEN and pdfium.FPDFText_IsHyphen(page, index) == 1:
            code = ord("-")
        if pdfium.FPDFText_IsGenerated(page, index) == 1:
            parted = max(parted, _Parted.GUESSED)
            continue
        if (code <= 0x20 and code) or code in BLANKS:
            parted = _Parted.BLANK
            continue
        standing = _standing(page, index, frame)
        ink, loose = _boxes(page, index, standing)
        if not _inside(ink, visible if standing.size == frame.size else turned):
            continue
        style = _style(page, index, styles)
        mark = _mark(page, index, code, style.font, ink)
        yield _Letter(mark, ink, loose, _base(page, index, standing, loose), standing, style, parted)
        parted = _Parted.NOT


def _mark(page: Any, index: int, code: int, font: str, ink: Box) -> _Mark:
    """Programs that share one glyph among hyphens call it the soft one: with ink on the page it is a hyphen."""
    unmapped = code in UNMAPPED
    strange = unmapped or 0xE000 <= code <= 0xF8FF or pdfium.FPDFText_HasUnicodeMapError(page, index) == 1
    if code == ord(SOFT_HYPHEN) and ink.width and ink.height and font_of_name(font) is None:
        code = ord("-")
    return _Mark("" if unmapped else chr(code), font, strange)


def _boxes(page: Any, index: int, frame: Frame) -> tuple[Box, Box]:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(page, index, left, right, bottom, top)
    ink = frame.box(left.value, bottom.value, right.value, top.value)
    rect = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(page, index, rect):
        return ink, ink
    loose = frame.box(rect.left, rect.bottom, rect.right, rect.top)
    return (ink if ink.width or ink.height else loose), loose


def _standing(page: Any, index: int, frame: Frame) -> Frame:
    """The frame, a multiple of 90° from the given one, in which this character stands."""
    matrix = pdfium.FS_MATRIX()  # and not the character's angle, which leaves out how a form within the page is turned
    if not pdfium.FPDFText_GetMatrix(page, index, matrix) or not (matrix.a or matrix.b):
        return frame
    turn = round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) * 90 % 360
    return frame if turn == frame.rotation % 360 else replace(frame, rotation=turn)


def _base(page: Any, index: int, frame: Frame, loose: Box) -> float:
    """The y of the base line. Not the box's bottom: where a font hides its depth, "g" reaches lower than "n"."""
    x, y = ctypes.c_double(), ctypes.c_double()
    if not pdfium.FPDFText_GetCharOrigin(page, index, x, y):
        return loose.bottom
    return frame.point(x.value, y.value)[1]


def _inside(box: Box, page: Box) -> bool:
    x, y = box.centre
    return page.left <= x <= page.right and page.top <= y <= page.bottom


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
    known[key] = _Style(without_tag(name), bold, italic, invisible, bool(key) and _pale(text_object))
    return known[key]


def _pale(text_object: Any) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(text_object, red, green, blue, alpha):
        return False
    return alpha.value < NO_INK or min(red.value, green.value, blue.value) > 255 - NO_INK


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
    pieces = [Piece(run.text, Box.around(run.boxes), run.em, run.style) for run in row]
    pairs = {id(word): (word, piece.style) for piece in rejoined(pieces) for word in (Word(piece.text, piece.box),)}
    return [[pairs[id(word)] for word in part] for part in split_at_columns([word for word, _ in pairs.values()])]


def _line(part: Sequence[tuple[Word, _Style]]) -> Line:
    size = sum(len(word.text) for word, _ in part)
    bold = sum(len(word.text) for word, style in part if style.bold)
    italic = sum(len(word.text) for word, style in part if style.italic)
    return Line(tuple(word for word, _ in part), bold > 0.6 * size, italic > 0.6 * size)
