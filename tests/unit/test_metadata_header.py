"""What stands in the head of a document: code, place, date, agencies, type and subject."""

from __future__ import annotations

import unicodedata

import pytest

from pipeline.document import Line, Metadata, Page, TextSource
from tests.decree_pages import HEIGHT, RIGHT, WIDTH, Draft, read


def test_decision_gives_every_field_of_its_head() -> None:
    found = Draft().read()
    assert found.text("type_name") == "Quyết định"
    assert (found.text("code_number"), found.text("code_notation")) == ("15", "QĐ-SNV")
    assert found.text("issued_date") == "2026-01-05"
    assert found.text("issued_place") == "Vân Giang"
    assert found.text("organ_name") == "SỞ NỘI VỤ"
    assert found.text("parent_organ_name") == "UBND TỈNH VÂN GIANG"
    assert found.text("subject") == "Về việc ban hành Quy chế văn thư"
    assert found.review == ()


def test_every_field_says_where_it_stands() -> None:
    found = Draft().read()
    for name in ("type_name", "code_number", "issued_date", "organ_name", "subject", "signatory_name", "recipients"):
        field = found.fields[name]
        assert field.page == 1
        assert field.box is not None, name
        assert field.rule, name
    assert found.fields["organ_name"].box.right < found.fields["issued_date"].box.left  # type: ignore[union-attr]


def test_letter_has_no_heading_and_its_subject_under_the_number() -> None:
    found = Draft(
        number_line="Số: 05/SNV-VP", heading="", subject=(), about=("V/v báo cáo công tác", "cải cách hành chính")
    ).read()
    assert found.text("type_name") == "Công văn"
    assert found.text("code_notation") == "SNV-VP"
    assert found.text("subject") == "V/v báo cáo công tác cải cách hành chính"


@pytest.mark.parametrize(
    ("line", "heading", "number", "notation"),
    [
        ("Số: 28/2021/NĐ-CP", "NGHỊ ĐỊNH", "28", "NĐ-CP"),
        ("Số: 01/2006/TT-NHNN", "THÔNG TƯ", "01", "TT-NHNN"),
        ("Số 102 /KH-UBND", "KẾ HOẠCH", "102", "KH-UBND"),
        ("Số: 11/TB-UBND", "THÔNG BÁO", "11", "TB-UBND"),
        ("Luật số: 54/2014/QH13", "LUẬT", "54", "QH13"),
        ("Số: 12a/QĐ-SNV", "QUYẾT ĐỊNH", "12a", "QĐ-SNV"),
    ],
)
def test_code_is_parted_into_number_and_notation(line: str, heading: str, number: str, notation: str) -> None:
    found = Draft(number_line=line, heading=heading, date_line="").read()
    assert (found.text("code_number"), found.text("code_notation")) == (number, notation)


@pytest.mark.parametrize(
    ("line", "number", "notation"),
    [
        ("Số: 15 KH/TĐTN", "15", "KH/TĐTN"), ("Số 15 QĐ/SNV", "15", "QĐ/SNV"), ("Số: 15 - QĐ/TU", "15", "QĐ/TU"),
        ("Số (No.): 15/QĐ-SNV", "15", "QĐ-SNV"), ("Số/No.: 15/QĐ-SNV", "15", "QĐ-SNV"),
        ("No.: 15/QĐ-SNV", "15", "QĐ-SNV"),
        ("Ký hiệu: 15/QĐ-SNV", "15", "QĐ-SNV"), ("Số hiệu: 15/QĐ-SNV", "15", "QĐ-SNV"),
        ("Số văn bản: 15/QĐ-SNV", "15", "QĐ-SNV"), ("15/QĐ-SNV", "15", "QĐ-SNV"),
        ("Số: 15/QĐ-SNV ngày 05/01/2026", "15", "QĐ-SNV"), ("Số:……15……/QĐ-SNV", "15", "QĐ-SNV"),
        ("Số: 15/202S/QĐ-UBND", "15", "QĐ-UBND"), ("Số: 15/ 2026/QĐ-UBND", "15", "QĐ-UBND"),
        ("Số: 15A/QĐ-SNV", "15A", "QĐ-SNV"),
    ],
)  # fmt: skip
def test_number_lines_of_many_offices_are_understood(line: str, number: str, notation: str) -> None:
    heading = "KẾ HOẠCH" if "KH" in line else "QUYẾT ĐỊNH"
    found = Draft(number_line=line, heading=heading, source=TextSource.OCR, confidence=0.96).read()
    assert (found.text("code_number"), found.text("code_notation")) == (number, notation)


