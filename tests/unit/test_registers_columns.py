"""The books' columns are the law's, in its order, and print as clerks write."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.registers import COLUMNS, BookRow, document_id

DECREE_30_APPENDIX_IV_VI = [
    "Ngày đến", "Số đến", "Tác giả", "Số, ký hiệu văn bản", "Ngày tháng văn bản",
    "Tên loại và trích yếu nội dung văn bản", "Đơn vị hoặc người nhận", "Ngày chuyển", "Ký nhận", "Ghi chú",
]  # fmt: skip


def test_arriving_documents_have_the_ten_columns_of_appendix_iv() -> None:
    assert [column.vi for column in COLUMNS["den"]] == DECREE_30_APPENDIX_IV_VI


@pytest.mark.parametrize("register", COLUMNS)
def test_keys_of_a_book_are_unique(register: str) -> None:
    keys = [column.key for column in COLUMNS[register]]
    assert len(keys) == len(set(keys)) == 10


def test_numbers_and_dates_below_ten_print_with_a_leading_zero() -> None:
    row = BookRow("den", 2026, 7, "x", False, {"arrival_number": 7, "arrival_date": date(2026, 2, 3), "note": None})
    assert [row.printed(key) for key in row.values] == ["07", "03/02/2026", ""]
    assert BookRow("den", 2026, 107, "x", False, {"arrival_number": 107}).printed("arrival_number") == "107"


def test_a_document_is_called_by_register_year_and_number() -> None:
    assert document_id("den", 2026, 15) == "den-2026-00015"
