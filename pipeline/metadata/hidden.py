"""Print that the first reading may have missed: under a seal, beside a signature, too small."""

from __future__ import annotations

from pipeline.document import Clues, Reading, Zone
from pipeline.settings import MetadataSettings


def hidden_zones(reading: Reading, settings: MetadataSettings, clues: Clues) -> tuple[Zone, ...]:
    """Zones to read again as print (Look.PRINT)."""
    return ()
