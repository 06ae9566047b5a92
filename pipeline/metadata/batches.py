"""Where a file that holds several documents goes over from one to the next: a new header on a later page.

Appendices and their forms bear the national name too, and forms even "Số:     /GCN-…": they are told apart by their
label ("Phụ lục", "Mẫu số"), by the page number that goes on, and by blanks where a document has its notation and year.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.document import Finding, Page, Reading, Severity, TextSource
from pipeline.metadata.code import find_code_row, read_code
from pipeline.metadata.issued import find_issued
from pipeline.metadata.layout import MOTTO, NATIONAL_NAME, PARTY_NAME, Header, find_header
from pipeline.metadata.organ import find_organs
from pipeline.metadata.pagination import printed_number
from pipeline.metadata.signatory import find_signature_page
from pipeline.metadata.spelling import Body
from pipeline.vietnamese import fold

_LABEL = re.compile(r"\W*(phu luc|bieu mau|bieu so|mau so|mau |danh sach|ban hanh kem theo|kem theo|\(kem theo)")
_LABEL_LINES = 6  # from the top
_COVER_PAGES = 3  # how far into a file the first document's own first page may lie
_HIGH = 0.22  # of the page's height: a header begins above
_YEAR = re.compile(r"nam\s*(?:19|20)\s?\d\s?\d\b")
_BLANKS = re.compile(r"\.{3,}|…|_{3,}|\bten (?:co quan|cq|to chuc|tc|don vi)\b")
PROPOSED = 0.6  # confidence from which a person is asked


@dataclass(frozen=True)
class Start:
    """A page (its number in the file) on which another document begins, and the chance that one does."""

    page: int
    confidence: float


def find_starts(reading: Reading) -> tuple[Start, ...]:
    """Where further documents begin, the first one's page not among them. None in signed files: those stay whole."""
    if reading.signed:
        return ()
    written = [page for page in reading.pages if page.source in {TextSource.TEXT_LAYER, TextSource.OCR} and page.lines]
    if not written:
        return ()
    starts: list[Start] = []
    begun = written.index(first_page(written))
    for place, page in list(enumerate(written))[begun + 1 :]:
        sure = _header_confidence(page)
        if sure:
            ended = find_signature_page(written[begun:place]) is not None
            sure *= 1.0 if ended else 0.85
            if sure >= PROPOSED:
                starts.append(Start(page.number, round(sure, 2)))
                begun = place
    return tuple(starts)


def several_documents(starts: Sequence[Start]) -> tuple[Finding, ...]:
    """What a person is told: on which pages documents seem to begin, how surely in percent."""
    if not starts:
        return ()
    detail = {
        "pages": ", ".join(str(start.page) for start in starts), "amount": str(len(starts) + 1),
        "confidence": str(round(100 * min(start.confidence for start in starts))),
    }  # fmt: skip
    return (Finding("several-documents", Severity.WARNING, starts[0].page, detail),)


def first_page(pages: Sequence[Page]) -> Page:
    """The first page that bears the national name, the motto or the Party's name; a cover may lie before it."""
    for page in pages[:_COVER_PAGES]:
        head = " ".join(fold(line.text) for line in page.lines[:14])
        if any(fuzz.partial_ratio(name, head) > 80 for name in (NATIONAL_NAME, MOTTO, PARTY_NAME)):
            return page
    return pages[0]


def first_document(pages: Sequence[Page], starts: Sequence[Start]) -> tuple[Page, ...]:
    """The pages before the second document."""
    if not starts:
        return tuple(pages)
    places = [place for place, page in enumerate(pages) if page.number == starts[0].page]
    return tuple(pages[: places[0]]) if places else tuple(pages)


def _header_confidence(page: Page) -> float:
    """How surely a page bears the header of a document of its own, by what of it is filled in; 0 for none."""
    number = printed_number(page)
    if number is not None and number > 1:
        return 0.0
    if any(_LABEL.match(fold(line.text)) for line in page.lines[:_LABEL_LINES]):
        return 0.0
    header = find_header(page)
    if header.top > _HIGH * page.height or not (header.national or _party(header)):
        return 0.0
    body = Body((page,))
    code_row, issued = find_code_row(header), find_issued(header, body)
    edge = code_row or issued.row
    if edge is None:
        return 0.0
    organ = find_organs(header, edge.base, body).organ
    if organ is not None and _BLANKS.search(fold(str(organ.value))):
        return 0.0
    notation = read_code(header, code_row, None, [str(organ.value)] if organ else [], body).notation
    dated = issued.row is not None and _YEAR.search(issued.row.folded) is not None
    return {3: 0.95, 2: 0.75}.get(sum((notation is not None, dated, organ is not None)), 0.0)


def _party(header: Header) -> bool:
    """The Party's name as a title of its own, not in a sentence."""
    return any(row.plain.endswith(PARTY_NAME) and len(row.plain) < len(PARTY_NAME) + 8 for row in header.right)