def test_the_number_of_minutes_and_contracts_stands_under_their_heading() -> None:
    found = Draft(number_line="", heading="HỢP ĐỒNG", subject=("Số: 15/HĐ-SNV", "Về việc mua sắm thiết bị")).read()
    assert (found.text("code_number"), found.text("code_notation")) == ("15", "HĐ-SNV")
    cited = Draft(number_line="", body=("Số: 15/QĐ-SNV và các quyết định khác của Giám đốc Sở Nội vụ tỉnh",)).read()
    assert "code_number" in cited.review


@pytest.mark.parametrize(
    "line",
    [
        "Vân Giang, ngày 05/01/2026", "Vân Giang, ngày 5-1-2026", "Vân Giang, ngày 05.01.2026", "Vân Giang, 05/01/2026",
        "Vân Giang ngày 05 / 01 / 2026", "Vân Giang ngày 05 tháng 01 năm 2026", "Vân Giang, ngày…05…tháng…01…năm 2026",
    ],
)  # fmt: skip
@pytest.mark.parametrize("source", [TextSource.TEXT_LAYER, TextSource.OCR])
def test_date_lines_of_many_offices_are_understood(line: str, source: TextSource) -> None:
    found = Draft(date_line=line, source=source, confidence=0.97).read()
    assert (found.text("issued_date"), found.text("issued_place")) == ("2026-01-05", "Vân Giang")


def test_a_number_of_figures_alone_is_proposed_as_printed_and_asked_for() -> None:
    found = Draft(number_line="Số: 01/06/2020").read()
    assert found.text("code_number") == "01/06/2020"
    assert {"code_number", "code_notation"} <= set(found.review)


def test_a_date_stamped_without_a_place_is_not_the_date_of_issue() -> None:
    found = Draft(date_line="Ngày: 05/01/2026").read()
    assert found.text("issued_date") == ""


@pytest.mark.parametrize(
    ("line", "below"),
    [("Thành phố Vân Giang, ngày 05 tháng 01", "năm 2026"), ("Thành phố Vân Giang, ngày 05", "tháng 01 năm 2026")],
)
def test_a_date_line_may_go_on_in_the_next_row(line: str, below: str) -> None:
    draft = Draft(date_line=line)
    sheet = draft.sheet()
    y = draft.head(sheet)
    sheet.centred(RIGHT, 66 + 16 * 2 + 15, below)
    draft.tail(sheet, y + 40)
    found = read(sheet.page())
    assert (found.text("issued_date"), found.text("issued_place")) == ("2026-01-05", "Thành phố Vân Giang")


def test_party_code_has_dash_before_the_type() -> None:
    found = Draft(
        agencies=("TỈNH ỦY VÂN GIANG",),
        motto=("ĐẢNG CỘNG SẢN VIỆT NAM",),
        number_line="Số 15-KL/TU",
        heading="KẾT LUẬN",
    ).read()
    assert (found.text("code_number"), found.text("code_notation")) == ("15", "KL/TU")
    assert found.text("type_name") == "Kết luận"
    assert found.text("organ_name") == "TỈNH ỦY VÂN GIANG"


def test_document_without_number_asks_for_it() -> None:
    found = Draft(number_line="Số: /QĐ-SNV").read()
    assert found.text("code_number") == ""
    assert "code_number" in found.review
    assert found.text("code_notation") == "QĐ-SNV"


def test_handwritten_number_is_never_believed() -> None:
    for ink in ("4ÐD·0.39", "70·0.62", "206·0.87", "94·0.97"):
        found = Draft(number_line=f"Số: {ink} /QĐ-SNV", source=TextSource.OCR, confidence=0.96).read()
        assert "code_number" in found.review, ink
        assert found.text("code_notation") == "QĐ-SNV", ink


