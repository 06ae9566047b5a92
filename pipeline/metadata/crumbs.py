"""Ink that is no letter: signs that nobody prints where they stand are taken off, and what stays odd is doubted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.metadata.syllables import is_syllable

_QUOTES = {"“": "”", "‘": "’", "«": "»", "„": "”", '"': '"', "'": "'"}  # each with its partner
_KEPT_FIRST = frozenset("([")
_KEPT_LAST = frozenset(")]%…")
_STRANGE = re.compile(r"[^\w\s.,;:()/&+*%'\"“”‘’…–—-]")
_ROMAN = re.compile(r"\b(mục|phần|chương|kỳ|quý|đợt|khóa|cấp|hạng|loại) (HI?|IH)(?!\w)", re.IGNORECASE)
_MARKS = "".join(dict.fromkeys([*_QUOTES, *_QUOTES.values(), *"’`´ˆ~^*_|°"]))
_SHORTEST = 3  # letters of a syllable that no abbreviation is


def swept(text: str) -> str:
    """The text without signs at its ends that belong to nothing; a quotation mark stays where its partner is."""
    while text and not (text[0].isalnum() or text[0] in _KEPT_FIRST or _QUOTES.get(text[0], "\0") in text[1:]):
        text = text[1:]
    while text and not (text[-1].isalnum() or text[-1] in _KEPT_LAST or _opened(text)):
        text = text[:-1]
    return text


def _opened(text: str) -> bool:
    """Does the last sign close a quotation?"""
    return any(closing == text[-1] and opening in text[:-1] for opening, closing in _QUOTES.items())


def is_odd(text: str) -> bool:
    """Does a value hold a sign that no name and no subject has? The words beside it suffered too."""
    return _STRANGE.search(text) is not None


def of_a_name(words: Sequence[str]) -> list[str]:
    """The words of a name without what ink put to them.

    Those are marks of quotation that have no partner in the name, and stops behind whole syllables: only abbreviations
    have one ("TP.", "Q.").
    """
    text = " ".join(words)
    lone = "".join(
        sign for sign in _MARKS if not any(_paired(text, a, b) for a, b in _QUOTES.items() if sign in (a, b))
    )
    swept_words = [word.strip(lone) or word for word in words]
    return [*map(_without_stop, swept_words[:-1]), *swept_words[-1:]]


def _paired(text: str, opening: str, closing: str) -> bool:
    return closing in text[text.find(opening) + 1 :] if opening in text else False


def _without_stop(word: str) -> str:
    bare = word.rstrip(".")
    return bare if bare != word and len(bare) >= _SHORTEST and is_syllable(bare) else word


def with_roman(text: str) -> str:
    """The text with II and III where a reader took their strokes for an H: "mục H" is "mục II"."""
    return _ROMAN.sub(lambda found: f"{found[1]} {'I' * sum(2 if c == 'H' else 1 for c in found[2])}", text)
