"""The durable engine: order, retries, failures, urgency, death and recovery, on both databases."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.engine import Engine, Failure, Step
from pipeline.errors import ReadingError, StorageError
from pipeline.settings import Journey

pytestmark = pytest.mark.integration
QUICK = Journey(first_pause_seconds=0.05, pause_factor=1.0, poll_seconds=0.05, documents_at_once=1)


class Diary:
    """What the steps did, in order."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str]] = []
        self.failures: list[tuple[str, Failure]] = []

    def step(self, name: str, fault: Callable[[str], None] = lambda _: None) -> Step:
        def run(document_id: str) -> bool:
            self.done.append((name, document_id))
            fault(document_id)
            return False

        return Step(name, run)

    def fail(self, document_id: str, failure: Failure) -> None:
        self.failures.append((document_id, failure))

    def wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline, (self.done, self.failures)
            time.sleep(0.02)


def run(database_url: str, folder: Path, diary: Diary, steps: list[Step]) -> Engine:
    engine = Engine(database_url, folder, QUICK, steps, diary.fail)
    engine.start()
    return engine


def test_steps_run_in_order_and_once_though_enqueued_twice(database_url: str, tmp_path: Path) -> None:
    diary = Diary()
    engine = run(database_url, tmp_path, diary, [diary.step("read"), diary.step("filed")])
    try:
        engine.enqueue("den-2026-00001")
        engine.enqueue("den-2026-00001")
        engine.enqueue("den-2026-00002")
        diary.wait(lambda: ("filed", "den-2026-00002") in diary.done)
    finally:
        engine.stop()
    assert sorted(diary.done) == sorted((s, f"den-2026-0000{n}") for n in (1, 2) for s in ("read", "filed"))
    assert diary.done.index(("read", "den-2026-00001")) < diary.done.index(("filed", "den-2026-00001"))


def test_a_fault_that_can_pass_is_tried_again(database_url: str, tmp_path: Path) -> None:
    diary = Diary()

    def full_disk(_document_id: str) -> None:
        if len(diary.done) < 3:
            raise StorageError("disk-full", path="x", reason="full")

    engine = run(database_url, tmp_path, diary, [diary.step("filed", full_disk), diary.step("indexed")])
    try:
        engine.enqueue("den-2026-00001")
        diary.wait(lambda: ("indexed", "den-2026-00001") in diary.done)
    finally:
        engine.stop()
    assert [name for name, _ in diary.done] == ["filed", "filed", "filed", "indexed"]
    assert diary.failures == []


def test_a_fault_that_cannot_pass_ends_one_journey_and_not_the_others(database_url: str, tmp_path: Path) -> None:
    diary = Diary()

    def bad(document_id: str) -> None:
        if document_id.endswith("1"):
            raise ReadingError("nothing-readable", path="x.pdf")
        if document_id.endswith("2"):
            raise ZeroDivisionError

    engine = run(database_url, tmp_path, diary, [diary.step("read", bad), diary.step("filed")])
    try:
        for n in (1, 2, 3):
            engine.enqueue(f"den-2026-0000{n}")
        diary.wait(lambda: ("filed", "den-2026-00003") in diary.done and len(diary.failures) == 2)
    finally:
        engine.stop()
    assert {document: failure.code for document, failure in diary.failures} == {
        "den-2026-00001": "nothing-readable",
        "den-2026-00002": "unexpected",
    }
    assert [name for name, _ in diary.done].count("filed") == 1


def test_retries_that_never_help_end_in_failure(database_url: str, tmp_path: Path) -> None:
    diary = Diary()

    def full_disk(_document_id: str) -> None:
        raise StorageError("disk-full", path="x", reason="full")

    engine = run(database_url, tmp_path, diary, [diary.step("filed", full_disk)])
    try:
        engine.enqueue("den-2026-00001")
        diary.wait(lambda: bool(diary.failures))
    finally:
        engine.stop()
    assert len(diary.done) == QUICK.attempts
    assert diary.failures[0][1].code == "disk-full"


def test_an_urgent_document_overtakes_the_waiting_ones(database_url: str, tmp_path: Path) -> None:
    diary = Diary()

    def slow(document_id: str) -> None:
        if document_id.endswith("1"):
            time.sleep(1.0)

    engine = run(database_url, tmp_path, diary, [diary.step("read", slow)])
    try:
        engine.enqueue("den-2026-00001")
        diary.wait(lambda: bool(diary.done))
        for n in (2, 3, 4):
            engine.enqueue(f"den-2026-0000{n}")
        engine.enqueue("den-2026-00005", urgency=3)
        diary.wait(lambda: len(diary.done) == 5)
    finally:
        engine.stop()
    assert [document[-1] for _, document in diary.done][:2] == ["1", "5"]


VICTIM = """
import os, signal, sys, time
from pathlib import Path
from pipeline.engine import Engine, Step
from pipeline.settings import Journey
url, folder, deadly = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
diary, failures = folder / "diary", folder / "failures"
def step(name):
    def run(document_id):
        with diary.open("a") as out:
            out.write(f"{name}\\n")
        if name == deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        return False
    return Step(name, run)
journey = Journey(poll_seconds=0.05)
engine = Engine(url, folder, journey, [step("one"), step("two"), step("three")], lambda d, f: None, give_up_after=2)
engine.start()
engine.enqueue("den-2026-00001")
deadline = time.monotonic() + 60
while time.monotonic() < deadline:
    if diary.exists() and diary.read_text().endswith("three\\n") and deadly != "three" or engine.forsaken():
        break
    time.sleep(0.05)
failures.write_text(",".join(f"{d}.{n}" for d, n in sorted(engine.forsaken())))
engine.stop()
"""


def victim(database_url: str, folder: Path, deadly: str) -> int:
    command = [sys.executable, "-c", VICTIM, database_url, str(folder), deadly]
    return subprocess.run(command, check=False, timeout=120).returncode


def test_a_killed_journey_goes_on_after_its_last_checkpoint(database_url: str, tmp_path: Path) -> None:
    assert victim(database_url, tmp_path, "two") == -9
    assert victim(database_url, tmp_path, "never") == 0
    assert (tmp_path / "diary").read_text().split() == ["one", "two", "two", "three"]


def test_a_journey_that_kills_its_process_each_time_is_given_up(database_url: str, tmp_path: Path) -> None:
    deaths = 0
    while victim(database_url, tmp_path, "two") == -9:
        deaths += 1
        assert deaths < 20
    assert deaths > 1
    assert (tmp_path / "failures").read_text() == "den-2026-00001.1"
