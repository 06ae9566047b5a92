"""What a network's chances for each place of a strip (CTC) say about whole texts.

A text's chance is the sum over all ways in which its signs can lie on the places, "none" between them where wanted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

NONE = 0  # the class that stands for no sign
_EMPTY = 0.9995  # where "none" is so likely nothing else is looked at
_WORTH = 1e-4  # a less likely sign of a place is not followed

Chances = NDArray[np.float32]  # places × classes; each row sums up to one


def chances_of(texts: Sequence[Sequence[int]], views: Sequence[Chances]) -> NDArray[np.float64]:
    """Each text's chance in each view (views × texts). `texts` are classes from 1; the empty text may be among them."""
    longest, places = max(map(len, texts)), max(map(len, views))
    every = np.zeros((len(views), places, views[0].shape[1]))
    every[:, :, NONE] = 1.0  # beyond its end a view is empty
    for row, view in enumerate(views):
        every[row, : len(view)] = view
    labels = np.zeros((len(texts), 2 * longest + 1), np.intp)
    for row, text in enumerate(texts):
        labels[row, 1 : 2 * len(text) : 2] = text
    skips = np.zeros(labels.shape)  # from sign to sign without "none" between, unless they are the same
    skips[:, 2:] = (labels[:, 2:] != NONE) & (labels[:, 2:] != labels[:, :-2])
    reached = np.zeros((len(views), *labels.shape))
    reached[:, :, 0] = 1.0
    first = True
    for place in range(places):
        before = reached.copy()
        if not first:
            before[:, :, 2:] += reached[:, :, :-2] * skips[:, 2:]
        before[:, :, 1:] += reached[:, :, :-1]
        reached = before * every[:, place][:, labels]
        first = False
    rows, ends = np.arange(len(texts)), np.array([2 * len(text) for text in texts])
    last = np.where(ends > 0, reached[:, rows, np.maximum(ends - 1, 0)], 0.0)
    return np.asarray(reached[:, rows, ends] + last)


def likeliest(chances: Chances, amount: int) -> list[tuple[int, ...]]:
    """Texts that are likely, the best about first (prefix beam search)."""
    beam: dict[tuple[int, ...], tuple[float, float]] = {(): (1.0, 0.0)}  # ending in "none", in its last sign
    for place in chances.tolist():
        if place[NONE] >= _EMPTY:  # nothing changes but that the same sign may follow anew
            beam = {text: (in_none + in_sign, 0.0) for text, (in_none, in_sign) in beam.items()}
            continue
        signs = [(sign, chance) for sign, chance in enumerate(place) if sign != NONE and chance > _WORTH]
        found: dict[tuple[int, ...], list[float]] = defaultdict(lambda: [0.0, 0.0])
        for text, (in_none, in_sign) in beam.items():
            total = in_none + in_sign
            found[text][0] += total * place[NONE]
            for sign, chance in signs:
                if text and text[-1] == sign:
                    found[text][1] += in_sign * chance
                    found[(*text, sign)][1] += in_none * chance
                else:
                    found[(*text, sign)][1] += total * chance
        best = sorted(found.items(), key=lambda item: -sum(item[1]))[:amount]
        beam = {text: (ends[0], ends[1]) for text, ends in best}
    return list(beam)
