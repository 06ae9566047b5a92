"""Ink that is no letter, and pen strokes beside print: never in a value, and never silently beside one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.document import Box, Clues, Line, Look, Metadata, Page, Reading, SecondLook, TextSource, Word, Zone
from pipeline.metadata import doubtful_zones, extract
from pipeline.metadata.crumbs import of_a_name, swept
from pipeline.metadata.signatory import ABOUT_SIGNATORY
from pipeline.settings import MetadataSettings
from tests.decree_pages import LEFT, SIGNATURE, WIDTH, Draft, Sheet, read

OCR = TextSource.OCR
SETTINGS = MetadataSettings()


def scanned(**elements: object) -> Draft:
    return Draft(source=OCR, confidence=0.96, **elements)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("read_as", "printed"),
    [
        ("'Về việc thành lập Đoàn", "Về việc thành lập Đoàn"),
        ("-“Lưu: VT»", "Lưu: VT"),
        ("tham gia bảo hiểm (Đợt 2).", "tham gia bảo hiểm (Đợt 2)"),
        ("“Một cửa” và “một cửa liên thông”", "“Một cửa” và “một cửa liên thông”"),
        ("· ~'", ""),
    ],
)
def test_only_signs_that_belong_to_nothing_are_swept_off(read_as: str, printed: str) -> None:
    assert swept(read_as) == printed


def test_a_stop_behind_a_whole_syllable_is_no_part_of_a_name() -> None:
    assert of_a_name(["NGHIỆP.", "VỤ", "Q.", "BA", "TP.", "VÂN"]) == ["NGHIỆP", "VỤ", "Q.", "BA", "TP.", "VÂN"]
    assert of_a_name(["'TRƯỜNG", "MẦM", "NON", "“HOA", "SEN”"]) == ["TRƯỜNG", "MẦM", "NON", "“HOA", "SEN”"]


def test_agency_stands_without_the_stop_that_ink_put_into_it() -> None:
    agencies = ("BỘ CÔNG THƯƠNG", "'TRƯỜNG ĐẠI HỌC CÔNG NGHIỆP.", "THỰC PHẨM VÂN GIANG")
    found = scanned(agencies=agencies).read()
    assert found.text("organ_name") == "TRƯỜNG ĐẠI HỌC CÔNG NGHIỆP THỰC PHẨM VÂN GIANG"


@pytest.mark.parametrize(
    ("read_as", "printed"),
    [
        ("'Về việc thành lập Đoàn kiểm tra năm 2026", "Về việc thành lập Đoàn kiểm tra năm 2026"),
        ("Về việc cung câp·0.9 thông tin", "Về việc cung cấp thông tin"),
        ("Về việc bàn giao tài sản của Dựán", "Về việc bàn giao tài sản của Dự án"),
        ("VÈ·0.2 việc thành lập Đoàn kiểm tra", "Về việc thành lập Đoàn kiểm tra"),
    ],
)
def test_subject_stands_as_it_was_printed(read_as: str, printed: str) -> None:
    assert scanned(subject=(read_as,)).read().text("subject") == printed


def test_roman_numbers_whose_strokes_were_read_as_an_h_are_mended() -> None:
    assert (
        scanned(subject=("Về lịch thi học kỳ H năm học 2026",))
        .read()
        .text("subject")
        .startswith("Về lịch thi học kỳ II")
    )
    assert scanned(recipients=("- Như mục HI;", "- Lưu: VT.")).read().fields["recipients"].value[0] == "Như mục III"


@pytest.mark.parametrize("read_as", ["-V/v- bàn giao tài sản", "W/v bàn giao tài sản", "'V/v bàn giao tài sản"])
def test_subject_of_a_letter_begins_as_letters_do(read_as: str) -> None:
    found = scanned(heading="", subject=(), about=(read_as,), number_line="Số: 15/SNV-VP").read()
    assert found.text("subject") == "V/v bàn giao tài sản"


def test_subject_with_a_sign_that_none_has_is_asked_for() -> None:
    assert "subject" in scanned(subject=("Về việc ban hành Quy|chế văn thư",)).read().review


def test_the_line_that_says_to_what_a_list_belongs_is_no_subject() -> None:
    found = Draft(subject=("VĂN BẢN CẦN RÀ SOÁT NĂM 2026", "(Ban hành kèm theo Quyết định số 10/QĐ-SNV)")).read()
    assert found.text("subject") == "VĂN BẢN CẦN RÀ SOÁT NĂM 2026"


def test_a_subject_in_capitals_that_ends_with_a_year_is_no_date_line() -> None:
    sheet = Sheet().centred(WIDTH / 2, 60, "DANH MỤC").centred(WIDTH / 2, 78, "VĂN BẢN TRỌNG TÂM, LIÊN NGÀNH NĂM 2026")
    found = read(sheet.put(108, 150, "1. Luật Đất đai").page())
    assert (found.text("type_name"), found.text("issued_place")) == ("Danh mục", "")


def test_report_without_any_header_has_type_and_subject() -> None:
    sheet = Sheet().centred(WIDTH / 2, 74, "BÁO CÁO VỀ TÌNH HÌNH SẢN XUẤT").centred(WIDTH / 2, 93, "THÁNG HAI NĂM 2026")
    sheet.put(108, 150, "1. Tình hình chung:").put(108, 170, "Giá trị sản xuất tháng 02 ước đạt 39.897 tỷ đồng")
    found = read(sheet.page())
    assert found.text("type_name") == "Báo cáo"
    assert found.text("subject") == "VỀ TÌNH HÌNH SẢN XUẤT THÁNG HAI NĂM 2026"


def test_lists_and_other_unusual_types_are_known() -> None:
    assert Draft(heading="DANH MỤC", number_line="Số: 15/SNV").read().text("type_name") == "Danh mục"
    assert Draft(heading="CHƯƠNG TRÌNH ĐÀO TẠO", number_line="").read().text("type_name") == "Chương trình đào tạo"


def test_type_with_a_word_behind_it_is_asked_for() -> None:
    assert "type_name" in Draft(heading="CHƯƠNG TRÌNH VĂN NGHỆ", number_line="").read().review
    assert "type_name" not in Draft(heading="BÁO CÁO VỀ VĂN THƯ", number_line="Số: 15/BC-SNV").read().review


def test_recipients_stand_without_what_a_reader_makes_of_dashes() -> None:
    found = scanned(recipients=("- Như Điều3;", "„VP+»", "“Lưu: VT, TCCB.")).read()
    assert found.fields["recipients"].value == ("Như Điều 3", "VP", "Lưu: VT, TCCB")
    assert "recipients" in found.review


LOST = ("- ư·0.9", "- Các phòng, đơn vị;", "- Website Sở;", "- Lưu: VT, VP.")


def test_a_dash_without_words_makes_the_list_doubtful() -> None:
    assert "recipients" in scanned(recipients=LOST).read().review
    assert "recipients" not in scanned(recipients=LOST[1:]).read().review


def test_a_step_of_two_rows_makes_the_list_doubtful() -> None:
    assert (
        "recipients"
        in scanned(recipients=("- Như trên;", "- Các phòng;", "|", "- Website Sở;", "- Lưu: VT.")).read().review
    )


def test_a_row_that_only_a_second_look_read_is_put_in() -> None:
    draft = scanned(recipients=LOST)
    (page,) = draft.pages()
    zone = next(zone for zone in doubtful_zones(Reading((page,)), SETTINGS, Clues()) if zone.about == "recipients")
    torn = next(line for line in page.lines if line.text == "- ư")
    assert zone.box.top < torn.box.top
    seen = Line(
        (
            Word("-", torn.words[0].box, 0.9),
            Word("Như", _beside(torn, 10, 28), 0.96),
            Word("trên;", _beside(torn, 32, 75), 0.96),
        )
    )
    found = extract(Reading((page,), second_looks=(SecondLook(zone, (seen,)),)), SETTINGS)
    assert found.fields["recipients"].value == ("Như trên", "Các phòng, đơn vị", "Website Sở", "Lưu: VT, VP")
    assert "recipients" not in found.review


def _beside(line: Line, left: float, right: float) -> Box:
    return Box(line.box.left + left, line.box.top, line.box.left + right, line.box.bottom)


def test_pen_strokes_before_a_position_make_it_and_the_competence_doubtful() -> None:
    found = scanned(block=("R2·0.3 GIÁM ĐỐC",)).read()
    assert found.text("signatory_position") == "GIÁM ĐỐC"
    assert {"competence", "signatory_position"} <= set(found.review)


def test_strokes_that_read_like_kt_propose_the_deputy() -> None:
    found = scanned(block=("V£T.·0.3 GIÁM ĐỐC",)).read()
    assert (found.text("competence"), found.text("signatory_position")) == ("KT.", "PHÓ GIÁM ĐỐC")
    assert {"competence", "signatory_position"} <= set(found.review)


def _with_strokes(text: str, *places: tuple[float, float]) -> Metadata:
    """The draft's reading with unread ink beside a line: (points right of its left end, points below its top)."""
    (page,) = scanned().pages()
    box = next(line.box for line in page.lines if line.text == text)
    marks = tuple(Box(box.left + x, box.top + y, box.left + x + 7, box.top + y + 11) for x, y in places)
    return extract(Reading((replace(page, strokes=marks),)), SETTINGS)


