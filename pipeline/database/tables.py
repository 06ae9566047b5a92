"""The tables. Files come first, rows after: every row points to bytes that are already safe."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)  # fmt: skip
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Instant(TypeDecorator[datetime]):
    """An aware time, kept in UTC on both databases; a naive one is an error of ours."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Instant, dict[str, Any]: JSON, list[str]: JSON}  # noqa: RUF012 - SQLAlchemy's own way


class ReceiptRow(Base):
    """One file that arrived, whatever became of it. The id is the claim's."""

    __tablename__ = "receipts"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    received_at: Mapped[datetime]
    name: Mapped[str] = mapped_column(Text)  # NFC, for people
    raw_name: Mapped[bytes] = mapped_column(LargeBinary)  # as it was, byte for byte
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(16))  # accepted | repeated | refused
    reason: Mapped[str | None] = mapped_column(String(64))  # the message code of a refusal
    document_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id"), index=True)


class DocumentRow(Base):
    """One document: what is known of it now. `proposal` is the machine's and is never overwritten."""

    __tablename__ = "documents"
    __table_args__ = (
        Index(None, "code_folded"),
        Index(None, "issued_year", "type_folded", "code_number"),
        Index(None, "organ_folded", "issued_date"),
        Index(None, "signatory_folded", "issued_date"),
        Index(None, "issued_date"),
        Index(None, "sort_key"),
        Index(None, "state"),
        Index(None, "signature"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # den-2026-00015
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(16))  # received | filed | quarantined | secret
    reason: Mapped[str | None] = mapped_column(String(64))  # the message code of a quarantine
    received_at: Mapped[datetime]
    name: Mapped[str] = mapped_column(Text)
    raw_name: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    urgency: Mapped[int] = mapped_column(Integer, default=0)  # 0 ordinary … 3 hỏa tốc (Priority, QCVN 102)
    staged: Mapped[str | None] = mapped_column(Text)  # the safe copy before filing, relative to the private folder
    folder: Mapped[str | None] = mapped_column(Text)  # the bag, relative to the archive
    filed_at: Mapped[datetime | None]
    page_amount: Mapped[int | None]
    signed: Mapped[bool] = mapped_column(default=False)
    signature: Mapped[str] = mapped_column(String(16), default="", server_default="")
    """valid | invalid | indeterminate | unsigned; empty: it was filed before signatures were judged."""
    signature_accepted: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A person took it in although its signature is not valid."""

    proposal: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # Metadata.to_json() as read
    corrections: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # name → value, a person's
    review: Mapped[list[str]] = mapped_column(JSON, default=list)  # fields still doubtful

    # One file may hold several documents: see `journeys/splitting.py`.
    batch: Mapped[str] = mapped_column(String(16), default="", server_default="")  # "" | proposed | kept | split
    pages: Mapped[str | None] = mapped_column(String(40))  # "1-3": of the whole file, where a split left these
    part_of: Mapped[str | None] = mapped_column(String(32), index=True)  # the document whose file it was cut from

    # What is searched by field: the proposal with its corrections.
    type_name: Mapped[str] = mapped_column(String(100), default="")
    type_folded: Mapped[str] = mapped_column(String(100), default="")
    code_number: Mapped[str] = mapped_column(String(30), default="")
    code_notation: Mapped[str] = mapped_column(String(60), default="")
    code_folded: Mapped[str] = mapped_column(String(100), default="")  # "15 kh bql"
    issued_date: Mapped[date | None] = mapped_column(Date)
    issued_year: Mapped[int | None]
    organ_name: Mapped[str] = mapped_column(Text, default="")
    organ_folded: Mapped[str] = mapped_column(Text, default="")
    subject: Mapped[str] = mapped_column(Text, default="")
    signatory_name: Mapped[str] = mapped_column(Text, default="")
    signatory_folded: Mapped[str] = mapped_column(Text, default="")
    sort_key: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")  # its texts' k without the piece


class CounterRow(Base):
    """The last number given in a register and year: the row that every number is taken under the lock of."""

    __tablename__ = "register_counters"

    register: Mapped[str] = mapped_column(String(16), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class EntryRow(Base):
    """One number in one register and year: given once, never reused; cancelled with a reason."""

    __tablename__ = "register_entries"
    __table_args__ = (UniqueConstraint("register", "year", "document_id"),)

    register: Mapped[str] = mapped_column(String(16), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[str] = mapped_column(String(32), index=True)
    entered_at: Mapped[datetime]
    recipient: Mapped[str] = mapped_column(Text, default="")  # đơn vị hoặc người nhận
    forwarded_date: Mapped[date | None] = mapped_column(Date)  # ngày chuyển
    note: Mapped[str] = mapped_column(Text, default="")
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None] = mapped_column(Text)


class ConfirmedRow(Base):
    """A name that a person confirmed or corrected on one document; the office's lexicons are counted from these.

    One row a document and field, so that a later correction takes the earlier one back.
    """

    __tablename__ = "confirmed"
    __table_args__ = (Index(None, "kind", "value"),)

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    field: Mapped[str] = mapped_column(String(40), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)  # several sign side by side: 0, 1 …
    kind: Mapped[str] = mapped_column(String(16))  # agency | name | position | place
    value: Mapped[str] = mapped_column(String(200))


class EventRow(Base):
    """The audit trail: append-only, each row chained to the one before by its hash."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(40))
    document_id: Mapped[str | None] = mapped_column(String(32), index=True)
    receipt_id: Mapped[str | None] = mapped_column(String(40), index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class TextRow(Base):
    """A piece of a document's text twice: folded for the full-text index, as printed for the snippets.

    `k` orders pieces by document date, so "newest first" stops early: day (proleptic ordinal) · 10^12 + register
    (1 digit) · year (2) · number (6) · piece (3; 0 when the document is one piece). Made from the document alone, so
    that an index made anew is the same index. `words_folded` are words that belong to the whole document.
    """

    __tablename__ = "texts"

    k: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    page: Mapped[int]  # the first page of this piece
    title_folded: Mapped[str] = mapped_column(Text)
    body_folded: Mapped[str] = mapped_column(Text)
    words_folded: Mapped[str] = mapped_column(Text, default="", server_default="")
    body: Mapped[str] = mapped_column(Text)  # NFC; lines end in \n, pages in \f


class OutgoingRow(Base):
    """One leaving document from its draft to its issue. The id is its draft's claim.

    `year` and `number` are its row in the register of leaving documents, given at its release and never before.
    """

    __tablename__ = "outgoing"
    __table_args__ = (UniqueConstraint("year", "number"), Index(None, "state"))

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(Text)  # of the file, NFC, for people
    state: Mapped[str] = mapped_column(String(16))
    """prepared | waiting | held | released | sealed | issued; rejected | returned; set-aside (cancelled)"""
    reason: Mapped[str | None] = mapped_column(String(64))  # the message code of what stands in the way
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    prepared_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    prepared_size: Mapped[int] = mapped_column(BigInteger)
    proposal: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # Metadata.to_json() as read from the prepared file
    signed_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    competence: Mapped[str | None] = mapped_column(String(20))
    year: Mapped[int | None]
    number: Mapped[int | None]
    issued_date: Mapped[date | None] = mapped_column(Date)
    released_by: Mapped[str | None] = mapped_column(String(100))
    released_at: Mapped[datetime | None]
    sealed_sha256: Mapped[str | None] = mapped_column(String(64))
    level: Mapped[str | None] = mapped_column(String(8))
    wanted: Mapped[str | None] = mapped_column(String(8))
    document_id: Mapped[str | None] = mapped_column(String(32), index=True)


class StampRow(Base):
    """One file that the agency signs with a line at the top right of page 1: a copy, an attachment, digitised paper.

    `row_name` is what the seal service knows it by: its own number in the register of copies ("sao-2026-00001", given
    at its release), or the main document's with what it is of that ("di-2026-00015.pl1", "den-2026-00015.sh").
    """

    __tablename__ = "stamps"
    __table_args__ = (UniqueConstraint("row_name"), Index(None, "state"))

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    row_name: Mapped[str | None] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(16))  # StampKind
    parent_id: Mapped[str] = mapped_column(String(32), index=True)  # the document it is a copy or a part of
    name: Mapped[str] = mapped_column(Text)  # of the file, NFC, for people
    state: Mapped[str] = mapped_column(String(16))  # waiting | held | released | sealed | filed | set-aside
    reason: Mapped[str | None] = mapped_column(String(64))  # the message code of what stands in the way
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(String(64))  # of the file before it is signed
    released_by: Mapped[str | None] = mapped_column(String(100))
    released_at: Mapped[datetime | None]
    stamped_sha256: Mapped[str | None] = mapped_column(String(64))
    level: Mapped[str | None] = mapped_column(String(8))
    wanted: Mapped[str | None] = mapped_column(String(8))
