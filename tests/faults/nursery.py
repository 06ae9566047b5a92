"""Forks services from a process that has imported everything, so that hundreds of kills do not wait for imports.

One question a line on standard input, one answer on standard output: {"start": [script, …], "log": file} → {"pid": …};
{"poll": pid} → {"status": null | exit status}. The servers of their pools are forked, too.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from importlib import import_module
from multiprocessing import forkserver
from multiprocessing.connection import arbitrary_address
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
OF_SERVICES = ("pipeline.cli", "pipeline.journeys.outgoing", "pipeline.journeys.service", "pipeline.sealer.service")
OF_CHILDREN = ("pipeline.signatures.dangers", "pipeline.signatures.examining", "pipeline.signatures.preparing",
               "pipeline.intake.examiner", "pipeline.reading")  # fmt: skip


class Nursery:
    """The other side: a context manager."""

    def __enter__(self) -> Nursery:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"], cwd=ROOT, env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)

    def start(self, command: list[str], log: Path) -> int:
        return int(self._ask({"start": command, "log": str(log)})["pid"])

    def poll(self, pid: int) -> int | None:
        """As `Popen.poll`, once: an ended process is forgotten."""
        status = self._ask({"poll": pid})["status"]
        return None if status is None else os.waitstatus_to_exitcode(status)

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def main() -> None:
    for name in (*OF_SERVICES, *OF_CHILDREN):
        import_module(name)
    assert threading.active_count() == 1, "a lock may be held while we fork"
    for line in sys.stdin:
        question = json.loads(line)
        if "poll" in question:
            pid, status = os.waitpid(question["poll"], os.WNOHANG)
            answer: dict[str, Any] = {"status": status if pid else None}
        elif pid := os.fork():
            answer = {"pid": pid}
        else:
            _become(question["start"], question["log"])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _own_forkserver() -> None:
    """As `multiprocessing` starts it, but forked from us: the pools' children have the libraries at once."""
    with socket.socket(socket.AF_UNIX) as listener:
        address = arbitrary_address("AF_UNIX")
        listener.bind(address)
        listener.listen()
        alive, ours = os.pipe()
        pid = os.fork()
        if not pid:
            try:
                os.close(ours)
                forkserver.main(listener.fileno(), alive, [])  # ends when nobody holds the other end any more
            finally:
                os._exit(0)
        os.close(alive)
    server: Any = forkserver._forkserver  # type: ignore[attr-defined]
    server._forkserver_address, server._forkserver_alive_fd, server._forkserver_pid = address, ours, pid


def _become(command: list[str], log: str) -> None:
    os.setsid()
    for descriptor, path, flags in (
        (0, os.devnull, os.O_RDONLY), (1, log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), (2, "", 0),
    ):  # fmt: skip
        os.dup2(os.open(path, flags, 0o600) if path else 1, descriptor)
    code = 1
    try:
        _own_forkserver()
        sys.argv = command
        sys.modules["__main__"].__dict__.pop("__file__", None)  # children need not import this file
        import_module(f"tests.faults.{Path(command[0]).stem}").main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - told in the log
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
