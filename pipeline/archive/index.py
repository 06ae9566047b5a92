"""Putting a document into the index: the columns it is searched by and its text in folded pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from pipeline.archive.lexicon import folded
from pipeline.database.tables import DocumentRow, TextRow
from pipeline.document import Metadata, Page
from pipeline.vietnamese import nfc, tokens

PIECE_WORDS = 4000  # PostgreSQL forgets positions after 16 383 and after the 256th time of one word
OVERLAP_WORDS = 12  # folded words of the next piece that a phrase may run on into
PIECES = 1000
DAY = 10**12
REGISTER_DIGIT = {"den": 1, "di": 2}
ORGAN_LENGTH, NAME_LENGTH = 500, 200  # of the folded columns: PostgreSQL's B-tree takes 2 700 bytes


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of whole lines of a document's text and the page it begins on."""

    page: int
    body: str


def put(session: Session, row: DocumentRow, metadata: Metadata, pages: Sequence[Page]) -> None:
    """Make a document searchable, or anew: by the fields of `metadata` (corrections applied) and its pages' text."""
    _write(session, row, metadata, list(split(pages)))


def put_fields(session: Session, row: DocumentRow, metadata: Metadata) -> None:
    """The same when only the fields changed: the text is the one that the index holds."""
    kept = session.execute(
        select(TextRow.page, TextRow.body).where(TextRow.document_id == row.id).order_by(TextRow.k)
    ).all()
    _write(session, row, metadata, [Piece(page, body) for page, body in kept])


def remove_text(session: Session, document_id: str) -> None:
    """No word of this document is found any more; its row stays."""
    session.flush()
    session.execute(delete(TextRow).where(TextRow.document_id == document_id))


def same_code(session: Session, row: DocumentRow) -> list[DocumentRow]:
    """Other filed documents with the same number, notation and agency: Appendix VI, Part I, III.1.h has us warn."""
    if not (row.code_number and row.code_notation and row.organ_folded):
        return []
    session.flush()
    return list(
        session.scalars(
            select(DocumentRow)
            .where(
                DocumentRow.code_folded == row.code_folded, DocumentRow.organ_folded == row.organ_folded,
                DocumentRow.id != row.id, DocumentRow.state == "filed",
            )
            .order_by(DocumentRow.id)
        )
    )  # fmt: skip


def fold_code(code: str) -> str:
    """ "05/QĐ-UBND" → "5 qd ubnd": as numbers are compared, without the zero in front."""
    first, *rest = tokens(code) or [""]
    return " ".join([first.lstrip("0") or first, *rest])


def index_words(text: str) -> list[str]:
    """The words that are indexed and looked for: folded, and none that PostgreSQL would take for a number like 1e8."""
    return ["z" + word if re.match(r"\d+e\d", word) else word for word in tokens(text)]


def split(pages: Sequence[Page]) -> Iterator[Piece]:
    """Cut a document's text at line ends into pieces of about PIECE_WORDS words; pages end in a form feed.

    A piece's pages follow on each other, so that a form feed counts one: where pages were put in order, pieces end.
    """
    lines: list[str] = []
    first_page, amount = (pages[0].number if pages else 1), 0
    for place, page in enumerate(pages):
        if lines and page.number != pages[place - 1].number + 1:
            yield Piece(first_page, "".join(lines))
            lines, first_page, amount = [], page.number, 0
        text = _clean(page.text) + ("\f" if place < len(pages) - 1 else "")
        for line in re.findall(r"[^\n]*\n|[^\n]+", text):
            size = len(line.split())
            if lines and amount + size > PIECE_WORDS:
                yield Piece(first_page, "".join(lines))
                lines, first_page, amount = [], page.number, 0
            lines.append(line)
            amount += size
    if lines:
        yield Piece(first_page, "".join(lines))


def _write(session: Session, row: DocumentRow, metadata: Metadata, pieces: list[Piece]) -> None:
    _fill(row, metadata)
    remove_text(session, row.id)
    pieces = _few_enough(pieces) or [Piece(1, "")]
    bodies = [index_words(piece.body) for piece in pieces]
    words = " ".join(_words_of_the_whole(metadata, bodies))
    title = " ".join(index_words(row.subject))
    session.execute(
        insert(TextRow),
        [
            {
                "k": row.sort_key + (place if len(pieces) > 1 else 0), "document_id": row.id, "page": piece.page,
                "title_folded": title, "words_folded": words, "body": piece.body,
                "body_folded": " ".join(bodies[place - 1] + _next(bodies, place)),
            }
            for place, piece in enumerate(pieces, 1)
        ],
    )  # fmt: skip


def _fill(row: DocumentRow, metadata: Metadata) -> None:
    def text(name: str, length: int = 100_000) -> str:
        return _clean(metadata.text(name))[:length]

    row.type_name = text("type_name", 100)
    row.type_folded = folded(row.type_name)
    row.code_number, row.code_notation = text("code_number", 30), text("code_notation", 60)
    row.code_folded = fold_code(f"{row.code_number}/{row.code_notation}")[:100]
    row.issued_date = _issued(metadata)
    row.issued_year = row.issued_date.year if row.issued_date else None
    row.organ_name, row.subject, row.signatory_name = text("organ_name"), text("subject"), text("signatory_name")
    row.organ_folded = folded(row.organ_name)[:ORGAN_LENGTH]
    row.signatory_folded = folded(row.signatory_name)[:NAME_LENGTH]
    row.sort_key = sort_key(row.id, row.issued_date or row.received_at.date())


def sort_key(document_id: str, day: date) -> int:
    """Where a document stands among all by date; one without a date stands at the day it arrived."""
    register, year, number = document_id.split("-")
    serial = (REGISTER_DIGIT.get(register, 9) * 100 + int(year) % 100) * 10**6 + int(number) % 10**6
    return first_key(day) + serial * PIECES


def first_key(day: date) -> int:
    """Where the documents of a day begin."""
    return day.toordinal() * DAY


def _issued(metadata: Metadata) -> date | None:
    try:
        return metadata.issued_date
    except ValueError:
        return None


def _words_of_the_whole(metadata: Metadata, bodies: list[list[str]]) -> list[str]:
    """Words by which any piece answers for its document: of the fields, and of its other pieces."""
    names = ("type_name", "organ_name", "parent_organ_name", "signatory_name", "issued_place", "code_notation")
    words = [word for name in names for word in index_words(_clean(metadata.text(name)))]
    if number := metadata.text("code_number"):
        words += ["so", *index_words(number), *fold_code(number).split()]
    if len(bodies) > 1:
        words += [word for body in bodies for word in body]
    return list(dict.fromkeys(words))


def _next(bodies: list[list[str]], place: int) -> list[str]:
    return bodies[place][:OVERLAP_WORDS] if place < len(bodies) else []


def _few_enough(pieces: list[Piece]) -> list[Piece]:
    """At most as many pieces as k has room for; what is over goes to the last."""
    room = PIECES - 1
    if len(pieces) <= room:
        return pieces
    return [*pieces[: room - 1], Piece(pieces[room - 1].page, "".join(piece.body for piece in pieces[room - 1 :]))]


def _clean(text: str) -> str:
    """NFC without what a database cannot hold: NUL, halves of surrogate pairs."""
    return nfc(text.encode("utf-8", "replace").decode().replace("\0", " "))
