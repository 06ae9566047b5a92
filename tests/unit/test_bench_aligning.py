"""What counts as the right letter at its place, when a text is read in another order."""

from __future__ import annotations

import pytest

from bench.aligning import align

TRUE = "Uỷ ban nhân dân huyện quyết định phê duyệt kế hoạch năm học mới của các trường tiểu học"


def wrong(read: str, true: str = TRUE) -> int:
    found = align(true, read)
    return found.marked - found.right


@pytest.mark.parametrize(
    ("read", "lost"),
    [
        (TRUE, 0),
        (TRUE.upper().replace(" ", "  \n"), 0),
        (TRUE.replace("quyết định", "quyêt định"), 1),  # one letter, and not the word
        (TRUE.replace("kế hoạch", "kế hoặch"), 1),
        (TRUE.replace("duyệt", "duy ệt"), 0),
        (TRUE.replace("phê duyệt ", ""), 2),
        (f"{TRUE} {TRUE}", 0),
        (f"{TRUE[45:]} {TRUE[:45]}", 0),  # a passage in another place
        ("", 20),
        ("ế ộ ự ệ ấ ặ ờ ổ ẫ ữ ị ỉ ơ ư đ ê ô", 20),  # letters of no word
    ],
)
def test_a_letter_counts_at_its_place(read: str, lost: int) -> None:
    assert wrong(read) == lost


def test_cells_of_a_table_may_come_in_another_order_but_each_word_counts_once() -> None:
    assert wrong("Số ngày Tên hàng lượng", "Tên hàng Số lượng Số ngày") == 1  # one of two "Số"
    assert wrong("Số Số Tên ngày hàng lượng", "Tên hàng Số lượng Số ngày") == 0
