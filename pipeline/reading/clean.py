"""A page image made easier to read - never kept, never shown: the scan itself stays as it is.

The recipe is the one measured best on real scans: red channel (a red seal vanishes), isolated pixels removed,
Gaussian, background divided away, deskewed; Tesseract thresholds by Sauvola.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
INK_LEVELS = np.clip(200 - np.arange(256), 0, 120).astype(np.uint8)  # by gray level; specks of gray are no ink
ROWS, COLUMNS = 1, 0  # what cv2.reduce sums up
COLOUR_SPREAD = 24  # channel difference that counts as coloured
PREVIEW = 900  # pixels of the longer side for what needs no detail
MAX_SKEW = 5  # degrees
SMALLEST_SKEW = 0.1
DARKEST_SHARE = 0.005  # of a page's pixels tell how dark its ink is
SMOOTHING = 0.6  # Gaussian, in pixels at 200 dpi
COARSE_SMOOTHING = 1.3  # of black and white dots, whose stairs Tesseract takes for strokes and tone marks …
FINE_DPI = 250  # … unless they are as small as this
FADED, INK, FAINTEST_INK = 110, 40, 35  # ink lighter than this is made so dark; below this depth it is no ink


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An image to read, and the turn (degrees, counter-clockwise about its centre) that made it straight.

    `ink`: the page before that turn, small (`ink_of`). `lying`: its lines seem to run up and down.
    """

    image: Gray
    skew: float
    ink: Gray
    lying: bool = False

    def back(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the straightened image lies on the untouched one, in pixels."""
        if not self.skew:
            return x, y
        height, width = self.image.shape
        angle = np.deg2rad(self.skew)
        cos, sin = float(np.cos(angle)), float(np.sin(angle))
        dx, dy = x - width / 2, y - height / 2
        return width / 2 + cos * dx - sin * dy, height / 2 + sin * dx + cos * dy


def to_gray(image: NDArray[np.uint8]) -> Gray:
    """One channel: the red one of a coloured page (height × width × 3, RGB), where red ink is as light as paper."""
    return image if image.ndim == 2 else np.ascontiguousarray(image[:, :, 0])


def clean(gray: Gray, dpi: float) -> Cleaned:
    """Despeckle, smooth, flatten the background and straighten. `dpi` scales the smoothing."""
    smoothing = COARSE_SMOOTHING if dpi < FINE_DPI and black_and_white(gray) else SMOOTHING
    gray = _without_specks(_darkened(gray))
    gray = _gray(cv2.GaussianBlur(gray, (0, 0), smoothing * max(dpi, 100) / 200))
    gray = flattened(gray)
    ink = ink_of(gray)
    skew = find_skew(ink)
    return Cleaned(_turned(gray, skew), skew, ink, sideways(ink))


def black_and_white(gray: Gray) -> bool:
    """Has the page no shades worth the name, as a scanner's 1-bit image has, drawn or taken out?"""
    counts = np.bincount(gray[::4, ::4].ravel(), minlength=256)
    return bool(counts[:8].sum() + counts[248:].sum() > 0.97 * counts.sum())


def ink_share(gray: Gray) -> float:
    """The share of dark pixels of a cleaned page, its outer 3 % (scanner shadows, punch holes) left out."""
    height, width = gray.shape
    y, x = height // 33, width // 33
    inner = gray[y : height - y or None, x : width - x or None]
    return float(np.count_nonzero(inner < 140)) / inner.size if inner.size else 0.0


def sideways(ink: Gray) -> bool:
    """Do the lines of text run up and down? Cheap: compares how strongly rows and columns alternate."""
    return _alternation(ink, ROWS) * 1.3 < _alternation(ink, COLUMNS)


def find_skew(ink: Gray) -> float:
    """Degrees (counter-clockwise positive) to turn the page so that its lines lie level; 0 when in doubt."""
    at_rest = _alternation(ink, ROWS)
    coarse = cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    best = max((float(angle) for angle in range(-MAX_SKEW, MAX_SKEW + 1)), key=lambda angle: _level(coarse, angle))
    score = _level(ink, best)
    for step, reach in ((0.25, 0.75), (0.0625, 0.1875)):
        for angle in map(float, best + np.arange(-reach, reach + step / 2, step)):
            if (found := _level(ink, angle)) > score:
                best, score = angle, found
    return best if SMALLEST_SKEW <= abs(best) < MAX_SKEW and score > 1.02 * at_rest else 0.0


def ink_of(gray: Gray) -> Gray:
    """Ink (0..120) of the page, its longer side reduced to PREVIEW pixels."""
    scale = min(1.0, PREVIEW / max(gray.shape))
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return _gray(cv2.LUT(_gray(small), INK_LEVELS))


def _level(ink: Any, angle: float) -> float:
    return _alternation(_rotated(ink, angle, 0), ROWS)


def _alternation(ink: Gray, direction: int) -> float:
    """How strongly the sums of ink of neighbouring rows (or columns) differ: most when lines lie level."""
    sums = cv2.reduce(ink, direction, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel().astype(np.float64)
    return float(np.square(np.diff(sums)).sum())


def _rotated(image: Gray, angle: float, paper: int) -> Gray:
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return _gray(cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=paper))


def _turned(gray: Gray, skew: float) -> Gray:
    return _rotated(gray, skew, 255) if skew else gray


def _gray(image: Any) -> Gray:
    return np.asarray(image, dtype=np.uint8)


def _darkened(gray: Gray) -> Gray:
    """A faded page's ink made as dark as ink is; other pages, and pages with nothing but paper, as they are."""
    counts = cv2.calcHist([gray], [0], None, [256], [0, 256]).ravel()
    darkest = int(np.searchsorted(np.cumsum(counts), DARKEST_SHARE * gray.size))
    depth = 255 - darkest
    if not FAINTEST_INK <= depth < 255 - FADED:
        return gray
    levels = 255 - np.clip((255 - np.arange(256)) * ((255 - INK) / depth), 0, 255)
    return _gray(cv2.LUT(gray, levels.astype(np.uint8)))


def _without_specks(gray: Gray) -> Gray:
    """Dark pixels whose eight neighbours are all light become paper."""
    dark = (gray < 128).astype(np.uint8)
    around = cv2.boxFilter(dark, cv2.CV_8U, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
    lonely = (dark == 1) & (around == 1)
    if not lonely.any():
        return gray
    gray = gray.copy()
    gray[lonely] = 255
    return gray


def flattened(gray: Gray) -> Gray:
    """The page divided by its own background: shading, gray toner and yellow paper become white."""
    height, width = gray.shape
    small = cv2.resize(gray, (max(width // 8, 1), max(height // 8, 1)), interpolation=cv2.INTER_AREA)
    paper = cv2.GaussianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), (0, 0), 4)
    if paper.min() > 250:
        return gray
    background = cv2.resize(np.maximum(paper, 32), (width, height), interpolation=cv2.INTER_LINEAR)
    return _gray(cv2.divide(gray, background, scale=255))
