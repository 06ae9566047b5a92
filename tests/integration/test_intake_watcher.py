"""A real folder with real events: what is taken, in which order, and what the watcher survives."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.errors import StorageError
from pipeline.intake import claim, sweep, waiting_files, watch
from pipeline.intake.hints import Hints
from pipeline.settings import Intake
from tests import intake_files as made

pytestmark = pytest.mark.integration
PATIENCE = 20.0  # seconds until a test gives up; no test waits for it when it passes
PDF = made.pdf()


class Desk:
    """Takes files as the journey does, by claiming them, and remembers them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken: list[tuple[str, int]] = []
        self.beats = 0
        self.before: Callable[[Path], None] = lambda _: None

    def take(self, path: Path, urgency: int) -> None:
        self.before(path)
        made_claim = claim(path, self.folder, urgency)
        self.taken.append((made_claim.name, urgency))

    def beat(self) -> None:
        self.beats += 1

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.taken]


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    (tmp_path / "den").mkdir()
    return tmp_path / "den"


@pytest.fixture
def desk(incoming: Path) -> Desk:
    return Desk(incoming)


@pytest.fixture(params=["native", "polling"])
def watched(request: pytest.FixtureRequest, desk: Desk) -> Iterator[Desk]:
    """A running watcher, in each mode."""
    with running(desk, Intake(mode=request.param, rescan_seconds=0.2, quiet_seconds=0.2)):
        yield desk


class running:  # noqa: N801 - reads as a statement
    def __init__(self, desk: Desk, intake: Intake) -> None:
        self.stop = threading.Event()
        self.thread = threading.Thread(target=watch, args=(desk.folder, intake, desk.take, self.stop, desk.beat))

    def __enter__(self) -> running:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()


