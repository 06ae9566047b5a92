"""--lang, --workspace and --verbose may stand anywhere; the language has an order of precedence."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.cli.app import make_face, take_common
from pipeline.errors import UsageError


@pytest.mark.parametrize(
    ("given", "common", "rest"),
    [
        (["--lang", "en", "status"], {"lang": "en"}, ["status"]),
        (["status", "--lang=en", "-w", "/x"], {"lang": "en", "workspace": "/x"}, ["status"]),
        (["search", "-v", "a", "--limit", "3"], {"verbose": "1"}, ["search", "a", "--limit", "3"]),
        (["search", "--", "-w", "x"], {}, ["search", "--", "-w", "x"]),
        (["--workspace=/a b", "doctor"], {"workspace": "/a b"}, ["doctor"]),
        (["edit", "15", "--language", "en"], {}, ["edit", "15", "--language", "en"]),
    ],
)
def test_common_options_are_lifted_from_anywhere(given: list[str], common: dict[str, str], rest: list[str]) -> None:
    assert take_common(given) == (common, rest)


@pytest.mark.parametrize("given", [["status", "-w"], ["--lang="], ["--workspace"]])
def test_an_option_without_its_value_is_a_usage_error(given: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        take_common(given)
    assert caught.value.code == "option-without-value"


def test_an_unknown_language_is_a_usage_error() -> None:
    with pytest.raises(UsageError):
        make_face({"lang": "fr"})


def test_the_option_beats_the_configuration_and_the_configuration_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert make_face({"workspace": str(tmp_path)}).messages.language == "en"
    (tmp_path / "vanthu.toml").write_text('language = "vi"\n', encoding="utf-8")
    assert make_face({"workspace": str(tmp_path)}).messages.language == "vi"
    assert make_face({"workspace": str(tmp_path), "lang": "en"}).messages.language == "en"


def test_a_broken_configuration_does_not_hide_the_language_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    (tmp_path / "vanthu.toml").write_text('language = "', encoding="utf-8")
    assert make_face({"workspace": str(tmp_path)}).messages.language == "vi"
