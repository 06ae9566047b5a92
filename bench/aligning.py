"""Two texts laid beside each other, letter by letter, though their passages may come in another order.

Tables, footnotes and frames are read in another order than a true text tells them. So passages that both texts have
are found first, wherever they stand; then single words, which must stand near where they are expected: cells of a
table; what is left between two of these is laid beside what is left there in the other text. A letter counts when the
same letter stands at its place, and no read letter counts for two true ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz.distance import Levenshtein

from pipeline.vietnamese import canonical, fold, nfc

PASSAGE = 3  # words in a row, diacritics aside, that are no chance
NEAR = 150  # words: a table's head in another order
ALIKE = 0.5  # share of equal letters from which two stretches say the same
NO_CHANCE = 4  # letters in a row that count where they do not
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Alignment:
    """`marked` letters with diacritics in the true text, `right` of them; `wrong`: (true stretch, what is there)."""

    marked: int
    right: int
    wrong: tuple[tuple[str, str], ...] = ()


def words_of(text: str) -> list[str]:
    """Words and numbers in one case and with one tone placement."""
    return [canonical(word) for word in WORD.findall(nfc(text))]


def marks(text: str) -> int:
    return sum(not letter.isascii() for letter in text)


def align(true: str, read: str) -> Alignment:
    """Case, blanks and punctuation aside."""
    wanted, had = words_of(true), words_of(read)
    places = _passages([fold(word) for word in wanted], [fold(word) for word in had])
    _place_cells(wanted, had, places)
    right, wrong = 0, []
    for stretch, other in _stretches(wanted, had, places):
        found = _equal_marks(stretch, other)
        right += found
        if found < marks(stretch):
            wrong.append((stretch, other))
    return Alignment(sum(map(marks, wanted)), right, tuple(wrong))


def _passages(wanted: Sequence[str], had: Sequence[str]) -> list[int | None]:
    """For each true word its place in the read text, where it stands in a passage that both have."""
    places: list[int | None] = [None] * len(wanted)
    free = [True] * len(had)
    while True:
        left, right = _left([place is None for place in places]), _left(free)
        matcher = SequenceMatcher(None, _spelt(wanted, left, "true"), _spelt(had, right, "read"), autojunk=False)
        blocks = [block for block in matcher.get_matching_blocks() if block.size >= PASSAGE]
        if not blocks:
            return places
        for block in blocks:
            for step in range(block.size):
                place = right[block.b + step]
                places[left[block.a + step]] = place
                free[place] = False


def _place_cells(wanted: Sequence[str], had: Sequence[str], places: list[int | None]) -> None:
    """Single words, letter for letter the same, at the nearest free place to where they are expected."""
    taken = {place for place in places if place is not None}
    free: dict[str, list[int]] = {}
    for place, word in enumerate(had):
        if place not in taken:
            free.setdefault(word, []).append(place)
    expected = 0
    for at, word in enumerate(wanted):
        known = places[at]
        if known is not None:
            expected = known + 1
        elif free.get(word):
            place = min(free[word], key=lambda one: abs(one - expected))
            if abs(place - expected) <= NEAR:
                places[at] = place
                free[word].remove(place)


def _left(free: Sequence[bool]) -> list[int]:
    """The places that are free, and -1 between those that are no neighbours."""
    left: list[int] = []
    for place, is_free in enumerate(free):
        if is_free:
            if left and left[-1] != place - 1:
                left.append(-1)
            left.append(place)
    return left


def _spelt(words: Sequence[str], places: Sequence[int], side: str) -> list[object]:
    """The words at these places; a border between two stretches is like nothing else."""
    return [words[place] if place >= 0 else (side, at) for at, place in enumerate(places)]


def _stretches(wanted: Sequence[str], had: Sequence[str], places: Sequence[int | None]) -> Iterator[tuple[str, str]]:
    """Every stretch of the true text with what stands at its place in the read text, which then is nobody else's."""
    taken = {place for place in places if place is not None}
    at = 0
    while at < len(wanted):
        place = places[at]
        if place is not None:
            yield wanted[at], had[place]
            at += 1
            continue
        end = next((one for one in range(at, len(wanted)) if places[one] is not None), len(wanted))
        stretch = "".join(wanted[at:end])
        before = places[at - 1] if at else -1
        after = places[end] if end < len(wanted) else len(had)
        chosen = max(_neighbours(had, taken, before, after, 2 * len(stretch) + 12),
                     key=lambda one: _equal_marks(stretch, _text(had, one)))  # fmt: skip
        yield stretch, _text(had, chosen)
        if _equal_marks(stretch, _text(had, chosen)):
            taken.update(chosen)
        at = end


def _text(had: Sequence[str], places: Sequence[int]) -> str:
    return "".join(had[place] for place in sorted(places))


def _neighbours(
    had: Sequence[str], taken: set[int], before: int | None, after: int | None, most: int
) -> Iterator[list[int]]:
    """The free words behind the passage before a stretch, and those before the passage behind it."""
    yield []
    if before is not None:
        yield _until(had, taken, range(before + 1, len(had)), most)
    if after is not None:
        yield _until(had, taken, range(after - 1, -1, -1), most)


def _until(had: Sequence[str], taken: set[int], places: range, most: int) -> list[int]:
    """Free places up to the first that is taken, or to `most` letters."""
    free: list[int] = []
    letters = 0
    for place in places:
        letters += len(had[place])
        if place in taken or letters > most:
            break
        free.append(place)
    return free


def _equal_marks(stretch: str, other: str) -> int:
    """The letters with diacritics that stand at the same place of both."""
    if stretch == other:
        return marks(stretch)
    equal = [part for part in Levenshtein.opcodes(stretch, other) if part.tag == "equal"]
    alike = sum(part.src_end - part.src_start for part in equal) >= ALIKE * max(len(stretch), len(other))
    least = 1 if alike else NO_CHANCE
    return sum(
        marks(stretch[part.src_start : part.src_end]) for part in equal if part.src_end - part.src_start >= least
    )
