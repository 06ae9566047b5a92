"""Watches a folder for ever, or empties it once: looks again and again, and hands over each file that is whole."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from pipeline import settings
from pipeline.errors import NotFoundError, StorageError, VanthuError
from pipeline.intake.hints import Hints
from pipeline.intake.mounts import LOCAL, WatchMode, choose_mode
from pipeline.intake.names import display_name
from pipeline.intake.stability import PARTIAL_FACTOR, Tracker
from pipeline.intake.tree import Seen, look_at, urgent_paths
from pipeline.intake.wholeness import wholeness

Take = Callable[[Path, int], None]
STOP_SECONDS = 0.2  # how long a stop may go unnoticed while nothing happens
SHORTEST_PAUSE = 0.05  # between two looks, however many events come
SWEEP_FACTOR = 3 * PARTIAL_FACTOR  # quiet times after which a sweep gives up on a file that keeps changing

log = logging.getLogger(__name__)


def watch(folder: Path, intake: settings.Intake, take: Take, stop: threading.Event, beat: Callable[[], None]) -> None:
    """Call `take(path, urgency)` for each whole file, urgent folders first, then oldest first, until `stop` is set.

    `take` moves the file away (by `claim`); when it raises or leaves the file there, the file is offered again later.
    `beat` is called after each look that succeeded: a service that is up but blind stops beating. Returns at a
    stop, after the file in hand. Nothing that a single file does ends the loop.
    """
    watcher = _Watcher(folder, intake, take)
    watcher.begin()
    try:
        while not stop.is_set():
            pause = watcher.round(stop, beat)
            watcher.sleep(pause, stop)
    finally:
        watcher.hints.close()
        log.info("stopped watching %s", folder)


def sweep(folder: Path, intake: settings.Intake, take: Take, stop: threading.Event | None = None) -> int:
    """Take everything that is there and gets whole by the same rule; return how many files were taken.

    A file that cannot be taken is tried once; one that a writer holds or that never stops changing is left after
    thirty quiet times. Both are logged and found again by the next sweep.
    """
    stop = stop or threading.Event()
    watcher = _Watcher(folder, intake, take)
    try:
        _until_empty(watcher, stop)
    finally:
        watcher.hints.close()
    return watcher.taken


def _until_empty(watcher: _Watcher, stop: threading.Event) -> None:
    deadline = time.monotonic() + watcher.tracker.quiet * SWEEP_FACTOR
    while not stop.is_set():
        before = watcher.taken
        pause = watcher.round(stop, lambda: None)
        left = watcher.tracker.waiting()
        if not left or watcher.blind:
            break
        if watcher.taken > before:
            deadline = time.monotonic() + watcher.tracker.quiet * SWEEP_FACTOR
        elif time.monotonic() > deadline:
            log.warning("%d files never became whole and were left: %s", len(left), display_name(min(left)))
            break
        watcher.sleep(pause, stop)


def waiting_files(folder: Path, intake: settings.Intake) -> list[Path]:
    """What lies in the folder and is not litter, whole or not; nothing when the folder cannot be seen."""
    try:
        return [seen.path for seen in look_at(folder, intake.urgent_folders, intake.ignore).files]
    except OSError:
        return []


class _Watcher:
    """What lasts from one look to the next."""

    def __init__(self, folder: Path, intake: settings.Intake, take: Take) -> None:
        self.folder, self.intake, self.take = folder.absolute(), intake, take
        self.mode, self.file_system = choose_mode(folder, intake)
        local = self.file_system in LOCAL
        quiet = intake.quiet_seconds if local else intake.quiet_seconds_network
        self.tracker = Tracker(quiet, lambda path: wholeness(path, ask_kernel=local), local)
        self.hints = Hints()
        self.taken = 0
        self.blind = False

    def begin(self) -> None:
        log.info(
            "watching %s: %s mode on %s, quiet time %g s, a full look every %g s",
            self.folder, self.mode, self.file_system, self.tracker.quiet, self.intake.rescan_seconds,
        )  # fmt: skip

    def round(self, stop: threading.Event, beat: Callable[[], None]) -> float:
        """Look, take what is ready, look again as soon as something new may overtake; return the seconds to sleep."""
        ready = self._look()
        if ready is None:
            return self.intake.rescan_seconds
        beat()
        looked = time.monotonic()
        for seen in ready:
            if stop.is_set():
                return 0.0
            if not self._offer(seen):
                break
            # An urgent document must not wait behind a long row of others that were ready before it came.
            if self.hints.wake.is_set() or time.monotonic() - looked > self.intake.rescan_seconds:
                return 0.0
        now = time.monotonic()
        due = self.tracker.next_due(now)
        return self.intake.rescan_seconds if due is None else min(max(due - now, 0.0), self.intake.rescan_seconds)

    def sleep(self, seconds: float, stop: threading.Event) -> None:
        """Until the time is over, a hint comes or a stop is asked for; never less than the shortest pause."""
        stop.wait(SHORTEST_PAUSE)
        until = time.monotonic() + seconds - SHORTEST_PAUSE
        while not stop.is_set() and (left := until - time.monotonic()) > 0:
            if self.hints.wake.wait(min(left, STOP_SECONDS)):
                break

    def _look(self) -> list[Seen] | None:
        """What is ready now; None when the folder cannot be seen (an unplugged share comes back, so we wait)."""
        self.hints.wake.clear()
        try:
            self._follow()
            look = look_at(self.folder, self.intake.urgent_folders, self.intake.ignore)
        except OSError as error:
            if not self.blind:
                log.error("cannot see %s, waiting for it: %s", self.folder, error)  # noqa: TRY400 - nobody needs the trace
            self.blind = True
            return None
        if self.blind:
            log.warning("%s can be seen again", self.folder)
        self.blind = False
        return self.tracker.look(look, time.monotonic(), self.hints.moved())

    def _follow(self) -> None:
        self.folder.stat()
        if self.mode is not WatchMode.NATIVE:
            return
        try:
            self.hints.follow([self.folder, *urgent_paths(self.folder, self.intake.urgent_folders)])
        except FileNotFoundError:
            raise
        except OSError as error:  # ENOSPC, EMFILE: no watch or instance to spare; any other is no better
            self.mode = WatchMode.POLLING
            self.hints.close()
            log.warning("the kernel gives no watch for %s (%s): polling mode from now on", self.folder, error)

    def _offer(self, seen: Seen) -> bool:
        """Hand one file over; False when no other need be tried now."""
        name = display_name(seen.path)
        carry_on = True
        try:
            self.take(seen.path, seen.urgency)
        except NotFoundError:
            log.debug("gone before it was taken: %s", name)
        except VanthuError as error:
            log.warning("not taken now: %s: %s", name, error)
            carry_on = not (isinstance(error, StorageError) and error.code == "disk-full")
        except Exception:
            log.exception("not taken, an error of ours: %s", name)
        if self._still_there(seen):
            pause = self.tracker.defer(seen.path, time.monotonic())
            log.info("tried again in %g s: %s", pause, name)
        else:
            self.taken += 1
            self.tracker.forget(seen.path)
        return carry_on

    @staticmethod
    def _still_there(seen: Seen) -> bool:
        try:
            facts = os.lstat(seen.path)
        except OSError:
            return False
        return (facts.st_dev, facts.st_ino) == seen.inode
