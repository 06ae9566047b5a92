"""Many files signed by one key, one result each; stopped anywhere and started again, no file is signed twice.

A signed file is written whole into a hidden folder beside its target, then noted in a journal, then moved to its place.
What is noted is never signed again, also when somebody has taken the signed file away meanwhile.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pipeline.errors import BusyError, NotFoundError, VanthuError
from pipeline.files import move_durably, sha256_of, storage_errors
from pipeline.signatures.values import Signed

STAGE = ".dang-ky"
JOURNAL = "nhat-ky.jsonl"
Sign = Callable[[Path, Path], Signed]


class Outcome(StrEnum):
    SIGNED = "signed"
    ALREADY = "already"  # an earlier run, or the same file under another name
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one file. `target` is where the signed one was put; `error` says why there is none."""

    source: Path
    outcome: Outcome
    target: Path | None = None
    signed: Signed | None = None
    error: VanthuError | None = None


def sign_many(files: Sequence[Path], folder: Path, holder: str, sign: Sign) -> Iterator[Result]:
    """Sign each file into `folder` under its own name. `holder`: the certificate's fingerprint.

    A fault of one file is its result and the next one's turn comes; what no file can pass (a key that is gone) raises.
    Raises BusyError when another run signs into the same folder.
    """
    stage = folder / STAGE
    with storage_errors(stage):
        stage.mkdir(parents=True, exist_ok=True)
    lock = FileLock(stage / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise BusyError("signing-busy", path=folder) from error
    try:
        journal = _Journal(stage / JOURNAL)
        for source in files:
            yield _one(source, folder, stage, holder, sign, journal)
    finally:
        lock.release()


def _one(source: Path, folder: Path, stage: Path, holder: str, sign: Sign, journal: _Journal) -> Result:
    try:
        name = f"{sha256_of(source)}-{holder[:16]}"
    except OSError as error:
        missing = NotFoundError("file-gone", path=source.name, reason=error.strerror or error)
        return Result(source, Outcome.FAILED, error=missing)
    staged = stage / f"{name}.pdf"
    noted = journal.target(name)
    if noted is not None:
        if staged.exists():  # stopped between the note and the move
            _publish(staged, noted)
        return Result(source, Outcome.ALREADY, noted)
    signed = None
    outcome = Outcome.ALREADY
    if not staged.exists():  # else stopped between the signature and the note: it is whole, or it would not be there
        try:
            signed = sign(source, staged)
        except VanthuError as error:
            return Result(source, Outcome.FAILED, error=error)
        outcome = Outcome.SIGNED
    target = _free(folder / source.name)
    journal.note(name, target, source)
    _publish(staged, target)
    return Result(source, outcome, target, signed)


def _publish(staged: Path, target: Path) -> None:
    move_durably(staged, target if not target.exists() else _free(target))


def _free(target: Path) -> Path:
    """The name, or the first like it that nothing has yet: two drafts may have the same name."""
    for number in range(1, 10_000):
        candidate = target if number == 1 else target.with_stem(f"{target.stem}-{number}")
        if not candidate.exists():
            return candidate
    raise FileExistsError(target)


class _Journal:
    """One line for each file that was signed. A line that a crash cut off is no line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._noted: dict[str, str] = {}
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            try:
                entry: dict[str, Any] = json.loads(line)
                self._noted[entry["file"]] = entry["target"]
            except (ValueError, KeyError, TypeError):
                continue

    def target(self, name: str) -> Path | None:
        noted = self._noted.get(name)
        return Path(noted) if noted is not None else None

    def note(self, name: str, target: Path, source: Path) -> None:
        line = json.dumps({"file": name, "target": str(target), "source": source.name}, ensure_ascii=False)
        with storage_errors(self._path):
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
            with os.fdopen(handle, "ab") as out:
                out.write(b"\n" + line.encode())  # a cut-off line before must not take this one with it
                out.flush()
                os.fsync(out.fileno())
        self._noted[name] = str(target)
