"""Print that the first reading may have missed: under a seal, beside a signature, stamped in red."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.document import Box, Clues, Look, Page, Reading, TextSource, Zone
from pipeline.metadata.batches import find_starts, first_document
from pipeline.metadata.layout import signing_seals, text_bottom
from pipeline.metadata.review import LOOK_BELOW
from pipeline.metadata.signatory import ABOUT_SIGNATORY, Signatory, SignaturePage, find_signatory, find_signature_page
from pipeline.settings import MetadataSettings

_LEFT = 0.40  # of the page's width: where a block may begin (Decree 30/2020, Appendix I, IV: the right half)
_ABOVE, _BELOW = 70.0, 175.0  # points from "Nơi nhận" to a block's first row and under its name
_WITHOUT_LABEL = 0.3  # of the page's height
_OVER_SEAL, _UNDER_SEAL = 65.0, 45.0  # points to a block's first row and under its name
_LEFT_OF_SEAL, _RIGHT_OF_SEAL = 45.0, 210.0  # a seal covers the left third of the signature


def hidden_zones(reading: Reading, settings: MetadataSettings, clues: Clues) -> tuple[Zone, ...]:  # noqa: ARG001
    """Zones to read again as print (Look.PRINT): the signature block, where it left anything in doubt."""
    written = [page for page in reading.pages if page.source in {TextSource.TEXT_LAYER, TextSource.OCR} and page.lines]
    if not written:
        return ()
    written = list(first_document(written, find_starts(reading)))
    place = find_signature_page(written)
    if place is None:
        page = next((page for page in written if signing_seals(page)), written[-1])
        return _recognised(page, _around_seals(page) or [_lower_right(page, _WITHOUT_LABEL * page.height, None)])
    signatory = find_signatory(place)
    if not _in_doubt(signatory, min(settings.review_below, LOOK_BELOW)):
        return ()
    return _recognised(place.page, _blocks_of(place, signatory))


def _recognised(page: Page, boxes: Iterable[Box]) -> tuple[Zone, ...]:
    if page.source is not TextSource.OCR:
        return ()
    return tuple(Zone(page.number, box, Look.PRINT, ABOUT_SIGNATORY) for box in boxes)


def _in_doubt(signatory: Signatory, below: float) -> bool:
    fields = (signatory.position, signatory.name, signatory.competence)
    return (
        signatory.position is None
        or signatory.name is None
        or bool(signatory.doubted)
        or any(field is not None and field.confidence < below for field in fields)
    )


def _blocks_of(place: SignaturePage, signatory: Signatory) -> Sequence[Box]:
    page, label = place.page, place.recipients
    sealed = _around_seals(page)
    if label is None:
        return sealed or [_lower_right(page, _WITHOUT_LABEL * page.height, None)]
    if signatory.position is None and sealed and sealed[0].bottom - _UNDER_SEAL < label.box.top:
        return sealed  # the list stands under the block
    return [_lower_right(page, label.box.top - _ABOVE, label.box.top)]


def _around_seals(page: Page) -> Sequence[Box]:
    """The blocks that the likeliest seal stands over and those in its row, from the left; none without seals."""
    seals = signing_seals(page)
    row = sorted((s for s in seals if abs(s.centre[1] - seals[0].centre[1]) < s.height / 2), key=lambda seal: seal.left)
    ends = [seal.left - _LEFT_OF_SEAL for seal in row[1:]] + [0.99 * page.width]
    return [_around(page, seal, end) for seal, end in zip(row, ends, strict=False)]


def _around(page: Page, seal: Box, end: float) -> Box:
    top = max(seal.top - _OVER_SEAL, text_bottom(page, seal.top + seal.height / 3), 0.0)
    return Box(
        max(seal.left - _LEFT_OF_SEAL, 0.0), min(top, seal.top),
        max(min(seal.right + _RIGHT_OF_SEAL, end), seal.right), min(seal.bottom + _UNDER_SEAL, page.height),
    )  # fmt: skip


def _lower_right(page: Page, top: float, label: float | None) -> Box:
    """Right of the gutter from `top`, under the last lines of the text; to the page's end where no label is known."""
    end = page.height if label is None else min(label + _BELOW, page.height)
    body = text_bottom(page, end if label is None else label)
    begins = min(max(top, body), end - 40) if label is None else min(max(top, body), label - 8)
    return Box(_LEFT * page.width, max(begins, 0.0), 0.99 * page.width, end)
