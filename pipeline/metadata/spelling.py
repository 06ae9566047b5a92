"""Repairs what a reader got wrong in names, by lexicons and by how the document itself spells them elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from pipeline.document import Confirmed, Page, Word
from pipeline.metadata.lexicons import in_case_of, lexicons, respell
from pipeline.metadata.proofreading import Proof, proofread
from pipeline.metadata.syllables import is_syllable
from pipeline.metadata.usage import usage
from pipeline.vietnamese import canonical, fold, nfc

_SURE = 0.9  # confidence from which a word is left as it was read
_USUAL = 100  # counts of a syllable that make it a word of its own
_LETTERS = re.compile(r"\W*([^\W\d_]+)\W*")
_NUMBERED = re.compile(r"\W*([^\W\d_]+)(?=\d)")
_COUNTED = frozenset(("dieu", "muc", "khoan", "diem", "chuong", "phan", "quy", "nam", "thang", "ngay", "phong"))
_REPEATED = 0.98  # chance of what the document says twice
_MARKS = ".,;:()“”\"'-–"
_PARTS = re.compile(r"[^\w]+")
_OFTEN = 3  # times a pair stands in a document, itself among them, to say something


@dataclass(frozen=True)
class Body:
    """The running text of a document, asked how often and how it spells a phrase; and what the office knows already."""

    pages: tuple[Page, ...]
    confirmed: Confirmed = field(default_factory=Confirmed)

    @cached_property
    def text(self) -> str:
        return nfc(" ".join(word.text for page in self.pages for word in page.words))

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    @cached_property
    def _pairs(self) -> dict[tuple[str, str], list[tuple[str, str]]]:
        """For every two words side by side, folded: the pair as it stands, each time."""
        words = [(bare, fold(bare)) for page in self.pages for word in page.words for bare in (_bare(word.text),)]
        pairs: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for (first, first_folded), (second, second_folded) in pairwise(words):
            if first and second:
                pairs.setdefault((first_folded, second_folded), []).append((first, second))
        return pairs

    def _spellings_of_pair(self, first: str, second: str) -> Counter[tuple[str, str]]:
        found = self._pairs.get((fold(first), fold(second)), [])
        return Counter((canonical(a), canonical(b)) for a, b in found)

    def mended(self, words: Sequence[str]) -> list[str]:
        """Words of a recognised text, spelled as the document spells them elsewhere beside the same neighbour.

        "tô chức" becomes "tổ chức" where the body says that at least twice, and thrice as often.
        """
        bare = [_bare(word) for word in words]
        mended = list(words)
        for at, own in enumerate(bare):
            votes: Counter[str] = Counter()
            for left in (at - 1, at):
                if own and left >= 0 and left + 1 < len(bare) and bare[left] and bare[left + 1]:
                    for pair, count in self._spellings_of_pair(bare[left], bare[left + 1]).items():
                        votes[pair[at - left]] += count - ((canonical(bare[left]), canonical(bare[left + 1])) == pair)
            best, count = max(votes.items(), key=lambda item: (item[1], item[0]), default=("", 0))
            if count >= 2 and best != canonical(own) and count >= 3 * votes[canonical(own)]:
                mended[at] = words[at].replace(own, in_case_of(own, best))
        return mended

    @cached_property
    def _said(self) -> frozenset[str]:
        """Pairs of words that stand at least three times in the document, in canonical spelling."""
        return frozenset(
            f"{first} {second}"
            for group in self._pairs.values()
            if len(group) >= _OFTEN
            for (first, second), count in Counter((canonical(a), canonical(b)) for a, b in group).items()
            if count >= _OFTEN
        )

    def proofs(self, words: Sequence[Word]) -> list[Proof]:
        """Recognised words as they should stand: by what the document says elsewhere, then by the language."""
        mended = self.mended([self._plausible(word) for word in words])
        proofs = proofread([replace(word, text=text) for word, text in zip(words, mended, strict=True)], self._said)
        return [
            replace(proof, chance=max(proof.chance, _REPEATED)) if self._repeats(proof.text) else proof
            for proof in proofs
        ]

    def _repeats(self, text: str) -> bool:
        """Does an abbreviation or a code stand elsewhere in the document, exactly so?"""
        bare = text.strip(_MARKS)
        return len(bare) > 1 and sum(c.isupper() for c in bare) > 1 and self._counted[bare] > 1

    @cached_property
    def _counted(self) -> Counter[str]:
        return Counter(bare for word in self.text.split() for bare in {word.strip(_MARKS), *_PARTS.split(word)})

    def _plausible(self, word: Word) -> str:
        """A word without what the reader is known to add: "QĐĐ" for QĐ, "€" for C; and with a blank that it lost."""
        text = nfc(word.text)
        if not any(c.isalpha() for c in text):
            return text
        if word.confidence < _SURE:
            text = re.sub(r"(?<=\bb/)[€eo](?!\w)", "c", text.replace("ĐĐ", "Đ")).replace("€", "C")
        cut = _glued_at(text)
        if cut:
            return f"{text[:cut]} {text[cut:]}"
        for short in lexicons().recipient_abbreviations:
            rest = re.fullmatch(rf"(\W*){short}([A-ZĐ]{{2,}})(\W*)", text)
            if rest and self._counted[rest[2]] > 0 and self._counted[rest[2]] >= self._counted[short + rest[2]]:
                return f"{rest[1]}{short} {rest[2]}{rest[3]}"
        return text

    def disputed(self, words: Sequence[str]) -> bool:
        """Does the document spell two of these neighbours otherwise elsewhere, at least as often as so?"""
        for first, second in pairwise(_bare(word) for word in words):
            spellings = self._spellings_of_pair(first, second) if first and second else Counter()
            own = spellings.pop((canonical(first), canonical(second)), 0)
            if spellings and max(spellings.values()) >= own:
                return True
        return False

    def spellings(self, phrase: str) -> Counter[str]:
        """How the body spells a phrase, counted by canonical spelling; the case is not looked at."""
        wanted = re.escape(" ".join(fold(phrase).split())).replace(r"\ ", r"\s+")
        matches = re.finditer(rf"(?<![a-z0-9]){wanted}(?![a-z0-9])", self.folded)
        return Counter(canonical(self.text[m.start() : m.end()]) for m in matches)


def _glued_at(text: str) -> int:
    """Where two words lost their blank, 0 for nowhere: 3 in "BanQLDA", 4 in "Điều3", 2 in "Dựán"."""
    numbered = _NUMBERED.match(text)
    if numbered and fold(numbered[1]) in _COUNTED:
        return numbered.end()
    match = _LETTERS.fullmatch(text)
    start, end = match.span(1) if match else (0, 0)
    for cut in range(start + 2, end - 1):
        first, rest = text[start:cut], text[cut:end]
        if first[1:].islower() and rest.isupper():
            return cut if is_syllable(first) and usage().count(canonical(first)) > _USUAL else 0
    return 0 if is_syllable(text[start:end]) else _two_syllables(text, start, end)


def _two_syllables(text: str, start: int, end: int) -> int:
    """The only cut that leaves two syllables which often stand side by side; 0 for none or several."""
    cuts = [
        cut
        for cut in range(start + 2, end - 1)
        if text[cut:end].islower()
        and is_syllable(text[start:cut])
        and is_syllable(text[cut:end])
        and usage().pair(canonical(text[start:cut]), canonical(text[cut:end])) > _USUAL
    ]
    return cuts[0] if len(cuts) == 1 else 0


def _bare(word: str) -> str:
    """A word without marks around it; "" for what is no plain word (numbers, codes)."""
    match = re.fullmatch(r"[^\w]*([^\W\d_]+)[^\w]*", nfc(word))
    return match[1] if match else ""


def agency_words() -> Mapping[str, str]:
    known = lexicons()
    return {**{key: name.upper() for key, name in known.places.items()}, **known.agency_phrases}


def spell_agency(printed: str, body: Body) -> tuple[str, bool]:
    """An agency's name with known phrases in their known spelling; and whether the document says it again elsewhere.

    The first occurrence is the printed one itself, so only a second one confirms.
    """
    for known in body.confirmed.agencies:
        if fold(printed) == fold(known):
            return in_case_of(printed, known), True
    name = respell(printed, agency_words())
    spellings = body.spellings(name)
    spellings[canonical(printed)] -= 1
    confirmed = [(count, spelling) for spelling, count in spellings.items() if count > 0]
    if not confirmed:
        return name, False
    count, spelling = max(confirmed)
    if spelling != canonical(name) and count >= 2:
        return spelling.upper(), True
    return name, spelling == canonical(name)