@pytest.mark.parametrize("place", [(-16.0, 0.0), (20.0, -14.0)], ids=["before", "above"])
def test_ink_beside_a_position_that_nothing_explains_is_asked_about(place: tuple[float, float]) -> None:
    found = _with_strokes("GIÁM ĐỐC", place)
    assert found.text("signatory_position") == "GIÁM ĐỐC"
    assert {"competence", "signatory_position"} <= set(found.review)


@pytest.mark.parametrize("place", [(-120.0, 0.0), (20.0, 30.0), (-16.0, 40.0)], ids=["far", "under", "seal"])
def test_ink_elsewhere_is_not(place: tuple[float, float]) -> None:
    assert not {"competence", "signatory_position"} & set(_with_strokes("GIÁM ĐỐC", place).review)


def test_letters_that_were_not_read_in_the_row_of_a_subject_make_it_doubtful() -> None:
    text = "Về việc ban hành Quy chế văn thư"
    assert "subject" in _with_strokes(text, (-20.0, 0.0), (-11.0, 0.0)).review
    assert "subject" not in _with_strokes(text, (-20.0, 0.0)).review


def test_position_without_anything_before_it_is_not_doubted() -> None:
    found = scanned().read()
    assert not {"competence", "signatory_position"} & set(found.review)


