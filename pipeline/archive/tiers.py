"""One likelihood at a time, one window of documents at a time: the queries behind the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, distinct, func, literal_column, or_, select
from sqlalchemy.orm import Session

from pipeline.archive.conditions import Condition, code_is, condition, visible
from pipeline.archive.dates import Span
from pipeline.archive.fulltext import Match
from pipeline.archive.index import DAY, PIECES, first_key
from pipeline.archive.matching import FullText
from pipeline.archive.query import Number, Query, Words
from pipeline.database.tables import DocumentRow, TextRow

ANYTHING = Match()
COUNTED = 1_000
FEW = {"sqlite": 30, "postgresql": 500}
"""Documents whose fields answer: so few that they are looked up first and the text only in them."""
SEVERAL = 4
OWN = 500  # documents of one number


@dataclass(frozen=True, slots=True)
class Tier:
    """Documents by text, by their own number, or by fields alone.

    `without`: what an earlier tier found in the same piece of text. `together`: the words as one phrase.
    """

    match: Match = ANYTHING
    without: Match | None = None
    numbers: tuple[Number, ...] = ()
    together: Words | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document and the key of the piece that answered; of a field's answer the document's own key."""

    k: int
    document_id: str

    @property
    def in_pieces(self) -> bool:
        return self.k % PIECES != 0


