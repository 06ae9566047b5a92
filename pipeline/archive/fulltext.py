"""Full-text conditions in the two languages of the two databases: FTS5's MATCH and PostgreSQL's tsquery.

Words stand in three columns: the title (weight A), the body (D) and words of the whole document (C), which answer
for single words but never for phrases. Everything here is [0-9a-z] by construction, so nothing needs escaping.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.archive.query import Words

NEAR = 3  # words apart, in either order, between neighbours of the query


@dataclass(frozen=True, slots=True)
class Match:
    """Pieces of text with all `words`, in the title all of `title`, none of `never`, and each pair of `pairs` near."""

    words: tuple[Words, ...] = ()
    title: tuple[Words, ...] = ()
    never: tuple[Words, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.title or self.pairs)


class Dialect(Protocol):
    """How one database writes a condition."""

    def words(self, words: Words, *, title: bool = False) -> str: ...
    def near(self, first: str, second: str) -> str: ...
    def both(self, parts: Sequence[str]) -> str: ...
    def but_not(self, these: str, those: str) -> str: ...


class Fts5:
    """SQLite: `{title_folded body_folded} : "ke hoach"`."""

    def words(self, words: Words, *, title: bool = False) -> str:
        star = " *" if words.prefix else ""
        quoted = f'"{" ".join(words.folded)}"{star}'
        if title:
            return f"{{title_folded}} : {quoted}"
        return quoted if len(words.folded) == 1 else f"{{title_folded body_folded}} : {quoted}"

    def near(self, first: str, second: str) -> str:
        return f'{{title_folded body_folded}} : NEAR("{first}" "{second}", {NEAR - 1})'

    def both(self, parts: Sequence[str]) -> str:
        return "(" + " AND ".join(parts) + ")"

    def but_not(self, these: str, those: str) -> str:
        return f"({these} NOT {those})"


class TsQuery:
    """PostgreSQL: `'ke':AD <-> 'hoach':AD`."""

    def words(self, words: Words, *, title: bool = False) -> str:
        weights = "A" if title else "AD" if len(words.folded) > 1 else ""
        last = len(words.folded) - 1
        parts = []
        for place, word in enumerate(words.folded):
            flags = ("*" if words.prefix and place == last else "") + weights
            parts.append(f"'{word}'{':' if flags else ''}{flags}")
        return "(" + " <-> ".join(parts) + ")"

    def near(self, first: str, second: str) -> str:
        pairs = ((first, second), (second, first))
        return "(" + " | ".join(f"'{a}':AD <{n}> '{b}':AD" for n in range(1, NEAR + 1) for a, b in pairs) + ")"

    def both(self, parts: Sequence[str]) -> str:
        return "(" + " & ".join(parts) + ")"

    def but_not(self, these: str, those: str) -> str:
        return f"({these} & !{those})"


DIALECTS: dict[str, Dialect] = {"sqlite": Fts5(), "postgresql": TsQuery()}


def render(match: Match, dialect: Dialect, *, without: Match | None = None) -> str:
    """A condition that has something positive; `without`: and not what this one finds in the same piece."""
    if not match:
        raise ValueError("nothing to look for")
    positive = [dialect.words(words) for words in match.words]
    positive += [dialect.words(words, title=True) for words in match.title]
    positive += [dialect.near(first, second) for first, second in match.pairs]
    text = dialect.both(positive)
    for words in match.never:
        text = dialect.but_not(text, dialect.words(words))
    return dialect.but_not(text, render(without, dialect)) if without else text
