"""The type: the centred heading in capitals; a letter has none (Decree 30/2020, article 7 and Appendix III)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.document import Field, TextSource
from pipeline.metadata.layout import Header, Row
from pipeline.metadata.lexicons import DocumentType, lexicons
from pipeline.metadata.review import found
from pipeline.vietnamese import fold

LETTER = "Công văn"
_UNUSUAL = 0.7  # confidence of a type
_SHORT = 3  # words
_ON = re.compile(r"(ve|v/v|cua|nam|thang|quy|tuan|giua)\b")
_APART = 3.0  # heights of a row between a heading and a stamp beside it


@dataclass(frozen=True)
class Heading:
    """The row that names the type, how well it agrees (0..1), and what stands behind the name in the same row."""

    row: Row
    type: DocumentType
    agreement: float
    rest: str = ""


def find_heading(header: Header, below: float) -> Heading | None:
    """The first heading under the number line whose letters agree with a known type."""
    for row in header.rows:
        if not below < row.base < 0.62 * header.page.height:
            continue
        for piece in (row, *row.pieces(_APART)):  # a stamp may stand beside it
            if piece.capitals < 0.75 or abs(piece.middle - header.page.width / 2) > 0.16 * header.page.width:
                continue
            heading = _heading(piece)
            if heading is not None:
                return heading
    return None


def _heading(row: Row) -> Heading | None:
    letters = row.plain.replace(" ", "")
    best: tuple[float, DocumentType] | None = None
    for kind in lexicons().types:
        wanted = kind.heading.replace(" ", "")
        score = fuzz.ratio(wanted, letters)
        if score >= (100 if len(wanted) < 6 else 84) and (best is None or score > best[0]):
            best = score, kind
    if best is not None:
        return Heading(row, best[1], best[0] / 100)
    starting = [k for k in lexicons().types if row.folded.startswith(k.heading + " ") and k.name != LETTER]
    if starting and row.capitals > 0.95:
        kind = max(starting, key=lambda k: len(k.heading))
        return Heading(row, kind, 0.9, row.text[len(kind.heading) :].strip())
    return None


def decide_type(
    header: Header, heading: Heading | None, notation: str, letter_signs: Sequence[Row]
) -> tuple[Field | None, tuple[DocumentType, ...]]:
    """The type by heading, checked against the notation; and the types that the notation stands for.

    `letter_signs`: rows that only letters have ("V/v …" under the number, "Kính gửi").
    """
    by_notation = lexicons().type_of(re.split(r"[-/–]", notation)[0].strip()) if "-" in notation else ()
    if heading is not None:
        confidence = 0.9 + 0.08 * heading.agreement
        if heading.type in by_notation:
            confidence = 0.99
        elif by_notation and header.page.source is TextSource.TEXT_LAYER:
            confidence *= 0.8
        if by_notation and not heading.type.abbreviations:
            confidence *= _UNUSUAL  # a list is headed so, the notation says what it is a part of
        if heading.rest and len(heading.rest.split()) <= _SHORT and not _ON.match(fold(heading.rest)):
            confidence *= _UNUSUAL  # "CHƯƠNG TRÌNH ĐÀO TẠO" is a type of its own, "BÁO CÁO VỀ …" is none
        return found(heading.type.name, confidence, [heading.row], "heading"), by_notation
    about = any(_is_about(row) for row in letter_signs)
    if letter_signs and (about or not by_notation):  # "CT" is a directive, but a tax department's letter too
        confidence = (0.9 if by_notation else 0.97) if about else 0.88
        return found(LETTER, confidence, [letter_signs[0]], "letter-without-heading"), ()
    if by_notation:
        return found(by_notation[0].name, 0.75, [], "notation"), by_notation
    return None, ()


def _is_about(row: Row) -> bool:
    return ABOUT.match(row.folded) is not None


ABOUT = re.compile(r"^\W*([vw]\W{0,3}[il1]?v\b|ve viec\b)")
TO = re.compile(r"^\W*kinh\s*gu[i1l]\b")
