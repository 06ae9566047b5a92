"""Search: documents by number, words and fields, the likeliest first, inside each likelihood the newest first."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.archive.fulltext import Match
from pipeline.archive.query import Query, Words, parse
from pipeline.archive.snippets import Snippet, cut, richest
from pipeline.archive.tiers import COUNTED, Candidate, Finder, Tier
from pipeline.database.tables import DocumentRow, EntryRow, TextRow
from pipeline.document import Finding
from pipeline.errors import UsageError
from pipeline.vietnamese import canonical

WINDOW = 100  # documents of one tier looked at together: among them the ones with the typed accents come first
Order = Literal["relevance", "newest", "oldest"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One document that was found, and the passage that shows why (empty when only its fields answer)."""

    document_id: str
    state: str
    code: str
    type_name: str
    issued_date: date | None
    organ_name: str
    subject: str
    signatory_name: str
    arrival_number: int | None
    page: int | None
    snippet: Snippet = ()


@dataclass(frozen=True, slots=True)
class Results:
    """One page of hits. `total` counts all, up to COUNTED ("1 000+"); `next` continues behind the last hit."""

    hits: tuple[Hit, ...]
    total: int
    next: str | None
    notes: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the order of all hits one stands: its tier, the key its window begins behind, its place in there."""

    tier: int
    behind: int | None
    place: int

    def to_text(self) -> str:
        return base64.urlsafe_b64encode(json.dumps([self.tier, self.behind, self.place]).encode()).decode().rstrip("=")

    @classmethod
    def from_text(cls, text: str | None) -> _Place:
        """Raises UsageError for a mark that is none of ours."""
        if text is None:
            return cls(0, None, 0)
        try:
            numbers = json.loads(base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
            tier, behind, place = (None if number is None else int(number) for number in numbers)
        except (ValueError, TypeError, OverflowError, RecursionError) as error:  # binascii's and json's are ValueErrors
            raise UsageError("search-mark-unknown", mark=text) from error
        if tier is None or place is None or not all(0 <= number < 2**62 for number in (tier, behind or 0, place)):
            raise UsageError("search-mark-unknown", mark=text)
        return cls(tier, behind, place)


def search(
    session: Session, query: str, *, limit: int = 20, after: str | None = None, order: str | None = None
) -> Results:
    """Find documents. Tiers: own number, words together, words near each other, all words; `order` "newest" or
    "oldest" leaves likelihood aside. Secret documents are never found. Raises UsageError for a strange `after`.
    """
    parsed = parse(query)
    begin = _Place.from_text(after)
    if not (parsed.text or parsed.filters or parsed.excluded or parsed.blank):
        return Results((), 0, None, parsed.notes)
    wanted = order or parsed.order
    finder = Finder(session, parsed, oldest_first=wanted == "oldest")
    tiers = _tiers(parsed, ranked=wanted == "relevance")
    found: list[tuple[Candidate, Tier, _Place]] = []
    for hit in _in_order(finder, parsed, tiers, begin):
        found.append(hit)
        if len(found) > limit:
            break
    following = found[limit][2].to_text() if len(found) > limit else None
    hits = _hits(session, parsed, found[:limit])
    total = len(found) if after is None and following is None else finder.count(tiers)
    return Results(tuple(hits), total, following, parsed.notes)


__all__ = ["COUNTED", "Hit", "Order", "Results", "search"]


def _tiers(query: Query, *, ranked: bool) -> list[Tier]:
    """The last tier is everything that answers the query, except documents found by their number alone."""
    everything = Match((*query.words, *query.phrases), query.subject, query.excluded)
    if not ranked:
        return [Tier(match=everything)]
    tiers = [Tier(numbers=query.numbers)] if query.numbers else []
    plain = [words for words in query.words if not words.prefix]
    if len(plain) > 1 and len(plain) == len(query.words):
        together = Words(
            tuple(word for words in plain for word in words.folded), " ".join(words.typed for words in plain)
        )
        flat = together.folded
        pairs = tuple((a, b) for a, b in itertools.pairwise(flat) if a != b)
        adjacent = Match((together, *query.phrases), query.subject, query.excluded)
        near = Match((*query.words, *query.phrases), query.subject, query.excluded, pairs)
        tiers += [
            Tier(match=adjacent, together=together),
            Tier(match=near, without=adjacent),
            Tier(match=everything, without=near if pairs else adjacent),
        ]
        return tiers if pairs else [*tiers[:-2], tiers[-1]]
    return [*tiers, Tier(match=everything)]


def _in_order(
    finder: Finder, query: Query, tiers: Sequence[Tier], begin: _Place
) -> Iterator[tuple[Candidate, Tier, _Place]]:
    accented = [words for words in query.text if words.accented]
    for number, tier in enumerate(tiers[begin.tier :], begin.tier):
        behind = begin.behind if number == begin.tier else None
        skip = begin.place if number == begin.tier else 0
        while True:
            window, onward = finder.window(tier, behind, WINDOW)
            window = finder.without_earlier(window, tiers[:number])
            if accented and len(tiers) > 1 and len(window) > 1:
                window = _accents_first(finder, window, [tier.together] if tier.together else accented)
            for place, candidate in enumerate(window[skip:], skip):
                yield candidate, tier, _Place(number, behind, place)
            if onward is None:
                break
            behind, skip = onward, 0


def _accents_first(finder: Finder, window: list[Candidate], typed: Sequence[Words]) -> list[Candidate]:
    """Documents that have the words with the very accents that were typed, then the others; else as they stood."""
    wanted = [_spellings(words.typed) for words in typed]
    texts = finder.texts(window)

    def differs(candidate: Candidate) -> bool:
        text = texts.get(candidate.document_id, "").lower().replace("\n", " ").replace("\f", " ")
        return not all(any(spelling in text for spelling in spellings) for spellings in wanted)

    return sorted(window, key=differs)


_OLD_STYLE = {
    "òa": "oà", "óa": "oá", "ỏa": "oả", "õa": "oã", "ọa": "oạ", "òe": "oè", "óe": "oé", "ỏe": "oẻ", "õe": "oẽ",
    "ọe": "oẹ", "ùy": "uỳ", "úy": "uý", "ủy": "uỷ", "ũy": "uỹ", "ụy": "uỵ",
}  # fmt: skip


def _spellings(text: str) -> tuple[str, ...]:
    """ "hòa" and "hoà" are one word."""
    new = old = canonical(text)
    for newer, older in _OLD_STYLE.items():
        old = old.replace(newer, older)
    return (new,) if new == old else (new, old)


_SHOWN = (
    DocumentRow.id, DocumentRow.state, DocumentRow.code_number, DocumentRow.code_notation, DocumentRow.type_name,
    DocumentRow.issued_date, DocumentRow.organ_name, DocumentRow.subject, DocumentRow.signatory_name,
)  # fmt: skip


def _hits(session: Session, query: Query, found: Sequence[tuple[Candidate, Tier, _Place]]) -> Iterator[Hit]:
    ids = [candidate.document_id for candidate, _, _ in found]
    rows = {row.id: row for row in session.execute(select(*_SHOWN).where(DocumentRow.id.in_(ids)))}
    numbers = dict(
        session.execute(select(EntryRow.document_id, EntryRow.number).where(EntryRow.document_id.in_(ids))).all()
    )
    pieces = _pieces(session, query, found) if query.text else {}
    for candidate, tier, _ in found:
        row = rows[candidate.document_id]
        snippet: Snippet = ()
        page = None
        if piece := pieces.get(row.id):
            snippet, pages = cut(piece.body, query.text, tier.together)
            page = piece.page + pages if snippet else None
        yield Hit(
            row.id, row.state, "/".join(part for part in (row.code_number, row.code_notation) if part), row.type_name,
            row.issued_date, row.organ_name, row.subject, row.signatory_name, numbers.get(row.id), page,
            snippet or cut(row.subject, query.text)[0],
        )  # fmt: skip


def _pieces(session: Session, query: Query, found: Sequence[tuple[Candidate, Tier, _Place]]) -> dict[str, TextRow]:
    """The piece of each document's text that shows best why it was found."""
    together = {candidate.document_id: tier.together for candidate, tier, _ in found}
    pieces: dict[str, list[TextRow]] = {}
    for piece in session.scalars(select(TextRow).where(TextRow.document_id.in_(list(together))).order_by(TextRow.k)):
        pieces.setdefault(piece.document_id, []).append(piece)
    return {
        one: many[0] if len(many) == 1 else many[richest([p.body for p in many], query.text, together[one])]
        for one, many in pieces.items()
    }
