"""What a signature looks like on the page: a picture, one line of text, or nothing; always upright to the reader."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.stamp import BaseStampStyle

from pipeline.errors import SigningError
from pipeline.signatures.geometry import Matrix, upright
from pipeline.signatures.workarounds import SQUEEZED, Ink, form_xobject

DPI = 300
MOST_PIXELS = 40_000_000
SEEN = 32  # of 255: less opaque is the dirt of a cut-out
ONE_COLOUR = 48  # of 255: shades of one ink differ less


@dataclass(frozen=True, slots=True)
class Picture:
    """A signature's or seal's picture, ready for a file: compressed colours and transparency, size in pixels."""

    width: int
    height: int
    colours: bytes
    alpha: bytes


def load_picture(path: Path, width_points: float) -> Picture:
    """Read a transparent PNG for a place `width_points` wide, at 300 dpi at most, without the empty margin around it.

    A seal is drawn at real size, so its ring must be as wide as its place and not the paper that it was scanned with.
    A stamp has one ink: where the picture's colours are shades of one, that one is kept and the shape stays in the
    transparency, a tenth of the size. Raises SigningError for what is no picture or has no transparency.
    """
    try:
        with Image.open(path) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise SigningError("picture-unusable", path=path, reason=f"{opened.width}×{opened.height}")
            if "A" not in opened.getbands() and "transparency" not in opened.info:
                raise SigningError("picture-opaque", path=path)
            image = opened.convert("RGBA")
    except (OSError, UnidentifiedImageError, ValueError, Image.DecompressionBombError) as error:
        raise SigningError("picture-unusable", path=path, reason=error) from error
    ink = image.getchannel("A").point(lambda opacity: 255 * (opacity >= SEEN)).getbbox()
    if ink is None:
        raise SigningError("picture-empty", path=path)
    image = image.crop(ink)
    most = max(1, round(width_points / 72 * DPI))
    if image.width > most:
        image = image.resize((most, max(1, round(image.height * most / image.width))), Image.Resampling.LANCZOS)
    alpha = image.getchannel("A")
    return Picture(image.width, image.height, zlib.compress(_ink(image, alpha), 9), zlib.compress(alpha.tobytes(), 9))


def _ink(image: Image.Image, alpha: Image.Image) -> bytes:
    import numpy as np

    pixels, seen = np.asarray(image.convert("RGB")), np.asarray(alpha) > 128
    if not seen.any():
        return bytes(pixels.tobytes())
    inked = pixels[seen].astype(float)
    if inked.std(axis=0).max() > ONE_COLOUR:
        return bytes(pixels.tobytes())
    colour = np.median(inked, axis=0).astype(np.uint8)
    return bytes(np.broadcast_to(colour, pixels.shape).tobytes())


class _Appearance:
    """What pyHanko asks for when it draws a signature field."""

    def __init__(self, reference: Any) -> None:
        self._reference = reference

    def apply_appearance(self, annotation: Any) -> None:
        annotation["/AP"] = generic.DictionaryObject({pdf_name("/N"): self._reference})


@dataclass(frozen=True)
class PictureStyle(BaseStampStyle):
    """A picture as big as its field allows; an empty field without one. `left`: that part of the free width."""

    picture: Picture | None = None
    rotation: int = 0
    left: float = 0.5

    def create_stamp(self, writer: Any, box: Any, text_params: dict[str, Any]) -> Any:  # noqa: ARG002 - pyHanko's
        width, height = _seen(box, self.rotation)
        if self.picture is None:
            return _Appearance(
                form_xobject(writer, b"", width, height, upright(self.rotation), generic.DictionaryObject())
            )
        scale = min(width / self.picture.width, height / self.picture.height)
        across, down = self.picture.width * scale, self.picture.height * scale
        left, bottom = (width - across) * self.left, (height - down) / 2
        content = b"q %.4f 0 0 %.4f %.4f %.4f cm /P Do Q" % (across, down, left, bottom)
        images = generic.DictionaryObject({pdf_name("/P"): _image(writer, self.picture)})
        resources = generic.DictionaryObject({pdf_name("/XObject"): images})
        return _Appearance(form_xobject(writer, content, width, height, upright(self.rotation), resources))


@dataclass(frozen=True)
class LineStyle(BaseStampStyle):
    """One line of black upright text against the right edge of its field."""

    line: str = ""
    size: float = 10.0
    rotation: int = 0

    def create_stamp(self, writer: Any, box: Any, text_params: dict[str, Any]) -> Any:  # noqa: ARG002 - pyHanko's
        width, height = _seen(box, self.rotation)
        ink = Ink(writer, self.size)
        shown, advance = ink.operators(self.line)
        stretch = min(1.0, width / advance) if advance else 1.0
        if stretch < SQUEEZED:
            raise SigningError("stamp-too-long", line=self.line)
        left, baseline = width - advance * stretch, (height - self.size) / 2 + 0.22 * self.size
        content = b"q BT 0 g /F0 %.2f Tf %.1f Tz %.3f %.3f Td " % (self.size, stretch * 100, left, baseline)
        matrix: Matrix = upright(self.rotation)
        return _Appearance(form_xobject(writer, content + shown + b" ET Q", width, height, matrix, ink.resources))


def _seen(box: Any, rotation: int) -> tuple[float, float]:
    """Width and height of a field as a reader sees it."""
    width, height = float(box.width), float(box.height)
    return (height, width) if rotation % 180 else (width, height)


def _image(writer: Any, picture: Picture) -> Any:
    mask = _image_stream(picture, "/DeviceGray", picture.alpha, ())
    return writer.add_object(
        _image_stream(picture, "/DeviceRGB", picture.colours, ((pdf_name("/SMask"), writer.add_object(mask)),))
    )


def _image_stream(picture: Picture, space: str, deflated: bytes, more: Sequence[tuple[Any, Any]]) -> Any:
    entries = {
        pdf_name("/Type"): pdf_name("/XObject"), pdf_name("/Subtype"): pdf_name("/Image"),
        pdf_name("/Width"): generic.NumberObject(picture.width),
        pdf_name("/Height"): generic.NumberObject(picture.height),
        pdf_name("/ColorSpace"): pdf_name(space), pdf_name("/BitsPerComponent"): generic.NumberObject(8),
        pdf_name("/Filter"): pdf_name("/FlateDecode"), **dict(more),
    }  # fmt: skip
    return generic.StreamObject(entries, encoded_data=deflated)
