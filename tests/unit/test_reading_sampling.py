"""When lines that were read by eye convict the text that a page carries."""

from __future__ import annotations

import pytest

from pipeline.reading.sampling import Difference, confirmed, contradict

NONE = Difference({}, frozenset())


@pytest.mark.parametrize(
    ("wanted", "seen", "contradicted"),
    [
        ("so15khubnd", "so26khubnd", True),
        ("so15khubnd", "so15khubnd", False),
        ("sokhubnd", "so15khubnd", False),  # by hand, or in a picture
        ("ngay11thang6", "ngaylithang6", False),  # ones that look like letters
        ("ngay19thang6", "ngay19thang8", True),
    ],
)
def test_another_digit_at_its_place_contradicts(wanted: str, seen: str, contradicted: bool) -> None:
    assert contradict(wanted, seen) is contradicted


@pytest.mark.parametrize(
    ("first", "second", "sure"),
    [
        (Difference({0: "26"}, frozenset()), Difference({0: "26"}, frozenset()), True),
        (Difference({0: "26"}, frozenset()), Difference({0: "28"}, frozenset()), False),
        (Difference({0: "26"}, frozenset()), NONE, False),
        (Difference({}, frozenset({0, 1, 2})), Difference({}, frozenset({0, 1, 2})), True),
        (Difference({}, frozenset({0, 1, 2})), Difference({}, frozenset({0, 1})), False),
        (Difference({}, frozenset({0, 1})), Difference({}, frozenset({0, 1})), False),
    ],
)
def test_one_reading_alone_convicts_nobody(first: Difference, second: Difference, sure: bool) -> None:
    assert confirmed(first, second, 3) is sure
