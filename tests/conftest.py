"""Fixtures of every level: one suite runs on SQLite and on PostgreSQL.

`database_url` is a fresh, migrated database, once on each; `database` the same, opened; `empty_database_url` has no
tables yet. Without PostgreSQL its half is skipped; VANTHU_REQUIRE_POSTGRESQL=1 makes that a failure (CI).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.database import Database, open_database
from tests.pki import Pki, Token, find_softhsm, make_token, softhsm_configuration
from tests.postgresql import Cluster, find_binaries, running_cluster


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A private PostgreSQL server for the whole run."""
    binaries = find_binaries()
    if binaries is None:
        if os.environ.get("VANTHU_REQUIRE_POSTGRESQL"):
            pytest.fail("initdb not found: apt-get install postgresql")
        pytest.skip("PostgreSQL is not installed here (initdb not found)")
    with running_cluster(binaries) as server:
        yield server


@pytest.fixture(scope="session")
def _postgresql_template(cluster: Cluster) -> str:
    name = cluster.create()
    open_database(cluster.url(name)).close()
    return name


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    open_database(f"sqlite:///{path}").close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes further fresh, migrated databases of the same kind as the test's; returns the URL of each."""
    made: list[str] = []

    def make() -> str:
        if request.param == "sqlite":
            path = tmp_path / f"vanthu-{len(made)}.sqlite"
            shutil.copyfile(request.getfixturevalue("_sqlite_template"), path)
            made.append(str(path))
            return f"sqlite:///{path}"
        server: Cluster = request.getfixturevalue("cluster")
        made.append(server.create(request.getfixturevalue("_postgresql_template")))
        return server.url(made[-1])

    yield make
    if request.param == "postgresql":
        for name in made:
            request.getfixturevalue("cluster").drop(name)


@pytest.fixture
def database_url(new_database: Callable[[], str]) -> str:
    """The URL of a fresh, migrated database."""
    return new_database()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, migrated database, opened."""
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    server: Cluster = request.getfixturevalue("cluster")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    """A certification authority with its services on loopback, for the whole run."""
    with Pki(tmp_path_factory.mktemp("pki")) as authority:
        yield authority


@pytest.fixture(scope="session")
def token(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> Token:
    """A PKCS#11 token with the keys of the agency and of the leader."""
    if find_softhsm() is None:
        pytest.skip("SoftHSM is not installed here: apt-get install softhsm2")
    os.environ["SOFTHSM2_CONF"] = str(softhsm_configuration(tmp_path_factory.mktemp("softhsm")))
    return make_token(pki, ("agency", "agency-ec", "leader"))
