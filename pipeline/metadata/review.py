"""How sure is a value, and which fields is a person asked to check? A wrong value that nobody checks is the worst.

A confidence is the product of how surely the words were read, how strong the rule is and how the cross-checks went:
each factor is a share of values that were right, so the product is the estimate under independence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pipeline.document import Box, Field, Word
from pipeline.metadata.layout import Row

EXPECTED = (
    "type_name", "code_number", "code_notation", "issued_date", "issued_place", "organ_name", "subject",
    "signatory_position", "signatory_name", "recipients",
)  # fmt: skip
"""Fields that nearly every document has (Decree 30/2020, article 8): a gap is a question."""


def reading_confidence(words: Iterable[Word]) -> float:
    """The chance that all of these words were read right. Tesseract's 0.9 and more is as good as certain."""
    chance = 1.0
    for word in words:
        if any(c.isalnum() for c in word.text):
            chance *= _chance(word.confidence)
    return chance


def tolerant_confidence(words: Sequence[Word]) -> float:
    """The chance that a long text was read so well that at most a few letters are wrong."""
    lettered = [word for word in words if any(c.isalnum() for c in word.text)]
    if not lettered:
        return 0.0
    weight = sum(len(word.text) for word in lettered)
    return sum(_chance(word.confidence) * len(word.text) for word in lettered) / weight


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


def to_review(fields: Mapping[str, Field], doubted: Iterable[str], below: float, expected: Sequence[str]) -> set[str]:
    """Names of fields that are doubtful, expected and missing, or doubted by a rule though absent."""
    weak = {name for name, field in fields.items() if field.confidence < below}
    missing = {name for name in expected if name not in fields}
    return weak | missing | (set(doubted) - set(fields))
