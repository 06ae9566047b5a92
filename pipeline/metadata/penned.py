"""What a hand put before a printed position: a clerk makes "KT. GIÁM ĐỐC" of a form that the director was to sign."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.document import Box, Field, SecondLook, Word
from pipeline.metadata.layout import Row
from pipeline.metadata.lexicons import lexicons
from pipeline.metadata.syllables import is_syllable
from pipeline.metadata.titles import Title
from pipeline.vietnamese import fold

_BEFORE = 2.5  # heights of a row between ink and the position
_TALL, _SHARED, _CLEAR, _ABOVE = 0.6, 0.4, 0.1, 0.6  # heights of the row, or shares of the lower of two boxes
_LEVEL = 0.8  # heights between their middles
_LONGEST = 4  # letters of what is no word of the block
_LIKE_KT = re.compile(r"[a-z]{0,2}t")  # what readers make of "KT." by hand: "CT", "V£T.", "L“T"
_DOUBTED = 0.6  # confidence of a position with ink before it
PROPOSED = 0.5


def ink_before(title: Row, rows: Iterable[Row], looks: Iterable[SecondLook], page: int) -> list[Word]:
    """Short readings of ink right before a position, in its own line, by any look."""
    readings = [*rows, *(Row(page, line.words) for look in looks for line in look.lines)]
    found = []
    for row in readings:
        begins = [word for word in row.words if _is_of(title, word)]
        if not begins:
            continue
        found += [word for word in row.words if _stands_before(begins[0], word)]
    return found


def strokes_beside(title: Row, strokes: Iterable[Box]) -> list[Box]:
    """Ink of the size of letters before a position, in its line, or close above it, that no reading explains."""
    box, height = title.box, title.height
    return [stroke for stroke in strokes if stroke.height > _TALL * height and _is_beside(box, height, stroke)]


def _is_beside(box: Box, height: float, stroke: Box) -> bool:
    level = min(stroke.bottom, box.bottom) - max(stroke.top, box.top) > _SHARED * min(stroke.height, height)
    before = level and _CLEAR * height < box.left - stroke.right < _BEFORE * height
    over = min(stroke.right, box.right) - max(stroke.left, box.left) > 0
    above = over and -_SHARED * stroke.height < box.top - stroke.bottom < _ABOVE * height
    return before or above


def _is_of(title: Row, word: Word) -> bool:
    """Is this the position's first word, or what a look made of it?"""
    first = title.words[0]
    over = min(first.box.right, word.box.right) - max(first.box.left, word.box.left)
    level = abs(first.box.centre[1] - word.box.centre[1]) < _LEVEL * first.box.height
    return level and over > 0.5 * first.box.width and fold(word.text)[:2] == fold(first.text)[:2]


def _stands_before(first: Word, word: Word) -> bool:
    gap, letters = first.box.left - word.box.right, [c for c in word.text if c.isalnum()]
    level = abs(first.box.centre[1] - word.box.centre[1]) < _LEVEL * first.box.height
    tall = word.box.height > 0.6 * first.box.height
    known = is_syllable(word.text) and len(letters) > 1 and word.text.islower()
    return level and tall and not known and 0 < len(letters) <= _LONGEST and -2 < gap < _BEFORE * first.box.height


def with_doubt(position: Field, title: Title, ink: Sequence[Word]) -> tuple[Field | None, Field]:
    """Competence and position where ink stands before the position and nothing explains it: to be looked at.

    Where the ink was read like "KT." a deputy signed: both are proposed.
    """
    deputy = lexicons().positions.get(f"pho {fold(title.text)}")
    if deputy and any(_LIKE_KT.fullmatch("".join(filter(str.isalpha, fold(word.text)))) for word in ink):
        competence = replace(position, value="KT.", confidence=PROPOSED, rule="penned")
        return competence, replace(position, value=deputy, confidence=PROPOSED, rule="penned")
    return None, replace(position, confidence=min(position.confidence, _DOUBTED))
