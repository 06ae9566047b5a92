"""SIGKILL at every boundary of a leaving document's way, on both sides of the socket: one seal a row, nothing lost."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import registers
from pipeline.archive import bags, load, verify
from pipeline.database import audit
from pipeline.database.tables import DocumentRow, EntryRow
from pipeline.errors import SigningError
from pipeline.files import sha256_of
from pipeline.journeys import Office, open_office, outgoing
from pipeline.sealer import SealClient, load_seal_settings
from pipeline.sealer.journal import Journal, _SealRow
from pipeline.signatures.judging import judge
from pipeline.signatures.report import Verdict
from tests import signed_papers
from tests.faults.sealing_rounds import rounds_in
from tests.faults.test_journey_kills import run_service
from tests.pki import Pki
from tests.sealing import ME, drop_draft, leader_signs, leaving_workspace, outgoing_rows, serving
from tests.workspaces import run_once

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]
SEALER = Path(__file__).with_name("sealer.py")
NAMES = ("a.pdf", "b.pdf")


def killed_at(office: Office, *stages: str) -> None:
    """The service dies at each of these in turn, then comes to its end."""
    for stage in stages:
        assert run_service(office.settings.workspace, stage) == -9, stage
    run_once(office)


def everything_signed(office: Office, pki: Pki, *stages: str) -> None:
    prepared = [drop_draft(office, name) for name in NAMES]
    killed_at(office, *(stage for stage in stages if stage in {"drafted", "prepared"}))
    assert sorted(path.name for path in outgoing.folder(office, "trinh-ky").iterdir()) == list(NAMES)
    for path in prepared:
        leader_signs(office, pki, path)
    killed_at(office, *(stage for stage in stages if stage in {"checked", "waiting"}))


def assert_issued_once(office: Office, pki: Pki) -> None:
    rows = outgoing_rows(office)
    assert [row.state for row in rows] == ["issued"] * len(NAMES)
    assert sorted(row.number or 0 for row in rows) == [1, 2]
    issued = outgoing.folder(office, "da-phat-hanh")
    assert sorted(path.name for path in issued.iterdir()) == list(NAMES)  # nothing half, nothing twice
    with office.database.read() as session:
        assert [entry.number for entry in session.query(EntryRow).filter_by(register="di")] == [1, 2]
        assert registers.missing_numbers(session, "di", rows[0].year or 0) == []
        assert [document.state for document in session.query(DocumentRow)] == ["filed", "filed"]
        assert list(audit.broken_links(session)) == []
    journal = Journal(office.settings.workspace / "seal" / "journal.sqlite")
    with journal._database.read() as session:
        seals = {(seal.year, seal.number): seal.sealed["sha256"] for seal in session.query(_SealRow)}
    assert journal.broken_links() == []
    journal.close()
    assert seals == {(row.year, row.number): row.sealed_sha256 for row in rows}
    for bag, row in zip(sorted(bags(office.archive)), sorted(rows, key=lambda row: row.number or 0), strict=True):
        assert [finding for finding in verify(bag) if finding.severity != "note"] == []
        stored = load(bag)
        assert stored.original is not None
        assert sha256_of(stored.original) == row.sealed_sha256
        standing = stored.upgraded[1] if stored.upgraded else stored.original
        assert sha256_of(issued / row.name) == sha256_of(standing)
        report = judge(issued / row.name, signed_papers.anchors(pki), datetime.now(UTC), online=True)
        assert report.verdict is Verdict.VALID
    assert [path for path in outgoing.folder(office, "da-ky").rglob("*") if path.is_file()] == []
    assert not list((office.settings.private / "outgoing").iterdir())
    received = [path for path in (office.settings.private / "received").rglob("*") if path.is_file()]
    assert len([path for path in received if path.suffix == ".pdf"]) == 2 * len(NAMES)


def test_a_kill_at_every_boundary_of_the_service_changes_nothing(pki: Pki, tmp_path: Path) -> None:
    """Sealed while the time stamp service is away, so that the upgrade is cut off at its boundaries too."""
    config = leaving_workspace(tmp_path / "office", pki, signing=f'level = "B-LTA"\ntsa = "{pki.tsa_url}"')
    with open_office(tmp_path / "office") as office:
        everything_signed(office, pki, "drafted", "prepared", "checked", "waiting")
        with serving(pki, load_seal_settings(config), office.database):
            for one in outgoing.waiting(office):
                outgoing.release(office, one.id, ME)
            with pki.outage("tsa"):
                killed_at(office, "sealed", "published", "issued")
        assert {row.level for row in outgoing_rows(office)} == {"B-B"}
        killed_at(office, "upgrading", "upgraded")
        assert {row.level for row in outgoing_rows(office)} == {"B-LTA"}
        assert_issued_once(office, pki)


def test_a_kill_of_the_seal_service_around_its_record_leaves_one_seal_a_row(pki: Pki, tmp_path: Path) -> None:
    config = leaving_workspace(tmp_path / "office", pki)
    with open_office(tmp_path / "office") as office:
        everything_signed(office, pki)
        with serving(pki, load_seal_settings(config), office.database):
            for one in outgoing.waiting(office):
                outgoing.release(office, one.id, ME)
        for when in ("before", "after"):
            with dying_sealer(config, when) as sealer:
                run_once(office)
                assert sealer.wait(60) == -9
            assert {row.state for row in outgoing_rows(office)} == {"released"}
        with serving(pki, load_seal_settings(config), office.database):
            run_once(office)
        assert_issued_once(office, pki)


def test_whoever_is_killed_nothing_is_lost_double_or_half(pki: Pki, database_url: str, tmp_path: Path) -> None:
    """One round on each database; `bench/kills.py` goes on for hours."""
    with rounds_in(tmp_path, pki, database_url, seed=3) as rounds:
        rounds.run(1, documents=1, kills=4)


@contextmanager
def dying_sealer(config: Path, when: str) -> Iterator[subprocess.Popen[bytes]]:
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, str(SEALER), str(config), when], cwd=root, env={"PYTHONPATH": str(root)}
    )
    client = SealClient(load_seal_settings(config).socket)
    try:
        for _ in range(600):
            try:
                client.status()
                break
            except SigningError:
                assert process.poll() is None
                time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.wait()
