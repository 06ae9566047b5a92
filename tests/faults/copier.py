"""An officer's `vanthu copy sao-y` that kills itself: `copier.py WORKSPACE DOCUMENT file|asked|numbered|ordered|""`."""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from pipeline.cli.app import run
from pipeline.journeys import copying, stamping
from pipeline.sealer import SealClient

POINTS: dict[str, tuple[Any, str]] = {
    "file": (copying, "_fetch"), "asked": (copying, "ask"), "numbered": (stamping, "number"),
    "ordered": (SealClient, "authorise_stamp"),
}  # fmt: skip


def deadly(function: Callable[..., Any]) -> Callable[..., Any]:
    """Does its work, and is the last thing that was done."""

    def last(*arguments: Any, **named: Any) -> Any:
        function(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    return last


def main() -> None:
    workspace, document, point = sys.argv[1:]
    if point:
        where, name = POINTS[point]
        setattr(where, name, deadly(getattr(where, name)))
    sys.exit(run(["-w", workspace, "copy", "sao-y", document]))


if __name__ == "__main__":
    main()
