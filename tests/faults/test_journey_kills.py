"""SIGKILL at every boundary of the journey, and once more: the same end as if nothing had happened."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from pipeline.archive import bags, verify
from pipeline.database import audit
from pipeline.database.tables import DocumentRow, EntryRow, ReceiptRow
from pipeline.files import sha256_of
from pipeline.journeys import open_office
from tests.paper import letter
from tests.workspaces import make_workspace

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]
SERVICE = Path(__file__).with_name("service.py")
STAGES = (
    "claimed", "secured", "registered", "retired", "refusing", "refused",
    "judged", "read", "described", "filed", "indexed", "cleared",
)  # fmt: skip


def busy_workspace(folder: Path, database_url: str) -> Path:
    """Two documents, one of them dropped twice, and a file that is none."""
    incoming = make_workspace(folder, database_url).folder("incoming")
    letter(incoming / "a.pdf", number=15)
    letter(incoming / "b.pdf", number=16)
    (incoming / "c.pdf").write_bytes((incoming / "a.pdf").read_bytes())
    (incoming / "d.pdf").write_bytes(b"#!/bin/sh\necho hostile\n")
    return folder


def run_service(workspace: Path, stage: str = "", nth: int = 1) -> int:
    command = [sys.executable, str(SERVICE), str(workspace), stage, str(nth)]
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.run(command, check=False, timeout=120, cwd=root, env=environment).returncode


def assert_all_is_well(workspace: Path) -> None:
    with open_office(workspace) as office, office.database.read() as session:
        documents = list(session.scalars(select(DocumentRow).order_by(DocumentRow.id)))
        assert [row.state for row in documents] == ["filed", "filed"]
        assert [row.id[-5:] for row in documents] == ["00001", "00002"]
        entries = list(session.scalars(select(EntryRow).order_by(EntryRow.number)))
        assert [(entry.number, entry.document_id) for entry in entries] == [(1, documents[0].id), (2, documents[1].id)]
        receipts = list(session.scalars(select(ReceiptRow)))
        assert sorted(receipt.state for receipt in receipts) == ["accepted", "accepted", "refused", "repeated"]
        assert list(audit.broken_links(session)) == []
        found = list(bags(office.archive))
        assert len(found) == 2
        for bag, row in zip(sorted(found), documents, strict=True):
            assert [f for f in verify(bag) if f.severity != "note"] == []
            originals = list((bag / "data" / "original").iterdir())
            assert [sha256_of(path) for path in originals] == [row.sha256]
        assert [p for p in office.incoming.rglob("*") if p.is_file()] == []
        refused = [p for p in office.refused.rglob("*") if p.is_file()]
        assert [p.name for p in refused if p.read_bytes().startswith(b"#!/bin/sh")] == ["d.pdf"]
        staged = office.settings.private / "staged"
        assert [p for p in staged.rglob("*") if p.is_file()] == []
        dropped = [p for p in (office.settings.private / "received").rglob("*") if p.is_file()]
        assert len(dropped) == 3


@pytest.mark.parametrize("stage", STAGES)
def test_a_kill_at_a_boundary_changes_nothing(stage: str, tmp_path: Path) -> None:
    workspace = busy_workspace(tmp_path / "office", "")
    assert run_service(workspace, stage) == -9
    assert run_service(workspace) == 0
    assert_all_is_well(workspace)


def test_a_kill_at_every_boundary_in_turn_changes_nothing(database_url: str, tmp_path: Path) -> None:
    workspace = busy_workspace(tmp_path / "office", database_url)
    for stage in STAGES:
        run_service(workspace, stage)
    assert run_service(workspace) == 0
    assert_all_is_well(workspace)
