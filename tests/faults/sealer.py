"""A seal service that kills itself around the record of its first seal: `sealer.py SEAL_TOML before|after`."""

import os
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.database import Database
from pipeline.journeys.judging import trust_store
from pipeline.sealer import load_seal_settings
from pipeline.sealer.journal import Journal
from pipeline.sealer.service import serve
from pipeline.settings import load_settings
from tests.sealing import SECRET


class Dying(Journal):
    """Signed but not recorded, or recorded but not answered."""

    def record(self, *facts: Any) -> None:
        if sys.argv[2] == "after":
            super().record(*facts)
        os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    settings = load_seal_settings(Path(sys.argv[1]))
    workspace = load_settings(settings.workspace)
    sys.modules["pipeline.sealer.service"].Journal = Dying  # type: ignore[attr-defined]
    store = trust_store(workspace.private)
    database = Database(workspace.database_url)
    serve(settings, database, store.anchors, lambda: datetime.now(UTC), threading.Event(), secret=SECRET)


if __name__ == "__main__":
    main()
