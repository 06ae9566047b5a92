"""The good documents: invented agencies of an invented province, one entry a document, each with a reason to exist."""

from __future__ import annotations

import random
from datetime import date

from samples import prose
from samples.draft import Draft, Mark, Scan, Signing

BOARD = ("BAN QUẢN LÝ", "KHU KINH TẾ")
NO_MARKS: frozenset[Mark] = frozenset()
SIGNED = frozenset({Mark.SEAL, Mark.SIGNATURE})


def drafts(seed: int) -> tuple[Draft, ...]:
    """All good documents; the seed chooses the filling sentences, never the metadata."""
    return (*_born_digital(seed), *_scans(seed), *_hard_scans(seed), *_letters(seed))


def _filling(seed: int, name: str, theme: str, amount: int) -> tuple[str, ...]:
    return prose.sentences(random.Random(f"{seed}/{name}"), theme, amount)


def _closing(seed: int, name: str) -> str:
    return random.Random(f"{seed}/{name}/closing").choice(prose.CLOSINGS)


def _born_digital(seed: int) -> tuple[Draft, ...]:
    return (
        Draft(
            "01-quyet-dinh.pdf", "Quyết định", "142", "QĐ-BQL", BOARD,
            Signing("PHÓ TRƯỞNG BAN", "Trần Quốc Vĩnh", (("KT.", "TRƯỞNG BAN"),)),
            "Về việc ban hành Danh mục hồ sơ cơ quan năm 2026",
            prose.articles((
                "Ban hành kèm theo Quyết định này Danh mục hồ sơ cơ quan năm 2026 của Ban Quản lý Khu kinh tế, gồm 14 "
                "nhóm và 326 hồ sơ, làm căn cứ để công chức, viên chức lập hồ sơ và nộp lưu vào Lưu trữ cơ quan.",
                "Quyết định này có hiệu lực kể từ ngày ký.",
                "Chánh Văn phòng, Trưởng các phòng và công chức, viên chức có liên quan chịu trách nhiệm thi hành Quyết "
                "định này./.",
            )),
            ("Như Điều 3", "Sở Nội vụ (để b/c)", "Lãnh đạo Ban", "Lưu: VT, VP"),
            issued=date(2026, 1, 12), enacting="TRƯỞNG BAN QUẢN LÝ KHU KINH TẾ",
            grounds=(*prose.GROUNDS_OF_BOARD, "Theo đề nghị của Chánh Văn phòng."), committed=True,
            tags=("born-digital",),
        ),
        Draft(
            "02-ke-hoach.pdf", "Kế hoạch", "15", "KH-BQL", BOARD, Signing("TRƯỞNG BAN", "Đặng Khánh Lam"),
            "Số hóa tài liệu lưu trữ giai đoạn 2026 - 2028",
            (
                "Thực hiện chương trình chuyển đổi số của tỉnh, Ban Quản lý Khu kinh tế xây dựng kế hoạch số hóa tài "
                "liệu lưu trữ giai đoạn 2026 - 2028 với những nội dung sau:",
                *prose.numbered(_filling(seed, "02", "số hóa", 9)), _closing(seed, "02"),
            ),
            ("UBND tỉnh (để b/c)", "Sở Nội vụ", "Các phòng, đơn vị thuộc Ban", "Lưu: VT, VP"),
            issued=date(2026, 2, 3),
            appendix=(
                "DANH MỤC PHÔNG LƯU TRỮ ƯU TIÊN SỐ HÓA",
                "1. Phông Ban Quản lý Khu công nghiệp Mỹ Phú, từ năm 1998 đến năm 2008: 62 mét giá.",
                "2. Phông Trung tâm Dịch vụ công ích Khu kinh tế, từ năm 2005 đến năm 2019: 38 mét giá.",
                "3. Phông Ban Quản lý dự án cảng Tân Lộc, từ năm 2009 đến năm 2015: 21 mét giá.",
            ),
            committed=True, tags=("born-digital", "several-pages", "appendix-after-signature"),
        ),
        Draft(
            "03-to-trinh-cho-ky.pdf", "Tờ trình", "09", "TTr-BQL", BOARD, Signing("TRƯỞNG BAN", "Đặng Khánh Lam"),
            "Về việc điều chỉnh thời gian thực hiện dự án đường gom phía đông Khu công nghiệp Mỹ Phú",
            (*_filling(seed, "03", "hạ tầng", 4),
             "Ban Quản lý Khu kinh tế kính trình Ủy ban nhân dân tỉnh xem xét, quyết định./."),
            ("Như trên", "Sở Xây dựng", "Lưu: VT, QHXD"),
            issued=date(2026, 3, 5), addressees=("Ủy ban nhân dân tỉnh Vân Giang",),
            marks=frozenset({Mark.ANCHOR}), committed=True, tags=("born-digital", "anchor"),
        ),
        Draft(
            "04-quyet-dinh-quy-pham.pdf", "Quyết định", "28", "QĐ-UBND", ("ỦY BAN NHÂN DÂN", "TỈNH VÂN GIANG"),
            Signing("CHỦ TỊCH", "Hoàng Lộc An", (("TM.", "ỦY BAN NHÂN DÂN"),)),
            "Ban hành Quy định về quản lý, vận hành công trình hạ tầng dùng chung trong khu kinh tế",
            prose.articles((
                "Quy định này áp dụng đối với cơ quan quản lý, chủ đầu tư hạ tầng và doanh nghiệp hoạt động trong khu "
                "kinh tế trên địa bàn tỉnh.",
                *_filling(seed, "04", "hạ tầng", 9),
                "Quyết định này có hiệu lực thi hành kể từ ngày 01 tháng 12 năm 2021./.",
            )),
            ("Như Điều 11", "Thường trực HĐND tỉnh", "Chủ tịch, các PCT UBND tỉnh", "Lưu: VT, KTN"),
            issued=date(2021, 11, 16), parent=None, year_in_code=True, enacting="ỦY BAN NHÂN DÂN TỈNH VÂN GIANG",
            grounds=("Căn cứ Luật Tổ chức chính quyền địa phương;",
                     "Theo đề nghị của Trưởng ban Ban Quản lý Khu kinh tế tỉnh."),
            tags=("born-digital", "year-in-code"),
        ),
    )  # fmt: skip


