"""What is done to an image before it is read."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from pipeline.document import Box, Line, Word
from pipeline.reading import seals, stamps
from pipeline.reading.clean import black_and_white, clean, find_skew, ink_of, ink_share, sideways, to_gray
from tests.reading_papers import SENTENCES, drawn

PAGE = np.asarray(drawn(SENTENCES * 2, dpi=100))


def test_red_ink_is_paper_in_the_reading_image() -> None:
    pixels = np.full((4, 4, 3), 255, np.uint8)
    pixels[1] = (255, 20, 30)
    assert to_gray(pixels).min() == 255


@pytest.mark.parametrize("angle", [-3.0, -0.7, 1.3, 4.0])
def test_skew_is_found_within_a_tenth_of_a_degree(angle: float) -> None:
    turned = np.asarray(Image.fromarray(PAGE).rotate(-angle, fillcolor=255, resample=Image.Resampling.BICUBIC))
    assert find_skew(ink_of(turned)) == pytest.approx(angle, abs=0.1)


def test_a_straight_page_is_not_turned() -> None:
    assert find_skew(ink_of(PAGE)) == 0.0


def test_a_point_comes_back_to_where_it_was_before_deskewing() -> None:
    page = np.full((600, 400), 255, np.uint8)
    for top in range(100, 500, 40):
        page[top : top + 8, 60:340] = 0
    skewed = np.asarray(Image.fromarray(page).rotate(-2, fillcolor=255, resample=Image.Resampling.BICUBIC))
    cleaned = clean(skewed, 100)
    x, y = cleaned.back(200, 300)
    assert cleaned.skew == pytest.approx(2, abs=0.15)
    assert (x, y) == pytest.approx((200, 300), abs=1)  # the centre stays
    dark = np.argwhere(skewed[:, 70] < 100)[0][0]
    straight = np.argwhere(cleaned.image[:, 70] < 100)[0][0]
    assert cleaned.back(70, straight)[1] == pytest.approx(dark, abs=4)


def test_lonely_pixels_are_removed_and_letters_stay() -> None:
    page = PAGE.copy()
    page[700:1000:17, 100:700:13] = 0
    assert ink_share(clean(page, 100).image) == pytest.approx(ink_share(clean(PAGE, 100).image), rel=0.1)


def test_shading_is_divided_away() -> None:
    shade = np.linspace(140, 250, PAGE.shape[1]).astype(np.float32)
    shaded = np.minimum(PAGE, shade[None, :]).astype(np.uint8)
    assert np.median(clean(shaded, 100).image[800:, :]) > 240


def test_a_faded_page_has_ink_and_an_empty_one_has_none() -> None:
    faded = (255 - (255 - PAGE.astype(np.int16)) // 4).astype(np.uint8)
    assert ink_share(clean(faded, 100).image) > 0.005
    noise = np.random.default_rng(1).integers(240, 256, PAGE.shape, dtype=np.uint8)
    assert ink_share(clean(noise, 100).image) < 0.0005


def test_lines_that_run_up_and_down_are_noticed() -> None:
    assert sideways(ink_of(np.ascontiguousarray(np.rot90(PAGE))))
    assert not sideways(ink_of(PAGE))


def test_a_red_frame_is_a_stamp_and_a_round_seal_is_none() -> None:
    page = Image.new("RGB", (827, 1169), "white")
    from PIL import ImageDraw

    pen = ImageDraw.Draw(page)
    pen.rectangle((100, 200, 220, 230), outline=(250, 30, 30), width=2)
    pen.ellipse((400, 700, 540, 840), outline=(250, 30, 30), width=4)
    red = stamps.red_ink(np.asarray(page), 100)
    assert red is not None
    found = stamps.zones(red)
    assert len(found) == 1
    assert found[0].top == pytest.approx(200 * 0.72, abs=6)
    (seal,) = seals.find(red.mask > 0, red.dpi)
    assert seal.centre == pytest.approx((470 * 0.72, 770 * 0.72), abs=4)
    assert seal.width == pytest.approx(140 * 0.72, abs=6)


def test_a_ring_is_a_seal_and_an_arc_or_text_is_none() -> None:
    ring, arc = Image.new("L", (827, 1169), 0), Image.new("L", (827, 1169), 0)
    from PIL import ImageDraw

    ImageDraw.Draw(ring).ellipse((400, 700, 540, 840), outline=255, width=4)
    ImageDraw.Draw(arc).arc((400, 700, 540, 840), 0, 240, fill=255, width=4)
    assert len(seals.find(np.asarray(ring) > 0, 100)) == 1
    assert seals.find(np.asarray(arc) > 0, 100) == ()
    assert seals.find(ink_of(PAGE) > 0, 100) == ()
    assert seals.find(np.ones((900, 2), dtype=bool), 75) == ()  # a strip has no room for one
    picture = Image.new("L", (827, 1169), 0)
    ImageDraw.Draw(picture).ellipse((300, 500, 460, 660), fill=255)
    assert seals.find(np.asarray(picture) > 0, 100) == ()


def test_a_stamp_takes_the_place_of_what_was_misread_there() -> None:
    def line(text: str, top: float, confidence: float) -> Line:
        return Line((Word(text, Box(100, top, 150, top + 10), confidence),))

    lines = (line("Số", 50, 0.9), line("MẠT]", 100, 0.3), line("BÁO CÁO", 150, 0.9))
    stamp = (line("MẬT", 101, 0.95),)
    assert [one.text for one in stamps.put_in(lines, stamp, Box(90, 95, 160, 115))] == ["Số", "MẬT", "BÁO CÁO"]
    sure = (line("MẬT", 100, 0.96),)
    assert stamps.put_in(sure, (line("MẠT", 101, 0.8),), Box(90, 95, 160, 115)) == sure


def test_coarse_black_and_white_dots_are_smoothed_and_shades_of_gray_are_kept() -> None:
    black = np.where(PAGE > 128, 255, 0).astype(np.uint8)
    assert black_and_white(black)
    edges = [np.abs(np.diff(clean(page, 200).image.astype(int), axis=1)).max() for page in (black, PAGE)]
    assert edges[0] < 0.75 * edges[1]


def test_a_page_with_shades_is_not_black_and_white() -> None:
    noise = np.random.default_rng(1).integers(-30, 30, PAGE.shape)
    assert not black_and_white(np.clip(PAGE + noise, 0, 230).astype(np.uint8))
