"""Page pictures for the reading copy: a scan's own compressed bytes where they can go in as they are, else lossless."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
from numpy.typing import NDArray
from pikepdf import Dictionary, Name
from PIL import Image

from pipeline.document import Box
from pipeline.reading.images import EXIF_ORIENTATION, read_frame
from pipeline.reading.recognition import PageImage

Matrix = tuple[float, float, float, float, float, float]
KEPT_KEYS = ("/Width", "/Height", "/BitsPerComponent", "/ColorSpace", "/Decode", "/DecodeParms", "/Filter",
             "/ImageMask", "/Mask", "/SMask", "/Intent", "/Matte")  # fmt: skip
UNFIT_COLOURS = (
    Name.DeviceCMYK,
    Name.CMYK,
)  # a tuple: an indirect object cannot be hashed; PDF/A asks for a CMYK output intent, and ours is sRGB
UNFIT_FILTERS = {Name.LZWDecode, Name.LZW, Name.Crypt}
HARMLESS = {"q", "Q", "cm", "BT", "ET", "gs", "w", "J", "j", "M", "d", "ri", "i", "g", "G", "rg", "RG", "k", "K",
            "cs", "CS", "sc", "SC", "scn", "SCN", "re", "W", "W*", "n", "BMC", "BDC", "EMC", "MP", "DP", "BX", "EX",
            "m", "l", "h"}  # fmt: skip
TEXT = {"Tf", "Td", "TD", "Tm", "T*", "Tc", "Tw", "Tz", "TL", "Ts", "Tj", "TJ", "'", '"'}
INVISIBLE = 3


@dataclass(frozen=True, slots=True)
class Picture:
    """An image in the copy. `matrix` places it (None: over the whole page); `rotation` (clockwise) is in it already."""

    image: pikepdf.Object
    matrix: Matrix | None
    rotation: int
    conforms: bool  # to PDF/A-2b


def of_scan(copy: pikepdf.Pdf, page: pikepdf.Page) -> Picture | None:
    """The one image that a PDF page consists of, its stream untouched; None when the page shows anything else.

    Annotations are not looked at.
    """
    found = _only_image(page)
    if found is None:
        return None
    image, matrix = found
    carried = copy.copy_foreign(image)
    for key in list(carried.keys()):
        if key not in {*KEPT_KEYS, "/Length"}:
            del carried[key]
    carried.Type, carried.Subtype = Name.XObject, Name.Image
    box = page.cropbox
    left, bottom = float(min(box[0], box[2])), float(min(box[1], box[3]))
    placed = (*matrix[:4], matrix[4] - left, matrix[5] - bottom)
    return Picture(carried, placed, 0, _fits(carried))


def of_frame(copy: pikepdf.Pdf, image: Image.Image, path: Path, index: int, max_megapixels: int) -> Picture:
    """One frame of an image file: a JPEG's or PNG's compressed bytes as they are, everything else without loss."""
    orientation = int(image.getexif().get(EXIF_ORIENTATION, 1))
    if image.format == "JPEG" and orientation in {1, 3, 6, 8} and image.mode in {"L", "RGB"}:
        stream = _stream(copy, path.read_bytes(), image.size, 8, image.mode == "L")
        stream.Filter = Name.DCTDecode
        return Picture(stream, None, 0, conforms=True)
    if image.format == "PNG" and orientation == 1 and (found := _png(copy, path.read_bytes())):
        return Picture(found, None, 0, conforms=True)
    upright, turned = read_frame(image, index, max_megapixels)
    if image.mode == "1":
        return Picture(_bilevel(copy, upright.pixels), None, turned, conforms=True)
    return of_pixels(copy, upright.pixels, turned)


def of_pixels(copy: pikepdf.Pdf, pixels: NDArray[np.uint8], rotation: int) -> Picture:
    """Upright pixels (gray or RGB), losslessly; a coloured page without colour is kept as gray."""
    if (
        pixels.ndim == 3
        and np.array_equal(pixels[..., 0], pixels[..., 1])
        and np.array_equal(pixels[..., 1], pixels[..., 2])
    ):
        pixels = np.ascontiguousarray(pixels[..., 0])
    height, width = pixels.shape[:2]
    colours = 1 if pixels.ndim == 2 else 3
    stream = _stream(copy, zlib.compress(_predicted(pixels), 6), (width, height), 8, colours == 1)
    stream.Filter = Name.FlateDecode
    stream.DecodeParms = Dictionary(Predictor=15, Colors=colours, BitsPerComponent=8, Columns=width)
    return Picture(stream, None, rotation, conforms=True)


def of_part(copy: pikepdf.Pdf, image: PageImage, box: Box) -> Picture:
    """A box of an upright page, losslessly, placed where it lies on a page that is not turned."""
    scale = image.dpi / 72
    rows, columns = image.pixels.shape[:2]
    left, top = max(int(box.left * scale), 0), max(int(box.top * scale), 0)
    right, bottom = min(int(box.right * scale) + 1, columns), min(int(box.bottom * scale) + 1, rows)
    part = of_pixels(copy, np.ascontiguousarray(image.pixels[top:bottom, left:right]), 0)
    matrix = ((right - left) / scale, 0.0, 0.0, (bottom - top) / scale, left / scale, image.height - bottom / scale)
    return replace(part, matrix=matrix)


def _predicted(pixels: NDArray[np.uint8]) -> bytes:
    """PNG's "up" filter on every row: scans compress to about half of what they would without."""
    rows = pixels.reshape(pixels.shape[0], -1)
    differences = rows.copy()
    differences[1:] -= rows[:-1]
    marked = np.concatenate([np.full((rows.shape[0], 1), 2, np.uint8), differences], axis=1)
    return marked.tobytes()


