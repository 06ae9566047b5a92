"""The tables, on both databases: migrations build what the code expects, values come back as they went in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from pipeline.database import MIGRATIONS, Database, open_database
from pipeline.database.tables import Base, DocumentRow, ReceiptRow
from pipeline.errors import DatabaseError

pytestmark = pytest.mark.integration


def _receipt(at: datetime) -> ReceiptRow:
    return ReceiptRow(
        id="20261123T142501-3f2a9c", received_at=at, name="công văn.pdf", raw_name=b"c\xf4ng v\xe3n.pdf",
        size=3 << 32, sha256="a" * 64, state="refused", reason="not-a-document", document_id=None,
    )  # fmt: skip


def test_migrations_build_the_tables_of_the_code(empty_database_url: str) -> None:
    database = open_database(empty_database_url)
    with database.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"include_object": _ours})
        assert compare_metadata(context, Base.metadata) == []
    database.close()


def _ours(thing: object, name: str | None, kind: str, *_rest: object) -> bool:
    """Full-text tables, generated columns and their indexes are made by hand, each database its own."""
    return not (name or "").startswith(("texts_search", "ix_texts_search", "ix_documents_code_folded_prefix"))


def test_a_database_of_a_newer_version_is_said_to_be_one_and_left_alone(database: Database) -> None:
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="database-newer") as raised:
        database.upgrade()
    assert not raised.value.retry


def test_opening_waits_for_no_writer(database: Database, database_url: str) -> None:
    with database.write() as session:
        session.add(_receipt(datetime(2026, 11, 23, tzinfo=UTC)))
        session.flush()
        opened = Database(database_url)
        opened.upgrade()  # would wait until the driver gives up
        opened.close()


def test_upgrading_twice_changes_nothing(empty_database_url: str) -> None:
    open_database(empty_database_url).close()
    database = open_database(empty_database_url)
    with database.read() as session:
        assert len(list(session.execute(text("SELECT version_num FROM alembic_version")))) == 1
        assert "documents" in inspect(session.connection()).get_table_names()
    database.close()


def test_an_office_that_has_documents_comes_along(empty_database_url: str) -> None:
    """Each step of the way, with rows that refer to each other: SQLite must not make a table anew under them."""
    database = Database(empty_database_url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.write() as session:
        config.attributes["connection"] = session.connection()
        command.upgrade(config, "0002")
        session.execute(text(_OLD_DOCUMENT), {"at": datetime(2026, 1, 1), "raw": b"a"})  # noqa: DTZ001 - as it is kept
        session.execute(text(_OLD_TEXT))
    database.upgrade()
    with database.read() as session:
        row = session.get_one(DocumentRow, "den-2026-00001")
        assert (row.name, row.batch, row.pages, row.part_of) == ("a.pdf", "", None, None)
        assert session.scalar(text("SELECT count(*) FROM texts WHERE document_id = 'den-2026-00001'")) == 1
    database.close()


_OLD_DOCUMENT = """
INSERT INTO documents (id, sha256, state, received_at, name, raw_name, kind, size, urgency, signed, corrections, review,
  type_name, type_folded, code_number, code_notation, code_folded, organ_name, organ_folded, subject, signatory_name,
  signatory_folded)
VALUES ('den-2026-00001', 'aa', 'filed', :at, 'a.pdf', :raw, 'application/pdf', 1, 0, '0', '{}', '[]',
  '', '', '', '', '', '', '', '', '', '')
"""
_OLD_TEXT = """
INSERT INTO texts (k, document_id, page, title_folded, body_folded, body) VALUES (1, 'den-2026-00001', 1, '', 'a', 'a')
"""


def test_times_come_back_aware_and_equal(database: Database) -> None:
    hanoi = timezone(timedelta(hours=7))
    at = datetime(2026, 1, 1, 0, 30, 1, 123456, tzinfo=hanoi)
    with database.write() as session:
        session.add(_receipt(at))
    with database.read() as session:
        row = session.get_one(ReceiptRow, "20261123T142501-3f2a9c")
        assert row.received_at == at
        assert row.received_at.tzinfo is UTC
        assert row.raw_name == b"c\xf4ng v\xe3n.pdf"
        assert row.size == 3 << 32


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="without a zone"), database.write() as session:
        session.add(_receipt(datetime(2026, 1, 1)))  # noqa: DTZ001