class Finder:
    """The candidates of one query in one session."""

    def __init__(self, session: Session, query: Query, *, oldest_first: bool = False) -> None:
        self._session = session
        self._query = query
        self._oldest_first = oldest_first
        self._dialect = session.get_bind().dialect.name
        self._text = FullText(self._dialect)
        self._filters = [condition(wanted, self._dialect) for wanted in query.filters]
        if not query.text:
            self._filters += [DocumentRow.id.not_in(self._having(words)) for words in query.excluded]
        self._keys_of_few = self._find_few() if query.filters and query.text else None

    def window(self, tier: Tier, behind: int | None, size: int) -> tuple[list[Candidate], int | None]:
        """(Up to `size` documents of a tier in order behind a key, the key to go on behind or None at the end)."""
        statement = self._by_text(tier) if tier.match else self._by_fields(tier)
        key: Any = self._text.key if tier.match else self._field_key(tier)
        if behind is not None:
            statement = statement.where(key > behind if self._oldest_first else key < behind)
        statement = statement.order_by(key if self._oldest_first else key.desc()).limit(size)
        rows = self._session.execute(statement).all()
        window: dict[str, Candidate] = {}
        for k, document_id in rows:
            if document_id not in window or k < window[document_id].k:
                window[document_id] = Candidate(k, document_id)
        return self._without_excluded(list(window.values())), self._onward(rows, size)

    def without_earlier(self, window: list[Candidate], earlier: Sequence[Tier]) -> list[Candidate]:
        """Leave out what earlier tiers have shown already."""
        shown: set[str] = set()
        for tier in earlier if window else ():
            if tier.numbers:
                ids = [candidate.document_id for candidate in window]
                shown |= set(
                    self._session.scalars(self._by_fields(tier, DocumentRow.id).where(DocumentRow.id.in_(ids)))
                )
            else:  # a document in one piece was left out by the tier's own query
                shown |= self.answering(tier.match, [candidate for candidate in window if candidate.in_pieces])
        return [candidate for candidate in window if candidate.document_id not in shown]

    def answering(self, match: Match, candidates: Sequence[Candidate]) -> set[str]:
        """Which of these documents have a piece of text that answers."""
        if not candidates:
            return set()
        ids = [candidate.document_id for candidate in candidates]
        pieces = dict(
            self._session.execute(select(TextRow.k, TextRow.document_id).where(TextRow.document_id.in_(ids))).all()
        )
        keys = self._session.scalars(self._text.keys(match).where(self._text.key.in_(list(pieces))))
        return {pieces[k] for k in keys}

    def texts(self, window: Sequence[Candidate]) -> dict[str, str]:
        """Title and text as printed of each candidate's piece."""
        statement = (
            select(TextRow.document_id, DocumentRow.subject, TextRow.body)
            .join(DocumentRow, DocumentRow.id == TextRow.document_id)
            .where(TextRow.k.in_([candidate.k for candidate in window]))
        )
        return {found: f"{subject}\n{body}" for found, subject, body in self._session.execute(statement).all()}

    def count(self, tiers: Sequence[Tier]) -> int:
        """How many documents all tiers have together, counted up to COUNTED."""
        last = tiers[-1]
        if not last.match:
            counted = self._by_fields(last, DocumentRow.id)
        elif self._filters:
            counted = self._by_text(Tier(match=last.match)).with_only_columns(TextRow.document_id)
        else:
            counted = self._text.keys(last.match).with_only_columns(self._text.key // PIECES)
        # Counting stops early only where nothing is sorted: some documents have several pieces, few have many.
        one = counted.limit(SEVERAL * COUNTED).subquery().c[0]
        total = self._session.scalar(select(func.count(distinct(one)))) or 0
        for tier in tiers[:-1]:
            if tier.numbers:
                own, _ = self.window(tier, None, OWN)
                answered = self.answering(last.match, own)
                total += sum(candidate.document_id not in answered for candidate in own)
        return min(total, COUNTED)

    def _by_text(self, tier: Tier) -> Select[Any]:
        statement = self._text.documents(tier.match, tier.without).where(visible(), *self._filters, *self._key_range())
        return statement if self._keys_of_few is None else statement.where(self._text.key.in_(self._keys_of_few))

    def _by_fields(self, tier: Tier, *columns: Any) -> Select[Any]:
        own: list[Condition] = []
        if tier.numbers:
            own.append(or_(*(code_is(number, self._dialect) for number in tier.numbers)))
        return select(*(columns or (DocumentRow.sort_key, DocumentRow.id))).where(visible(), *self._filters, *own)

    def _field_key(self, tier: Tier) -> Any:
        """Few documents have one number: they are looked up by it and sorted, not sought among all in order."""
        selective = tier.numbers or any(wanted.name in {"number", "arrival"} for wanted in self._query.filters)
        return literal_column("+documents.sort_key") if selective else DocumentRow.sort_key

    def _key_range(self) -> list[Condition]:
        """Keys begin with the day of the document: what dates the fields ask for bounds them."""
        bounds: list[Condition] = []
        for wanted in self._query.filters:
            if isinstance(wanted.value, Span) and not wanted.negated:
                if wanted.value.first:
                    bounds.append(self._text.key >= first_key(wanted.value.first))
                if wanted.value.last:
                    bounds.append(self._text.key < first_key(wanted.value.last) + DAY)
        return bounds

    def _find_few(self) -> list[int] | None:
        few = FEW[self._dialect]
        ids = list(self._session.scalars(self._by_fields(Tier(), DocumentRow.id).limit(few + 1)))
        if len(ids) > few:
            return None
        return list(self._session.scalars(select(TextRow.k).where(TextRow.document_id.in_(ids))))

    def _having(self, words: Words) -> Select[Any]:
        return select(TextRow.document_id).where(TextRow.k.in_(self._text.keys(Match((words,)))))

    def _without_excluded(self, found: list[Candidate]) -> list[Candidate]:
        """The excluded phrase may stand in another piece of the same document."""
        many = [candidate for candidate in found if candidate.in_pieces]
        never: set[str] = set()
        for words in self._query.excluded if many else ():
            never |= self.answering(Match((words,)), many)
        return [candidate for candidate in found if candidate.document_id not in never]

    def _onward(self, rows: Sequence[tuple[int, str]], size: int) -> int | None:
        """Behind all pieces of the last document."""
        if len(rows) < size:
            return None
        base = rows[-1][0] // PIECES * PIECES
        return base + PIECES - 1 if self._oldest_first else base
