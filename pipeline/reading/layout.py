"""Words become lines: one base line of one column each, from left to right, in an order that reads well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from pipeline.document import Box, Line, Word

COLUMN_GAP = 1.7  # of the words' height: a wider gap parts two columns …
GAP_AMONG_GAPS = 2.5  # … when it is also this much wider than the line's usual gap (justified text is airy)
SMALLEST_GUTTER = 8.0  # points between two columns


def split_at_columns(words: Sequence[Word]) -> list[list[Word]]:
    """Cut one row of words where a gap is as wide as between columns. The words are put in order from the left."""
    ordered = sorted(words, key=lambda word: word.box.left)
    if len(ordered) < 2:
        return [ordered] if ordered else []
    gaps = [b.box.left - a.box.right for a, b in pairwise(ordered)]
    height = median(word.box.height for word in ordered)
    wide = COLUMN_GAP * height
    if len(gaps) >= 3:
        wide = max(wide, GAP_AMONG_GAPS * median(gaps))
    parts = [[ordered[0]]]
    for gap, word in zip(gaps, ordered[1:], strict=True):
        if gap > wide:
            parts.append([])
        parts[-1].append(word)
    return parts


def by_columns(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Where neighbouring rows stand in the same two columns, give the left column whole, then the right one."""
    ordered: list[Line] = []
    band: list[list[Line]] = []
    for row in _rows(lines):
        if band and _gutter([*band, row]) is None:
            ordered.extend(_read(band))
            band = []
        band.append(row)
    ordered.extend(_read(band))
    return tuple(ordered)


def _rows(lines: Iterable[Line]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: one.box.centre[1]):
        box = line.box
        if rows and _overlap(box, rows[-1][-1].box) > 0.5 and all(_apart(box, other.box) for other in rows[-1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda one: one.box.left) for row in rows]


def _overlap(a: Box, b: Box) -> float:
    shared = min(a.bottom, b.bottom) - max(a.top, b.top)
    return shared / (min(a.height, b.height) or 1)


def _apart(a: Box, b: Box) -> bool:
    return a.right <= b.left or b.right <= a.left


def _gutter(band: Sequence[Sequence[Line]]) -> float | None:
    """The x of an upright strip that no line of the band crosses, with lines on both sides; None for none or tables."""
    if any(len(row) > 2 for row in band):
        return None
    boxes = sorted((line.box for row in band for line in row), key=lambda box: box.left)
    reach, best, gutter = boxes[0].right, SMALLEST_GUTTER, None
    for box in boxes[1:]:
        if box.left - reach > best:
            best, gutter = box.left - reach, (box.left + reach) / 2
        reach = max(reach, box.right)
    return gutter


def _read(band: Sequence[Sequence[Line]]) -> list[Line]:
    gutter = _gutter(band) if band else None
    lines = [line for row in band for line in row]
    if gutter is None:
        return lines
    left = [line for line in lines if line.box.centre[0] < gutter]
    return left + [line for line in lines if line.box.centre[0] >= gutter]
