"""The shipped roles of PostgreSQL: the seal service only looks, officers give numbers, neither can do more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from pipeline import registers, settings
from pipeline.database import Database, audit, open_database
from pipeline.database.tables import DocumentRow, OutgoingRow, StampRow
from pipeline.errors import DatabaseError
from pipeline.journeys import Office, outgoing, stamping
from pipeline.journeys.outgoing import number
from pipeline.journeys.returning import reject
from pipeline.sealer import RegisterRow, StampRef
from pipeline.sealer.register import entry_of, stamp_entry_of
from pipeline.settings import settings_from
from tests.postgresql import Cluster

pytestmark = pytest.mark.integration
ROLES = Path(__file__).parents[2] / "config" / "postgresql" / "roles.sql"


@pytest.fixture
def office(cluster: Cluster, tmp_path: Path) -> Iterator[Office]:
    """A register with one document that waits, and the roles."""
    name = cluster.create()
    url = cluster.url(name)
    database = open_database(url)
    with database.write() as session:
        session.add(
            OutgoingRow(
                id="a", name="a.pdf", state="waiting", created_at=datetime.now(UTC), prepared_sha256="0" * 64,
                prepared_size=1, signed_sha256="1" * 64,
            )
        )  # fmt: skip
        entry = registers.enter(session, "den", datetime.now(UTC), settings.Registers())
        session.add(
            DocumentRow(
                id=entry.document_id, sha256="2" * 64, state="filed", received_at=datetime.now(UTC), name="b.pdf",
                raw_name=b"b", kind="application/pdf", size=1, review=[], corrections={},
            )
        )  # fmt: skip
        session.add(
            StampRow(
                id="b", kind="true-copy", parent_id=entry.document_id, name="b.pdf", state="waiting",
                created_at=datetime.now(UTC), sha256="3" * 64, detail={"recipient": "UBND xã"},
            )
        )  # fmt: skip
    statements = ROLES.read_text() + 'DROP ROLE IF EXISTS officer; CREATE ROLE officer LOGIN IN ROLE "vanthu-officers";'
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statements.encode())
    try:
        yield Office(settings_from({"database": {"url": url}}, tmp_path), database)
    finally:
        database.close()
        cluster.drop(name)


def as_role(office: Office, role: str) -> Database:
    return open_database(office.settings.database_url.replace("postgres@", f"{role}@"))


def test_an_officer_gives_a_number_and_the_seal_service_sees_it(office: Office) -> None:
    officer = replace(office, database=as_role(office, "officer"))
    assert [one.id for one in outgoing.waiting(officer)] == ["a"]
    row = number(officer, "a", "officer", "held")
    officer.database.close()
    seal = Database(office.settings.database_url.replace("postgres@", "vanthu-seal@"))
    assert entry_of(seal, RegisterRow(row.year or 0, 1)).sha256 == "1" * 64
    seal.close()
    with office.database.read() as session:
        assert list(audit.broken_links(session)) == []


def test_an_officer_numbers_a_copy_and_the_seal_service_sees_it(office: Office) -> None:
    officer = replace(office, database=as_role(office, "officer"))
    assert [one.id for one in stamping.waiting(officer)] == ["b"]
    row = stamping.number(officer, "b", "officer")
    officer.database.close()
    seal = Database(office.settings.database_url.replace("postgres@", "vanthu-seal@"))
    entry = stamp_entry_of(seal, StampRef(str(row.row_name)))
    assert (entry.kind, entry.sha256, entry.electronic) == ("true-copy", "3" * 64, False)
    seal.close()


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("vanthu-seal", "UPDATE outgoing SET state = 'issued'"),
        ("vanthu-seal", "SELECT * FROM documents"),
        ("vanthu-seal", "SELECT subject FROM documents"),
        ("vanthu-seal", "UPDATE stamps SET state = 'filed'"),
        ("officer", "DELETE FROM stamps"),
        ("officer", "INSERT INTO stamps SELECT * FROM stamps"),
        ("officer", "DELETE FROM register_entries"),
        ("officer", "UPDATE events SET actor = 'x'"),
        ("officer", "UPDATE documents SET subject = 'x'"),
    ],
)
def test_nobody_can_do_what_is_not_theirs(role: str, statement: str, office: Office) -> None:
    database = Database(office.settings.database_url.replace("postgres@", f"{role}@"))
    with pytest.raises(DatabaseError) as caught, database.write() as session:
        session.execute(text(statement))
    assert (caught.value.code, caught.value.retry) == ("database-forbidden", False)
    database.close()


def test_an_officer_sends_back_what_has_no_number(office: Office) -> None:
    officer = replace(office, database=as_role(office, "officer"))
    reject(officer, "a", "Sai nơi nhận", "officer")
    assert outgoing.waiting(officer) == []
    officer.database.close()
