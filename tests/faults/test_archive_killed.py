"""SIGKILL at every system call that changes the disk, then the same again: the same bag, no debris."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import archive
from tests.filings import fields, filing, page

pytestmark = pytest.mark.faults

ID = "den-2026-00001"
EVENT = {"kind": "corrected", "at": "2026-03-16T08:00:00+07:00", "actor": "an", "corrections": {"subject": "Đúng"}}

UPGRADED = {"kind": "upgraded", "at": "2026-03-17T08:00:00+07:00", "level": "B-LTA", "file": "data/upgraded/a.pdf"}

# The child dies before its n-th durable step: mkdir, rename, unlink, fsync, chmod are all the boundaries there are.
CHILD = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.faults.test_archive_killed import act
left = int(sys.argv[3])
def before(event, args):
    global left
    if event in ("os.mkdir", "os.rename", "os.remove", "os.chmod") or (event == "open" and args[2] & os.O_CREAT):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
sync = os.fsync
def fsync(handle):
    before("os.remove", ())
    sync(handle)
os.fsync = fsync
def hook(event, args):
    if event in ("os.mkdir", "os.rename", "os.remove", "os.chmod", "open"):
        before(event, args)
sys.addaudithook(hook)
act(sys.argv[1], Path(sys.argv[2]))
"""


def act(what: str, workspace: Path) -> None:
    """What the child does: file a document, or record an event in its bag, or both again after a crash; or an event
    that brings a file along.
    """
    if what in {"file", "again"}:
        made = filing(workspace / "in", ID, fields(subject="Sai"), page(1, "Trang một"), reading_copy=b"%PDF copy")
        archive.file_document(workspace / "luu-tru", made)
    if what in {"event", "again"}:
        archive.record_event(workspace / "luu-tru", ID, EVENT)
    if what == "upgrade":
        (workspace / "upgraded.pdf").write_bytes(b"%PDF with proofs")
        archive.record_event(workspace / "luu-tru", ID, UPGRADED, file=workspace / "upgraded.pdf")


def _run(what: str, workspace: Path, steps: int) -> bool:
    """Do it in a child that dies before its n-th step; True when it lived to the end."""
    root = str(Path(__file__).parents[2])
    child = subprocess.run(
        [sys.executable, "-c", CHILD.format(root=root), what, str(workspace), str(steps)],
        check=False, env={**os.environ, "PYTHONPATH": root, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert child.returncode in {0, -signal.SIGKILL}
    return child.returncode == 0


def _content(archive_folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(archive_folder)): path.read_bytes() for path in archive_folder.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("what", ["file", "event", "upgrade"])
def test_killed_anywhere_and_done_again_gives_the_same_bag_and_no_debris(tmp_path: Path, what: str) -> None:
    act("again", tmp_path / "undisturbed")
    if what == "upgrade":
        act(what, tmp_path / "undisturbed")
    expected = _content(tmp_path / "undisturbed/luu-tru")
    kills = 0
    for steps in range(3, 200, 4):
        workspace = tmp_path / str(steps)
        if what != "file":
            act("file" if what == "event" else "again", workspace)
        lived = _run(what, workspace, steps)
        archive.clean(workspace / "luu-tru")
        for bag in archive.bags(workspace / "luu-tru"):
            assert archive.verify(bag) == []  # a bag that is visible is whole
        act("upgrade" if what == "upgrade" else "again", workspace)
        assert _content(workspace / "luu-tru") == expected
        if lived:
            break
        kills += 1
    else:
        pytest.fail("never came to the end")
    assert kills >= 5


def test_debris_of_a_killed_filing_goes_when_the_document_is_filed(tmp_path: Path) -> None:
    debris = tmp_path / "luu-tru/2026" / f".tmp-{ID}-abcd"
    (debris / "data").mkdir(parents=True)
    act("file", tmp_path)
    assert not debris.exists()
