"""A seal service that kills itself: `sealer.py SEAL_TOML before|after|change|never [N]`.

Around the record of its first seal, or before its n-th change of a file.
"""

import os
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def main() -> None:
    # Not above: the children of its pools import this file again, and would then import all of that as well.
    from pipeline.database import Database
    from pipeline.journeys.judging import trust_store
    from pipeline.sealer import load_seal_settings
    from pipeline.sealer.journal import Journal
    from pipeline.sealer.service import serve
    from pipeline.sealer.stamp_journal import StampJournal
    from pipeline.settings import load_settings
    from tests.faults.dying import die_at_change
    from tests.sealing import SECRET

    class Dying(Journal):
        """Signed but not recorded, or recorded but not answered."""

        def record(self, *facts: Any) -> None:
            if sys.argv[2] == "after":
                super().record(*facts)
            os.kill(os.getpid(), signal.SIGKILL)

    class DyingOfStamps(StampJournal):
        """The same around a copy's record."""

        def record(self, *facts: Any) -> None:
            if sys.argv[2] == "after":
                super().record(*facts)
            os.kill(os.getpid(), signal.SIGKILL)

    settings = load_seal_settings(Path(sys.argv[1]))
    workspace = load_settings(settings.workspace)
    if sys.argv[2] in {"before", "after"}:
        sys.modules["pipeline.sealer.service"].Journal = Dying  # type: ignore[attr-defined]
        sys.modules["pipeline.sealer.stamping"].StampJournal = DyingOfStamps  # type: ignore[attr-defined]
    elif sys.argv[2] == "change":
        die_at_change(int(sys.argv[3]), settings.workspace)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    store = trust_store(workspace.private)
    database = Database(workspace.database_url)
    serve(settings, database, store.anchors, lambda: datetime.now(UTC), stop, secret=SECRET)


if __name__ == "__main__":
    main()
