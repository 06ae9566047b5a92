"""Weighs what a reader made of a line against how Vietnamese is usually written, as a clerk proofreads.

The most likely line under two chances: that these syllables follow each other (`usage`), and that the reader makes of
each what it made (its usual slips: "ể" read as "ế", "i" as "ỉ", "d" as "đ", a tone lost). A word is changed only where
the evidence is far better than the reading; where it is merely as good, the word is doubted. Numbers, abbreviations,
codes and names stay as they were read.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import exp

from pipeline.document import Word
from pipeline.metadata.syllables import is_syllable, without_tone
from pipeline.metadata.usage import BREAK, NUMBER, Usage, stream, usage
from pipeline.vietnamese import canonical, fold, nfc

CHANGED_ABOVE = 3.5  # logarithm of the odds for another word from which it takes the reading's place
_GOOD_ABOVE = 4.2  # the same where the reading is a usual one
_SAFE = -5.0  # odds below which the neighbours confirm the reading: right 999 times in 1000 on worn pages
_CONFIRMED = 0.999
_DOUBT = 0.7  # measured: the odds are a little too kind to the reading where they are near
_OF_CRUMBS = 0.3  # chance of what ink leaves of a word
_CRUMB_BELOW = 0.8
_WELL_SEEN = 50.0
_MARKS = ".,;:'\"“”‘’"
_SEEN = 3.5  # counts of a pair that make it usual
_IMPOSSIBLE = 2.0  # odds that a syllable is no word of the language, whatever texts with slips of their own say
_STOPS = ("c", "ch", "p", "t")
_NAMES_ABOVE = 8.0  # the same between words with capitals, which may be names that no law mentions
_UNLIKELY = 12.0  # slips that cost more are none
_MOST = 7  # candidates for a word
_DOCUMENT = 1.2  # how much a spelling that stands elsewhere in the document gains
_ALIKE = ("ce", "hn", "hb", "li", "lt", "it", "nu", "rn", "oc", "oe", "vy", "uv", "gq", "ao", "kh", "tf", "bn", "ry")
_TONES = "\u0300\u0301\u0309\u0303\u0323"


@dataclass(frozen=True)
class Proof:
    """A word as it should stand, and the chance that it is the printed one, as far as its neighbours can tell."""

    text: str
    chance: float
    changed: bool = False


@dataclass(frozen=True)
class _Place:
    """A token of the line: its word's index, what may have been printed and what each reading would have cost."""

    word: int
    candidates: tuple[tuple[str, float], ...]  # the reading first
    free: bool  # may it be changed at all?


