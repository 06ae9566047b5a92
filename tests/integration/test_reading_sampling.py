"""Text that every test of the text believes, on pages that show something else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from pipeline import settings
from pipeline.document import Kind, Reading, TextSource
from pipeline.reading import Reader
from tests.reading_papers import born_digital, covered, drawn, signed_with_appearance, with_other_digits

pytestmark = pytest.mark.integration

LINES = (
    "Số: 15/KH-UBND",
    "Vân Giang, ngày 27 tháng 3 năm 2024",
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015",
    "Ủy ban nhân dân huyện đề nghị các cơ quan, đơn vị khẩn trương triển khai thực hiện",
)
OTHERS = tuple(f"Danh mục hồ sơ số {number} của văn phòng được bảo quản lâu dài" for number in range(71, 79))


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(settings.Reading(processes=1), settings.Intake()) as made:
        yield made


def sources(reading: Reading) -> set[TextSource]:
    return {page.source for page in reading.pages}


def test_digits_that_a_font_calls_by_other_names_are_read_by_eye_on_every_page(reader: Reader, tmp_path: Path) -> None:
    true = born_digital(tmp_path / "a.pdf", [LINES, LINES[2:]])
    reading = reader.read(with_other_digits(true, tmp_path / "b.pdf"), Kind.PDF)
    assert sources(reading) == {TextSource.OCR}
    assert "15/KH-UBND" in reading.pages[0].text
    assert "26" not in reading.text
    told = [(finding.code, finding.page, finding.detail["reason"]) for finding in reading.findings]
    assert told == [("text-layer-distrusted", page, "differs") for page in (1, 2)]


def test_text_under_the_strips_of_a_scan_is_not_believed(reader: Reader, tmp_path: Path) -> None:
    path = covered(born_digital(tmp_path / "a.pdf", [LINES]), tmp_path / "b.pdf", drawn(OTHERS))
    reading = reader.read(path, Kind.PDF)
    assert sources(reading) == {TextSource.OCR}
    assert "15/KH" not in reading.text


def test_a_number_that_stands_in_an_appearance_only_is_no_difference(reader: Reader, tmp_path: Path) -> None:
    plain = born_digital(tmp_path / "a.pdf", [("Số:        /KH-UBND năm 2024", *LINES[1:])])
    reading = reader.read(signed_with_appearance(plain, tmp_path / "b.pdf", "15", left=95, bottom=755), Kind.PDF)
    assert sources(reading) == {TextSource.TEXT_LAYER}


@pytest.mark.parametrize("turn", [90, 180])
def test_lines_that_do_not_stand_upright_are_not_compared(reader: Reader, tmp_path: Path, turn: int) -> None:
    path = born_digital(tmp_path / "a.pdf", [LINES])
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.pages[0].obj.Rotate = turn
        document.save(path)
    assert sources(reader.read(path, Kind.PDF)) == {TextSource.TEXT_LAYER}
