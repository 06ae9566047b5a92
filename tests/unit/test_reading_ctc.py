"""What chances at places say about whole texts, against counting every way there is."""

from __future__ import annotations

from itertools import groupby, product

import numpy as np
import pytest

from pipeline.reading.ctc import chances_of, likeliest

CLASSES = 3  # "none" and two signs


def view(places: int, seed: int) -> np.ndarray:
    raw = np.random.default_rng(seed).random((places, CLASSES)) ** 3
    return (raw / raw.sum(axis=1, keepdims=True)).astype(np.float32)


def counted(chances: np.ndarray) -> dict[tuple[int, ...], float]:
    """Every path through the places, its chance added to the text it spells."""
    found: dict[tuple[int, ...], float] = {}
    for path in product(range(CLASSES), repeat=len(chances)):
        text = tuple(sign for sign, _ in groupby(path) if sign)
        chance = float(np.prod([chances[place, sign] for place, sign in enumerate(path)]))
        found[text] = found.get(text, 0.0) + chance
    return found


@pytest.mark.parametrize("seed", range(5))
def test_a_texts_chance_is_that_of_all_its_ways(seed: int) -> None:
    longer, shorter = view(6, seed), view(4, seed + 100)
    texts = [(), (1,), (2, 1), (1, 1), (2, 2, 1)]
    found = chances_of(texts, [longer, shorter])
    for row, chances in enumerate((longer, shorter)):
        every = counted(chances)
        assert found[row] == pytest.approx([every.get(text, 0.0) for text in texts], rel=1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_the_likeliest_texts_come_first(seed: int) -> None:
    chances = view(6, seed)
    every = counted(chances)
    best = max(every, key=lambda text: every[text])
    assert likeliest(chances, 30)[0] == best
    assert best in likeliest(chances, 5)


def test_the_same_sign_twice_stays_two_though_nothing_else_lies_between() -> None:
    sign, none = [0.01, 0.98, 0.01], [0.9999, 0.00005, 0.00005]
    chances = np.array([none, sign, none, none, sign, none], np.float32)
    assert likeliest(chances, 5)[0] == (1, 1)