def looked_at(page: Page, *rows: tuple[float, str]) -> Metadata:
    sheet = Sheet(source=OCR)
    for y, text in rows:
        sheet.centred(SIGNATURE, y, text)
    zone = Zone(1, Box(238.0, 150.0, 590.0, 700.0), Look.PRINT, ABOUT_SIGNATORY)
    return extract(Reading((page,), second_looks=(SecondLook(zone, tuple(sheet.lines)),)), SETTINGS)


def test_deputy_of_whom_the_signature_hides_the_end_signs_in_the_place_of_the_head() -> None:
    (page,) = scanned(block=("GIÁM·0.5 ĐỐC·0.4",)).pages()
    top = next(line.box.top for line in page.lines if line.text == "GIÁM ĐỐC")
    rows = [(top, "GIÁM·0.93 ĐỐC·0.93"), (top + 13, "PHÓ·0.92 GIÁM·0.93"), (top + 13, "PHÓ·0.9 GIÁM·0.92 ĐỠ'·0.1")]
    found = looked_at(page, *rows)
    assert (found.text("competence"), found.text("signatory_position")) == ("KT.", "PHÓ GIÁM ĐỐC")


def test_three_who_sign_side_by_side_are_all_told_though_not_all_names_are_print() -> None:
    draft = scanned(block=(), name="", recipients=(), date_line="")
    sheet = draft.sheet()
    y = draft.head(sheet) + 60
    for middle, position in ((LEFT - 40, "HIỆU TRƯỞNG"), (WIDTH / 2 + 15, "CHỦ TỊCH"), (SIGNATURE + 60, "TRƯỞNG KHOA")):
        sheet.centred(middle, y, position)
    sheet.centred(WIDTH / 2 + 15, y + 70, "Trần Quốc Vĩnh")
    sheet.centred(SIGNATURE + 50, y - 20, "Ngày 30 tháng 9 năm 2026")
    found = read(sheet.page())
    assert found.text("signatory_position") == "HIỆU TRƯỞNG; CHỦ TỊCH; TRƯỞNG KHOA"
    assert {"signatory_position", "signatory_name"} <= set(found.review)
    assert found.text("issued_date") == "2026-09-30"
