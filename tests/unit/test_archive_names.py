"""Names under which originals are filed can be carried by every system and say what the file is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.archive.store import folder_of, safe_name
from pipeline.document import Kind


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("Kế hoạch số 5.pdf", Kind.PDF, "Ke-hoach-so-5.pdf"),
        ("Đơn.PDF", Kind.PNG, "Don.png"),
        ("../../etc/passwd", Kind.PDF, "etc-passwd.pdf"),
        (".pdf", Kind.PDF, "van-ban.pdf"),
        ("con.pdf", Kind.PDF, "van-ban.pdf"),
        ("公文.tif", Kind.TIFF, "van-ban.tif"),
        ("a" * 300 + ".pdf", Kind.PDF, "a" * 80 + ".pdf"),
        ("so 12.2021 QD-UBND", Kind.DOCX, "so-12.2021-QD-UBND.docx"),
    ],
)
def test_a_name_becomes_ascii_with_the_suffix_of_its_kind(name: str, kind: Kind, expected: str) -> None:
    assert safe_name(name, kind) == expected


@given(st.text(max_size=200), st.sampled_from(Kind))
def test_any_name_becomes_one_that_every_system_carries(name: str, kind: Kind) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,90}", safe_name(name, kind))


def test_a_document_lies_under_the_year_of_its_number() -> None:
    assert folder_of("den-2026-00015") == "2026/den-2026-00015"
