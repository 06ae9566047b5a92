"""Words of power and office in capitals: "TM. ỦY BAN NHÂN DÂN", "KT. GIÁM ĐỐC", "PHÓ CHÁNH VĂN PHÒNG"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from pipeline.document import Word
from pipeline.metadata.layout import Row
from pipeline.metadata.lexicons import begins_with, lexicons, respell
from pipeline.metadata.review import reading_confidence
from pipeline.vietnamese import fold

_PREFIX = re.compile(
    r"^\W*(T\s?\.?\s?M|K\s?\.?\s?T|T\s?\.?\s?L|T\s?\.?\s?U\s?\.?\s?Q|Q)\s?[.,:]\s*(?=\S)"
    r"|^\W*(TM|KT|TL|TUQ|T[/.]M|K[/.]T|T[/.]L)\s+(?=[^\W\d_])"
)
_IN_CAPITALS = 0.7  # the share of a row's letters
_STROKES, _LEGIBLE, _HALF_SEEN = 0.4, 0.85, 0.6  # confidences: of what is no word, of words, of what they tell
_NEAR = 88  # percent of letters
_DEPUTY = re.compile(r"[a-z]?h?o")  # what is left of "PHÓ" under a seal's edge
_COLLECTIVE = re.compile(r"\b(uy ban nhan dan|hoi dong nhan dan|ban chap hanh|ban thuong vu|ban chi dao|uy ban)\b")


@dataclass(frozen=True)
class Title:
    """A position as spelled, how surely it is the one printed, and whether its bearer is a deputy."""

    text: str
    confidence: float

    @property
    def deputy(self) -> bool:
        return fold(self.text).startswith(("pho ", "thu truong"))


def prefix_of(row: Row) -> str:
    """The competence prefix with which a row of capitals begins ("KT."), "" for none."""
    match = _PREFIX.match(row.text)
    if not match or (row.capitals < _IN_CAPITALS and not _names_power(fold(row.text[match.end() :]))):
        return ""
    return re.sub(r"[^A-Z]", "", (match[1] or match[2]).upper()) + "."


def _names_power(folded: str) -> bool:
    """Small letters follow a prefix only as a position or a body: "TM. Ủy ban nhân dân"."""
    return any(begins_with(folded, phrase) for phrase in lexicons().positions) or bool(_COLLECTIVE.match(folded))


def is_collective(row: Row) -> bool:
    """Does the row name a body on whose behalf people sign?"""
    return _COLLECTIVE.search(row.plain) is not None


def title_of(row: Row, *, small: bool = False) -> Title | None:
    """The position that a row is; None when it is none.

    Small letters count only where they spell a whole position, or in a block that has them (`small`).
    """
    known = lexicons().positions
    if row.capitals < 0.75 and row.plain not in known and not small:
        return None
    words = _trimmed(row)
    if not words:
        return None
    plain = " ".join(re.findall(r"[a-z0-9]+", fold(" ".join(w.text for w in words))))
    text = respell(" ".join(w.text for w in words).strip(" .,:;*-–—_~'“”‘’\"^|"), known, lexicons().position_spellings)
    if plain in known and re.search(r"[^\w\s,.-]", text):
        text = known[plain]
    lost = 1.0 if len(words) == len([w for w in row.words if re.search(r"\w", w.text)]) else 0.8
    read = reading_confidence([w for w in words if w.confidence < 0.6])
    if plain in known:
        if lost < 1.0 and f"pho {plain}" in known and _half_hidden_deputy(row, words[0]):
            return Title(known[f"pho {plain}"], 0.8)
        return Title(text, lost * max(read, 0.3))
    if any(begins_with(plain, phrase) for phrase in known):
        return Title(text, lost * 0.97 * reading_confidence(words))
    near = _nearest(plain) or _nearest(row.plain)
    return Title(near, 0.8) if near else _behind_strokes(words)


def _behind_strokes(words: Sequence[Word]) -> Title | None:
    """A whole position that was read surely behind what a pen or a seal left of the words before it."""
    lost = 0
    while lost < len(words) and words[lost].confidence < _STROKES:
        lost += 1
    plain = fold(" ".join(re.sub(r"\W", "", word.text) for word in words[lost:]))
    sure = lost and all(word.confidence > _LEGIBLE for word in words[lost:])
    return Title(lexicons().positions[plain], _HALF_SEEN) if sure and plain in lexicons().positions else None


def _nearest(plain: str) -> str | None:
    """The one position that is spelled nearly so; None where two are as near."""
    near = process.extract(plain, [key for key in lexicons().positions if len(key) > 7], scorer=fuzz.ratio, limit=2)
    if not near or near[0][1] < _NEAR or (len(near) > 1 and near[1][1] > near[0][1] - 1):
        return None
    return lexicons().positions[near[0][0]]


def _trimmed(row: Row) -> list[Word]:
    """The row's words without specks of ink at its ends."""
    words = [w for w in row.words if re.search(r"\w", w.text)]
    while words and _speck(words[0]):
        words.pop(0)
    while words and _speck(words[-1]):
        words.pop()
    return words


def _half_hidden_deputy(row: Row, first: Word) -> bool:
    """Does something like "Ó" or "HÓ" stand right before the title's first word?"""
    before = [w for w in row.words if w.box.right <= first.box.left + 1]
    if not before or first.box.left - before[-1].box.right > first.box.height:
        return False
    letters = re.sub(r"\W", "", before[-1].text)
    return letters.isupper() and before[-1].confidence >= 0.6 and _DEPUTY.fullmatch(fold(letters)) is not None


def _speck(word: Word) -> bool:
    letters = re.sub(r"\W", "", word.text)
    if fold(letters) in _position_words():
        return False
    return (len(letters) <= 2 and word.confidence < 0.7) or word.confidence < 0.1 or len(letters) == 1


@lru_cache
def _position_words() -> frozenset[str]:
    return frozenset(word for phrase in lexicons().positions for word in phrase.split() if len(word) > 2)
