"""Printed page numbers and the order that they betray: a double-sided stack, a gap, misread margins."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.archive.index import split
from pipeline.document import Look, Page, Reading, SecondLook, TextSource
from pipeline.messages import LANGUAGES, catalogue
from pipeline.metadata import margins_to_read, mend_order, with_numbers
from pipeline.metadata.pagination import printed_number
from tests.decree_pages import WIDTH, Sheet


def leaf(place: int, printed: int | None, text: str = "") -> Page:
    sheet = Sheet(place)
    if printed is not None:
        sheet.centred(WIDTH / 2, 34, str(printed))
    return sheet.put(85, 120, text or f"Nội dung của trang thứ {printed or 1}").page()


def file_of(*printed: int | None) -> Reading:
    return Reading(tuple(leaf(place, number) for place, number in enumerate(printed, 1)))


def order(reading: Reading) -> list[int]:
    return [page.number for page in reading.pages]


@pytest.mark.parametrize(
    ("printed", "mended"),
    [
        ((None, 3, 5, 6, 4, 2), [1, 6, 2, 5, 3, 4]),  # fronts, then the stack turned over
        ((None, 3, 5, 2, 4, 6), [1, 4, 2, 5, 3, 6]),  # fronts, then backs in order
        ((None, 3, 2), [1, 3, 2]),
        ((4, 3, 2, None), [4, 3, 2, 1]),  # taken in from the last
        ((None, 3, None, 7, None, 6, 4, 2), [1, 8, 2, 7, 3, 6, 4, 5]),  # half of the numbers were read
    ],
)
def test_pages_come_in_the_order_of_their_numbers(printed: tuple[int | None, ...], mended: list[int]) -> None:
    reading = mend_order(file_of(*printed))
    assert order(reading) == mended
    [finding] = reading.findings
    assert finding.code == "pages-put-in-order"
    assert all(", ".join(map(str, mended)) in catalogue(language).finding(finding) for language in LANGUAGES)


@given(st.permutations(range(1, 7)))
def test_any_order_with_all_numbers_is_mended(shuffled: list[int]) -> None:
    reading = file_of(*shuffled)
    assert [printed_number(page) for page in mend_order(reading).pages] == sorted(shuffled)


@pytest.mark.parametrize(
    "printed",
    [
        (None, 2, 3, 4),
        (None, None, None),
        (None, 2, None, 2, 3),  # an appendix counts its own
        (6, None, 3, None),  # specks in the margins
        (None, 12, 4, 3),  # no such page
        (None, 3, None, None, 2, None, None),  # too few to tell
    ],
)
def test_what_is_in_order_or_in_doubt_stays(printed: tuple[int | None, ...]) -> None:
    reading = file_of(*printed)
    assert mend_order(reading) is reading


def test_nearly_clear_disorder_is_told_and_nothing_moved() -> None:
    reading = mend_order(file_of(None, 4, None, 3, 5))
    assert order(reading) == [1, 2, 3, 4, 5]
    assert [finding.code for finding in reading.findings] == ["pages-out-of-order"]


def test_blank_pages_go_behind() -> None:
    pages = list(file_of(None, 3, 5, 4, 2).pages)
    pages.insert(3, Page(9, 595.0, 842.0, TextSource.BLANK))
    assert order(mend_order(Reading(tuple(pages)))) == [1, 5, 2, 4, 3, 9]


def test_a_number_of_a_table_or_a_line_is_no_page_number() -> None:
    assert printed_number(Sheet().put(90, 34, "7").page()) is None
    assert printed_number(Sheet().centred(WIDTH / 2, 300, "7").page()) is None
    assert printed_number(Sheet().centred(WIDTH / 2, 34, "Trang 7").page()) is None
    assert printed_number(Sheet(source=TextSource.OCR).centred(WIDTH / 2, 34, "7", confidence=0.3).page()) is None
    assert printed_number(Sheet().centred(WIDTH / 2, 34, "- 7 -").page()) == 7


def scan(place: int, text: str, printed: int | None = None) -> Page:
    page = leaf(place, printed, text)
    return replace(page, source=TextSource.OCR)


def test_margins_are_looked_at_again_where_the_text_does_not_go_on() -> None:
    torn = Reading((scan(1, "Căn cứ vào tình hình và"), scan(2, "Thứ ba là tài liệu"), scan(3, "thứ hai là hồ sơ.")))
    zones = margins_to_read(torn)
    assert [(zone.page, zone.look) for zone in zones] == [(2, Look.MARGIN), (3, Look.MARGIN)]
    assert all(zone.box.bottom <= 0.1 * 842 and zone.box.left < WIDTH / 2 < zone.box.right for zone in zones)
    three, two = (SecondLook(zone, leaf(zone.page, n).lines[:1]) for zone, n in zip(zones, (3, 2), strict=True))
    assert order(mend_order(with_numbers(torn, (three, two)))) == [1, 3, 2]
    assert with_numbers(torn, ()) is torn


def test_margins_are_left_alone_where_the_text_runs_on() -> None:
    whole = Reading(
        (scan(1, "Căn cứ vào tình hình và"), scan(2, "yêu cầu của công tác."), scan(3, "Các đơn vị báo cáo."))
    )
    assert margins_to_read(whole) == ()


def test_margins_are_looked_at_where_numbers_fall() -> None:
    pages = (scan(1, "Một hai ba."), scan(2, "Bốn năm sáu.", 3), scan(3, "Bảy tám chín."), scan(4, "Mười mười một.", 2))
    assert [zone.page for zone in margins_to_read(Reading(pages))] == [3]


def test_search_still_knows_on_which_page_of_the_file_words_stand() -> None:
    mended = mend_order(file_of(None, 3, 5, 6, 4, 2))
    for piece in split(mended.pages):
        for offset, text in enumerate(piece.body.rstrip("\f").split("\f")):
            page = next(page for page in mended.pages if page.number == piece.page + offset)
            assert text == page.text


def test_the_file_of_one_document_is_one_piece_as_before() -> None:
    assert [piece.page for piece in split(replace(file_of(None, 2, 3)).pages)] == [1]
