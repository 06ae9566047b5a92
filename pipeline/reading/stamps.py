"""Red stamps of one line (MẬT, HỎA TỐC, THƯỢNG KHẨN …): what the red channel hides is looked for by its colour.

Decree 30/2020, Appendix I, I.III.2: bright red capitals in a single frame, 20-40 × 8 mm. A round seal is larger.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.document import Box, Line, Word

LOOK_DPI = 75.0
REDDER = 45  # red above the other channels
WIDTHS_MM, HEIGHTS_MM = (8.0, 75.0), (4.0, 16.0)
MOST_ZONES = 4
MARGIN_MM = 1.0
FRAME_SHARE = 0.6  # a row or column with so much ink is the frame


@dataclass(frozen=True, slots=True)
class RedInk:
    """Where a coloured page is red, at a resolution that shows stamps and seals."""

    mask: NDArray[np.uint8]
    dpi: float


def red_ink(pixels: NDArray[np.uint8], dpi: float) -> RedInk | None:
    """The red of an RGB page; None where there is none."""
    step = max(int(dpi / 50), 1)
    if not _red(pixels[::step, ::step]).any():  # most pages end here
        return None
    scale = min(LOOK_DPI / dpi, 1.0)
    red = _red(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    return RedInk(red, dpi * scale) if red.any() else None


def zones(red: RedInk) -> list[Box]:
    """Boxes (points) of red things of a stamp's size, from the top down."""
    millimetre = red.dpi / 25.4
    reach = np.ones((max(int(millimetre), 1), max(int(4 * millimetre), 1)), np.uint8)
    joined = cv2.morphologyEx(red.mask, cv2.MORPH_CLOSE, reach)
    _, _, parts, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found = []
    for left, top, width, height, _ in parts[1:].tolist():
        wide, high = width / millimetre, height / millimetre
        if WIDTHS_MM[0] <= wide <= WIDTHS_MM[1] and HEIGHTS_MM[0] <= high <= HEIGHTS_MM[1] and wide > 1.2 * high:
            found.append(_box(left, top, width, height, 72 / red.dpi))
    return sorted(found, key=lambda box: box.top)[:MOST_ZONES]


def _red(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    red = pixels[..., 0].astype(np.int16)
    others = np.maximum(pixels[..., 1], pixels[..., 2])
    return np.asarray((red - others > REDDER) & (red > 110), dtype=np.uint8)


def ink_of(pixels: NDArray[np.uint8], dpi: float, box: Box) -> NDArray[np.uint8]:
    """The zone as dark print on white, its frame taken away: red is dark in the green and blue channels."""
    scale = dpi / 72
    top, left = max(int(box.top * scale), 0), max(int(box.left * scale), 0)
    part = pixels[top : int(box.bottom * scale) + 1, left : int(box.right * scale) + 1]
    gray = part[..., 1:].min(axis=2).copy()
    dark = gray < 140
    gray[_grown(dark.mean(axis=1) > FRAME_SHARE), :] = 255
    gray[:, _grown(dark.mean(axis=0) > FRAME_SHARE)] = 255
    return np.ascontiguousarray(gray)


def put_in(lines: tuple[Line, ...], stamped: tuple[Line, ...], box: Box) -> tuple[Line, ...]:
    """The page's lines with a stamp's in their place, unless what was read there before is as sure."""
    if not stamped or _sureness(stamped) <= _sureness(_within(lines, box)):
        return lines
    outside = [Line(kept, line.bold, line.italic) for line in lines if (kept := _words_outside(line, box))]
    below = next((index for index, line in enumerate(outside) if line.box.top >= box.bottom), len(outside))
    return (*outside[:below], *stamped, *outside[below:])


def _box(left: int, top: int, width: int, height: int, scale: float) -> Box:
    margin = MARGIN_MM * 72 / 25.4
    return Box(
        max(left * scale - margin, 0.0), max(top * scale - margin, 0.0),
        (left + width) * scale + margin, (top + height) * scale + margin,
    )  # fmt: skip


def _grown(marked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Frame lines are blurred: their neighbours go too."""
    grown = marked.copy()
    for step in (1, 2):
        grown[step:] |= marked[:-step]
        grown[:-step] |= marked[step:]
    return grown


def _within(lines: tuple[Line, ...], box: Box) -> tuple[Line, ...]:
    parts = (tuple(word for word in line.words if _centred(word.box, box)) for line in lines)
    return tuple(Line(part) for part in parts if part)


def _words_outside(line: Line, box: Box) -> tuple[Word, ...]:
    return tuple(word for word in line.words if not _centred(word.box, box))


def _centred(inner: Box, outer: Box) -> bool:
    x, y = inner.centre
    return outer.left <= x <= outer.right and outer.top <= y <= outer.bottom


def _sureness(lines: tuple[Line, ...]) -> float:
    return sum(line.confidence for line in lines) / len(lines) if lines else 0.0
