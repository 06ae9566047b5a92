"""Blanks are found from the print around them; guesses are weighed with what else is known of the document."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.document import Clues, Guess, Line, Look, Metadata, Page, Reading, SecondLook, TextSource, Zone
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
    ("line", "notation"),
    [("Số: 1%·0.3 KH/TĐTN", "KH/TĐTN"), ("Số ¿5·0.3 -QĐ/TU", "QĐ/TU"), ("Số: /2026/NQ-HĐND", "NQ-HĐND")],
)
def test_the_blank_ends_before_the_type_also_where_it_stands_before_the_stroke(line: str, notation: str) -> None:
    draft = scanned(line)
    zone = zones_of(draft)[Look.NUMBER]
    after = words(draft, line.rsplit(maxsplit=1)[1])
    assert after[0] < zone.box.right < after[0] + 20
    found = read(draft, {Look.NUMBER: [("15", 0.98)]})
    assert (found.text("code_number"), found.text("code_notation")) == ("15", notation)


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
    alone, alike = read(scanned(), guesses), read(scanned("Số: 94·0.8 /QĐ-SNV"), guesses)
    assert "code_number" in alone.review
    assert alike.fields["code_number"].confidence > alone.fields["code_number"].confidence + 0.1
    surer = {Look.NUMBER: [("94", 0.9), ("97", 0.05)]}
    assert "code_number" not in read(scanned("Số: 94·0.8 /QĐ-SNV"), surer).review


def test_a_nine_that_may_be_a_barred_seven_is_asked_about() -> None:
    guesses = {Look.NUMBER: [("191", 0.95), ("171", 0.03)]}
    assert "code_number" in read(scanned(), guesses).review
    assert "code_number" not in read(scanned(), guesses, clues=Clues("191-QD-SNV.pdf")).review
    assert "code_number" not in read(scanned(), {Look.NUMBER: [("191", 0.95), ("141", 0.03)]}).review


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


def test_the_year_is_looked_at_though_it_was_read_surely() -> None:
    zone = zones_of(scanned())[Look.YEAR]
    left, right = words(scanned(), "2026")
    assert zone.about == "issued_date"
    assert left - 20 < zone.box.left < left
    assert right < zone.box.right < right + 12


def test_a_year_that_a_second_look_denies_is_asked_about() -> None:
    seen = {Look.DAY: [("26", 0.99)], Look.YEAR: [("2025", 0.95)]}
    assert "issued_date" in read(scanned(), seen).review
    printed = scanned(date_line="Vân Giang, ngày 05 tháng 01 năm 2026")
    assert "issued_date" in read(printed, {Look.YEAR: [("2025", 0.95)]}).review
    assert "issued_date" not in read(printed, {Look.YEAR: [("2026", 0.95)]}).review


def test_a_year_that_was_read_badly_is_made_sure_by_a_second_look() -> None:
    line = "Vân Giang, ngày 2Ø·0.3 tháng 02 năm 2026·0.85"
    found = read(scanned(date_line=line), {Look.DAY: [("26", 0.99)], Look.YEAR: [("2026", 0.95)]})
    assert found.text("issued_date") == "2026-02-26"
    assert "issued_date" not in found.review


def test_a_look_that_hesitates_but_agrees_makes_nothing_doubtful() -> None:
    printed = scanned(date_line="Vân Giang, ngày 05 tháng 01 năm 2026")
    found = read(printed, {Look.YEAR: [("2026", 0.2), ("2028", 0.01)]})
    assert found.text("issued_date") == "2026-01-05"
    assert "issued_date" not in found.review


def test_a_year_that_nobody_could_read_comes_from_the_second_look() -> None:
    line = "Vân Giang, ngày 2Ø·0.3 tháng 02 năm 20Z6·0.4"
    found = read(scanned(date_line=line), {Look.DAY: [("26", 0.99)], Look.YEAR: [("2026", 0.98)]})
    assert found.text("issued_date") == "2026-02-26"


def test_the_year_in_the_notation_chooses_among_guesses() -> None:
    draft = scanned("Số: ?Ø·0.3 /2025/QĐ-UBND", "Vân Giang, ngày 2Ø·0.3 tháng 02 năm 20Z6·0.4")
    found = read(draft, {Look.DAY: [("26", 0.99)], Look.YEAR: [("2023", 0.5), ("2025", 0.45)]})
    assert found.text("issued_date") == "2025-02-26"


@pytest.mark.parametrize("month", ["(bháng·0.3 L1·0.8", "bháng·0.3 1|·0.4", "thàng·0.6 L1·0.8"])
def test_a_month_is_looked_at_though_its_word_was_torn(month: str) -> None:
    draft = scanned(date_line=f"Vân Giang, ngày {month} năm 2026")
    seen = {Look.DAY: [("10", 0.99)], Look.MONTH: [("11", 0.99)], Look.YEAR: [("2026", 0.99)]}
    assert read(draft, seen).text("issued_date") == "2026-11-10"


def test_a_month_is_looked_at_though_the_word_behind_it_was_torn() -> None:
    draft = scanned(date_line="Vân Giang, ngày ÁW·0.3 tháng đuăm·0.4 2026")
    zones = zones_of(draft)
    left, right = words(draft, "tháng")[1], words(draft, "2026")[0]
    assert left - 8 < zones[Look.MONTH].box.left < zones[Look.MONTH].box.right < right


@pytest.mark.parametrize("place", ["Nam Định", "Quảng Nam", "Thống Nhất", "Thăng Bình"])
def test_a_place_is_not_taken_for_the_month_or_the_year(place: str) -> None:
    draft = scanned(date_line=f"{place}, ngày 2Ø·0.3 tháng Đ·0.4 năm 2026")
    zones = zones_of(draft)
    month, year = words(draft, "tháng"), words(draft, "năm")
    assert zones[Look.DAY].box.right < month[1]
    assert month[0] < zones[Look.MONTH].box.left < zones[Look.MONTH].box.right < year[1] + 1
    assert year[0] < zones[Look.YEAR].box.left


def test_the_blank_reaches_to_the_stroke_though_the_notation_s_box_took_the_ink() -> None:
    draft = scanned("Số: /BGDĐT-GDTrH·0.4")
    sheet = draft.pages()[0]
    line = next(line for line in sheet.lines if line.text.startswith("Số:"))
    word = line.words[1]
    stroke = word.box.left
    wider = replace(word, box=replace(word.box, right=word.box.right + 60))
    lines = tuple(Line((line.words[0], wider)) if other is line else other for other in sheet.lines)
    zones = doubtful_zones(Reading((replace(sheet, lines=lines),)), SETTINGS, Clues())
    zone = next(zone for zone in zones if zone.look is Look.NUMBER)
    assert stroke + 50 < zone.box.right


def test_a_printed_date_in_the_future_of_its_receipt_is_asked_about() -> None:
    received = datetime(2026, 1, 4, 12, tzinfo=UTC)
    for source in (TextSource.TEXT_LAYER, TextSource.OCR):
        draft = Draft(source=source, confidence=0.97)
        found = extract(Reading(draft.pages()), SETTINGS, Clues(received_at=received))
        assert found.text("issued_date") == "2026-01-05"
        assert "issued_date" in found.review


def test_days_of_receipt_and_signature_are_those_of_viet_nam() -> None:
    half_past_six = datetime(2026, 1, 4, 23, 30, tzinfo=UTC)  # of 5 January, at 6:30 there
    draft = Draft(source=TextSource.OCR, confidence=0.97)
    found = extract(Reading(draft.pages()), SETTINGS, Clues(signed_at=(half_past_six,), received_at=half_past_six))
    assert "issued_date" not in found.review


@pytest.mark.parametrize("source", [TextSource.TEXT_LAYER, TextSource.OCR])
def test_a_date_before_that_of_a_cited_document_is_asked_about(source: TextSource) -> None:
    for year, asked in (("2025", False), ("2027", True)):
        grounds = f"Căn cứ Quyết định số 51/QĐ-SNV ngày 20 tháng 02 năm {year} của Giám đốc;"
        found = Draft(body=(grounds,), source=source, confidence=0.97).read()
        assert found.text("issued_date") == "2026-01-05"
        assert ("issued_date" in found.review) is asked


def test_a_day_before_that_of_a_cited_document_is_no_good_guess() -> None:
    grounds = ("Căn cứ Quyết định số 51/QĐ-SNV ngày 20 tháng 02 năm 2026 của Giám đốc;",)
    found = read(scanned(body=grounds), {Look.DAY: [("16", 0.6), ("26", 0.38)]})
    assert found.text("issued_date") == "2026-02-26"


def test_a_term_in_the_body_is_no_cited_document() -> None:
    found = Draft(body=("Các đơn vị báo cáo trước ngày 20 tháng 02 năm 2027.",)).read()
    assert "issued_date" not in found.review


def test_a_hand_s_digits_on_a_coarse_page_are_asked_for() -> None:
    (page,) = scanned().pages()
    zone = zones_of(scanned())[Look.NUMBER]
    look = SecondLook(zone, guesses=(Guess("195", 0.99),))
    fine, coarse = (
        extract(Reading((replace(page, dpi=dpi),), second_looks=(look,)), SETTINGS, Clues()) for dpi in (200.0, 68.0)
    )
    assert fine.text("code_number") == coarse.text("code_number") == "195"
    assert "code_number" in coarse.review
    assert "code_number" not in fine.review
