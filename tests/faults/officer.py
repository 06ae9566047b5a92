"""An officer's `vanthu release --all` that kills itself before its n-th change: `officer.py WORKSPACE change N`."""

import sys
from pathlib import Path


def main() -> None:
    from pipeline.cli import main as vanthu
    from tests.faults.dying import die_at_change

    workspace, nth = Path(sys.argv[1]), int(sys.argv[3])
    die_at_change(nth, workspace)
    sys.argv = ["vanthu", "-w", str(workspace), "release", "--all"]
    vanthu()


if __name__ == "__main__":
    main()
