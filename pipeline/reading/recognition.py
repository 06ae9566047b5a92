"""A page image becomes lines of words: cleaned for reading, turned upright when it must be, read once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import groupby
from statistics import fmean

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.document import Box, Line, TextSource, Word
from pipeline.reading import seals, stamps, strokes, tesseract
from pipeline.reading.clean import Cleaned, clean, ink_share, to_gray
from pipeline.reading.layout import split_at_columns
from pipeline.reading.stopwatch import Stage, Stopwatch
from pipeline.vietnamese import nfc

LOWEST_DPI, HIGHEST_DPI = 200, 300
MOST_PIXELS = 40_000_000  # of an image that is read: A2 at 300 dpi
LONGEST_SIDE = 30_000  # Tesseract refuses 32 768
DOUBTFUL = 0.55  # mean confidence below which the page may be upside down
SURE = 0.7  # of a word in a small picture, which is more often a seal or handwriting than print
SPECK = 0.35  # confidence below which a sign that is no letter or digit is dirt
INK = 30  # of 120 levels: a seal's faint ring counts
SURE_TURN = 1.0  # Tesseract's own measure of its orientation guess


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as a person sees it: gray (height × width) or RGB, and its size on paper in points."""

    pixels: NDArray[np.uint8]
    width: float
    height: float
    dpi: float  # of the pixels


@dataclass(frozen=True, slots=True)
class Recognition:
    """What an image says. `turn` is clockwise; width and height are those of the page after it."""

    source: TextSource
    lines: tuple[Line, ...]
    width: float
    height: float
    turn: int = 0
    seals: tuple[Box, ...] = ()
    strokes: tuple[Box, ...] = ()


def recognise(image: PageImage, *, languages: str, blank_ink: float, deadline: float, watch: Stopwatch) -> Recognition:
    """Read one page image by `deadline` (time.monotonic). Raises tesseract.OutOfTimeError and what it raises."""
    with watch.stage(Stage.CLEAN):
        gray, dpi = _reading_size(to_gray(image.pixels), image.dpi)
        cleaned = clean(gray, dpi)
        blank = ink_share(cleaned.image) < blank_ink
    if blank:
        return Recognition(TextSource.BLANK, (), image.width, image.height)
    with watch.stage(Stage.OCR):
        return _read_cleaned(image, gray, cleaned, dpi, languages, deadline)


