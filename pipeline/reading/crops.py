"""A part of a page as it looks, for the eyes of one who decides: a PNG, made in a reading process."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image

from pipeline.document import Box
from pipeline.errors import ReadingError
from pipeline.reading import images, pdf
from pipeline.reading.recognition import PageImage
from pipeline.reading.tasks import CropTask

MARGIN = 16.0  # points of paper around the box
LEAST = (260.0, 72.0)  # points; less shows a word without its neighbours
WIDEST = 1400  # pixels
FRAME = (214, 40, 40)  # RGB of the line around the box


def crop(task: CropTask) -> bytes:
    """The box with some paper around it, upright, framed. Raises ReadingError where the page cannot be shown."""
    try:
        with _shown(task) as (image, turned):
            upright = np.rot90(image.pixels, -(((task.page.rotation - turned) % 360) // 90))
            return _png(_framed(upright, task.box, task.page.width, task.page.height))
    except (pypdfium2.PdfiumError, OSError, ValueError, RuntimeError, MemoryError) as error:
        raise ReadingError("crop-unwritable", path=task.path, number=task.page.number, reason=error) from error


@contextmanager
def _shown(task: CropTask) -> Iterator[tuple[PageImage, int]]:
    """The page's pixels and by how much (clockwise) they are turned already."""
    index = task.page.number - 1
    if task.kind.is_image:
        with images.open_image(task.path, task.kind) as file:
            yield images.read_frame(file, index, task.max_megapixels)
        return
    document = pdf.open_pdf(task.path)
    try:
        page, sheet = pdf.survey(document, index, task.max_megapixels)
        try:
            yield pdf.render(page, sheet), sheet.frame.rotation
        finally:
            page.close()
    finally:
        document.close()


def _framed(pixels: NDArray[np.uint8], box: Box, width: float, height: float) -> NDArray[np.uint8]:
    rows, columns = pixels.shape[:2]
    across, down = columns / width, rows / height
    wide = _around(box, width, height)
    left, top = int(wide.left * across), int(wide.top * down)
    right, bottom = max(int(wide.right * across), left + 1), max(int(wide.bottom * down), top + 1)
    cut = pixels[top:bottom, left:right]
    colour = np.ascontiguousarray(cut if cut.ndim == 3 else np.repeat(cut[:, :, None], 3, axis=2))
    corner = (int(box.left * across) - left - 3, int(box.top * down) - top - 3)
    opposite = (int(box.right * across) - left + 3, int(box.bottom * down) - top + 3)
    cv2.rectangle(colour, corner, opposite, FRAME, max(round(across * 0.7), 1))
    if colour.shape[1] > WIDEST:
        share = WIDEST / colour.shape[1]
        size = (WIDEST, max(round(colour.shape[0] * share), 1))
        return cv2.resize(colour, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    return colour


def _around(box: Box, width: float, height: float) -> Box:
    """The box with its margin, no less than LEAST, within the page."""
    more_x = max(MARGIN, (LEAST[0] - box.width) / 2)
    more_y = max(MARGIN, (LEAST[1] - box.height) / 2)
    left, top = min(max(box.left - more_x, 0.0), width - 1), min(max(box.top - more_y, 0.0), height - 1)
    return Box(left, top, max(min(box.right + more_x, width), left + 1), max(min(box.bottom + more_y, height), top + 1))


def _png(pixels: NDArray[np.uint8]) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()
