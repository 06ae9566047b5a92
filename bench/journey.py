"""Pages a minute of the whole job - intake, reading, metadata, register, archive, index - against the bare OCR program.

    .venv/bin/python bench/journey.py [--pages 40] [--each 4] [--rounds 2] [--from FOLDER] [--without-ocrmypdf]

The same page images at 200 dpi go three ways, in turn (A B A B): `tesseract` alone, two processes, one thread each,
words and text layer in one pass; `vanthu watch --once` over a fresh workspace with those pages as scanned documents;
and OCRmyPDF where it is installed. Ratios are pair by pair: in wall time, and in CPU seconds of the whole machine, so
let nothing else run. The workspace waits 0.2 s instead of 3 s for a file to be quiet: waiting is not work.
--from takes the pages of the PDF files of a folder instead of our own samples.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pypdfium2
from fpdf import FPDF
from PIL import Image

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))

from samples import catalogue, page, scan  # noqa: E402
from samples.draft import Scan  # noqa: E402

DPI = 200
PROCESSES = 2
ONE_THREAD = {**os.environ, "OMP_THREAD_LIMIT": "1"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--each", type=int, default=4, help="pages of one document")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--from", dest="source", type=Path, help="a folder of PDF files")
    parser.add_argument("--without-ocrmypdf", action="store_true")
    parser.add_argument("--keep", action="store_true", help="keep the working folder")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="vanthu-bench-"))
    try:
        images, documents = prepare(folder, arguments.source, arguments.pages, arguments.each)
        measure(folder, images, documents, arguments.rounds, peer=not arguments.without_ocrmypdf)
    finally:
        if arguments.keep:
            print(folder, file=sys.stderr)
        else:
            shutil.rmtree(folder, ignore_errors=True)


def prepare(folder: Path, source: Path | None, pages: int, each: int) -> tuple[list[Path], list[Path]]:
    """Write the page images, and the same images as scanned PDF documents of `each` pages."""
    (folder / "images").mkdir()
    (folder / "documents").mkdir()
    images = []
    for number, image in enumerate(islice(from_folder(source) if source else own_pages(), pages), 1):
        path = folder / "images" / f"{number:04d}.jpg"
        image.save(path, "JPEG", quality=80, dpi=(DPI, DPI))
        images.append(path)
    documents = []
    for number, group in enumerate(chunks(images, each), 1):
        path = folder / "documents" / f"{number:04d}.pdf"
        write_pdf(group, path)
        documents.append(path)
    return images, documents


def chunks(items: Sequence[Path], size: int) -> Iterator[Sequence[Path]]:
    return (items[i : i + size] for i in range(0, len(items), size))


def own_pages() -> Iterator[Image.Image]:
    """Our scanned samples at 200 dpi, with other prose and other wear in every round of the catalogue."""
    seed = 0
    while True:
        for draft in catalogue.drafts(seed):
            if draft.scan and not draft.secrecy and not draft.scan.sideways:
                how = Scan(DPI, "rgb" if draft.scan.mode == "rgb" else "gray", draft.scan.level)
                laid = page.lay_out(replace(draft, scan=how), seed)
                yield from from_pdf(scan.scan(laid.pdf, how, f"{seed}/{draft.name}"))
        seed += 1


def from_folder(folder: Path) -> Iterator[Image.Image]:
    for path in sorted(folder.glob("*.pdf")):
        yield from from_pdf(path.read_bytes())


def from_pdf(content: bytes) -> Iterator[Image.Image]:
    with pypdfium2.PdfDocument(content) as pdf:
        for sheet in pdf:
            yield sheet.render(scale=DPI / 72).to_pil().convert("RGB")


def write_pdf(images: Sequence[Path], target: Path) -> None:
    """The JPEG streams as they are, each filling a page of A4."""
    pdf = FPDF("P", "mm", "A4")
    pdf.set_auto_page_break(False)
    for path in images:
        pdf.add_page()
        pdf.image(path, 0, 0, 210, 297)
    pdf.output(target)


def measure(folder: Path, images: Sequence[Path], documents: Sequence[Path], rounds: int, *, peer: bool) -> None:
    ways: dict[str, Callable[[int], None]] = {
        "tesseract": lambda turn: bare(folder / f"bare-{turn}", images),
        "vanthu": lambda turn: whole_job(folder / f"workspace-{turn}", documents),
    }
    if peer and shutil.which("ocrmypdf"):
        ways["ocrmypdf"] = lambda turn: ocrmypdf(folder / f"ocrmypdf-{turn}", documents)
    wall: dict[str, list[float]] = {name: [] for name in ways}
    cpu: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds):
        for name, way in ways.items():
            started, used = time.monotonic(), cpu_of_machine()
            way(turn)
            wall[name].append(time.monotonic() - started)
            cpu[name].append(cpu_of_machine() - used)
            seconds, used, pace = wall[name][-1], cpu[name][-1], len(images) / wall[name][-1] * 60
            print(f"{name:<10} turn {turn + 1}: {seconds:6.1f} s  {used:6.1f} CPU s  {pace:5.1f} pages/min", flush=True)
    for name in list(ways)[1:]:
        for what, seconds in (("wall", wall), ("CPU", cpu)):
            ratios = [bare / own for bare, own in zip(seconds["tesseract"], seconds[name], strict=True)]
            print(f"{name:<10} {what:<4} to the bare binary: median {statistics.median(ratios):.2f}  {_listed(ratios)}")


def cpu_of_machine() -> float:
    """CPU seconds of everything that runs here: the reading processes are nobody's waited-for children."""
    user, nice, system = (int(ticks) for ticks in Path("/proc/stat").read_text().split(None, 4)[1:4])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")


def _listed(ratios: Sequence[float]) -> str:
    return " ".join(f"{ratio:.2f}" for ratio in ratios)


def bare(folder: Path, images: Sequence[Path]) -> None:
    """`tesseract page out -l vie tsv pdf`, one process a page, two at once."""
    folder.mkdir()

    def one(image: Path) -> None:
        command = ["tesseract", str(image), str(folder / image.stem), "-l", "vie", "--dpi", str(DPI), "tsv", "pdf"]
        subprocess.run(command, check=True, capture_output=True, env=ONE_THREAD)

    with ThreadPoolExecutor(PROCESSES) as pool:
        list(pool.map(one, images))


def whole_job(workspace: Path, documents: Sequence[Path]) -> None:
    """Every document from the watched folder to the index; fails unless all were filed."""
    vanthu = Path(sys.executable).with_name("vanthu")
    subprocess.run([vanthu, "init", workspace], check=True, capture_output=True)
    config = workspace / "vanthu.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("quiet_seconds = 3.0", "quiet_seconds = 0.2"), "utf-8")
    for document in documents:
        shutil.copy(document, workspace / "van-ban-den")
    subprocess.run([vanthu, "-w", workspace, "watch", "--once"], check=True, capture_output=True)
    filed = len(list((workspace / "luu-tru").glob("*/*")))
    if filed != len(documents):
        raise SystemExit(f"only {filed} of {len(documents)} documents were filed")


def ocrmypdf(folder: Path, documents: Sequence[Path]) -> None:
    folder.mkdir()
    for document in documents:
        command = [
            "ocrmypdf",
            "-l",
            "vie",
            "--output-type",
            "pdfa",
            "--deskew",
            "--rotate-pages",
            "--jobs",
            str(PROCESSES),
        ]
        subprocess.run([*command, document, folder / document.name], check=True, capture_output=True)


if __name__ == "__main__":
    main()
