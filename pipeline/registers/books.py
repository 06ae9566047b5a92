"""The books as the law draws them: columns, their order, and the rows of one year (Decree 30/2020, Appendix IV)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.database.tables import CounterRow, DocumentRow, EntryRow, StampRow
from pipeline.document import StampKind
from pipeline.errors import UsageError

OFFICE_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CANCELLED = "Số đã hủy"
"""Begins the remark of a cancelled number in Ghi chú: the book is Vietnamese whoever looks at it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a book: our key, the law's heading, its English name."""

    key: str
    vi: str
    en: str


Cell = str | int | date | None


@dataclass(frozen=True, slots=True)
class BookRow:
    """One number of a register with the value of each column by key."""

    register: str
    year: int
    number: int
    document_id: str
    cancelled: bool
    values: Mapping[str, Cell]

    def printed(self, key: str) -> str:
        """A cell as the book shows it: numbers below 10 and dates with leading zeros, nothing for what is not known."""
        value = self.values[key]
        if isinstance(value, date):
            return f"{value:%d/%m}/{value.year}"
        if isinstance(value, int):
            return f"{value:02d}"
        return value or ""


COLUMNS: dict[str, tuple[Column, ...]] = {
    "den": (  # Appendix IV, VI: the least that a register of arriving documents has
        Column("arrival_date", "Ngày đến", "Arrival date"),
        Column("arrival_number", "Số đến", "Arrival number"),
        Column("organ_name", "Tác giả", "Issuing agency"),
        Column("code", "Số, ký hiệu văn bản", "Number and notation"),
        Column("issued_date", "Ngày tháng văn bản", "Date of document"),
        Column("subject", "Tên loại và trích yếu nội dung văn bản", "Type and subject"),
        Column("recipient", "Đơn vị hoặc người nhận", "Recipient"),
        Column("forwarded_date", "Ngày chuyển", "Forwarded"),
        Column("receipt_signature", "Ký nhận", "Signed for"),
        Column("note", "Ghi chú", "Note"),
    ),
    "di": (  # Appendix IV, I
        Column("code", "Số, ký hiệu văn bản", "Number and notation"),
        Column("issued_date", "Ngày tháng văn bản", "Date of document"),
        Column("subject", "Tên loại và trích yếu nội dung văn bản", "Type and subject"),
        Column("signatory_name", "Người ký", "Signatory"),
        Column("recipient", "Nơi nhận văn bản", "Recipients"),
        Column("copy_holder", "Đơn vị, người nhận bản lưu", "Holder of the file copy"),
        Column("issued_amount", "Số lượng bản", "Copies"),
        Column("forwarded_date", "Ngày chuyển", "Sent"),
        Column("receipt_signature", "Ký nhận", "Signed for"),
        Column("note", "Ghi chú", "Note"),
    ),
    "sao": (  # no form in Appendix IV; what Appendix I, Part II and Article 27 make worth knowing of a copy
        Column("code", "Số, ký hiệu bản sao", "Number and notation"),
        Column("copied_date", "Ngày tháng bản sao", "Date of copy"),
        Column("form", "Hình thức sao", "Form of copy"),
        Column("subject", "Văn bản được sao", "Document copied"),
        Column("organ_name", "Tác giả văn bản", "Issuing agency"),
        Column("approved_by", "Người cho phép sao", "Copying approved by"),
        Column("recipient", "Nơi nhận bản sao", "Recipients"),
        Column("forwarded_date", "Ngày chuyển", "Sent"),
        Column("receipt_signature", "Ký nhận", "Signed for"),
        Column("note", "Ghi chú", "Note"),
    ),
}
FORMS = {StampKind.TRUE_COPY: "Sao y", StampKind.COPY_OF_COPY: "Sao lục", StampKind.EXTRACT: "Trích sao"}


def book(session: Session, register: str, year: int, *, zone: ZoneInfo = OFFICE_ZONE) -> list[BookRow]:
    """Every number of a register and year in order, cancelled ones too; `values` has each key of COLUMNS[register].

    Of a secret document nothing but its number, day and note is shown. Raises UsageError for an unknown register.
    """
    if register not in COLUMNS:
        raise UsageError("register-unknown", register=register, known=", ".join(COLUMNS))
    rows = session.execute(
        select(EntryRow, DocumentRow, StampRow)
        .outerjoin(StampRow, StampRow.row_name == EntryRow.document_id)
        .outerjoin(DocumentRow, DocumentRow.id == func.coalesce(StampRow.parent_id, EntryRow.document_id))
        .where(EntryRow.register == register, EntryRow.year == year)
        .order_by(EntryRow.number)
    )
    keys = [column.key for column in COLUMNS[register]]
    return [_row(entry, document, stamp, keys, zone) for entry, document, stamp in rows]


def missing_numbers(session: Session, register: str, year: int) -> list[int]:
    """Numbers that were given by the counter and stand nowhere in the book: always empty unless rows were lost."""
    last = session.scalar(select(CounterRow.last).where(CounterRow.register == register, CounterRow.year == year)) or 0
    here = set(session.scalars(select(EntryRow.number).where(EntryRow.register == register, EntryRow.year == year)))
    return [number for number in range(1, max([last, *here]) + 1) if number not in here]


def _row(
    entry: EntryRow, document: DocumentRow | None, stamp: StampRow | None, keys: list[str], zone: ZoneInfo
) -> BookRow:
    values: dict[str, Cell] = {
        "arrival_date": entry.entered_at.astimezone(zone).date(),
        "arrival_number": entry.number,
        "recipient": entry.recipient,
        "forwarded_date": entry.forwarded_date,
        "note": _note(entry),
    }
    if document is not None and document.state != "secret":
        values |= {
            "organ_name": document.organ_name,
            "code": "/".join(part for part in (document.code_number, document.code_notation) if part),
            "issued_date": document.issued_date,
            "subject": " ".join(part for part in (document.type_name, document.subject) if part),
            "signatory_name": document.signatory_name,
        }
    if stamp is not None:
        values |= _of_copy(entry, stamp, values)
    return BookRow(
        entry.register, entry.year, entry.number, entry.document_id, entry.cancelled_at is not None,
        {key: values.get(key) for key in keys},
    )  # fmt: skip


def _of_copy(entry: EntryRow, stamp: StampRow, of: Mapping[str, Cell]) -> dict[str, Cell]:
    """Columns of a copy's row; `of`: those of the document that was copied."""
    kind, issued = StampKind(stamp.kind), of.get("issued_date")
    day = f"ngày {issued:%d/%m}/{issued.year}" if isinstance(issued, date) else ""
    return {
        "code": f"{entry.number:02d}/{kind.notation}-{stamp.detail.get('organ_notation', '')}",
        "copied_date": of["arrival_date"], "form": FORMS.get(kind),
        "subject": " ".join(str(part) for part in (of.get("code"), day, of.get("subject")) if part),
        "approved_by": str(stamp.detail.get("approved_by") or stamp.released_by or ""),
    }  # fmt: skip


def _note(entry: EntryRow) -> str:
    cancelled = f"{CANCELLED}: {entry.cancel_reason}" if entry.cancelled_at is not None else ""
    return "; ".join(part for part in (entry.note, cancelled) if part)