def _scans(seed: int) -> tuple[Draft, ...]:
    return (
        Draft(
            "05-thong-bao.pdf", "Thông báo", "37", "TB-BQL", BOARD,
            Signing("CHÁNH VĂN PHÒNG", "Võ Mai Hân", (("TL.", "TRƯỞNG BAN"),)),
            "Lịch trực và tiếp nhận văn bản trong dịp nghỉ lễ",
            (
                "Văn phòng Ban Quản lý Khu kinh tế thông báo lịch trực và việc tiếp nhận văn bản trong dịp nghỉ lễ như "
                "sau: văn thư trực tiếp nhận văn bản khẩn từ 7 giờ 30 phút đến 17 giờ 00 phút các ngày trong kỳ nghỉ.",
                *_filling(seed, "05", "an toàn", 3), _closing(seed, "05"),
            ),
            ("Lãnh đạo Ban", "Các phòng, đơn vị", "Lưu: VT"),
            issued=date(2025, 4, 22), scan=Scan(200, "rgb", "mild"), tags=("scanned", "colour"),
        ),
        Draft(
            "06-bao-cao.tif", "Báo cáo", "118", "BC-SCT", ("SỞ CÔNG THƯƠNG",),
            Signing("PHÓ GIÁM ĐỐC", "Bùi Thạnh Nguyên", (("KT.", "GIÁM ĐỐC"),)),
            "Kết quả công tác cải cách hành chính 6 tháng đầu năm 2025",
            (*prose.numbered(_filling(seed, "06", "cải cách", 15)),
             "Trên đây là báo cáo kết quả công tác cải cách hành chính 6 tháng đầu năm 2025 của Sở Công Thương./."),
            ("UBND tỉnh", "Sở Nội vụ", "Giám đốc, các PGĐ Sở", "Lưu: VT, VP"),
            issued=date(2025, 6, 16), addressees=("Ủy ban nhân dân tỉnh",),
            scan=Scan(200, "bilevel", "clean", "tiff"), committed=True, tags=("scanned", "bilevel", "several-pages"),
        ),
        Draft(
            "07-giay-moi.jpg", "Giấy mời", "21", "GM-UBND", ("ỦY BAN NHÂN DÂN", "HUYỆN ĐÔNG HẠ"),
            Signing("PHÓ CHỦ TỊCH", "Đinh Phúc Duy", (("TM.", "ỦY BAN NHÂN DÂN"), ("KT.", "CHỦ TỊCH"))),
            "Dự hội nghị đối thoại với doanh nghiệp năm 2025",
            (
                "Ủy ban nhân dân huyện Đông Hạ trân trọng kính mời: Đại diện lãnh đạo Ban Quản lý Khu kinh tế tỉnh.",
                "Tới dự: Hội nghị đối thoại với doanh nghiệp hoạt động trong khu công nghiệp Mỹ Phú, lắng nghe kiến nghị "
                "về đất đai, giao thông, điện, nước và giải đáp trực tiếp tại hội nghị.",
                "Thời gian: 08 giờ 00 phút, ngày 15 tháng 8 năm 2025 (thứ Sáu).",
                "Địa điểm: Hội trường lớn, trụ sở Ủy ban nhân dân huyện Đông Hạ, số 01 đường Bến Cũ.",
                "Rất mong quý đại biểu đến dự đầy đủ và đúng giờ./.",
            ),
            ("Như thành phần mời", "Chủ tịch, các PCT UBND huyện", "Lưu: VT"),
            issued=date(2025, 8, 6), place="Đông Hạ", parent=None, scan=Scan(150, "rgb", "mild", "jpeg"),
            committed=True, tags=("scanned", "colour", "150-dpi"),
        ),
        Draft(
            "08-chi-thi.png", "Chỉ thị", "04", "CT-UBND", ("ỦY BAN NHÂN DÂN", "TỈNH VÂN GIANG"),
            Signing("CHỦ TỊCH", "Hoàng Lộc An"),
            "Về việc tăng cường phòng cháy, chữa cháy trong các khu công nghiệp",
            (*prose.numbered(_filling(seed, "08", "an toàn", 4)), _closing(seed, "08")),
            ("Các sở, ban, ngành", "UBND các huyện, thành phố", "Lưu: VT, NC"),
            issued=date(2024, 2, 19), parent=None, scan=Scan(150, "gray", "clean", "png"),
            tags=("scanned", "gray", "150-dpi"),
        ),
        Draft(
            "09-nghi-quyet.pdf", "Nghị quyết", "33", "NQ-HĐND", ("HỘI ĐỒNG NHÂN DÂN", "TỈNH VÂN GIANG"),
            Signing("CHỦ TỊCH", "Ngô Bảo Sơn"),
            "Về chủ trương đầu tư dự án nạo vét luồng cảng Tân Lộc",
            prose.articles((
                "Thông qua chủ trương đầu tư dự án nạo vét luồng cảng Tân Lộc với chiều dài 6,8 km, độ sâu thiết kế "
                "âm 9,5 m, thực hiện từ năm 2024 đến năm 2026.",
                *_filling(seed, "09", "tài chính", 2),
                "Nghị quyết này đã được Hội đồng nhân dân tỉnh thông qua tại kỳ họp thứ 12./.",
            )),
            ("Thường trực HĐND tỉnh", "UBND tỉnh", "Lưu: VT"),
            issued=date(2024, 7, 10), parent=None, scan=Scan(150, "gray", "clean", "png"),
            tags=("scanned", "png-called-pdf"),
        ),
        Draft(
            "10-bien-ban.pdf", "Biên bản", "06", "BB-TTDV", ("TRUNG TÂM DỊCH VỤ", "CÔNG ÍCH"),
            Signing("CHỦ TỌA", "Phan Yên Nhi"), "Họp đánh giá công tác văn thư, lưu trữ quý III năm 2025",
            (
                "Thời gian bắt đầu: 14 giờ 00 phút, ngày 03 tháng 10 năm 2025.",
                "Địa điểm: Phòng họp số 2, Trung tâm Dịch vụ công ích.",
                *_filling(seed, "10", "số hóa", 3),
                "Cuộc họp kết thúc vào 16 giờ 30 phút, ngày 03 tháng 10 năm 2025, nội dung cuộc họp đã được các thành "
                "viên dự họp thông qua và cùng ký vào biên bản./.",
            ),
            ("Ban Giám đốc", "Lưu: VT, HS"), parent="BAN QUẢN LÝ KHU KINH TẾ",
            secretary="Dương Thế Quỳnh", scan=Scan(200, "gray", "mild"), tags=("scanned", "gray", "minutes"),
        ),
        Draft(
            "11-cong-dien.pdf", "Công điện", "02", "CĐ-UBND", ("ỦY BAN NHÂN DÂN", "TỈNH VÂN GIANG"),
            Signing("PHÓ CHỦ TỊCH", "Lê Hồng Thơ", (("KT.", "CHỦ TỊCH"),)),
            "Về việc chủ động ứng phó với bão số 5 trên khu vực cảng Tân Lộc",
            (*_filling(seed, "11", "an toàn", 4), _closing(seed, "11")),
            ("Như trên", "Đài Khí tượng thủy văn", "Lưu: VT, KTN"),
            issued=date(2025, 9, 28), parent=None, urgency="HỎA TỐC",
            addressees=("Ban Quản lý Khu kinh tế tỉnh", "Ủy ban nhân dân các huyện ven biển"),
            scan=Scan(200, "rgb", "mild"), tags=("scanned", "colour", "urgent"),
        ),
    )  # fmt: skip


