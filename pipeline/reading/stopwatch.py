"""Where a page's CPU seconds go, stage by stage: of this process, its children, the Tesseract that stays."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from pipeline.reading import tesseract


class Stage(StrEnum):
    RENDER = "render"  # opening, text layer, pixels
    CLEAN = "clean"
    OCR = "ocr"  # Tesseract on the whole page, its orientation, its stamps


class Stopwatch:
    """For one task in one thread. Stages do not nest."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, stage: Stage) -> Iterator[None]:
        """Count what the block costs, also when it raises."""
        before = cpu_seconds()
        try:
            yield
        finally:
            self._seconds[stage.value] = self._seconds.get(stage.value, 0.0) + cpu_seconds() - before

    @property
    def seconds(self) -> dict[str, float]:
        """CPU seconds by stage so far."""
        return dict(self._seconds)


def cpu_seconds() -> float:
    """CPU seconds that this process and all that it started have used."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime + tesseract.running_seconds()
