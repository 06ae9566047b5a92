"""Blanks are found from the print around them; guesses are weighed with what else is known of the document."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.document import Clues, Guess, Look, Metadata, Page, Reading, SecondLook, TextSource, Zone
from pipeline.metadata import doubtful_zones, extract
from pipeline.settings import MetadataSettings
from tests.decree_pages import Draft

SETTINGS = MetadataSettings()


def scanned(number_line: str = "Số: ?Ø·0.3 /QĐ-SNV", date_line: str = "", **keys: object) -> Draft:
    line = date_line or "Vân Giang, ngày 2Ø·0.3 tháng 02 năm 2026"
    return Draft(number_line=number_line, date_line=line, source=TextSource.OCR, confidence=0.96, **keys)  # type: ignore[arg-type]


def zones_of(draft: Draft, *more: Page) -> dict[Look, Zone]:
    zones = doubtful_zones(Reading((*draft.pages(), *more)), SETTINGS, Clues())
    return {zone.look: zone for zone in zones if zone.look is not Look.PRINT}


def read(
    draft: Draft, guesses: dict[Look, list[tuple[str, float]]], *more: Page, clues: Clues | None = None
) -> Metadata:
    pages = (*draft.pages(), *more)
    zones = zones_of(draft)
    looks = tuple(
        SecondLook(zones[look], guesses=tuple(Guess(*guess) for guess in listed)) for look, listed in guesses.items()
    )
    return extract(Reading(pages, second_looks=looks), SETTINGS, clues or Clues())


def line_start(line: str) -> str:
    return line.split(maxsplit=1)[0].partition("·")[0]


def words(draft: Draft, text: str) -> tuple[float, float]:
    """Where a printed word begins and ends."""
    found = next(word for page in draft.pages() for word in page.words if word.text == text)
    return found.box.left, found.box.right


def test_the_blank_reaches_from_label_to_stroke() -> None:
    draft = scanned()
    zone = zones_of(draft)[Look.NUMBER]
    label, notation = words(draft, "Số:"), words(draft, "/QĐ-SNV")
    assert label[0] < zone.box.left < label[1] + 1
    assert notation[0] < zone.box.right < notation[1]
    assert zone.about == "code_number"


@pytest.mark.parametrize("line", ["Số:4ÁS/QĐ-SNV", "Số: 4#QĐ-SNV·0.3", "sé:4ÁS·0.1 /QĐ-SNV", "Sl.4Á /QĐ-SNV"])
def test_the_blank_is_found_though_ink_and_print_were_read_as_one_word(line: str) -> None:
    draft = scanned(line)
    zone = zones_of(draft)[Look.NUMBER]
    row = next(row for page in draft.pages() for row in page.lines if row.text.startswith(line_start(line)))
    left, right = row.box.left, row.box.right
    assert left - 3 < zone.box.left < left + 22  # behind the first letters
    assert zone.box.left + 12 < zone.box.right < max(right, zone.box.left + 90)


@pytest.mark.parametrize(
    "line",
    [
        "Vân Giang, ngày4†tháng·0.4 02 năm 2026", "Vân Giang, ngày·0.5 {tháng·0.4 02 năm 2026",
        "Vân Giang, ngàyÑ·0.2 tháng 02 năm 2026",
    ],
)  # fmt: skip
def test_the_day_is_found_between_words_that_swallowed_it(line: str) -> None:
    draft = scanned(date_line=line)
    zone = zones_of(draft)[Look.DAY]
    assert zone.about == "issued_date"
    begun = next(word for page in draft.pages() for word in page.words if word.text.startswith("ngày")).box.left
    month = words(draft, "02")[0]
    assert begun < zone.box.left < zone.box.right < month


def test_print_that_was_read_surely_is_not_asked_about() -> None:
    draft = scanned("Số: 15/QĐ-SNV", "Vân Giang, ngày 05 tháng 01 năm 2026")
    assert Look.DAY not in zones_of(draft)
    assert Look.MONTH not in zones_of(draft)


def test_born_digital_pages_have_nothing_written_by_hand() -> None:
    assert not zones_of(Draft(number_line="Số: /QĐ-SNV"))


def test_a_sure_guess_is_the_number_and_the_day() -> None:
    found = read(scanned(), {Look.NUMBER: [("57", 0.95)], Look.DAY: [("26", 0.96)]})
    assert (found.text("code_number"), found.text("issued_date")) == ("57", "2026-02-26")
    assert not {"code_number", "issued_date"} & set(found.review)


def test_a_doubtful_guess_is_proposed_and_asked_about() -> None:
    found = read(scanned(), {Look.NUMBER: [("57", 0.5), ("51", 0.3)], Look.DAY: [("26", 0.6), ("20", 0.3)]})
    assert (found.text("code_number"), found.text("issued_date")) == ("57", "2026-02-26")
    assert {"code_number", "issued_date"} <= set(found.review)


def test_an_empty_blank_has_no_value_whatever_was_read_into_its_dots() -> None:
    found = read(scanned("Số: 1·0.5 /QĐ-SNV"), {Look.NUMBER: [], Look.DAY: []})
    assert (found.text("code_number"), found.text("issued_date")) == ("", "")
    assert {"code_number", "issued_date"} <= set(found.review)


def test_both_readings_alike_are_surer_than_one() -> None:
    guesses = {Look.NUMBER: [("94", 0.7), ("97", 0.2)]}
    assert "code_number" in read(scanned(), guesses).review
    assert "code_number" not in read(scanned("Số: 94·0.8 /QĐ-SNV"), guesses).review


def test_a_day_that_no_calendar_has_is_passed_over() -> None:
    found = read(scanned(), {Look.DAY: [("30", 0.5), ("20", 0.45)]})
    assert found.text("issued_date") == "2026-02-20"


def test_the_files_name_chooses_among_guesses_and_gives_none() -> None:
    guesses = {Look.NUMBER: [("57", 0.45), ("51", 0.4)]}
    assert read(scanned(), guesses, clues=Clues("51-QD-SNV.pdf")).text("code_number") == "51"
    assert read(scanned(), guesses, clues=Clues("88-QD-SNV.pdf")).text("code_number") == "57"
    assert read(scanned(), {Look.NUMBER: []}, clues=Clues("51-QD-SNV.pdf")).text("code_number") == ""


def test_nothing_is_issued_after_it_arrived() -> None:
    received = datetime(2026, 2, 22, 8, tzinfo=UTC)
    found = read(scanned(), {Look.DAY: [("26", 0.6), ("20", 0.35)]}, clues=Clues(received_at=received))
    assert found.text("issued_date") == "2026-02-20"


def test_an_appendix_says_to_what_it_belongs() -> None:
    appendix = (
        scanned().sheet(2).put(120, 60, "Phụ lục").put(
            120, 80, "(Kèm theo Quyết định số 51/QĐ-SNV ngày 20 tháng 02 năm 2026 của Giám đốc)"
        ).page()
    )  # fmt: skip
    found = read(scanned(), {Look.NUMBER: [("57", 0.6), ("51", 0.3)], Look.DAY: [("26", 0.6), ("20", 0.3)]}, appendix)
    assert (found.text("code_number"), found.text("issued_date")) == ("51", "2026-02-20")
    assert not {"code_number", "issued_date"} & set(found.review)


def test_a_document_that_is_only_cited_says_nothing_of_this_one() -> None:
    cited = scanned().sheet(2).put(120, 80, "Căn cứ Quyết định số 51/QĐ-SNV ngày 20 tháng 02 năm 2026").page()
    found = read(scanned(), {Look.NUMBER: [("57", 0.6), ("51", 0.3)]}, cited)
    assert found.text("code_number") == "57"


def test_print_that_a_guess_contradicts_is_asked_about() -> None:
    printed = scanned("Số: 15·0.95 /QĐ-SNV")
    assert "code_number" in read(printed, {Look.NUMBER: [("75", 0.95)]}).review
    found = read(printed, {Look.NUMBER: [("15", 0.8)]})
    assert found.text("code_number") == "15"
    assert "code_number" not in found.review


def test_a_year_that_was_read_badly_is_asked_about_however_sure_the_day() -> None:
    line = "Vân Giang, ngày 2Ø·0.3 tháng 02 năm 2026·0.85"
    found = read(scanned(date_line=line), {Look.DAY: [("26", 0.99)]})
    assert found.text("issued_date") == "2026-02-26"
    assert "issued_date" in found.review
