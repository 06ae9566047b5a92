"""Paper that was scanned, filed without the cost of reading it: what copies are made of."""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path

import pikepdf

from pipeline.archive import load
from pipeline.database.tables import EntryRow, StampRow
from pipeline.document import Metadata
from pipeline.journeys import Office
from pipeline.journeys.copying import Request, ask
from pipeline.journeys.desk import Desk
from pipeline.journeys.judging import new_judge
from pipeline.journeys.stamper import Stamper
from pipeline.reading import Reader
from pipeline.signatures import Workshop
from tests import filings, reading_papers
from tests.sealing import ME

FIELDS = {
    "type_name": "Quyết định", "code_number": "15", "code_notation": "QĐ-UBND", "issued_date": "2026-02-03",
    "organ_name": "UBND TỈNH AN BÌNH", "subject": "về số hóa tài liệu lưu trữ",
}  # fmt: skip


def scan(path: Path, *, dpi: int = 200, mode: str = "RGB", rotate: int = 0) -> Path:
    """One sheet A4 in colour, as the Decree wants it."""
    reading_papers.scan_pdf(path, reading_papers.drawn(dpi=dpi, mode=mode), rotate=rotate)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.save(path, force_version="1.5")
    return path


def filed_scan(
    office: Office, folder: Path, *lines: str, name: str = "quyết định.pdf", fields: Metadata | None = None,
    **how: object,
) -> str:  # fmt: skip
    """A scan in the archive with itself as its reading copy; returns the document's id."""
    paper = scan(folder / "scan.pdf", **how).read_bytes()  # type: ignore[arg-type]
    page = filings.page(1, *(lines or ("QUYẾT ĐỊNH", "Số: 15/QĐ-UBND")))
    return filings.file_and_index(
        office.database, office.settings.workspace, fields or filings.fields(**FIELDS), page, name=name,
        content=paper + f"%{name}".encode(), reading_copy=paper,
    )  # fmt: skip


def asked(office: Office, request: Request) -> StampRow:
    def convert(*_: object) -> None:
        raise AssertionError("no office file here")

    return ask(office, _workshop(), convert, request, ME)


@cache
def _workshop() -> Workshop:
    """One for all tests: its first child takes a while."""
    workshop = Workshop()
    atexit.register(workshop.__exit__)
    return workshop


def brought_forward(office: Office) -> None:
    """What the service does for released copies, without the rest of it."""
    with (
        Reader(office.settings.reading, office.settings.intake) as reader,
        new_judge(office.settings.signatures) as judge,
    ):
        Stamper(Desk(office, reader, lambda _: None, judge)).advance()


def stamp_rows(office: Office) -> list[StampRow]:
    with office.database.read() as session:
        return list(session.query(StampRow).order_by(StampRow.created_at, StampRow.id))


def copy_numbers(office: Office) -> list[int]:
    with office.database.read() as session:
        return [entry.number for entry in session.query(EntryRow).filter_by(register="sao").order_by(EntryRow.number)]


def in_bag(office: Office, document_id: str) -> dict[str, Path]:
    """Row → the signed file that lies in the bag of this document."""
    stored = load(office.archive / document_id.split("-")[1] / document_id)
    return {event["stamp"]["row_name"]: stored.bag / event["file"] for event in stored.stamped}
