"""Fitted curves give back the share of right values, and little evidence moves them little."""

from __future__ import annotations

import random

import pytest

from bench.calibrate import MISTAKE_WEIGHT, Value, fitted
from bench.reading.judging import Judgement, Verdict


def values(field: str, said: float, right: float, amount: int, source: str = "an office") -> list[Value]:
    chance = random.Random(7)
    verdicts = [Verdict.RIGHT if chance.random() < right else Verdict.WRONG for _ in range(amount)]
    return [Value(source, Judgement("a.pdf", field, one, False, False, said, "x", "x"), field) for one in verdicts]


def test_what_promises_too_much_is_taken_at_its_worth() -> None:
    curves = fitted(values("subject", 0.95, 0.7, 400) + values("type_name", 0.9, 0.98, 400))
    expected = 0.7 / (0.7 + 0.3 * MISTAKE_WEIGHT)
    assert curves.of("subject", 0.95) == pytest.approx(expected, abs=0.06)
    assert curves.of("type_name", 0.9) == pytest.approx(0.96, abs=0.03)


def test_a_few_values_do_not_bend_a_curve_far() -> None:
    curves = fitted(values("subject", 0.9, 0.9, 300) + values("competence", 0.9, 0.0, 2))
    assert curves.of("competence", 0.9) > 0.4
    assert fitted(values("competence", 0.9, 0.0, 40)).of("competence", 0.9) < 0.2


def test_fields_that_nobody_gave_are_not_measured() -> None:
    assert set(fitted(values("subject", 0.9, 0.9, 10)).shifts) == {"subject"}
