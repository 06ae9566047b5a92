"""Strips of number lines and date lines as scanners see them, each with what a hand (or a printer) put in."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.reading.handwriting import HEIGHT, normalised
from training.handwriting.pens import EM, Hands, Ink, Typefaces, Written

WIDTH = 192  # pixels of a training strip; longer ones are drawn again
CANVAS_HEIGHT = 2 * EM  # a strip is two ems high
MIDDLE = CANVAS_HEIGHT // 2
CAPITALS = 0.66  # of an em

KINDS = {"number": 0.52, "day": 0.28, "month": 0.08, "year": 0.12}
STAMPED = 0.25  # of what is not written by hand
_LABELS = ("Số:", "Số:", "Số:", "Số:", "Số :", "Số", "SỐ:", "Luật số:", "Số.")
_TYPES = ("QĐ", "TB", "KH", "CT", "BC", "TTr", "CV", "GM", "NQ", "HD", "UBND", "HĐND", "BNV", "SYT", "BGDĐT", "VP",
          "CTr", "KL", "TM", "TT", "NĐ", "BYT", "STC", "CT", "PA", "ĐA", "BCĐ", "GP", "UQ", "2021", "2020", "2024",
          "2019")  # fmt: skip


@dataclass(frozen=True)
class Strip:
    """A strip (HEIGHT × any width, uint8) and the signs a reader should find in it."""

    pixels: NDArray[np.uint8]
    label: str
    kind: str  # "number", "day", "month", "year"
    handwritten: bool


class Maker:
    """Draws strips; the same seed gives the same strips."""

    def __init__(self, hands: Hands, scripts: Typefaces, prints: dict[str, Typefaces], seed: int) -> None:
        self._hands, self._scripts, self._prints = hands, scripts, prints
        self._rng = np.random.default_rng(seed)

    def make(self) -> Strip:
        while True:
            strip = self._one()
            if 24 <= strip.pixels.shape[1] <= WIDTH:
                return strip

    def _one(self) -> Strip:
        rng = self._rng
        kind = str(rng.choice(list(KINDS), p=list(KINDS.values())))
        text = "" if rng.random() < 0.06 else _text(kind, rng)
        handwritten = rng.random() < (0.3 if kind == "year" else 0.88)
        style = "upright" if kind == "number" else "italic" if rng.random() < 0.85 else "upright"
        if rng.random() < 0.05:
            style = "other"
        face = self._prints[style].pick(rng)
        left_word, right_word = _around(kind, rng)
        left = self._prints[style].draw(left_word, face)
        right = self._prints[style].draw(right_word, face)
        given = self._given(kind, text) if handwritten else 0
        if given:  # "năm 20" is printed, the rest is written behind it
            left = self._prints[style].draw(f"{left_word} {text[:given]}", face)
        inner = self._inner(text[given:], handwritten=handwritten, face=face, style=style)
        wide = inner.ink.shape[1] if inner is not None else 0
        if handwritten:
            before = EM * float(rng.choice([rng.normal(0.1, 0.15), rng.uniform(0, 1.2)], p=[0.6, 0.4]))
            after = EM * float(rng.choice([rng.normal(0.1, 0.15), rng.uniform(0, 1.2)], p=[0.6, 0.4]))
        else:
            before, after = (EM * float(rng.choice([0.25, rng.uniform(0, 0.9)])) for _ in range(2))
        if not text:
            before = EM * float(rng.uniform(0.5, 2.5))
        elif given:
            before = EM * float(rng.uniform(-0.05, 0.3))
        before, after = max(before, -0.4 * EM), max(after, -0.3 * EM)
        width = int(left.ink.shape[1] + before + wide + after + right.ink.shape[1]) + 4 * EM
        page: Ink = np.zeros((CANVAS_HEIGHT, width), np.float32)
        base = MIDDLE + CAPITALS / 2 * EM + EM * float(rng.normal(0, 0.07))
        x = 2.0 * EM
        blackness = float(rng.uniform(0.75, 1.0))
        _put(page, left.ink, x, base + left.below, blackness)
        x += left.ink.shape[1]
        gap_from = x
        x += before
        faintest = blackness
        if inner is not None:
            drop = EM * float(rng.normal(0.02, 0.12)) if handwritten else 0.0
            ink = float(rng.choice([rng.uniform(0.75, 1), rng.uniform(0.3, 0.8)], p=[0.75, 0.25]))
            faintest = min(ink, blackness) if handwritten else blackness
            _put(page, inner.ink, x, base + inner.below + drop, ink if handwritten else blackness)
        digits = (x, x + wide)
        x += wide + after
        slash_at = x
        _put(page, right.ink, x, base + right.below, blackness)
        if rng.random() < (0.2 if handwritten else 0.03):
            self._dots(page, gap_from, x, base, blackness)
        self._strangers(page, base, face, style)
        seen_slash = kind == "number" and right_word.startswith("/")
        labelled = self._prints[style].draw(left_word, face).ink.shape[1] if given else left.ink.shape[1]
        start = 2.0 * EM + float(rng.uniform(-0.4, 0.9)) * labelled
        start = min(start, digits[0] - 2, gap_from + 0.1 * EM)
        beyond = float(rng.uniform(0.45, 1.6)) * EM if seen_slash else float(rng.uniform(0.0, 0.7)) * right.ink.shape[1]
        end = max(slash_at + beyond, digits[1] + 2)
        if kind == "year":
            end = digits[1] + float(rng.uniform(0.1, 0.9)) * EM
        label = text + ("/" if seen_slash else "")
        cut = page[:, max(int(start), 0) : int(end)]
        begin = max(int(start), 0)
        return Strip(self._scanned(cut, faintest, (digits[0] - begin, digits[1] - begin)), label, kind, handwritten)

    def _inner(self, text: str, *, handwritten: bool, face: str, style: str) -> Written | None:
        if not text:
            return None
        if not handwritten:
            if self._rng.random() < STAMPED:
                return self._stamped(text)
            return self._prints[style].draw(text, face)
        if self._rng.random() < 0.22 and text.isdigit():
            return self._scripts.write(text, self._rng)
        return self._hands.write(text, self._rng)

    def _given(self, kind: str, text: str) -> int:
        """How many digits of a year that a hand completed are printed."""
        return int(self._rng.choice([0, 2, 2, 3, 3])) if kind == "year" and text else 0

    def _stamped(self, text: str) -> Written:
        """Digits of a numbering machine or a date stamp: of a typeface and size of their own, a little turned."""
        rng = self._rng
        drawn = self._prints[str(rng.choice(["upright", "other"]))]
        printed = drawn.draw(text, drawn.pick(rng))
        size, angle = float(rng.uniform(0.75, 1.45)), float(rng.normal(0, 1.5))
        matrix = cv2.getRotationMatrix2D((0, printed.ink.shape[0] / 2), angle, size)
        matrix[:, 2] += (3, 3)
        height, width = (int(v * size) + 8 for v in printed.ink.shape)
        ink = cv2.warpAffine(printed.ink, matrix, (width, height), flags=cv2.INTER_AREA)
        if rng.random() < 0.5:  # pressed too hardly
            ink = cv2.dilate(ink, np.ones((2, 2), np.uint8))
        return Written(np.asarray(ink, np.float32), printed.below * size + 4)

    def _dots(self, page: Ink, start: float, end: float, base: float, ink: float) -> None:
        """A dotted or drawn line in the blank, as forms have it."""
        rng = self._rng
        y = int(base - rng.uniform(0, 0.06) * EM)
        if rng.random() < 0.25:
            page[max(y - 1, 0) : y + 1, int(start) : int(end)] = ink
            return
        step, radius = int(rng.uniform(5, 13)), float(rng.uniform(1.2, 2.6))
        for x in range(int(start + 2), int(end - 2), step):
            cv2.circle(page, (x, y), max(round(radius), 1), ink, -1, cv2.LINE_AA)

    def _strangers(self, page: Ink, base: float, face: str, style: str) -> None:
        """What intrudes from elsewhere: the lines above and below, rules, a pen's stroke, an arc of a seal."""
        rng = self._rng
        width = page.shape[1]
        for direction, chance in ((1, 0.25), (-1, 0.2)):
            if rng.random() < chance:
                word = str(rng.choice(["V/v hướng dẫn", "SỞ Y TẾ", "TRƯỜNG ĐẠI HỌC", "Độc lập - Tự do", "QUYẾT ĐỊNH"]))
                drawn = self._prints[style].draw(word, face)
                x = float(rng.uniform(-drawn.ink.shape[1] / 2, width - 20))
                _put(page, drawn.ink, x, base + direction * float(rng.uniform(1.2, 1.7)) * EM + drawn.below, 0.9)
        if rng.random() < 0.2:
            y, x = int(MIDDLE - rng.uniform(0.7, 1.0) * EM), int(rng.uniform(-width / 3, width / 2))
            cv2.line(
                page, (x, y), (x + int(rng.uniform(2, 5) * EM), y + int(rng.normal(0, 2))), 0.9, int(rng.integers(1, 4))
            )
        if rng.random() < 0.04:
            centre = (int(rng.uniform(-EM, width + EM)), int(rng.choice([-2.0, 3.6]) * EM))
            cv2.circle(
                page,
                centre,
                int(rng.uniform(2.2, 3.2) * EM),
                float(rng.uniform(0.2, 0.6)),
                int(rng.integers(2, 6)),
                cv2.LINE_AA,
            )

    def _scanned(self, ink: Ink, faintest: float, digits: tuple[float, float]) -> NDArray[np.uint8]:
        """Skewed, reduced, blurred, speckled, thresholded, compressed - each now and then - and made ready to read.

        `digits`: from where to where the digits reach, for a threshold that loses them leaves nothing to read.
        """
        rng = self._rng
        height, width = ink.shape
        scale = float(np.exp(rng.normal(0, 0.13)))
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.normal(0, 0.5)), scale)
        matrix[0, 2] += (scale - 1) * width / 2
        matrix[1, 2] += float(rng.normal(0, 0.05)) * EM
        ink = cv2.warpAffine(ink, matrix, (int(width * scale), height), flags=cv2.INTER_LINEAR)
        paper, dark = float(rng.uniform(215, 255)), float(rng.uniform(0, 70))
        if rng.random() < 0.1:
            dark = float(rng.uniform(90, 190))  # a faded page
        ink = cv2.GaussianBlur(ink, (0, 0), float(rng.uniform(0.4, 1.8)))
        gray = paper - ink * (paper - dark)
        gray += rng.normal(0, float(rng.choice([0.5, 3, 8], p=[0.5, 0.35, 0.15])), gray.shape).astype(np.float32)
        if rng.random() < 0.1:  # a fax: few rows, each twice
            few = cv2.resize(gray, (gray.shape[1], height // int(rng.integers(2, 4))), interpolation=cv2.INTER_NEAREST)
            gray = cv2.resize(few, (gray.shape[1], height), interpolation=cv2.INTER_NEAREST)
        if rng.random() < 0.33:
            written = ink[:, max(int(digits[0] * scale), 0) : int(digits[1] * scale) + 1]
            level = float(rng.uniform(0.35, 0.65)) * faintest
            if written.size:
                level = min(level, float(rng.uniform(0.4, 0.75)) * float(np.percentile(written, 96)))
            gray = np.where(gray < paper - level * (paper - dark), 0.0, 255.0).astype(np.float32)
            for _ in range(int(rng.exponential(2))):
                at = (int(rng.integers(gray.shape[1])), int(rng.integers(height)))
                cv2.circle(gray, at, int(rng.integers(1, 3)), 0, -1)
        picture = np.clip(gray, 0, 255).astype(np.uint8)
        if rng.random() < 0.3:
            factor = float(rng.uniform(0.3, 0.6))
            picture = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        if rng.random() < 0.5:
            quality = int(rng.uniform(25, 90))
            picture = cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 0)
        size = (max(round(ink.shape[1] * HEIGHT / height), 8), HEIGHT)
        how = cv2.INTER_AREA if picture.shape[0] >= HEIGHT else cv2.INTER_CUBIC
        return normalised(cv2.resize(picture, size, interpolation=how).astype(np.uint8))


def _text(kind: str, rng: np.random.Generator) -> str:
    if kind == "year":
        return str(rng.integers(2000, 2040) if rng.random() < 0.93 else rng.integers(1975, 2000))
    if kind == "day":
        day = int(rng.integers(1, 32))
        return f"{day:02d}" if rng.random() < 0.85 else str(day)
    if kind == "month":
        month = int(rng.integers(1, 13))
        return f"{month:02d}" if rng.random() < 0.6 else str(month)
    length = int(rng.choice([1, 2, 3, 4, 5], p=[0.05, 0.3, 0.35, 0.26, 0.04]))
    text = "".join(str(digit) for digit in rng.integers(0, 10, length))
    if length > 2:
        text = str(rng.integers(1, 10)) + text[1:]
    return text + (str(rng.choice(["a", "b", "c"])) if rng.random() < 0.025 else "")


def _around(kind: str, rng: np.random.Generator) -> tuple[str, str]:
    if kind == "day":
        return str(rng.choice(["ngày", ", ngày"])), "tháng"
    if kind == "month":
        return "tháng", "năm"
    if kind == "year":
        return "năm", ""
    first, second = (str(rng.choice(_TYPES)) for _ in range(2))
    dash = str(rng.choice(["-", "-", " - ", "/"], p=[0.7, 0.1, 0.1, 0.1]))
    if rng.random() < 0.08:  # of the Party and its Youth Union
        return str(rng.choice(_LABELS)), f"{rng.choice(['-', '-', ' - '])}{first}/{second}"
    stroke = "" if rng.random() < 0.04 else "/"
    return str(rng.choice(_LABELS)), f"{stroke}{first}{dash}{second}"


def _put(page: Ink, ink: Ink, x: float, bottom: float, depth: float) -> None:
    """Lay ink on the page, its lower edge at `bottom`; what hangs over is cut off."""
    top, left = round(bottom) - ink.shape[0], round(x)
    y0, x0 = max(top, 0), max(left, 0)
    y1, x1 = min(top + ink.shape[0], page.shape[0]), min(left + ink.shape[1], page.shape[1])
    if y0 < y1 and x0 < x1:
        part = ink[y0 - top : y1 - top, x0 - left : x1 - left]
        np.maximum(page[y0:y1, x0:x1], part * depth, out=page[y0:y1, x0:x1])
