"""What the watching terminal says: the events that matter, and nothing that is over."""

from __future__ import annotations

import pytest

from pipeline.cli.face import Face
from pipeline.cli.serving import Teller
from pipeline.journeys import Progress
from pipeline.messages import catalogue


class Screen:
    """Keeps the last line that it was given to show."""

    def __init__(self) -> None:
        self.shown = ""

    def update(self, text: object) -> None:
        self.shown = str(text)


def told(capsys: pytest.CaptureFixture[str], *events: Progress, verbose: bool = False) -> tuple[str, str]:
    screen = Screen()
    teller = Teller(Face(catalogue("vi"), verbose=verbose), screen)  # type: ignore[arg-type]
    for event in events:
        teller(event)
    return screen.shown, capsys.readouterr().err


JOURNEY = (
    Progress("claimed", "r1", "a.pdf"), Progress("secured", "r1", "a.pdf"),
    Progress("registered", "den-2026-00001", "a.pdf", receipt="r1"), Progress("retired", "den-2026-00001", "a.pdf"),
    Progress("page", "den-2026-00001", "", 1, 2),
)  # fmt: skip


def test_a_document_under_way_is_shown_with_its_page(capsys: pytest.CaptureFixture[str]) -> None:
    shown, err = told(capsys, *JOURNEY)
    assert shown.endswith("đang đọc trang 1/2")
    assert ";" not in shown
    assert err.splitlines() == ["den-2026-00001: đã vào sổ (a.pdf)"]


def test_nothing_is_shown_after_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    shown, err = told(capsys, *JOURNEY, Progress("filed", "den-2026-00001"), Progress("cleared", "den-2026-00001"))
    assert shown == ""
    assert "đã lưu trữ" in err


def test_a_refusal_is_told_and_forgotten(capsys: pytest.CaptureFixture[str]) -> None:
    shown, err = told(capsys, Progress("claimed", "r2", "b\x1b.exe"), Progress("refused", "r2", "b\x1b.exe"))
    assert shown == ""
    assert "không nhận" in err
    assert "\x1b" not in err


def test_everything_is_told_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    _, err = told(capsys, *JOURNEY, verbose=True)
    assert len(err.splitlines()) == len(JOURNEY)
