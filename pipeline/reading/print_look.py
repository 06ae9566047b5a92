"""Print under a seal or beside a pen's strokes, read again with other inks taken away."""

from __future__ import annotations

from collections.abc import Sequence
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
SIGNATORY = "signatory"  # who asks for names
GAP = 20.0  # points of paper between two layers
SMALLEST_SKEW = 0.3  # degrees
LEAST_OF_A_NAME = 2  # syllables
LEGIBLE, SURE = 0.5, 0.9
ROW = 10.0  # points: lines nearer to each other are readings of one
BESIDE, TIGHT = 55.0, 1.5  # points around a torn name: a family name fits in, the next row does not
CUT = 3.0  # points: a word that begins as near to the zone's edge began outside


def look(image: PageImage, zone: Zone, task: LookTask) -> SecondLook | None:
    """The zone's lines in page coordinates, once for each layer of ink: several lines may tell of one place.

    The layers go through Tesseract one below the other, in one pass. A row that looks like a name of which a part is
    lost is then cut out tightly and read once more. Raises OutOfTimeError, DependencyError, ReadingError.
    """
    whole = _read(image, zone.box, task, thinned=False)
    kept = tuple(line for line in (_within(line, zone) for line in whole) if line is not None)
    torn = _torn_names(kept, zone) if zone.about == SIGNATORY else []
    again = tuple(line for box in torn for line in _read(image, box, task, thinned=True))
    return SecondLook(zone, (*kept, *again))


def _read(image: PageImage, box: Box, task: LookTask, *, thinned: bool) -> list[Line]:
    """The lines of every layer of a box; `thinned`: with strokes as they are, and thinner (stamped names run)."""
    scale = image.dpi / 72
    left, top = max(int(box.left * scale), 0), max(int(box.top * scale), 0)
    cut = image.pixels[top : int(box.bottom * scale) + 1, left : int(box.right * scale) + 1]
    if min(cut.shape[:2]) < tesseract.SMALLEST_ZONE:
        return []
    factor = min(max(image.dpi, LOWEST_DPI), HIGHEST_DPI) / image.dpi
    turned = _turned(cut, skew := _skew(task.page))
    seen = [_scaled(layer, factor) for layer in layers(turned, image.dpi)]
    if thinned:
        seen += [np.asarray(cv2.dilate(layer, np.ones((2, 2), np.uint8)), dtype=np.uint8) for layer in seen]
    gap = np.full((round(GAP * scale * factor), seen[0].shape[1]), 255, np.uint8)
    pile = np.vstack([part for layer in seen for part in (gap, layer)] + [gap])
    words = tesseract.recognise_zone(pile, task.languages, round(image.dpi * factor), task.seconds)
    place = _Place(seen[0].shape, gap.shape[0], skew, 1 / (scale * factor), left / scale, top / scale)
    return [Line(tuple(place.of(word) for word in row)) for _, row in groupby(words, key=lambda word: word.line)]


def _torn_names(lines: Sequence[Line], zone: Zone) -> list[Box]:
    """Where two words or more stand like a person's name and no layer showed three of them surely; the lowest two."""
    found: list[tuple[Box, bool]] = []
    for line in lines:
        like = [word for word in line.words if _like_a_name(word)]
        if len(like) < LEAST_OF_A_NAME or any(word.confidence > SURE and word.text.islower() for word in line.words):
            continue
        box, sure = Box.around([word.box for word in like]), sum(word.confidence > SURE for word in like) > 2
        place = next((i for i, (other, _) in enumerate(found) if abs(other.centre[1] - box.centre[1]) < ROW), None)
        if place is None:
            found.append((box, sure))
        else:
            found[place] = (found[place][0].union(box), found[place][1] or sure)
    torn = sorted((box for box, sure in found if not sure and box.height < 2 * ROW), key=lambda box: -box.bottom)
    return [
        Box(
            max(box.left - BESIDE, zone.box.left), max(box.top - TIGHT, 0.0),
            min(box.right + BESIDE, zone.box.right), box.bottom + TIGHT,
        )
        for box in torn[:2]
    ]  # fmt: skip


def _like_a_name(word: Word) -> bool:
    text = word.text.strip(".,*'")
    return word.confidence > LEGIBLE and text.isalpha() and text.istitle() and len(text) > 1


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


def _within(line: Line, zone: Zone) -> Line | None:
    kept = [word for word in line.words if word.box.left > zone.box.left + CUT and any(map(str.isalnum, word.text))]
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
