"""Digits become ink: a writer's hand or a typeface like one, bent, slanted and drawn with some pen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from training.handwriting import forms
from training.handwriting.forms import FORMS
from training.handwriting.unipen import Character, Stroke

Ink = NDArray[np.float32]  # height × width, 0 = paper, 1 = full ink
TOUCHING = 0.15  # the share of numbers whose digits are run together
EM = 48  # pixels of the em square in which everything is drawn; reduced to half at the end


@dataclass(frozen=True)
class Written:
    """A written number: its ink, and where its base line lies above the picture's lower edge, in pixels."""

    ink: Ink
    below: float


class Hands:
    """All writers of a collection; one is chosen for each number, so that its digits look alike."""

    def __init__(self, characters: Sequence[Character]) -> None:
        self._by_writer: dict[str, dict[str, list[Character]]] = defaultdict(lambda: defaultdict(list))
        self._by_label: dict[str, list[Character]] = defaultdict(list)
        for character in characters:
            self._by_writer[character.writer][character.label].append(character)
            self._by_label[character.label].append(character)
        self._writers = sorted(self._by_writer)

    def write(self, text: str, rng: np.random.Generator) -> Written:
        """A number in one hand. Labels that the writer never wrote come from another."""
        own = self._by_writer[self._writers[rng.integers(len(self._writers))]]
        chosen = [self._strokes(label, own, rng) for label in text]
        size = EM * float(np.exp(rng.normal(np.log(0.88), 0.25)))
        slant, squeeze = float(rng.normal(0.18, 0.2)), float(rng.uniform(0.55, 1.15))
        rise = float(rng.normal(0, 0.06))
        gap = float(rng.uniform(-0.14, 0.04) if rng.random() < TOUCHING else rng.normal(0.14, 0.1))
        x, placed = 0.0, []
        for strokes in chosen:
            tall = size * float(rng.normal(1, 0.1))
            bent = _bent(strokes, rng)
            low = min(float(stroke[:, 0].min()) for stroke in bent)
            high = max(float(stroke[:, 0].max()) for stroke in bent)
            lift = float(rng.normal(0, 0.06)) * size
            for stroke in bent:
                across = (stroke[:, 0] - low) * squeeze + (1 - stroke[:, 1]) * slant
                placed.append(np.stack([x + across * tall, lift + stroke[:, 1] * tall - tall - rise * x], axis=1))
            x += ((high - low) * squeeze + max(gap + float(rng.normal(0, 0.05)), -0.18)) * tall
        return _drawn(placed, size, rng)

    def _strokes(self, label: str, own: dict[str, list[Character]], rng: np.random.Generator) -> list[Stroke]:
        form = FORMS.get(label)
        if form is not None and rng.random() < form.share:
            return form.draw(rng)
        mine = own.get(label) or self._by_label[label]
        strokes = list(mine[rng.integers(len(mine))].strokes)
        if label == "7" and len(strokes) == 1 and rng.random() < 0.8:
            strokes.append(forms.bar(strokes[0], rng))
        return strokes


def _bent(strokes: Sequence[Stroke], rng: np.random.Generator) -> list[Stroke]:
    """Turned a little and pushed out of shape by slow waves, so that no digit comes twice."""
    angle = float(rng.normal(0, 0.07))
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    phase, depth = rng.uniform(0, 6.3, 4), rng.normal(0, 0.025, 4)
    bent = []
    for stroke in strokes:
        x, y = stroke[:, 0] - 0.35, stroke[:, 1] - 0.5
        x, y = cos * x - sin * y, sin * x + cos * y
        moved_x = x + depth[0] * np.sin(5 * y + phase[0]) + depth[1] * np.sin(7 * x + phase[1])
        moved_y = y + depth[2] * np.sin(5 * x + phase[2]) + depth[3] * np.sin(7 * y + phase[3])
        bent.append(np.stack([moved_x + 0.35, moved_y + 0.5], axis=1).astype(np.float32))
    return bent


def _drawn(strokes: Sequence[Stroke], size: float, rng: np.random.Generator) -> Written:
    pen = min(EM * float(np.exp(rng.normal(np.log(0.065), 0.38))), 0.17 * size)  # thicker ones leave blots
    margin = int(pen + 3)
    points = np.concatenate(strokes)
    low, high = points.min(axis=0) - margin, points.max(axis=0) + margin
    width, height = (int(v) + 1 for v in high - low)
    canvas = np.zeros((height, width), np.uint8)
    pressure = float(rng.uniform(0, 0.35))
    for stroke in strokes:
        path = np.round((stroke - low) * 16).astype(np.int32)
        if len(path) == 1:
            path = np.concatenate([path, path + 8])
        weights = 1 + pressure * np.sin(np.linspace(0, float(rng.uniform(2, 8)), len(path)) + float(rng.uniform(0, 6)))
        for piece in range(0, len(path) - 1, 4):
            thickness = max(round(pen * float(weights[piece])), 1)
            part = path[piece : piece + 5].reshape(-1, 1, 2)
            cv2.polylines(canvas, [part], isClosed=False, color=255, thickness=thickness, lineType=cv2.LINE_AA, shift=4)
    return Written(canvas.astype(np.float32) / 255, float(high[1]))


class Typefaces:
    """Typefaces as pens (the handwritten ones) and as print; a word drawn once is kept."""

    def __init__(self, paths: Sequence[Path]) -> None:
        if not paths:
            raise ValueError("no typefaces")
        self._paths = [str(path) for path in paths]
        self._fonts: dict[tuple[str, int], ImageFont.FreeTypeFont] = {}
        self._kept: dict[tuple[str, str, int], Written] = {}

    def pick(self, rng: np.random.Generator) -> str:
        return self._paths[rng.integers(len(self._paths))]

    def draw(self, text: str, face: str, em: int = EM) -> Written:
        """A word with its base line."""
        key = (text, face, em)
        if key not in self._kept:
            if len(self._kept) > 20_000:
                self._kept.clear()
            self._kept[key] = self._new(text, face, em)
        return self._kept[key]

    def _new(self, text: str, face: str, em: int) -> Written:
        font = self._fonts.get((face, em)) or ImageFont.truetype(face, em)
        self._fonts[face, em] = font
        left, top, right, bottom = (int(v) for v in font.getbbox(text, anchor="ls"))
        picture = Image.new("L", (max(right - left, 1) + 2, max(bottom - top, 1) + 2))
        ImageDraw.Draw(picture).text((1 - left, 1 - top), text, 255, font, anchor="ls")
        return Written(np.asarray(picture, np.float32) / 255, bottom + 1)

    def write(self, text: str, rng: np.random.Generator) -> Written:
        """A number in one handwritten typeface: stretched, slanted, its strokes thicker or thinner."""
        face = self.pick(rng)
        drawn = self.draw(text, face, EM)
        high = drawn.ink.shape[0]
        size = EM * float(np.exp(rng.normal(np.log(0.9), 0.22))) / max(high, 1)
        slant, squeeze = float(rng.normal(0.08, 0.15)), float(rng.uniform(0.75, 1.25))
        width, height = drawn.ink.shape[1] * size * squeeze, high * size
        reach = abs(slant) * height
        matrix = np.array(
            [[size * squeeze, -slant * size, reach if slant < 0 else slant * height], [0, size, 2]], np.float32
        )
        ink = cv2.warpAffine(drawn.ink, matrix, (int(width + reach) + 4, int(height) + 5), flags=cv2.INTER_AREA)
        if rng.random() < 0.5:
            ink = cv2.dilate(ink, np.ones((2, 2), np.uint8))
        return Written(np.asarray(ink, np.float32), drawn.below * size)
