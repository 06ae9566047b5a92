"""Every mistake of a configuration is told at once, with its path, in signs that need no language."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import ConfigurationError
from pipeline.settings import settings_from

WRONG = {
    "intake": {"quiet_second": 3.0, "max_pages": "a", "max_file_mb": 0, "mode": "x", "ignore": "x"},
    "metadata": {"review_below": 2.0},
    "registers": {"timezone": "A/B"},
    "database": {"url": "mysql://x"},
    "agency": {"name": 3, "organ_id": "0" * 36},
    "reading": "vie",
    "folder": {},
}


def test_all_problems_are_told_at_once_with_the_nearest_key() -> None:
    with pytest.raises(ConfigurationError) as caught:
        settings_from(WRONG, Path("/x"))
    told = dict(line.strip().split(": ", 1) for line in caught.value.detail["problems"].splitlines())
    assert told["intake.quiet_second"] == "? → quiet_seconds"
    assert told["folder"] == "? → folders"
    assert told["intake.max_file_mb"] == "> 0"
    assert "polling" in told["intake.mode"]
    assert set(told) == {
        "intake.quiet_second", "intake.max_pages", "intake.max_file_mb", "intake.mode", "intake.ignore",
        "metadata.review_below", "registers.timezone", "database.url", "agency.name", "agency.organ_id", "reading",
        "folder",
    }  # fmt: skip


def test_no_sentence_of_the_library_reaches_a_person() -> None:
    with pytest.raises(ConfigurationError) as caught:
        settings_from(WRONG, Path("/x"))
    assert not [word for word in ("Input", "should", "valid", "Value error") if word in caught.value.detail["problems"]]
