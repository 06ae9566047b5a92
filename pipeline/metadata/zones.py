"""Which parts of the pages are worth a second look, and for what."""

from __future__ import annotations

from pipeline.document import Clues, Reading, TextSource, Zone
from pipeline.metadata.batches import first_page
from pipeline.metadata.code import find_code_row
from pipeline.metadata.handwritten import handwritten_zones
from pipeline.metadata.hidden import hidden_zones
from pipeline.metadata.issued import find_issued
from pipeline.metadata.layout import find_header
from pipeline.metadata.organ import find_organs, organ_zone
from pipeline.metadata.recipients import recipients_zones
from pipeline.metadata.review import LOOK_BELOW
from pipeline.metadata.spelling import Body
from pipeline.settings import MetadataSettings

_WITHOUT_EDGE = 60.0  # points under the header's top, where neither number nor date line was found


def doubtful_zones(reading: Reading, settings: MetadataSettings, clues: Clues) -> tuple[Zone, ...]:
    """Zones of recognised pages whose words or handwriting leave a field in doubt; none where all was read surely."""
    return (
        *hidden_zones(reading, settings, clues),
        *_organ_zones(reading, settings),
        *recipients_zones(reading, settings),
        *handwritten_zones(reading, settings, clues),
    )


def _organ_zones(reading: Reading, settings: MetadataSettings) -> tuple[Zone, ...]:
    """The agencies' block of the first page, where the first reading leaves it in doubt."""
    written = [page for page in reading.pages if page.source in {TextSource.TEXT_LAYER, TextSource.OCR} and page.lines]
    if not written or (first := first_page(written)).source is not TextSource.OCR:
        return ()
    header, body = find_header(first), Body((first,))
    code_row, issued = find_code_row(header), find_issued(header, body)
    edge = code_row or issued.row
    below = edge.base if edge is not None else header.top + _WITHOUT_EDGE
    organs = find_organs(header, below, body)
    enough = min(settings.review_below, LOOK_BELOW)
    sure = [field is not None and field.confidence >= enough for field in (organs.organ, organs.parent)]
    if sure[0] and not organs.doubtful and (sure[1] or organs.parent is None):
        return ()
    zone = organ_zone(header, below)
    return (zone,) if zone is not None else ()
