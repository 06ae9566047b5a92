"""Rounds of leaving documents while everybody is killed again and again, and what must hold after each.

In a round drafts are prepared, signed, released, sealed, issued and filed, while the watching service, the seal
service and the officer's command get SIGKILL: at a stage, before their n-th change of a file, message or commit, or
after a random time. Every third round seals while no time stamp service answers: the upgrade is cut off too.
`bench/kills.py` runs hundreds of them, the suite a few.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pipeline import registers
from pipeline.archive import bags, load, verify
from pipeline.database import audit
from pipeline.database.tables import DocumentRow, EntryRow, OutgoingRow
from pipeline.errors import SigningError
from pipeline.files import sha256_of
from pipeline.journeys import Office, open_office, outgoing
from pipeline.sealer import SealClient, load_seal_settings
from pipeline.sealer.journal import Journal, _SealRow
from pipeline.signatures.judging import judge
from pipeline.signatures.report import Verdict
from tests import signed_papers
from tests.faults.nursery import Nursery
from tests.pki import Pki
from tests.sealing import drop_draft, leader_signs, leaving_workspace, outgoing_rows

STAGES = ("drafted", "prepared", "checked", "waiting", "sealed", "published", "issued", "filed", "indexed", "upgraded")
LONGEST = 240.0  # seconds until a round without kills must have come to its end
LOOK = 0.3
NOTHING = ("", "0")
SOON = (0.3, 9.0)  # seconds


@dataclass
class Actor:
    """A process that is started again when it is dead; its plan says how it dies the next time."""

    nursery: Nursery
    name: str
    command: Sequence[str]
    log: Path
    pid: int | None = None
    ended: int | None = None
    dies_at: float | None = None
    doomed: bool = False

    def start(self, plan: Sequence[str] = NOTHING, seconds: float | None = None) -> None:
        self.dies_at, self.doomed = None, plan is not NOTHING
        if seconds is not None:
            self.doom(seconds)
        command = [part for one in self.command for part in (plan if one == "PLAN" else [one])]
        self.pid, self.ended = self.nursery.start(command, self.log), None

    def doom(self, seconds: float) -> None:
        self.dies_at, self.doomed = time.monotonic() + seconds, True

    def runs(self) -> bool:
        """One whose time has come is killed; how it ended stands in `ended`."""
        if self.pid is None:
            return False
        if self.dies_at is not None and time.monotonic() >= self.dies_at:
            os.kill(self.pid, signal.SIGKILL)
            self.dies_at = None
        self.ended = self.nursery.poll(self.pid)
        if self.ended is not None:
            self.pid = None
        return self.pid is not None

    def end(self) -> None:
        if self.runs() and self.pid is not None:
            os.kill(self.pid, signal.SIGTERM)
            while self.runs():
                time.sleep(LOOK)
        self.pid = self.ended = None


@dataclass
class Rounds:
    """The office, its people and its authority; `killed` counts who died of what."""

    office: Office
    pki: Pki
    nursery: Nursery
    config: Path
    chance: random.Random
    logs: Path
    killed: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        workspace, config = str(self.office.settings.workspace), str(self.config)
        self.watcher = self._actor("watcher", "service", workspace, "PLAN", "--on")
        self.sealer = self._actor("sealer", "sealer", config, "PLAN")
        self.officer = self._actor("officer", "officer", workspace, "PLAN")

    def _actor(self, name: str, *command: str) -> Actor:
        return Actor(self.nursery, name, command, self.logs / f"{name}.log")

    def run(self, number: int, documents: int, kills: int) -> None:
        names = [f"{number:04d}-{count}.pdf" for count in range(documents)]
        low = number % 3 == 0
        with ExitStack() as outage:
            if low:
                outage.enter_context(self.pki.outage("tsa"))
            for name in names:
                drop_draft(self.office, name)
            left = self._bring(names, kills)
        if low:  # the service is started anew: it tries an upgrade at once
            self.watcher.end()
            self._bring(names, left, upgraded=True)
        self.check(names)

    def rest(self) -> None:
        for actor in (self.watcher, self.sealer, self.officer):
            actor.end()

    def _bring(self, names: Sequence[str], kills: int, *, upgraded: bool = False) -> int:
        """Until the documents are there; kills that nobody died of are given back."""
        end = None
        while not self._arrived(names, upgraded=upgraded):
            kills -= self._keep_alive(self.watcher, kills)
            kills -= self._keep_alive(self.sealer, kills)
            self._people(kills)
            if kills <= 0 and end is None:
                end = time.monotonic() + LONGEST
            if end is not None and time.monotonic() > end:
                raise AssertionError(f"not at its end: {self._states(names)}; logs in {self.logs}")
            time.sleep(LOOK)
        return kills

    def _keep_alive(self, actor: Actor, kills: int) -> int:
        """Start it again when it is dead; returns 1 when it was killed."""
        if actor.runs():
            if kills > 0 and not actor.doomed:  # it lives since an earlier round
                actor.doom(self.chance.uniform(*SOON))
            return 0
        died = 0
        if actor.ended is not None:
            assert actor.ended == -signal.SIGKILL, f"{actor.name} ended with {actor.ended}; log {actor.log}"
            died = 1
            self.killed[actor.name] += 1
            self._nothing_is_half()
        plan, seconds = self._plan(actor) if kills - died > 0 else (NOTHING, None)
        actor.start(plan, seconds)
        return died

    def _plan(self, actor: Actor) -> tuple[Sequence[str], float | None]:
        kind = self.chance.random()
        if kind < 0.4:
            return NOTHING, self.chance.uniform(*SOON)
        if actor is self.watcher and kind < 0.6:
            return (self.chance.choice(STAGES), str(self.chance.choice((1, 1, 2)))), None
        if actor is self.sealer and kind < 0.6:
            return (self.chance.choice(("before", "after")), "0"), None
        return ("change", str(self.chance.randint(1, 120 if actor is self.watcher else 40))), None

    def _people(self, kills: int) -> None:
        """The leader signs what lies there; the officer releases what waits, and is killed at it now and then."""
        rows = outgoing_rows(self.office)
        for row in rows:
            path = outgoing.folder(self.office, "trinh-ky") / row.name
            signed = self.logs / f"signed-{row.name}"
            if row.state == "prepared" and path.is_file() and not signed.exists():
                leader_signs(self.office, self.pki, path)
                signed.touch()
        if self.officer.runs():
            return
        self.killed["officer"] += self.officer.ended == -signal.SIGKILL
        self.officer.ended = None
        if any(row.state in {"waiting", "held"} for row in rows) and self._answers():
            dies = kills > 0 and self.chance.random() < 0.3
            self.officer.start(("change", str(self.chance.randint(1, 14))) if dies else NOTHING)

    def _answers(self) -> bool:
        try:
            SealClient(load_seal_settings(self.config).socket).status()
        except SigningError:
            return False
        return True

    def _arrived(self, names: Sequence[str], *, upgraded: bool) -> bool:
        with self.office.database.read() as session:
            filed = {row.id for row in session.query(DocumentRow).filter_by(state="filed")}
            rows = {row.name: row for row in session.query(OutgoingRow).filter(OutgoingRow.name.in_(names))}
        return all(
            name in rows and rows[name].state == "issued" and rows[name].document_id in filed
            and (not upgraded or rows[name].level == rows[name].wanted)
            for name in names
        )  # fmt: skip

    def _states(self, names: Sequence[str]) -> list[tuple[str, str, str | None]]:
        return [(row.name, row.state, row.reason) for row in outgoing_rows(self.office) if row.name in names]

    # --- what must hold -----------------------------------------------------------------------------------------------

    def _nothing_is_half(self) -> None:
        """At any moment: what lies in da-phat-hanh/ under a name is a file that was sealed, or its upgrade."""
        there = {path.name: sha256_of(path) for path in self._issued()}
        known = set(self._seals().values()) | set(self._upgrades())
        assert {name: digest for name, digest in there.items() if digest not in known} == {}
        with self.office.database.read() as session:
            assert list(audit.broken_links(session)) == []

    def check(self, names: Sequence[str]) -> None:
        """At rest: one seal a row, every number in its place, the chains whole, what was issued valid."""
        office = self.office
        self._nothing_is_half()
        rows = [row for row in outgoing_rows(office) if row.number is not None]
        with office.database.read() as session:
            entries = list(session.query(EntryRow).filter_by(register="di").order_by(EntryRow.number))
            for year in {entry.year for entry in entries}:
                assert registers.missing_numbers(session, "di", year) == []
        assert {(row.year, row.number) for row in rows} == {(entry.year, entry.number) for entry in entries}
        assert {row.state for row in rows} <= {"issued"}
        assert self._seals() == {(row.year, row.number): row.sealed_sha256 for row in rows}
        assert sorted(path.name for path in self._issued()) == sorted(row.name for row in rows)
        stored = {bag.name: load(bag) for bag in bags(office.archive)}
        assert set(stored) == {row.document_id for row in rows}
        for row in rows:
            if row.name not in names:
                continue
            bag = stored[str(row.document_id)]
            assert [finding for finding in verify(bag.bag) if finding.severity != "note"] == []
            assert bag.original is not None
            assert sha256_of(bag.original) == row.sealed_sha256
            path = outgoing.folder(office, "da-phat-hanh") / row.name
            assert sha256_of(path) == sha256_of(bag.upgraded[1] if bag.upgraded else bag.original)
            report = judge(path, signed_papers.anchors(self.pki), datetime.now(UTC), online=True)
            assert report.verdict is Verdict.VALID, [(one.facts.field, one.code) for one in report.signatures]
        left = [path for path in outgoing.folder(office, "da-ky").rglob("*") if path.is_file()]
        assert left == []

    def _issued(self) -> list[Path]:
        folder = outgoing.folder(self.office, "da-phat-hanh")
        return [path for path in folder.iterdir() if not path.name.startswith(".tmp-")]

    def _seals(self) -> dict[tuple[int, int], str]:
        journal = Journal(self.config.parent / "seal" / "journal.sqlite")
        try:
            assert journal.broken_links() == []
            with journal._database.read() as session:
                return {(seal.year, seal.number): seal.sealed["sha256"] for seal in session.query(_SealRow)}
        finally:
            journal.close()

    def _upgrades(self) -> Iterator[str]:
        for bag in bags(self.office.archive):
            for path in (bag / "data" / "upgraded").glob("*"):
                yield sha256_of(path)


@contextmanager
def rounds_in(folder: Path, pki: Pki, url: str, seed: int) -> Iterator[Rounds]:
    """An office with its services; all of them are gone when the block ends."""
    config = leaving_workspace(folder / "office", pki, signing=f'level = "B-LTA"\ntsa = "{pki.tsa_url}"', url=url)
    (folder / "logs").mkdir()
    with open_office(folder / "office") as office, Nursery() as nursery:
        rounds = Rounds(office, pki, nursery, config, random.Random(seed), folder / "logs")
        try:
            yield rounds
        finally:
            rounds.rest()
