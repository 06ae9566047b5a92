"""What a page cost is told by stage, the Tesseract that stays included."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from pipeline.document import Kind
from pipeline.reading import tasks, tesseract
from pipeline.reading.stopwatch import cpu_seconds
from tests.reading_papers import SENTENCES, born_digital, drawn, scan_pdf

pytestmark = pytest.mark.integration


def costs_of(path: Path) -> tuple[dict[str, float], float]:
    """The page's costs by stage, and what the whole task cost as seen from outside."""
    before = cpu_seconds()
    try:
        read = tasks.read_page(tasks.PageTask(path, Kind.PDF, 0, "vie", 0.0005, 60, 50))
        return dict(read.costs), cpu_seconds() - before
    finally:
        tesseract.end_streams()


def test_recognition_of_a_scan_is_counted_though_its_process_lives_on(tmp_path: Path) -> None:
    costs, all_of_it = costs_of(scan_pdf(tmp_path / "a.pdf", drawn(SENTENCES * 3)))
    assert set(costs) == {"render", "clean", "ocr"}
    assert costs["ocr"] > costs["clean"] > 0
    assert sum(costs.values()) <= all_of_it * 1.01


def test_a_born_digital_page_is_not_recognised(tmp_path: Path) -> None:
    costs, _ = costs_of(born_digital(tmp_path / "a.pdf"))
    assert set(costs) == {"render"}


def test_zones_go_through_one_process_which_whole_pages_leave_alone() -> None:
    def processes() -> set[str]:
        return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())

    page = np.asarray(drawn(SENTENCES).convert("L"))
    before = processes()
    try:
        read = tesseract.recognise_zone(page, "vie", 200, 60)
        of_zones = processes() - before
        tesseract.recognise(page, "vie", 200, 60)
        assert tesseract.recognise_zone(np.full((40, 200), 255, np.uint8), "vie", 200, 60) == []
        assert tesseract.recognise_zone(page, "vie", 200, 60) == read != []
        assert len(of_zones) == 1
        assert of_zones < processes() - before
    finally:
        tesseract.end_streams()
    assert processes() == before
