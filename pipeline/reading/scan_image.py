"""The image of a scanned page taken out as it is: drawing it would blur its dots, which never fall on ours.

A scan of 2339 rows on a page of 841.9 points is drawn as 2341 rows: black and white become 250 shades of gray.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from pipeline.reading.recognition import MOST_PIXELS, PageImage
from pipeline.reading.text_layer import INVISIBLE, Frame

PLAIN_COLOURS = {
    pdfium.FPDF_COLORSPACE_DEVICEGRAY, pdfium.FPDF_COLORSPACE_DEVICERGB, pdfium.FPDF_COLORSPACE_CALGRAY,
    pdfium.FPDF_COLORSPACE_CALRGB, pdfium.FPDF_COLORSPACE_ICCBASED, pdfium.FPDF_COLORSPACE_INDEXED,
}  # fmt: skip
PLAIN_DEPTHS = {1, 8, 24}
SQUARE = 0.01  # how far dots may be from square, and an image from upright
LEAST_COVER = 0.8  # of the page, in each direction
DPI = (95.0, 410.0)  # coarser and finer images are drawn
PAPER = 255


def taken_out(page: pypdfium2.PdfPage, frame: Frame) -> PageImage | None:
    """The one image that a page shows, dot for dot on paper of the page's size; None where anything else is seen."""
    image = _only_image(page)
    if image is None or not _plain(image, page):
        return None
    a, b, c, d, left, bottom = image.get_matrix().get()
    if a <= 0 or d <= 0 or abs(b) > SQUARE * a or abs(c) > SQUARE * d:
        return None
    columns, rows = _size(image)
    dpi = columns / a * 72
    width, height = frame.right - frame.left, frame.top - frame.bottom
    across, down = round(width * dpi / 72), round(height * dpi / 72)
    if (
        abs(rows / d * 72 / dpi - 1) > SQUARE
        or not DPI[0] <= dpi <= DPI[1]
        or across * down > MOST_PIXELS
        or columns * rows > MOST_PIXELS
        or a < LEAST_COVER * width
        or d < LEAST_COVER * height
    ):
        return None
    pixels = _pixels(image)
    at = round((left - frame.left) * dpi / 72), round((frame.top - bottom - d) * dpi / 72)
    placed = np.rot90(_on_paper(pixels, at, (across, down)), -frame.rotation // 90)
    return PageImage(np.ascontiguousarray(placed), *frame.size, dpi)


def _only_image(page: pypdfium2.PdfPage) -> Any:
    """The image, where nothing else is on the page but text that is not shown."""
    found = None
    for item in page.get_objects(max_depth=1):
        if item.type == pdfium.FPDF_PAGEOBJ_TEXT and pdfium.FPDFTextObj_GetTextRenderMode(item.raw) == INVISIBLE:
            continue
        if item.type != pdfium.FPDF_PAGEOBJ_IMAGE or found is not None:
            return None
        found = item
    return found


def _plain(image: Any, page: pypdfium2.PdfPage) -> bool:
    """Gray or red-green-blue dots, neither masked nor clipped."""
    about = pdfium.FPDF_IMAGEOBJ_METADATA()
    if not pdfium.FPDFImageObj_GetImageMetadata(image.raw, page.raw, about):
        return False
    clip = pdfium.FPDFPageObj_GetClipPath(image.raw)
    return (
        about.colorspace in PLAIN_COLOURS
        and about.bits_per_pixel in PLAIN_DEPTHS
        and not pdfium.FPDFPageObj_HasTransparency(image.raw)
        and pdfium.FPDFClipPath_CountPaths(clip) <= 0
    )


def _size(image: Any) -> tuple[int, int]:
    width, height = ctypes.c_uint(), ctypes.c_uint()
    pdfium.FPDFImageObj_GetImagePixelSize(image.raw, width, height)
    return width.value, height.value


def _pixels(image: Any) -> NDArray[np.uint8]:
    """Gray (height × width) or RGB."""
    dots = image.get_bitmap(render=False).to_numpy()
    if dots.ndim == 3 and dots.shape[2] > 1:
        return np.ascontiguousarray(dots[..., 2::-1])  # pdfium's order is blue, green, red
    return np.array(dots.reshape(dots.shape[:2]))


def _on_paper(pixels: NDArray[np.uint8], at: tuple[int, int], size: tuple[int, int]) -> NDArray[np.uint8]:
    """The image on white paper of `size` (across, down), its corner `at` (x, y); what lies beyond is cut off."""
    (x, y), (across, down) = at, size
    rows, columns = pixels.shape[:2]
    if (x, y, columns, rows) == (0, 0, across, down):
        return pixels
    paper = np.full((down, across, *pixels.shape[2:]), PAPER, np.uint8)
    left, top, right, bottom = max(x, 0), max(y, 0), min(x + columns, across), min(y + rows, down)
    paper[top:bottom, left:right] = pixels[top - y : bottom - y, left - x : right - x]
    return paper
