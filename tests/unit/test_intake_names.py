"""Names that come from anywhere: shown on one printable line, kept apart within 255 bytes."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.litter import is_litter, is_unfinished
from pipeline.intake.names import NAME_BYTES, display_name, joined, numbered
from pipeline.intake.tree import name_order

raw_names = st.binary(min_size=1, max_size=255).filter(lambda raw: b"/" not in raw and b"\0" not in raw)


@given(raw_names)
def test_any_name_is_shown_on_one_printable_line(raw: bytes) -> None:
    shown = display_name(raw)
    assert shown
    assert shown.encode()
    assert unicodedata.is_normalized("NFC", shown)
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"} for c in shown)


@given(raw_names, st.integers(2, 9_999))
def test_a_numbered_name_differs_and_still_fits(raw: bytes, count: int) -> None:
    name = numbered(raw, count)
    assert name != raw
    assert len(name) <= NAME_BYTES


@given(
    st.text(min_size=1, max_size=255).filter(lambda text: "/" not in text and "\0" not in text and text.isprintable())
)
def test_a_cut_name_is_cut_between_letters(text: str) -> None:
    stem = text.encode()[:255].decode(errors="ignore").encode()
    cut = joined(stem, b".ly-do.txt")
    assert len(cut) <= NAME_BYTES
    assert cut.decode().endswith(".ly-do.txt")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (unicodedata.normalize("NFD", "Quyết định số 5.pdf").encode(), "Quyết định số 5.pdf"),
        (b"C\xf4ng v\xe3n.pdf", "C\\xf4ng v\\xe3n.pdf"),  # cp1258
        (b"C\xabng v\xa8n.pdf", "C\\xabng v\\xa8n.pdf"),  # TCVN3
        (b"a\nb.pdf", "a␊b.pdf"),
        ("hóa\u202efdp.exe".encode(), "hóa\\u202efdp.exe"),
        ("📄.pdf".encode(), "📄.pdf"),
    ],
)
def test_names_of_every_origin_are_shown_sensibly(raw: bytes, shown: str) -> None:
    assert display_name(raw) == shown


@pytest.mark.parametrize(
    "name",
    [
        "a.part",
        "A.TMP",
        "~$cong van.docx",
        "Thumbs.db",
        "desktop.ini",
        "@eaDir",
        "._a.pdf",
        ".hidden",
        "x.crdownload",
        "Icon\r",
    ],
)
def test_the_litter_of_scanners_and_shares_is_left_alone(name: str) -> None:
    assert is_litter(name)


@pytest.mark.parametrize("name", ["a.pdf", "15.KH-BQL", "part.pdf", "bản tạm.tif", "tmp", "desktop.ini.pdf"])
def test_documents_are_not_litter(name: str) -> None:
    assert not is_litter(name)


def test_the_office_adds_patterns_and_never_loses_ours() -> None:
    assert is_litter("Bản nháp 3.docx", ("bản nháp*",))
    assert is_litter(unicodedata.normalize("NFD", "Bản nháp 3.docx"), ("bản nháp*",))
    assert is_litter("a.part", ("bản nháp*",))


def test_only_names_of_unfinished_files_say_unfinished() -> None:
    assert is_unfinished("a.pdf.part")
    assert not is_unfinished("Thumbs.db")


def test_pages_sort_as_people_count() -> None:
    names = [Path(f"tập/trang {n}.tif") for n in (10, 2, 1)]
    assert [path.name for path in sorted(names, key=name_order)] == ["trang 1.tif", "trang 2.tif", "trang 10.tif"]
