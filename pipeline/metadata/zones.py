"""Which parts of the pages are worth a second look, and for what."""

from __future__ import annotations

from pipeline.document import Clues, Reading, Zone
from pipeline.metadata.handwritten import handwritten_zones
from pipeline.metadata.hidden import hidden_zones
from pipeline.settings import MetadataSettings


def doubtful_zones(reading: Reading, settings: MetadataSettings, clues: Clues) -> tuple[Zone, ...]:
    """Zones of recognised pages whose words or handwriting leave a field in doubt; none where all was read surely."""
    return (*hidden_zones(reading, settings, clues), *handwritten_zones(reading, settings, clues))
