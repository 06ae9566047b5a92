"""Where a field stands on the page, or should stand: for the eyes of the one who decides about a doubtful one.

Source of the zones: Decree 30/2020/NĐ-CP, Appendix I, part I, section IV.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pipeline.document import Box, Field, Page, SecondLook, TextSource
from pipeline.metadata.batches import first_page
from pipeline.metadata.code import find_code_row
from pipeline.metadata.issued import find_issued
from pipeline.metadata.layout import Header, find_header
from pipeline.metadata.signatory import SignaturePage, find_signature_page
from pipeline.metadata.spelling import Body

Spot = tuple[Page, Box]


def where(name: str, found: Field | None, pages: Sequence[Page], looks: Sequence[SecondLook] = ()) -> Spot:
    """The page and box to show for a field: where it was found, where it was looked for again, else where it belongs.

    `pages` are the document's own, at least one. Pure.
    """
    by_number = {page.number: page for page in pages}
    if found is not None and found.page in by_number and found.box is not None:
        return by_number[found.page], found.box
    zone = next((look.zone for look in looks if look.zone.about == name and look.zone.page in by_number), None)
    if zone is not None:
        return by_number[zone.page], zone.box
    written = [page for page in pages if page.source in {TextSource.TEXT_LAYER, TextSource.OCR} and page.lines]
    if not written:
        return pages[0], _share(pages[0], 0.0, 0.0, 1.0, 0.4)
    if name in ENDING:
        return _ending(name, written)
    page = first_page(written)
    return page, HEADER.get(name, _top)(find_header(page))


def _code(header: Header) -> Box:
    row = find_code_row(header)
    return row.box if row is not None else _under(header, 0.03, header.gutter / header.page.width, 20, 95)


def _issued(header: Header) -> Box:
    row = find_issued(header, Body((header.page,))).row
    return row.box if row is not None else _under(header, header.gutter / header.page.width, 0.97, 20, 95)


def _agencies(header: Header) -> Box:
    return _under(header, 0.03, header.gutter / header.page.width, -12, 70)


def _title(header: Header) -> Box:
    return _under(header, 0.04, 0.96, 50, 220)


def _marks(header: Header) -> Box:
    return _under(header, 0.03, 0.97, 25, 200)


def _top(header: Header) -> Box:
    return _share(header.page, 0.0, 0.0, 1.0, 0.35)


HEADER: Mapping[str, Callable[[Header], Box]] = {
    "code_number": _code, "code_notation": _code, "issued_date": _issued, "issued_place": _issued,
    "organ_name": _agencies, "parent_organ_name": _agencies, "type_name": _title, "subject": _title,
    "priority": _marks, "secrecy": _marks,
}  # fmt: skip
ENDING = {"competence", "signatory_position", "signatory_name", "recipients"}


def _ending(name: str, written: Sequence[Page]) -> Spot:
    place: SignaturePage | None = find_signature_page(written)
    page = place.page if place is not None else written[-1]
    top = 0.45
    if place is not None and place.recipients is not None:
        top = (place.recipients.box.top - 45) / page.height
    left, right = (0.05, 0.52) if name == "recipients" else (0.40, 0.98)
    top = min(max(top, 0.0), 0.85)
    return page, _share(page, left, top, right, min(top + 0.32, 1.0))


def _under(header: Header, left: float, right: float, above: float, below: float) -> Box:
    """Between two shares of the width, from so many points under the header's top to so many."""
    page = header.page
    top = min(max(header.top + above, 0.0), page.height - 1)
    return Box(left * page.width, top, right * page.width, min(max(header.top + below, top + 1), page.height))


def _share(page: Page, left: float, top: float, right: float, bottom: float) -> Box:
    return Box(left * page.width, top * page.height, right * page.width, bottom * page.height)
