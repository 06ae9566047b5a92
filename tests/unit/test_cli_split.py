"""How people write the pages where documents begin."""

from __future__ import annotations

import pytest

from pipeline.cli.app import run
from pipeline.cli.splitting import read_pages
from pipeline.errors import UsageError


@pytest.mark.parametrize("text", ["4,7", "4, 7", "4 7", "4;7", " 4,7, "])
def test_pages_as_people_write_them(text: str) -> None:
    assert read_pages(text) == [4, 7]


@pytest.mark.parametrize("text", ["hai", "4-7", "-4", "4,x", "999999"])
def test_what_is_no_page_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="pages-unreadable"):
        read_pages(text)


def test_keeping_and_cutting_exclude_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["split", "1", "--keep", "--at", "2"]) == 2
    assert "--keep" in capsys.readouterr().err
