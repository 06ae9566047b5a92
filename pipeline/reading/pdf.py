"""A PDF's pages: their own text where it is believed, else the page as an image, annotations drawn in.

A page's visible annotations (the appearance of a digital signature holds number and date, law/facts §6) are
flattened into the page in memory only: the file itself is never written.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.document import Box
from pipeline.errors import ReadingError, RefusedError
from pipeline.reading import notes, scan_image
from pipeline.reading.recognition import HIGHEST_DPI, LOWEST_DPI, MOST_PIXELS, PageImage
from pipeline.reading.text_layer import Frame, TextLayer, read_layer

_COARSE = 1.0  # pixels a point, to see whether pale text can be seen
_STANDS_OUT = 40  # of 255
RENDER_DPI = 300  # of pages that are no scan


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page is made of. `scan_dpi` is set where one image covers the page; `notes` are visible annotations."""

    frame: Frame
    layer: TextLayer
    scan_dpi: float | None
    notes: tuple[Box, ...]


def open_pdf(path: Path) -> pypdfium2.PdfDocument:
    """Open for reading. Raises RefusedError for a password, ReadingError for what is no PDF."""
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise RefusedError("document-locked", path=path) from error
        raise ReadingError("document-unopenable", path=path, reason=error) from error


def survey(document: pypdfium2.PdfDocument, index: int, max_megapixels: int) -> tuple[pypdfium2.PdfPage, Sheet]:
    """Load a page with its annotations flattened in and look at what it holds. Raises ReadingError.

    The caller closes the page.
    """
    page = _load(document, index)
    frame = frame_of(page)
    annotations = notes.visible(page)
    if annotations:
        pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
        page.close()
        page = _load(document, index)
    cover, dpi, drawn = _drawings(page, frame, max_megapixels)
    text_page = page.get_textpage()
    try:
        layer = read_layer(text_page.raw, frame, cover=cover, drawn=drawn, has_ink=_Looks(page).has_ink)
    finally:
        text_page.close()
    return page, Sheet(frame, layer, dpi if cover > 0.5 else None, tuple(frame.box(*r) for r in annotations))


def render(page: pypdfium2.PdfPage, sheet: Sheet) -> PageImage:
    """The page as a person sees it: dot for dot the scan where it is one, else drawn at its image's resolution."""
    if taken := scan_image.taken_out(page, sheet.frame):
        return taken
    width, height = sheet.frame.size
    dpi = min(max(sheet.scan_dpi or RENDER_DPI, LOWEST_DPI * 0.5), HIGHEST_DPI * 1.34)
    scale = min(dpi / 72, (MOST_PIXELS / (width * height)) ** 0.5)
    bitmap = page.render(scale=scale, draw_annots=True, rev_byteorder=True)
    try:
        pixels = np.array(bitmap.to_numpy()[..., :3] if bitmap.n_channels > 1 else bitmap.to_numpy())
    finally:
        bitmap.close()
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[:, :, 0]
    return PageImage(pixels, width, height, scale * 72)


def frame_of(page: pypdfium2.PdfPage) -> Frame:
    """The visible area: CropBox within MediaBox, either of them inherited, as pdfium itself uses it to draw."""
    rect = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, rect)
    return Frame(rect.left, rect.bottom, rect.right, rect.top, page.get_rotation())


@dataclass(slots=True)
class _Looks:
    """How the page looks, coarsely; drawn when it is asked for the first time, which hardly a page needs."""

    page: pypdfium2.PdfPage
    pixels: np.ndarray[Any, np.dtype[np.uint8]] | None = None

    def has_ink(self, box: Box) -> bool:
        """Does anything stand out in this box (upright points) - white text on white does not."""
        if self.pixels is None:
            bitmap = self.page.render(scale=_COARSE, grayscale=True, draw_annots=True)
            try:
                self.pixels = np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width)
            finally:
                bitmap.close()
        top, bottom = (max(round(y * _COARSE), 0) for y in (box.top, box.bottom))
        left, right = (max(round(x * _COARSE), 0) for x in (box.left, box.right))
        part = self.pixels[top : bottom + 1, left : right + 1]
        return bool(part.size) and int(part.max()) - int(part.min()) > _STANDS_OUT


def _load(document: pypdfium2.PdfDocument, index: int) -> pypdfium2.PdfPage:
    try:
        return document[index]
    except pypdfium2.PdfiumError as error:
        raise ReadingError("page-damaged", number=index + 1) from error


def _drawings(page: pypdfium2.PdfPage, frame: Frame, max_megapixels: int) -> tuple[float, float | None, bool]:
    """(Share of the page under its largest image, that image's dpi, is anything but text drawn?)"""
    area = (frame.right - frame.left) * (frame.top - frame.bottom)
    cover, dpi, drawn = 0.0, None, False
    for item in page.get_objects(max_depth=4):
        if item.type != pdfium.FPDF_PAGEOBJ_IMAGE:
            drawn = drawn or item.type in {pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_SHADING}
            continue
        drawn = True
        pixels = _pixels_of(item)
        if pixels[0] * pixels[1] > max_megapixels * 1_000_000:
            raise ReadingError("page-too-many-pixels", width=pixels[0], height=pixels[1])
        left, bottom, right, top = item.get_bounds()
        seen = max(min(right, frame.right) - max(left, frame.left), 0) * max(
            min(top, frame.top) - max(bottom, frame.bottom), 0
        )
        if area and seen / area > cover:
            cover = seen / area
            dpi = (pixels[0] * pixels[1] / max((right - left) * (top - bottom), 1)) ** 0.5 * 72
    return cover, dpi, drawn


def _pixels_of(item: Any) -> tuple[int, int]:
    width, height = ctypes.c_uint(), ctypes.c_uint()
    pdfium.FPDFImageObj_GetImagePixelSize(item.raw, width, height)
    return width.value, height.value
