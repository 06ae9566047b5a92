"""A service that kills itself: `service.py WORKSPACE STAGE N [--on]`.

When a stage is reached the n-th time, or with STAGE "change" before its n-th change of a file; "" never. With `--on`
it serves until it is told to stop, else until folders and queue are empty.
"""

import os
import signal
import sys
import threading
from pathlib import Path


def main() -> None:
    # Not above: the children of its pools import this file again, and would then import all of that as well.
    from pipeline.journeys import Progress, open_office, serve
    from tests.faults.dying import die_at_change

    workspace, stage, left = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())

    def listen(progress: Progress) -> None:
        nonlocal left
        if progress.stage == stage:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    with open_office(workspace) as office:
        if stage == "change":
            die_at_change(left, workspace)
        serve(office, stop, once="--on" not in sys.argv, listener=listen)


if __name__ == "__main__":
    main()
