"""Numbers and books: each document's place in its register, gapless within the year (Decree 30/2020, Art. 15, 22)."""

from pipeline.registers.books import COLUMNS, BookRow, Column, book, missing_numbers
from pipeline.registers.numbers import cancel, document_id, enter, entry_of, forward, note, year_of

__all__ = [
    "COLUMNS",
    "BookRow",
    "Column",
    "book",
    "cancel",
    "document_id",
    "enter",
    "entry_of",
    "forward",
    "missing_numbers",
    "note",
    "year_of",
]
