"""The database: one engine, short transactions, SQLite with WAL or PostgreSQL by one URL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from pipeline.errors import DatabaseError
from pipeline.files import storage_errors

BUSY_MILLISECONDS = 30_000
INSUFFICIENT_PRIVILEGE = "42501"  # PostgreSQL: this login may not
MIGRATIONS = Path(__file__).with_name("migrations")


class Database:
    """Sessions on one database. `read()` sees a snapshot; `write()` holds the writer's place from its first moment."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._engine = _sqlite_engine(url) if self.is_sqlite else create_engine(url, pool_pre_ping=True)
        self._writer = self._engine.execution_options(vanthu_write=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self._session(self._engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        with self._session(self._writer) as session, session.begin():
            yield session

    def upgrade(self) -> None:
        """Bring the tables to this version's shape; safe to call at every start. Raises DatabaseError.

        Tables that have it already are only looked at: a command that reads must not wait for a writer.
        """
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        shown = self.url.render_as_string(hide_password=True)
        with _database_errors(shown), self._engine.connect() as connection:
            if MigrationContext.configure(connection).get_current_revision() == _newest(config):
                return
        with _database_errors(shown), self._writer.connect() as connection:
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:  # its revision is none of ours
                raise DatabaseError("database-newer", retry=False, url=shown) from error
            connection.commit()

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        with (
            _database_errors(self.url.render_as_string(hide_password=True)),
            Session(engine, expire_on_commit=False) as session,
        ):
            yield session


def _newest(config: Config) -> str | None:
    return ScriptDirectory.from_config(config).get_current_head()


def open_database(url: str) -> Database:
    """Open a database and bring it up to date. Raises DatabaseError."""
    database = Database(url)
    if database.is_sqlite and database.url.database:
        path = Path(database.url.database)
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
    database.upgrade()
    return database


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_MILLISECONDS / 1000})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # pysqlite would begin by itself, and only before the first change
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("vanthu_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


@contextmanager
def _database_errors(where: str) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise DatabaseError("database-unavailable", url=where, reason=error.orig) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseError("database-unavailable", url=where, reason=error.orig) from error
        if getattr(error.orig, "sqlstate", "") == INSUFFICIENT_PRIVILEGE:
            raise DatabaseError("database-forbidden", retry=False, url=where) from error
        raise
