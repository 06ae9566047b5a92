"""The passage of a document that shows why it was found, cut from the text as printed, its words marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.archive.query import Words
from pipeline.vietnamese import fold

BEFORE, LENGTH = 60, 220  # characters

Snippet = tuple[tuple[str, bool], ...]


def cut(body: str, wanted: Sequence[Words], together: Words | None = None) -> tuple[Snippet, int]:
    """(The best passage of a piece as (text, highlighted) parts, form feeds before it). () when no word is in it.

    `body` is NFC. A place where `together` stands comes first, then the one with most different words.
    """
    flat = fold(body)
    for tried in ([together] if together else [], wanted, _one_by_one(wanted)):
        marks = sorted({place for words in tried for place in _places(flat, words)})
        if marks:
            start = _densest(flat, marks)
            return _marked(body, marks, start), body.count("\f", 0, start)
    return (), 0


def richest(bodies: Sequence[str], wanted: Sequence[Words], together: Words | None = None) -> int:
    """Which of a document's pieces shows best why it was found; the first of equals."""

    def worth(place: int) -> tuple[bool, int, int]:
        flat = fold(bodies[place])
        whole = together is not None and any(True for _ in _places(flat, together))
        return whole, sum(any(True for _ in _places(flat, words)) for words in wanted), -place

    return max(range(len(bodies)), key=worth)


def _one_by_one(wanted: Sequence[Words]) -> list[Words]:
    """A phrase that runs on into the next piece is shown by its words."""
    return [Words((word,)) for words in wanted for word in words.folded]


def _places(flat: str, words: Words) -> Iterator[tuple[int, int]]:
    inner = r"[^0-9a-z]+".join(_plain(word) for word in words.folded)
    tail = "[0-9a-z]*" if words.prefix else ""
    for match in re.finditer(rf"(?<![0-9a-z]){inner}{tail}(?![0-9a-z])", flat):
        yield match.span()


def _plain(word: str) -> str:
    """The index writes 1e8 as z1e8; the page does not."""
    return word[1:] if re.match(r"z\d+e\d", word) else word


def _densest(flat: str, marks: Sequence[tuple[int, int]]) -> int:
    """Where the window with the most different words begins; the first of equals."""
    best, best_amount = marks[0][0], 0
    for place, (start, _end) in enumerate(marks):
        seen = set()
        for first, last in marks[place:]:
            if first > start + LENGTH - BEFORE:
                break
            seen.add(flat[first:last])
        if len(seen) > best_amount:
            best, best_amount = start, len(seen)
    return best


def _marked(body: str, marks: Sequence[tuple[int, int]], start: int) -> Snippet:
    low, high = _word_edges(body, max(0, start - BEFORE), start - BEFORE + LENGTH)
    parts: list[tuple[str, bool]] = [("…", False)] if low > 0 else []
    at = low
    for first, last in marks:
        if first < at or last > high:
            continue
        parts += [(body[at:first], False), (body[first:last], True)]
        at = last
    parts.append((body[at:high], False))
    if high < len(body):
        parts.append(("…", False))
    return tuple((re.sub(r"\s+", " ", text), marked) for text, marked in parts if text)


def _word_edges(body: str, low: int, high: int) -> tuple[int, int]:
    """Whole words, and not over the border of a page."""
    page = body.rfind("\f", 0, low + BEFORE)
    low = max(low, page + 1)
    while 0 < low < len(body) and not body[low - 1].isspace():
        low += 1
    end = body.find("\f", low)
    high = min(high, len(body) if end < 0 else end)
    while high < len(body) and not body[high].isspace():
        high += 1
    return low, high
