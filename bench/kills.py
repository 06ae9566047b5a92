"""Hundreds of kills on the way of leaving documents: one seal a row, no number lost, nothing half in da-phat-hanh/.

    python bench/kills.py [--rounds 20] [--kills 6] [--documents 2] [--seed 1] [--postgresql] [--keep FOLDER]

What happens in a round and what must hold after it: tests/faults/sealing_rounds.py. Ends at the first thing that does
not hold; with `--keep` the office and everybody's log stay to look at. Last it tells where the kills came.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path


def main() -> None:
    from tests.faults.sealing_rounds import rounds_in
    from tests.pki import Pki
    from tests.postgresql import find_binaries, running_cluster

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("rounds", 20), ("kills", 6), ("documents", 2), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = asked.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        url = ""
        if asked.postgresql:
            binaries = find_binaries()
            if binaries is None:
                raise SystemExit("apt-get install postgresql")
            cluster = stack.enter_context(running_cluster(binaries))
            url = cluster.url(cluster.create())
        pki = stack.enter_context(Pki(folder / "pki"))
        rounds = stack.enter_context(rounds_in(folder, pki, url, asked.seed))
        began = time.monotonic()
        for number in range(1, asked.rounds + 1):
            rounds.run(number, asked.documents, asked.kills)
            said = ", ".join(f"{name} {count}" for name, count in sorted(rounds.killed.items()))
            print(f"{time.monotonic() - began:6.0f} s  round {number}: whole; killed so far: {said}", flush=True)
        where: Counter[str] = Counter()
        for log in rounds.logs.glob("*.log"):
            where.update(match[1].decode() for match in re.finditer(rb"killed-at (.+)", log.read_bytes()))
        for what, count in where.most_common():
            print(f"{count:5} {what}")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    main()