def _read_cleaned(
    image: PageImage, gray: NDArray[np.uint8], cleaned: Cleaned, dpi: float, languages: str, deadline: float
) -> Recognition:
    turn = _turn(cleaned, dpi, deadline) if cleaned.lying else 0
    words = [] if turn else tesseract.recognise(cleaned.image, languages, round(dpi), deadline - time.monotonic())
    if not turn and _doubtful(words):
        turn = _turn(cleaned, dpi, deadline)
    if turn:
        cleaned = clean(np.ascontiguousarray(np.rot90(gray, -turn // 90)), dpi)
        words = tesseract.recognise(cleaned.image, languages, round(dpi), deadline - time.monotonic())
    width, height = (image.height, image.width) if turn % 180 else (image.width, image.height)
    lines = _lines(words, cleaned, width, height)
    ink, coarse = cleaned.ink > INK, 72 * cleaned.ink.shape[1] / width
    found = seals.find(ink, coarse)
    red = stamps.red_ink(image.pixels, image.dpi) if image.pixels.ndim == 3 else None
    if red is not None:
        red = stamps.RedInk(np.rot90(red.mask, -turn // 90), red.dpi)
        found = (*seals.find(red.mask > 0, red.dpi), *found)
        upright = PageImage(np.rot90(image.pixels, -turn // 90), width, height, image.dpi)
        lines = _with_stamps(lines, red, upright, languages, deadline)
    return Recognition(TextSource.OCR, lines, width, height, turn, found, strokes.find(ink, coarse, lines))


def _with_stamps(
    lines: tuple[Line, ...], red: stamps.RedInk, image: PageImage, languages: str, deadline: float
) -> tuple[Line, ...]:
    for box in stamps.zones(red):
        ink = stamps.ink_of(image.pixels, image.dpi, box)
        found = tesseract.recognise_zone(ink, languages, round(image.dpi), deadline - time.monotonic())
        lines = stamps.put_in(lines, without_doubtful(placed(found, box, image)), box)
    return lines


def _reading_size(gray: NDArray[np.uint8], dpi: float) -> tuple[NDArray[np.uint8], float]:
    """Scale to a resolution that Tesseract reads well, within what a process may hold."""
    height, width = gray.shape
    scale = min(max(dpi, LOWEST_DPI), HIGHEST_DPI) / dpi
    scale = min(scale, (MOST_PIXELS / (width * height)) ** 0.5, LONGEST_SIDE / max(width, height))
    if abs(scale - 1) < 0.05:
        return gray, dpi
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(gray, size, interpolation=how).astype(np.uint8, copy=False), dpi * scale


def _turn(cleaned: Cleaned, dpi: float, deadline: float) -> int:
    found = tesseract.orientation(cleaned.image, round(dpi), deadline - time.monotonic())
    return found[0] if found and found[1] >= SURE_TURN else 0


def _doubtful(words: list[tesseract.Recognised]) -> bool:
    return not words or fmean(word.confidence for word in words) < DOUBTFUL


def cut(image: PageImage, box: Box) -> NDArray[np.uint8]:
    """The gray pixels of a box of the page."""
    scale = image.dpi / 72
    gray = to_gray(image.pixels)
    top, left = max(int(box.top * scale), 0), max(int(box.left * scale), 0)
    return np.ascontiguousarray(gray[top : int(box.bottom * scale) + 1, left : int(box.right * scale) + 1])


def placed(words: list[tesseract.Recognised], box: Box, image: PageImage) -> tuple[Line, ...]:
    """Words read in a cut, as lines of the page."""
    scale = 72 / image.dpi

    def word_of(word: tesseract.Recognised) -> Word:
        left, top = box.left + word.left * scale, box.top + word.top * scale
        right, bottom = box.left + word.right * scale, box.top + word.bottom * scale
        return Word(nfc(word.text), Box(left, top, right, bottom), round(word.confidence, 4))

    rows = groupby(words, key=lambda word: word.line)
    return tuple(Line(tuple(map(word_of, row))) for _, row in rows)


def without_doubtful(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Of what was recognised in a small picture: the sure words."""
    parts = (tuple(word for word in line.words if _is_sure(word)) for line in lines)
    return tuple(Line(part) for part in parts if sum(len(word.text) for word in part) > 1)


def _is_sure(word: Word) -> bool:
    return word.confidence >= SURE and any(map(str.isalnum, word.text))


def _is_print(word: tesseract.Recognised) -> bool:
    """Specks and strokes of seals come back as doubtful signs without a letter or a digit."""
    return word.confidence >= SPECK or any(map(str.isalnum, word.text))


def _lines(words: list[tesseract.Recognised], cleaned: Cleaned, width: float, height: float) -> tuple[Line, ...]:
    rows, columns = cleaned.image.shape
    across, down = width / columns, height / rows

    def back(word: tesseract.Recognised) -> Word:
        # The centre is turned back; the box keeps its size, or a long word would reach into the lines around it.
        x, y = cleaned.back((word.left + word.right) / 2, (word.top + word.bottom) / 2)
        half_width, half_height = (word.right - word.left) / 2, (word.bottom - word.top) / 2
        box = Box(
            max((x - half_width) * across, 0.0), max((y - half_height) * down, 0.0),
            min((x + half_width) * across, width), min((y + half_height) * down, height),
        )  # fmt: skip
        return Word(nfc(word.text), box, round(word.confidence, 4))

    return tuple(
        Line(tuple(part))
        for _, row in groupby(filter(_is_print, words), key=lambda word: word.line)
        for part in split_at_columns([back(word) for word in row])
    )
