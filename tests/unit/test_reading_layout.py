"""Words become lines, lines stand in an order that reads well."""

from __future__ import annotations

from pipeline.document import Box, Line, Word
from pipeline.reading.layout import by_columns, split_at_columns
from pipeline.reading.notes import lines_within, put_exactly
from pipeline.reading.text_layer import Frame


def word(text: str, left: float, top: float, width: float = 30, height: float = 10, confidence: float = 1.0) -> Word:
    return Word(text, Box(left, top, left + width, top + height), confidence)


def line(text: str, left: float, top: float, width: float = 100) -> Line:
    return Line((word(text, left, top, width),))


def test_a_wide_gap_parts_two_columns() -> None:
    row = [word("UBND", 80, 50), word("TỈNH", 113, 50), word("CỘNG", 280, 50), word("HÒA", 313, 50)]
    assert [[w.text for w in part] for part in split_at_columns(row)] == [["UBND", "TỈNH"], ["CỘNG", "HÒA"]]


def test_justified_text_is_one_line_however_airy() -> None:
    row = [word(str(i), 50 + 50 * i, 10) for i in range(8)]
    assert len(split_at_columns(row)) == 1


def test_words_are_put_in_order_from_the_left() -> None:
    assert [w.text for w in split_at_columns([word("b", 40, 0), word("a", 5, 0)])[0]] == ["a", "b"]


def test_a_header_of_two_columns_is_read_column_by_column() -> None:
    lines = [
        line("UBND TỈNH", 80, 50), line("CỘNG HÒA", 280, 50), line("SỞ", 80, 65), line("Độc lập", 280, 65),
        line("Số", 80, 80), line("toàn chiều rộng", 80, 120, 400),
    ]  # fmt: skip
    assert [one.text for one in by_columns(lines)] == [
        "UBND TỈNH", "SỞ", "Số", "CỘNG HÒA", "Độc lập", "toàn chiều rộng",
    ]  # fmt: skip


def test_a_table_of_three_columns_is_read_row_by_row() -> None:
    lines = [line(f"{row}{column}", 80 + 150 * column, 50 + 20 * row, 60) for row in range(2) for column in range(3)]
    assert [one.text for one in by_columns(lines)] == ["00", "01", "02", "10", "11", "12"]


def test_an_exact_word_takes_the_place_of_what_was_read_there() -> None:
    read = (Line((word("Số:", 80, 50, 20), word("l1", 105, 50, 12), word("/TB-UBND", 120, 50, 60))),)
    exact = (Line((word("11", 104, 49, 14),)),)
    assert [one.text for one in put_exactly(read, exact)] == ["Số: 11 /TB-UBND"]


def test_an_exact_word_that_was_not_read_follows_as_its_own_line() -> None:
    read = (Line((word("Số:", 80, 50, 20),)),)
    assert [one.text for one in put_exactly(read, (line("08", 300, 50, 12),))] == ["Số:", "08"]


def test_lines_are_cut_to_the_words_in_a_box() -> None:
    lines = [Line((word("Số:", 80, 50, 20), word("11", 105, 50, 12)))]
    assert [one.text for one in lines_within(lines, [Box(100, 40, 130, 70)])] == ["11"]


def test_every_turn_of_a_page_puts_its_top_left_corner_at_the_origin() -> None:
    corners = {0: (10, 820), 90: (10, 20), 180: (605, 20), 270: (605, 820)}
    for rotation, corner in corners.items():
        frame = Frame(10, 20, 605, 820, rotation)
        assert frame.point(*corner) == (0, 0)
        assert frame.size == ((800, 595) if rotation % 180 else (595, 800))
