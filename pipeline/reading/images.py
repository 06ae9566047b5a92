"""Image files as pages: many frames, any depth, alpha and EXIF turns, with a sensible size on paper."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from pipeline.document import Kind
from pipeline.errors import ReadingError
from pipeline.reading.recognition import PageImage

A4_LONG = 11.69  # inches
A5_LONG, SCREEN_DPI = 8.4, 150.0  # inches; no scanner reads small papers as coarsely
PLAUSIBLE_INCHES = (3.5, 50.0)  # the longer side of a page; a photograph's "72 dpi" says nothing
SWAPPING_TURNS = {5, 6, 7, 8}  # EXIF orientations that exchange width and height
EXIF_ORIENTATION = 0x0112
Image.MAX_IMAGE_PIXELS = None  # ours is counted before anything is decoded
CLOCKWISE = {3: 180, 6: 90, 8: 270}


def open_image(path: Path, kind: Kind) -> Image.Image:
    """Open without decoding. Raises ReadingError for what no decoder here knows."""
    if kind is Kind.HEIC:
        import pillow_heif

        pillow_heif.register_heif_opener()
    try:
        return Image.open(path)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ReadingError("image-unreadable", path=path, reason=error) from error


def frame_amount(image: Image.Image) -> int:
    """Pages of a TIFF; every other kind is one page (what moves in an animated PNG is no page)."""
    return int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1


def read_frame(image: Image.Image, index: int, max_megapixels: int) -> tuple[PageImage, int]:
    """Decode one frame: the upright page and the clockwise degrees that EXIF asked for. Raises ReadingError."""
    try:
        if frame_amount(image) > 1:
            image.seek(index)
        if image.width * image.height > max_megapixels * 1_000_000:
            raise ReadingError("page-too-many-pixels", width=image.width, height=image.height)
        orientation = int(image.getexif().get(EXIF_ORIENTATION, 1))
        dpi = _dpi(image)
        pixels = _pixels(image if orientation == 1 else ImageOps.exif_transpose(image))
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError, Image.DecompressionBombError) as error:
        raise ReadingError(
            "image-unreadable", path=image.filename if hasattr(image, "filename") else "", reason=error
        ) from error
    height, width = pixels.shape[:2]
    across, down = reversed(dpi) if orientation in SWAPPING_TURNS else dpi
    return PageImage(pixels, width * 72 / across, height * 72 / down, max(across, down)), CLOCKWISE.get(orientation, 0)


def _dpi(image: Image.Image) -> tuple[float, float]:
    """What the file says, when the page would then be of a plausible size, else as if its longer side were A4's.

    A page that would be as small as A5 at a screen's resolution was copied from a screen, which knows no paper.
    """
    said = image.info.get("dpi")
    if said:
        across, down = float(said[0]), float(said[1])
        if across > 0 and down > 0 and 0.4 < across / down < 2.5:
            longest = max(image.width / across, image.height / down)
            copied = max(across, down) < SCREEN_DPI and longest < A5_LONG
            if PLAUSIBLE_INCHES[0] <= longest <= PLAUSIBLE_INCHES[1] and across != 72 and not copied:
                return across, down
    assumed = max(image.width, image.height) / A4_LONG
    return assumed, assumed


def _pixels(image: Image.Image) -> NDArray[np.uint8]:
    """Gray or RGB, 8 bits, on white paper."""
    if image.mode.startswith("I") or image.mode == "F":
        deep = np.asarray(image, dtype=np.float32)
        highest = 65535.0 if image.mode != "F" and deep.max(initial=0) > 255 else max(float(deep.max(initial=0)), 1.0)
        return np.asarray(np.clip(deep / highest * 255, 0, 255), dtype=np.uint8)
    if image.mode == "1":
        return np.asarray(image.convert("L"), dtype=np.uint8)
    if image.mode in {"L", "RGB"} and "transparency" not in image.info:
        return np.asarray(image, dtype=np.uint8)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    return np.asarray(image.convert("RGB"), dtype=np.uint8)
