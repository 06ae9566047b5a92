"""The full-text index as the two databases are asked: FTS5's MATCH beside the texts, PostgreSQL's @@ in them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, cast, column, literal_column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY

from pipeline.archive.conditions import Condition
from pipeline.archive.fulltext import DIALECTS, Match, render
from pipeline.database.tables import DocumentRow, TextRow

_FTS = table("texts_search", column("rowid", BigInteger), column("texts_search"))


class FullText:
    """Statements over the pieces of text of one kind of database."""

    def __init__(self, dialect: str) -> None:
        self._dialect = DIALECTS[dialect]
        self._sqlite = dialect == "sqlite"

    @property
    def key(self) -> ColumnElement[int]:
        """The column that pieces are ordered by."""
        return _FTS.c.rowid if self._sqlite else TextRow.__table__.c.k

    def keys(self, match: Match, without: Match | None = None) -> Select[Any]:
        """Keys of the pieces that answer."""
        return select(self.key).where(self._matches(match, without))

    def documents(self, match: Match, without: Match | None = None) -> Select[Any]:
        """(key, document id) of the pieces that answer, joined with their documents."""
        statement: Any = select(TextRow.k, TextRow.document_id)
        if self._sqlite:
            # The unary plus keeps SQLite from beginning with the other table and asking FTS5 row by row.
            statement = (
                statement.select_from(_FTS)
                .join(TextRow, TextRow.k == literal_column("+texts_search.rowid"))
                .join(DocumentRow, DocumentRow.id == literal_column("+texts.document_id"))
            )
        else:
            statement = statement.join(DocumentRow, DocumentRow.id == TextRow.document_id)
        found: Select[Any] = statement.where(self._matches(match, without))
        return found

    def _matches(self, match: Match, without: Match | None) -> Condition:
        wanted = render(match, self._dialect, without=without)
        if self._sqlite:
            return _FTS.c.texts_search.op("MATCH", is_comparison=True)(wanted)
        return literal_column("texts.texts_search").op("@@", is_comparison=True)(cast(wanted, TSQUERY))
