"""People write ids as they like; the house knows one form."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli.identity import parse_id
from pipeline.errors import UsageError


@pytest.mark.parametrize(
    "text",
    ["den-2026-00015", "DEN-2026-15", "den/2026/15", " den 2026 15 ", "2026/15", "2026/00015", "15/2026", "15", "00015",
     "số 15", "Số 15", unicodedata.normalize("NFD", "số 15"), "đen-2026-15"],
)  # fmt: skip
def test_forgiving_forms_mean_the_same_document(text: str) -> None:
    assert parse_id(text, 2026) == "den-2026-00015"


def test_a_bare_number_is_of_this_year() -> None:
    assert parse_id("7", 2031) == "den-2031-00007"


def test_leaving_documents_keep_their_book() -> None:
    assert parse_id("di-2026-3", 2026) == "di-2026-00003"


@pytest.mark.parametrize("text", ["", "abc", "15/KH-BQL", "2026/", "-15", "1.5", "den-26-15", "../15", "15\n16"])
def test_what_is_no_id_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_id(text, 2026)
    assert caught.value.code == "id-unreadable"


@given(year=st.integers(1945, 9999), number=st.integers(1, 999_999_999))
def test_the_kept_form_means_itself(year: int, number: int) -> None:
    kept = f"den-{year}-{number:05d}"
    assert parse_id(kept, 2026) == kept
