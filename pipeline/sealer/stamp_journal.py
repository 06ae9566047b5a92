"""What the seal service remembers of copies, attachments and digitised paper, beside its orders and seals.

Tables of their own: a journal of before gets them when it is opened, and nothing of it changes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pipeline.database import audit
from pipeline.database.tables import Instant
from pipeline.errors import RefusedError
from pipeline.sealer.journal import Journal
from pipeline.sealer.values import Stamped, StampOrder, StampRef


class _Base(DeclarativeBase):
    type_annotation_map = {datetime: Instant, dict[str, Any]: JSON}  # noqa: RUF012 - SQLAlchemy's own way


class _OrderRow(_Base):
    __tablename__ = "stamp_orders"

    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    row: Mapped[str] = mapped_column(String(32))
    sha256: Mapped[str] = mapped_column(String(64))
    officer: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used: Mapped[bool] = mapped_column(default=False)
    said: Mapped[str] = mapped_column(String(200), server_default="")  # by the register when it was released


class _StampRow(_Base):
    __tablename__ = "stamps"

    row: Mapped[str] = mapped_column(String(32), primary_key=True)  # one stamp a row, by the table's key
    source_sha256: Mapped[str] = mapped_column(String(64))
    nonce: Mapped[str] = mapped_column(String(64))
    stamped: Mapped[dict[str, Any]] = mapped_column(JSON)


class StampJournal:
    """In the file and in the trail of the seal service's journal."""

    def __init__(self, journal: Journal) -> None:
        self._database = journal.database
        with self._database.write() as session:
            _Base.metadata.create_all(session.connection())

    def authorise(self, order: StampOrder, said: str) -> None:
        """Remember a release, and what the register said. Raises RefusedError (`order-replayed`) for an old nonce."""
        with self._database.write() as session:
            if session.get(_OrderRow, order.nonce) is not None:
                raise RefusedError("order-replayed", row=order.ref.name)
            session.add(
                _OrderRow(
                    nonce=order.nonce, row=order.ref.name, sha256=order.sha256, officer=order.officer, at=order.at,
                    expires_at=order.expires_at, said=said,
                )
            )  # fmt: skip
            audit.append(
                session, at=order.at, actor=order.officer, kind="stamp-ordered", document_id=order.ref.name,
                detail={**order.to_json(), "said": said},
            )  # fmt: skip

    def order_for(self, ref: StampRef, sha256: str, now: datetime, said: str) -> StampOrder | None:
        """The latest unused release of this file under this row that has not expired.

        Raises RefusedError (`row-changed`) when the register said something else then.
        """
        query = (
            select(_OrderRow)
            .where(
                _OrderRow.row == ref.name, _OrderRow.sha256 == sha256, _OrderRow.used.is_(False),
                _OrderRow.expires_at > now,
            )
            .order_by(_OrderRow.at.desc())
        )  # fmt: skip
        with self._database.read() as session:
            found = session.scalars(query).first()
            if found is None:
                return None
            if found.said != said:
                raise RefusedError("row-changed", row=ref.name, then=found.said, now=said)
            return StampOrder(found.nonce, ref, sha256, found.officer, found.at, found.expires_at)

    def stamped(self, ref: StampRef, sha256: str) -> Stamped | None:
        """What this row has already, when it is this file's. Raises RefusedError (`row-sealed-already`) for another."""
        with self._database.read() as session:
            found = session.get(_StampRow, ref.name)
            if found is None:
                return None
            if found.source_sha256 != sha256:
                raise RefusedError("row-sealed-already", row=ref.name)
            return Stamped.from_json(found.stamped)

    def record(self, stamped: Stamped, source_sha256: str, nonce: str) -> None:
        """The file is signed and durable: from here on it is the row's only one, and the order is used."""
        with self._database.write() as session:
            session.add(
                _StampRow(
                    row=stamped.ref.name, source_sha256=source_sha256, nonce=nonce, stamped=stamped.to_json(),
                )
            )  # fmt: skip
            session.get_one(_OrderRow, nonce).used = True
            audit.append(
                session, at=stamped.at, actor=stamped.officer, kind="stamped", document_id=stamped.ref.name,
                detail={"source": source_sha256, "stamped": stamped.sha256, "nonce": nonce, "level": stamped.level,
                        "line": stamped.line},
            )  # fmt: skip
