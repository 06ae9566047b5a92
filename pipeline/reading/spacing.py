"""Words that a file holds in pieces become whole: "Q UYẾT", "n gày" and the wide "C Ộ N G  H Ò A" of titles.

Only what is one Vietnamese syllable together, and nothing (or something else) apart, is joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Generic, TypeVar

from pipeline.document import Box
from pipeline.vietnamese import is_syllable

Style = TypeVar("Style")
NO_GAP = 0.09  # of the font's height: closer than any blank …
SMALL_GAP = 0.55  # … of the row's usual gap: closer than its blanks …
ONE_BLANK = 0.45  # … and wider than this stands no fragment of the same word
SPREAD = 6  # gaps in a row, to tell two kinds of them
WIDE_LETTERS = 3  # single letters in a row, to be a title in wide letters
LONGEST_SYLLABLE = 7  # "nghiêng"
CODAS = {"c", "ch", "m", "n", "ng", "nh", "p", "t"}
ONSETS = {
    "b", "c", "ch", "d", "đ", "g", "gh", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "q", "r", "s",
    "t", "th", "tr", "v", "x",
}  # fmt: skip
LETTERED = {"điểm", "khoản", "mục", "phụ", "lục", "phần", "nhóm", "hạng", "lớp", "tổ", "khối"}  # "điểm d ưới" is rare


@dataclass(frozen=True, slots=True)
class Piece(Generic[Style]):
    """What stands between two blanks; `em` is the height of its font."""

    text: str
    box: Box
    em: float
    style: Style


def rejoined(row: Sequence[Piece[Style]]) -> list[Piece[Style]]:
    """The pieces of one row, from left to right, with those of one word in one piece."""
    ordered = sorted(row, key=lambda piece: piece.box.left)
    return _without_fragments(_without_wide_letters(_without_spread(ordered)))


def _without_spread(row: Sequence[Piece[Style]]) -> list[Piece[Style]]:
    """A row set wide, whose gaps are of two kinds: "N hu c ầ u  t hị  t rư ờ n g". Judged by what it says joined."""
    gaps = [b.box.left - a.box.right for a, b in pairwise(row)]
    if len(gaps) < SPREAD:
        return list(row)
    ranked = sorted(gaps)
    jump, between = max((wide - small, (wide + small) / 2) for small, wide in pairwise(ranked))
    if jump < 0.3 * row[0].em or ranked[0] > between or sum(gap < between for gap in gaps) < len(gaps) / 3:
        return list(row)
    groups = [[row[0]]]
    for gap, piece in zip(gaps, row[1:], strict=True):
        if gap > between:
            groups.append([])
        groups[-1].append(piece)
    joined = [_joined(group) for group in groups]
    return joined if _syllables_among(row) <= 0.5 and _syllables_among(joined) >= 0.8 else list(row)


def _syllables_among(row: Sequence[Piece[Style]]) -> float:
    """Among the pieces with letters; nothing to judge is nothing wrong."""
    words = [piece.text.strip("“”\"'()[].,;:!?…") for piece in row if any(map(str.isalpha, piece.text))]
    return sum(map(is_syllable, words)) / len(words) if words else 1.0


def _without_fragments(row: Sequence[Piece[Style]]) -> list[Piece[Style]]:
    whole: list[Piece[Style]] = []
    gaps = [b.box.left - a.box.right for a, b in pairwise(row)]
    narrow = SMALL_GAP * median(gaps) if len(gaps) >= 4 else 0.0
    for at, piece in enumerate(row):
        following = row[at + 1] if at + 1 < len(row) else None
        before = whole[-2].text if len(whole) > 1 else ""
        if (
            whole
            and _fragments(whole[-1], piece, before, narrow)
            and not (following and _begins(whole[-1], piece, following))
        ):
            whole[-1] = _joined([whole[-1], piece])
        else:
            whole.append(piece)
    return whole


def _begins(left: Piece[Style], piece: Piece[Style], following: Piece[Style]) -> bool:
    """May a lone consonant as well begin the next word ("về n gày") as end the one before? Then it is the next one's,
    if it does not stand nearer to the one before."""
    if not is_syllable(left.text) or not _fragments(piece, following, left.text):
        return False
    return following.box.left - piece.box.right <= piece.box.left - left.box.right + 0.12 * piece.em


def _fragments(left: Piece[Style], right: Piece[Style], before: str, narrow: float = 0.0) -> bool:
    """Are these two pieces of one syllable, and not two words? A gap below `narrow` points is none between words."""
    gap = right.box.left - left.box.right
    head, tail = left.text.lstrip("“\"'(["), right.text.rstrip(".,;:!?”\"')]…")
    if gap > ONE_BLANK * left.em or not (head.isalpha() and tail.isalpha() and is_syllable(head + tail)):
        return False
    if not _one_case(head, tail):
        return False
    if gap < max(NO_GAP * left.em, narrow):
        return True
    if is_syllable(head):  # "họ" + "c": a coda is no word
        return tail.lower() in CODAS and len(head) > 1
    return head.lower() in ONSETS and not before[-1:].isdigit() and before.lower() not in LETTERED  # "5 m ở"


def _one_case(head: str, tail: str) -> bool:
    return tail.islower() or (head.isupper() and tail.isupper())


def _without_wide_letters(row: Sequence[Piece[Style]]) -> list[Piece[Style]]:
    out: list[Piece[Style]] = []
    letters: list[Piece[Style]] = []
    for piece in [*row, None]:
        if piece and len(piece.text) == 1 and piece.text.isalpha() and piece.text.isupper():
            letters.append(piece)
            continue
        out += _words_of(letters)
        letters = []
        if piece:
            out.append(piece)
    return out


def _words_of(letters: Sequence[Piece[Style]]) -> list[Piece[Style]]:
    """Wide letters as words: parted at wider gaps, or, where all are alike, into syllables; else as they stood."""
    if len(letters) < WIDE_LETTERS:
        return list(letters)
    gaps = [b.box.left - a.box.right for a, b in pairwise(letters)]
    usual = median(gaps)
    groups = [[letters[0]]]
    for gap, piece in zip(gaps, letters[1:], strict=True):
        if gap > 1.6 * usual + 0.05 * piece.em:
            groups.append([])
        groups[-1].append(piece)
    words: list[Piece[Style]] = []
    for group in groups:
        parted = _syllables_of("".join(piece.text for piece in group))
        if parted is None:
            return list(letters)
        at = 0
        for syllable in parted:
            words.append(_joined(group[at : at + len(syllable)]))
            at += len(syllable)
    return words


def _syllables_of(text: str) -> list[str] | None:
    """The text cut into the fewest Vietnamese syllables, None when it cannot be."""
    best: list[list[str] | None] = [[], *[None] * len(text)]
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - LONGEST_SYLLABLE), end):
            known, part = best[start], text[start:end]
            if known is not None and is_syllable(part):
                found = best[end]
                if found is None or len(known) + 1 < len(found):
                    best[end] = [*known, part]
    return best[-1]


def _joined(pieces: Sequence[Piece[Style]]) -> Piece[Style]:
    text = "".join(piece.text for piece in pieces)
    return replace(pieces[0], text=text, box=Box.around([piece.box for piece in pieces]))
