"""Print under a seal or beside a pen's strokes, read again with coloured ink taken away."""

from __future__ import annotations

from pipeline.document import SecondLook, Zone
from pipeline.reading.recognition import PageImage
from pipeline.reading.tasks import LookTask


def look(image: PageImage, zone: Zone, task: LookTask) -> SecondLook | None:
    """The lines of print in a zone of an upright page, in page coordinates. Raises DependencyError, ReadingError."""
    return None
