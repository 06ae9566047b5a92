"""Print that lies under seals and pens, or is stamped in red, read again by its inks with a real Tesseract."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline.document import Box, Kind, Line, Look, Page, SecondLook, TextSource, Word, Zone
from pipeline.reading.inks import layers, set_free
from pipeline.reading.second_look import look_again
from pipeline.reading.tasks import LookTask, PageTask, read_page
from tests.reading_papers import BOLD, scan_pdf

DPI = 200
RED, BLUE, BLACK = (214, 40, 50), (40, 60, 190), (20, 20, 20)
ZONE = Zone(1, Box(250.0, 380.0, 590.0, 620.0), Look.PRINT, "signatory")


def page_of(image: Image.Image, *, rotation: int = 0, lines: tuple[Line, ...] = ()) -> Page:
    width, height = image.width * 72 / DPI, image.height * 72 / DPI
    return Page(1, width, height, TextSource.OCR, lines, rotation, DPI)


def paper() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (round(595 * DPI / 72), round(842 * DPI / 72)), (250, 249, 247))
    return image, ImageDraw.Draw(image)


def write(pen: ImageDraw.ImageDraw, x: float, y: float, text: str, ink: tuple[int, int, int] = BLACK) -> None:
    """Bold print of 14 points whose middle is x and whose top is y, in points."""
    font = ImageFont.truetype(str(BOLD), round(14 * DPI / 72))
    pen.text((x * DPI / 72, y * DPI / 72), text, font=font, fill=ink, anchor="ma")


def ring(pen: ImageDraw.ImageDraw, x: float, y: float, ink: tuple[int, int, int], radius: float = 48) -> None:
    box = [(v * DPI / 72) for v in (x - radius, y - radius, x + radius, y + radius)]
    pen.ellipse(box, outline=ink, width=6)


def looked(path: Path, page: Page, zone: Zone = ZONE) -> SecondLook:
    (seen,) = look_again(LookTask(path, Kind.PDF, page, (zone,), "vie", 60.0, 100))
    return seen


def texts(seen: SecondLook) -> str:
    return " | ".join(line.text for line in seen.lines)


def place_of(seen: SecondLook, text: str) -> Box:
    return next(word.box for line in seen.lines for word in line.words if word.text == text)


@pytest.fixture
def stamped() -> Image.Image:
    """A block whose deputy and name are stamped in red, under a red seal, with a blue signature."""
    image, pen = paper()
    write(pen, 430, 400, "KT. GIÁM ĐỐC")
    write(pen, 430, 417, "PHÓ GIÁM ĐỐC", RED)
    write(pen, 430, 560, "Nguyễn Trúc Giang", RED)
    ring(pen, 350, 485, RED)
    pen.line([(1100, 1450), (1250, 1300), (1180, 1500), (1500, 1380)], fill=BLUE, width=6, joint="curve")
    return image


def test_a_name_stamped_in_red_is_seen(tmp_path: Path, stamped: Image.Image) -> None:
    seen = looked(scan_pdf(tmp_path / "a.pdf", stamped), page_of(stamped))
    assert "Nguyễn Trúc Giang" in texts(seen)
    assert "PHÓ GIÁM" in texts(seen)
    box = place_of(seen, "Giang")
    assert box.top == pytest.approx(561, abs=5)
    assert box.right == pytest.approx(495, abs=8)


def test_print_under_a_coloured_seal_is_seen(tmp_path: Path) -> None:
    image, pen = paper()
    ring(pen, 385, 478, RED)  # first: black ink shines through a seal's
    ring(pen, 390, 440, RED)
    write(pen, 430, 400, "CHỦ TỊCH")
    write(pen, 430, 520, "Đặng Văn Minh")
    seen = looked(scan_pdf(tmp_path / "a.pdf", image), page_of(image))
    assert "CHỦ TỊCH" in texts(seen)
    assert "Đặng Văn Minh" in texts(seen)


def test_a_page_that_was_turned_is_looked_at_upright(tmp_path: Path, stamped: Image.Image) -> None:
    path = scan_pdf(tmp_path / "a.pdf", stamped.rotate(90, expand=True))
    seen = looked(path, page_of(stamped, rotation=90))
    assert "Nguyễn Trúc Giang" in texts(seen)
    assert place_of(seen, "Giang").top == pytest.approx(561, abs=5)


def test_a_skewed_page_is_straightened_and_words_stand_where_the_page_has_them(
    tmp_path: Path, stamped: Image.Image
) -> None:
    askew = stamped.rotate(-3, fillcolor=(250, 249, 247), resample=Image.Resampling.BICUBIC)
    rise = np.tan(np.deg2rad(3))
    lines = tuple(
        Line(tuple(Word("chữ", Box(x, y + x * rise, x + 20, y + x * rise + 10)) for x in range(80, 500, 60)))
        for y in (100, 130, 160)
    )
    seen = looked(scan_pdf(tmp_path / "a.pdf", askew), page_of(askew, lines=lines))
    assert "Nguyễn Trúc Giang" in texts(seen)
    x, y = place_of(seen, "Trúc").centre
    angle = np.deg2rad(3)  # the page was turned clockwise about its middle
    across, down = 437 - 297.5, 569 - 421
    assert x == pytest.approx(297.5 + across * np.cos(angle) - down * np.sin(angle), abs=8)
    assert y == pytest.approx(421 + across * np.sin(angle) + down * np.cos(angle), abs=5)


def test_words_cut_by_the_edge_of_the_zone_are_left_out(tmp_path: Path) -> None:
    image, pen = paper()
    write(pen, 250, 470, "Lưu hồ sơ văn phòng")
    write(pen, 430, 400, "GIÁM ĐỐC")
    seen = looked(scan_pdf(tmp_path / "a.pdf", image), page_of(image))
    assert min(word.box.left for line in seen.lines for word in line.words) > ZONE.box.left + 3


def test_what_cannot_be_opened_or_is_no_zone_is_left_out(tmp_path: Path, stamped: Image.Image) -> None:
    path = scan_pdf(tmp_path / "a.pdf", stamped)
    nothing = Zone(1, Box(300.0, 300.0, 302.0, 301.0), Look.PRINT, "signatory")
    assert looked(path, page_of(stamped), nothing).lines == ()
    gone = LookTask(tmp_path / "gone.pdf", Kind.PDF, page_of(stamped), (ZONE,), "vie", 60.0, 100)
    assert look_again(gone) == ()


def test_a_look_that_takes_too_long_is_left_out(tmp_path: Path, stamped: Image.Image) -> None:
    path = scan_pdf(tmp_path / "a.pdf", stamped)
    whole = Zone(1, Box(0.0, 0.0, 595.0, 842.0), Look.PRINT, "signatory")
    assert look_again(LookTask(path, Kind.PDF, page_of(stamped), (whole,), "vie", 0.0, 100)) == ()


def test_layers_part_black_print_from_seals_and_pens(stamped: Image.Image) -> None:
    pixels = np.asarray(stamped)
    black, with_red, *_ = layers(pixels, DPI)
    name = (slice(round(562 * DPI / 72), round(574 * DPI / 72)), slice(round(375 * DPI / 72), round(485 * DPI / 72)))
    pen = pixels[..., 2].astype(int) - pixels[..., 0] > 100
    assert black[name].min() > 150
    assert with_red[name].min() < 110
    assert np.median(with_red[pen]) > 150


def test_strokes_larger_than_letters_go_and_letters_stay() -> None:
    image = Image.new("L", (900, 500), 255)
    pen = ImageDraw.Draw(image)
    ImageDraw.Draw(image).ellipse((60, 60, 360, 360), outline=0, width=4)
    pen.text((500, 200), "GIÁM ĐỐC", font=ImageFont.truetype(str(BOLD), 39), fill=0)
    before = np.asarray(image)
    after = set_free(before, DPI)
    assert (after[:, :400] < 128).sum() < 0.02 * (before[:, :400] < 128).sum()
    assert np.array_equal(after[:, 450:] < 128, before[:, 450:] < 128)


@pytest.mark.parametrize("ink", [RED, BLACK])
@pytest.mark.parametrize("turned", [0, 180])
def test_a_page_knows_where_its_seal_lies(tmp_path: Path, ink: tuple[int, int, int], turned: int) -> None:
    image, pen = paper()
    for row in range(12):
        write(pen, 297, 60 + 24 * row, "Sở Nội vụ báo cáo kết quả thực hiện quy chế công tác văn thư")
    ring(pen, 380, 600, ink)
    path = scan_pdf(tmp_path / "a.pdf", image.rotate(turned))
    read = read_page(PageTask(path, Kind.PDF, 0, "vie", 0.0005, 60, 50)).page
    (seal,) = read.seals
    assert seal.centre == pytest.approx((380, 600), abs=6)
    assert seal.width == pytest.approx(96, abs=8)
