"""The real network on drawn blanks: digits by pen and in print, empty blanks, and all the way from a scan to fields."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline import metadata, settings
from pipeline.document import Box, Clues, Guess, Kind, Look, Zone
from pipeline.journeys.perceiving import perceive
from pipeline.reading import Reader, handwriting
from pipeline.reading.recognition import PageImage
from samples.fonts import serif
from samples.marks import DIGITS

pytestmark = pytest.mark.integration

SAMPLES = Path(__file__).parents[2] / "samples" / "good"
DPI, EM = 200, 36  # 13 points
BASE, START = 4 * EM, 4 * EM  # of the line, in pixels
INK = (30, 50, 150)


def blank(
    before: str, after: str, *, written: str = "", printed: str = "", dots: bool = False, width: int = 90
) -> tuple[PageImage, Box]:
    """A coloured page with one line, something in its blank, and the blank's zone in points."""
    page = Image.new("RGB", (900, 8 * EM), "white")
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(str(serif()[""]), EM)
    pen.text((START, BASE), before, 0, font, anchor="ls")
    left = START + pen.textlength(before, font)
    pen.text((left + width, BASE), after, 0, font, anchor="ls")
    if dots:
        pen.text((left, BASE), "." * int(width / pen.textlength(".", font)), 0, font, anchor="ls")
    pen.text((left + 10, BASE), printed, 0, font, anchor="ls")
    for place, digit in enumerate(written):
        for stroke in DIGITS[digit]:
            points = [(left + 12 + 24 * place + 20 * x, BASE - 34 + 36 * y) for x, y in stroke]
            pen.line(points, INK, 4, joint="curve")
    middle = BASE - EM / 3
    zone = (left - 0.45 * EM, middle - EM, left + width + 1.1 * EM, middle + EM)
    size = (page.width * 72 / DPI, page.height * 72 / DPI)
    return PageImage(np.asarray(page), *size, DPI), Box(*(v * 72 / DPI for v in zone))


def guesses(image: PageImage, box: Box, what: Look) -> tuple[Guess, ...]:
    zone = Zone(1, box, what, "code_number")
    found = handwriting.look(image, zone, None)  # type: ignore[arg-type]
    assert found is not None
    assert found.zone == zone
    return found.guesses


@pytest.mark.parametrize("number", ["57", "203", "1860", "4"])
def test_a_written_number_is_the_best_guess(number: str) -> None:
    found = guesses(*blank("Số:", "/QĐ-SXD", written=number, width=40 + 24 * len(number)), Look.NUMBER)
    assert found[0].text == number


@pytest.mark.parametrize("number", ["57", "203", "1860", "4"])
def test_a_printed_number_is_read_as_well(number: str) -> None:
    found = guesses(*blank("Số:", "/QĐ-SXD", printed=number, width=110), Look.NUMBER)
    assert found[0].text == number
    assert found[0].confidence > 0.5


@pytest.mark.parametrize(("written", "day"), [("05", "5"), ("26", "26"), ("30", "30")])
def test_a_written_day_comes_without_leading_zero(written: str, day: str) -> None:
    found = guesses(*blank("ngày", "tháng", written=written), Look.DAY)
    assert found[0].text == day
    assert all(1 <= int(guess.text) <= 31 for guess in found)


@pytest.mark.parametrize("dots", [False, True])
@pytest.mark.parametrize("width", [40, 90, 160])
def test_an_empty_blank_gives_no_guess(width: int, dots: bool) -> None:
    assert guesses(*blank("Số:", "/QĐ-SXD", width=width, dots=dots), Look.NUMBER) == ()
    assert guesses(*blank("ngày", "tháng", width=width, dots=dots), Look.DAY) == ()


def test_chances_are_chances() -> None:
    found = guesses(*blank("Số:", "/QĐ-SXD", written="203"), Look.NUMBER)
    assert sum(guess.confidence for guess in found) <= 1.001
    assert list(found) == sorted(found, key=lambda guess: -guess.confidence)


def test_a_zone_beyond_the_page_is_paper() -> None:
    image, _ = blank("Số:", "/QĐ-SXD", written="57")
    assert guesses(image, Box(2000, 2000, 2100, 2026), Look.NUMBER) == ()


def test_a_scan_with_a_written_number_and_day_has_both() -> None:
    """The committed sample, through rendering, Tesseract and the network in processes with limits."""
    prepared = settings.settings_from({}, Path())
    path = SAMPLES / "12-so-viet-tay.pdf"
    with Reader(prepared.reading, prepared.intake) as reader:
        reading = perceive(reader, path, Kind.PDF, prepared.metadata, Clues(path.name))
    found = metadata.extract(reading, prepared.metadata, Clues(path.name))
    assert (found.text("code_number"), found.text("issued_date")) == ("57", "2023-05-26")
