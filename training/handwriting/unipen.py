"""Digits as pens wrote them: isolated characters of the UNIPEN collection `train_r01_v07` become lists of strokes.

The collection (International Unipen Foundation, 1999; CC BY 4.0 at doi:10.5281/zenodo.1195803) holds pen
trajectories of several hundred writers. Format: `.SEGMENT CHARACTER 169-170 ? "5"` names the pen-down
components, counted from 0, of a character; `.INCLUDE` names the file with the coordinates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Stroke = NDArray[np.float32]  # points × 2; x to the right, y downwards

_SEGMENT = re.compile(r'^\.SEGMENT\s+CHARACTER\s+(\S+)\s+\S+\s+"(.)"')
_SPAN = re.compile(r"(\d+)(?:-(\d+))?")
_MISCOUNTED = {"cea", "pri", "tos"}  # contributors whose component numbers do not fit their files
_LEAST_POINTS = 4


@dataclass(frozen=True)
class Character:
    """One written character, 1 high, its left edge at x = 0; `writer` tells whose hand it is."""

    label: str
    writer: str
    strokes: tuple[Stroke, ...]

    @property
    def width(self) -> float:
        return max(float(stroke[:, 0].max()) for stroke in self.strokes)


def characters(root: Path, category: str, wanted: str) -> list[Character]:
    """The wanted characters of a category ("1a" digits, "1c" small letters) that look whole, in a fixed order."""
    paths = sorted((root / "data" / category).rglob("*.dat"))
    return [found for path in paths for found in _of_file(root, path, wanted)]


def _of_file(root: Path, path: Path, wanted: str) -> Iterator[Character]:
    contributor = path.relative_to(root / "data").parts[1]
    if contributor in _MISCOUNTED:
        return
    lines = path.read_text("latin-1").splitlines()
    strokes = _trajectory(root, tuple(line.split()[1] for line in lines if line.startswith(".INCLUDE")))
    for line in lines:
        segment = _SEGMENT.match(line)
        cut = _cut(strokes, segment[1]) if segment and segment[2] in wanted else []
        if segment and cut:
            character = Character(segment[2], f"{contributor}/{path.stem}", _upright(cut))
            if _whole(character):
                yield character


@lru_cache(maxsize=4)
def _trajectory(root: Path, included: tuple[str, ...]) -> tuple[Stroke, ...]:
    """The pen-down components of the included files, in order."""
    x_at, y_at = 0, 1
    strokes: list[list[tuple[float, float]]] = []
    down = False
    for line in _included(root, included):
        if line.startswith("."):
            words = line.split()
            if words[0] == ".COORD" and "X" in words and "Y" in words:
                x_at, y_at = words.index("X") - 1, words.index("Y") - 1
            if words[0] == ".PEN_DOWN":
                strokes.append([])
            down = words[0] == ".PEN_DOWN" or (down and words[0] in {".DT", ".COMMENT"})
        elif down:
            cells = line.split()
            try:
                strokes[-1].append((float(cells[x_at]), float(cells[y_at])))
            except (ValueError, IndexError):
                continue
    return tuple(np.array(stroke, np.float32).reshape(-1, 2) for stroke in strokes)


def _included(root: Path, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        path = root / "include" / name
        lines = path.read_text("latin-1").splitlines() if path.is_file() else []
        deeper = [line.split() for line in lines if line.startswith(".INCLUDE")]
        yield from _included(root, tuple(words[1] for words in deeper if len(words) > 1))
        yield from lines


def _cut(strokes: tuple[Stroke, ...], where: str) -> list[Stroke]:
    cut: list[Stroke] = []
    for part in where.split(","):
        span = _SPAN.fullmatch(part)
        if not span or int(span[2] or span[1]) >= len(strokes):
            return []
        cut += strokes[int(span[1]) : int(span[2] or span[1]) + 1]
    cut = [stroke for stroke in cut if len(stroke)]
    return cut if sum(map(len, cut)) >= _LEAST_POINTS else []


def _upright(strokes: list[Stroke]) -> tuple[Stroke, ...]:
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    height = float(max(high[1] - low[1], (high[0] - low[0]) / 3, 1e-6))
    return tuple(
        np.stack([stroke[:, 0] - low[0], high[1] - stroke[:, 1]], axis=1).astype(np.float32) / height
        for stroke in strokes
    )


def _whole(character: Character) -> bool:
    """Neither a scrap of a digit nor a zero with a stroke through it, which no one writes in a records office."""
    points = np.concatenate(character.strokes)
    high = float(np.ptp(points[:, 1]))
    if high < 0.95 or character.width > (0.9 if character.label == "1" else 1.5):
        return False
    if character.label == "0":
        return len(character.strokes) == 1 and character.width > 0.3
    return character.label == "1" or character.width > 0.2
