"""A part of a page by its inks: print without seals and pens, print and stamped names without pens, print set free.

What one layer hides another shows: a seal covers black print, and a name stamped in red is no ink at all for who reads
the red channel. A black seal on a black and white page cannot be told from print by colour, but by its strokes.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.reading.clean import flattened

Gray = NDArray[np.uint8]
COLOURED = 40  # between the brightest and the darkest channel
REDDER = 45  # red above the other channels
LEAST_SHARE = 0.002  # of the zone's pixels: less colour is noise
DARK = 150
EM = 10.0  # points: the height of a signature block's capitals
TALL, WIDE = 2.0, 9.0  # ems: what is larger than that is no letter but a seal or a pen's stroke
STEM = 1.05  # points: the stems of bold print; seals and pens draw thinner strokes
HAIRLINE = 0.8  # points that a letter's thin strokes reach from its stems
SMOOTH, SMOOTH_DOTS = 0.7, 1.2  # Gaussian, in pixels at 200 dpi
SPECK = 1.2  # points


def layers(pixels: NDArray[np.uint8], dpi: float) -> tuple[Gray, ...]:
    """Gray images of a zone (height × width, or × 3 in RGB), all of its size, dark print on white.

    The last is a smoothed one: print of black and white dots has stairs, which look like strokes.
    """
    sharp = _layers(pixels, dpi)
    fullest = sharp[-2]
    sigma = (SMOOTH_DOTS if np.mean((fullest > 8) & (fullest < 248)) < 0.03 else SMOOTH) * dpi / 200
    return *sharp, np.asarray(cv2.GaussianBlur(fullest, (0, 0), sigma), dtype=np.uint8)


def _layers(pixels: NDArray[np.uint8], dpi: float) -> tuple[Gray, ...]:
    """… without the smoothed one; the last but one shows all print, the last the same set free."""
    if pixels.ndim == 2:
        gray = flattened(np.ascontiguousarray(pixels))
        return gray, set_free(gray, dpi)
    brightest, darkest = pixels.max(axis=2), pixels.min(axis=2)
    spread = brightest - darkest
    if np.mean(spread > COLOURED) < LEAST_SHARE:
        gray = flattened(np.ascontiguousarray(pixels[..., 0]))
        return gray, set_free(gray, dpi)
    black = flattened(cv2.add(brightest, spread).astype(np.uint8, copy=False))
    red = pixels[..., 0].astype(np.int16) - np.maximum(pixels[..., 1], pixels[..., 2])
    if np.mean(red > REDDER) < LEAST_SHARE:
        return black, set_free(black, dpi)
    with_red = flattened(np.ascontiguousarray(pixels[..., 2]))  # blue pens are light in the blue channel
    return black, with_red, set_free(with_red, dpi)


def set_free(gray: Gray, dpi: float) -> Gray:
    """Without strokes that are too large for letters; where they cross print, the letters' thicker stems stay."""
    point = dpi / 72
    ink = (gray < DARK).astype(np.uint8)
    _, labels, parts, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    wide, high = parts[:, cv2.CC_STAT_WIDTH] / point, parts[:, cv2.CC_STAT_HEIGHT] / point
    large, speck = (high > TALL * EM) | (wide > WIDE * EM), (high < SPECK) & (wide < SPECK)
    large[0] = speck[0] = False  # the paper
    clutter = large[labels].astype(np.uint8)
    kept = _stems(clutter, point)
    gone = _widened(clutter & ~kept, 1) & ~kept & ~(ink & ~clutter)
    freed = gray.copy()
    freed[gone.astype(bool) | speck[labels]] = 255
    return freed


def _stems(clutter: Gray, point: float) -> Gray:
    """Of large strokes: the thick parts and what is near them, unless that is too large for letters again."""
    size = max(round(STEM * point), 2)
    core = cv2.morphologyEx(clutter, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    grown = _widened(core.astype(np.uint8, copy=False), max(round(HAIRLINE * point), 1)) & clutter
    _, labels, parts, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
    large = parts[:, cv2.CC_STAT_HEIGHT] > 3 * EM * point
    large |= parts[:, cv2.CC_STAT_WIDTH] > 12 * EM * point
    large[0] = True
    return np.asarray(~large[labels], dtype=np.uint8)


def _widened(mask: Gray, reach: int) -> Gray:
    return np.asarray(cv2.dilate(mask, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)), dtype=np.uint8)
