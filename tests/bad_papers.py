"""What people drop that no scanner made well: a fax upside down, a photographed screen, dust, another language."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image

from tests.paper import letter
from tests.reading_papers import drawn

Pixels = NDArray[np.uint8]
SEED = 20_261
ENGLISH = (
    "ACME TRADING COMPANY LIMITED",
    "12 Harbour Road, Singapore",
    "No: 2026/EX-117                                      Singapore, March 15th, 2026",
    "SHIPPING AGREEMENT",
    "To: The Management Board of the Economic Zone",
    "Dear Sir or Madam, with reference to the contract that was signed by both",
    "parties on the second of January, this is to inform you of the arrival of",
    "the goods in the port, and of the documents that are needed for customs.",
    "The consignment shall be collected by your agent within ten days from the",
    "date of this letter, as it is agreed in the third article of the contract.",
    "Yours sincerely,",
    "DIRECTOR",
    "John Alexander Smith",
)


def rendered(path: Path, dpi: int) -> Pixels:
    with pypdfium2.PdfDocument(path) as document:
        return np.asarray(document[0].render(scale=dpi / 72).to_pil().convert("L"))


def fax_upside_down(folder: Path) -> Path:
    """Black and white, 204 × 196 dots an inch, speckled, the wrong way up."""
    page = rendered(letter(folder / "letter.pdf"), 196)
    page = cv2.resize(page, (round(page.shape[1] * 204 / 196), page.shape[0]), interpolation=cv2.INTER_AREA)
    numbers = np.random.default_rng(SEED)
    noisy = page.astype(np.int16) + numbers.normal(0, 38, page.shape).astype(np.int16)
    bilevel = np.where(noisy > 128, 255, 0).astype(np.uint8)
    path = folder / "fax.tif"
    picture = Image.fromarray(np.ascontiguousarray(np.rot90(bilevel, 2))).convert("1")
    picture.save(path, "TIFF", compression="group4", dpi=(204, 196))
    return path


def coarse_fax(folder: Path, noise: float) -> Path:
    """75 dots an inch, black and white, upside down."""
    page = rendered(letter(folder / "letter.pdf"), 200)
    small = cv2.resize(page, None, fx=75 / 200, fy=75 / 200, interpolation=cv2.INTER_AREA).astype(np.float32)
    noisy = small + np.random.default_rng(SEED).normal(0, noise, small.shape)
    path = folder / "coarse.png"
    bilevel = np.where(noisy > 140, 255, 0).astype(np.uint8)
    Image.fromarray(np.ascontiguousarray(np.rot90(bilevel, 2))).save(path, dpi=(75, 75))
    return path


def photographed_screen(folder: Path) -> Path:
    """A letter on a monitor, photographed aslant: a grid of pixels, moiré, glare, a camera's blur."""
    page = rendered(letter(folder / "letter.pdf"), 96)
    height, width = page.shape
    big = cv2.resize(page, (width * 2, height * 2), interpolation=cv2.INTER_NEAREST).astype(np.float32)
    rows, columns = np.indices(big.shape, dtype=np.float32)
    grid = 0.82 + 0.18 * np.sin(columns * 2.09) * np.sin(rows * 2.13)  # beats with the camera's own pixels
    waves = 0.9 + 0.1 * np.sin(columns / 23 + rows / 31)
    glare = 70 * np.exp(-(((columns - width * 1.4) / 300) ** 2 + ((rows - height * 0.35) / 220) ** 2))
    seen = np.clip(big * grid * waves * 0.85 + glare + 12, 0, 255)
    corners = np.float32([[0, 0], [2 * width, 0], [2 * width, 2 * height], [0, 2 * height]])
    aslant = np.float32([[60, 40], [2 * width - 20, 0], [2 * width - 70, 2 * height - 20], [0, 2 * height]])
    turned = cv2.warpPerspective(seen, cv2.getPerspectiveTransform(corners, aslant), (2 * width, 2 * height))
    blurred = cv2.GaussianBlur(turned, (0, 0), 1.1)
    colour = np.stack([blurred * 0.95, blurred, np.minimum(blurred * 1.08, 255)], axis=2).astype(np.uint8)
    path = folder / "IMG_0412.jpg"
    Image.fromarray(colour).save(path, "JPEG", quality=60)
    return path


def empty_with_dust(folder: Path) -> Path:
    numbers = np.random.default_rng(SEED)
    page = np.full((2339, 1654), 247, np.uint8)
    page[numbers.integers(0, 2339, 60), numbers.integers(0, 1654, 60)] = 40
    path = folder / "empty.png"
    Image.fromarray(page).save(path, dpi=(200, 200))
    return path


def english_letter(folder: Path) -> Path:
    path = folder / "letter-en.png"
    drawn(ENGLISH).save(path, dpi=(200, 200))
    return path


def picture_only(folder: Path) -> Path:
    """A photograph of a landscape of blots: nothing written."""
    numbers = np.random.default_rng(SEED)
    blots = cv2.resize(numbers.integers(0, 255, (24, 18), np.uint8), (1654, 2339), interpolation=cv2.INTER_CUBIC)
    out = io.BytesIO()
    Image.fromarray(blots).save(out, "JPEG", quality=70)
    path = folder / "photo.jpg"
    path.write_bytes(out.getvalue())
    return path
