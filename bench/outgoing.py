"""The whole way of leaving documents: released, numbered, sealed, validated, issued, filed - documents a second.

    python bench/outgoing.py [--documents 10] [--token] [--level B-B|B-LTA] [--postgresql]

N documents that a leader signed wait; an officer runs `vanthu release --all`; the clock stops when all are in
da-phat-hanh/ and filed. Watching service and seal service are processes of their own, as in life. Seconds of CPU are
those of a process with its children; the toy authority with its time stamps runs in the bench and is not counted.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

STEPS = (
    "release", "seal: dangers", "seal: leader", "seal: sign", "seal: look", "hand over", "validate", "openssl", "issue",
    "judged", "read", "described", "filed", "indexed", "cleared",
)  # fmt: skip


class Watch:
    """Adds up how long the calls of a function took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def on(self, owner: Any, name: str, step: str) -> None:
        function = getattr(owner, name)

        def timed(*arguments: Any, **named: Any) -> Any:
            began = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                self.seconds[step] += time.perf_counter() - began

        setattr(owner, name, timed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=10)
    parser.add_argument("--level", default="B-B", choices=("B-B", "B-T", "B-LT", "B-LTA"))
    parser.add_argument("--token", action="store_true", help="the agency's key in SoftHSM instead of a PKCS#12 file")
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        _measure(stack, folder, asked)


def _measure(stack: ExitStack, folder: Path, asked: argparse.Namespace) -> None:
    from pipeline.journeys import open_office, outgoing
    from pipeline.sealer import SealClient, load_seal_settings
    from tests.pki import PIN, Pki, make_token, softhsm_configuration
    from tests.sealing import SECRET, leader_signs, leaving_workspace
    from tests.workspaces import run_once

    pki = stack.enter_context(Pki(folder / "pki"))
    key, secret = "", SECRET
    if asked.token:
        os.environ["SOFTHSM2_CONF"] = str(softhsm_configuration(folder / "hsm"))
        token = make_token(pki, ("agency",))
        key, secret = f'module = "{token.module}"\ntoken = "{token.label}"\nlabel = "agency"', PIN
    signing = f'level = "{asked.level}"\ntsa = "{pki.tsa_url if asked.level != "B-B" else ""}"'
    url = stack.enter_context(new_database()) if asked.postgresql else ""
    config = leaving_workspace(folder / "office", pki, signing=signing, key=key, url=url)
    office = stack.enter_context(open_office(folder / "office"))
    for number in range(asked.documents):
        _drop(office, number)
    run_once(office)
    for path in sorted(outgoing.folder(office, "trinh-ky").glob("*.pdf")):
        leader_signs(office, pki, path)
    run_once(office)

    context = multiprocessing.get_context("spawn")
    pipes = [multiprocessing.Pipe() for _ in range(2)]
    workers = [
        context.Process(target=_seal_service, args=(config, secret, pipes[0][1])),
        context.Process(target=_watching_service, args=(folder / "office", pipes[1][1])),
    ]
    for worker, (ours, _) in zip(workers, pipes, strict=True):
        worker.start()
        ours.recv()  # it is ready
    while not SealClient(load_seal_settings(config).socket).status().key_open:
        time.sleep(0.1)
    before = [cpu(worker.pid or 0) for worker in workers]
    began = time.perf_counter()
    command = [sys.executable, __file__, "release", str(folder / "office")]
    released = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    officer = time.perf_counter() - began
    while not _all_filed(office, asked.documents):
        time.sleep(0.05)
    wall = time.perf_counter() - began
    spent = [cpu(worker.pid or 0) - first for worker, first in zip(workers, before, strict=True)]
    peaks = [peak(worker.pid or 0) for worker in workers]
    for worker in workers:
        os.kill(worker.pid or 0, signal.SIGTERM)
    steps: dict[str, float] = {"release": float(json.loads(released.stdout.splitlines()[-1])["cpu"])}
    for ours, _ in pipes:
        steps |= ours.recv()
    _tell(asked, wall, officer, spent, peaks, steps)


def _tell(
    asked: argparse.Namespace, wall: float, officer: float, spent: list[float], peaks: list[float],
    steps: dict[str, float],
) -> None:  # fmt: skip
    count = asked.documents
    print(f"{count} documents, {asked.level}, {'SoftHSM' if asked.token else 'PKCS#12'}")
    print(f"{count / wall:6.2f} documents a second ({wall:.1f} s, of which the officer's command {officer:.1f} s)")
    total = sum(spent) + steps["release"]
    print(f"{count / total:6.2f} documents a second of CPU: seal service {spent[0]:.1f} s, watching service", end=" ")
    print(f"{spent[1]:.1f} s, officer {steps['release']:.1f} s; peak {peaks[0]:.0f} and {peaks[1]:.0f} MB")
    print(f"{'step':16}{'ms a document':>14}  (of the clock on the wall; release: CPU)")
    for step in STEPS:
        if step in steps:
            print(f"{step:16}{1000 * steps[step] / count:14.0f}")


