"""Help and complaints in both languages, narrow enough for a small screen."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from rich.cells import cell_len

from pipeline.cli.app import command_tree, run
from pipeline.messages import LANGUAGES, catalogue


def commands(tree: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, child in getattr(tree, "commands", {}).items():
        yield (*path, name)
        yield from commands(child, (*path, name))


COMMANDS = [(), *commands(command_tree(catalogue("vi")))]
ENGLISH = ("Usage", "Options", "Arguments", "Commands", "Show this", "Install", "default")


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_vietnamese_help_has_no_english_words(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*path, "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Cách dùng: vanthu")
    assert not [word for word in ENGLISH if word in shown]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_help_fits_eighty_columns(path: tuple[str, ...], language: str, capsys: pytest.CaptureFixture[str]) -> None:
    run([*path, "--help", "--lang", language])
    captured = capsys.readouterr()
    assert captured.err == ""
    assert max(cell_len(line) for line in captured.out.splitlines()) <= 80


@pytest.mark.parametrize(
    ("arguments", "vi", "en"),
    [
        (["serch"], "Có phải ý bạn là search", "Did you mean search"),
        (["search", "--limt", "3"], "Không có tùy chọn --limt", "no option --limt"),
        (["search"], "Thiếu TỪ_KHÓA", "QUERY is missing"),
        (["search", "x", "--limit", "ba"], "phải là số nguyên", "whole number"),
        (["search", "x", "--limit", "0"], "phải từ 1 trở lên", "1 or more"),
        (["register", "cancel", "15"], "Thiếu --reason", "--reason is missing"),
        (["status", "--lang", "fr"], "Không có ngôn ngữ", "Không có ngôn ngữ"),
    ],
)
def test_bad_usage_is_told_on_stderr_and_ends_with_two(
    arguments: list[str], vi: str, en: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for language, words in (("vi", vi), ("en", en)):
        given = arguments if "--lang" in arguments else [*arguments, "--lang", language]
        assert run(given) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert words in captured.err


def test_nothing_asked_shows_the_help_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Cách dùng" in captured.err


def test_help_does_not_wait_for_heavy_libraries() -> None:
    """The engine, OpenCV and the database answer a command, not a question about commands."""
    look = "import sys; from pipeline.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    look += "print(*sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, check=True)
    loaded = set(done.stderr.decode().split())
    assert not loaded & {
        "dbos",
        "cv2",
        "numpy",
        "sqlalchemy",
        "alembic",
        "pypdfium2",
        "pdfplumber",
        "watchdog",
        "bagit",
    }


def test_version_is_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("vanthu ")
