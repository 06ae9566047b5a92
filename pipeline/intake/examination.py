"""Asks a limited child process what a file is, and gives back a judgement that can be trusted to be only data."""

from __future__ import annotations

import atexit
import json
import os
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from pipeline import settings
from pipeline.document import Finding, Kind, Severity
from pipeline.errors import DependencyError, NotFoundError, RefusedError
from pipeline.intake import kinds
from pipeline.intake.limits import Limits
from pipeline.intake.names import display_name

ANSWER_BYTES = 64 << 10
_MAIN = "from pipeline.intake.examiner import main; main()"
GRACE_SECONDS = 5.0  # how long after a child's own limit the examiner may take to say so

_SPECIAL: tuple[tuple[int, str], ...] = (
    (stat.S_IFLNK, "symlink"), (stat.S_IFIFO, "fifo"), (stat.S_IFSOCK, "socket"), (stat.S_IFBLK, "device"),
    (stat.S_IFCHR, "device"), (stat.S_IFDIR, "folder"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Examination:
    """What a file is, what a person should know of it, and how many pages it has where that is known already."""

    kind: Kind
    findings: tuple[Finding, ...]
    page_amount: int | None


def examine(path: Path, limits: settings.Intake, *, dropped: bool = True) -> Examination:
    """Decide by content whether this file is a document that we take.

    A link, pipe, socket or device is refused without being opened. The file is opened once, here; the child that
    parses it gets the open file and never a name. Raises RefusedError with the reason's code, NotFoundError when
    the file is gone, DependencyError when the examining process cannot be started. One file at a time per process.
    A `dropped` link is refused, and so is a file with a second hard link: somebody else can still write to it under
    the other name. A file that its own user names on the command line is not `dropped`.
    """
    if not dropped:
        path = path.resolve()
    descriptor = _open_regular(path, limits.max_file_mb << 20, dropped=dropped)
    try:
        answer = _examiner().ask(descriptor, _limits_of(limits))
    finally:
        os.close(descriptor)
    if "refused" in answer:
        raise _refusal(path, answer)
    return _judged(path, answer)


def refuse_special(path: Path, mode: int) -> None:
    """RefusedError for what is not a regular file, by the mode of its `lstat`."""
    for kind, code in _SPECIAL:
        if stat.S_IFMT(mode) == kind:
            raise RefusedError(code, path=display_name(path))


def close_examiner() -> None:
    """End the examining process; the next examination starts another."""
    _examiner().close()


def _open_regular(path: Path, max_bytes: int, *, dropped: bool) -> int:
    try:
        refuse_special(path, path.lstat().st_mode)
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise NotFoundError("file-gone", path=display_name(path)) from error
    except OSError as error:
        raise RefusedError("unreadable-file", path=display_name(path), reason=error.strerror or error) from error
    try:
        _check_facts(path, os.fstat(descriptor), max_bytes, dropped=dropped)
    except RefusedError:
        os.close(descriptor)
        raise
    return descriptor


def _check_facts(path: Path, facts: os.stat_result, max_bytes: int, *, dropped: bool) -> None:
    refuse_special(path, facts.st_mode)  # it may have been exchanged between the look and the opening
    name = display_name(path)
    if dropped and facts.st_nlink > 1:
        raise RefusedError("hard-link", path=name)
    if facts.st_size == 0:
        raise RefusedError("empty-file", path=name)
    if facts.st_size > max_bytes:
        raise RefusedError("file-too-large", path=name, size=facts.st_size >> 20, limit=max_bytes >> 20)


def _limits_of(limits: settings.Intake) -> Limits:
    return Limits(limits.max_pages, limits.max_megapixels * 1_000_000)


def _refusal(path: Path, answer: dict[str, Any]) -> RefusedError:
    """The child's refusal as ours; of what it says only short strings are believed."""
    detail: dict[str, Any] = {str(key): str(value)[:300] for key, value in dict(answer.get("detail", {})).items()}
    detail.pop("retry", None)
    return RefusedError(str(answer["refused"]), **{**detail, "path": display_name(path)})


def _judged(path: Path, answer: dict[str, Any]) -> Examination:
    try:
        kind = Kind(answer["kind"])
        findings = [Finding.from_json(finding) for finding in answer["findings"]]
        pages = None if answer["pages"] is None else int(answer["pages"])
    except (KeyError, TypeError, ValueError) as error:
        raise RefusedError("examine-crashed", path=display_name(path)) from error
    if kind.is_office and not (shutil.which("soffice") or shutil.which("libreoffice")):
        raise RefusedError("office-missing", path=display_name(path), kind=kinds.short_name(kind))
    claimed = kinds.kind_of_name(display_name(path))
    if claimed not in {None, kind}:
        findings.insert(
            0,
            Finding(
                "name-says-other-kind", Severity.WARNING, detail={"kind": kinds.short_name(kind), "suffix": path.suffix}
            ),
        )
    return Examination(kind, tuple(findings), pages)


class Examiner:
    """The long-lived side of `examiner`: starts it when needed, again when it died, one file at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self._owner = os.getpid()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, document: int, limits: Limits) -> dict[str, Any]:
        """The child's JSON answer about an open file, or {"refused": code} when it did not live to give one."""
        with self._lock:
            try:
                return self._ask(document, limits)
            except OSError:
                self._stop()  # it died between two files: once more with a fresh one
            try:
                return self._ask(document, limits)
            except OSError as error:
                self._stop()
                raise DependencyError("examiner-broken", retry=True, reason=error) from error

    def close(self) -> None:
        with self._lock:
            self._stop()

    def _ask(self, document: int, limits: Limits) -> dict[str, Any]:
        channel = self._started()
        reading, writing = os.pipe()
        try:
            socket.send_fds(channel, [limits.to_request()], [document, writing])
            os.close(writing)
            writing = -1
            deadline = time.monotonic() + limits.wall_seconds + GRACE_SECONDS
            said = _read_all(reading, deadline)
            ended = json.loads(_read_line(channel, deadline))
        finally:
            os.close(reading)
            if writing >= 0:
                os.close(writing)
        if ended["late"] or ended["signal"] == signal.SIGXCPU:
            return {"refused": "examine-limits"}
        try:
            answer = json.loads(said)
        except ValueError:
            return {"refused": "examine-crashed"}
        return answer if isinstance(answer, dict) else {"refused": "examine-crashed"}

    def _started(self) -> socket.socket:
        if self._owner != os.getpid():  # a fork of us must not talk over its parent's channel
            self._process, self._channel, self._owner = None, None, os.getpid()
        if self._channel is not None and self._process is not None and self._process.poll() is None:
            return self._channel
        self._stop()
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", _MAIN, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env={"LANG": "C.UTF-8", "PATH": os.defpath},  # none of our secrets
                cwd="/", start_new_session=True,
            )  # fmt: skip
        self._channel = ours
        return ours

    def _stop(self) -> None:
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()
            self._process.wait()
        self._process = self._channel = None


def _read_all(descriptor: int, deadline: float) -> bytes:
    """Everything until the last writer closed; a child that says too much or stays too long is not listened to."""
    said = b""
    while len(said) <= ANSWER_BYTES:
        _wait_for(descriptor, deadline)
        chunk = os.read(descriptor, ANSWER_BYTES)
        if not chunk:
            return said
        said += chunk
    return b""


def _read_line(channel: socket.socket, deadline: float) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        _wait_for(channel.fileno(), deadline)
        chunk = channel.recv(4096)
        if not chunk:
            raise ConnectionResetError("the examiner is gone")
        line += chunk
    return line


def _wait_for(descriptor: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN | select.POLLHUP)
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise TimeoutError("the examiner does not answer")


@lru_cache
def _examiner() -> Examiner:
    """One for this process: starting it costs a third of a second, asking it some milliseconds."""
    examiner = Examiner()
    atexit.register(examiner.close)
    return examiner