# --- the processes ----------------------------------------------------------------------------------------------------


def _seal_service(config: Path, secret: str, pipe: Any) -> None:
    from datetime import UTC, datetime

    from pipeline import signatures
    from pipeline.database import Database
    from pipeline.journeys.judging import trust_store
    from pipeline.sealer import load_seal_settings, rules
    from pipeline.sealer.service import serve
    from pipeline.settings import load_settings

    watch, stop = Watch(), _stopped()
    watch.on(rules.Workshop, "refuse_dangerous", "seal: dangers")
    watch.on(rules, "check_leader_signature", "seal: leader")
    watch.on(signatures, "seal", "seal: sign")
    judged = rules.Judge.judge

    def look(self: Any, *arguments: Any, online: bool = True) -> Any:
        began = time.perf_counter()
        try:
            return judged(self, *arguments, online=online)
        finally:
            if not online:  # of the two that are judged here it is our own seal
                watch.seconds["seal: look"] += time.perf_counter() - began

    rules.Judge.judge = look  # type: ignore[method-assign]
    settings = load_seal_settings(config)
    workspace = load_settings(settings.workspace)
    database = Database(workspace.database_url)
    serve(
        settings, database, trust_store(workspace.private).anchors, lambda: datetime.now(UTC), stop, secret=secret,
        ready=lambda: pipe.send("ready"),
    )  # fmt: skip
    pipe.send(dict(watch.seconds))


def _watching_service(workspace: Path, pipe: Any) -> None:
    from pipeline.engine import Engine
    from pipeline.journeys import arriving, issuing, open_office, serve

    watch, stop = Watch(), _stopped()
    watch.on(issuing.SealClient, "seal", "hand over")
    watch.on(issuing, "validate_made", "validate")
    watch.on(issuing, "verify_with_openssl", "openssl")
    watch.on(issuing, "_issue", "issue")
    for function, step in zip(("judge", "read", "describe", "file", "index", "clear"), STEPS[9:], strict=True):
        watch.on(arriving, f"_{function}", step)
    start = Engine.start

    def started(self: Engine) -> None:
        start(self)
        pipe.send("ready")

    Engine.start = started  # type: ignore[method-assign]
    with open_office(workspace) as office:
        serve(office, stop)
    pipe.send(dict(watch.seconds))


def _release(workspace: Path) -> None:
    """What `vanthu release --all` does, and what it cost."""
    from pipeline.cli import main as vanthu

    sys.argv = ["vanthu", "-w", str(workspace), "release", "--all"]
    try:
        vanthu()
    except SystemExit as end:
        if end.code:
            raise
    print(json.dumps({"cpu": time.process_time()}))


def _stopped() -> threading.Event:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    return stop


@contextmanager
def new_database() -> Iterator[str]:
    from tests.postgresql import find_binaries, running_cluster

    binaries = find_binaries()
    if binaries is None:
        raise SystemExit("apt-get install postgresql")
    with running_cluster(binaries) as cluster:
        yield cluster.url(cluster.create())


# --- looking ----------------------------------------------------------------------------------------------------------


def cpu(pid: int) -> float:
    """Seconds that a process, its living children and those that it has buried have used."""
    ticks = 0
    for process in (pid, *_below(pid)):
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(int(field) for field in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def peak(pid: int) -> float:
    """The most memory that any of them ever had, in MB."""
    return max(_peak(process) for process in (pid, *_below(pid)))


def _peak(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)


def _below(pid: int) -> list[int]:
    parents: dict[int, list[int]] = defaultdict(list)
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.read_text().rpartition(")")[2].split()[1])].append(int(path.parent.name))
        except OSError:
            continue
    found, left = [], [pid]
    while left:
        children = parents[left.pop()]
        found += children
        left += children
    return found


def _all_filed(office: Any, count: int) -> bool:
    from pipeline.database.tables import DocumentRow

    with office.database.read() as session:
        return bool(session.query(DocumentRow).filter_by(state="filed").count() == count)


def _drop(office: Any, number: int) -> None:
    from tests.sealing import drop_draft

    drop_draft(office, f"{number:03d}.pdf")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    if sys.argv[1:2] == ["release"]:
        _release(Path(sys.argv[2]))
    else:
        main()