def until(wanted: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not wanted():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


FAST = Intake(rescan_seconds=0.2, quiet_seconds=0.2)


def test_dropped_and_found_files_are_taken_alike(watched: Desk, incoming: Path) -> None:
    made.drop(incoming, "a.pdf", PDF)
    until(lambda: watched.names == ["a.pdf"])
    made.drop(incoming, "b.pdf", PDF)
    until(lambda: watched.names == ["a.pdf", "b.pdf"])


def test_a_file_that_is_written_in_bursts_is_taken_once_and_whole(watched: Desk, incoming: Path) -> None:
    sizes: list[int] = []
    watched.before = lambda path: sizes.append(path.stat().st_size)
    data = made.pdf(30)
    with (incoming / "scan.pdf").open("wb", buffering=0) as file:
        for start in range(0, len(data), len(data) // 4):
            file.write(data[start : start + len(data) // 4])
            before = watched.beats
            until(lambda before=before: watched.beats >= before + 2)  # type: ignore[misc]
            assert watched.names == []
    until(lambda: watched.names == ["scan.pdf"])
    assert sizes == [len(data)]


def test_a_rename_makes_a_file_ready_at_once(desk: Desk, incoming: Path) -> None:
    patient = Intake(mode="native", rescan_seconds=0.2, quiet_seconds=3600)
    made.drop(incoming, "scan.pdf.part", PDF)
    with running(desk, patient):
        until(lambda: desk.beats >= 2)
        (incoming / "scan.pdf.part").rename(incoming / "scan.pdf")
        until(lambda: desk.names == ["scan.pdf"])


def test_a_sweep_gives_the_kernel_its_watches_back(desk: Desk, incoming: Path) -> None:
    def open_files() -> int:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())

    before = open_files()
    for name in ("a.pdf", "b.pdf"):  # one a round: a service that sweeps would run out of watches after 128
        made.drop(incoming, name, PDF)
        assert sweep(incoming, FAST, desk.take) == 1
    assert open_files() == before


def test_a_file_moved_in_with_its_old_times_is_ready_at_once(desk: Desk, incoming: Path, tmp_path: Path) -> None:
    path = made.drop(tmp_path, "old.pdf", PDF)
    os.utime(path, (1_600_000_000, 1_600_000_000))
    path.rename(incoming / "old.pdf")
    assert sweep(incoming, Intake(mode="native", quiet_seconds=3600), desk.take) == 1


def test_urgent_folders_overtake_in_their_order(desk: Desk, incoming: Path) -> None:
    for name in ("a.pdf", "khan/b.pdf", "Hỏa tốc/c.pdf", "thuong-khan/d.pdf"):
        made.drop(incoming, name, PDF)
    assert sweep(incoming, FAST, desk.take) == 4
    assert desk.taken == [("c.pdf", 3), ("d.pdf", 2), ("b.pdf", 1), ("a.pdf", 0)]


def test_a_dropped_folder_is_taken_in_the_order_of_its_names(desk: Desk, incoming: Path) -> None:
    for name in ("trang 10.pdf", "trang 2.pdf", "trang 1.pdf", "phụ lục/1.pdf"):
        made.drop(incoming, f"tập/{name}", PDF)
    assert sweep(incoming, FAST, desk.take) == 4
    assert desk.names == ["1.pdf", "trang 1.pdf", "trang 2.pdf", "trang 10.pdf"]


def test_litter_is_left_where_it_is(desk: Desk, incoming: Path) -> None:
    litter = {"a.part", "Thumbs.db", "._a.pdf", ".DS_Store", "@eaDir/x.pdf", "~$a.docx", "nháp.pdf"}
    for name in litter:
        made.drop(incoming, name, PDF)
    made.drop(incoming, "a.pdf", PDF)
    assert waiting_files(incoming, Intake(ignore=("nháp*",))) == [incoming / "a.pdf"]
    assert sweep(incoming, Intake(quiet_seconds=0.2, ignore=("nháp*",)), desk.take) == 1
    assert {str(path.relative_to(incoming)) for path in incoming.rglob("*") if path.is_file()} >= litter


def test_what_is_already_claimed_is_not_taken_again(desk: Desk, incoming: Path) -> None:
    claim(made.drop(incoming, "a.pdf", PDF), incoming)
    assert sweep(incoming, FAST, desk.take) == 0


def test_a_link_and_a_pipe_are_handed_over_to_be_refused(desk: Desk, incoming: Path) -> None:
    (incoming / "link.pdf").symlink_to("/etc/passwd")
    os.mkfifo(incoming / "pipe.pdf")
    assert sweep(incoming, FAST, desk.take) == 2


def test_a_cut_file_is_taken_in_the_end(desk: Desk, incoming: Path) -> None:
    made.drop(incoming, "cut.pdf", PDF[: len(PDF) // 2])
    made.drop(incoming, "empty.pdf", b"")
    assert sweep(incoming, Intake(quiet_seconds=0.05), desk.take) == 2


def test_a_sweep_leaves_what_its_writer_holds_and_ends(
    desk: Desk, incoming: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made.drop(incoming, "a.pdf", PDF)
    with made.drop(incoming, "held.pdf", PDF).open("ab"):
        assert sweep(incoming, Intake(mode="native", quiet_seconds=0.05), desk.take) == 1
    assert "held.pdf" in caplog.text


@pytest.mark.parametrize(
    "error", [StorageError("disk-full", path="x", reason="y"), RuntimeError("poison"), OSError(errno.EIO, "io")]
)
def test_no_single_file_ends_the_watching(watched: Desk, incoming: Path, error: Exception) -> None:
    def poison(path: Path) -> None:
        if path.name == "poison.pdf":
            raise error

    watched.before = poison
    made.drop(incoming, "poison.pdf", PDF)
    made.drop(incoming, "good.pdf", PDF)
    until(lambda: watched.names == ["good.pdf"])
    assert (incoming / "poison.pdf").exists()


def test_a_sweep_tries_a_file_that_fails_once_and_ends(desk: Desk, incoming: Path) -> None:
    tries: list[Path] = []

    def fail(path: Path) -> None:
        tries.append(path)
        raise StorageError("cannot-claim", path=path, reason="?")

    desk.before = fail
    path = made.drop(incoming, "a.pdf", PDF)
    assert sweep(incoming, FAST, desk.take) == 0
    assert tries == [path]


def test_the_first_log_line_says_mode_and_file_system(
    desk: Desk, incoming: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="pipeline.intake")
    with running(desk, Intake(mode="polling", rescan_seconds=0.2)):
        until(lambda: desk.beats > 0)
    assert "polling mode on" in caplog.records[0].getMessage()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EMFILE])
def test_without_a_watch_to_spare_it_polls_and_says_so(
    desk: Desk, incoming: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, number: int
) -> None:
    def no_watch(hints: Hints, folders: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Hints, "follow", no_watch)
    with running(desk, Intake(mode="native", rescan_seconds=0.2, quiet_seconds=0.2)):
        made.drop(incoming, "a.pdf", PDF)
        until(lambda: desk.names == ["a.pdf"])
    assert "polling mode from now on" in caplog.text


def test_a_folder_that_vanishes_and_comes_back_is_watched_again(
    watched: Desk, incoming: Path, caplog: pytest.LogCaptureFixture
) -> None:
    until(lambda: watched.beats > 0)
    shutil.rmtree(incoming)
    until(lambda: "waiting for it" in caplog.text)
    beats = watched.beats
    incoming.mkdir()
    made.drop(incoming, "a.pdf", PDF)
    until(lambda: watched.names == ["a.pdf"])
    assert watched.beats > beats


def test_events_alone_wake_a_watcher_that_rescans_rarely(desk: Desk, incoming: Path) -> None:
    with running(desk, Intake(mode="native", rescan_seconds=3600, quiet_seconds=0.2)):
        until(lambda: desk.beats > 0)
        made.drop(incoming, "a.pdf", PDF)
        until(lambda: desk.names == ["a.pdf"])


def test_a_name_in_no_encoding_is_taken(watched: Desk, incoming: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(incoming) + b"/C\xabng v\xa8n\n.pdf"))
    path.write_bytes(PDF)
    until(lambda: len(watched.names) == 1)


def test_an_urgent_file_overtakes_a_row_that_is_being_taken(desk: Desk, incoming: Path) -> None:
    for number in range(5):
        made.drop(incoming, f"{number}.pdf", PDF)

    def urgent_comes(path: Path) -> None:
        if path.name == "0.pdf":
            ready = made.drop(incoming.parent, "urgent.pdf", PDF)
            os.utime(ready, (1_600_000_000, 1_600_000_000))
            (incoming / "hoa-toc").mkdir()
            ready.rename(incoming / "hoa-toc" / "urgent.pdf")

    desk.before = urgent_comes
    with running(desk, Intake(mode="native", rescan_seconds=1e-6, quiet_seconds=0.2)):
        until(lambda: len(desk.taken) == 6)
    assert desk.names.index("urgent.pdf") == 1