def test_number_printed_in_one_word_with_its_notation_is_believed() -> None:
    found = Draft(source=TextSource.OCR, confidence=0.93).read()
    assert found.text("code_number") == "15"
    assert "code_number" not in found.review


def test_handwritten_day_is_flagged() -> None:
    for ink in ("2Ø·0.3", "04·0.7"):
        line = f"Vân Giang, ngày {ink} tháng 01 năm 2026"
        found = Draft(date_line=line, source=TextSource.OCR, confidence=0.96).read()
        assert "issued_date" in found.review, ink
        assert found.text("issued_place") == "Vân Giang"


def test_printed_date_of_a_scan_is_believed() -> None:
    found = Draft(source=TextSource.OCR, confidence=0.96).read()
    assert found.text("issued_date") == "2026-01-05"
    assert "issued_date" not in found.review


def test_impossible_date_is_no_date() -> None:
    found = Draft(date_line="Vân Giang, ngày 31 tháng 02 năm 2026").read()
    assert found.text("issued_date") == ""
    assert "issued_date" in found.review


def test_date_that_contradicts_the_year_in_the_code_is_flagged() -> None:
    found = Draft(number_line="Số: 28/2021/NĐ-CP", heading="NGHỊ ĐỊNH").read()
    assert found.text("issued_date") == "2026-01-05"
    assert "issued_date" in found.review


def test_date_in_the_body_is_not_the_date_of_issue() -> None:
    found = Draft(date_line="", body=("Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",)).read()
    assert found.text("issued_date") == ""
    assert "issued_date" in found.review


def test_header_read_as_one_line_is_parted_at_the_gutter() -> None:
    draft = Draft(agencies=("HỘI ĐỒNG NHÂN DÂN", "TỈNH VÂN GIANG"), number_line="Số: 33/NQ-HĐND", heading="NGHỊ QUYẾT")
    sheet = draft.sheet()
    y = draft.head(sheet)
    draft.tail(sheet, y + 40)
    first_row = [line for line in sheet.lines if line.box.top == 60.0]
    merged = Line(tuple(word for line in sorted(first_row, key=lambda line: line.box.left) for word in line.words))
    rest = tuple(line for line in sheet.lines if line not in first_row)
    found = read(Page(1, WIDTH, HEIGHT, TextSource.TEXT_LAYER, (merged, *rest)))
    assert found.text("organ_name") == "HỘI ĐỒNG NHÂN DÂN TỈNH VÂN GIANG"
    assert found.text("parent_organ_name") == ""


@pytest.mark.parametrize(
    ("agencies", "parent", "organ"),
    [
        (("ỦY BAN NHÂN DÂN", "TỈNH VÂN GIANG"), "", "ỦY BAN NHÂN DÂN TỈNH VÂN GIANG"),
        (("BỘ GIÁO DỤC", "VÀ ĐÀO TẠO"), "", "BỘ GIÁO DỤC VÀ ĐÀO TẠO"),
        (("BỘ TƯ PHÁP", "VĂN PHÒNG"), "BỘ TƯ PHÁP", "VĂN PHÒNG"),
        (("VĂN PHÒNG", "QUỐC HỘI"), "", "VĂN PHÒNG QUỐC HỘI"),
        (
            ("BỘ CÔNG THƯƠNG", "TRƯỜNG ĐẠI HỌC", "CÔNG NGHIỆP VÂN GIANG"),
            "BỘ CÔNG THƯƠNG",
            "TRƯỜNG ĐẠI HỌC CÔNG NGHIỆP VÂN GIANG",
        ),
        (("THỦ TƯỚNG CHÍNH PHỦ",), "", "THỦ TƯỚNG CHÍNH PHỦ"),
    ],
)
def test_lines_of_the_agency_block_become_agency_and_parent(agencies: tuple[str, ...], parent: str, organ: str) -> None:
    found = Draft(agencies=agencies).read()
    assert (found.text("parent_organ_name"), found.text("organ_name")) == (parent, organ)


def test_misread_capitals_of_agencies_are_mended() -> None:
    found = Draft(agencies=("UBND TĨNH QUẢNG NGÃI", "SỞ Y TÉ"), source=TextSource.OCR, confidence=0.95).read()
    assert found.text("parent_organ_name") == "UBND TỈNH QUẢNG NGÃI"
    assert found.text("organ_name") == "SỞ Y TẾ"


