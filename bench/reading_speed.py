"""Pages per minute of our reading against the bare `tesseract` binary on the same page images, in one run.

    python bench/reading_speed.py [--documents DIR] [--pages N] [--rounds N] [--processes N] [--ocrmypdf]

Page images are 200 dpi gray or colour PNGs made from the given documents (default: samples/). The bare binary makes
words and a text layer in one pass (tsv + pdf), one process a page, as many at once as ours has, one thread each. The
rounds alternate A B A B; the ratio is of the best rounds. Every round is a process of its own with all that it starts;
its CPU seconds are those of the whole tree, the start of Python with them.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from pipeline import settings
from pipeline.document import Kind
from pipeline.reading import Reader

DPI = 200


@dataclass(frozen=True)
class Measure:
    """One round: what it cost."""

    cpu: float
    wall: float

    def row(self, name: str, pages: int) -> str:
        return f"{name:12} {self.cpu:8.1f} {self.wall:8.1f} {60 * pages / self.wall:10.1f}"


def main() -> None:
    arguments = _arguments()
    if arguments.ours:
        ours(arguments.ours, arguments.processes)
        return
    adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="vanthu-bench-") as folder:
        pages = make_pages(arguments.documents, Path(folder), arguments.pages)
        if not pages:
            raise SystemExit(f"no PDF in {arguments.documents}")
        contestants: dict[str, Callable[[], None]] = {
            "tesseract": lambda: bare(pages, Path(folder), arguments.processes),
            "vanthu": lambda: alone(pages, arguments.processes),
        }
        if arguments.ocrmypdf and shutil.which("ocrmypdf"):
            contestants["ocrmypdf"] = lambda: peer(pages, Path(folder), arguments.processes)
        print(f"{len(pages)} pages, {arguments.processes} processes, {DPI} dpi")
        print(f"{'':12} {'CPU s':>8} {'wall s':>8} {'pages/min':>10}")
        measures = run_rounds(contestants, arguments.rounds, len(pages))
    report(measures)


def run_rounds(contestants: dict[str, Callable[[], None]], rounds: int, pages: int) -> dict[str, list[Measure]]:
    """Each contestant in turn, round after round, so that a busy machine is busy for all."""
    measures: dict[str, list[Measure]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, run in contestants.items():
            measures[name].append(measured(run))
            print(measures[name][-1].row(name, pages), flush=True)
    return measures


def report(measures: dict[str, list[Measure]]) -> None:
    """The ratio to the bare binary, of pages per minute and of CPU seconds; the best round of each."""
    limit = measures["tesseract"]
    for name, own in measures.items():
        wall = min(m.wall for m in limit) / min(m.wall for m in own)
        cpu = min(m.cpu for m in limit) / min(m.cpu for m in own)
        print(f"{name}: {wall:.2f} of the bare binary by wall clock, {cpu:.2f} by CPU seconds")


def measured(run: Callable[[], None]) -> Measure:
    before, start = _cpu(), time.monotonic()
    run()
    while True:  # the reading processes belong to a fork server: wait for them too, or their time is not counted
        try:
            os.wait()
        except ChildProcessError:
            break
    return Measure(_cpu() - before, time.monotonic() - start)


def make_pages(documents: Path, folder: Path, amount: int) -> list[Path]:
    """Page images of the first pages of each PDF, without sub-folders' structure."""
    made: list[Path] = []
    for source in sorted(documents.rglob("*.pdf")):
        document = pypdfium2.PdfDocument(source)
        for index in range(min(len(document), 2)):
            if len(made) == amount:
                return made
            path = folder / f"{len(made):04d}.png"
            image = document[index].render(scale=DPI / 72).to_pil()
            image.save(path, dpi=(DPI, DPI), compress_level=1)
            made.append(path)
        document.close()
    return made


def bare(pages: Sequence[Path], folder: Path, processes: int) -> None:
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}

    def read(page: Path) -> None:
        command = ["tesseract", str(page), str(folder / page.stem), "-l", "vie", "tsv", "pdf"]
        subprocess.run(command, check=True, capture_output=True, env=environment)

    with ThreadPoolExecutor(processes) as pool:
        list(pool.map(read, pages))


def alone(pages: Sequence[Path], processes: int) -> None:
    """Ours, in a process of its own."""
    command = [sys.executable, __file__, "--processes", str(processes), "--ours", *map(str, pages)]
    subprocess.run(command, check=True)


def adopt_orphans() -> None:
    """Become the parent of every process that ours leaves behind (Linux, PR_SET_CHILD_SUBREAPER)."""
    ctypes.CDLL(None).prctl(36, 1)


def ours(pages: Sequence[Path], processes: int) -> None:
    """Words and a reading copy of every page, as the journey asks for them; several documents at once."""
    with (
        tempfile.TemporaryDirectory(prefix="vanthu-bench-") as folder,
        Reader(settings.Reading(processes=processes), settings.Intake()) as reader,
        ThreadPoolExecutor(processes + 1) as pool,
    ):

        def read(page: Path) -> None:
            reading = reader.read(page, Kind.PNG)
            reader.write_reading_copy(page, Kind.PNG, reading, Path(folder) / f"{page.stem}.pdf")

        list(pool.map(read, pages))


def peer(pages: Sequence[Path], folder: Path, processes: int) -> None:
    """OCRmyPDF with the cleaning that it has, on one PDF of the same images."""
    from PIL import Image

    source = folder / "pages.pdf"
    first, *rest = [Image.open(page).convert("RGB") for page in pages]
    first.save(source, save_all=True, append_images=rest, resolution=DPI, quality=95)
    command = ["ocrmypdf", "-l", "vie", "--output-type", "pdfa", "--deskew", "--rotate-pages", "--jobs", str(processes)]
    subprocess.run([*command, str(source), str(folder / "peer.pdf")], check=True, capture_output=True)


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in used)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=Path, default=Path(__file__).parent.parent / "samples")
    parser.add_argument("--pages", type=int, default=17)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--ocrmypdf", action="store_true", help="also measure OCRmyPDF where it is installed")
    parser.add_argument("--ours", type=Path, nargs="+", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
