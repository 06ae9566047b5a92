"""Ink that no word explains: found at the size of letters, and not where a word was read."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.document import Box, Line, Word
from pipeline.reading import strokes

DPI = 72.0  # dots are points


def page() -> np.ndarray:
    """A printed word, a pen's sign before it, a dash, a seal's ring."""
    ink = np.zeros((800, 600), np.uint8)
    cv2.rectangle(ink, (300, 400), (360, 412), 1, -1)
    cv2.line(ink, (280, 398), (280, 412), 1, 2)
    cv2.line(ink, (281, 405), (288, 398), 1, 2)
    cv2.rectangle(ink, (100, 405), (106, 407), 1, -1)
    cv2.circle(ink, (300, 500), 50, 1, 2)
    return ink > 0


def line(confidence: float) -> Line:
    return Line((Word("ĐỐC", Box(299, 399, 361, 413), confidence),))


def test_a_pen_s_sign_is_ink_that_no_word_explains_and_dashes_and_seals_are_not_letters() -> None:
    (found,) = strokes.find(page(), DPI, [line(0.9)])
    assert found.left == pytest.approx(279, abs=3)
    assert found.right == pytest.approx(289, abs=3)


def test_a_word_that_is_hardly_legible_explains_nothing() -> None:
    assert len(strokes.find(page(), DPI, [line(0.2)])) == 2
