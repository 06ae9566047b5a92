"""Splits a document and kills itself when a stage is reached: `splitter.py WORKSPACE DOCUMENT STAGE`; "" never dies."""

import os
import signal
import sys
from pathlib import Path

from pipeline.journeys import open_office, plan_split, split
from pipeline.reading import Reader


def main() -> None:
    workspace, document_id, stage = Path(sys.argv[1]), sys.argv[2], sys.argv[3]

    def die(reached: str) -> None:
        if reached == stage:
            os.kill(os.getpid(), signal.SIGKILL)

    with open_office(workspace) as office, Reader(office.settings.reading, office.settings.intake) as reader:
        split(office, reader, plan_split(office, document_id), "văn thư", die)


if __name__ == "__main__":
    main()
