"""Ink of the size of letters that no word explains: what a pen put beside print, or print that was not read."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.document import Box, Line

READ = 0.5  # confidence of a word that explains its ink
HEIGHT, WIDTH = (6.0, 40.0), (2.5, 90.0)  # points: from a small letter to a word by hand; seals, signatures are larger
MOST = 120  # of a page; drawings and tables have no end of them


def find(ink: NDArray[np.bool_], dpi: float, lines: Iterable[Line]) -> tuple[Box, ...]:
    """Boxes in points, the largest first. `ink`: where an upright page of `dpi` dots an inch is dark."""
    scale = dpi / 72
    left = ink.astype(np.uint8)
    for line in lines:
        for word in line.words:
            if word.confidence >= READ and any(map(str.isalnum, word.text)):
                box = word.box
                rows = slice(max(int(box.top * scale) - 1, 0), int(box.bottom * scale) + 2)
                left[rows, max(int(box.left * scale) - 1, 0) : int(box.right * scale) + 2] = 0
    _, _, stats, _ = cv2.connectedComponentsWithStats(left, connectivity=8)
    sized = [
        Box(x / scale, y / scale, (x + width) / scale, (y + height) / scale)
        for x, y, width, height, _ in stats[1:].tolist()
        if HEIGHT[0] <= height / scale <= HEIGHT[1] and WIDTH[0] <= width / scale <= WIDTH[1]
    ]
    return tuple(sorted(sized, key=lambda box: -box.width * box.height)[:MOST])
