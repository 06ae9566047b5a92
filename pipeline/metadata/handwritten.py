"""Numbers and days that a hand wrote into the blanks of the number line and the date line."""

from __future__ import annotations

from pipeline.document import Clues, Reading, Zone
from pipeline.settings import MetadataSettings


def handwritten_zones(reading: Reading, settings: MetadataSettings, clues: Clues) -> tuple[Zone, ...]:
    """Zones to read as handwriting (Look.NUMBER, DAY, MONTH)."""
    return ()
