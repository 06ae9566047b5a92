"""Several readings of one signature block made into one: rows that say the same place are put to the vote.

What readings agree on is surer than each alone; where two sensible readings differ, the row is doubtful. Words are
only chosen, or cut where a lexicon holds the whole word - nothing is made up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from math import prod
from statistics import fmean

from rapidfuzz import fuzz

from pipeline.document import Box, SecondLook, Word
from pipeline.metadata.layout import Row
from pipeline.metadata.lexicons import lexicons
from pipeline.metadata.person import name_in, respelled_family
from pipeline.metadata.syllables import is_syllable, without_tone
from pipeline.metadata.titles import Title, prefix_of, title_of
from pipeline.vietnamese import canonical, fold, nfc

_SAME_BASE = 5.0  # points between the middles of two readings of one row
_SURE, _DOUBTFUL = 0.95, 0.55  # confidence of a row's words after the vote
_EXACT, _NEAR = 0.6, 0.5  # evidence of a doubtful reading for a title: all letters agree, nearly all
_STEP = (9.0, 24.0)  # points from one row of a block to the next
_SECONDS = {"bo truong": "THỨ TRƯỞNG"}  # deputies who are not called "PHÓ …"
_DISPUTED = 0.34  # … and of a syllable's, the syllable
_LONGEST_NAME = 5  # syllables
_WIDEST_FAMILY = 4.5  # times a row's height
_LIKE, _LIKE_NO_OTHER = 55.0, 8.0  # percent of letters that torn readings share with a family name, and with no other
_LEGIBLE = 0.4  # of a word that takes part in a vote
_LEGIBLE_START = 0.8  # … of the first words of a title of which the rest is hidden
_DISSENT = 0.5  # a rival with more than so much of the winner's votes makes the winner doubtful
_INDEPENDENT = 0.9  # layers of one picture are not quite independent witnesses


def pooled(first: Sequence[Row], looks: Iterable[SecondLook], page: int) -> list[Row]:
    """The rows of the first reading, bettered by what second looks read in the same places; ordered from the top."""
    seen = [piece for look in looks for line in look.lines for piece in Row(page, line.words).pieces(1.2)]
    telling = [row for row in seen if _is_title(row) or name_in(row, digital=False)[1] > 0 or _looks_like_name(row)]
    if not telling:
        return list(first)
    pieces = [piece for row in first for piece in row.pieces(1.6)]
    merged: list[Row] = []
    for group in _places([*pieces, *telling]):
        again = [row for row in group if any(row is other for other in telling)]
        merged.extend([_vote(group)] if again else group)
    merged.extend(_half_hidden_deputies(merged, [*pieces, *seen]))
    return sorted(merged, key=lambda row: (row.base, row.box.left))


def _half_hidden_deputies(rows: Sequence[Row], readings: Sequence[Row]) -> list[Row]:
    """Under "GIÁM ĐỐC", or "KT. GIÁM ĐỐC", a row of which "… ĐỐC" or "PHÓ GIÁM …" is left: "PHÓ GIÁM ĐỐC".

    It is to be looked at, unless two readings at least show "PHÓ GIÁM" surely: nothing else begins so.
    """
    known, found = lexicons().positions, []
    titles = [row for row in rows if _is_title(row)]
    for row in titles:
        head = title_of(row.part(1) or row) if prefix_of(row) else title_of(row)
        if head is None or head.deputy:
            continue
        text = _SECONDS.get(fold(head.text)) or known.get(f"pho {fold(head.text)}")
        under = [other for other in titles if _right_under(row, other)]
        left = [other for other in readings if _right_under(row, other) and _ends_alike(head, other)]
        begun = [other for other in readings if _under(row, other) and _begins_alike(text or "", other)]
        if text and (left or begun) and not under:
            widest = max(begun or left, key=lambda other: other.box.width)
            found.append(_spelled(text, widest, _SURE if len(begun) > 1 else _DOUBTFUL))
    return found


def _right_under(row: Row, other: Row) -> bool:
    """… about one axis: the longer "PHÓ …" ends a little to the right of the title above it."""
    return _STEP[0] < other.base - row.base < _STEP[1] and -6 < other.box.right - row.box.right < 3 * row.height


def _under(row: Row, other: Row) -> bool:
    over = min(row.box.right, other.box.right) - max(row.box.left, other.box.left)
    return _STEP[0] < other.base - row.base < _STEP[1] and over > 0.5 * min(row.box.width, other.box.width)


def _begins_alike(deputy: str, row: Row) -> bool:
    """Does a row show the first two words of "PHÓ GIÁM ĐỐC" at its beginning, both surely?"""
    words, wanted = [word for word in row.words if any(map(str.isalpha, word.text))], deputy.split()
    return (
        len(wanted) > 2
        and len(words) > 1
        and all(canonical(word.text) == canonical(text) for word, text in zip(words, wanted[:2], strict=False))
        and all(word.confidence > _LEGIBLE_START for word in words[:2])
    )


def _ends_alike(title: Title, row: Row) -> bool:
    """Seals have words of their own: "TRƯỜNG" is not the end of "HIỆU TRƯỞNG"."""
    last = row.words[-1]
    return last.confidence >= _LEGIBLE and canonical(last.text.strip(".,")) == canonical(title.text.split()[-1])


def _places(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows gathered by where they stand: the same base line, and one over the other."""
    groups: list[list[Row]] = []
    for row in sorted(rows, key=lambda r: -r.box.width):
        group = next((g for g in groups if _same_place(g[0], row)), None)
        if group is None:
            groups.append([row])
        else:
            group.append(row)
    return groups


