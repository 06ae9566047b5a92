"""Words of a page become visual rows, rows become the two columns and the centre of the Decree's layout.

The lines of a reader are not trusted across columns: it often reads both header columns as one line.
Source of the zones: Decree 30/2020/NĐ-CP, Appendix I, part I, section IV.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from statistics import median
from unicodedata import category, is_normalized

from rapidfuzz import fuzz

from pipeline.document import Box, Line, Page, Word
from pipeline.vietnamese import fold, nfc

_REMEMBERED = 64  # pages
_CLOSED = 0.65  # of the usual gap between a row's words
_COLUMN_GAP = 4.0  # heights of a word
_HEAD = 0.18  # of a page's height
_CAPITALS = 0.8  # of a line's letters
_KEPT_MARKS = frozenset("-–—+/:;&.,*…")
NATIONAL_NAME = "cong hoa xa hoi chu nghia viet nam"
MOTTO = "doc lap tu do hanh phuc"
PARTY_NAME = "dang cong san viet nam"


@dataclass(frozen=True)
class Row:
    """Words side by side on one base line, left to right."""

    page: int
    words: tuple[Word, ...]
    bold: bool | None = None

    @cached_property
    def text(self) -> str:
        return nfc(" ".join(word.text for word in self.words))

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    @cached_property
    def plain(self) -> str:
        """Folded letters and digits only, words parted by one blank."""
        return " ".join(re.findall(r"[a-z0-9]+", self.folded))

    @cached_property
    def box(self) -> Box:
        return Box.around([word.box for word in self.words])

    @cached_property
    def height(self) -> float:
        """The typical height of its words, in points; not that of a skewed row's box."""
        tall = [word.box.height for word in self.words if any(c.isalnum() for c in word.text)]
        return median(tall or [word.box.height for word in self.words])

    @cached_property
    def capitals(self) -> float:
        """The share of letters that are capitals."""
        letters = [c for c in self.text if c.isalpha()]
        return sum(c.isupper() for c in letters) / len(letters) if letters else 0.0

    @property
    def middle(self) -> float:
        return (self.box.left + self.box.right) / 2

    @property
    def base(self) -> float:
        return (self.box.top + self.box.bottom) / 2

    def pieces(self, gap: float) -> list[Row]:
        """The row cut wherever two words stand further apart than `gap` times its height."""
        cut: list[list[Word]] = [[]]
        for word in self.words:
            if cut[-1] and word.box.left - cut[-1][-1].box.right > gap * self.height:
                cut.append([])
            cut[-1].append(word)
        return [Row(self.page, tuple(words), self.bold) for words in cut if words]

    def words_at(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that a stretch of `text` (or of `folded`) touches."""
        position, touched = 0, []
        for word in self.words:
            after = position + len(nfc(word.text))
            if position < end and after > start:
                touched.append(word)
            position = after + 1
        return tuple(touched)

    def closed_up(self, text: str) -> str:
        """A part of `text` without blanks behind abbreviating dots where the print has none: "Tp. Hồ" → "Tp.Hồ"."""
        pairs = [(a, b, b.box.left - a.box.right) for a, b in pairwise(self.words)]
        usual = sorted(gap for a, _, gap in pairs if 0 < gap < self.height and not a.text.endswith("."))
        for a, b, gap in pairs:
            if (
                len(usual) > 1
                and a.text.endswith(".")
                and a.text[0].isupper()
                and gap < _CLOSED * usual[len(usual) // 2]
            ):
                text = text.replace(nfc(f"{a.text} {b.text}").strip(".,;:"), nfc(f"{a.text}{b.text}").strip(".,;:"))
        return text

    def trimmed(self, least: float) -> Row | None:
        """The row without badly read words at its ends, as a stamp beside it leaves; None when nothing is left."""
        first, last = 0, len(self.words)
        while first < last and self.words[first].confidence < least:
            first += 1
        while last > first and self.words[last - 1].confidence < least:
            last -= 1
        return self if last - first == len(self.words) else self.part(first, last)

    def part(self, first: int, last: int | None = None) -> Row | None:
        """The row of its words first..last (Python's slice), None when empty."""
        words = self.words[first:last]
        return Row(self.page, words, self.bold) if words else None


@lru_cache(maxsize=_REMEMBERED)
def rows_of(page: Page) -> tuple[Row, ...]:
    """Visual rows of a page, top to bottom. Pieces of given lines are joined where they stand side by side.

    Remembered, like headers, for the pages of the last documents: zones and fields ask for the same ones.
    """
    pieces: list[Row] = []
    for line in page.lines:
        words = tuple(_normal(word) for word in line.words if _meant(word))
        if words:
            ordered = tuple(sorted(words, key=lambda w: w.box.left))
            pieces.extend(Row(page.number, ordered, line.bold).pieces(1.2))
    groups: list[list[Row]] = []
    for piece in sorted(pieces, key=lambda p: p.box.left):
        group = next((g for g in groups if _beside(g[-1], piece)), None)
        if group is None:
            groups.append([piece])
        else:
            group.append(piece)
    rows = [_joined(group) for group in groups]
    return tuple(sorted(rows, key=lambda row: (row.base, row.box.left)))


def _normal(word: Word) -> Word:
    return word if is_normalized("NFC", word.text) else replace(word, text=nfc(word.text))


def _meant(word: Word) -> bool:
    """Rules, frames and specks are no words. A modifier letter alone (ˆ) is a speck too, though it is a letter."""
    if not any(c.isdigit() or category(c) in {"Lu", "Ll", "Lo"} for c in word.text):
        return len(word.text) == 1 and word.text in _KEPT_MARKS
    return True


def _beside(left: Row, right: Row) -> bool:
    if right.box.left < left.words[-1].box.left:
        return False
    a, b = _reference(left.words, -1), _reference(right.words, 0)
    overlap = min(a.bottom, b.bottom) - max(a.top, b.top)
    return overlap > 0.5 * min(a.height, b.height) and right.box.left - left.box.right > -2 * left.height


def _reference(words: Sequence[Word], end: int) -> Box:
    """The word nearest to an end that is no mere mark: a dash says little about its row's height."""
    ordered = words if end == 0 else words[::-1]
    return next((w.box for w in ordered if any(c.isalnum() for c in w.text)), ordered[0].box)


def _joined(group: Sequence[Row]) -> Row:
    words = tuple(word for row in group for word in row.words)
    bolds = {row.bold for row in group}
    return Row(group[0].page, words, bolds.pop() if len(bolds) == 1 else None)


def text_bottom(page: Page, above: float) -> float:
    """The bottom of the last line that runs across the page, as the text does and a block does not."""
    across = [
        line.box.bottom + 1
        for line in page.lines
        if line.box.left < 0.3 * page.width
        and line.box.right > 0.6 * page.width
        and line.box.bottom < above + 2
        and line.box.height < 30
        and line.confidence > 0.6
        and not _parted(line)
        and not _in_capitals(line)
    ]
    return max(across, default=0.0)


def signing_seals(page: Page) -> list[Box]:
    """The page's seals that may stand over a signature: those in its head are arrival stamps."""
    return [seal for seal in page.seals if seal.centre[1] > _HEAD * page.height]


def _in_capitals(line: Line) -> bool:
    """Positions side by side, the names of two agencies."""
    letters = [c for c in line.text if c.isalpha()]
    return sum(c.isupper() for c in letters) > _CAPITALS * len(letters)


def _parted(line: Line) -> bool:
    """Two columns that a reader took for one line."""
    return any(b.box.left - a.box.right > _COLUMN_GAP * a.box.height for a, b in pairwise(line.words))


@dataclass(frozen=True)
class Header:
    """The head of a document's first page: rows of the left and right column and everything below."""

    page: Page
    left: tuple[Row, ...]
    right: tuple[Row, ...]
    rows: tuple[Row, ...]  # all visual rows of the page, uncut
    top: float  # where the header begins (the national name, or the page's first row)
    national: bool  # was the national name or the motto found?
    party: bool  # a document of the Party or the Youth Union
    gutter: float  # between the columns


@lru_cache(maxsize=_REMEMBERED)
def find_header(page: Page) -> Header:
    """Cut the upper half of a page at the gutter that the national name and motto betray."""
    rows = rows_of(page)
    upper = [row for row in rows if row.box.top < 0.5 * page.height]
    anchors = [span for row in upper for span in (_national_span(row),) if span is not None]
    party = next((row for row in upper if fuzz.partial_ratio(PARTY_NAME, row.plain) > 90), None)
    gutter = 0.42 * page.width
    top = min((row.box.top for row in upper), default=0.0)
    if anchors:
        gutter = min(max(min(span.box.left for span in anchors) - 3, 0.25 * page.width), 0.55 * page.width)
        top = min(span.box.top for span in anchors)
    elif party:
        top = party.box.top
    left, right = columns_at(upper, gutter)
    return Header(page, left, right, rows, top, bool(anchors), party is not None, gutter)


def columns_at(rows: Iterable[Row], gutter: float) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """The rows' parts left and right of a gutter: whole pieces go where their middle lies."""
    left: list[Row] = []
    right: list[Row] = []
    for row in rows:
        sides: tuple[list[Row], list[Row]] = ([], [])
        for piece in _columns(row, gutter):
            sides[piece.middle >= gutter].append(piece)
        for pieces, column in zip(sides, (left, right), strict=True):
            if pieces:
                column.append(_joined(pieces))
    return tuple(left), tuple(right)


def _national_span(row: Row) -> Row | None:
    """The words of the national name or the motto in a row."""
    for phrase in (NATIONAL_NAME, MOTTO):
        found = fuzz.partial_ratio_alignment(phrase, row.plain, score_cutoff=78)
        if found is not None and len(row.plain) >= 0.7 * len(phrase):
            return _words_at(row, found.dest_start)
    return None


def _words_at(row: Row, offset: int) -> Row | None:
    """The row from the word on which an offset of `plain` falls."""
    position = 0
    for index, word in enumerate(row.words):
        letters = " ".join(re.findall(r"[a-z0-9]+", fold(nfc(word.text))))
        if letters and position + len(letters) > offset:
            return row.part(index)
        position += len(letters) + 1 if letters else 0
    return None


def _columns(row: Row, gutter: float) -> Iterable[Row]:
    """A row's pieces at wide gaps; a piece across the gutter is cut at its widest gap near it."""
    for piece in row.pieces(0.85):
        if piece.box.left < gutter - 12 and piece.box.right > gutter + 40 and len(piece.words) > 1:
            gaps = [
                (b.box.left - a.box.right, index)
                for index, (a, b) in enumerate(zip(piece.words, piece.words[1:], strict=False), 1)
                if abs((a.box.right + b.box.left) / 2 - gutter) < 25
            ]
            widest = max(gaps, default=(0.0, 0))
            if widest[1] and widest[0] > 0.45 * piece.height:
                for part in (piece.part(0, widest[1]), piece.part(widest[1])):
                    if part is not None:
                        yield part
                continue
        yield piece
