"""A private PostgreSQL cluster for one test run: own folder, unix socket only, gone when the run ends."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

START_SECONDS = 60
_SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB", "max_connections=60")


def find_binaries() -> Path | None:
    """The folder of the newest initdb: Debian keeps it out of PATH."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(re.sub(r"\D", "", p.parts[-3]) or 0)
    )
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).resolve().parent if named else None


def _unprivileged() -> pwd.struct_passwd | None:
    """The user to run as when we are root, whom PostgreSQL refuses to serve."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("neither a user postgres nor nobody to run PostgreSQL as")


class Cluster:
    """A running server; `url(name)` addresses one of its databases."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made = 0

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def create(self, template: str = "template0") -> str:
        """A new database with a name of its own, copied from `template`."""
        self._made += 1
        name = f"vanthu_{self._made}"
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")  # type: ignore[arg-type]
        return name

    def drop(self, name: str) -> None:
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[arg-type]

    @property
    def _address(self) -> str:
        return f"host={self.folder} user=postgres dbname=postgres"


@contextmanager
def running_cluster(binaries: Path) -> Iterator[Cluster]:
    """Make and start a cluster; stop and remove it at the end, even when the test run itself is killed."""
    folder = Path(tempfile.mkdtemp(prefix="vanthu-pg-", dir="/tmp"))
    owner = _unprivileged()
    become: list[str] = []
    if owner is not None:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        become = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    data, log = folder / "data", folder / "log"
    try:
        subprocess.run(
            [*become, binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
             "--locale=C", "--no-sync"],
            check=True, capture_output=True, cwd=folder,
        )  # fmt: skip
        options = [part for setting in _SPEED for part in ("-c", setting)]
        with log.open("wb") as out:
            server = subprocess.Popen(
                [*(become or ["setpriv"]), "--pdeathsig=INT", binaries / "postgres", "-D", data, "-k", folder,
                 "-c", "listen_addresses=", *options],
                stdout=out, stderr=subprocess.STDOUT, cwd=folder,
            )  # fmt: skip
        try:
            cluster = Cluster(folder)
            _wait(cluster, server, log)
            yield cluster
        finally:
            server.terminate()
            try:
                server.wait(5)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(cluster: Cluster, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(cluster._address).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}") from None
            time.sleep(0.05)
        else:
            return
