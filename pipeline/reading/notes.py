"""What a page's annotations show: the visible number and date of a digital signature stand nowhere else.

(law/facts §6: offices stamp number and date as signature appearances when a document is issued.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pypdfium2.raw as pdfium

from pipeline.document import Box, Line, Word

HIDDEN = 1 << 1 | 1 << 5  # annotation flags Hidden and NoView (ISO 32000-1, 12.5.3)
SILENT = {pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP}


def visible(page: Any) -> list[tuple[float, float, float, float]]:
    """Rectangles (left, bottom, right, top in page space) of annotations with an appearance, of a pdfium page."""
    return list(_rectangles(page))


def _rectangles(page: Any) -> Iterator[tuple[float, float, float, float]]:
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        try:
            if pdfium.FPDFAnnot_GetFlags(note) & HIDDEN or pdfium.FPDFAnnot_GetSubtype(note) in SILENT:
                continue
            rect = pdfium.FS_RECTF()
            shown = pdfium.FPDFAnnot_GetAP(note, pdfium.FPDF_ANNOT_APPEARANCEMODE_NORMAL, None, 0) > 2
            if shown and pdfium.FPDFAnnot_GetRect(note, rect) and rect.right > rect.left and rect.top > rect.bottom:
                yield rect.left, rect.bottom, rect.right, rect.top
        finally:
            pdfium.FPDFPage_CloseAnnot(note)


def lines_within(lines: Sequence[Line], boxes: Sequence[Box]) -> tuple[Line, ...]:
    """The words that stand in one of the boxes, in their lines."""
    parts = (tuple(w for w in line.words if any(contains(box, w.box) for box in boxes)) for line in lines)
    return tuple(Line(part, line.bold, line.italic) for part, line in zip(parts, lines, strict=True) if part)


def put_exactly(recognised: Sequence[Line], exact: Sequence[Line]) -> tuple[Line, ...]:
    """Recognised lines with the words that are known exactly in the place of what was read there.

    Exact words under which nothing was read follow as lines of their own.
    """
    waiting = [word for line in exact for word in line.words]
    placed: set[int] = set()
    lines: list[Line] = []
    for line in recognised:
        words: list[Word] = []
        for word in line.words:
            true = next((known for known in waiting if _touches(known.box, word.box)), None)
            if true is None:
                words.append(word)
            elif id(true) not in placed:
                placed.add(id(true))
                words.append(true)
        if words:
            lines.append(Line(tuple(words), line.bold, line.italic))
    rests = ((line, tuple(word for word in line.words if id(word) not in placed)) for line in exact)
    lines += [Line(rest, line.bold, line.italic) for line, rest in rests if rest]
    return tuple(lines)


def contains(box: Box, other: Box) -> bool:
    """Does the box hold the other's centre?"""
    x, y = other.centre
    return box.left <= x <= box.right and box.top <= y <= box.bottom


def _touches(known: Box, read: Box) -> bool:
    return contains(Box(known.left - 1, known.top - 1, known.right + 1, known.bottom + 1), read)