def _same_place(wide: Row, row: Row) -> bool:
    overlap = min(wide.box.right, row.box.right) - max(wide.box.left, row.box.left)
    return abs(wide.base - row.base) < _SAME_BASE and overlap > 0.4 * row.box.width


def _vote(readings: Sequence[Row]) -> Row:
    titles = [row for row in readings if _is_title(row)]
    return _voted_title(titles) if titles else _voted_name(readings)


def _is_title(row: Row) -> bool:
    return bool(prefix_of(row)) or title_of(row) is not None


def _looks_like_name(row: Row) -> bool:
    return sum(_votes(word) for word in row.words) > 1


def _voted_title(readings: Sequence[Row]) -> Row:
    """A prefix wins where it was legible, "PHÓ …" over the bare title, else what most readings say."""
    prefixed = [row for row in readings if prefix_of(row)]
    if prefixed:
        return max(prefixed, key=lambda row: row.words[0].confidence)
    votes: dict[str, list[tuple[float, Title, Row]]] = defaultdict(list)
    for row in readings:
        title = title_of(row)
        if title is not None:
            votes[canonical(title.text)].append((_evidence(title, row), title, row))
    weights = {text: sum(ballot[0] for ballot in ballots) for text, ballots in votes.items()}
    best = max(weights, key=lambda text: (weights[text], text))
    deputy = next((text for text in weights if text.endswith(" " + best) and weights[text] >= _NEAR), "")
    winner = deputy or best
    rivals = [weight for text, weight in weights.items() if not text.endswith(winner) and not winner.endswith(text)]
    doubted = weights[winner] < 1 or max(rivals, default=0.0) > _DISSENT * weights[winner]
    _, title, row = max(votes[winner], key=lambda ballot: ballot[0])
    return _spelled(title.text, row, _DOUBTFUL if doubted else _SURE)


def _evidence(title: Title, row: Row) -> float:
    """1 for a title read surely; its letters, though doubted each, agree with a known title by no accident."""
    if title.confidence > 0.8:
        return 1.0
    return _EXACT if fold(title.text) in row.plain else _NEAR


def _spelled(text: str, row: Row, confidence: float) -> Row:
    """The row with a text in place of its words, each in a part of its box."""
    words, box, count = text.split(), row.box, len(text)
    parts, at = [], 0
    for word in words:
        left, right = box.left + box.width * at / count, box.left + box.width * (at + len(word)) / count
        parts.append(Word(word, Box(left, box.top, right, box.bottom), confidence))
        at += len(word) + 1
    return Row(row.page, tuple(parts), row.bold)


def _voted_name(readings: Sequence[Row]) -> Row:
    """The best reading of a name, or the one made of each syllable's best reading; others make it (un)sure."""
    elected = _with_family(_elected(readings), readings)
    candidates = [row for row in [*readings, *([elected] if elected else [])] if name_in(row, digital=False)[1] > 0]
    if not candidates:
        return max(readings, key=lambda row: sum(word.confidence for word in row.words))
    best = max(candidates, key=_standing)
    words = tuple(_weighed(word, readings, first=index == 0) for index, word in enumerate(best.words))
    torn = _is_torn(best, readings)
    return Row(best.page, tuple(replace(w, confidence=min(w.confidence, _DOUBTFUL)) for w in words) if torn else words)


def _standing(row: Row) -> float:
    name, score = name_in(row, digital=False)
    return score * (1.0 if len(name.split()) > 2 else 0.5)  # a shorter one is more often a part of a name