def _png(copy: pikepdf.Pdf, data: bytes) -> pikepdf.Stream | None:
    """A PNG's own compressed rows, which PDF reads as they are; None for palettes, alpha and interlacing."""
    chunks: dict[bytes, list[bytes]] = {}
    at = len(b"\x89PNG\r\n\x1a\n")
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4])
        chunks.setdefault(data[at + 4 : at + 8], []).append(data[at + 8 : at + 8 + size])
        at += size + 12
    width, height, bits, colour, *_, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"][0])
    if colour not in {0, 2} or interlaced or b"tRNS" in chunks or b"acTL" in chunks:
        return None
    colours = 1 if colour == 0 else 3
    stream = _stream(copy, b"".join(chunks[b"IDAT"]), (width, height), bits, colours == 1)
    stream.Filter = Name.FlateDecode
    stream.DecodeParms = Dictionary(Predictor=15, Colors=colours, BitsPerComponent=bits, Columns=width)
    return stream


def _bilevel(copy: pikepdf.Pdf, pixels: NDArray[np.uint8]) -> pikepdf.Stream:
    """Black and white as CCITT group 4, through one TIFF strip."""
    out = BytesIO()
    picture = Image.fromarray(pixels).convert("1", dither=Image.Dither.NONE)
    picture.save(out, "TIFF", compression="group4", tiffinfo={278: picture.height, 262: 0})
    tags = Image.open(out).tag_v2  # type: ignore[attr-defined]
    data = out.getvalue()[tags[273][0] : tags[273][0] + tags[279][0]]
    stream = _stream(copy, data, picture.size, 1, gray=True)
    stream.Filter = Name.CCITTFaxDecode
    stream.DecodeParms = Dictionary(K=-1, Columns=picture.width, Rows=picture.height, BlackIs1=tags[262] == 1)
    return stream


def _stream(copy: pikepdf.Pdf, data: bytes, size: tuple[int, int], bits: int, gray: bool) -> pikepdf.Stream:
    stream = pikepdf.Stream(copy, data)
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    stream.Width, stream.Height = size
    stream.ColorSpace = Name.DeviceGray if gray else Name.DeviceRGB
    stream.BitsPerComponent = bits
    return stream


def _only_image(page: pikepdf.Page) -> tuple[pikepdf.Stream, Matrix] | None:
    """The single image that a content stream paints, with its matrix; invisible text beside it is no matter."""
    stack: list[pikepdf.Matrix] = []
    current, mode, found = pikepdf.Matrix(), 0, None
    for instruction in pikepdf.parse_content_stream(page):
        operands, name = instruction.operands, str(instruction.operator)
        if name == "q":
            stack.append(current)
        elif name == "Q" and stack:
            current = stack.pop()
        elif name == "cm":
            current = pikepdf.Matrix(*map(float, operands)) @ current
        elif name == "Tr":
            mode = int(operands[0])
        elif name == "Do":
            image = _image(page, operands[0])
            if image is None or found:
                return None
            found = image, _tuple(current)
        elif (name in TEXT and mode == INVISIBLE) or name in {"Tf", "Td", "TD", "Tm", "T*", "Tz", "TL", "Tc", "Tw"}:
            continue
        elif name not in HARMLESS:
            return None
    return found


def _image(page: pikepdf.Page, name: Any) -> pikepdf.Stream | None:
    found = page.resources.get("/XObject", Dictionary()).get(name)
    if isinstance(found, pikepdf.Stream) and found.get("/Subtype") == Name.Image and not found.get("/ImageMask"):
        return found
    return None


def _tuple(matrix: pikepdf.Matrix) -> Matrix:
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _fits(image: pikepdf.Object) -> bool:
    """May PDF/A-2b hold this image as it is?"""
    filters = image.get("/Filter")
    named = {filters} if isinstance(filters, Name) else set(filters or ())
    return image.get("/ColorSpace") not in UNFIT_COLOURS and not named & UNFIT_FILTERS
