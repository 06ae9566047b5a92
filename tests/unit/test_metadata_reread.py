"""What a second look at print changes: rows that it reads more surely, and words on which both readings agree."""

from __future__ import annotations

from dataclasses import replace

from pipeline.document import Box, Clues, Confirmed, Line, Look, Reading, SecondLook, TextSource, Word, Zone
from pipeline.metadata import doubtful_zones, extract
from pipeline.metadata.layout import Row
from pipeline.metadata.reread import reread
from pipeline.settings import MetadataSettings
from tests.decree_pages import Draft

OCR = TextSource.OCR
SETTINGS = MetadataSettings()


def asked(draft: Draft) -> dict[str, Zone]:
    return {zone.about: zone for zone in doubtful_zones(Reading(draft.pages()), SETTINGS, Clues())}


def _other(word: Word, changes: dict[str, tuple[str, float]]) -> tuple[str, Box, float]:
    text, confidence = changes.get(word.text, (word.text, word.confidence))
    return text, word.box, confidence


def look(draft: Draft, about: str, changes: dict[str, tuple[str, float]], zone: Zone | None = None) -> Reading:
    """The draft's reading with a second look at what is asked about: all words of the zone, some read otherwise."""
    (page,) = draft.pages()
    zone = zone or asked(draft)[about]
    lines = []
    for line in page.lines:
        inside = [word for word in line.words if zone.box.left <= word.box.centre[0] <= zone.box.right]
        inside = [word for word in inside if zone.box.top <= word.box.centre[1] <= zone.box.bottom]
        seen = [Word(*_other(word, changes)) for word in inside]
        if seen:
            lines.append(Line(tuple(seen)))
    return Reading((page,), second_looks=(SecondLook(zone, tuple(lines)),))


DOUBTFUL = Draft(recipients=("- Nhẹ·0.2 laệy;·0.1", "- Các phòng;", "- “NE·0.0 NANED·0.0"), source=OCR, confidence=0.95)


def test_a_doubtful_list_is_asked_for_and_a_sure_one_is_not() -> None:
    assert "recipients" in asked(DOUBTFUL)
    assert "recipients" not in asked(Draft(source=OCR, confidence=0.96))
    assert "recipients" not in asked(Draft(recipients=("- Nhẹ laệy;",)))  # born-digital


def test_rows_that_the_second_look_reads_surely_are_taken() -> None:
    changes = {"Nhẹ": ("Như", 0.96), "laệy;": ("trên;", 0.96), "“NE": ("Lưu:", 0.93), "NANED": ("VT.", 0.92)}
    found = extract(look(DOUBTFUL, "recipients", changes), SETTINGS)
    assert found.fields["recipients"].value == ("Như trên", "Các phòng", "Lưu: VT")
    assert "recipients" not in found.review


def test_a_second_look_that_is_less_sure_changes_nothing() -> None:
    changes = {"Các": ("Cáo", 0.5), "phòng;": ("phông;", 0.4)}
    found = extract(look(DOUBTFUL, "recipients", changes), SETTINGS)
    assert "Các phòng" in found.fields["recipients"].value
    assert "recipients" in found.review


LIST = ("- Như trên;", "- Bộ Nội vụ;", "- Cục Kiểm tra văn bản;", "- Sở Tài chính;", "- Lưu: VT.")


def test_a_row_that_was_lost_whole_is_noticed_and_put_back_by_the_second_look() -> None:
    whole = Draft(recipients=LIST, source=OCR, confidence=0.96)
    (page,) = whole.pages()
    torn = replace(page, lines=tuple(line for line in page.lines if "Nội" not in line.text))
    zones = {zone.about: zone for zone in doubtful_zones(Reading((torn,)), SETTINGS, Clues())}
    alone = extract(Reading((torn,)), SETTINGS)
    assert "recipients" in alone.review
    seen = look(whole, "recipients", {}, zones["recipients"]).second_looks
    found = extract(Reading((torn,), second_looks=seen), SETTINGS)
    assert found.fields["recipients"].value == (
        "Như trên",
        "Bộ Nội vụ",
        "Cục Kiểm tra văn bản",
        "Sở Tài chính",
        "Lưu: VT",
    )
    assert "recipients" not in found.review


def test_a_row_that_lost_its_beginning_is_noticed_and_mended_by_the_second_look() -> None:
    whole = Draft(recipients=LIST, source=OCR, confidence=0.96)
    (page,) = whole.pages()
    cut = tuple(replace(ln, words=ln.words[2:]) if "Cục" in ln.text else ln for ln in page.lines)
    torn = replace(page, lines=cut)
    assert "recipients" in extract(Reading((torn,)), SETTINGS).review
    zones = {zone.about: zone for zone in doubtful_zones(Reading((torn,)), SETTINGS, Clues())}
    seen = look(whole, "recipients", {}, zones["recipients"]).second_looks
    found = extract(Reading((torn,), second_looks=seen), SETTINGS)
    assert "Cục Kiểm tra văn bản" in found.fields["recipients"].value
    assert "recipients" not in found.review


