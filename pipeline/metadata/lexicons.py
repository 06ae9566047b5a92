"""What is generally known - types, positions, family names, places, agencies' words - read from `config/lexicons`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipeline.settings import data_folder
from pipeline.vietnamese import canonical, fold, nfc


@dataclass(frozen=True)
class DocumentType:
    """A type of document: its name in sentence case and the abbreviations that stand in notations."""

    name: str
    abbreviations: tuple[str, ...]

    @property
    def heading(self) -> str:
        """As the heading reads, folded: "quyet dinh"."""
        return fold(self.name)


@dataclass(frozen=True)
class Lexicons:
    """All lists, folded where they are compared."""

    types: tuple[DocumentType, ...]
    heads: Mapping[str, str]  # folded position → as it is spelled, capitals; heads of units
    deputies: Mapping[str, str]
    family_names: frozenset[str]  # canonical spelling
    places: Mapping[str, str]  # folded → as spelled
    agency_ranks: Mapping[str, int]  # folded first words of an agency's name → rank, 1 the highest
    continues: tuple[str, ...]  # folded words with which a second line of a name begins
    ends_open: tuple[str, ...]  # folded words after which a name goes on in the next line
    agency_phrases: Mapping[str, str]  # folded → as spelled, capitals

    def type_of(self, abbreviation: str) -> tuple[DocumentType, ...]:
        """The types that a notation's first group stands for, by exact spelling, else by folded spelling."""
        exact = tuple(t for t in self.types if abbreviation in t.abbreviations)
        folded = fold(abbreviation)
        return exact or tuple(t for t in self.types if folded in {fold(a) for a in t.abbreviations})

    @property
    def positions(self) -> Mapping[str, str]:
        return {**self.heads, **self.deputies}


@lru_cache
def lexicons() -> Lexicons:
    positions, agencies = _load("positions"), _load("agencies")
    heads = _by_fold(positions["heads"])
    deputies = {**{f"pho {key}": f"PHÓ {name}" for key, name in heads.items()}, **_by_fold(positions["deputies"])}
    return Lexicons(
        types=tuple(DocumentType(nfc(t["name"]), tuple(t["abbreviations"])) for t in _load("document_types")["types"]),
        heads=heads,
        deputies=deputies,
        family_names=frozenset(canonical(name) for name in _load("family_names")["names"]),
        places=_by_fold(_load("provinces")["names"]),
        agency_ranks={fold(name): rank for name, rank in agencies["heads"].items()},
        continues=tuple(fold(word) for word in agencies["continues"]),
        ends_open=tuple(fold(word) for word in agencies["ends_open"]),
        agency_phrases=_by_fold(agencies["respelled"]),
    )


def begins_with(folded: str, phrase: str) -> bool:
    """Does folded text begin with a folded phrase that ends at a word's end?"""
    return folded.startswith(phrase) and not folded[len(phrase) : len(phrase) + 1].isalnum()


def respell(text: str, phrases: Mapping[str, str]) -> str:
    """Put the known spelling wherever the folded text agrees: "GIÁM ĐÓC" → "GIÁM ĐỐC".

    The printed tone placement (UỶ, ỦY) and the printed case stay. `fold` keeps offsets, so slices agree.
    """
    text = nfc(text)
    for match in _pattern(tuple(phrases)).finditer(fold(text)):
        printed, spelled = text[match.start() : match.end()], phrases[match[0]]
        if canonical(printed) != canonical(spelled):
            text = text[: match.start()] + _in_case_of(printed, spelled) + text[match.end() :]
    return text


def _in_case_of(printed: str, spelled: str) -> str:
    if printed.isupper():
        return spelled.upper()
    if printed.islower():
        return spelled.lower()
    if printed.istitle():
        return spelled.title()
    return spelled if not spelled.isupper() else spelled.capitalize()


@lru_cache(maxsize=16)
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(map(re.escape, longest_first))})(?![a-z0-9])")


def _by_fold(names: Iterable[str]) -> dict[str, str]:
    return {fold(name): nfc(name) for name in names}


def _load(name: str) -> Any:
    return json.loads((data_folder() / "lexicons" / f"{name}.json").read_text(encoding="utf-8"))
