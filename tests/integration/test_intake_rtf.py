"""RTF: taken when it is whole and only text, refused when it loads something or never ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.document import Kind
from pipeline.errors import RefusedError
from pipeline.intake import examine
from pipeline.intake.wholeness import Wholeness, wholeness
from pipeline.messages import catalogue
from pipeline.settings import Intake
from tests import intake_files as made

pytestmark = pytest.mark.integration
GOOD = rb"{\rtf1\ansi{\fonttbl{\f0 .VnTime;}}\f0 C\'e9ng ho\'b5 \{x\} {\pict\bin5 }}}}}\par}}" + b"\r\n\0"


@pytest.fixture(autouse=True)
def soffice(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path_factory.mktemp("bin")
    (folder / "soffice").write_text("#!/bin/sh\n")
    (folder / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def test_a_whole_rtf_is_taken(tmp_path: Path) -> None:
    path = made.drop(tmp_path, "a.rtf", GOOD)
    assert examine(path, Intake()).kind is Kind.RTF
    assert wholeness(path, ask_kernel=False) is Wholeness.WHOLE


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (GOOD[:40], "truncated"),
        (rb"{\rtf1 " + b"{" * 600 + b"}" * 601, "damaged-office"),
        (rb"{\rtf1{\object\objautlink\objupdate{\*\objdata 0105}}}", "active-content"),
        (rb"{\rtf1{\object\objemb{\*\objclass Package}{\*\objdata 0105}}}", "active-content"),
        (rb"{\rtf1{\*\template https://example.org/a.dotm}}", "active-content"),
        (rb"{\rtf1{\field{\*\fldinst DDEAUTO cmd x}}}", "active-content"),
    ],
)
def test_what_is_cut_off_or_acts_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    path = made.drop(tmp_path, "a.rtf", data)
    with pytest.raises(RefusedError) as refused:
        examine(path, Intake())
    assert refused.value.code == code
    assert "a.rtf" in catalogue("vi").error(refused.value)


def test_an_rtf_on_its_way_looks_partial(tmp_path: Path) -> None:
    assert wholeness(made.drop(tmp_path, "a.rtf", GOOD[:50]), ask_kernel=False) is Wholeness.PARTIAL