def _hard_scans(seed: int) -> tuple[Draft, ...]:
    return (
        Draft(
            "12-so-viet-tay.pdf", "Quyết định", "57", "QĐ-SXD", ("SỞ XÂY DỰNG",),
            Signing("GIÁM ĐỐC", "Huỳnh Ngọc Trà"),
            "Về việc phê duyệt dự toán sửa chữa hệ thống thoát nước lô B3",
            prose.articles((*_filling(seed, "12", "tài chính", 2),
                            "Chánh Văn phòng Sở và các đơn vị có liên quan chịu trách nhiệm thi hành./.")),
            ("Như Điều 3", "Ban Quản lý Khu kinh tế", "Lưu: VT, QLXD"),
            issued=date(2023, 5, 26), enacting="GIÁM ĐỐC SỞ XÂY DỰNG", marks=SIGNED | {Mark.HANDWRITTEN_NUMBER, Mark.HANDWRITTEN_DAY},
            grounds=("Căn cứ Quy chế làm việc của Sở Xây dựng;", "Theo đề nghị của Trưởng phòng Quản lý xây dựng."),
            scan=Scan(200, "gray", "mild"), committed=True, tags=("scanned", "gray", "handwritten"),
        ),
        Draft(
            "13-mat.pdf", "Báo cáo", "03", "BC-BCH", ("BAN CHỈ HUY", "CẢNG TÂN LỘC"),
            Signing("TRƯỞNG BAN", "Phạm Gia Khiêm"), "Về phương án bảo vệ mục tiêu trọng yếu",
            (*_filling(seed, "13", "an toàn", 3), "Trên đây là báo cáo của Ban Chỉ huy cảng Tân Lộc./."),
            ("UBND tỉnh", "Lưu: VT"), issued=date(2025, 3, 18), place="Tân Lộc", secrecy="MẬT",
            scan=Scan(200, "rgb", "clean"), tags=("scanned", "colour", "secret"),
        ),
        Draft(
            "14-huong-dan-co-phu-luc.pdf", "Hướng dẫn", "12", "HD-SNV", ("SỞ NỘI VỤ",),
            Signing("PHÓ GIÁM ĐỐC", "Nguyễn Thanh Trầm", (("KT.", "GIÁM ĐỐC"),)),
            "Lập hồ sơ điện tử và nộp lưu hồ sơ vào Lưu trữ cơ quan",
            (*prose.numbered(_filling(seed, "14", "số hóa", 9)), _closing(seed, "14")),
            ("Các sở, ban, ngành", "UBND các huyện, thành phố", "Lưu: VT, CCHC"),
            issued=date(2024, 10, 21),
            appendix=(
                "MẪU MỤC LỤC HỒ SƠ NỘP LƯU",
                "Cột 1: số thứ tự của hồ sơ. Cột 2: số và ký hiệu hồ sơ. Cột 3: tiêu đề hồ sơ. Cột 4: thời gian tài liệu.",
                "Cột 5: thời hạn bảo quản. Cột 6: số tờ hoặc số trang. Cột 7: ghi chú về tình trạng vật lý của tài liệu.",
            ),
            scan=Scan(200, "bilevel", "mild", blank_after=2), committed=True,
            tags=("scanned", "bilevel", "appendix-after-signature", "blank-back-side"),
        ),
        Draft(
            "15-nam-2016.pdf", "Thông báo", "204", "TB-BQL", BOARD,
            Signing("PHÓ TRƯỞNG BAN", "Trần Quốc Vĩnh", (("KT.", "TRƯỞNG BAN"),)),
            "Kết luận cuộc họp giao ban tháng 9 năm 2016",
            (*prose.numbered(_filling(seed, "15", "môi trường", 4)), _closing(seed, "15")),
            ("Lãnh đạo Ban", "Các phòng", "Lưu: VT, VP"), issued=date(2016, 9, 6), before_2020=True,
            scan=Scan(200, "gray", "hard"), tags=("scanned", "gray", "hard", "before-2020"),
        ),
        Draft(
            "16-thong-bao-nam-ngang.pdf", "Thông báo", "88", "TB-SXD", ("SỞ XÂY DỰNG",),
            Signing("CHÁNH VĂN PHÒNG", "Lý Thu Miên", (("TL.", "GIÁM ĐỐC"),)),
            "Tuyển chọn đơn vị tư vấn giám sát hạ tầng khu công nghiệp",
            (*_filling(seed, "16", "hạ tầng", 4), _closing(seed, "16")),
            ("Các đơn vị tư vấn", "Lưu: VT, KT"), issued=date(2024, 11, 12),
            scan=Scan(200, "gray", "clean", sideways=True), tags=("scanned", "gray", "sideways"),
        ),
    )  # fmt: skip


