"""What stands at the end of a document: competence, position, name, recipients - and where the end is."""

from __future__ import annotations

import pytest

from pipeline.document import TextSource
from tests.decree_pages import SIGNATURE, WIDTH, Draft, Sheet, read

OCR = TextSource.OCR


def test_head_of_the_agency_signs_without_prefix() -> None:
    found = Draft().read()
    assert found.text("competence") == ""
    assert found.text("signatory_position") == "GIÁM ĐỐC"
    assert found.text("signatory_name") == "Trần Quốc Vĩnh"


@pytest.mark.parametrize(
    ("block", "competence", "position"),
    [
        (("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "KT.", "PHÓ GIÁM ĐỐC"),
        (("KT.GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "KT.", "PHÓ GIÁM ĐỐC"),
        (("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"), "TL.", "CHÁNH VĂN PHÒNG"),
        (("TUQ. BỘ TRƯỞNG", "CHÁNH VĂN PHÒNG"), "TUQ.", "CHÁNH VĂN PHÒNG"),
        (("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "TM.", "CHỦ TỊCH"),
        (("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), "TM. KT.", "PHÓ CHỦ TỊCH"),
        (("TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"), "TL. KT.", "PHÓ CHÁNH VĂN PHÒNG"),
        (("KT. BỘ TRƯỞNG", "THỨ TRƯỞNG"), "KT.", "THỨ TRƯỞNG"),
        (("Q. GIÁM ĐỐC",), "Q.", ""),
        (("QUYỀN GIÁM ĐỐC",), "", "QUYỀN GIÁM ĐỐC"),
        (("KT. Giám đốc", "Phó Giám đốc"), "KT.", "Phó Giám đốc"),
        (("TL. Hiệu trưởng", "Trưởng phòng Đào tạo"), "TL.", "Trưởng phòng Đào tạo"),
        (("TM. Ủy ban nhân dân", "Chủ tịch"), "TM.", "Chủ tịch"),
        (("K.T GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "KT.", "PHÓ GIÁM ĐỐC"),
        (("T.M ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "TM.", "CHỦ TỊCH"),
        (("THỦ TRƯỞNG ĐƠN VỊ",), "", "THỦ TRƯỞNG ĐƠN VỊ"),
        (("TM. ỦY BAN NHÂN DÂN", "THÀNH PHỐ VÂN GIANG", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), "TM. KT.", "PHÓ CHỦ TỊCH"),
        (("TM. CHÍNH PHỦ", "KT. THỦ TƯỚNG", "PHÓ THỦ TƯỚNG"), "TM. KT.", "PHÓ THỦ TƯỚNG"),
        (("TL. BỘ TRƯỞNG", "VỤ TRƯỞNG VỤ PHÁP CHẾ"), "TL.", "VỤ TRƯỞNG VỤ PHÁP CHẾ"),
        (("T/M BAN BÍ THƯ", "THƯỜNG TRỰC BAN BÍ THƯ"), "TM.", "THƯỜNG TRỰC BAN BÍ THƯ"),
        (("T/L BAN THƯỜNG VỤ", "K/T CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"), "TL. KT.", "PHÓ CHÁNH VĂN PHÒNG"),
    ],
)
def test_prefixes_and_positions_of_the_block(block: tuple[str, ...], competence: str, position: str) -> None:
    found = Draft(block=block).read()
    assert found.text("competence") == competence
    if position:
        assert found.text("signatory_position") == position
        assert found.text("signatory_name") == "Trần Quốc Vĩnh"


def test_acting_head_has_the_position_after_the_prefix() -> None:
    found = Draft(block=("Q. GIÁM ĐỐC",)).read()
    assert (found.text("competence"), found.text("signatory_position")) == ("Q.", "GIÁM ĐỐC")


@pytest.mark.parametrize("source", [TextSource.TEXT_LAYER, OCR])
def test_position_of_two_rows_is_joined_and_asked_for(source: TextSource) -> None:
    block = ("TL. HIỆU TRƯỞNG", "TRƯỞNG PHÒNG TỔ CHỨC", "HÀNH CHÍNH")
    found = Draft(block=block, source=source, confidence=0.96).read()
    assert found.text("signatory_position") == "TRƯỞNG PHÒNG TỔ CHỨC HÀNH CHÍNH"
    assert "signatory_position" in found.review


def test_name_of_the_body_over_two_rows_leaves_the_block_whole() -> None:
    block = ("TM. ỦY BAN NHÂN DÂN", "THÀNH PHỐ VÂN GIANG", "CHỦ TỊCH")
    found = Draft(block=block, source=OCR, confidence=0.97).read()
    assert {"competence", "signatory_position"}.isdisjoint(found.review)


def test_second_title_above_the_name_is_not_the_position() -> None:
    found = Draft(block=("TRƯỞNG BAN", "CHỦ TỊCH UBND TỈNH")).read()
    assert found.text("signatory_position") == "TRƯỞNG BAN"


def test_deputy_under_a_head_signs_in_his_place_though_the_prefix_is_handwritten() -> None:
    found = Draft(block=("L“T.·0.3 GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), source=OCR, confidence=0.95).read()
    assert found.text("competence") == "KT."
    assert "competence" in found.review
    assert found.text("signatory_position") == "PHÓ GIÁM ĐỐC"


def test_deputy_without_prefix_makes_the_competence_doubtful() -> None:
    found = Draft(block=("PHÓ GIÁM ĐỐC",), source=OCR, confidence=0.95).read()
    assert "competence" in found.review


def test_row_lost_under_the_seal_makes_the_block_doubtful() -> None:
    draft = Draft(source=OCR, confidence=0.95, block=())
    sheet = draft.sheet()
    y = draft.head(sheet) + 40
    sheet.centred(SIGNATURE, y, "TM. ỦY BAN NHÂN DÂN").centred(SIGNATURE, y + 48, "CHỦ TỊCH")
    draft.tail(sheet, y)
    found = read(sheet.page())
    assert {"competence", "signatory_position"} <= set(found.review)


def test_title_far_below_the_recipients_label_is_doubted() -> None:
    draft = Draft(source=OCR, confidence=0.95, block=(), name="")
    sheet = draft.sheet()
    y = draft.head(sheet) + 40
    sheet.centred(SIGNATURE, y + 95, "CHỦ TỊCH UBND TỈNH").centred(SIGNATURE, y + 112, "Nguyễn Văn An")
    draft.tail(sheet, y)
    found = read(sheet.page())
    assert "signatory_position" in found.review


def test_head_alone_is_doubted_when_the_name_was_not_read() -> None:
    found = Draft(source=OCR, confidence=0.95, name="").read()
    assert {"signatory_position", "signatory_name", "competence"} <= set(found.review)


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("PGS.TS. Trần Quốc Vĩnh", "Trần Quốc Vĩnh"),
        ("NGUYỄN NGỌC ANH", "NGUYỄN NGỌC ANH"),
        ("Nguyễn Thị Liên Hương", "Nguyễn Thị Liên Hương"),
        ("Bs. Hà Văn Phúc", "Hà Văn Phúc"),
        ("ThS.Trần Quốc Vĩnh", "Trần Quốc Vĩnh"),
        ("ThS. Trần Quốc Vĩnh", "Trần Quốc Vĩnh"),
        ("KTS. Trần Quốc Vĩnh", "Trần Quốc Vĩnh"),
        ("Đại tá Trần Quốc Vĩnh", "Trần Quốc Vĩnh"),
        ("Thượng tá, TS. Trần Quốc Vĩnh", "Trần Quốc Vĩnh"),
        ("THIẾU TƯỚNG TRẦN QUỐC VĨNH", "TRẦN QUỐC VĨNH"),
        ("(Đã ký) Trần Quốc Vĩnh", "Trần Quốc Vĩnh"),
        ("Ông Trần Quốc Vĩnh", "Trần Quốc Vĩnh"),
        ("Ông Văn Huyên", "Ông Văn Huyên"),
        ("Đồng Chí Thanh", "Đồng Chí Thanh"),
    ],
)
def test_name_stands_without_academic_titles(printed: str, name: str) -> None:
    assert Draft(name=printed).read().text("signatory_name") == name


@pytest.mark.parametrize(
    "name", ["Y Thanh Hà Niê Kđăm", "H’Lim Niê", "H' Yim Kđoh", "K’Mák", "Ka’ H’Hoanh", "Bh’riu Liếc"]
)
def test_names_of_the_highlands_are_names(name: str) -> None:
    assert Draft(name=name).read().text("signatory_name") == name
    recognised = Draft(name=name, source=OCR, confidence=0.97).read()
    assert recognised.text("signatory_name") == name
    assert "signatory_name" in recognised.review  # a reader that knows Vietnamese syllables only gets few of them right


def test_misread_family_name_is_mended() -> None:
    found = Draft(name="Nguyên·0.93 Đồng Tiến", source=OCR, confidence=0.96).read()
    assert found.text("signatory_name") == "Nguyễn Đồng Tiến"


def test_name_that_lost_its_beginning_is_proposed_and_flagged() -> None:
    found = Draft(name="uyễn Hữu Độ", source=OCR, confidence=0.96).read()
    assert found.text("signatory_name") == "Nguyễn Hữu Độ"
    assert "signatory_name" in found.review


def test_hats_tell_families_apart_that_end_in_the_same_letters() -> None:
    found = Draft(name="ần Quốc Vĩnh", source=OCR, confidence=0.96).read()
    assert found.text("signatory_name") == "Trần Quốc Vĩnh"  # "an" may be left of Phan, "ân" is not
    assert "signatory_name" in found.review


def test_position_behind_strokes_of_a_pen_is_proposed_and_asked_for() -> None:
    found = Draft(block=("W4{ZUQ·0.2 CHỦ TỊCH",), source=OCR, confidence=0.95).read()
    assert found.text("signatory_position") == "CHỦ TỊCH"
    assert {"signatory_position", "competence"} <= set(found.review)


def test_second_line_of_a_position_is_no_name() -> None:
    found = Draft(block=("TL. GIÁM ĐỐC", "CHÁNH", "VĂN PHÒNG"), name="", source=OCR, confidence=0.95).read()
    assert found.text("signatory_name") == ""
    assert "signatory_name" in found.review


def test_visible_digital_signature_is_no_part_of_the_block() -> None:
    draft = Draft(block=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"))
    sheet = draft.sheet()
    y = draft.head(sheet) + 40
    draft.tail(sheet, y)
    for row, text in enumerate(
        ("Ký bởi: Sở Nội vụ", "Cơ quan: UBND Tỉnh Vân Giang", "Thời gian ký: 05.01.2026 10:24:59")
    ):
        sheet.put(400, y + 34 + 9 * row, text, height=6)
    found = read(sheet.page())
    assert found.text("signatory_name") == "Trần Quốc Vĩnh"
    assert found.text("signatory_position") == "PHÓ GIÁM ĐỐC"


def test_name_beside_a_visible_signature_of_small_print_is_the_signatory() -> None:
    draft = Draft(block=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), name="")
    sheet = draft.sheet()
    y = draft.head(sheet) + 40
    draft.tail(sheet, y)
    for row, text in enumerate(("Ký bởi: Sở Nội vụ", "Cơ quan: Tỉnh Vân Giang", "Ngày ký: 05-01-2026")):
        sheet.put(450, y + 36 + 8 * row, text, height=8)
    sheet.put(385, y + 62, "Trần Quốc Vĩnh", height=9.5)  # the height of what a text layer says its letters have
    assert read(sheet.page()).text("signatory_name") == "Trần Quốc Vĩnh"


@pytest.mark.parametrize("source", [TextSource.TEXT_LAYER, OCR])
def test_name_under_a_label_of_a_visible_signature_is_not_the_signatory(source: TextSource) -> None:
    draft = Draft(block=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), source=source, confidence=0.96)
    sheet = draft.sheet()
    y = draft.head(sheet) + 40
    draft.tail(sheet, y)
    for row, text in enumerate(("Người ký:", "Lê Thị Hồng", "Thời gian ký:", "05/01/2026 10:24:59")):
        sheet.put(390, y + 36 + 8 * row, text, height=6)
    assert read(sheet.page()).text("signatory_name") == "Trần Quốc Vĩnh"


def test_signature_is_found_before_the_appendices() -> None:
    appendix = Sheet(2).centred(WIDTH / 2, 60, "Phụ lục").centred(WIDTH / 2, 78, "DANH MỤC HỒ SƠ")
    appendix.put(120, 120, "1. Hồ sơ của Giám đốc")
    appendix.centred(SIGNATURE, 400, "NGƯỜI LẬP BIỂU").centred(SIGNATURE, 480, "Phạm Thị Lan")
    found = Draft().read(appendix.page())
    assert found.text("signatory_name") == "Trần Quốc Vĩnh"
    assert found.fields["signatory_name"].page == 1
    assert found.text("page_amount") == "2"


def test_two_signatories_side_by_side_are_joined_and_flagged() -> None:
    draft = Draft(block=(), name="", recipients=())
    sheet = draft.sheet()
    y = draft.head(sheet) + 40
    sheet.centred(150, y, "GIÁM ĐỐC").centred(SIGNATURE, y, "CHỦ TỊCH")
    sheet.centred(150, y + 80, "Nguyễn Văn Lên").centred(SIGNATURE, y + 80, "Nguyễn Thiện Phú")
    found = read(sheet.page())
    assert found.text("signatory_name") == "Nguyễn Văn Lên; Nguyễn Thiện Phú"
    assert found.text("signatory_position") == "GIÁM ĐỐC; CHỦ TỊCH"
    assert {"signatory_name", "signatory_position"} <= set(found.review)


def blocks_side_by_side(middles: tuple[float, ...], positions: tuple[str, ...], names: tuple[str, ...]) -> Sheet:
    draft = Draft(block=(), name="", recipients=())
    sheet = draft.sheet()
    y = draft.head(sheet) + 40
    for middle, position, name in zip(middles, positions, names, strict=True):
        for row, text in enumerate(position.split(" / ")):
            sheet.centred(middle, y + 16 * row, text)
        sheet.centred(middle, y + 90, name)
    return sheet


def test_three_signatories_side_by_side_are_joined() -> None:
    positions, names = ("CHỦ TỊCH", "GIÁM ĐỐC", "BÍ THƯ"), ("Phạm Thị Lan", "Lê Văn Hòa", "Trần Quốc Vĩnh")
    found = read(blocks_side_by_side((120, 300, 480), positions, names).page())
    assert found.text("signatory_position") == "CHỦ TỊCH; GIÁM ĐỐC; BÍ THƯ"
    assert found.text("signatory_name") == "Phạm Thị Lan; Lê Văn Hòa; Trần Quốc Vĩnh"
    assert {"signatory_name", "signatory_position"} <= set(found.review)


def test_joint_circular_has_its_list_under_both_blocks() -> None:
    positions = ("KT. BỘ TRƯỞNG BỘ TÀI CHÍNH / THỨ TRƯỞNG", "KT. BỘ TRƯỞNG BỘ NỘI VỤ / THỨ TRƯỞNG")
    sheet = blocks_side_by_side((165, 430), positions, ("Phạm Thị Lan", "Trần Quốc Vĩnh"))
    y = sheet.lines[-1].box.bottom + 40
    sheet.put(85, y, "Nơi nhận:").put(85, y + 13, "- Văn phòng Quốc hội;").put(85, y + 26, "- Lưu: VT, BNV, BTC.")
    found = read(sheet.page())
    assert found.text("signatory_position") == "THỨ TRƯỞNG; THỨ TRƯỞNG"
    assert found.text("signatory_name") == "Phạm Thị Lan; Trần Quốc Vĩnh"
    assert found.text("competence") == "KT.; KT."
    assert found.fields["recipients"].value == ("Văn phòng Quốc hội", "Lưu: VT, BNV, BTC")


def test_block_above_the_list_is_found() -> None:
    draft = Draft(recipients=())
    sheet = draft.sheet()
    y = draft.head(sheet) + 40
    draft.tail(sheet, y)
    sheet.put(85, y + 120, "Nơi nhận:").put(85, y + 133, "- Như trên;").put(85, y + 146, "- Lưu: VT.")
    found = read(sheet.page())
    assert (found.text("signatory_position"), found.text("signatory_name")) == ("GIÁM ĐỐC", "Trần Quốc Vĩnh")


def test_minutes_are_signed_by_secretary_and_chair() -> None:
    names = ("Phạm Thị Lan", "Trần Quốc Vĩnh")
    found = read(blocks_side_by_side((150, 430), ("THƯ KÝ CUỘC HỌP", "CHỦ TRÌ CUỘC HỌP"), names).page())
    assert found.text("signatory_position") == "THƯ KÝ CUỘC HỌP; CHỦ TRÌ CUỘC HỌP"
    assert found.text("signatory_name") == "Phạm Thị Lan; Trần Quốc Vĩnh"


def test_authority_line_above_the_body_is_no_signature() -> None:
    draft = Draft(body=("CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH VÂN GIANG", "Căn cứ Luật Thi đua;"))
    sheet = draft.sheet()
    draft.head(sheet)
    found = read(sheet.page())
    assert found.text("signatory_name") == ""
    assert {"signatory_name", "signatory_position"} <= set(found.review)


@pytest.mark.parametrize("source", [TextSource.TEXT_LAYER, OCR])
def test_a_place_of_receipt_in_the_text_is_not_the_list(source: TextSource) -> None:
    draft = Draft(
        body=("Nơi nhận: Phòng Tổ chức, Sở Nội vụ.", "Thời hạn nộp là 10 ngày."), source=source, confidence=0.96
    )
    first, second = draft.sheet(1), draft.sheet(2)
    draft.head(first)
    draft.tail(second, 100)
    found = read(first.page(), second.page())
    assert (found.text("signatory_position"), found.text("signatory_name")) == ("GIÁM ĐỐC", "Trần Quốc Vĩnh")
    assert found.fields["recipients"].value == ("Như Điều 3", "Các phòng, đơn vị", "Lưu: VT, VP")


def test_recipients_stand_without_dash_and_mark() -> None:
    found = Draft().read()
    assert found.fields["recipients"].value == ("Như Điều 3", "Các phòng, đơn vị", "Lưu: VT, VP")


def test_recipient_of_two_lines_is_one() -> None:
    lines = ("- Như Điều 3;", "- Các Sở: Tài chính, Xây dựng,", "Nội vụ, Tư pháp;", "- Lưu: VT.")
    found = Draft(recipients=lines).read()
    assert found.fields["recipients"].value == ("Như Điều 3", "Các Sở: Tài chính, Xây dựng, Nội vụ, Tư pháp", "Lưu: VT")


def test_list_in_two_columns_is_read_column_by_column() -> None:
    draft = Draft(recipients=())
    sheet = draft.sheet()
    y = draft.head(sheet) + 40
    draft.tail(sheet, y)
    sheet.put(60, y, "Nơi nhận:")
    columns = ("- Bộ Nội vụ;", "- UBND tỉnh;", "- Sở Y tế;"), ("- Sở Tài chính;", "- Sở Tư pháp;", "- Lưu: VT, VP.")
    for x, items in zip((60, 190), columns, strict=True):
        for row, text in enumerate(items, 1):
            sheet.put(x, y + 13 * row, text)
    items = ("Bộ Nội vụ", "UBND tỉnh", "Sở Y tế", "Sở Tài chính", "Sở Tư pháp", "Lưu: VT, VP")
    assert read(sheet.page()).fields["recipients"].value == items


def test_item_in_the_row_of_the_label_is_the_first() -> None:
    draft = Draft(recipients=())
    sheet = draft.sheet()
    y = draft.head(sheet) + 40
    draft.tail(sheet, y)
    sheet.put(85, y, "Nơi nhận: - Như trên;").put(85, y + 13, "- Lưu: VT.")
    assert read(sheet.page()).fields["recipients"].value == ("Như trên", "Lưu: VT")


def test_marks_of_the_typist_under_the_list_are_not_recipients() -> None:
    lines = ("- Như trên;", "- Lưu: VT, TCHC.", "KT.05.", "D:\\2026\\vb.doc")
    assert Draft(recipients=lines).read().fields["recipients"].value == ("Như trên", "Lưu: VT, TCHC")


def test_files_that_keep_a_copy_may_go_over_two_rows() -> None:
    lines = ("- Như trên;", "- Lưu: VT, KTTH,", "NC(02b).")
    assert Draft(recipients=lines).read().fields["recipients"].value == ("Như trên", "Lưu: VT, KTTH, NC(02b)")


def test_recipient_whose_dash_was_not_read_is_its_own_item() -> None:
    found = Draft(recipients=("- Như Điều 3;", "Ban Bí thư;", "- Lưu: VT."), source=OCR, confidence=0.95).read()
    assert found.fields["recipients"].value == ("Như Điều 3", "Ban Bí thư", "Lưu: VT")


def test_recipients_run_over_the_page() -> None:
    over = Sheet(2).put(85, 60, "- Báo Vân Giang;").put(85, 73, "- Lưu: VT, KGVX.")
    found = Draft(recipients=("- Như trên;", "- Các sở, ban, ngành;")).read(over.page())
    assert found.fields["recipients"].value == ("Như trên", "Các sở, ban, ngành", "Báo Vân Giang", "Lưu: VT, KGVX")


def test_misread_phrase_of_the_recipients_is_mended() -> None:
    lines = ("- Như điêu 3;", "- BGH (đề báo cáo);", "- Lưư: VT.")
    found = Draft(recipients=lines, source=OCR, confidence=0.95).read()
    assert found.fields["recipients"].value == ("Như điều 3", "BGH (để báo cáo)", "Lưu: VT")


def test_ink_of_the_signature_does_not_enter_the_recipients() -> None:
    lines = ("- Như Điều 3; tXÀ·0.1", "- Lưu: VT.")
    found = Draft(recipients=lines, source=OCR, confidence=0.95).read()
    assert found.fields["recipients"].value == ("Như Điều 3", "Lưu: VT")


def test_words_of_the_seal_beside_the_list_are_not_the_list_s() -> None:
    draft = Draft(recipients=(), source=OCR, confidence=0.95)
    sheet = draft.sheet()
    y = draft.head(sheet) + 40
    draft.tail(sheet, y)
    sheet.put(85, y, "Nơi nhận:").put(85, y + 13, "- Như trên;").put(85, y + 26, "- Lưu: VT, KSTT. ")
    sheet.put(330, y + 27, "GA CA", confidence=0.8).put(340, y + 34, "v1Ế", confidence=0.8)
    assert read(sheet.page()).fields["recipients"].value == ("Như trên", "Lưu: VT, KSTT")


def test_items_stand_in_the_order_of_their_own_column() -> None:
    draft = Draft(recipients=(), source=OCR, confidence=0.95)
    sheet = draft.sheet()
    y = draft.head(sheet) + 40
    draft.tail(sheet, y)
    sheet.put(85, y, "Nơi nhận:").put(85, y + 13, "- HĐT,BGH;").put(85, y + 26, "- Các khoa;").put(
        85, y + 39, "- Lưu: VT."
    )
    sheet.put(300, y + 9, "TÂY", confidence=0.3, height=40)  # tall print of the seal draws a row's middle down
    found = read(sheet.page())
    assert found.fields["recipients"].value == ("HĐT, BGH", "Các khoa", "Lưu: VT")


@pytest.mark.parametrize(
    ("read_as", "printed"),
    [
        ("- BGĐSYT;·0.7", "BGĐ SYT"),
        ("- BanQLDA;·0.5", "Ban QLDA"),
        ("- BGĐĐ·0.5 SYT;", "BGĐ SYT"),
        ("- €VHT;·0.6", "CVHT"),
        ("- BGH (để b/€);·0.4", "BGH (để b/c)"),
    ],
)
def test_abbreviations_that_the_reader_distorts_are_mended(read_as: str, printed: str) -> None:
    found = Draft(
        recipients=("- Như trên;", read_as, "- Lưu: VT."), number_line="Số: 15/QĐ-SYT", source=OCR, confidence=0.95
    ).read()
    assert found.fields["recipients"].value == ("Như trên", printed, "Lưu: VT")


def test_badly_read_recipients_are_flagged() -> None:
    lines = ("- PhòngNVVH,NVT;·0.5", "- SVHTT&DL;·0.3", "- Lưu: VT.")
    found = Draft(recipients=lines, source=OCR, confidence=0.95).read()
    assert "recipients" in found.review


def test_signature_is_found_before_what_is_issued_with_the_decision() -> None:
    first = Draft(recipients=())  # "Nơi nhận" was not read
    issued = (
        Sheet(2).centred(WIDTH / 2, 60, "QUY CHẾ").centred(WIDTH / 2, 78, "(Ban hành kèm theo Quyết định số 15/QĐ-SNV)")
    )
    issued.centred(SIGNATURE, 500, "TRƯỞNG PHÒNG").centred(SIGNATURE, 570, "Phạm Thị Lan")
    found = first.read(issued.page())
    assert found.text("signatory_name") == "Trần Quốc Vĩnh"


def test_prefixes_of_the_party_have_a_stroke() -> None:
    found = Draft(block=("T/M BAN THƯỜNG VỤ", "BÍ THƯ")).read()
    assert (found.text("competence"), found.text("signatory_position")) == ("TM.", "BÍ THƯ")


@pytest.mark.parametrize("source", [TextSource.TEXT_LAYER, OCR])
def test_deputies_of_the_party_sign_for_its_bodies_and_those_of_the_state_in_somebody_s_place(
    source: TextSource,
) -> None:
    party = Draft(block=("T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ"), source=source, confidence=0.97).read()
    assert "competence" not in party.review
    state = Draft(block=("TM. ỦY BAN NHÂN DÂN", "PHÓ CHỦ TỊCH"), source=source, confidence=0.97).read()
    assert "competence" in state.review


@pytest.mark.parametrize("label", ["@Wởi nhận:", "ẤN cm Thủ"])
def test_recipients_are_found_though_their_label_is_torn(label: str) -> None:
    draft = Draft(recipients=(), source=OCR, confidence=0.95)
    sheet = draft.sheet()
    y = draft.head(sheet) + 40
    draft.tail(sheet, y)
    sheet.put(85, y, label, confidence=0.3)
    for row, text in enumerate(("- Như Điều 3;", "- Các phòng, đơn vị;", "- Lưu: VT, VP."), 1):
        sheet.put(85, y + 13 * row, text)
    found = read(sheet.page())
    assert found.fields["recipients"].value == ("Như Điều 3", "Các phòng, đơn vị", "Lưu: VT, VP")


def test_a_sign_that_no_list_has_makes_the_list_a_question() -> None:
    plain = Draft(source=OCR, confidence=0.97).read()
    inked = Draft(source=OCR, confidence=0.97, recipients=("- «Có đơn vị;", "- Lưu: VT, VP.")).read()
    assert "recipients" not in plain.review
    assert "recipients" in inked.review
