"""A page's untouched pixels as a person sees them, in the coordinates of the page that the first reading made."""

from __future__ import annotations

import numpy as np
import pypdfium2

from pipeline.errors import ReadingError
from pipeline.reading import images, pages, pdf
from pipeline.reading.recognition import PageImage
from pipeline.reading.tasks import LookTask


def upright(task: LookTask) -> PageImage:
    """Gray or RGB pixels, not cleaned and not straightened: pixel = point × dpi / 72. Raises ReadingError."""
    try:
        image, turned = _rendered(task)
    except (pypdfium2.PdfiumError, OSError, ValueError, RuntimeError) as error:
        raise ReadingError("page-damaged", number=task.page.number) from error
    quarters = ((task.page.rotation - turned) % 360) // 90
    pixels = np.ascontiguousarray(np.rot90(image.pixels, -quarters))
    return PageImage(pixels, task.page.width, task.page.height, image.dpi)


def _rendered(task: LookTask) -> tuple[PageImage, int]:
    """The page as its file shows it, and the clockwise degrees that are in it already."""
    index = task.page.number - 1
    if task.kind.is_image:
        return images.read_frame(pages.opened_image(task.path, task.kind), index, task.max_megapixels)
    page, sheet = pdf.survey(pages.opened_pdf(task.path), index, task.max_megapixels)
    try:
        return pdf.render(page, sheet), sheet.frame.rotation
    finally:
        page.close()
