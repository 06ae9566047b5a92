"""How sure is a value, and which fields is a person asked to check? A wrong value that nobody checks is the worst.

A confidence is the product of how surely the words were read, how strong the rule is and how the cross-checks went:
each factor is a share of values that were right, so the product is the estimate under independence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, exp

from pipeline.document import Box, Field, Word
from pipeline.metadata.layout import Row

EXPECTED = (
    "type_name", "code_number", "code_notation", "issued_date", "issued_place", "organ_name", "subject",
    "signatory_position", "signatory_name", "recipients",
)  # fmt: skip
"""Fields that nearly every document has (Decree 30/2020, article 8): a gap is a question."""

_UNSEEN = 0.003  # the chance of a slip in a word that neither its reader nor its neighbours doubt


LOOK_BELOW = 0.85
"""Of the rules' own confidence, before or without calibration: what lies below is worth a second look or a question."""


def reading_confidence(words: Iterable[Word]) -> float:
    """The chance that all of these words were read right. Tesseract's 0.9 and more is as good as certain."""
    chance = 1.0
    for word in words:
        if any(c.isalnum() for c in word.text):
            chance *= _chance(word.confidence)
    return chance


def text_confidence(words: Sequence[Word], chances: Sequence[float], tolerated: float) -> float:
    """The chance that at most the tolerated share of a text's letters is wrong; letters go wrong one by one (Poisson).

    `chances`: for each word, that it is the printed one. A word that is wrong has one or two wrong letters, a badly
    read one more.
    """
    lettered = [(w, chance) for w, chance in zip(words, chances, strict=True) if any(c.isalnum() for c in w.text)]
    if not lettered:
        return 0.0
    wrong = sum((1.0 - chance + _UNSEEN) * (1.2 if w.confidence >= 0.6 else 2.5) for w, chance in lettered)
    length = sum(len(word.text) + 1 for word in words) - 1
    return _poisson_up_to(int(tolerated * length), wrong)


def list_confidence(items: Sequence[tuple[Sequence[Word], Sequence[float]]], tolerated: float, share: float) -> float:
    """The chance that at least this share of items is right, each (words, chances) within the tolerated share."""
    chances = [1.0]  # of 0, 1, 2 … wrong items
    for words, own in items:
        right = text_confidence(words, own, tolerated)
        longer = [*chances, 0.0]
        chances = [right * here + (1.0 - right) * before for here, before in zip(longer, [0.0, *chances], strict=True)]
    return sum(chances[: len(items) - ceil(share * len(items)) + 1])


def _poisson_up_to(most: int, mean: float) -> float:
    term = total = exp(-mean)
    for k in range(1, most + 1):
        term *= mean / k
        total += term
    return min(total, 1.0)


def _chance(confidence: float) -> float:
    """Measured on scans: words of at least 0.9 are right 99 times in 100, below it falls fast."""
    if confidence >= 0.9:
        return 0.998 if confidence >= 0.95 else 0.99
    if confidence >= 0.8:
        return 0.96
    if confidence >= 0.6:
        return 0.85
    return max(0.1, confidence)


def found(value: str | tuple[str, ...], confidence: float, rows: Sequence[Row], rule: str) -> Field:
    """A field with the box around its rows on the first of their pages."""
    if not rows:
        return Field(value, _rounded(confidence), None, None, rule)
    page = rows[0].page
    box = Box.around([row.box for row in rows if row.page == page])
    return Field(value, _rounded(confidence), page, box, rule)


def _rounded(confidence: float) -> float:
    return round(min(max(confidence, 0.0), 0.99), 3)


def to_review(
    fields: Mapping[str, Field], doubted: Iterable[str], below: Mapping[str, float], expected: Sequence[str]
) -> set[str]:
    """Names of fields that are doubtful, expected and missing, or doubted by a rule though absent."""
    weak = {name for name, field in fields.items() if field.confidence < below[name]}
    missing = {name for name in expected if name not in fields}
    return weak | missing | (set(doubted) - set(fields))