def test_in_a_list_that_lost_its_dashes_an_item_begins_where_the_row_above_had_room() -> None:
    lines = ("- Thường trực Hội đồng nhân dân tỉnh;", "Văn phòng Chính phủ,", "Website Chính phủ,", "Lưu: VT.")
    found = extract(Reading(Draft(recipients=lines, source=OCR, confidence=0.96).pages()), SETTINGS)
    assert found.fields["recipients"].value[1:3] == ("Văn phòng Chính phủ", "Website Chính phủ")


def test_a_row_that_the_row_above_had_room_for_makes_the_list_a_question() -> None:
    lines = ("- UBND tỉnh,", "Sở Nội vụ;", "- Giám đốc, các Phó Giám đốc;", "- Lưu: VT.")
    assert (
        "recipients" in extract(Reading(Draft(recipients=lines, source=OCR, confidence=0.96).pages()), SETTINGS).review
    )


def test_two_rows_that_a_torn_one_lies_between_do_not_both_take_its_place() -> None:
    row = Row(1, (Word("Nhưtên", Box(88, 486, 140, 498), 0.3),))
    under = Row(1, (Word("Giám", Box(94, 495, 120, 506), 0.9), Word("đốc", Box(124, 495, 140, 506), 0.9)))
    looks = [
        SecondLook(Zone(1, Box(0, 0, 500, 800), Look.PRINT, "recipients"), lines)
        for lines in [
            (Line((Word("Như", Box(94, 480, 116, 492), 0.96), Word("trên;", Box(120, 480, 142, 492), 0.96))),
             Line((Word("Giám", Box(94, 493, 120, 505), 0.97), Word("đốc", Box(124, 493, 140, 505), 0.97)))),
        ]
    ]  # fmt: skip
    read = reread([row, under], looks, lambda words: [word.confidence for word in words])
    assert [one.text for one in read] == ["Như trên;", "Giám đốc"]


def test_an_agency_that_was_not_read_is_read_by_the_second_look() -> None:
    draft = Draft(agencies=("UBND TỈNH VÂN GIANG", "_SỚYTẺ·0.1"), source=OCR, confidence=0.95)
    assert "organ_name" in asked(draft)
    found = extract(look(draft, "organ_name", {"_SỚYTẺ": ("SỞ Y TẾ", 0.93)}), SETTINGS)
    assert (found.text("organ_name"), found.text("parent_organ_name")) == ("SỞ Y TẾ", "UBND TỈNH VÂN GIANG")


def test_looks_at_other_pages_say_nothing() -> None:
    reading = look(DOUBTFUL, "recipients", {"Nhẹ": ("Như", 0.96), "laệy;": ("trên;", 0.96)})
    (seen,) = reading.second_looks
    elsewhere = SecondLook(Zone(2, seen.zone.box, Look.PRINT, "recipients"), seen.lines)
    assert extract(Reading(reading.pages, second_looks=(elsewhere,)), SETTINGS) == extract(
        Reading(reading.pages), SETTINGS
    )


def test_a_place_that_the_office_confirmed_is_spelled_as_the_office_does() -> None:
    draft = Draft(date_line="Bán·0.6 Hồ, ngày 05 tháng 01 năm 2026", source=OCR, confidence=0.95)
    clues = Clues(confirmed=Confirmed(places=("Bản Hồ",)))
    assert extract(Reading(draft.pages()), SETTINGS, clues).text("issued_place") == "Bản Hồ"


def test_an_agency_that_the_office_confirmed_is_spelled_and_believed() -> None:
    draft = Draft(
        agencies=("UBND TỈNH VÂN GIANG", "TRUNG TÂM LƯU TRŨ·0.85 HỒ SO·0.7 BẢN HÔ·0.8"), source=OCR, confidence=0.95
    )
    clues = Clues(confirmed=Confirmed(agencies=("Trung tâm Lưu trữ hồ sơ Bản Hồ",)))
    found = extract(Reading(draft.pages()), SETTINGS, clues)
    assert found.text("organ_name") == "TRUNG TÂM LƯU TRỮ HỒ SƠ BẢN HỒ"
    assert "organ_name" not in found.review


def test_what_the_office_confirmed_gives_no_value_of_its_own() -> None:
    clues = Clues(confirmed=Confirmed(agencies=("SỞ Y TẾ",), places=("Bản Hồ",)))
    draft = Draft(source=OCR, confidence=0.95)
    assert extract(Reading(draft.pages()), SETTINGS, clues).fields == extract(Reading(draft.pages()), SETTINGS).fields


def test_boxes_of_zones_lie_on_the_page() -> None:
    for zone in asked(DOUBTFUL).values():
        assert Box(0, 0, 595, 842).union(zone.box) == Box(0, 0, 595, 842)
