"""The one rule that says when a file is whole, for dropped files and for those found at the start alike.

A file is taken when it is **quiet**: size, mtime and inode equal at two looks that lie the quiet time apart on the
monotonic clock, and it **looks whole**. Local time never enters: clocks of shares and scanners are wrong.

Ready at once, without the wait, is only what somebody finished on purpose *and* what bears the end mark of its kind
*and* what no writer has open:

- it was renamed - seen before under a temporary name, or reported as moved: a rename is how careful writers say "done";
- its inode changed a quiet time or more after its last byte was written (ctime - mtime, both by the same file
  system's clock): it was moved in, or copied with its old times, which copiers set last. A scanner that writes in
  bursts can never look so: each of its writes sets both times together.

A scanner that pauses longer than the quiet time is kept safe by two more things: its file lacks the end mark, or the
kernel says that it still has the file open (`wholeness`). Nothing sits for ever, though: a file without its end mark is
taken after ten quiet times, and one that a writer never lets go after an hour; `examine` then says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.intake.tree import Look, Seen, name_order
from pipeline.intake.wholeness import Wholeness

PARTIAL_FACTOR = 10  # quiet times until a file without its end mark is taken all the same
HELD_SECONDS = 3600.0
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0  # seconds until a file that could not be taken is tried again


@dataclass(slots=True)
class _Watched:
    seen: Seen
    since: float  # monotonic seconds: first look at this signature
    renamed: bool = False
    wholeness: Wholeness | None = None  # of this signature
    failures: int = 0
    not_before: float = 0.0


@dataclass(slots=True)
class _Group:
    members: frozenset[Path] = frozenset()
    since: float = 0.0
    first_ready: float | None = None


@dataclass(slots=True)
class Tracker:
    """Remembers the looks. `judge` answers for a path whether it looks whole; times are monotonic seconds."""

    quiet: float
    judge: Callable[[Path], Wholeness]
    local: bool = True  # the file system's ctime is the kernel's own
    _files: dict[Path, _Watched] = field(default_factory=dict)
    _groups: dict[str, _Group] = field(default_factory=dict)
    _unfinished: frozenset[tuple[int, int]] = frozenset()

    def look(self, look: Look, now: float, moved: Iterable[Path] = ()) -> list[Seen]:
        """Take in one look; return what is ready, urgent first, then oldest, a dropped folder's files by name."""
        reported = set(moved)
        watched = {seen.path: self._update(seen, now, reported) for seen in look.files}
        self._files = watched
        self._unfinished = look.unfinished
        ready = [entry for entry in watched.values() if entry.not_before <= now and self._due(entry, now) <= now]
        return _in_order(self._settled(ready, now))

    def next_due(self, now: float) -> float | None:
        """When to look again, monotonic seconds; None when nothing waits."""
        times = [max(entry.not_before, self._wanted(entry, now)) for entry in self._files.values()]
        return min(times) if times else None

    def defer(self, path: Path, now: float) -> float:
        """This file could not be taken: leave it alone for a while, longer each time. Returns the pause in seconds."""
        entry = self._files.get(path)
        if entry is None:
            return 0.0
        pause = min(FIRST_PAUSE * (1 << min(entry.failures, 10)), LONGEST_PAUSE)
        entry.failures += 1
        entry.not_before = now + pause
        return pause

    def forget(self, path: Path) -> None:
        self._files.pop(path, None)

    def waiting(self) -> list[Path]:
        """What lies there, is not ready, and was not deferred either."""
        return [path for path, entry in self._files.items() if entry.failures == 0]

    def _update(self, seen: Seen, now: float, moved: set[Path]) -> _Watched:
        known = self._files.get(seen.path)
        renamed = seen.inode in self._unfinished or seen.path in moved
        if known is None or known.seen.inode != seen.inode:
            return _Watched(seen, now, renamed)
        if known.seen.signature != seen.signature:  # written to again: what was said about it no longer counts
            return _Watched(seen, now, renamed)
        known.seen = seen
        if renamed and not known.renamed:
            known.renamed, known.wholeness = True, None
        return known

    def _due(self, entry: _Watched, now: float) -> float:
        """When this file is whole as far as we can tell now; it may look at the file's ends."""
        if not entry.seen.regular:
            return now  # a link or a pipe does not grow; it is claimed to be refused
        at_once = entry.renamed or self._finished_on_purpose(entry.seen)
        quiet_from = entry.since + self.quiet
        if not at_once and now < quiet_from:
            return quiet_from
        if entry.wholeness in {None, Wholeness.HELD}:
            entry.wholeness = self.judge(entry.seen.path)
        if entry.wholeness is Wholeness.WHOLE:
            return now if at_once else quiet_from
        if entry.wholeness is Wholeness.UNKNOWN:
            return quiet_from
        if entry.wholeness is Wholeness.PARTIAL:
            return entry.since + self.quiet * PARTIAL_FACTOR
        return entry.since + max(HELD_SECONDS, self.quiet * PARTIAL_FACTOR)

    def _wanted(self, entry: _Watched, now: float) -> float:
        due = self._due(entry, now)
        if entry.wholeness is Wholeness.HELD:  # nobody tells us when it is let go: ask again
            return min(due, now + self.quiet)
        return due if due > now else now + self.quiet / 4  # ready but held back by its folder

    def _finished_on_purpose(self, seen: Seen) -> bool:
        return self.local and seen.ctime_ns - seen.mtime_ns >= self.quiet * 1e9

    def _settled(self, ready: list[_Watched], now: float) -> list[Seen]:
        """Without the files whose dropped folder is still being filled.

        A folder waits until all its files are ready and no new one came for a quiet time, so that its files can go in
        the order of their names; but not longer than ten quiet times from its first ready file.
        """
        members: dict[str, set[Path]] = {}
        for path, entry in self._files.items():
            if entry.seen.group and entry.failures == 0:
                members.setdefault(entry.seen.group, set()).add(path)
        self._groups = {group: self._groups.get(group, _Group()) for group in members}
        paths = {entry.seen.path for entry in ready}
        settled = {group for group in members if self._group_settled(self._groups[group], members[group], paths, now)}
        return [e.seen for e in ready if not e.seen.group or e.failures or e.seen.group in settled]

    def _group_settled(self, group: _Group, members: set[Path], ready: set[Path], now: float) -> bool:
        if not group.members or members - group.members:  # fewer are no news: we take them ourselves
            group.since = now
        group.members = frozenset(members)
        if not members & ready:
            group.first_ready = None
            return False
        if group.first_ready is None:
            group.first_ready = now
        complete = members <= ready and now - group.since >= self.quiet
        return complete or now - group.first_ready >= self.quiet * PARTIAL_FACTOR


def _in_order(ready: list[Seen]) -> list[Seen]:
    oldest: dict[str, int] = {}
    for seen in ready:
        oldest[seen.group] = min(seen.mtime_ns, oldest.get(seen.group, seen.mtime_ns))

    def key(seen: Seen) -> tuple[object, ...]:
        if seen.group:
            return -seen.urgency, oldest[seen.group], seen.group, name_order(seen.path)
        return -seen.urgency, seen.mtime_ns, "", name_order(seen.path)

    return sorted(ready, key=key)
