"""Folders for what is thrown away: those of dead processes go, those of living ones stay."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.reading.scratch import PREFIX, scratch_folder

pytestmark = pytest.mark.integration

HOLDS_ONE = """
import os, pathlib, sys
from pipeline.reading.scratch import scratch_folder
with scratch_folder(pathlib.Path(sys.argv[1])) as folder:
    (folder / "document.pdf").write_text("x")
    print(folder, flush=True)
    sys.stdin.read()
"""


def test_what_a_killed_process_left_is_swept_and_what_a_living_one_uses_is_not(tmp_path: Path) -> None:
    holders = [
        subprocess.Popen([sys.executable, "-c", HOLDS_ONE, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    killed, living = holders
    left, used = (Path(os.fsdecode(holder.stdout.readline()).strip()) for holder in holders if holder.stdout)
    killed.kill()
    killed.wait()
    with scratch_folder(tmp_path) as folder:
        assert {path.name for path in tmp_path.iterdir()} == {used.name, folder.name}
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (used / "document.pdf").exists()
    assert left.name.startswith(PREFIX)
    living.communicate(b"")
    assert not list(tmp_path.iterdir())