def _letters(seed: int) -> tuple[Draft, ...]:
    return (
        Draft(
            "17-cong-van.pdf", "Công văn", "231", "BQL-QLĐT", BOARD,
            Signing("TRƯỞNG PHÒNG QUẢN LÝ ĐẦU TƯ", "Tạ Minh Ngân", (("TL.", "TRƯỞNG BAN"),)),
            "V/v đôn đốc báo cáo giám sát đầu tư quý I năm 2026",
            (
                "Theo quy định về chế độ báo cáo, đến nay Ban Quản lý Khu kinh tế chưa nhận được báo cáo giám sát đầu tư "
                "quý I năm 2026 của 07 doanh nghiệp trong khu công nghiệp Mỹ Phú.",
                *_filling(seed, "17", "cải cách", 2), _closing(seed, "17"),
            ),
            ("Như trên", "Lãnh đạo Ban", "Lưu: VT, QLĐT"), issued=date(2026, 4, 14),
            addressees=("Các doanh nghiệp trong Khu công nghiệp Mỹ Phú",), committed=True, tags=("born-digital", "letter"),
        ),
        Draft(
            "18-cong-van-mo.pdf", "Công văn", "1406", "SCT-QLNL", ("SỞ CÔNG THƯƠNG",),
            Signing("PHÓ GIÁM ĐỐC", "Bùi Thạnh Nguyên", (("KT.", "GIÁM ĐỐC"),)),
            "V/v phối hợp cung cấp số liệu tiêu thụ điện của doanh nghiệp",
            (*_filling(seed, "18", "môi trường", 3), _closing(seed, "18")),
            ("Như trên", "Giám đốc Sở (để b/c)", "Lưu: VT, QLNL"), issued=date(2025, 7, 24),
            addressees=("Ban Quản lý Khu kinh tế tỉnh", "Công ty Điện lực Vân Giang"),
            marks=SIGNED | {Mark.ARRIVAL_STAMP}, scan=Scan(300, "rgb", "hard"),
            tags=("scanned", "colour", "hard", "300-dpi", "letter"),
        ),
        Draft(
            "19-cong-van-doanh-nghiep.pdf", "Công văn", "45", "CNS-HC", ("CÔNG TY CỔ PHẦN", "CẢNG NƯỚC SÂU TÂN LỘC"),
            Signing("TỔNG GIÁM ĐỐC", "Cao Vũ Thiên"),
            "V/v xin gia hạn thời gian đấu nối nước thải",
            (*_filling(seed, "19", "môi trường", 2),
             "Công ty kính đề nghị Ban Quản lý Khu kinh tế xem xét, chấp thuận gia hạn đến hết ngày 31 tháng 12 năm "
             "2025. Công ty cam kết thực hiện đúng tiến độ và chịu trách nhiệm trước pháp luật./."),
            ("Như trên", "Lưu: HC"), issued=date(2025, 10, 9), place="Tân Lộc", parent=None,
            addressees=("Ban Quản lý Khu kinh tế tỉnh Vân Giang",), marks=SIGNED | {Mark.ARRIVAL_STAMP},
            scan=Scan(200, "rgb", "mild"), tags=("scanned", "colour", "letter", "arrival-stamp"),
        ),
        Draft(
            "20-giay-uy-quyen.pdf", "Giấy ủy quyền", "01", "GUQ-BQL", BOARD, Signing("TRƯỞNG BAN", "Đặng Khánh Lam"),
            "Về việc ký hợp đồng bảo trì hệ thống chiếu sáng",
            ("Trưởng ban Ban Quản lý Khu kinh tế ủy quyền cho ông Trần Quốc Vĩnh, Phó Trưởng ban, ký hợp đồng bảo trì hệ "
             "thống chiếu sáng công cộng năm 2026.",
             *_filling(seed, "20", "tài chính", 2),
             "Giấy ủy quyền này có hiệu lực từ ngày ký đến hết ngày 30 tháng 6 năm 2026./."),
            ("Ông Trần Quốc Vĩnh", "Phòng Tài chính", "Lưu: VT"), issued=date(2026, 1, 5),
            scan=Scan(300, "bilevel", "mild"), committed=True, tags=("scanned", "bilevel", "300-dpi"),
        ),
        Draft(
            "21-phuong-an.docx", "Phương án", "07", "PA-BQL", BOARD,
            Signing("TRƯỞNG BAN", "Đặng Khánh Lam"), "Bảo đảm an toàn trong mùa mưa bão năm 2026",
            (*prose.numbered(_filling(seed, "21", "an toàn", 4)), _closing(seed, "21")),
            ("Các phòng, đơn vị", "Lưu: VT, VP"), issued=date(2026, 5, 20), marks=NO_MARKS, committed=True,
            tags=("office",),
        ),
        Draft(
            "22-Công văn số 99 (bản chính thức).pdf", "Công văn", "99", "VP-TH", ("VĂN PHÒNG",),
            Signing("PHÓ CHÁNH VĂN PHÒNG", "Mạc Tường Vi", (("TUQ.", "CHÁNH VĂN PHÒNG"),)),
            "V/v đăng ký lịch làm việc của Chủ tịch Ủy ban nhân dân tỉnh",
            (*_filling(seed, "22", "cải cách", 3), _closing(seed, "22")),
            ("Như trên", "Lưu: VT, TH"), issued=date(2026, 6, 2), addressees=("Các sở, ban, ngành cấp tỉnh",),
            tags=("born-digital", "letter", "vietnamese-file-name"),
        ),
    )  # fmt: skip
