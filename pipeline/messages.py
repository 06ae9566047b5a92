"""What the house says to people: Vietnamese first, English beside it, one file of sentences each (Fluent)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

from pipeline.document import Finding
from pipeline.errors import VanthuError

LANGUAGES = ("vi", "en")
CATALOGUES = Path(__file__).with_name("catalogues")


class Messages:
    """One language's sentences: `messages("search-nothing", query="x")` fills one; an unknown id is our bug."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"no catalogue for {language!r}")
        self.language = language
        self._bundle = FluentBundle([language], use_isolating=False)
        for path in sorted((CATALOGUES / language).glob("*.ftl")):
            self._bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))

    def __call__(self, message_id: str, /, **detail: object) -> str:
        pattern = self._bundle.get_message(message_id).value
        if pattern is None:
            raise KeyError(message_id)
        text, _missing = self._bundle.format_pattern(pattern, {name: _plain(value) for name, value in detail.items()})
        return str(text)

    def __contains__(self, message_id: str) -> bool:
        return bool(self._bundle.has_message(message_id))

    def error(self, error: VanthuError) -> str:
        """The sentence of a fault: what happened, to which file, what to do now."""
        return self(f"error-{error.code}", **error.detail)

    def finding(self, finding: Finding) -> str:
        return self(f"finding-{finding.code}", page=finding.page or 0, **finding.detail)


def _plain(value: object) -> str | int | float:
    """Fluent would print 2026 as "2,026": numbers that are not counts go in as text."""
    return value if isinstance(value, (str, int, float)) and not isinstance(value, bool) else str(value)


@lru_cache
def catalogue(language: str) -> Messages:
    return Messages(language)


def language_of(environment: Mapping[str, str] = os.environ) -> str:
    """The language that LC_ALL, LC_MESSAGES or LANG asks for: English for en*, Vietnamese for everything else."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            return "en" if value.lower().startswith("en") else "vi"
    return "vi"
