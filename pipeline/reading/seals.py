"""Round seals: rings of 26 to 42 mm across, red by their colour, black and blue ones by their shape alone.

The seal stands over the left third of the signature (Decree 30/2020, Appendix I, II.8), so it tells where the block is.
A ring counts where ink lies on it in nearly every direction: text, arcs and gap seals cover two thirds at most.
"""

from __future__ import annotations

from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.document import Box

Mask = NDArray[np.bool_]
RADII_MM = 13.0, 21.0
APART_MM = 15.0  # between the middles of two seals
MOST = 4  # of the likeliest circles of a page are looked at
COARSE = 40.0  # dots an inch that find circles
EDGE, VOTES = 120, 34  # of cv2.HoughCircles at that resolution
COVERED = 0.78  # of the directions from the middle; seals have 0.80 and more, everything else 0.73 at most
WIDTH_MM = 0.9  # how far from the circle ink may lie
BORDER_MM, FULL = 2.0, 0.6  # how far a ring may lie beyond the page; the share of ink in its square
DIRECTIONS = np.linspace(0, 2 * np.pi, 180, endpoint=False)


def find(ink: Mask, dpi: float) -> tuple[Box, ...]:
    """Boxes (points) of the round seals in a mask of ink, the likeliest first."""
    millimetre = dpi / 25.4
    if np.count_nonzero(ink) < DIRECTIONS.size or min(ink.shape) < 2 * RADII_MM[0] * millimetre:
        return ()
    scale = min(COARSE / dpi, 1.0)
    small = cv2.resize(ink.astype(np.uint8) * 255, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    circles = cv2.HoughCircles(
        small, cv2.HOUGH_GRADIENT, 1.0, APART_MM * millimetre * scale, param1=EDGE, param2=VOTES,
        minRadius=int(RADII_MM[0] * millimetre * scale), maxRadius=int(RADII_MM[1] * millimetre * scale),
    )  # fmt: skip
    if circles is None:
        return ()
    found = (_ring(ink, x / scale, y / scale, r / scale, millimetre) for x, y, r in circles[0][:MOST].tolist())
    points = 72 / dpi
    return tuple(
        Box(max(x - r, 0) * points, max(y - r, 0) * points, (x + r) * points, (y + r) * points)
        for ring in found if ring is not None for x, y, r in [ring]
    )  # fmt: skip


def _ring(ink: Mask, x: float, y: float, radius: float, millimetre: float) -> tuple[float, float, float] | None:
    """The circle near this one that most ink lies on; None when that is too little for a seal."""
    shifts = (-millimetre, 0.0, millimetre)
    near = ((x + dx, y + dy, radius + dr) for dx, dy, dr in product(shifts, repeat=3))
    covered, ring = max((_covered(ink, *ring, WIDTH_MM * millimetre), ring) for ring in near)
    return ring if covered >= COVERED and _is_open(ink, *ring, millimetre) else None


def _is_open(ink: Mask, x: float, y: float, radius: float, millimetre: float) -> bool:
    """Does the ring lie on the page, around more paper than ink? Pictures and shadows are full of circles."""
    height, width = ink.shape
    over = BORDER_MM * millimetre
    if min(x - radius, y - radius) < -over or x + radius > width + over or y + radius > height + over:
        return False
    inside = ink[max(int(y - radius), 0) : int(y + radius), max(int(x - radius), 0) : int(x + radius)]
    return bool(inside.mean() < FULL)


def _covered(ink: Mask, x: float, y: float, radius: float, width: float) -> float:
    """The share of directions in which ink lies on the circle."""
    radii = radius + np.arange(-width, width + 0.1, 1.0)[:, None]
    columns = np.clip(np.rint(x + radii * np.cos(DIRECTIONS)), 0, ink.shape[1] - 1).astype(np.intp)
    rows = np.clip(np.rint(y + radii * np.sin(DIRECTIONS)), 0, ink.shape[0] - 1).astype(np.intp)
    return float(ink[rows, columns].any(axis=0).mean())
