"""Does a confidence mean what it says? Of the values said to be 0.9 sure, 90 in 100 should be right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from bench.reading.judging import Judgement, Verdict

EDGES = (0.0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97, 1.01)


@dataclass(frozen=True)
class Bin:
    """Values whose confidence lies in [low, high)."""

    low: float
    high: float
    amount: int
    said: float  # mean confidence
    right: float  # share


def bins(judgements: Sequence[Judgement]) -> list[Bin]:
    """The reliability table of the values that were given; empty bins are left out."""
    found = []
    for low, high in pairwise(EDGES):
        inside = [j for j in judgements if j.confidence is not None and low <= j.confidence < high]
        if inside:
            said = fmean(j.confidence or 0.0 for j in inside)
            found.append(Bin(low, high, len(inside), said, fmean(j.verdict is Verdict.RIGHT for j in inside)))
    return found


def calibration_error(table: Sequence[Bin]) -> float:
    """The expected calibration error: how far said and right lie apart, weighted by the values of each bin."""
    amount = sum(one.amount for one in table)
    return sum(one.amount * abs(one.said - one.right) for one in table) / amount if amount else 0.0
