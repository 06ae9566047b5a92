"""Digits in the forms that are usual in Viet Nam and rare in the collection, drawn by rule; 1 high, x from 0."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.handwriting.unipen import Stroke

_SMOOTH = 10  # points from one given point to the next


@dataclass(frozen=True)
class Form:
    """A way of drawing a digit, and the share of such digits that are drawn so."""

    share: float
    draw: Callable[[np.random.Generator], list[Stroke]]


def bar(seven: Stroke, rng: np.random.Generator) -> Stroke:
    """The bar through a seven's stem."""
    level = float(rng.uniform(0.4, 0.68))
    lower = seven[seven[:, 1] > 0.3]
    at = float(lower[np.abs(lower[:, 1] - level).argmin(), 0]) if len(lower) else 0.5
    left, right, tilt = (float(v) for v in (rng.uniform(0.1, 0.42), rng.uniform(0.1, 0.42), rng.normal(0.03, 0.06)))
    return np.array([[at - left, level + tilt], [at + right, level - tilt]], np.float32)


def _one(rng: np.random.Generator) -> list[Stroke]:
    """With an up-stroke, short as a flag or as long as the stem, and now and then a foot."""
    start = float(rng.choice([rng.uniform(0.15, 0.45), rng.uniform(0.5, 1.0)]))
    width = float(rng.uniform(0.15, 0.55)) * (0.6 + start)
    curve = float(rng.normal(0, 0.05))
    t = np.linspace(0, 1, 12)
    up = np.stack([width * t, start * (1 - t) + curve * np.sin(np.pi * t)], axis=1)
    lean = float(rng.normal(0, 0.06))
    down = np.stack([width + lean * t, t * float(rng.uniform(0.92, 1.05))], axis=1)
    strokes = [np.concatenate([up, down]).astype(np.float32)]
    if rng.random() < 0.2:
        half, tilt = float(rng.uniform(0.12, 0.32)), float(rng.normal(0, 0.05))
        strokes.append(np.array([[width - half, 1.0 + tilt], [width + half, 1.0 - tilt]], np.float32))
    return strokes


def _three(rng: np.random.Generator) -> list[Stroke]:
    """With a flat top and a corner instead of the upper bow; the lower bow may end in a curl."""
    wide, waist = float(rng.uniform(0.3, 0.55)), float(rng.uniform(0.32, 0.5))
    inner = wide * float(rng.uniform(0.25, 0.6))
    top = [(0.0, float(rng.uniform(0.0, 0.1))), (wide * 0.5, float(rng.normal(0.0, 0.02))), (wide, 0.0)]
    bow = [(inner, waist), (wide * 0.9, waist + 0.08), (wide * float(rng.uniform(0.95, 1.15)), 0.5 + waist / 2),
           (wide * 0.6, 0.97), (float(rng.uniform(-0.1, 0.1)), float(rng.uniform(0.82, 1.0)))]  # fmt: skip
    end = [(wide * 0.2, 0.8)] if rng.random() < 0.15 else []
    return [np.concatenate([_line([*top, bow[0]]), _curve([*bow, *end])])]


def _four(rng: np.random.Generator) -> list[Stroke]:
    """Open or closed, its bar across the stem."""
    top, level = float(rng.uniform(0.0, 0.15)), float(rng.uniform(0.5, 0.75))
    left, right = float(rng.uniform(0.2, 0.5)), float(rng.uniform(0.05, 0.3))
    stem = left + float(rng.uniform(0.05, 0.25))
    hook = np.array([[left, top], [0.02, level], [stem + right, level - float(rng.uniform(0, 0.08))]], np.float32)
    fall = np.array([[stem + float(rng.normal(0, 0.05)), float(rng.uniform(0.0, 0.4))], [stem, 1.0]], np.float32)
    return [hook, fall]


