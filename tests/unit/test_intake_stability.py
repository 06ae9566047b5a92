"""When a file is whole: the rule alone, with a clock and looks that the test makes up."""

from __future__ import annotations

from pathlib import Path

from pipeline.intake.stability import FIRST_PAUSE, HELD_SECONDS, PARTIAL_FACTOR, Tracker
from pipeline.intake.tree import Look, Seen
from pipeline.intake.wholeness import Wholeness

QUIET = 3.0
START = 1_000.0
WRITTEN = 1_700_000_000_000_000_000  # ns


class Folder:
    """Files that a test writes, renames and looks at."""

    def __init__(self) -> None:
        self.files: dict[str, Seen] = {}
        self.unfinished: set[tuple[int, int]] = set()
        self.inodes: dict[str, int] = {}
        self.verdicts: dict[str, Wholeness] = {}
        self.tracker = Tracker(QUIET, lambda path: self.verdicts.get(path.name, Wholeness.WHOLE))

    def write(self, name: str, size: int, *, urgency: int = 0, group: str = "", at: int = 0, moved_at: int = 0) -> None:
        mtime = WRITTEN + at * 1_000_000_000
        self.files[name] = Seen(
            Path(group) / name,
            urgency,
            group,
            (1, self.inodes.setdefault(name, len(self.inodes) + 10)),
            size,
            mtime,
            mtime + moved_at * 1_000_000_000,
        )

    def look(self, seconds: float, moved: tuple[str, ...] = ()) -> list[str]:
        look = Look(tuple(self.files.values()), frozenset(self.unfinished))
        return [seen.path.name for seen in self.tracker.look(look, START + seconds, {Path(name) for name in moved})]

    def take(self, name: str) -> None:
        seen = self.files.pop(name)
        self.tracker.forget(seen.path)


def test_a_file_is_ready_after_the_quiet_time_and_not_before() -> None:
    folder = Folder()
    folder.write("a.pdf", 100)
    assert folder.look(0) == []
    assert folder.look(2.9) == []
    assert folder.look(3.0) == ["a.pdf"]


def test_the_first_look_never_suffices_however_late_it_comes() -> None:
    folder = Folder()
    folder.write("found at start.pdf", 100)
    assert folder.look(10_000) == []


def test_each_write_starts_the_quiet_time_anew() -> None:
    folder = Folder()
    for second in range(10):
        folder.write("a.pdf", 100 + second, at=second)
        assert folder.look(second) == []
    assert folder.look(11.9) == []
    assert folder.look(12.0) == ["a.pdf"]


def test_a_rewrite_of_equal_size_is_a_write() -> None:
    folder = Folder()
    folder.write("a.pdf", 100)
    folder.look(0)
    folder.write("a.pdf", 100, at=1)
    assert folder.look(3.0) == []


def test_a_scanner_that_writes_in_bursts_longer_than_the_quiet_time_is_waited_for() -> None:
    folder = Folder()
    folder.verdicts["scan.pdf"] = Wholeness.PARTIAL
    for burst in range(5):
        folder.write("scan.pdf", 1000 * burst, at=8 * burst)
        assert folder.look(8 * burst) == []
        assert folder.look(8 * burst + 7) == []
    folder.verdicts["scan.pdf"] = Wholeness.WHOLE
    folder.write("scan.pdf", 9000, at=40)
    folder.look(40)
    assert folder.look(43) == ["scan.pdf"]


def test_a_file_that_its_writer_holds_is_waited_for_even_if_it_looks_whole() -> None:
    folder = Folder()
    folder.verdicts["a.tif"] = Wholeness.HELD
    folder.write("a.tif", 100)
    folder.look(0)
    assert folder.look(600) == []
    folder.verdicts["a.tif"] = Wholeness.WHOLE
    assert folder.look(601) == ["a.tif"]


def test_nothing_sits_for_ever() -> None:
    folder = Folder()
    folder.verdicts.update({"cut.pdf": Wholeness.PARTIAL, "held.pdf": Wholeness.HELD})
    folder.write("cut.pdf", 100)
    folder.write("held.pdf", 100)
    folder.look(0)
    assert folder.look(QUIET * PARTIAL_FACTOR - 0.1) == []
    assert folder.look(QUIET * PARTIAL_FACTOR) == ["cut.pdf"]
    folder.take("cut.pdf")
    assert folder.look(HELD_SECONDS) == ["held.pdf"]


