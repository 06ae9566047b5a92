"""Bad paper through the real way: an honest low confidence and a flag, never a made-up field."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.document import Metadata, Page, Reading, TextSource
from pipeline.journeys import inspect
from pipeline.metadata import EXPECTED, extract
from pipeline.settings import MetadataSettings, Settings, settings_from
from pipeline.vietnamese import canonical
from tests import bad_papers
from tests.decree_pages import Sheet
from tests.reading_papers import SENTENCES, drawn

pytestmark = pytest.mark.integration
LETTER = {
    "type_name": "Công văn", "code_number": "15", "code_notation": "BQL-VP", "issued_date": "2026-02-05",
    "issued_place": "An Bình", "organ_name": "BAN QUẢN LÝ KHU KINH TẾ", "parent_organ_name": "UBND TỈNH AN BÌNH",
    "subject": "báo cáo công tác cải cách hành chính", "competence": "KT.", "signatory_position": "PHÓ TRƯỞNG BAN",
    "signatory_name": "Trần Thị Minh Hạnh", "recipients": "Như trên; Lưu: VT, VP", "language": "vi", "page_amount": "1",
}  # fmt: skip
NO_FIELDS = {"page_amount", "language"}


def read(path: Path, settings: Settings | None = None) -> tuple[Reading, Metadata]:
    [inspection] = inspect([path], settings or settings_from({}, path.parent))
    assert inspection.error is None
    assert inspection.reading is not None
    assert inspection.metadata is not None
    return inspection.reading, inspection.metadata


def lies(found: Metadata) -> dict[str, str]:
    """Values that are wrong and that nobody is asked to check."""
    return {
        name: found.text(name)
        for name in found.fields
        if name not in found.review
        and canonical(found.text(name)).removeprefix("v/v ") != canonical(LETTER.get(name, ""))
    }


def codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]


@pytest.mark.parametrize(("make", "turn"), [(bad_papers.fax_upside_down, 180), (bad_papers.photographed_screen, 0)])
def test_bad_but_legible_paper_gives_what_stands_on_it(make: Callable[[Path], Path], turn: int, tmp_path: Path) -> None:
    reading, found = read(make(tmp_path))
    assert reading.pages[0].rotation == turn
    assert lies(found) == {}
    assert len(found.fields) > 8
    assert set(EXPECTED) - set(found.fields) <= set(found.review)
    assert codes(reading) == []


@pytest.mark.parametrize("noise", [20, 60])
def test_a_coarse_fax_is_told_of_and_its_digits_are_doubted(noise: int, tmp_path: Path) -> None:
    """At 75 dpi Tesseract is sure of the year 2012 where 2026 stands."""
    reading, found = read(bad_papers.coarse_fax(tmp_path, noise))
    assert lies(found) == {}
    assert set(EXPECTED) - set(found.fields) <= set(found.review)
    assert {"code_number", "issued_date"} <= set(found.review)
    assert set(codes(reading)) <= {"page-coarse", "page-hard-to-read", "page-without-words"}
    assert codes(reading)


@pytest.mark.parametrize(
    ("make", "code"),
    [(bad_papers.empty_with_dust, "nothing-written"), (bad_papers.picture_only, "page-without-words")],
)
def test_a_page_without_words_has_no_fields_and_is_told_of(
    make: Callable[[Path], Path], code: str, tmp_path: Path
) -> None:
    reading, found = read(make(tmp_path))
    assert set(found.fields) == {"page_amount"}
    assert set(EXPECTED) <= set(found.review)
    assert codes(reading) == [code]


def test_an_english_letter_has_no_surely_vietnamese_fields(tmp_path: Path) -> None:
    reading, found = read(bad_papers.english_letter(tmp_path))
    assert found.text("language") == "en"
    assert set(found.fields) - NO_FIELDS <= set(found.review)
    assert set(EXPECTED) <= set(found.review)
    assert codes(reading) == ["other-language"]


def test_a_page_that_tesseract_cannot_finish_makes_nothing_up(tmp_path: Path) -> None:
    path = tmp_path / "slow.png"
    drawn(SENTENCES * 3, dpi=300).save(path, dpi=(300, 300))
    settings = settings_from({}, tmp_path)
    hurried = settings.model_copy(update={"reading": settings.reading.model_copy(update={"page_seconds": 0.01})})
    reading, found = read(path, hurried)
    assert reading.pages[0].source is TextSource.UNREAD
    assert codes(reading) == ["page-timeout"]
    assert set(found.fields) == {"page_amount"}
    assert set(EXPECTED) <= set(found.review)


def test_a_later_page_does_not_stand_in_for_a_first_that_was_not_read() -> None:
    unread = Page(1, 595.0, 842.0, TextSource.UNREAD)
    later = Sheet(2, TextSource.OCR, 0.95)
    for row, sentence in enumerate(SENTENCES):
        later.put(85, 80 + 20 * row, sentence)
    found = extract(Reading((unread, later.page())), MetadataSettings())
    assert set(found.fields) - NO_FIELDS <= set(found.review)
    assert {*EXPECTED, "parent_organ_name", "competence"} <= set(found.review)


def test_a_page_without_a_header_is_no_letter(tmp_path: Path) -> None:
    """Words without any header: nothing of them becomes a field without a flag."""
    path = tmp_path / "page.png"
    drawn(SENTENCES).save(path, dpi=(200, 200))
    _, found = read(path)
    assert set(found.fields) - NO_FIELDS <= set(found.review)
