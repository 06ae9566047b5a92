"""A service that kills itself when a stage is reached the n-th time: `service.py WORKSPACE STAGE N`; "" never dies."""

import os
import signal
import sys
import threading
from pathlib import Path

from pipeline.journeys import Progress, open_office, serve


def main() -> None:
    workspace, stage, left = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])

    def listen(progress: Progress) -> None:
        nonlocal left
        if progress.stage == stage:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    with open_office(workspace) as office:
        serve(office, threading.Event(), once=True, listener=listen)


if __name__ == "__main__":
    main()