def test_blanks_lost_by_the_reader_are_put_back() -> None:
    found = Draft(agencies=("ỦY BANNHÂNDÂN", "TỈNH QUẢNGNGÃI"), source=TextSource.OCR, confidence=0.95).read()
    assert found.text("organ_name") == "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI"


def test_illegible_line_of_the_agency_block_makes_both_agencies_doubtful() -> None:
    found = Draft(agencies=("UBND TỈNH VÂN GIANG", "_SÚYTẺ·0.1"), source=TextSource.OCR, confidence=0.95).read()
    assert {"organ_name", "parent_organ_name"} <= set(found.review)


def test_misread_notation_is_mended_by_heading_and_agency() -> None:
    found = Draft(
        agencies=("ỦY BAN NHÂN DÂN", "TỈNH VÂN GIANG"),
        number_line="Số: 12 /QÐĐ-UBNĐ",
        source=TextSource.OCR,
        confidence=0.9,
    ).read()
    assert found.text("code_notation") == "QĐ-UBND"


def test_short_notation_of_another_agency_is_left_alone() -> None:
    found = Draft(
        agencies=("BỘ CÔNG THƯƠNG", "TRƯỜNG ĐẠI HỌC CÔNG NGHIỆP"), number_line="Số: 963/TB-DCT", heading="THÔNG BÁO"
    ).read()
    assert found.text("code_notation") == "TB-DCT"


def test_heading_with_misread_diacritics_names_the_type() -> None:
    found = Draft(heading="QUYÉT ĐỊNH", source=TextSource.OCR, confidence=0.93).read()
    assert found.text("type_name") == "Quyết định"


def test_heading_that_contradicts_the_notation_is_doubted() -> None:
    found = Draft(heading="THÔNG BÁO").read()
    assert "type_name" in found.review


def test_subject_of_several_lines_ends_before_the_authority() -> None:
    found = Draft(
        subject=("Về việc phê duyệt Kế hoạch ứng phó sự cố tràn dầu", "trên địa bàn tỉnh năm 2026"),
        body=("GIÁM ĐỐC SỞ NỘI VỤ", "Căn cứ Nghị định số 30/2020/NĐ-CP;"),
    ).read()
    assert found.text("subject") == "Về việc phê duyệt Kế hoạch ứng phó sự cố tràn dầu trên địa bàn tỉnh năm 2026"


def test_specks_beside_the_subject_do_not_enter_it() -> None:
    found = Draft(
        subject=("Nc>v·0.1 Về việc công nhận địa bàn trọng điểm", "năm 2026"), source=TextSource.OCR, confidence=0.96
    ).read()
    assert found.text("subject") == "Về việc công nhận địa bàn trọng điểm năm 2026"


def test_ink_between_words_of_the_subject_is_left_out() -> None:
    lines = ("Về việc công nhận địa bàn trọng ñ·0.4 điểm năm 2026",)
    found = Draft(subject=lines, source=TextSource.OCR, confidence=0.95).read()
    assert found.text("subject") == "Về việc công nhận địa bàn trọng điểm năm 2026"


def test_a_stamp_beside_the_heading_hides_no_type() -> None:
    draft = Draft(heading="")
    sheet = draft.sheet()
    draft.head(sheet)
    sheet.centred(WIDTH / 2, 150, "THƯ MỜI").put(85, 149, "HỎA TỐC")
    assert read(sheet.page()).text("type_name") == "Thư mời"


def test_subject_that_breaks_off_is_flagged() -> None:
    found = Draft(subject=("Quy định chức năng, nhiệm vụ, quyền hạn và",)).read()
    assert "subject" in found.review


def test_misread_tone_is_mended_where_the_document_spells_it_right() -> None:
    body = ("Kế hoạch tổ chức hội nghị: tổ chức hội nghị đúng giờ, tổ chức hội nghị trang trọng.",)
    found = Draft(
        subject=("Về việc tô chức hội nghị tổng kết năm 2026",), body=body, source=TextSource.OCR, confidence=0.96
    ).read()
    assert found.text("subject") == "Về việc tổ chức hội nghị tổng kết năm 2026"


