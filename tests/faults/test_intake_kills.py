"""SIGKILL before every single file-system call of the intake: nothing is lost, nothing half-made has a final name."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.document import Kind
from pipeline.errors import RefusedError
from pipeline.files import TEMPORARY_PREFIX, sha256_of
from pipeline.intake import Claim, claim, moving, pending_claims, reason_paths, refuse, retire, secure
from tests.intake_files import drop

pytestmark = pytest.mark.faults
DATA = b"the only copy of a document" * 1000
CALLS = {"open", "os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.listdir", "os.link", "os.symlink"}
WHY = RefusedError("executable", path="a.pdf")
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def killed_before_call(number: int, act: Callable[[], object]) -> bool:
    """Run `act` in a fork of us that kills itself before its `number`-th call; False when it ended before that."""
    child = os.fork()
    if child == 0:
        left = number

        def watch(event: str, _: object) -> None:
            nonlocal left
            if event in CALLS:
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.addaudithook(watch)
            act()
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "it failed without being killed"
    return os.WIFSIGNALED(status)


def copies(folder: Path) -> list[Path]:
    """Every place where the whole bytes lie under a name that is not temporary."""
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(TEMPORARY_PREFIX) and path.read_bytes() == DATA
    ]


def no_half_file(folder: Path) -> bool:
    final = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(TEMPORARY_PREFIX)]
    return all(path.stat().st_size == len(DATA) or ".ly-do." in path.name for path in final)


def claimed(folder: Path) -> Claim:
    (folder / "den").mkdir(parents=True)
    return claim(drop(folder / "den", "a.pdf", DATA), folder / "den", 2)


def at_every_call(tmp_path: Path, act: Callable[[Path, Claim], object], after: Callable[[Path, Claim], None]) -> None:
    """Kill `act` before its first, second … call; nothing may be lost, and what a restart does must end well."""
    number = 0
    while True:
        number += 1
        folder = tmp_path / str(number)
        made = claimed(folder)
        killed = killed_before_call(number, lambda folder=folder, made=made: act(folder, made))  # type: ignore[misc]
        assert copies(folder), f"lost before call {number}"
        assert no_half_file(folder)
        after(folder, made)
        if not killed:
            break
    assert number > 3, "nothing was ever killed"


def test_killed_while_claiming_the_file_is_dropped_or_claimed(tmp_path: Path) -> None:
    number = 0
    while True:
        number += 1
        incoming = tmp_path / str(number)
        path = drop(incoming, "a.pdf", DATA)
        killed = killed_before_call(number, lambda path=path, incoming=incoming: claim(path, incoming, 3))  # type: ignore[misc]
        found = pending_claims(incoming)
        assert len(copies(incoming)) == 1
        assert path.exists() == (not found)
        assert all(each.urgency == 3 and each.path.read_bytes() == DATA for each in found)
        assert claim(found[0].path if found else path, incoming) is not None
        if not killed:
            break
    assert number > 3


def test_killed_while_securing_the_claim_stays_and_securing_again_succeeds(tmp_path: Path) -> None:
    def act(folder: Path, made: Claim) -> object:
        return secure(made, Kind.PDF, (), folder / "staged" / made.id, reserve_mb=0)

    def after(folder: Path, made: Claim) -> None:
        assert pending_claims(folder / "den") == [made]
        original = secure(made, Kind.PDF, (), folder / "staged" / made.id, reserve_mb=0)
        assert original.sha256 == sha256_of(made.path) == sha256_of(Path(original.path))
        assert [path.name for path in (folder / "staged" / made.id).iterdir()] == ["original.pdf"]

    at_every_call(tmp_path, act, after)


def finish_retiring(folder: Path, made: Claim) -> None:
    for pending in pending_claims(folder / "den"):
        assert pending == made
        retire(pending, folder / "received")
    assert (folder / "received" / made.id / "a.pdf").read_bytes() == DATA
    assert pending_claims(folder / "den") == []
    assert len(copies(folder)) == 1


def finish_refusing(folder: Path, made: Claim) -> None:
    for pending in pending_claims(folder / "den"):
        refuse(pending, folder / "khong-nhan", WHY, ["vì sao"], NOW)
    (path,) = copies(folder / "khong-nhan")
    assert path.name == "a.pdf"
    assert all(reason.stat().st_size for reason in reason_paths(path))
    assert len(list((folder / "khong-nhan").iterdir())) == 3
    assert pending_claims(folder / "den") == []


def no_rename(source: Path, target: Path, **_: bool) -> None:
    raise OSError(18, os.strerror(18))  # EXDEV


@pytest.mark.parametrize("disks", ["one disk", "two disks"])
def test_killed_while_retiring_the_file_is_claimed_or_received(
    tmp_path: Path, disks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if disks == "two disks":
        monkeypatch.setattr(moving, "_rename", no_rename)
    at_every_call(tmp_path, lambda folder, made: retire(made, folder / "received"), finish_retiring)


@pytest.mark.parametrize("disks", ["one disk", "two disks"])
def test_killed_while_refusing_the_file_is_claimed_or_refused_with_its_reason(
    tmp_path: Path, disks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if disks == "two disks":
        monkeypatch.setattr(moving, "_rename", no_rename)
    at_every_call(
        tmp_path, lambda folder, made: refuse(made, folder / "khong-nhan", WHY, ["vì sao"], NOW), finish_refusing
    )


def test_claimers_race_and_exactly_one_wins_each_file(tmp_path: Path) -> None:
    """Real processes, let go together by a pipe that closes."""
    incoming = tmp_path / "den"
    paths = [drop(incoming, f"{n}.pdf", str(n).encode()) for n in range(25)]
    start, gate = os.pipe()
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            os.close(gate)
            os.read(start, 1)
            won = 0
            for path in paths:
                try:
                    claim(path, incoming)
                    won += 1
                except Exception:  # noqa: BLE001, S110 - counted by the parent
                    pass
            os._exit(won)
        children.append(child)
    os.close(start)
    os.close(gate)
    won = [os.WEXITSTATUS(os.waitpid(child, 0)[1]) for child in children]
    assert sum(won) == len(paths)
    assert {made.path.read_bytes() for made in pending_claims(incoming)} == {str(n).encode() for n in range(25)}
