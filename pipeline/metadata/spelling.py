"""Repairs what a reader got wrong in names, by lexicons and by how the document itself spells them elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pipeline.document import Page
from pipeline.metadata.lexicons import lexicons, respell
from pipeline.vietnamese import canonical, fold, nfc


@dataclass(frozen=True)
class Body:
    """The running text of a document, asked how often and how it spells a phrase."""

    pages: tuple[Page, ...]

    @cached_property
    def text(self) -> str:
        return nfc(" ".join(word.text for page in self.pages for word in page.words))

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    def spellings(self, phrase: str) -> Counter[str]:
        """How the body spells a phrase, counted by canonical spelling; the case is not looked at."""
        wanted = re.escape(" ".join(fold(phrase).split())).replace(r"\ ", r"\s+")
        matches = re.finditer(rf"(?<![a-z0-9]){wanted}(?![a-z0-9])", self.folded)
        return Counter(canonical(self.text[m.start() : m.end()]) for m in matches)


def agency_words() -> Mapping[str, str]:
    known = lexicons()
    return {**{key: name.upper() for key, name in known.places.items()}, **known.agency_phrases}


def spell_agency(printed: str, body: Body) -> tuple[str, bool]:
    """An agency's name with known phrases in their known spelling; and whether the document says it again elsewhere.

    The first occurrence is the printed one itself, so only a second one confirms.
    """
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


def covered(text: str, phrases: Iterable[str]) -> float:
    """The share of a text's letters that known folded phrases cover."""
    folded = fold(text)
    mask = [False] * len(folded)
    for phrase in phrases:
        for match in re.finditer(rf"(?<![a-z0-9]){re.escape(phrase)}(?![a-z0-9])", folded):
            mask[match.start() : match.end()] = [True] * len(match[0])
    letters = [covered for covered, c in zip(mask, folded, strict=True) if c.isalnum()]
    return sum(letters) / len(letters) if letters else 0.0