def test_badly_read_subject_is_flagged() -> None:
    found = Draft(subject=("Về việc lẫy·0.4 Ỷ·0.3 kiêm·0.5 góp ý",), source=TextSource.OCR, confidence=0.95).read()
    assert "subject" in found.review


def test_place_with_the_letters_of_a_province_stays_where_the_document_insists() -> None:
    body = ("Đảng ủy xã Hạ Nam, Ủy ban nhân dân xã Hạ Nam và nhân dân xã Hạ Nam cùng thực hiện.",)
    line = "Hạ Nam, ngày 05 tháng 01 năm 2026"
    found = Draft(date_line=line, body=body, source=TextSource.OCR, confidence=0.96).read()
    assert found.text("issued_place") == "Hạ Nam"


def test_decomposed_letters_give_the_same_fields() -> None:
    plain = Draft()
    apart = Draft(
        agencies=[unicodedata.normalize("NFD", text) for text in plain.agencies],
        number_line=unicodedata.normalize("NFD", plain.number_line),
        date_line=unicodedata.normalize("NFD", plain.date_line),
        heading=unicodedata.normalize("NFD", plain.heading),
        subject=[unicodedata.normalize("NFD", text) for text in plain.subject],
        name=unicodedata.normalize("NFD", plain.name),
    )
    expected, found = plain.read(), apart.read()
    for name in ("type_name", "code_notation", "issued_date", "organ_name", "subject", "signatory_name"):
        assert found.text(name) == expected.text(name), name
        assert unicodedata.is_normalized("NFC", found.text(name)), name


def test_old_layout_with_plain_number_and_motto_with_dashes_is_read() -> None:
    found = Draft(
        motto=("CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập – Tự do – Hạnh phúc"),
        number_line="Số 193/2001/QĐ-TTg",
        agencies=("THỦ TƯỚNG CHÍNH PHỦ",),
        date_line="Hà Nội, ngày 20 tháng 12 năm 2001",
    ).read()
    assert found.code == "193/QĐ-TTg"
    assert found.text("issued_date") == "2001-12-20"


def _with_signature(draft: Draft, signed_at: str) -> Metadata:
    sheet = draft.sheet()
    draft.tail(sheet, draft.head(sheet) + 40)
    sheet.put(330, 20, f"Thời gian ký: {signed_at} +07:00", height=6)
    return read(sheet.page())


def test_time_of_the_visible_signature_proposes_a_day_written_by_hand() -> None:
    draft = Draft(date_line="Vân Giang, ngày 2Ø·0.3 tháng 01 năm 2026", source=TextSource.OCR, confidence=0.96)
    found = _with_signature(draft, "07/01/2026 10:25:14")
    assert found.text("issued_date") == "2026-01-07"
    assert "issued_date" in found.review
    assert _with_signature(draft, "07/02/2026 10:25:14").text("issued_date") == ""


def test_date_after_the_visible_signature_is_flagged() -> None:
    assert "issued_date" in _with_signature(Draft(), "04.01.2026 08:00:00").review
    assert "issued_date" not in _with_signature(Draft(), "05.01.2026 08:00:00").review


def test_letter_of_an_agency_that_is_called_like_a_type_stays_a_letter() -> None:
    found = Draft(
        agencies=("TỔNG CỤC THUẾ", "CỤC THUẾ TỈNH VÂN GIANG"),
        number_line="Số: 812/CT-TTHT",
        heading="",
        subject=(),
        about=("V/v hóa đơn điện tử",),
    ).read()
    assert found.text("type_name") == "Công văn"
    assert found.text("code_notation") == "CT-TTHT"


def test_incoming_stamp_is_not_the_code() -> None:
    draft = Draft()
    sheet = draft.sheet()
    draft.tail(sheet, draft.head(sheet) + 40)
    sheet.put(60, 130, "ĐẾN Số: 2352 Ngày: 21/3/26", confidence=0.9)
    assert read(sheet.page()).code == "15/QĐ-SNV"


def test_the_rule_under_an_agency_is_no_dash_of_its_name() -> None:
    found = Draft(agencies=("UBND TỈNH VÂN GIANG", "SỞ NỘI VỤ -")).read()
    assert found.text("organ_name") == "SỞ NỘI VỤ"
