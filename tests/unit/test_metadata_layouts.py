"""Layouts of many agencies: each value is right, or a person is asked; on born-digital pages it is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest

from pipeline.document import Metadata, TextSource
from pipeline.vietnamese import canonical
from tests.decree_pages import Draft

OCR = TextSource.OCR
Wanted = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True)
class Case:
    name: str
    draft: Draft
    wanted: Wanted
    hard: bool = False  # a gap or a doubt is accepted on born-digital pages too


LETTER = Draft(number_line="Số: 15/SNV-VP", heading="", subject=(), body=("Kính gửi: Sở Tài chính.",))
PARTY = ("ĐẢNG CỘNG SẢN VIỆT NAM",)

CASES = (
    Case(
        "subject of four lines",
        Draft(
            subject=(
                "Về việc ban hành Quy chế phối hợp giữa Sở Nội vụ và Ủy ban",
                "nhân dân các xã, phường trong công tác quản lý cán bộ,",
                "công chức, viên chức và người lao động trên địa bàn",
                "tỉnh Vân Giang giai đoạn 2026 - 2030",
            )
        ),
        {
            "subject": "Về việc ban hành Quy chế phối hợp giữa Sở Nội vụ và Ủy ban nhân dân các xã, phường trong công "
            "tác quản lý cán bộ, công chức, viên chức và người lao động trên địa bàn tỉnh Vân Giang giai đoạn 2026 - "
            "2030"
        },
    ),
    Case(
        "letter with V/v of three lines",
        replace(LETTER, about=("V/v góp ý dự thảo Nghị quyết", "của Hội đồng nhân dân tỉnh", "về chính sách dân số")),
        {"subject": "V/v góp ý dự thảo Nghị quyết của Hội đồng nhân dân tỉnh về chính sách dân số"},
    ),
    Case(
        "letter with v/v small",
        replace(LETTER, about=("v/v triệu tập họp",)),
        {"subject": "v/v triệu tập họp", "type_name": "Công văn"},
    ),
    Case(
        "letter with Về việc under the number",
        replace(LETTER, about=("Về việc báo cáo tháng 5",)),
        {"subject": "Về việc báo cáo tháng 5", "type_name": "Công văn"},
    ),
    Case(
        "decree of the Government",
        Draft(
            agencies=("CHÍNH PHỦ",),
            number_line="Số: 30/2026/NĐ-CP",
            date_line="Hà Nội, ngày 05 tháng 3 năm 2026",
            heading="NGHỊ ĐỊNH",
            subject=("Về công tác văn thư",),
            block=("TM. CHÍNH PHỦ", "THỦ TƯỚNG"),
            recipients=(
                "- Ban Bí thư Trung ương Đảng;",
                "- Thủ tướng, các Phó Thủ tướng Chính phủ;",
                "- Văn phòng Quốc hội;",
                "- Lưu: VT, KSTT (2b).",
            ),
        ),
        {
            "organ_name": "CHÍNH PHỦ",
            "parent_organ_name": "",
            "issued_place": "Hà Nội",
            "subject": "Về công tác văn thư",
            "type_name": "Nghị định",
            "recipients": (
                "Ban Bí thư Trung ương Đảng",
                "Thủ tướng, các Phó Thủ tướng Chính phủ",
                "Văn phòng Quốc hội",
                "Lưu: VT, KSTT (2b)",
            ),
        },
    ),
    Case(
        "circular of a ministry",
        Draft(
            agencies=("BỘ NỘI VỤ",),
            number_line="Số: 01/2026/TT-BNV",
            date_line="Hà Nội, ngày 19 tháng 01 năm 2026",
            heading="THÔNG TƯ",
            subject=("Hướng dẫn thể thức và kỹ thuật trình bày văn bản hành chính",),
        ),
        {
            "organ_name": "BỘ NỘI VỤ",
            "parent_organ_name": "",
            "type_name": "Thông tư",
            "subject": "Hướng dẫn thể thức và kỹ thuật trình bày văn bản hành chính",
        },
    ),
    Case(
        "joint circular of two ministries",
        Draft(
            agencies=("BỘ TÀI CHÍNH - BỘ NỘI VỤ",),
            number_line="Số: 03/2015/TTLT-BTC-BNV",
            date_line="Hà Nội, ngày 19 tháng 01 năm 2015",
            heading="THÔNG TƯ LIÊN TỊCH",
            subject=("Quy định về chế độ tiền lương",),
        ),
        {"organ_name": "BỘ TÀI CHÍNH - BỘ NỘI VỤ", "type_name": "Thông tư liên tịch"},
    ),
    Case(
        "department of a ministry",
        Draft(
            agencies=("BỘ TÀI CHÍNH", "TỔNG CỤC THUẾ"),
            number_line="Số: 115/TCT-CS",
            heading="",
            subject=(),
            date_line="Hà Nội, ngày 09 tháng 01 năm 2026",
            about=("V/v chính sách thuế",),
            body=("Kính gửi: Cục Thuế tỉnh Vân Giang",),
        ),
        {
            "organ_name": "TỔNG CỤC THUẾ",
            "parent_organ_name": "BỘ TÀI CHÍNH",
            "subject": "V/v chính sách thuế",
            "type_name": "Công văn",
        },
    ),
    Case(
        "people's committee of a commune in two rows",
        Draft(
            agencies=("ỦY BAN NHÂN DÂN", "XÃ BẢN HỒ"),
            number_line="Số: 15/QĐ-UBND",
            date_line="Bản Hồ, ngày 05 tháng 01 năm 2026",
        ),
        {"organ_name": "ỦY BAN NHÂN DÂN XÃ BẢN HỒ", "parent_organ_name": "", "issued_place": "Bản Hồ"},
    ),
    Case(
        "agency of three rows under a parent of two",
        Draft(
            agencies=("ỦY BAN NHÂN DÂN", "TỈNH VÂN GIANG", "BAN QUẢN LÝ DỰ ÁN ĐẦU TƯ", "XÂY DỰNG CÔNG TRÌNH"),
            number_line="Số: 15/QĐ-BQLDA",
        ),
        {
            "organ_name": "BAN QUẢN LÝ DỰ ÁN ĐẦU TƯ XÂY DỰNG CÔNG TRÌNH",
            "parent_organ_name": "ỦY BAN NHÂN DÂN TỈNH VÂN GIANG",
        },
    ),
    Case(
        "university under a ministry",
        Draft(
            agencies=("BỘ GIÁO DỤC VÀ ĐÀO TẠO", "TRƯỜNG ĐẠI HỌC KINH TẾ"),
            number_line="Số: 15/QĐ-ĐHKT",
            block=("HIỆU TRƯỞNG",),
            date_line="Đà Nẵng, ngày 05 tháng 01 năm 2026",
        ),
        {
            "organ_name": "TRƯỜNG ĐẠI HỌC KINH TẾ",
            "parent_organ_name": "BỘ GIÁO DỤC VÀ ĐÀO TẠO",
            "issued_place": "Đà Nẵng",
        },
    ),
    Case(
        "school under a district's office",
        Draft(
            agencies=("PHÒNG GIÁO DỤC VÀ ĐÀO TẠO", "TRƯỜNG TIỂU HỌC SỐ 1", "THỊ TRẤN PHỐ MỚI"),
            number_line="Số: 15/KH-THS1",
            heading="KẾ HOẠCH",
            subject=("Tuyển sinh vào lớp 1 năm học 2026 - 2027",),
        ),
        {
            "organ_name": "TRƯỜNG TIỂU HỌC SỐ 1 THỊ TRẤN PHỐ MỚI",
            "parent_organ_name": "PHÒNG GIÁO DỤC VÀ ĐÀO TẠO",
            "subject": "Tuyển sinh vào lớp 1 năm học 2026 - 2027",
        },
    ),
    Case(
        "hospital",
        Draft(
            agencies=("SỞ Y TẾ VÂN GIANG", "BỆNH VIỆN ĐA KHOA TỈNH"),
            number_line="Số: 15/BC-BVĐK",
            heading="BÁO CÁO",
            subject=("Kết quả công tác quý I và phương hướng quý II",),
        ),
        {
            "organ_name": "BỆNH VIỆN ĐA KHOA TỈNH",
            "parent_organ_name": "SỞ Y TẾ VÂN GIANG",
            "subject": "Kết quả công tác quý I và phương hướng quý II",
        },
    ),
    Case(
        "party committee of a province",
        Draft(
            agencies=("TỈNH ỦY VÂN GIANG", "*"),
            motto=PARTY,
            number_line="Số 15-NQ/TU",
            heading="NGHỊ QUYẾT",
            subject=("về phát triển kinh tế biên mậu",),
            block=("T/M BAN THƯỜNG VỤ", "BÍ THƯ"),
            recipients=(
                "Nơi nhận:",
                "- Ban Bí thư (báo cáo),",
                "- Các huyện ủy, thành ủy,",
                "- Lưu Văn phòng Tỉnh ủy.",
            )[1:],
        ),
        {
            "organ_name": "TỈNH ỦY VÂN GIANG",
            "subject": "về phát triển kinh tế biên mậu",
            "recipients": ("Ban Bí thư (báo cáo)", "Các huyện ủy, thành ủy", "Lưu Văn phòng Tỉnh ủy"),
        },
    ),
    Case(
        "party's organisation board",
        Draft(
            agencies=("TỈNH ỦY VÂN GIANG", "BAN TỔ CHỨC", "*"),
            motto=PARTY,
            number_line="Số 15-HD/BTCTU",
            heading="HƯỚNG DẪN",
            subject=("kiểm điểm, xếp loại chất lượng cán bộ",),
        ),
        {"organ_name": "BAN TỔ CHỨC", "parent_organ_name": "TỈNH ỦY VÂN GIANG"},
    ),
    Case(
        "Youth Union",
        Draft(
            agencies=("BCH ĐOÀN TỈNH VÂN GIANG", "***"),
            motto=("ĐOÀN TNCS HỒ CHÍ MINH",),
            number_line="Số: 15 KH/TĐTN",
            heading="KẾ HOẠCH",
            subject=("Tổ chức Tháng Thanh niên năm 2026",),
        ),
        {"organ_name": "BCH ĐOÀN TỈNH VÂN GIANG", "subject": "Tổ chức Tháng Thanh niên năm 2026"},
        hard=True,
    ),
    Case(
        "people's council",
        Draft(
            agencies=("HỘI ĐỒNG NHÂN DÂN", "TỈNH VÂN GIANG"),
            number_line="Số: 15/NQ-HĐND",
            heading="NGHỊ QUYẾT",
            subject=("Về dự toán ngân sách địa phương năm 2026",),
            block=("CHỦ TỊCH",),
        ),
        {
            "organ_name": "HỘI ĐỒNG NHÂN DÂN TỈNH VÂN GIANG",
            "parent_organ_name": "",
            "subject": "Về dự toán ngân sách địa phương năm 2026",
        },
    ),
    Case(
        "delegation of the National Assembly",
        Draft(
            agencies=("QUỐC HỘI", "VĂN PHÒNG QUỐC HỘI"),
            number_line="Số: 15/TB-VPQH",
            heading="THÔNG BÁO",
            subject=("Kết luận phiên họp",),
            date_line="Hà Nội, ngày 05 tháng 01 năm 2026",
        ),
        {"organ_name": "VĂN PHÒNG QUỐC HỘI", "subject": "Kết luận phiên họp"},
    ),
    Case(
        "court",
        Draft(
            agencies=("TÒA ÁN NHÂN DÂN", "TỈNH VÂN GIANG"),
            number_line="Số: 15/QĐ-TA",
        ),
        {"organ_name": "TÒA ÁN NHÂN DÂN TỈNH VÂN GIANG", "parent_organ_name": ""},
    ),
    Case(
        "company under a group",
        Draft(
            agencies=("TẬP ĐOÀN ĐIỆN LỰC VIỆT NAM", "CÔNG TY ĐIỆN LỰC VÂN GIANG"),
            number_line="Số: 15/QĐ-PCVG",
        ),
        {"organ_name": "CÔNG TY ĐIỆN LỰC VÂN GIANG", "parent_organ_name": "TẬP ĐOÀN ĐIỆN LỰC VIỆT NAM"},
    ),
    Case(
        "place with TP.",
        Draft(date_line="TP. Hồ Chí Minh, ngày 05 tháng 01 năm 2026"),
        {"issued_place": "TP. Hồ Chí Minh"},
    ),
    Case(
        "place with Tp and no blank",
        Draft(date_line="Tp.Hồ Chí Minh, ngày 05 tháng 01 năm 2026"),
        {"issued_place": "Tp.Hồ Chí Minh"},
    ),
    Case(
        "place of two words with a dash",
        Draft(date_line="Bà Rịa - Vũng Tàu, ngày 05 tháng 01 năm 2026"),
        {"issued_place": "Bà Rịa - Vũng Tàu"},
    ),
    Case("place that no list has", Draft(date_line="Ia Grai, ngày 05 tháng 01 năm 2026"), {"issued_place": "Ia Grai"}),
    Case(
        "recipients without dashes",
        Draft(recipients=("Như Điều 3;", "UBND tỉnh;", "Các sở, ban, ngành;", "Lưu: VT.")),
        {"recipients": ("Như Điều 3", "UBND tỉnh", "Các sở, ban, ngành", "Lưu: VT")},
    ),
    Case(
        "recipients with plus signs under a head",
        Draft(recipients=("- Như trên;", "- UBND tỉnh (để b/c);", "- Lưu: VT, TCKT, NTThủy (02b).")),
        {"recipients": ("Như trên", "UBND tỉnh (để b/c)", "Lưu: VT, TCKT, NTThủy (02b)")},
    ),
    Case(
        "recipients kept in small letters",
        Draft(recipients=("- Như trên;", "- BGH (để b/c);", "- Các khoa, phòng;", "- Lưu VT, ĐT.")),
        {"recipients": ("Như trên", "BGH (để b/c)", "Các khoa, phòng", "Lưu VT, ĐT")},
    ),
    Case(
        "long recipients over two lines",
        Draft(
            recipients=(
                "- Như Điều 3;",
                "- Thường trực Tỉnh ủy, Thường trực HĐND tỉnh",
                "(để báo cáo);",
                "- Các sở: Nội vụ, Tài chính,",
                "Xây dựng;",
                "- Lưu: VT, NC.",
            )
        ),
        {
            "recipients": (
                "Như Điều 3",
                "Thường trực Tỉnh ủy, Thường trực HĐND tỉnh (để báo cáo)",
                "Các sở: Nội vụ, Tài chính, Xây dựng",
                "Lưu: VT, NC",
            )
        },
    ),
    Case(
        "invitation",
        Draft(
            number_line="Số: 15/GM-SNV",
            heading="GIẤY MỜI",
            subject=("Họp triển khai công tác cải cách hành chính",),
            body=("Kính gửi: Các phòng, đơn vị",),
        ),
        {"type_name": "Giấy mời", "subject": "Họp triển khai công tác cải cách hành chính"},
    ),
    Case(
        "telegram",
        Draft(
            number_line="Số: 15/CĐ-UBND",
            agencies=("ỦY BAN NHÂN DÂN", "TỈNH VÂN GIANG"),
            heading="CÔNG ĐIỆN",
            subject=("Về việc tập trung ứng phó với bão số 5",),
        ),
        {"type_name": "Công điện", "subject": "Về việc tập trung ứng phó với bão số 5"},
    ),
    Case(
        "program in capitals",
        Draft(
            number_line="Số: 15/CTr-SNV",
            heading="CHƯƠNG TRÌNH",
            subject=("CÔNG TÁC NĂM 2026 CỦA SỞ NỘI VỤ",),
        ),
        {"type_name": "Chương trình", "subject": "CÔNG TÁC NĂM 2026 CỦA SỞ NỘI VỤ"},
        hard=True,
    ),
    Case(
        "proposal",
        Draft(number_line="Số: 15/TTr-SNV", heading="TỜ TRÌNH", subject=("Về việc phê duyệt biên chế năm 2026",)),
        {"type_name": "Tờ trình", "subject": "Về việc phê duyệt biên chế năm 2026"},
    ),
    Case(
        "minutes",
        Draft(number_line="Số: 15/BB-SNV", heading="BIÊN BẢN", subject=("Họp xét thi đua, khen thưởng",)),
        {"type_name": "Biên bản", "subject": "Họp xét thi đua, khen thưởng"},
    ),
    Case(
        "urgent mark beside the heading",
        Draft(mark="HỎA TỐC"),
        {"priority": "Hỏa tốc", "type_name": "Quyết định", "subject": "Về việc ban hành Quy chế văn thư"},
    ),
    Case(
        "subject with names and foreign words",
        Draft(
            subject=("Về việc cử ông Lò Văn Pọng và bà Hồ Thị Hường", "tham dự hội thảo ASEAN Smart Cities tại Jakarta")
        ),
        {
            "subject": "Về việc cử ông Lò Văn Pọng và bà Hồ Thị Hường tham dự hội thảo ASEAN Smart Cities tại Jakarta",
        },
    ),
    Case(
        "four kinds of numbers in a school's name",
        Draft(
            agencies=("UBND QUẬN 1", "TRƯỜNG THCS SỐ 12"),
            number_line="Số: 15/TB-THCS12",
            heading="THÔNG BÁO",
            subject=("Kết quả xét tuyển đợt 2",),
        ),
        {
            "organ_name": "TRƯỜNG THCS SỐ 12",
            "parent_organ_name": "UBND QUẬN 1",
            "subject": "Kết quả xét tuyển đợt 2",
        },
    ),
    Case(
        "sub-department under a department",
        Draft(agencies=("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG", "CHI CỤC KIỂM LÂM"), number_line="Số: 15/QĐ-CCKL"),
        {"organ_name": "CHI CỤC KIỂM LÂM", "parent_organ_name": "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG"},
    ),
    Case(
        "faculty of a university",
        Draft(agencies=("TRƯỜNG ĐẠI HỌC VÂN GIANG", "KHOA KINH TẾ"), number_line="Số: 15/TB-KT", heading="THÔNG BÁO"),
        {"organ_name": "KHOA KINH TẾ", "parent_organ_name": "TRƯỜNG ĐẠI HỌC VÂN GIANG"},
    ),
    Case(
        "police of a province",
        Draft(agencies=("BỘ CÔNG AN", "CÔNG AN TỈNH VÂN GIANG"), number_line="Số: 15/QĐ-CAT"),
        {"organ_name": "CÔNG AN TỈNH VÂN GIANG", "parent_organ_name": "BỘ CÔNG AN"},
    ),
    Case(
        "trade union",
        Draft(
            agencies=("LIÊN ĐOÀN LAO ĐỘNG TỈNH", "CÔNG ĐOÀN VIÊN CHỨC TỈNH"),
            number_line="Số: 15/KH-CĐVC",
            heading="KẾ HOẠCH",
        ),
        {"organ_name": "CÔNG ĐOÀN VIÊN CHỨC TỈNH", "parent_organ_name": "LIÊN ĐOÀN LAO ĐỘNG TỈNH"},
    ),
    Case(
        "subject with codes",
        Draft(subject=("Sửa đổi Quyết định số 15/2020/QĐ-UBND ngày 05/3/2020",)),
        {"subject": "Sửa đổi Quyết định số 15/2020/QĐ-UBND ngày 05/3/2020"},
    ),
)


def same(found: object, wanted: str | tuple[str, ...]) -> bool:
    if isinstance(wanted, tuple):
        return isinstance(found, tuple) and [canonical(a) for a in found] == [canonical(b) for b in wanted]
    return canonical(str(found)) == canonical(wanted)


def wrong(found: Metadata, wanted: Wanted, *, asked_is_enough: bool) -> list[str]:
    failing = []
    for name, value in wanted.items():
        field = found.fields.get(name)
        right = same(field.value, value) if field else value == ""
        if not right and not (asked_is_enough and name in found.review):
            failing.append(f"{name}: {field.value if field else None!r}")
    return failing


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_born_digital_layouts_are_read_right(case: Case) -> None:
    assert wrong(case.draft.read(), case.wanted, asked_is_enough=case.hard) == []


@pytest.mark.parametrize("confidence", [0.97, 0.92, 0.75])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_scanned_layouts_are_read_right_or_asked_for(case: Case, confidence: float) -> None:
    found = replace(case.draft, source=OCR, confidence=confidence).read()
    assert wrong(found, case.wanted, asked_is_enough=True) == []


def test_the_reader_s_slip_in_an_agency_s_name_is_asked_for() -> None:
    agencies = ("ỦY BAN NHÂN DÂN", "TỈNH VÂN GIANG", "BAN QUẢN LÝ DỰ ÁN ĐẦU TƯ", "XÂY DƯNG·0.96 CÔNG TRÌNH")
    found = Draft(agencies=agencies, source=OCR, confidence=0.96).read()
    assert "organ_name" in found.review


def test_a_name_that_no_law_mentions_stays_as_printed() -> None:
    found = Draft(agencies=("BỘ CÔNG AN", "CÔNG AN TỈNH VÂN GIANG"), source=OCR, confidence=0.96).read()
    assert found.text("organ_name") == "CÔNG AN TỈNH VÂN GIANG"
