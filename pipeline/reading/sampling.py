"""Does a page show what its text says? A few of its lines are read by eye and laid beside it, letter by letter.

A map from glyphs to Unicode that is broken, or made to deceive, can leave every word a word and turn 15 into 26; text
may lie under pictures that say something else. No test of the text alone tells that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from pipeline.document import Box, Line
from pipeline.reading import pdf, recognition, tesseract
from pipeline.reading.recognition import PageImage
from pipeline.vietnamese import fold

UPPER_PART = 0.4  # of a page: where number and date stand
WITH_DIGITS, WITH_LETTERS = 2, 1  # lines that are sampled
FEWEST, MOST = 6, 90  # letters and digits of such a line
ALIKE = 0.5  # equal letters from which a line says the same, misread here and there
MARGIN = 3.0  # points around a line
GAP = 24  # pixels between two lines
DPIS = (300, 200)  # only what both show is believed: one alone may misread
NUMBER, DATE = re.compile(r"\d\s*/"), re.compile(r"ngay|thang|nam\b")


@dataclass(frozen=True, slots=True)
class Difference:
    """Lines that show other digits (those that are seen), and lines that show other words."""

    digits: Mapping[int, str]
    words: frozenset[int]


def differs(page: Any, sheet: pdf.Sheet, languages: str, seconds: float) -> bool:
    """Does a page show other digits, or altogether other words, than its text layer has? Raises what Tesseract does."""
    lines = _samples(sheet)
    if not lines:
        return False
    image = pdf.render(page, sheet)
    first = _compared(lines, image, DPIS[0], languages, seconds)
    if not first.digits and len(first.words) < len(lines):
        return False
    return confirmed(first, _compared(lines, image, DPIS[1], languages, seconds), len(lines))


def confirmed(first: Difference, second: Difference, lines: int) -> bool:
    """Do two readings convict the text: the same other digits in one line, or other words in all of several lines?"""
    if any(second.digits.get(at) == seen for at, seen in first.digits.items()):
        return True
    return lines > 1 and len(first.words) == len(second.words) == lines


def _samples(sheet: pdf.Sheet) -> list[Line]:
    height = sheet.frame.size[1]
    lines = [
        line
        for line in sheet.layer.lines[: sheet.layer.upright]
        if FEWEST <= len(_plain(line.text)) <= MOST and _plain(line.text).isascii()  # our model reads no other script
        and not any(_meet(line.box, note) for note in sheet.notes)
    ]  # fmt: skip
    upper = [line for line in lines if line.box.bottom < UPPER_PART * height and _digits(line.text)]
    chosen = sorted(upper, key=_weight, reverse=True)[:WITH_DIGITS]
    others = sorted((line for line in lines if line not in chosen), key=lambda line: -len(_plain(line.text)))
    return [*chosen, *others[: WITH_LETTERS + WITH_DIGITS - len(chosen)]]


def _weight(line: Line) -> tuple[bool, int]:
    text = fold(line.text)
    return bool(NUMBER.search(text) or DATE.search(text)), len(_digits(text))


def _compared(lines: Sequence[Line], image: PageImage, dpi: int, languages: str, seconds: float) -> Difference:
    strip, rows = _strip(lines, image, dpi)
    found = tesseract.recognise_zone(strip, languages, dpi, seconds)
    digits, words = {}, set()
    for at, (line, (top, bottom)) in enumerate(zip(lines, rows, strict=True)):
        seen = "".join(word.text for word in found if top <= (word.top + word.bottom) / 2 < bottom)
        wanted, got = _plain(line.text), _plain(seen)
        if Levenshtein.normalized_similarity(wanted, got) < ALIKE:
            words.add(at)
        elif contradict(wanted, got):
            digits[at] = _digits(got)
    return Difference(digits, frozenset(words))


def _strip(lines: Sequence[Line], image: PageImage, dpi: int) -> tuple[NDArray[np.uint8], list[tuple[int, int]]]:
    """The lines' pictures one below the other, and the rows in which each stands."""
    parts = [_cut(line, image, dpi) for line in lines]
    width = max(part.shape[1] for part in parts) + 2 * GAP
    strip = np.full((sum(part.shape[0] + GAP for part in parts) + GAP, width), 255, dtype=np.uint8)
    rows, top = [], GAP
    for part in parts:
        strip[top : top + part.shape[0], GAP : GAP + part.shape[1]] = part
        rows.append((top, top + part.shape[0]))
        top += part.shape[0] + GAP
    return strip, rows


def _cut(line: Line, image: PageImage, dpi: int) -> NDArray[np.uint8]:
    box = line.box
    cut = recognition.cut(image, Box(max(box.left - MARGIN, 0), max(box.top - MARGIN, 0), box.right + MARGIN,
                                     box.bottom + MARGIN))  # fmt: skip
    scale = dpi / image.dpi
    if abs(scale - 1) < 0.05:
        return cut
    return np.asarray(cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text)))


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def contradict(wanted: str, got: str) -> bool:
    """Does another digit stand where one is expected? Digits that are not seen, or more of them, say nothing: a one is
    read as a letter, pictures and handwriting are no text.
    """
    return any(
        wanted[part.src_pos].isdecimal() and got[part.dest_pos].isdecimal()
        for part in Levenshtein.editops(wanted, got)
        if part.tag == "replace"
    )


def _meet(a: Box, b: Box) -> bool:
    return a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom
