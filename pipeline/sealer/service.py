"""The socket around the rules: who speaks, what they may ask; a file comes and goes by descriptor."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import stat
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from filelock import FileLock, Timeout

from pipeline.confinement import share_imports
from pipeline.database import Database
from pipeline.errors import BusyError, RefusedError, SigningError, UsageError, VanthuError
from pipeline.files import TEMPORARY_PREFIX, copy_durably, storage_errors
from pipeline.sealer import protocol
from pipeline.sealer.journal import Journal
from pipeline.sealer.rules import SealRules, WrongSecretError
from pipeline.sealer.settings import SealSettings
from pipeline.sealer.stamping import StampRules
from pipeline.sealer.values import RegisterRow, StampRef
from pipeline.signatures.judging import Judge
from pipeline.signatures.trust import Anchors
from pipeline.signatures.workshop import Workshop

log = logging.getLogger(__name__)
PATIENCE = 30.0  # seconds for a caller to say what it wants
LOOK_SECONDS = 0.5
OF_CHILDREN = ("pipeline.signatures.dangers", "pipeline.signatures.examining")
MOST_CALLERS = 16  # at once; more wait to be accepted
MOST_OF_ONE = 8  # at once, of one user who is no officer: officers must reach a service that somebody keeps busy
OFFICERS_ONLY = {"authorise", "authorise-stamp", "open", "unlock", "lock"}
CLIENTS_ONLY = {"seal", "stamp"}


def serve(  # noqa: PLR0913 - said once, by who starts it
    settings: SealSettings, database: Database, anchors: Callable[[], Anchors], clock: Callable[[], datetime],
    stop: threading.Event, *, secret: str | None = None, by_person: bool = False,
    ready: Callable[[], None] | None = None,
) -> None:  # fmt: skip
    """Answer until `stop` is set. `secret`: the PIN or passphrase when there is one; else an officer brings it.

    One that the system gave (not `by_person`) is left alone after a wrong one: a service that is started again and
    again must not lock the token.

    Raises WrongSecretError (at once, never tried twice), BusyError when another one serves, ConfigurationError.
    """
    with storage_errors(settings.state):
        settings.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        (settings.state / "sealed").mkdir(exist_ok=True, mode=0o700)
    lock = FileLock(settings.state / "seal.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise BusyError("seal-service-busy", path=settings.state) from error
    try:
        _tidy(settings.state)
        share_imports(*OF_CHILDREN)
        journal = Journal(settings.state / "journal.sqlite")
        with Judge() as judge, Workshop() as workshop:
            rules = SealRules(settings, journal, database, judge, workshop, anchors, clock)
            try:
                if secret is not None and not by_person and journal.secret_was_wrong():
                    log.error("the last secret was wrong: an officer must open the key (vanthu seal open)")
                elif secret is not None:
                    _open(rules, secret)
                _Service(settings, rules, stop).run(ready)
            finally:
                rules.close_key()
                journal.close()
    finally:
        lock.release()


def _tidy(state: Path) -> None:
    """What a killed service left half done; nothing of it was ever recorded or handed out."""
    for folder in state.glob("seal-*/"):
        shutil.rmtree(folder, ignore_errors=True)
    for pattern in ("*.new", f"{TEMPORARY_PREFIX}*"):
        for path in (state / "sealed").glob(pattern):
            path.unlink(missing_ok=True)


def _open(rules: SealRules, secret: str) -> None:
    """A token that is not plugged in yet may come later; a wrong PIN never is right later."""
    try:
        rules.open_key(secret, "systemd")
    except WrongSecretError:
        raise
    except SigningError as error:
        if not error.retry:
            raise
        rules.remember(secret)
        log.warning("the key is not there yet: %s", error)


class _Service:
    def __init__(self, settings: SealSettings, rules: SealRules, stop: threading.Event) -> None:
        self._settings = settings
        self._rules = rules
        self._stamps = StampRules(rules)
        self._stop = stop
        self._officers = settings.users("officers")
        self._clients = settings.users("clients")
        self._key = threading.Lock()  # the key is one, and a register row is sealed once
        self._wrong: WrongSecretError | None = None
        self._room = threading.Semaphore(MOST_CALLERS)
        self._callers: Counter[int] = Counter()
        self._counting = threading.Lock()

    def run(self, ready: Callable[[], None] | None) -> None:
        """Each caller on a thread of its own: officers do not wait for a time stamp of somebody's seal.

        What is being sealed when the service is stopped is sealed to its end. Raises WrongSecretError.
        """
        with protocol.new_socket() as listener, storage_errors(self._settings.socket):
            _bind(listener, self._settings.socket)
            listener.listen(64)
            listener.settimeout(LOOK_SECONDS)
            if ready:
                ready()
            try:
                while not self._stop.is_set() and self._wrong is None:
                    with suppress(TimeoutError):
                        self._listen(listener)
            finally:
                self._settings.socket.unlink(missing_ok=True)
                for _ in range(MOST_CALLERS):  # until everybody has the answer
                    self._room.acquire()
        if self._wrong is not None:
            raise self._wrong

    def _listen(self, listener: socket.socket) -> None:
        if not self._room.acquire(timeout=LOOK_SECONDS):
            return
        try:
            connection, _ = listener.accept()
            threading.Thread(target=self._answer_apart, args=(connection,), name="caller").start()
        except BaseException:
            self._room.release()
            raise

    def _answer_apart(self, connection: socket.socket) -> None:
        try:
            with connection:
                self._answer(connection)
        except WrongSecretError as error:
            self._wrong = error
        finally:
            self._room.release()

    def _answer(self, connection: socket.socket) -> None:
        handle = None
        try:
            connection.settimeout(PATIENCE)
            uid = protocol.peer_uid(connection)
            self._admit(uid)  # before anything is waited for: a stranger may not keep the others waiting
            with self._one_of(uid):
                question, handle = protocol.receive(connection)
                answer, result = self._act(uid, question, handle)
        except WrongSecretError as error:
            with suppress(OSError):
                protocol.send(connection, protocol.fault_to_json(error))
            raise
        except VanthuError as error:
            log.warning("refused: %s", error)
            answer, result = protocol.fault_to_json(error), None
        except (EOFError, OSError) as error:
            log.warning("a caller went away: %s", error)
            return
        except (ValueError, KeyError, TypeError) as error:
            log.warning("not understood: %s", error)
            answer, result = protocol.fault_to_json(UsageError("seal-question", reason=error)), None
        except Exception as error:  # the border: one question's bug must not stop the service
            log.exception("an error of ours")
            answer, result = protocol.fault_to_json(SigningError("unexpected", reason=type(error).__name__)), None
        finally:
            if handle is not None:
                os.close(handle)
        try:
            protocol.send(connection, answer, result)
        except OSError as error:
            log.warning("the answer did not arrive: %s", error)
        finally:
            if result is not None:
                os.close(result)

    def _admit(self, uid: int) -> None:
        if uid not in self._officers and uid not in self._clients:
            raise RefusedError("not-a-client", uid=uid)

    @contextmanager
    def _one_of(self, uid: int) -> Iterator[None]:
        """Raises SigningError (retry) for one who keeps too many waiting already."""
        with self._counting:
            if uid not in self._officers and self._callers[uid] >= MOST_OF_ONE:
                raise SigningError("seal-service-away", retry=True, path=self._settings.socket, reason=MOST_OF_ONE)
            self._callers[uid] += 1
        try:
            yield
        finally:
            with self._counting:
                self._callers[uid] -= 1

    def _act(self, uid: int, question: Mapping[str, Any], handle: int | None) -> tuple[dict[str, Any], int | None]:
        do = question.get("do")
        officer = self._officers.get(uid, "")
        if do in OFFICERS_ONLY and not officer:
            raise RefusedError("not-an-officer", uid=uid)
        if do in CLIENTS_ONLY and uid not in self._clients:
            raise RefusedError("not-a-client", uid=uid)
        if do in CLIENTS_ONLY:
            return self._sign(question, handle)
        if do in {"authorise", "authorise-stamp"}:
            return self._authorise(question, officer), None
        return self._look_after(question, officer), None

    def _authorise(self, question: Mapping[str, Any], officer: str) -> dict[str, Any]:
        nonce, sha256 = str(question["nonce"])[:64], _sha256(question)
        if question["do"] == "authorise":
            return self._rules.authorise(_row(question), sha256, nonce, officer).to_json()
        return self._stamps.authorise(_ref(question), sha256, nonce, officer).to_json()

    def _look_after(self, question: Mapping[str, Any], officer: str) -> dict[str, Any]:
        """What has to do with the key, and with no document."""
        match question.get("do"):
            case "status":
                return self._rules.status().to_json()
            case "open":
                with self._key:
                    return self._open(str(question["secret"]), officer)
            case "unlock":
                return {"until": self._rules.unlock(float(question["hours"]), officer).isoformat()}
            case "lock":
                self._rules.lock(officer)
                return {}
            case other:
                raise UsageError("seal-question", reason=other)

    def _open(self, secret: str, officer: str) -> dict[str, Any]:
        if self._wrong is not None:  # a second guess that was on its way already
            raise SigningError("seal-service-away", retry=True, path=self._settings.socket)
        try:
            self._rules.open_key(secret, officer)
        except WrongSecretError as error:
            self._wrong = error
            raise
        return self._rules.status().to_json()

    def _sign(self, question: Mapping[str, Any], handle: int | None) -> tuple[dict[str, Any], int | None]:
        sha256, row = _sha256(question), _row(question) if question["do"] == "seal" else _ref(question)
        if handle is None:
            raise UsageError("seal-question", reason="no file")
        with TemporaryDirectory(prefix="seal-", dir=self._settings.state) as folder:
            copy = Path(folder) / "source.pdf"
            _take(handle, copy, self._settings.max_file_mb << 20)  # before the key's turn: a file may be read for ever
            with self._key:
                if isinstance(row, RegisterRow):
                    answer = self._rules.seal(row, sha256, copy).to_json()
                else:
                    answer = self._stamps.stamp(row, sha256, copy).to_json()
        result = os.open(self._rules.sealed_file(row), os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        return answer, result


def _take(handle: int, copy: Path, most: int) -> None:
    """The caller's open file becomes our private copy; what happens to theirs afterwards is no matter."""
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode) or status.st_size > most:
        raise RefusedError("seal-file-unfit", size=status.st_size)
    try:
        os.pread(handle, 8, 0)  # not to be read at all, like another process's memory: that is the file's fault
        with os.fdopen(os.dup(handle), "rb") as source:
            source.seek(0)
            copy_durably(source, copy, most=most)  # the size is a word of the file system: some never end
    except (OSError, OverflowError) as error:
        raise RefusedError("seal-file-unfit", size=status.st_size) from error


def _bind(listener: socket.socket, path: Path) -> None:
    """Our socket in place of a dead one; who may connect is decided by the peer's uid, hence open to all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_socket():
        path.unlink()
    before = os.umask(0o111)
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)


def _row(question: Mapping[str, Any]) -> RegisterRow:
    return RegisterRow(int(question["year"]), int(question["number"]))


def _ref(question: Mapping[str, Any]) -> StampRef:
    return StampRef(str(question["row"]))


def _sha256(question: Mapping[str, Any]) -> str:
    text = str(question["sha256"])
    if len(text) != 64 or any(c not in "0123456789abcdef" for c in text):
        raise ValueError("sha256")
    return text
