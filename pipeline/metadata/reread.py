"""Rows of the first reading with what a second look saw better: a row is taken over whole, its dash stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from math import inf

from pipeline.document import SecondLook, Word
from pipeline.metadata.layout import Row
from pipeline.vietnamese import canonical, nfc

_GAIN = 0.03  # the least share of surely read letters that a second reading must gain
_ACROSS = 0.6  # of the narrower of two rows
_SURELY = 0.85  # the share of such letters in a row that only a second look saw
_LEAST = 2  # letters of a row that says where it ends
_MARKS = ".,;:*'\"“”‘’"
_MOST = 0.93  # confidence that agreement of two readings gives at most: they look at the same ink

Judge = Callable[[Sequence[Word]], Sequence[float]]
"""The chances of a row's words."""


def reread(rows: Iterable[Row], looks: Sequence[SecondLook], judge: Judge) -> list[Row]:
    """Each row as the reading showed it that is surest, by `judge`; rows where no look saw anything stay."""
    listed = list(rows)
    seen: list[list[tuple[Word, ...]]] = [[] for _ in listed]
    for words in (line.words for look in looks for line in look.lines if line.words):
        near = [(_apart(row, words), at) for at, row in enumerate(listed) if _same_place(row, words)]
        if near:  # of two rows that a torn one lies between, each has its own
            seen[min(near)[1]].append(words)
    return [_surest(row, others, judge) for row, others in zip(listed, seen, strict=True)]


def seen_alone(looks: Sequence[SecondLook], judge: Judge) -> list[Row]:
    """Rows that the first reading did not have: each place as the look showed it that is surest, from the top."""
    rows: list[Row] = []
    for look in looks:
        for line in look.lines:
            row = Row(look.zone.page, line.words)
            at = next((i for i, other in enumerate(rows) if _same_place(other, row.words)), None)
            if at is None:
                rows.append(row)
            elif _score(row.words, judge) > _score(rows[at].words, judge):
                rows[at] = row
    return sorted(rows, key=lambda row: row.base)


def _same_place(row: Row, words: Sequence[Word]) -> bool:
    left, right = words[0].box.left, words[-1].box.right
    shared = min(right, row.box.right) - max(left, row.box.left)
    return _apart(row, words) < 0.6 * row.height and shared > _ACROSS * min(right - left, row.box.width)


def _apart(row: Row, words: Sequence[Word]) -> float:
    """Points between the middles of a row and of a reading."""
    tops = sorted(word.box.centre[1] for word in words)
    middles = sorted(word.box.centre[1] for word in row.words)
    return abs(tops[len(tops) // 2] - middles[len(middles) // 2])


def _surest(row: Row, others: Sequence[Sequence[Word]], judge: Judge) -> Row:
    dash = tuple(word for word in row.words[:1] if not any(c.isalnum() for c in word.text))
    own = row.words[len(dash) :]
    lost = sum(c.isalnum() for word in own for c in word.text) < _LEAST
    reach = inf if lost else row.box.right + 2 * row.height
    best, best_score = own, _score(own, judge)
    for words in others:
        lettered = tuple(word for word in words if word.box.right < reach)
        if lettered and not any(c.isalnum() for c in lettered[0].text):
            lettered = lettered[1:]
        if dash and lettered:
            lettered = (replace(lettered[0], text=lettered[0].text.lstrip("-–—~+*•")), *lettered[1:])
        score = _score(lettered, judge)
        begins = bool(lettered and best) and lettered[0].box.left < best[0].box.left - row.height
        if score > best_score + (-_GAIN if begins and score > _SURELY else _GAIN):
            best, best_score = lettered, score
    agreed = tuple(_agreed(word, others if best is own else [own, *others]) for word in best)
    ended = sum(_ends_alike(word, words) for word in agreed[-1:] for words in others)
    if ended > len(others) / 2 and agreed[-1].text.endswith(","):
        agreed = (*agreed[:-1], replace(agreed[-1], text=agreed[-1].text[:-1] + ";"))
    return Row(row.page, (*dash, *agreed), row.bold) if dash or agreed else row


def _ends_alike(word: Word, words: Sequence[Word]) -> bool:
    """Does another reading of a row end with the same word and the mark that ends an item?"""
    last = words[-1].text
    return last.endswith(";") and canonical(nfc(last).strip(_MARKS)) == canonical(nfc(word.text).strip(_MARKS))


def _score(words: Sequence[Word], judge: Judge) -> float:
    """The expected share of letters in words that were read right."""
    letters = [sum(c.isalnum() for c in word.text) for word in words]
    if not sum(letters):
        return 0.0
    return sum(n * chance for n, chance in zip(letters, judge(words), strict=True)) / sum(letters)


def _agreed(word: Word, others: Sequence[Sequence[Word]]) -> Word:
    """The word, surer where another reading has the same letters at the same place."""
    bare = canonical(nfc(word.text).strip(_MARKS))
    same = [
        other.confidence
        for words in others
        for other in words
        if canonical(nfc(other.text).strip(_MARKS)) == bare
        and abs(other.box.centre[0] - word.box.centre[0]) < word.box.height
    ]
    if not same or not bare:
        return word
    return replace(word, confidence=max(word.confidence, min(_MOST, max(same))))
