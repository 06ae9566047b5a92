"""Reading many files without filing them: whatever one of them is, the others get their answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.journeys import inspect, inspecting
from pipeline.settings import settings_from
from tests.paper import letter

pytestmark = pytest.mark.integration


def test_paths_that_cannot_be_looked_at_do_not_stop_the_others(tmp_path: Path) -> None:
    good = letter(tmp_path / "a.pdf")
    paths = [tmp_path / ("x" * 300), tmp_path / "gone.pdf", good / "below.pdf", good]
    found = {result.path: result for result in inspect(paths, settings_from({}, tmp_path))}
    assert [found[path].error.code if found[path].error else None for path in paths] == [  # type: ignore[union-attr]
        "unreadable-file", "file-not-found", "file-not-found", None,
    ]  # fmt: skip


def test_a_bug_that_one_file_meets_does_not_stop_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extract = inspecting.metadata.extract

    def buggy(reading: Any, settings: Any, clues: Any) -> Any:
        if "Số: 16" in reading.text:
            raise ZeroDivisionError
        return extract(reading, settings, clues)

    monkeypatch.setattr(inspecting.metadata, "extract", buggy)
    paths = [letter(tmp_path / "a.pdf", number=15), letter(tmp_path / "b.pdf", number=16)]
    found = {result.path: result for result in inspect(paths, settings_from({}, tmp_path))}
    assert found[paths[0]].metadata is not None
    error = found[paths[1]].error
    assert error is not None
    assert error.code == "unexpected"
