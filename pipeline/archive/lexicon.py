"""What people call the types of documents: names and abbreviations of `config/lexicons/document_types.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from pipeline.settings import data_folder
from pipeline.vietnamese import nfc, tokens


def folded(text: str) -> str:
    """Folded words joined by single blanks: how names and codes are compared."""
    return " ".join(tokens(text))


@lru_cache
def type_names() -> Mapping[str, frozenset[str]]:
    """Folded name or abbreviation → the folded names it may mean ("hd": hướng dẫn, hợp đồng)."""
    known: dict[str, set[str]] = {}
    for name, abbreviations in _types():
        for called in (name, *abbreviations):
            known.setdefault(folded(called), set()).add(folded(name))
    return {called: frozenset(names) for called, names in known.items()}


@lru_cache
def _exact_abbreviations() -> Mapping[str, str]:
    return {abbreviation: folded(name) for name, abbreviations in _types() for abbreviation in abbreviations}


def types_meant(text: str) -> frozenset[str]:
    """The folded type names that a name or abbreviation means; "HĐ" typed exactly is a contract only. Empty: none."""
    exact = _exact_abbreviations().get(nfc(text).strip())
    if exact is not None:
        return frozenset({exact})
    return type_names().get(folded(text), frozenset())


def _types() -> list[tuple[str, list[str]]]:
    path = data_folder() / "lexicons" / "document_types.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    return [(entry["name"], entry.get("abbreviations", [])) for entry in data["types"]]