def test_a_file_renamed_from_a_temporary_name_is_ready_at_once() -> None:
    folder = Folder()
    folder.write("a.pdf", 100)
    inode = folder.files["a.pdf"].inode
    written = folder.files.pop("a.pdf")
    folder.unfinished = {inode}
    assert folder.look(0) == []
    folder.unfinished = set()
    folder.files["a.pdf"] = written
    assert folder.look(0.1) == ["a.pdf"]


def test_a_file_reported_as_moved_is_ready_at_once_only_if_it_looks_whole() -> None:
    folder = Folder()
    folder.verdicts["cut.pdf"] = Wholeness.PARTIAL
    folder.write("a.pdf", 100)
    folder.write("cut.pdf", 100)
    assert folder.look(0, moved=("a.pdf", "cut.pdf")) == ["a.pdf"]


def test_a_file_moved_in_long_after_it_was_written_is_ready_at_once() -> None:
    folder = Folder()
    folder.write("moved.pdf", 100, moved_at=3)
    folder.write("just written.pdf", 100, moved_at=2)
    assert folder.look(0) == ["moved.pdf"]


def test_a_share_s_change_times_are_not_believed() -> None:
    folder = Folder()
    folder.tracker.local = False
    folder.write("moved.pdf", 100, moved_at=1000)
    assert folder.look(0) == []


def test_a_link_or_pipe_is_handed_over_at_once_without_being_judged() -> None:
    folder = Folder()
    folder.tracker.judge = None  # type: ignore[assignment] - calling it would fail
    folder.files["pipe"] = Seen(Path("pipe"), 0, "", (1, 9), 0, WRITTEN, WRITTEN, regular=False)
    assert folder.look(0) == ["pipe"]


def test_urgent_goes_first_then_the_oldest() -> None:
    folder = Folder()
    folder.write("new.pdf", 1, at=9)
    folder.write("old.pdf", 1, at=1)
    folder.write("khẩn.pdf", 1, at=20, urgency=1)
    folder.write("hỏa tốc.pdf", 1, at=30, urgency=3)
    folder.look(0)
    assert folder.look(3) == ["hỏa tốc.pdf", "khẩn.pdf", "old.pdf", "new.pdf"]


def test_a_dropped_folder_goes_as_a_whole_in_the_order_of_names() -> None:
    folder = Folder()
    folder.write("trang 10.tif", 1, at=1, group="tập")
    folder.write("trang 2.tif", 1, at=2, group="tập")
    folder.look(0)
    folder.write("trang 1.tif", 1, at=3, group="tập")
    assert folder.look(2) == []
    assert folder.look(4) == []
    assert folder.look(5) == ["trang 1.tif", "trang 2.tif", "trang 10.tif"]


def test_taking_the_first_file_of_a_folder_does_not_unsettle_the_others() -> None:
    folder = Folder()
    folder.write("1.tif", 1, group="tập")
    folder.write("2.tif", 1, group="tập")
    folder.look(0)
    assert folder.look(3) == ["1.tif", "2.tif"]
    folder.take("1.tif")
    assert folder.look(3.1) == ["2.tif"]


def test_one_unfinished_file_holds_its_folder_only_for_a_while() -> None:
    folder = Folder()
    folder.verdicts["2.tif"] = Wholeness.HELD
    folder.write("1.tif", 1, group="tập")
    folder.write("2.tif", 1, group="tập")
    folder.look(0)
    assert folder.look(3) == []
    assert folder.look(3 + QUIET * PARTIAL_FACTOR) == ["1.tif"]


def test_what_could_not_be_taken_is_offered_again_later_and_later() -> None:
    folder = Folder()
    folder.write("a.pdf", 100)
    folder.look(0)
    folder.look(3)
    first = folder.tracker.defer(Path("a.pdf"), START + 3)
    assert first == FIRST_PAUSE
    assert folder.look(3 + first - 0.1) == []
    assert folder.look(3 + first) == ["a.pdf"]
    assert folder.tracker.defer(Path("a.pdf"), START + 3 + first) > first


def test_the_next_look_comes_when_a_file_may_be_ready() -> None:
    folder = Folder()
    assert folder.tracker.next_due(START) is None
    folder.write("a.pdf", 100)
    folder.look(0)
    assert folder.tracker.next_due(START) == START + QUIET
