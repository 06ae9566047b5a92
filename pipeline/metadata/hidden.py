"""Print that the first reading may have missed: under a seal, beside a signature, stamped in red."""

from __future__ import annotations

from pipeline.document import Box, Clues, Look, Page, Reading, TextSource, Zone
from pipeline.metadata.batches import find_starts, first_document
from pipeline.metadata.layout import text_bottom
from pipeline.metadata.review import LOOK_BELOW
from pipeline.metadata.signatory import ABOUT_SIGNATORY, Signatory, SignaturePage, find_signatory, find_signature_page
from pipeline.settings import MetadataSettings

_LEFT = 0.40  # of the page's width: where a block may begin (Decree 30/2020, Appendix I, IV: the right half)
_ABOVE, _BELOW = 70.0, 175.0  # points from "Nơi nhận" to a block's first row and under its name
_WITHOUT_LABEL = 0.3  # of the page's height


def hidden_zones(reading: Reading, settings: MetadataSettings, clues: Clues) -> tuple[Zone, ...]:  # noqa: ARG001
    """Zones to read again as print (Look.PRINT): the signature block, where it left anything in doubt."""
    written = [page for page in reading.pages if page.source in {TextSource.TEXT_LAYER, TextSource.OCR} and page.lines]
    if not written:
        return ()
    written = list(first_document(written, find_starts(reading)))
    place = find_signature_page(written)
    if place is None:
        return _recognised(written[-1], _lower_right(written[-1], _WITHOUT_LABEL * written[-1].height, None))
    if not _in_doubt(find_signatory(place), min(settings.review_below, LOOK_BELOW)):
        return ()
    return _recognised(place.page, _block_of(place))


def _recognised(page: Page, box: Box) -> tuple[Zone, ...]:
    return (Zone(page.number, box, Look.PRINT, ABOUT_SIGNATORY),) if page.source is TextSource.OCR else ()


def _in_doubt(signatory: Signatory, below: float) -> bool:
    fields = (signatory.position, signatory.name, signatory.competence)
    return (
        signatory.position is None
        or signatory.name is None
        or bool(signatory.doubted)
        or any(field is not None and field.confidence < below for field in fields)
    )


def _block_of(place: SignaturePage) -> Box:
    page, label = place.page, place.recipients
    if label is None:
        return _lower_right(page, _WITHOUT_LABEL * page.height, None)
    return _lower_right(page, label.box.top - _ABOVE, label.box.top)


def _lower_right(page: Page, top: float, label: float | None) -> Box:
    """Right of the gutter from `top`, under the last lines of the text; to the page's end where no label is known."""
    end = page.height if label is None else min(label + _BELOW, page.height)
    body = text_bottom(page, end if label is None else label)
    begins = min(max(top, body), end - 40) if label is None else min(max(top, body), label - 8)
    return Box(_LEFT * page.width, max(begins, 0.0), 0.99 * page.width, end)
