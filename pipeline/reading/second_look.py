"""A second look at parts of a page: small, each with the treatment that what it holds asks for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

import cv2

from pipeline.document import Look, SecondLook, Zone
from pipeline.errors import ReadingError
from pipeline.reading import handwriting, margin_look, print_look
from pipeline.reading.recognition import PageImage
from pipeline.reading.tasks import LookTask
from pipeline.reading.tesseract import OutOfTimeError
from pipeline.reading.upright import upright

log = logging.getLogger(__name__)
Glance = Callable[[PageImage, Zone, LookTask], SecondLook | None]
GLANCES: Mapping[Look, Glance] = {
    Look.PRINT: print_look.look,
    Look.NUMBER: handwriting.look,
    Look.DAY: handwriting.look,
    Look.MONTH: handwriting.look,
    Look.YEAR: handwriting.look,
    Look.MARGIN: margin_look.look,
}
"""What looks at a zone, by what it is looked at for: the page's upright pixels come in, not cleaned."""


def look_again(task: LookTask) -> tuple[SecondLook, ...]:
    """Look at the zones of one page, each for what it asks. Raises DependencyError; what cannot be seen is left out."""
    try:
        image = upright(task)
    except (ReadingError, MemoryError) as error:
        log.warning("no second look: %s", error)
        return ()
    seen = (_seen(image, zone, task) for zone in task.zones if zone.look in GLANCES)
    return tuple(look for look in seen if look is not None)


def _seen(image: PageImage, zone: Zone, task: LookTask) -> SecondLook | None:
    try:
        return GLANCES[zone.look](image, zone, task)
    except (ReadingError, MemoryError, cv2.error, OutOfTimeError) as error:
        log.warning("no second look: %s", str(error) or type(error).__name__)
        return None
