"""Small born-digital documents in the Decree's layout, for tests that need some paper and not its looks."""

from __future__ import annotations

from pathlib import Path

from fpdf import FPDF

from samples.fonts import serif

BODY = (
    "Thực hiện chương trình công tác năm 2026, Ban Quản lý Khu kinh tế đề nghị các đơn vị báo cáo tình hình cải cách "
    "hành chính, số hóa hồ sơ lưu trữ và phối hợp giải quyết kiến nghị của doanh nghiệp trước ngày 20 tháng này."
)


def letter(
    path: Path, *, number: int = 15, mark: str = "", subject: str = "báo cáo công tác cải cách hành chính"
) -> Path:
    """A công văn of one page with `number`; `mark` stands alone under the header ("MẬT", "HỎA TỐC")."""
    pdf = FPDF(format="A4")
    for style, file in serif().items():
        pdf.add_font("Serif", style, str(file))
    pdf.add_page()

    def put(x: float, y: float, width: float, text: str, style: str = "", size: float = 13) -> None:
        pdf.set_font("Serif", style, size)
        pdf.set_xy(x, y)
        pdf.multi_cell(width, 6, text, align="C")

    put(20, 20, 70, "UBND TỈNH AN BÌNH")
    put(20, 26, 70, "BAN QUẢN LÝ KHU KINH TẾ", "B")
    put(20, 36, 70, f"Số: {number:02d}/BQL-VP")
    put(20, 43, 70, f"V/v {subject}", size=12)
    put(95, 20, 100, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "B", 12)
    put(95, 26, 100, "Độc lập - Tự do - Hạnh phúc", "B")
    put(95, 36, 100, "An Bình, ngày 05 tháng 02 năm 2026", "I")
    if mark:
        put(30, 62, 40, mark, "B")
    put(30, 75, 150, "Kính gửi: Các phòng, đơn vị trực thuộc")
    pdf.set_font("Serif", "", 13)
    pdf.set_xy(30, 88)
    pdf.multi_cell(160, 7, BODY)
    put(30, 150, 60, "Nơi nhận:\n- Như trên;\n- Lưu: VT, VP.", "I", 11)
    put(110, 150, 80, "KT. TRƯỞNG BAN\nPHÓ TRƯỞNG BAN", "B")
    put(110, 185, 80, "Trần Thị Minh Hạnh", "B")
    pdf.output(str(path))
    return path
