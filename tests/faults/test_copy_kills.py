"""SIGKILL at every boundary of a copy's way, on both sides of the socket: one number, stamp, event and file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import registers
from pipeline.archive import load, verify
from pipeline.database import audit, open_database
from pipeline.database.tables import EntryRow
from pipeline.document import StampKind
from pipeline.files import sha256_of
from pipeline.journeys import Office, open_office, outgoing, rebuild, stamping, status
from pipeline.journeys.copying import Request
from pipeline.sealer import load_seal_settings
from pipeline.sealer.journal import Journal
from pipeline.sealer.stamp_journal import StampJournal, _StampRow
from pipeline.signatures.judging import judge
from pipeline.signatures.report import Verdict
from tests import signed_papers
from tests.copying import asked, brought_forward, filed_scan, stamp_rows
from tests.faults.test_journey_kills import run_service
from tests.faults.test_outgoing_kills import dying_sealer
from tests.pki import Pki
from tests.sealing import ME, leaving_workspace, serving
from tests.workspaces import run_once

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]
COMMAND = Path(__file__).with_name("copier.py")
YEAR = datetime.now(UTC).year


def assert_made_once(office: Office, pki: Pki, document: str, amount: int = 1) -> None:
    rows = stamp_rows(office)
    names = [f"sao-{YEAR}-{number:05d}" for number in range(1, amount + 1)]
    assert [(row.row_name, row.state) for row in rows] == [(name, "filed") for name in names]
    with office.database.read() as session:
        entries = session.query(EntryRow).filter_by(register="sao").order_by(EntryRow.number)
        assert [entry.document_id for entry in entries] == names
        assert registers.missing_numbers(session, "sao", YEAR) == []
        assert list(audit.broken_links(session)) == []
    journal = Journal(office.settings.workspace / "seal" / "journal.sqlite")
    StampJournal(journal)
    with journal.database.read() as session:
        stamps = {row.row: row.stamped["sha256"] for row in session.query(_StampRow)}
    assert journal.broken_links() == []
    journal.close()
    assert stamps == {row.row_name: row.stamped_sha256 for row in rows}
    stored = load(office.archive / document.split("-")[1] / document)
    assert [finding for finding in verify(stored.bag) if finding.severity != "note"] == []
    assert [event["stamp"]["row_name"] for event in stored.stamped] == names
    copies = stored.bag / "data" / "copies"
    assert [sha256_of(copies / f"{name}.pdf") for name in names] == list(stamps.values())
    newest = {sha256_of(stored.bag / event["file"]) for event in stored.stamped}
    issued = sorted(outgoing.folder(office, "da-phat-hanh").iterdir())
    assert [path.name.split("-")[0] for path in issued] == [f"{number:02d}" for number in range(1, amount + 1)]
    assert {sha256_of(path) for path in issued} == newest
    for path in issued:
        report = judge(path, signed_papers.anchors(pki), datetime.now(UTC), online=True)
        assert report.verdict is Verdict.VALID
    assert not list((office.settings.private / "stamps").iterdir())


def test_a_kill_at_every_boundary_of_the_service_changes_nothing(pki: Pki, tmp_path: Path) -> None:
    """Signed while the time stamp service is away, so that the proofs that come later are cut off too."""
    config = leaving_workspace(tmp_path / "office", pki, signing=f'level = "B-LTA"\ntsa = "{pki.tsa_url}"')
    with open_office(tmp_path / "office") as office:
        document = filed_scan(office, tmp_path)
        row = asked(office, Request(StampKind.TRUE_COPY, document))
        with serving(pki, load_seal_settings(config), office.database):
            stamping.release(office, row.id, ME)
            with pki.outage("tsa"):
                for stage in ("stamped", "bagged", "handed-out", "stamp-filed"):
                    assert run_service(office.settings.workspace, stage) == -9, stage
            assert [(row.state, row.level) for row in stamp_rows(office)] == [("filed", "B-B")]
            assert status(office).to_upgrade == 1
            for stage in ("stamp-upgrading", "stamp-upgraded"):
                assert run_service(office.settings.workspace, stage) == -9, stage
            run_once(office)
        assert [(row.state, row.level) for row in stamp_rows(office)] == [("filed", "B-LTA")]
        assert_made_once(office, pki, document)
        anew = replace(office, database=open_database(f"sqlite:///{tmp_path / 'anew.sqlite'}"))
        rebuild(anew)
        assert [(row.row_name, row.level, row.stamped_sha256) for row in stamp_rows(anew)] == [
            (row.row_name, row.level, row.stamped_sha256) for row in stamp_rows(office)
        ]
        anew.database.close()


def test_a_kill_of_the_command_between_file_row_number_and_order_costs_no_number(pki: Pki, tmp_path: Path) -> None:
    config = leaving_workspace(tmp_path / "office", pki)
    with open_office(tmp_path / "office") as office:
        document = filed_scan(office, tmp_path)
        with serving(pki, load_seal_settings(config), office.database):
            for point in ("file", "asked", "numbered", "ordered"):
                assert killed_command(office, document, point) == -signal.SIGKILL, point
            assert killed_command(office, document, "") == 0
            assert [row.row_name for row in stamp_rows(office)] == [f"sao-{YEAR}-00001"]
            brought_forward(office)
            old = [path for path in (office.settings.private / "stamps").iterdir() if path.is_dir()]
            assert len(old) == 1  # of the command that died before its row
            os.utime(old[0], (0, 0))
            run_once(office)
        assert_made_once(office, pki, document)


def killed_command(office: Office, document: str, point: str) -> int:
    root = Path(__file__).parents[2]
    command = [sys.executable, str(COMMAND), str(office.settings.workspace), document, point]
    return subprocess.run(command, check=False, timeout=120, cwd=root, env={"PYTHONPATH": str(root)}).returncode


def test_a_kill_of_the_seal_service_around_its_record_leaves_one_stamp_a_row(pki: Pki, tmp_path: Path) -> None:
    config = leaving_workspace(tmp_path / "office", pki)
    with open_office(tmp_path / "office") as office:
        document = filed_scan(office, tmp_path)
        with serving(pki, load_seal_settings(config), office.database):
            for recipient in ("UBND xã", "UBND phường"):
                row = asked(office, Request(StampKind.TRUE_COPY, document, recipient=recipient))
                stamping.release(office, row.id, ME)
        for when in ("before", "after"):
            with dying_sealer(config, when) as sealer:
                brought_forward(office)
                assert sealer.wait(60) == -9
            assert {row.state for row in stamp_rows(office)} == {"released"}
        with serving(pki, load_seal_settings(config), office.database):
            brought_forward(office)
        assert_made_once(office, pki, document, amount=2)
