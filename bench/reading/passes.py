"""Reading documents as the service does - pages, second looks, rules - with the CPU seconds of each stage.

A document is read from its first page to its last in one process that does nothing else, by the very tasks that the
service gives its reading processes; several such processes side by side. Then, on request, the same page images go
through the bare `tesseract` binary, for a measure that a shared machine slows down in the same way.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from PIL import Image

from bench.reading.judging import Prediction
from pipeline import intake, metadata, settings
from pipeline.document import Clues, Kind, Metadata, Reading, TextSource
from pipeline.errors import VanthuError
from pipeline.reading import images, pdf, tasks
from pipeline.reading.stopwatch import cpu_seconds
from pipeline.reading.versions import engine

STAGES = ("render", "clean", "ocr", "zones", "rules")


@dataclass(frozen=True)
class Pass:
    """One document read: what was seen (None: refused) and the CPU seconds of each stage, and of the bare binary."""

    reading: Reading | None
    costs: Mapping[str, float] = field(default_factory=dict)
    bare: float = 0.0

    @property
    def recognised(self) -> int:
        return sum(page.source is TextSource.OCR for page in self.reading.pages) if self.reading else 0

    def to_json(self) -> dict[str, Any]:
        read = self.reading.to_json() if self.reading else {}
        return {**read, "costs": dict(self.costs), "bare": self.bare}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Pass:
        reading = Reading.from_json(data) if "pages" in data else None
        return cls(reading, data.get("costs", {}), data.get("bare", 0.0))


def read_all(paths: Sequence[Path], processes: int, *, bare: bool) -> Iterator[tuple[Path, Pass]]:
    """Read documents, several at once; they come in the order they were given."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        futures = [(path, pool.submit(read, path, bare=bare)) for path in paths]
        for path, future in futures:
            yield path, future.result()


def read(path: Path, *, bare: bool) -> Pass:
    """Read one document in this process."""
    config = settings.settings_from({}, Path())
    try:
        kind = intake.examine(path, config.intake, dropped=False).kind
        reading, costs = _first(path, kind, config)
    except VanthuError:
        return Pass(None)
    reading, costs["zones"], costs["rules"] = _second(path, kind, reading, config)
    before = cpu_seconds()
    metadata.extract(reading, config.metadata, Clues(path.name))
    costs["rules"] += cpu_seconds() - before
    return Pass(reading, dict(costs), _bare(path, kind, reading, config) if bare else 0.0)


def understood(path: Path, done: Pass) -> Prediction:
    """What today's rules make of a reading, new or kept."""
    if done.reading is None:
        return Prediction(refused=True)
    found = metadata.extract(done.reading, settings.settings_from({}, Path()).metadata, Clues(path.name))
    return prediction(found, done.reading)


def prediction(found: Metadata, reading: Reading) -> Prediction:
    """Metadata in the form in which they are judged."""
    fields = {
        name: (list(one.value) if isinstance(one.value, tuple) else one.value, one.confidence)
        for name, one in found.fields.items()
    }
    return Prediction(fields, frozenset(found.review), {page.number: page.text for page in reading.pages})


def keep(folder: Path, path: Path, done: Pass) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{path.name}.json").write_text(json.dumps(done.to_json(), ensure_ascii=False), encoding="utf-8")


def kept(folder: Path, path: Path) -> Pass | None:
    """A reading that `keep` wrote; None where there is none."""
    file = folder / f"{path.name}.json"
    return Pass.from_json(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else None


def _first(path: Path, kind: Kind, config: settings.Settings) -> tuple[Reading, Counter[str]]:
    before = cpu_seconds()
    outline = tasks.outline(path, kind)
    costs: Counter[str] = Counter({"render": cpu_seconds() - before})
    s = config.reading
    read_pages = [
        tasks.read_page(
            tasks.PageTask(path, kind, i, s.languages, s.blank_ink, s.page_seconds, config.intake.max_megapixels)
        )
        for i in range(outline.page_amount)
    ]
    for page in read_pages:
        costs.update(page.costs)
    findings = tuple(finding for page in read_pages for finding in page.findings)
    pages = tuple(page.page for page in read_pages)
    recognised = any(page.source is TextSource.OCR for page in pages)
    return metadata.judge_legibility(Reading(pages, findings, outline.signed, engine(recognised))), costs


def _second(path: Path, kind: Kind, reading: Reading, config: settings.Settings) -> tuple[Reading, float, float]:
    """The reading with its second looks, and what they and the question for them cost."""
    before = cpu_seconds()
    zones = metadata.doubtful_zones(reading, config.metadata, Clues(path.name))
    asked = cpu_seconds()
    s, looks = config.reading, []
    for page in reading.pages:
        of_page = tuple(zone for zone in zones if zone.page == page.number)
        if of_page and page.source is TextSource.OCR:
            task = tasks.LookTask(
                path, kind, page, of_page, s.languages, s.page_seconds, config.intake.max_megapixels
            )  # fmt: skip
            looks += tasks.look_again(task)
    return replace(reading, second_looks=tuple(looks)), cpu_seconds() - asked, asked - before


def _bare(path: Path, kind: Kind, reading: Reading, config: settings.Settings) -> float:
    """CPU seconds of the bare binary on the same pages at the same resolution: words and text layer in one pass."""
    with tempfile.TemporaryDirectory(prefix="vanthu-bench-") as folder:
        scans = [page.number for page in reading.pages if page.source is TextSource.OCR]
        before = _children()
        for number in scans:
            picture, dpi = _picture(path, kind, number - 1, config.intake.max_megapixels)
            page = Path(folder) / f"{number}.png"
            picture.save(page, compress_level=1)
            command = ["tesseract", str(page), str(page.with_suffix("")), "-l", config.reading.languages]
            subprocess.run(
                [*command, "--dpi", str(round(dpi)), "tsv", "pdf"],
                check=False, capture_output=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )  # fmt: skip
        return _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _picture(path: Path, kind: Kind, index: int, max_megapixels: int) -> tuple[Image.Image, float]:
    """The gray page image of the resolution that ours is read at (200 to 300 dpi)."""
    if kind.is_image:
        image, _ = images.read_frame(images.open_image(path, kind), index, max_megapixels)
    else:
        with pdf.open_pdf(path) as document:
            page, sheet = pdf.survey(document, index, max_megapixels)
            image = pdf.render(page, sheet)
            page.close()
    picture = Image.fromarray(image.pixels).convert("L")
    scale = min(max(image.dpi, 200), 300) / image.dpi
    return picture.resize((round(picture.width * scale), round(picture.height * scale))), image.dpi * scale
