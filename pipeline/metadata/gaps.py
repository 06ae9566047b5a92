"""Rows of a list that a reader lost: told by a dash without words or a step of two rows, filled by a second look."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from pipeline.document import SecondLook, Word
from pipeline.metadata.layout import Row

_STEPS, _FROM_LABEL = 1.7, 2.15  # of the list's usual step: more, and a row is lost between two, under the label
_DASHES = "-–—+*•·~_"
_READ = 0.6  # mean confidence of a row that is put in
_APART = 0.6  # heights between two rows' middles


def has_gaps(rows: Sequence[Row], taken: Sequence[Row], label: Row | None) -> bool:
    """Do the rows of a list stand as if one more had stood among them? `taken`: those of which values were made."""
    own = [row for row in taken if row.page == rows[0].page] if rows else []
    if not own:
        return False
    bare = [row for row in rows if row not in own and row.text[:1] in _DASHES and row.base < own[-1].base]
    steps = [b.base - a.base for a, b in pairwise(own)]
    usual = median(steps) if steps else 1.25 * own[0].height
    under = own[0].base - label.base if label is not None else 0.0
    return bool(bare) or any(step > _STEPS * usual for step in steps) or under > _FROM_LABEL * max(usual, own[0].height)


def filled(rows: Sequence[Row], looks: Sequence[SecondLook], label: Row | None) -> list[Row]:
    """The rows, and where none stands the best row that a second look read there, from the label to the last."""
    lettered = [row for row in rows if len(row.plain) > 1]
    if not lettered:
        return list(rows)
    top = label.base if label is not None else lettered[0].base
    seen = [Row(rows[0].page, line.words) for look in looks for line in look.lines]
    missing = [
        row
        for row in seen
        if top + _APART * row.height < row.base < lettered[-1].base
        and len(row.plain) > 1
        and _legible(row.words)
        and all(abs(row.base - other.base) > _APART * max(row.height, other.height) for other in lettered)
    ]
    best: list[Row] = []
    for row in sorted(missing, key=lambda row: -_mean(row.words)):
        if all(abs(row.base - other.base) > _APART * row.height for other in best):
            best.append(row)
    bare = [row for row in rows if row not in lettered and any(abs(row.base - b.base) < b.height for b in best)]
    return sorted([*(row for row in rows if row not in bare), *best], key=lambda row: row.base)


def _legible(words: Sequence[Word]) -> bool:
    return _mean(words) > _READ and sum(c.isalpha() for word in words for c in word.text) > 1


def _mean(words: Sequence[Word]) -> float:
    return sum(word.confidence for word in words) / len(words)
