"""A command that no guide tells of does not exist for its users."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.cli.app import PANELS, command_tree
from pipeline.cli.documents import OPTION_OF
from pipeline.document import FIELD_NAMES
from pipeline.messages import catalogue

DOCS = Path(__file__).parents[2] / "docs"
CLERK = (DOCS / "vi" / "huong-dan-van-thu.md").read_text(encoding="utf-8")
ADMINISTRATOR = (DOCS / "administrator.md").read_text(encoding="utf-8")


def leaves(tree: object, path: str = "vanthu") -> Iterator[str]:
    children = getattr(tree, "commands", {})
    if not children:
        yield path
    for name, child in children.items():
        yield from leaves(child, f"{path} {name}")


@pytest.mark.parametrize("command", [*leaves(command_tree(catalogue("vi")))])
def test_every_command_stands_in_a_guide(command: str) -> None:
    assert command in CLERK or command in ADMINISTRATOR


def test_every_daily_command_stands_in_the_clerks_guide() -> None:
    assert not [name for name in PANELS["usage-daily-title"] if f"vanthu {name}" not in CLERK]


def test_every_field_can_be_corrected() -> None:
    assert tuple(OPTION_OF) == FIELD_NAMES
    assert len(set(OPTION_OF.values())) == len(OPTION_OF)