def _elected(readings: Sequence[Row]) -> Row | None:
    """Syllable by syllable: the word with the most votes of those that stand in one place."""
    slots: list[list[Word]] = []
    for word in sorted((w for row in readings for w in row.words if _votes(w)), key=lambda w: w.box.left):
        slot = next((s for s in slots if _over(s[0].box, word.box)), None)
        if slot is None:
            slots.append([word])
        else:
            slot.append(word)
    if not slots:
        return None
    chosen = [_winner(slot, first=index == 0) for index, slot in enumerate(slots)]
    return Row(readings[0].page, tuple(sorted(chosen, key=lambda w: w.box.left)))


def _with_family(name: Row | None, readings: Sequence[Row]) -> Row | None:
    """A name whose family name no reading spells, with the common one that the torn readings come nearest to.

    It is a proposal to be looked at: its confidence says so.
    """
    if name is None or not 1 < len(name.words) < _LONGEST_NAME:
        return name
    first = name.words[0]
    torn = [
        word
        for row in readings
        for word in row.words
        if 0 < first.box.left - word.box.left < _WIDEST_FAMILY * name.height
        and first.box.left - word.box.right > -0.3 * name.height
        and sum(map(str.isalpha, word.text)) > 1
    ]
    whole = len(name.words) > 2 and respelled_family(first.text) in lexicons().common_families.values()
    if whole or not torn:
        return name
    likeness = {family: _likeness(family, torn) for family in lexicons().common_families.values()}
    best = sorted(likeness, key=lambda family: -likeness[family])[:2]
    if likeness[best[0]] < _LIKE or likeness[best[0]] - likeness[best[1]] < _LIKE_NO_OTHER:
        return name
    return Row(name.page, (Word(best[0], Box.around([word.box for word in torn]), _DOUBTFUL), *name.words), name.bold)


def _likeness(family: str, torn: Sequence[Word]) -> float:
    """How much readings of a torn word are like a family name, hats and horns counted: "ần" is of Trần, not Phan."""
    shares = sorted((fuzz.ratio(_letters(word.text), _letters(family)) for word in torn), reverse=True)
    return fmean(shares[: (len(shares) + 1) // 2])  # the other half saw strokes


def _letters(text: str) -> str:
    return "".join(c for c in without_tone(nfc(text).lower()) if c.isalpha())


def _winner(slot: Sequence[Word], *, first: bool) -> Word:
    votes: dict[str, float] = defaultdict(float)
    for word in slot:
        votes[_bare(word, first=first)] += word.confidence
    text = max(votes, key=lambda t: (votes[t], t))
    best = max((w for w in slot if _bare(w, first=first) == text), key=lambda w: w.confidence)
    return replace(best, text=text)


def _weighed(word: Word, readings: Sequence[Row], *, first: bool) -> Word:
    """The word, surer for every other reading that has it, doubtful for one that has another sensible one."""
    over = [w for row in readings for w in row.words if _over(w.box, word.box) and w is not word]
    text = _bare(word, first=first)
    same = [w.confidence for w in over if _bare(w, first=first) == text]
    other = sum(w.confidence for w in over if _votes(w) and _bare(w, first=first) != text)
    confidence = max(word.confidence, 1 - prod(1 - _INDEPENDENT * c for c in [word.confidence, *same])) if same else 0.0
    confidence = max(confidence, word.confidence)
    if other > _DISPUTED * (word.confidence + sum(same)):
        confidence = min(confidence, 0.7)
    return replace(word, confidence=round(min(confidence, 0.99), 4))


def _is_torn(name: Row, readings: Sequence[Row]) -> bool:
    """Does something stand close beside the name, or in a gap of it, that was not read as a part of it?"""
    if any(b.box.left - a.box.right > name.height for a, b in pairwise(name.words)):
        return True
    near = 0.9 * name.height
    beside = (
        word
        for row in readings
        for word in row.words
        if any(map(str.isalpha, word.text)) and not any(_over(word.box, own.box) for own in name.words)
    )
    short = len(name_in(name, digital=False)[0].split()) <= 2
    return any(
        (0 <= word.box.left - name.box.right + 2 < near) or (short and -2 <= name.box.left - word.box.right < near)
        for word in beside
    )


def _bare(word: Word, *, first: bool) -> str:
    text = word.text.strip("“”\"'*-.,")
    return respelled_family(text) if first else text


def _votes(word: Word) -> bool:
    text = word.text.strip("“”\"'*-.,")
    return word.confidence >= _LEGIBLE and len(text) > 1 and text.istitle() and is_syllable(text)


def _over(a: Box, b: Box) -> bool:
    return min(a.right, b.right) - max(a.left, b.left) > 0.5 * min(a.width, b.width)
