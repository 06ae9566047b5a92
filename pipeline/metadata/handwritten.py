"""Numbers and days that a hand wrote into the blanks of the number line and the date line."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.document import Clues, Look, Page, Reading, TextSource, Zone
from pipeline.metadata.batches import find_starts, first_document, first_page
from pipeline.metadata.blanks import Blank, day_blank, month_blank, number_blank, year_blank
from pipeline.metadata.code import find_code_row
from pipeline.metadata.issued import find_issued, in_figures, looks_printed
from pipeline.metadata.layout import Row, find_header
from pipeline.metadata.spelling import Body
from pipeline.settings import MetadataSettings
from pipeline.vietnamese import nfc

SURE = 0.93  # confidence of print that is not looked at again


def handwritten_zones(reading: Reading, settings: MetadataSettings, clues: Clues) -> tuple[Zone, ...]:  # noqa: ARG001
    """Zones to read as handwriting: blanks whose content was not surely read as print, and the year.

    The year alone has nothing beside it that would betray a digit misread, and looking costs little.
    """
    written = [page for page in reading.pages if page.source in {TextSource.TEXT_LAYER, TextSource.OCR} and page.lines]
    if not written:
        return ()
    page = first_page(first_document(written, find_starts(reading)))
    return tuple(_zones(page)) if page.source is TextSource.OCR else ()


def _zones(page: Page) -> Iterator[Zone]:
    header = find_header(page)
    code_row, date_row = find_code_row(header), find_issued(header, Body((page,))).row
    if code_row is not None:
        blank = number_blank(code_row, date_row)
        if blank is not None:  # print that stands alone in its blank cannot be told from neat ink by its box
            yield Zone(page.number, blank.box, Look.NUMBER, "code_number")
    if date_row is not None and not in_figures(date_row):
        for what, blank in ((Look.DAY, day_blank(date_row)), (Look.MONTH, month_blank(date_row))):
            if blank is not None and not _sure_part(blank, date_row):
                yield Zone(page.number, blank.box, what, "issued_date")
        year = year_blank(date_row)
        if year is not None:
            yield Zone(page.number, year.box, Look.YEAR, "issued_date")


def _sure_part(blank: Blank, row: Row) -> bool:
    """One or two digits of print that were read surely."""
    texts = [nfc(word.text).strip(".,") for word in blank.between]
    return (
        len(texts) == 1 and texts[0].isdigit() and len(texts[0]) <= 2
        and blank.between[0].confidence >= SURE and looks_printed(blank.between, row)
    )  # fmt: skip
