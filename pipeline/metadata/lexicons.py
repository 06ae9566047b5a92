"""What is generally known - types, positions, family names, places, agencies' words - read from `config/lexicons`."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
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
    common_families: Mapping[str, str]  # folded → as spelled, the commonest with these letters
    places: Mapping[str, str]  # folded → as spelled
    agency_ranks: Mapping[str, int]  # folded first words of an agency's name → rank, 1 the highest
    continues: tuple[str, ...]  # folded words with which a second line of a name begins
    ends_open: tuple[str, ...]  # folded words after which a name goes on in the next line
    agency_phrases: Mapping[str, str]  # folded → as spelled, capitals
    recipient_phrases: Mapping[str, str]  # folded → as spelled, phrases that lists of recipients are made of
    recipient_abbreviations: tuple[str, ...]  # what stands before another abbreviation there: "BGĐ SYT"

    def type_of(self, abbreviation: str) -> tuple[DocumentType, ...]:
        """The types that a notation's first group stands for, by exact spelling, else by folded spelling."""
        exact = tuple(t for t in self.types if abbreviation in t.abbreviations)
        folded = fold(abbreviation)
        return exact or tuple(t for t in self.types if folded in {fold(a) for a in t.abbreviations})

    @cached_property
    def positions(self) -> Mapping[str, str]:
        return {**self.heads, **self.deputies}

    @cached_property
    def position_spellings(self) -> frozenset[str]:
        """Every position as it is spelled (canonical): THỦ TRƯỞNG and THỨ TRƯỞNG share their letters."""
        return frozenset(canonical(name) for name in (*self.heads.values(), *self.deputies.values()))


@lru_cache
def lexicons() -> Lexicons:
    positions, agencies, recipients = _load("positions"), _load("agencies"), _load("recipients")
    heads = _by_fold(positions["heads"])
    heads |= {f"quyen {key}": f"QUYỀN {name}" for key, name in heads.items()}
    deputies = {f"pho {key}": f"PHÓ {name}" for key, name in heads.items() if not key.startswith("quyen ")}
    deputies |= _by_fold(positions["deputies"])
    return Lexicons(
        types=tuple(DocumentType(nfc(t["name"]), tuple(t["abbreviations"])) for t in _load("document_types")["types"]),
        heads=heads,
        deputies=deputies,
        common_families=_by_fold(_load("family_names")["names"][15::-1]),
        family_names=frozenset(canonical(name) for name in _load("family_names")["names"]),
        places=_by_fold(_load("provinces")["names"]),
        agency_ranks={fold(name): rank for name, rank in agencies["heads"].items()},
        continues=tuple(fold(word) for word in agencies["continues"]),
        ends_open=tuple(fold(word) for word in agencies["ends_open"]),
        agency_phrases=_by_fold(agencies["respelled"]),
        recipient_phrases=_by_fold(recipients["phrases"]),
        recipient_abbreviations=tuple(nfc(name) for name in recipients["abbreviations"]),
    )


def begins_with(folded: str, phrase: str) -> bool:
    """Does folded text begin with a folded phrase that ends at a word's end?"""
    return folded.startswith(phrase) and not folded[len(phrase) : len(phrase) + 1].isalnum()


def is_agency(folded: str) -> bool:
    """Does folded text begin as names of agencies do?"""
    return any(begins_with(folded, head) for head in lexicons().agency_ranks)


def respell(text: str, phrases: Mapping[str, str], spellings: Container[str] = ()) -> str:
    """Put the known spelling wherever the folded text agrees: "GIÁM ĐÓC" → "GIÁM ĐỐC".

    The printed tone placement (UỶ, ỦY) and the printed case stay, and what is in `spellings` (canonical). `fold` keeps
    offsets, so slices agree.
    """
    text = nfc(text)
    pattern, by_letters = _pattern(tuple(phrases.items()))
    for match in reversed(list(pattern.finditer(fold(text)))):
        printed, spelled = text[match.start() : match.end()], by_letters[_letters(match[0])]
        if canonical(printed) != canonical(spelled) and canonical(printed) not in spellings:
            text = text[: match.start()] + in_case_of(printed, spelled) + text[match.end() :]
    return text


def vouched(words: Sequence[str], phrases: Mapping[str, str]) -> list[bool]:
    """For each word, does it stand in a known phrase, however its marks above and below were read?"""
    pattern, _ = _pattern(tuple(phrases.items()))
    text = " ".join(nfc(word) for word in words)
    spans = [match.span() for match in pattern.finditer(fold(text))]
    within, at = [], 0
    for word in words:
        end = at + len(nfc(word))
        letters = [place for place in range(at, end) if text[place].isalnum()]
        within.append(bool(letters) and any(a <= letters[0] and letters[-1] < b for a, b in spans))
        at = end + 1
    return within


def _letters(text: str) -> str:
    return re.sub(r"\s", "", text)


def in_case_of(printed: str, spelled: str) -> str:
    """The spelled word in capitals, small letters or title case, as it was printed."""
    if printed.isupper():
        return spelled.upper()
    if printed.islower():
        return spelled.lower()
    if not spelled.isupper() and not spelled.islower():
        return spelled
    return spelled.title() if printed.istitle() else spelled.lower()


@lru_cache(maxsize=16)
def _pattern(phrases: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """Finds any phrase, longest first, also where a reader lost its blanks (BANNHÂNDÂN)."""
    longest_first = sorted((phrase for phrase, _ in phrases), key=len, reverse=True)
    choices = "|".join(re.escape(phrase).replace(r"\ ", r"\s?") for phrase in longest_first)
    pattern = re.compile(rf"(?<![a-z0-9])(?:{choices})(?![a-z0-9])")
    return pattern, {_letters(phrase): spelled for phrase, spelled in phrases}


def _by_fold(names: Iterable[str]) -> dict[str, str]:
    return {fold(name): nfc(name) for name in names}


def _load(name: str) -> Any:
    return json.loads((data_folder() / "lexicons" / f"{name}.json").read_text(encoding="utf-8"))
