"""What the seal service remembers, in a database of its own that the watching user cannot write.

Orders, unlockings and seals, and a hash-chained trail of every order, refusal and seal. A row of the register has at
most one seal: that is a key of the table, not a habit of the code.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Integer, String, UniqueConstraint, func, inspect, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pipeline.database import Database, audit
from pipeline.database.tables import EventRow, Instant
from pipeline.errors import RefusedError
from pipeline.files import storage_errors
from pipeline.sealer.values import Named, Order, RegisterRow, Sealed


class _Base(DeclarativeBase):
    type_annotation_map = {datetime: Instant, dict[str, Any]: JSON}  # noqa: RUF012 - SQLAlchemy's own way


class _OrderRow(_Base):
    __tablename__ = "orders"

    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    year: Mapped[int]
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    officer: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used: Mapped[bool] = mapped_column(default=False)
    said: Mapped[str] = mapped_column(String(200), server_default="")  # by the register when it was released


class _SealRow(_Base):
    __tablename__ = "seals"
    __table_args__ = (UniqueConstraint("source_sha256"),)  # nor is one file sealed under two numbers

    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    source_sha256: Mapped[str] = mapped_column(String(64))
    nonce: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[dict[str, Any]] = mapped_column(JSON)


class _UnlockRow(_Base):
    __tablename__ = "unlocks"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    officer: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    until: Mapped[datetime]


class Journal:
    """One file, one writer: the seal service."""

    def __init__(self, path: Path) -> None:
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._database = Database(f"sqlite:///{path}")
        with self._database.write() as session:
            connection = session.connection()
            _Base.metadata.create_all(connection)
            if "said" not in {column["name"] for column in inspect(connection).get_columns("orders")}:
                connection.execute(text("ALTER TABLE orders ADD COLUMN said VARCHAR(200) NOT NULL DEFAULT ''"))
            EventRow.__table__.create(connection, checkfirst=True)  # type: ignore[attr-defined]

    @property
    def database(self) -> Database:
        return self._database

    def close(self) -> None:
        self._database.close()

    def note(
        self, at: datetime, actor: str, kind: str, row: Named | None = None, *, once: bool = False, **detail: str
    ) -> None:
        """One event of the trail; with `once` not again while it is the row's latest: what waits is asked for often."""
        with self._database.write() as session:
            name = row.name if row else None
            if once:
                of_row = select(EventRow).where(EventRow.document_id == name).order_by(EventRow.id.desc())
                latest = session.scalars(of_row).first()
                if latest is not None and (latest.kind, latest.detail) == (kind, detail):
                    return
            audit.append(session, at=at, actor=actor, kind=kind, document_id=name, detail=detail)

    def authorise(self, order: Order, said: str) -> None:
        """Remember a release, and what the register said. Raises RefusedError (`order-replayed`) for an old nonce."""
        with self._database.write() as session:
            if session.get(_OrderRow, order.nonce) is not None:
                raise RefusedError("order-replayed", row=order.row.name)
            session.add(
                _OrderRow(
                    nonce=order.nonce, year=order.row.year, number=order.row.number, sha256=order.sha256,
                    officer=order.officer, at=order.at, expires_at=order.expires_at, said=said,
                )
            )  # fmt: skip
            detail = {**order.to_json(), "said": said}
            audit.append(
                session, at=order.at, actor=order.officer, kind="ordered", document_id=order.row.name, detail=detail
            )

    def order_for(self, row: RegisterRow, sha256: str, now: datetime, said: str) -> Order | None:
        """The latest unused release of this file under this row that has not expired.

        Raises RefusedError (`row-changed`) when the register said something else then: who seals may write there, too.
        """
        query = (
            select(_OrderRow)
            .where(
                _OrderRow.year == row.year, _OrderRow.number == row.number, _OrderRow.sha256 == sha256,
                _OrderRow.used.is_(False), _OrderRow.expires_at > now,
            )
            .order_by(_OrderRow.at.desc())
        )  # fmt: skip
        with self._database.read() as session:
            found = session.scalars(query).first()
            if found is None:
                return None
            if found.said != said:
                raise RefusedError("row-changed", row=row.name, then=found.said, now=said)
            return Order(found.nonce, row, sha256, found.officer, found.at, found.expires_at)

    def unlock(self, officer: str, at: datetime, until: datetime, an_hour: int) -> None:
        """Raises RefusedError (`unlocked-too-often`) beyond so many an hour."""
        with self._database.write() as session:
            recent = select(func.count()).select_from(_UnlockRow).where(_UnlockRow.at > at - timedelta(hours=1))
            if (session.scalar(recent) or 0) >= an_hour:
                raise RefusedError("unlocked-too-often", limit=an_hour)
            session.add(_UnlockRow(officer=officer, at=at, until=until))
            audit.append(session, at=at, actor=officer, kind="unlocked", detail={"until": until.isoformat()})

    def lock(self, officer: str, at: datetime) -> None:
        """End every unlocked time now."""
        with self._database.write() as session:
            for row in session.scalars(select(_UnlockRow).where(_UnlockRow.until > at)):
                row.until = at
            audit.append(session, at=at, actor=officer, kind="locked")

    def unlocked(self, now: datetime) -> tuple[str, datetime] | None:
        """Who unlocked the seal and until when; None while it is locked."""
        query = select(_UnlockRow).where(_UnlockRow.until > now).order_by(_UnlockRow.until.desc())
        with self._database.read() as session:
            found = session.scalars(query).first()
            return (found.officer, found.until) if found else None

    def sealed(self, row: RegisterRow, sha256: str) -> Sealed | None:
        """The seal that this row has already, when it is this file's.

        Raises RefusedError: `row-sealed-already` with another file, `file-sealed-already` under another row.
        """
        with self._database.read() as session:
            found = session.get(_SealRow, (row.year, row.number))
            if found is not None and found.source_sha256 != sha256:
                raise RefusedError("row-sealed-already", row=row.name)
            if found is not None:
                return Sealed.from_json(found.sealed)
            other = session.scalar(select(_SealRow).where(_SealRow.source_sha256 == sha256))
            if other is not None:
                raise RefusedError("file-sealed-already", row=RegisterRow(other.year, other.number).name)
            return None

    def record(self, sealed: Sealed, source_sha256: str, nonce: str) -> None:
        """The seal is made and its file is durable: from here on it is the row's only one, and the order is used."""
        with self._database.write() as session:
            session.add(
                _SealRow(
                    year=sealed.row.year, number=sealed.row.number, source_sha256=source_sha256, nonce=nonce,
                    sealed=sealed.to_json(),
                )
            )  # fmt: skip
            order = session.get(_OrderRow, nonce)
            if order is not None:
                order.used = True
            audit.append(
                session, at=sealed.at, actor=sealed.officer, kind="sealed", document_id=sealed.row.name,
                detail={"source": source_sha256, "sealed": sealed.sha256, "nonce": nonce, "level": sealed.level},
            )  # fmt: skip

    def secret_was_wrong(self) -> bool:
        """Was the last PIN or passphrase that anybody gave a wrong one?"""
        of_key = select(EventRow.kind).where(EventRow.kind.in_(("secret-wrong", "key-opened")))
        with self._database.read() as session:
            return session.scalars(of_key.order_by(EventRow.id.desc())).first() == "secret-wrong"

    def broken_links(self) -> list[int]:
        """Events of the trail that were changed; empty when it is whole."""
        with self._database.read() as session:
            return list(audit.broken_links(session))
