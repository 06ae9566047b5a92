"""A double-sided stack that a scanner took in twice: read, described and shown in order, the original as it was."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from fpdf import FPDF
from PIL import Image
from sqlalchemy import select

from pipeline import archive
from pipeline.database.tables import DocumentRow
from pipeline.files import sha256_of
from pipeline.journeys import inspect, open_office
from pipeline.settings import settings_from
from samples.fonts import serif
from samples.scan import render
from tests.workspaces import make_workspace, run_once

pytestmark = pytest.mark.integration
TEXTS = (
    "Trang đầu nói về việc lập hồ sơ công việc của cơ quan",
    "Trang hai nói về việc nộp lưu tài liệu điện tử hằng năm",
    "Trang ba nói về việc tiêu hủy tài liệu hết giá trị sử dụng",
    "Trang bốn nói về trách nhiệm của người đứng đầu đơn vị",
)
FRONTS_THEN_BACKS = (1, 3, 4, 2)


def report(path: Path, order: tuple[int, ...] = FRONTS_THEN_BACKS) -> Path:
    pdf = FPDF(format="A4")
    pdf.add_font("Serif", "", str(serif()[""]))
    pdf.set_font("Serif", "", 14)
    for number in order:
        pdf.add_page()
        if number > 1:
            pdf.set_xy(0, 10)
            pdf.cell(210, 8, str(number), align="C")
        pdf.set_xy(30, 40)
        begins, ends = ("các đơn vị. ", ".") if number % 2 == 0 else ("", " và của")  # sentences run over to the back
        pdf.multi_cell(150, 8, f"{begins}{TEXTS[number - 1]}{ends}")
    pdf.output(str(path))
    return path


def scanned(path: Path) -> Path:
    """The same as pictures."""
    pdf = FPDF(format="A4")
    pdf.set_auto_page_break(False)
    for pixels in render(report(path.with_suffix(".born.pdf")).read_bytes(), 150):
        pdf.add_page()
        pdf.image(Image.fromarray(pixels), 0, 0, 210, 297)
    pdf.output(str(path))
    return path


def test_scanned_pages_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    [inspection] = inspect([scanned(tmp_path / "scan.pdf")], settings_from({}, tmp_path))
    assert inspection.reading is not None
    assert [page.number for page in inspection.reading.pages] == [1, 4, 2, 3]
    assert [finding.code for finding in inspection.reading.findings] == ["pages-put-in-order"]
    for page, text in zip(inspection.reading.pages, TEXTS, strict=True):
        assert text[:14] in page.text.replace("\n", " ")


def test_bag_and_search_know_the_order_and_the_place_in_the_file(tmp_path: Path, database_url: str) -> None:
    settings = make_workspace(tmp_path / "office", database_url)
    with open_office(settings.workspace) as office:
        digest = sha256_of(report(office.incoming / "a.pdf"))
        run_once(office)
        with office.database.read() as session:
            document = session.scalars(select(DocumentRow.id)).one()
            hits = {text: archive.search(session, f'"{text}"').hits for text in TEXTS}
        assert {text: [hit.page for hit in found] for text, found in hits.items()} == {
            text: [page] for text, page in zip(TEXTS, (1, 4, 2, 3), strict=True)
        }
        stored = archive.load(office.archive / archive.folder_of(document))
        whole = " ".join((stored.bag / "data" / "text.txt").read_text(encoding="utf-8").split())
        assert [whole.index(text) for text in TEXTS] == sorted(whole.index(text) for text in TEXTS)
        assert stored.original is not None
        assert sha256_of(stored.original) == digest
        assert stored.report["reading"]["page_amount"] == 4


def test_the_reading_copy_turns_over_as_one_reads(tmp_path: Path) -> None:
    settings = make_workspace(tmp_path / "office")
    with open_office(settings.workspace) as office:
        scanned(tmp_path / "a.pdf").rename(office.incoming / "a.pdf")
        run_once(office)
        [bag] = archive.bags(office.archive)
        copy = archive.load(bag).reading_copy
    assert copy is not None
    with pypdfium2.PdfDocument(copy) as shown:
        texts = [page.get_textpage().get_text_range() for page in shown]
    assert all(text[:14] in found.replace("\r\n", " ") for text, found in zip(TEXTS, texts, strict=True))
