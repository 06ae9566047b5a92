"""A scanned page's image is taken out dot for dot, or not at all: what is taken is what a person sees."""

from __future__ import annotations

import zlib
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pytest
from numpy.typing import NDArray
from pikepdf import Array, Dictionary, Name

from pipeline.reading import pdf, scan_image
from pipeline.reading.recognition import PageImage
from tests.reading_papers import drawn

pytestmark = pytest.mark.integration

GRAY = np.asarray(drawn(dpi=100))  # 1169 × 827
BITS = np.packbits(GRAY > 128, axis=1).tobytes()
RED = np.dstack([GRAY, np.full_like(GRAY, 30), 255 - GRAY // 2])
PALETTE = bytes(255 - level for level in range(256) for _ in range(3))  # turned over
MAKES = {
    "gray": (GRAY.tobytes(), Name.DeviceGray, 8, None),
    "colour": (RED.tobytes(), Name.DeviceRGB, 8, None),
    "bilevel": (BITS, Name.DeviceGray, 1, None),
    "bilevel, turned over": (BITS, Name.DeviceGray, 1, [1, 0]),
    "gray, turned over": (GRAY.tobytes(), Name.DeviceGray, 8, [1, 0]),
    "palette": (GRAY.tobytes(), Array([Name.Indexed, Name.DeviceRGB, 255, pikepdf.String(PALETTE)]), 8, None),
    "bilevel palette": (
        BITS, Array([Name.Indexed, Name.DeviceRGB, 1, pikepdf.String(b"\xff\xff\xff\0\0\0")]), 1, None,
    ),
}  # fmt: skip


def page_of(path: Path, make: str = "gray", *, content: str = "", rotate: int = 0, **keys: object) -> Path:
    """A page of the size of its image at 100 dpi, and a little more, which no drawing hits dot for dot."""
    data, colours, bits, decode = MAKES[make]
    document = pikepdf.new()
    rows, columns = GRAY.shape
    stream = pikepdf.Stream(document, zlib.compress(data))
    stream.Type, stream.Subtype, stream.Filter = Name.XObject, Name.Image, Name.FlateDecode
    stream.Width, stream.Height, stream.ColorSpace, stream.BitsPerComponent = columns, rows, colours, bits
    if decode:
        stream.Decode = Array(decode)
    for name, value in keys.items():
        stream[f"/{name}"] = value
    width, height = columns * 0.72, rows * 0.72
    document.add_blank_page(page_size=(width + 0.4, height + 0.4))
    page = document.pages[0]
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.obj.Resources = Dictionary(XObject=Dictionary(Im0=stream), Font=Dictionary(F0=font))
    placed = content or f"q {width} 0 0 {height} 0 0.4 cm /Im0 Do Q"
    page.obj.Contents = document.make_stream(placed.encode())
    if rotate:
        page.obj.Rotate = rotate
    document.save(path)
    return path


def taken_and_drawn(path: Path) -> tuple[PageImage | None, NDArray[np.uint8]]:
    with pypdfium2.PdfDocument(path) as document:
        page = document[0]
        taken = scan_image.taken_out(page, pdf.frame_of(page))
        seen = page.render(scale=100 / 72, rev_byteorder=True).to_numpy()[..., :3].copy()
        page.close()
    return taken, seen


def unlike(pixels: NDArray[np.uint8], seen: NDArray[np.uint8]) -> float:
    """Levels of gray by which two pictures of one page differ, looked at from afar."""
    coloured = pixels if pixels.ndim == 3 else np.dstack([pixels] * 3)
    far, other = (cv2.resize(one, (200, 200), interpolation=cv2.INTER_AREA).astype(int) for one in (coloured, seen))
    return float(np.abs(far - other).mean())


@pytest.mark.parametrize("make", MAKES)
@pytest.mark.parametrize("rotate", [0, 90])
def test_what_is_taken_out_is_what_is_seen(tmp_path: Path, make: str, rotate: int) -> None:
    taken, seen = taken_and_drawn(page_of(tmp_path / "a.pdf", make, rotate=rotate))
    assert taken is not None
    assert taken.dpi == pytest.approx(100)
    assert unlike(taken.pixels, seen) < 3
    assert (taken.width > taken.height) == (rotate == 90)


def test_the_dots_are_the_scans_own(tmp_path: Path) -> None:
    taken, seen = taken_and_drawn(page_of(tmp_path / "a.pdf", "bilevel"))
    assert taken is not None
    assert np.array_equal(taken.pixels[: GRAY.shape[0], : GRAY.shape[1]] > 128, GRAY > 128)
    assert len(np.unique(taken.pixels)) == 2
    assert len(np.unique(seen)) > 2  # which is why it is not drawn


def test_an_image_beyond_the_page_is_cut_where_the_page_ends(tmp_path: Path) -> None:
    path = page_of(tmp_path / "a.pdf", content="q 595.44 0 0 841.68 -36 36 cm /Im0 Do Q")
    taken, _ = taken_and_drawn(path)
    assert taken is not None
    assert np.array_equal(taken.pixels[0, : GRAY.shape[1] - 50], GRAY[50, 50:])
    assert (taken.pixels[-40:] == 255).all()  # below the image there is paper
    assert taken.pixels.shape == (1170, 828)


@pytest.mark.parametrize(
    "content",
    [
        "q 595 0 0 842 0 0 cm /Im0 Do Q BT /F0 20 Tf 100 100 Td (seen) Tj ET",
        "q 595 0 0 842 0 0 cm /Im0 Do Q 1 0 0 rg 100 100 50 50 re f",
        "q 0 0 300 300 re W n 595 0 0 842 0 0 cm /Im0 Do Q",
        "q -595 0 0 842 595 0 cm /Im0 Do Q",
        "q 595 30 -30 842 0 0 cm /Im0 Do Q",
        "q 300 0 0 424 0 0 cm /Im0 Do Q",
        "q 595 0 0 600 0 0 cm /Im0 Do Q",
        "q 595 0 0 842 0 0 cm /Im0 Do Q q 50 0 0 50 0 0 cm /Im0 Do Q",
    ],
    ids=["text", "drawing", "clipped", "mirrored", "turned", "small", "stretched", "twice"],
)
def test_a_page_that_shows_anything_else_is_drawn(tmp_path: Path, content: str) -> None:
    assert taken_and_drawn(page_of(tmp_path / "a.pdf", content=content))[0] is None


def test_text_that_is_not_shown_is_no_matter(tmp_path: Path) -> None:
    content = "q 595.44 0 0 841.68 0 0 cm /Im0 Do Q BT 3 Tr /F0 8 Tf 50 700 Td (garbage of a scanner) Tj ET"
    assert taken_and_drawn(page_of(tmp_path / "a.pdf", content=content))[0] is not None


def test_a_scan_that_leaves_a_margin_lies_where_it_is_seen(tmp_path: Path) -> None:
    taken, seen = taken_and_drawn(page_of(tmp_path / "a.pdf", content="q 536 0 0 757.5 40 20 cm /Im0 Do Q"))
    assert taken is not None
    assert unlike(taken.pixels, seen) < 0.25 * unlike(np.roll(taken.pixels, 10, axis=0), seen)
