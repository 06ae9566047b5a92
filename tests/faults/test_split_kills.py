"""SIGKILL while a file is split: no page is lost, no number given twice, and the bag comes to know of its parts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from pipeline import archive, registers
from pipeline.database import audit
from pipeline.database.tables import DocumentRow, EntryRow, ReceiptRow
from pipeline.journeys import open_office, plan_split
from tests.batches import batch
from tests.faults.test_journey_kills import run_service
from tests.workspaces import make_workspace, run_once

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]
SPLITTER = Path(__file__).with_name("splitter.py")


def run_splitter(workspace: Path, document_id: str, stage: str = "") -> int:
    command = [sys.executable, str(SPLITTER), str(workspace), document_id, stage]
    return subprocess.run(
        command, check=False, timeout=120, cwd=Path(__file__).parents[2], stderr=subprocess.DEVNULL
    ).returncode


def filed_batch(folder: Path, database_url: str) -> tuple[Path, str]:
    settings = make_workspace(folder, database_url)
    with open_office(settings.workspace) as office:
        batch(office.incoming / "a.pdf")
        run_once(office)
        year = registers.year_of(office.clock(), office.settings.registers)
    return folder, registers.document_id("den", year, 1)


def assert_all_is_well(workspace: Path, whole: str) -> None:
    with open_office(workspace) as office, office.database.read() as session:
        rows = list(session.scalars(select(DocumentRow).order_by(DocumentRow.id)))
        assert [(row.state, row.code_number, row.pages) for row in rows] == [
            ("filed", "15", "1-1"), ("filed", "16", "2-2"), ("filed", "17", "3-3"),
        ]  # fmt: skip
        entries = session.scalars(select(EntryRow).order_by(EntryRow.number))
        assert [(entry.number, entry.document_id) for entry in entries] == [
            (number, row.id) for number, row in enumerate(rows, 1)
        ]
        assert len(list(session.scalars(select(ReceiptRow)))) == 3
        assert list(audit.broken_links(session)) == []
        bags = list(archive.bags(office.archive))
        assert len(bags) == 3
        assert [finding for bag in bags for finding in archive.verify(bag)] == []
        stored = archive.load(office.archive / archive.folder_of(whole))
        assert stored.split is not None
        assert [part["document_id"] for part in stored.split["parts"]] == [row.id for row in rows[1:]]
        assert [path for path in office.staged("").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("stage", ["staged", "registered", "recorded"])
def test_a_kill_while_splitting_loses_and_doubles_nothing(stage: str, tmp_path: Path) -> None:
    workspace, whole = filed_batch(tmp_path / "office", "")
    assert run_splitter(workspace, whole, stage) == -9
    run_splitter(workspace, whole)  # a person tries again; after "registered" there is nothing left to do
    assert run_service(workspace) == 0
    assert_all_is_well(workspace, whole)


def test_a_kill_before_the_numbers_leaves_the_choice_of_pages(tmp_path: Path, database_url: str) -> None:
    workspace, whole = filed_batch(tmp_path / "office", database_url)
    assert run_splitter(workspace, whole, "staged") == -9
    with open_office(workspace) as office:
        assert plan_split(office, whole, [3]).parts == ("1-2", "3-3")


def test_parts_survive_a_kill_at_every_boundary_of_their_own_journeys(tmp_path: Path, database_url: str) -> None:
    workspace, whole = filed_batch(tmp_path / "office", database_url)
    assert run_splitter(workspace, whole, "registered") == -9
    for stage in ("judged", "read", "described", "filed", "indexed", "cleared"):
        run_service(workspace, stage)
    assert run_service(workspace) == 0
    assert_all_is_well(workspace, whole)
