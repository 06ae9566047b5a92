"""Signature blocks that the first reading left in doubt: where to look again, and what the second look may change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.document import Box, Clues, Line, Look, Metadata, Page, Reading, SecondLook, TextSource, Zone
from pipeline.metadata import doubtful_zones, extract
from pipeline.metadata.signatory import ABOUT_SIGNATORY
from pipeline.settings import MetadataSettings
from tests.decree_pages import SIGNATURE, Draft, Sheet

SETTINGS = MetadataSettings()


def scanned(**elements: object) -> Page:
    (page,) = Draft(source=TextSource.OCR, confidence=0.95, **elements).pages()  # type: ignore[arg-type]
    return page


def label_of(page: Page) -> Box:
    return next(line.box for line in page.lines if line.text.startswith("Nơi nhận"))


def zones(*pages: Page) -> list[Zone]:
    found = doubtful_zones(Reading(pages), SETTINGS, Clues())
    return [zone for zone in found if zone.about == ABOUT_SIGNATORY]


def seen_again(page: Page, *readings: Sheet) -> Metadata:
    """The metadata after looks at the signature block that showed these lines."""
    zone = Zone(page.number, Box(238.0, 200.0, 590.0, 700.0), Look.PRINT, ABOUT_SIGNATORY)
    lines: list[Line] = [line for sheet in readings for line in sheet.lines]
    return extract(Reading((page,), second_looks=(SecondLook(zone, tuple(lines)),)), SETTINGS)


def look(*rows: tuple[float, str], confidence: float = 0.95) -> Sheet:
    sheet = Sheet(source=TextSource.OCR, confidence=confidence)
    for y, text in rows:
        sheet.centred(SIGNATURE, y, text)
    return sheet


def test_a_block_that_was_read_surely_is_not_looked_at_again() -> None:
    assert zones(scanned()) == []


def test_a_block_without_a_name_is_looked_at_again_from_its_first_row_to_under_the_name() -> None:
    page = scanned(name="")
    (zone,) = zones(page)
    assert zone.look is Look.PRINT
    assert zone.box.top < label_of(page).top
    assert zone.box.bottom > label_of(page).top + 120
    assert zone.box.left < SIGNATURE - 100
    body = next(line.box for line in page.lines if line.text.startswith("Căn cứ"))
    assert zone.box.top >= body.bottom


def test_a_page_without_recipients_and_block_is_looked_at_in_its_lower_right() -> None:
    (zone,) = zones(scanned(name="", block=(), recipients=()))
    assert zone.box.bottom > 800


def test_words_of_a_text_layer_are_not_looked_at() -> None:
    assert zones(replace(scanned(name=""), source=TextSource.TEXT_LAYER)) == []


def test_a_name_that_only_the_second_look_saw_is_the_signatory() -> None:
    page = scanned(name="")
    y = label_of(page).top
    found = seen_again(page, look((y, "GIÁM ĐỐC"), (y + 76, "Trần Quốc Vĩnh")))
    assert found.text("signatory_name") == "Trần Quốc Vĩnh"
    assert "signatory_name" not in found.review


def test_readings_that_agree_make_a_doubtful_name_sure() -> None:
    page = scanned(name="Trần·0.8 Quốc·0.7 Vĩnh·0.8")
    y = label_of(page).top + 76
    assert "signatory_name" in extract(Reading((page,)), SETTINGS).review
    found = seen_again(page, look((y, "Trần Quốc Vĩnh")), look((y, "Trần Quốc Vĩnh"), confidence=0.85))
    assert found.text("signatory_name") == "Trần Quốc Vĩnh"
    assert "signatory_name" not in found.review


def test_readings_that_dispute_a_syllable_make_a_sure_name_doubtful() -> None:
    page = scanned()
    found = seen_again(page, look((label_of(page).top + 76, "Trần Quốc Vinh")))
    assert "signatory_name" in found.review


def test_a_name_beside_which_something_stays_illegible_is_doubtful() -> None:
    page = scanned(name="")
    found = seen_again(page, look((label_of(page).top + 76, "2Z⁄h·0.1 Văn Phúc")))
    assert "signatory_name" in found.review


def test_two_syllables_may_be_a_part_of_a_name() -> None:
    assert "signatory_name" in extract(Reading((scanned(name="Lê Hoàng"),)), SETTINGS).review
    assert "signatory_name" not in Draft(name="Lê Hoàng").read().review


def test_a_torn_family_name_is_proposed_and_asked_for() -> None:
    page = scanned(name="")
    y = label_of(page).top + 76
    found = seen_again(page, look((y, "«Tfần·0.2 Duy Đông")), look((y, "Trấn·0.3 Duy Đông")))
    assert found.text("signatory_name") == "Trần Duy Đông"
    assert "signatory_name" in found.review


def test_capitals_of_a_seal_are_no_name() -> None:
    page = scanned(name="")
    found = seen_again(page, look((label_of(page).top + 50, "CÔNG NGHỆ")))
    assert found.text("signatory_name") == ""


def test_a_deputy_of_whom_a_seal_left_the_end_is_proposed() -> None:
    page = scanned(block=("GIÁM ĐỐC",))
    y = label_of(page).top
    found = seen_again(page, look((y, "GIÁM ĐỐC")), Sheet(confidence=0.9).put(SIGNATURE + 15, y + 15, "ĐỐC"))
    assert found.text("signatory_position") == "PHÓ GIÁM ĐỐC"
    assert found.text("competence") == "KT."
    assert {"signatory_position", "competence"} <= set(found.review)


def test_the_school_in_a_seal_makes_no_deputy() -> None:
    page = scanned(block=("HIỆU TRƯỞNG",))
    y = label_of(page).top
    found = seen_again(page, look((y, "HIỆU TRƯỞNG")), Sheet(confidence=0.9).put(SIGNATURE + 2, y + 15, "TRƯỜNG"))
    assert found.text("signatory_position") == "HIỆU TRƯỞNG"
    assert found.text("competence") == ""


@pytest.mark.parametrize("torn", ["HÓ GIÁM ĐỐC", "Ó GIÁM ĐỐC", "KHÓ GIÁM ĐỐC"])
def test_a_deputy_that_lost_letters_to_a_seal_is_a_deputy(torn: str) -> None:
    found = Draft(block=("GIÁM ĐỐC", torn), source=TextSource.OCR, confidence=0.95).read()
    assert found.text("signatory_position") == "PHÓ GIÁM ĐỐC"
    assert found.text("competence") == "KT."


def test_a_title_between_two_known_ones_is_not_guessed() -> None:
    found = Draft(block=("THEU TRƯỞNG",), source=TextSource.OCR, confidence=0.95).read()
    assert "signatory_position" in found.review


def test_looks_at_other_places_change_no_signatory() -> None:
    page = scanned(name="")
    zone = Zone(1, Box(238.0, 200.0, 590.0, 700.0), Look.PRINT, "recipients")
    lines = look((label_of(page).top + 76, "Trần Quốc Vĩnh")).lines
    found = extract(Reading((page,), second_looks=(SecondLook(zone, tuple(lines)),)), SETTINGS)
    assert found.text("signatory_name") == ""


def sealed(page: Page, *middles: tuple[float, float]) -> Page:
    return replace(page, seals=tuple(Box(x - 50, y - 50, x + 50, y + 50) for x, y in middles))


def test_a_block_that_was_not_read_is_looked_for_around_the_seal_not_on_the_last_page() -> None:
    page = sealed(scanned(name="", block=(), recipients=()), (380, 500))
    appendix = Sheet(2, TextSource.OCR, 0.95).put(100, 60, "Danh sách cán bộ").page()
    (zone,) = zones(page, appendix)
    assert zone.page == 1
    assert zone.box.left < 330
    assert zone.box.top < 440
    assert 560 < zone.box.bottom < 620


def test_an_arrival_stamp_in_the_head_is_no_seal_of_a_signature() -> None:
    (zone,) = zones(sealed(scanned(name="", block=(), recipients=()), (110, 60)))
    assert zone.box.bottom > 800


def test_each_seal_over_the_list_has_its_block() -> None:
    draft = Draft(source=TextSource.OCR, confidence=0.95, name="", block=(), recipients=())
    sheet = draft.sheet()
    sheet.put(85, draft.head(sheet) + 300, "Nơi nhận:").put(85, 640, "- Như trên;").put(85, 653, "- Lưu: VT.")
    left, right = zones(sealed(sheet.page(), (400, 450), (150, 452)))
    assert left.box.right <= right.box.left
    assert left.box.left < 100 < left.box.right
    assert right.box.right > 500
    assert max(left.box.bottom, right.box.bottom) < label_of(sheet.page()).bottom + 30


def test_names_of_two_whose_positions_lie_under_seals_are_both_told() -> None:
    draft = Draft(source=TextSource.OCR, confidence=0.95, name="", block=("CHỦ TỊCH",))
    sheet = draft.sheet()
    y = draft.head(sheet) + 40
    draft.tail(sheet, y)
    sheet.put(85, y + 90, "Phạm Thị Lan").centred(SIGNATURE, y + 90, "Trần Quốc Vĩnh")
    found = extract(Reading((sheet.page(),)), SETTINGS)
    assert found.text("signatory_name") == "Phạm Thị Lan; Trần Quốc Vĩnh"
    assert "signatory_name" in found.review


def test_a_list_that_only_a_look_beside_the_seal_saw_is_told_and_asked_for() -> None:
    page = sealed(scanned(recipients=()), (380, 500))
    zone = next(zone for zone in doubtful_zones(Reading((page,)), SETTINGS, Clues()) if zone.about == "recipients")
    assert zone.box.right < 340
    layers = []
    for sure in (0.95, 0.5):
        sheet = Sheet(source=TextSource.OCR, confidence=sure)
        sheet.put(85, 440, "Nơi nhận:").put(85, 453, "- Như trên;" if sure > 0.9 else "- Nhự trêm;")
        layers += sheet.put(85, 466, "- Lưu: VT, VP.").lines
    found = extract(Reading((page,), second_looks=(SecondLook(zone, tuple(layers)),)), SETTINGS)
    assert found.fields["recipients"].value == ("Như trên", "Lưu: VT, VP")
    assert "recipients" in found.review


def test_a_prefix_that_two_looks_saw_at_two_heights_stands_once() -> None:
    page = scanned(block=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), name="")
    y = label_of(page).top
    found = seen_again(page, look((y - 6.5, "KT. GIÁM ĐỐC"), (y + 16, "PHÓ GIÁM ĐỐC"), (y + 92, "Trần Quốc Vĩnh")))
    assert found.text("competence") == "KT."
