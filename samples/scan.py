"""Turn a born-digital page into what a scanner makes of its paper: dots, tilt, blur, shading, noise, JPEG."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from datetime import UTC, datetime

import cv2
import numpy as np
import pypdfium2
from fpdf import FPDF
from numpy.typing import NDArray
from PIL import Image

from samples.draft import Scan

FIXED_TIME = datetime(2026, 1, 1, tzinfo=UTC)
Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Wear:
    """How bad a scan is: tilt in degrees, blur in 200-dpi pixels, the rest in shares or grey levels of 255."""

    tilt: float
    blur: float
    noise: float
    shading: float
    fading: float
    specks: float  # share of pixels
    quality: int


WEAR = {
    "clean": Wear(0.0, 0.3, 1.0, 0.0, 0.0, 0.0, 80),
    "mild": Wear(0.8, 0.5, 4.0, 0.06, 0.05, 0.00002, 65),
    "hard": Wear(2.0, 0.9, 9.0, 0.22, 0.25, 0.0004, 45),
}


def render(pdf: bytes, dpi: int) -> list[Pixels]:
    """RGB pages of a PDF."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [np.asarray(page.render(scale=dpi / 72).to_pil().convert("RGB")) for page in document]


def scan(pdf: bytes, how: Scan, seed: str) -> bytes:
    """A file in the container that `how` names, with every page worn by its own share of chance."""
    pages = [_wear(page, how, f"{seed}/{i}") for i, page in enumerate(render(pdf, how.dpi))]
    if how.blank_after:
        blank = np.full_like(pages[0], 250)
        pages.insert(how.blank_after, _wear(blank, Scan(how.dpi, how.mode, "clean"), f"{seed}/blank"))
    images = [_mode(Image.fromarray(page), how.mode) for page in pages]
    if how.sideways:
        images = [image.transpose(Image.Transpose.ROTATE_90) for image in images]
    return CONTAINERS[how.container](images, how)


def _wear(page: Pixels, how: Scan, seed: str) -> Pixels:
    wear, chance = WEAR[how.level], random.Random(seed)
    numbers = np.random.default_rng(chance.getrandbits(64))
    height, width = page.shape[:2]
    tilt = chance.choice((-1, 1)) * chance.uniform(0.5, 1.0) * wear.tilt
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 1.0)
    turned = cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    light = cv2.GaussianBlur(turned, (0, 0), wear.blur * how.dpi / 200).astype(np.float32)
    light = 255 - (255 - light) * (1 - wear.fading * _clouds(numbers, height, width))
    light *= 1 - wear.shading * np.linspace(0, 1, width, dtype=np.float32)[None, :, None]
    light += numbers.normal(0, wear.noise, (height, width, 1)).astype(np.float32)
    light[numbers.random((height, width)) < wear.specks] = 40
    return np.clip(light, 0, 255).astype(np.uint8)


def _clouds(numbers: np.random.Generator, height: int, width: int) -> NDArray[np.float32]:
    """Slow variation 0..1: toner fades in patches."""
    coarse = numbers.random((9, 6)).astype(np.float32)
    smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(smooth, 0, 1).astype(np.float32)[:, :, None]


def _mode(image: Image.Image, mode: str) -> Image.Image:
    if mode == "rgb":
        return image
    gray = image.convert("L")
    return gray if mode == "gray" else gray.point(lambda level: 255 if level > 150 else 0).convert("1")


def _pdf(images: list[Image.Image], how: Scan) -> bytes:
    pdf = FPDF("P", "mm", "A4")
    pdf.set_creation_date(FIXED_TIME)
    pdf.set_auto_page_break(False)
    for image in images:
        pdf.add_page(orientation="L" if how.sideways else "P")
        pdf.image(io.BytesIO(_encoded(image, how)), 0, 0, pdf.w, pdf.h)
    return bytes(pdf.output())


def _encoded(image: Image.Image, how: Scan) -> bytes:
    buffer = io.BytesIO()
    if how.mode == "bilevel":
        image.save(buffer, "TIFF", compression="group4")
    else:
        image.save(buffer, "JPEG", quality=WEAR[how.level].quality, dpi=(how.dpi, how.dpi))
    return buffer.getvalue()


def _tiff(images: list[Image.Image], how: Scan) -> bytes:
    buffer = io.BytesIO()
    compression = "group4" if how.mode == "bilevel" else "tiff_lzw"
    images[0].save(
        buffer, "TIFF", save_all=True, append_images=images[1:], compression=compression, dpi=(how.dpi, how.dpi)
    )
    return buffer.getvalue()


def _jpeg(images: list[Image.Image], how: Scan) -> bytes:
    return _encoded(images[0], how)


def _png(images: list[Image.Image], how: Scan) -> bytes:
    buffer = io.BytesIO()
    images[0].quantize(16).save(buffer, "PNG", dpi=(how.dpi, how.dpi), optimize=True)
    return buffer.getvalue()


CONTAINERS = {"pdf": _pdf, "tiff": _tiff, "jpeg": _jpeg, "png": _png}
