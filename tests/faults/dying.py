"""How a process dies by its own hand: right before its n-th change of a file under a folder, message or commit."""

from __future__ import annotations

import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

CHANGES = {
    "os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "os.truncate", "socket.connect", "socket.sendmsg",
}  # fmt: skip
_RANDOM = re.compile(r"\d{8}T\d{6}-[0-9a-f]{8}|[0-9a-f]{12}")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
QUIET = ("heartbeat", ".log", "service.lock", "seal.lock")  # what goes on all the time and changes no document


def die_at_change(nth: int, folder: Path) -> None:
    """SIGKILL right before the n-th change; which one it was is told on standard error. 0: never."""
    left, inside = nth, str(folder)

    def count(name: str, what: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.write(2, f"killed-at {name} {_RANDOM.sub('…', str(what))}\n".encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def changes(name: str, arguments: tuple[Any, ...]) -> None:
        if name == "open":
            path, _, flags = arguments
            if not (isinstance(flags, int) and flags & WRITING and isinstance(path, str | bytes)):
                return
            path = os.fsdecode(path)
            if path.startswith(inside) and not any(word in path for word in QUIET):
                count(name, Path(path).name)
        elif name in CHANGES:
            said = os.fsdecode(arguments[0]) if isinstance(arguments[0], str | bytes) else ""
            if not any(word in said for word in QUIET):
                count(name, Path(said).name)

    if nth:
        sys.addaudithook(changes)
        event.listen(Session, "before_commit", lambda _: count("commit", "before"))
        event.listen(Session, "after_commit", lambda _: count("commit", "after"))
