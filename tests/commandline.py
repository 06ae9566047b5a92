"""Runs the command line as its users do: a process of its own, bytes on its streams."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = [sys.executable, "-c", "import sys; from pipeline.cli import main; main(sys.argv[1:])"]
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLUMNS", "VANTHU_WORKSPACE"}},
    "LC_ALL": "C.UTF-8",
}


def vanthu(*arguments: str | bytes, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command, surroundings = [*PROGRAM, *arguments], {**ENVIRONMENT, **environment}
    return subprocess.run(command, cwd=cwd, env=surroundings, capture_output=True, check=False, timeout=120)
