"""Whatever a reader makes of a page, extraction gives metadata and no exception."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import Box, Line, Page, TextSource, Word
from tests.decree_pages import HEIGHT, WIDTH, read

PRINTED = [
    "Số:",
    "/QĐ-UBND",
    "15/KH-BQL",
    "ngày",
    "tháng",
    "năm",
    "2026",
    "KT.",
    "TM.",
    "GIÁM",
    "ĐỐC",
    "Nơi",
    "nhận:",
    "-",
    "Lưu:",
    "V/v",
    "QUYẾT",
    "ĐỊNH",
    "CỘNG",
    "HÒA",
    "MẬT",
    "Trần",
    "Vĩnh",
    "Độc",
    "lập",
    "Hà",
    "Nội,",
    "ˆ",
    "́",
    "/",
    "//",
    "ﷺ",
    "Kính",
    "gửi:",
]
TEXTS = st.sampled_from([*PRINTED, "", " "]) | st.text(max_size=6)
WORDS = st.builds(
    lambda text, x, y, w, h, sure: Word(text, Box(x, y, x + w, y + h), sure),
    TEXTS,
    st.floats(0, WIDTH),
    st.floats(0, HEIGHT),
    st.floats(0, 90),
    st.floats(0, 40),
    st.floats(0, 1),
)
PAGES = st.lists(st.lists(WORDS, min_size=1, max_size=6), max_size=30).map(
    lambda lines: Page(1, WIDTH, HEIGHT, TextSource.OCR, tuple(Line(tuple(words)) for words in lines))
)


@settings(max_examples=150, deadline=None)
@given(PAGES)
def test_no_page_makes_extraction_fail(page: Page) -> None:
    found = read(page)
    assert found.text("page_amount") == "1"
    assert all(0.0 <= field.confidence <= 1.0 for field in found.fields.values())
    assert {name for name, field in found.fields.items() if field.confidence < 0.85} <= set(found.review)
