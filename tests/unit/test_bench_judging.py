"""When a value counts as right, and how wrong a passage is."""

from __future__ import annotations

import pytest

from bench.reading.judging import FIELDS, Prediction, Verdict, body_error, distance_within, judged
from bench.reading.reliability import bins, calibration_error

SENTENCE = "Về việc ban hành Danh mục hồ sơ cơ quan năm 2026"


@pytest.mark.parametrize(
    ("field", "wanted", "got", "right"),
    [
        ("type_name", "Quyết định", "QUYẾT ĐỊNH", True),
        ("code_number", "9", "09", True),
        ("code_number", "9", "90", False),
        ("code_notation", "TB – UBND", "TB-UBND", True),
        ("organ_name", "SỞ Y TẾ", "SỞ Y TÊ", False),
        ("organ_name", "PHÒNG KẾ HOẠCH - TÀI CHÍNH", "Phòng Kế hoạch – Tài chính", True),
        ("issued_place", "Khánh Hoà", "Khánh Hòa", True),
        ("issued_date", "2026-01-12", "2026-12-01", False),
        ("subject", SENTENCE, "V/v ban hành Danh mục hồ sơ cơ quan năm 2026", True),
        ("subject", SENTENCE, "Về việc ban hành Danh mục hồ sơ cơ quan năm 2025.", True),
        ("subject", SENTENCE, "Về việc ban hành Danh mục hồ sơ cơ quan", False),
        ("recipients", ["Như trên", "Lưu: VT, VP"], ["Lưu: VT, VP.", "Như trên"], True),
        ("recipients", ["Như trên", "Sở Y tế", "Lưu: VT, VP"], ["Như trên", "Lưu: VT, VP"], False),
    ],
)  # fmt: skip
def test_a_value_is_right_when_the_page_says_the_same(field: str, wanted: object, got: object, right: bool) -> None:
    assert FIELDS[field][1](wanted, got) is right


def test_what_the_truth_does_not_know_is_not_judged_and_what_is_missing_is() -> None:
    truth = {"file": "a.pdf", "doc_type": "Báo cáo", "number": None, "place": "Vân Giang", "signer_name": "An"}
    prediction = Prediction(
        {"type_name": ("Báo cáo", 0.9), "code_number": ("12", 0.9), "issued_place": ("Vân Gian", 0.5)},
        frozenset({"issued_place"}),
    )
    found = {one.field: (one.verdict, one.flagged) for one in judged(truth, prediction)}
    assert found == {
        "type_name": (Verdict.RIGHT, False),
        "issued_place": (Verdict.WRONG, True),
        "signatory_name": (Verdict.MISSING, False),
    }


def test_a_refused_document_leaves_nothing_unseen() -> None:
    (only,) = judged({"file": "a.pdf", "doc_type": "Báo cáo"}, Prediction(refused=True))
    assert only.flagged


@pytest.mark.parametrize(
    ("wanted", "text", "distance"),
    [("abc", "xxabcxx", 0), ("abc", "xxacxx", 1), ("abc", "xxabxcxx", 1), ("abc", "", 3), ("abc", "xadcx", 1)],
)
def test_a_passage_is_looked_for_anywhere_on_its_page(wanted: str, text: str, distance: int) -> None:
    assert distance_within(wanted, text) == distance


def test_line_ends_are_blanks_in_a_passage() -> None:
    truth = {"body": {"page": 2, "text": "Nơi nhận công văn"}}
    assert body_error(truth, Prediction(pages={2: "1\nNơi nhận\ncông  văn\n2"})) == 0
    assert body_error(truth, Prediction(pages={1: "Nơi nhận công văn"})) == 1


def test_the_reliability_table_shows_what_was_promised_and_what_came() -> None:
    truth = {"file": "a.pdf", "doc_type": "Báo cáo"}
    sure = [
        one
        for i in range(10)
        for one in judged(truth, Prediction({"type_name": ("Tờ trình" * (i < 2) or "Báo cáo", 0.9)}))
    ]
    (table,) = bins(sure)
    assert (table.amount, table.said, table.right) == (10, pytest.approx(0.9), pytest.approx(0.8))
    assert calibration_error([table]) == pytest.approx(0.1)
