"""A second look at the upper margin: a lone digit there is dropped when the whole page is read, but not by itself."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.document import SecondLook, Zone
from pipeline.reading import recognition, tesseract
from pipeline.reading.recognition import PageImage
from pipeline.reading.tasks import LookTask

DPI = 300
BLANK = 25  # gray levels between paper and the darkest spot; less is no ink


def look(image: PageImage, zone: Zone, task: LookTask) -> SecondLook | None:
    """The number that stands alone in the zone, None without one."""
    cut = recognition.cut(image, zone.box)
    if not cut.size or int(cut.max()) - int(cut.min()) < BLANK:
        return None
    scale = DPI / image.dpi
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    sized = cv2.resize(cut, None, fx=scale, fy=scale, interpolation=how).astype(np.uint8, copy=False)
    words = tesseract.recognise_zone(sized, task.languages, DPI, task.seconds)
    numbers = [word for word in words if word.text.strip("-–.").isdecimal() and word.confidence >= recognition.SURE]
    if len(numbers) != 1:
        return None
    enlarged = PageImage(sized, image.width, image.height, DPI)
    return SecondLook(zone, recognition.placed(numbers, zone.box, enlarged))
