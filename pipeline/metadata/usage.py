"""How Vietnamese is usually written: which syllables there are, and which of them stand side by side.

Counted in the texts of Vietnam's laws by `training/language/build.py`; `config/language/README.md` names the sources.
A syllable here is lower case with one tone placement; "0" stands for anything with a digit, "|" for a mark that parts.
"""

from __future__ import annotations

import re
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from math import exp, log

from pipeline.settings import data_folder
from pipeline.vietnamese import canonical, fold, nfc

MAGIC = b"vanthu-usage-1\n"
NUMBER, BREAK = "0", "|"
STEP = 8.0  # counts are kept as eighths of a natural logarithm, one byte each
_BACKED_BY = 100.0  # how many sightings of its first syllable a pair's own count must outweigh
_CORE = re.compile(r"(\W*)(.*?)(\W*)", re.DOTALL)
_PARTED = re.compile(r"[/\-–—+_.]")


@dataclass(frozen=True, eq=False)
class Usage:
    """Counts of syllables and of pairs of them; pairs in rows by their first syllable, as in a sparse matrix."""

    syllables: Mapping[str, int]  # syllable → its place
    counts: Sequence[int]
    starts: Sequence[int]  # where a first syllable's row begins in the next two
    seconds: Sequence[int]
    pair_counts: Sequence[int]  # as logarithms, see STEP

    @cached_property
    def total(self) -> int:
        return sum(self.counts)

    @cached_property
    def by_letters(self) -> Mapping[str, tuple[str, ...]]:
        """Folded letters → the syllables with them: "hoc" → ("học", "hộc", "hốc", …)."""
        groups: dict[str, list[str]] = {}
        for syllable in self.syllables:
            groups.setdefault(fold(syllable), []).append(syllable)
        return {letters: tuple(group) for letters, group in groups.items()}

    def count(self, syllable: str) -> int:
        place = self.syllables.get(syllable)
        return 0 if place is None else self.counts[place]

    def pair(self, first: str, second: str) -> float:
        """How often a pair was counted; 0 for rare ones, which are not kept."""
        a, b = self.syllables.get(first), self.syllables.get(second)
        if a is None or b is None:
            return 0.0
        end = self.starts[a + 1]
        at = bisect_left(self.seconds, b, self.starts[a], end)
        return exp(self.pair_counts[at] / STEP) if at < end and self.seconds[at] == b else 0.0

    def chance(self, syllable: str) -> float:
        """How likely a syllable is without its neighbours; an unknown one is not impossible."""
        return (self.count(syllable) + 0.5) / (self.total + 0.5 * len(self.counts))

    @lru_cache(maxsize=100_000)  # noqa: B019 - one value lives as long as the program
    def following(self, first: str, second: str) -> float:
        """The natural logarithm of the chance that `second` follows `first`."""
        pair, before = self.pair(first, second), self.count(first)
        return log((pair + _BACKED_BY * self.chance(second)) / (max(before, pair) + _BACKED_BY))

    def between(self, left: str, syllable: str, right: str) -> float:
        """How well a syllable stands between its neighbours, as a logarithm; only differences say something."""
        return self.following(left, syllable) + self.following(syllable, right)


@lru_cache
def usage() -> Usage:
    """The counts that come with the program; read once."""
    return unpacked((data_folder() / "language" / "vietnamese.usage").read_bytes())


def packed(syllables: Sequence[str], counts: Sequence[int], rows: Sequence[Sequence[tuple[int, int]]]) -> bytes:
    """The bytes of a model: `rows[a]` lists, ascending, the second syllables (places) and logarithms of counts."""
    starts, seconds, logs = array("I", [0]), array("H"), array("B")
    for row in rows:
        previous = 0
        for second, value in row:
            seconds.append(second - previous)  # differences are small, so they shrink better
            logs.append(value)
            previous = second
        starts.append(len(seconds))
    words = "\n".join(syllables).encode()
    parts = [words, array("I", counts).tobytes(), starts.tobytes(), seconds.tobytes(), logs.tobytes()]
    head = array("I", [len(part) for part in parts]).tobytes()
    return MAGIC + zlib.compress(head + b"".join(parts), 9)


def unpacked(data: bytes) -> Usage:
    """Reads what `packed` wrote; ValueError for anything else."""
    if not data.startswith(MAGIC):
        raise ValueError("no usage counts of this version")
    raw = zlib.decompress(data[len(MAGIC) :])
    lengths = array("I", raw[:20])
    parts, at = [], 20
    for length in lengths:
        parts.append(raw[at : at + length])
        at += length
    syllables = parts[0].decode().split("\n")
    counts, starts, seconds, logs = (
        array("I", parts[1]),
        array("I", parts[2]),
        array("H", parts[3]),
        array("B", parts[4]),
    )
    for begin, end in pairwise(starts):
        previous = 0
        for at in range(begin, end):
            previous += seconds[at]
            seconds[at] = previous
    return Usage({word: place for place, word in enumerate(syllables)}, counts, starts, seconds, logs)


def stream(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The tokens of printed words, each with its word's index: syllables, NUMBER and BREAK."""
    for at, word in enumerate(words):
        before, core, after = _CORE.fullmatch(nfc(word)).groups()  # type: ignore[union-attr]
        if before:
            yield at, BREAK
        if core:
            for part in _PARTED.split(core):
                yield at, NUMBER if any(c.isdigit() for c in part) else canonical(part)
        if after:
            yield at, BREAK