def without_crumbs(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words without what ink left between two that belong together: "trọng ñ điểm", "SỞ Y TỊ TẾ"."""
    known, tokens = usage(), [canonical(nfc(word.text).strip(_MARKS)) for word in words]
    kept = []
    for at, (word, token) in enumerate(zip(words, tokens, strict=True)):
        inside = 0 < at < len(words) - 1
        if inside and len(token) <= 2 and token.isalpha() and word.confidence < _CRUMB_BELOW:
            left, right = tokens[at - 1], tokens[at + 1]
            if known.pair(left, right) > _WELL_SEEN and not _attested(token, left, right, known):
                continue
        kept.append(word)
    return tuple(kept)


def proofread(words: Sequence[Word], said: Set[str] = frozenset()) -> list[Proof]:
    """One proof a word, in order. `said`: canonical pairs "a b" that stand elsewhere in the document."""
    known = usage()
    printed = [nfc(word.text) for word in words]
    places = _places(printed, known)
    odds = _odds(places, known, said)
    proofs = [Proof(text, _base(word.confidence)) for text, word in zip(printed, words, strict=True)]
    capitals = _all_capitals(printed)
    for at, place in enumerate(places):
        better, odd = odds[at]
        if _crumb(place, places[at - 1 : at + 2 : 2], printed, known):
            proofs[place.word] = Proof(printed[place.word], min(proofs[place.word].chance, _OF_CRUMBS))
        if not place.free or not better:
            continue
        word, reading = words[place.word], place.candidates[0][0]
        odd += _slip_odds(word.confidence) + (_IMPOSSIBLE if _lacks_tone(reading) else 0.0)
        text = printed[place.word]
        named = not capitals and _name_like(printed, place.word)
        near = (places[at - 1].candidates[0][0], places[at + 1].candidates[0][0])
        if odd > _limit(reading, near, known, named=named) and _attested(better, *_best_near(odds, places, at), known):
            changed = _in_place_of(text, reading, better)
            proofs[place.word] = Proof(changed, 1.0 / (1.0 + exp(-odd)) if not named else 0.9, changed=True)
        elif odd < _SAFE and _attested(reading, *near, known):
            sure = _CONFIRMED if word.confidence >= 0.6 else _CONFIRMED - 0.03
            proofs[place.word] = Proof(text, max(proofs[place.word].chance, sure))
        elif not named:
            chance = 1.0 / (1.0 + exp(odd + _DOUBT))
            proofs[place.word] = Proof(text, min(proofs[place.word].chance, max(chance, 0.05)))
    return proofs


def _crumb(place: _Place, near: Sequence[_Place], printed: Sequence[str], known: Usage) -> bool:
    """A small letter alone where nobody writes one: what ink leaves of a word."""
    token = place.candidates[0][0]
    if place.word < 0 or len(token) != 1 or not printed[place.word].isalpha() or printed[place.word].isupper():
        return False
    left, right = (other.candidates[0][0] for other in near)
    return not _attested(token, left, right, known)


def _limit(reading: str, near: tuple[str, str], known: Usage, *, named: bool) -> float:
    """How much better another word must be: most where the reading is itself what people write there."""
    if named and known.count(reading):
        return _NAMES_ABOVE
    return _GOOD_ABOVE if _attested(reading, *near, known) else CHANGED_ABOVE


def _best_near(odds: Sequence[tuple[str, float]], places: Sequence[_Place], at: int) -> tuple[str, str]:
    """The neighbours of a place as they probably are."""
    left, right = (
        odds[near][0] if odds[near][0] and odds[near][1] > 0 else places[near].candidates[0][0]
        for near in (at - 1, at + 1)
    )
    return left, right


def _attested(syllable: str, left: str, right: str, known: Usage) -> bool:
    return known.pair(left, syllable) > _SEEN or known.pair(syllable, right) > _SEEN


def _places(printed: Sequence[str], known: Usage) -> list[_Place]:
    places = [_Place(-1, ((BREAK, 0.0),), free=False)]
    tokens = list(stream(printed))
    parts = Counter(at for at, token in tokens if token != BREAK)
    for at, token in tokens:
        if token == BREAK and places[-1].candidates[0][0] == BREAK:
            continue
        free = token not in {BREAK, NUMBER} and parts[at] == 1 and _is_plain(printed[at], token)
        candidates = _candidates(token, known) if free else ((token, 0.0),)
        places.append(_Place(at, candidates, free and len(candidates) > 1))
    return [*places, _Place(-1, ((BREAK, 0.0),), free=False)]


def _is_plain(printed: str, token: str) -> bool:
    """A word in letters that is no abbreviation: "Đọt", "họe", "QUYẾT"; not "UBND", "VP", "ơ" as ink leaves it."""
    if not token.isalpha() or len(token) < 2:
        return False
    return is_syllable(token) or not printed.isupper()


@lru_cache(maxsize=20000)
def _candidates(token: str, known: Usage) -> tuple[tuple[str, float], ...]:
    """The reading and the syllables that a reader may have made it of, each with the price of that slip."""
    letters = fold(token)
    found: dict[str, float] = {}
    for variant, price in _variants(letters):
        for syllable in known.by_letters.get(variant, ()):
            if syllable != token and is_syllable(syllable):
                cost = price + sum(_price(a, b) for a, b in zip(syllable, token, strict=True) if fold(a) == fold(b))
                if cost < _UNLIKELY:
                    found[syllable] = min(cost, found.get(syllable, cost))
    best = sorted(found.items(), key=lambda item: (item[1] - _common(item[0], known), item[0]))[:_MOST]
    return ((token, 0.0), *best)


def _common(syllable: str, known: Usage) -> float:
    return float(known.count(syllable) > 50) * 2.0


def _variants(letters: str) -> Iterable[tuple[str, float]]:
    """The letters themselves, and those with one letter replaced by one that looks like it."""
    yield letters, 0.0
    for at, letter in enumerate(letters):
        for pair in _ALIKE:
            if letter in pair:
                other = pair[1] if letter == pair[0] else pair[0]
                yield letters[:at] + other + letters[at + 1 :], 8.0


@lru_cache(maxsize=4000)
def _price(printed: str, read: str) -> float:
    """What it costs to take one letter for another with the same base; measured on worn pages of known text."""
    if printed == read:
        return 0.0
    if "đ" in (printed, read):
        return 3.8 if read == "đ" else 8.5
    (hat, tone), (hat_read, tone_read) = _marks(printed), _marks(read)
    cost = 0.0
    if tone != tone_read:
        if hat:
            cost += 2.7 if (tone, tone_read) == ("\u0309", "\u0301") else 3.9 if not tone_read else 5.0
        else:
            cost += 5.0 if not tone_read or (not tone and tone_read == "\u0309") else 6.0
    if hat != hat_read:
        cost += 6.0
    return cost


def _marks(letter: str) -> tuple[str, str]:
    parts = unicodedata.normalize("NFD", letter)[1:]
    return "".join(c for c in parts if c not in _TONES), "".join(c for c in parts if c in _TONES)


def _odds(places: Sequence[_Place], known: Usage, said: Set[str]) -> list[tuple[str, float]]:
    """For each place the best other candidate and the logarithm of its odds, over all lines that go through each."""
    forward = _swept(places, known, said, backwards=False)
    backward = _swept(places[::-1], known, said, backwards=True)[::-1]
    odds: list[tuple[str, float]] = []
    for place, before, behind in zip(places, forward, backward, strict=True):
        scores = [a + b + price for a, b, (_, price) in zip(before, behind, place.candidates, strict=True)]
        others = [(score, text) for score, (text, _) in zip(scores[1:], place.candidates[1:], strict=True)]
        best = max(others, default=(0.0, ""))
        odds.append((best[1], best[0] - scores[0]))
    return odds


def _swept(places: Sequence[_Place], known: Usage, said: Set[str], *, backwards: bool) -> list[list[float]]:
    """The best score of a line up to each candidate, slips' prices included (Viterbi)."""
    scores = [[-price for _, price in places[0].candidates]]
    for previous, place in pairwise(places):
        row = []
        for text, price in place.candidates:
            steps = (
                score + _step(other, text, known, said, backwards=backwards)
                for score, (other, _) in zip(scores[-1], previous.candidates, strict=True)
            )
            row.append(max(steps) - price)
        scores.append(row)
    return scores


def _step(one: str, two: str, known: Usage, said: Set[str], *, backwards: bool) -> float:
    first, second = (two, one) if backwards else (one, two)
    return known.following(first, second) + (_DOCUMENT if f"{first} {second}" in said else 0.0)


def _base(confidence: float) -> float:
    """The chance of a word of which its neighbours say nothing."""
    if confidence >= 0.95:
        return 0.995
    if confidence >= 0.9:
        return 0.985
    if confidence >= 0.8:
        return 0.96
    return 0.85 if confidence >= 0.6 else max(0.05, confidence)


def _lacks_tone(syllable: str) -> bool:
    """ "câp", "viêt": a Vietnamese vowel before a stop without the tone that it must have there."""
    letters = fold(syllable) != syllable and syllable.endswith(_STOPS)
    return letters and not is_syllable(syllable) and is_syllable(without_tone(syllable[:-1].rstrip("h")))


def _slip_odds(confidence: float) -> float:
    """What the reader's own doubt adds to the odds of a slip."""
    if confidence >= 0.95:
        return 0.0
    if confidence >= 0.9:
        return 1.0
    return 2.0 if confidence >= 0.8 else 2.5


def _name_like(printed: Sequence[str], at: int) -> bool:
    """A word with a capital beside another such word: a name, or the name of an office."""
    return _titled(printed[at]) and any(
        0 <= near < len(printed) and _titled(printed[near]) and not _parted(printed[min(at, near)])
        for near in (at - 1, at + 1)
    )


def _titled(word: str) -> bool:
    letters = [c for c in word if c.isalpha()]
    return bool(letters) and letters[0].isupper()


def _parted(word: str) -> bool:
    return word[-1:] in ".,;:)"


def _all_capitals(printed: Sequence[str]) -> bool:
    letters = [c for word in printed for c in word if c.isalpha()]
    return bool(letters) and sum(c.isupper() for c in letters) > 0.8 * len(letters)


def _in_place_of(text: str, reading: str, better: str) -> str:
    """The word with its marks and its capitals, its syllable replaced."""
    start = canonical(text).find(reading)
    if start < 0 or len(canonical(text)) != len(text) or len(reading) != len(better):
        return text
    printed = text[start : start + len(reading)]
    cased = "".join(b.upper() if a.isupper() else b for a, b in zip(printed, better, strict=True))
    return text[:start] + cased + text[start + len(reading) :]
