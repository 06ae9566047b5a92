"""Print under a seal or beside a pen's strokes, read again with other inks taken away."""

from __future__ import annotations

from itertools import groupby
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.document import Box, Line, Page, SecondLook, Word, Zone
from pipeline.reading import tesseract
from pipeline.reading.inks import layers
from pipeline.reading.recognition import PageImage
from pipeline.reading.tasks import LookTask
from pipeline.vietnamese import nfc

LOWEST_DPI, HIGHEST_DPI = 150.0, 300.0
GAP = 20.0  # points of paper between two layers
SMALLEST_SKEW = 0.3  # degrees
CUT = 3.0  # points: a word that begins as near to the zone's edge began outside


def look(image: PageImage, zone: Zone, task: LookTask) -> SecondLook | None:
    """The zone's lines in page coordinates, once for each layer of ink: several lines may tell of one place.

    The layers go through Tesseract one below the other, in one pass. Raises OutOfTimeError, DependencyError,
    ReadingError.
    """
    scale = image.dpi / 72
    left, top = max(int(zone.box.left * scale), 0), max(int(zone.box.top * scale), 0)
    cut = image.pixels[top : int(zone.box.bottom * scale) + 1, left : int(zone.box.right * scale) + 1]
    if min(cut.shape[:2]) < tesseract.SMALLEST_ZONE:
        return None
    factor = min(max(image.dpi, LOWEST_DPI), HIGHEST_DPI) / image.dpi
    turned = _turned(cut, skew := _skew(task.page))
    seen = [_scaled(layer, factor) for layer in layers(turned, image.dpi)]
    gap = np.full((round(GAP * scale * factor), seen[0].shape[1]), 255, np.uint8)
    pile = np.vstack([part for layer in seen for part in (gap, layer)] + [gap])
    words = tesseract.recognise_zone(pile, task.languages, round(image.dpi * factor), task.seconds)
    place = _Place(seen[0].shape, gap.shape[0], skew, 1 / (scale * factor), left / scale, top / scale)
    lines = (_line([place.of(word) for word in row], zone) for _, row in groupby(words, key=lambda w: w.line))
    return SecondLook(zone, tuple(line for line in lines if line is not None))


class _Place:
    """Where a word of the pile stands on the page: pile → layer → before it was straightened → page."""

    def __init__(self, size: tuple[int, ...], gap: int, skew: float, scale: float, left: float, top: float) -> None:
        self._height, self._width = size[:2]
        self._gap, self._scale, self._left, self._top = gap, scale, left, top
        angle = np.deg2rad(skew)
        self._cos, self._sin = float(np.cos(angle)), float(np.sin(angle))

    def of(self, word: tesseract.Recognised) -> Word:
        x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        y = y % (self._height + self._gap) - self._gap
        dx, dy = x - self._width / 2, y - self._height / 2
        x = self._left + (self._width / 2 + self._cos * dx - self._sin * dy) * self._scale
        y = self._top + (self._height / 2 + self._sin * dx + self._cos * dy) * self._scale
        half_width, half_height = (word.right - word.left) / 2 * self._scale, (word.bottom - word.top) / 2 * self._scale
        box = Box(max(x - half_width, 0.0), max(y - half_height, 0.0), x + half_width, y + half_height)
        return Word(nfc(word.text), box, round(word.confidence, 4))


def _line(words: list[Word], zone: Zone) -> Line | None:
    kept = [word for word in words if word.box.left > zone.box.left + CUT and any(map(str.isalnum, word.text))]
    return Line(tuple(kept)) if kept else None


def _skew(page: Page) -> float:
    """Degrees (counter-clockwise positive) to turn the page by so that the first reading's long lines lie level."""
    falls = []
    for line in page.lines:
        first, last = line.words[0].box.centre, line.words[-1].box.centre
        if len(line.words) > 4 and last[0] - first[0] > 0.4 * page.width:
            falls.append(float(np.rad2deg(np.arctan2(last[1] - first[1], last[0] - first[0]))))
    found = median(falls) if len(falls) > 2 else 0.0
    return found if SMALLEST_SKEW < abs(found) < 10 else 0.0


def _turned(cut: NDArray[np.uint8], skew: float) -> NDArray[np.uint8]:
    if not skew:
        return cut
    height, width = cut.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    turned = cv2.warpAffine(cut, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, dtype=np.uint8)


def _scaled(layer: NDArray[np.uint8], factor: float) -> NDArray[np.uint8]:
    if abs(factor - 1) < 0.05:
        return layer
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(layer, None, fx=factor, fy=factor, interpolation=how), dtype=np.uint8)