def _six(rng: np.random.Generator) -> list[Stroke]:
    """A long stem and a small loop, whose end may run across the stem; some stems begin with a hook."""
    lean, loop = float(rng.uniform(0.1, 0.4)), float(rng.uniform(0.3, 0.55))
    wide, low = float(rng.uniform(0.3, 0.5)), 1.0 - loop
    stem = [(lean, 0.0), (0.05 + lean * 0.25, 0.35), (0.0, 1.0 - loop / 2)]
    if rng.random() < 0.3:
        stem.insert(0, (lean + float(rng.uniform(0.08, 0.2)), float(rng.uniform(0.04, 0.15))))
    inside = float(rng.choice([rng.uniform(0.02, 0.12), rng.uniform(-0.25, -0.02)]))  # where the loop's end lies
    end = (inside, low + float(rng.uniform(0.05, 0.3)))
    round_ = [(wide * 0.4, 1.0), (wide, 1.0 - loop / 2), (wide * 0.6, low), end]
    return [_curve([*stem, *round_])]


def _seven(rng: np.random.Generator) -> list[Stroke]:
    """Barred: a wavy, slanting or serifed top, a straight, bent or hanging stem, a bar that rises to the right."""
    wide = float(rng.uniform(0.28, 0.7))
    begin = float(rng.uniform(0.0, 0.14))
    top = [(0.0, begin), (wide * 0.35, begin - float(rng.uniform(-0.03, 0.1))), (wide * 0.7, 0.04), (wide, 0.0)]
    if rng.random() < 0.35:  # a serif that hangs down from the top's left end
        top.insert(0, (float(rng.uniform(-0.05, 0.04)), begin + float(rng.uniform(0.06, 0.22))))
    foot = wide * float(rng.uniform(0.0, 0.75))
    bend = float(rng.uniform(-0.06, 0.1))
    stem = [(wide, 0.0), ((wide + foot) / 2 - bend, float(rng.uniform(0.4, 0.55))), (foot, 1.0)]
    strokes = [np.concatenate([_curve(top), _curve(stem)])]
    if rng.random() < 0.92:
        strokes.append(bar(strokes[0], rng))
    return strokes


def _nine(rng: np.random.Generator) -> list[Stroke]:
    """A small loop on a long stem, straight or hooked: what a barred seven is mistaken for."""
    wide, loop = float(rng.uniform(0.28, 0.5)), float(rng.uniform(0.3, 0.55))
    start = (wide * float(rng.uniform(0.75, 1.0)), float(rng.uniform(0.05, 0.2)))
    bow = [start, (wide * 0.45, 0.0), (0.0, loop * 0.55), (wide * 0.4, loop), (wide * 0.95, loop * 0.5)]
    foot = wide * float(rng.uniform(0.3, 1.05))
    stem = [(wide * 0.98, loop * 0.3), (wide * 0.9, 0.6), (foot, 1.0)]
    if rng.random() < 0.25:
        stem.append((foot - float(rng.uniform(0.12, 0.3)), float(rng.uniform(0.88, 0.98))))
    return [np.concatenate([_curve(bow), _curve(stem)])]


def _zero(rng: np.random.Generator) -> list[Stroke]:
    """With a stroke through it."""
    wide = float(rng.uniform(0.25, 0.38))
    turn = np.linspace(0, 2 * np.pi, 30)
    ring = np.stack([wide + wide * np.sin(turn), 0.5 - 0.5 * np.cos(turn)], axis=1).astype(np.float32)
    return [ring, np.array([[wide * 0.3, 0.85], [wide * 1.7, 0.15]], np.float32)]


def _line(points: list[tuple[float, float]]) -> NDArray[np.float32]:
    """Straight from point to point."""
    given = np.array(points, np.float32)
    at = np.linspace(0, len(given) - 1, (len(given) - 1) * _SMOOTH + 1)
    across, down = (np.interp(at, np.arange(len(given)), given[:, axis]) for axis in (0, 1))
    return np.stack([across, down], axis=1).astype(np.float32)


def _curve(points: list[tuple[float, float]]) -> NDArray[np.float32]:
    """A smooth line through points (Catmull and Rom's spline)."""
    given = np.array([points[0], *points, points[-1]], np.float32)
    t = np.linspace(0, 1, _SMOOTH, endpoint=False, dtype=np.float32)[:, None]
    parts = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(given, given[1:], given[2:], given[3:], strict=False)
    ]
    return np.concatenate([*parts, given[-1:]]).astype(np.float32)


FORMS: Mapping[str, Form] = {
    "0": Form(0.015, _zero), "1": Form(0.6, _one), "3": Form(0.2, _three), "4": Form(0.15, _four),
    "6": Form(0.15, _six), "7": Form(0.55, _seven), "9": Form(0.12, _nine),
}  # fmt: skip
