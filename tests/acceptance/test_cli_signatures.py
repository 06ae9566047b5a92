"""`vanthu validate` and `vanthu trust` as a person and a script meet them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from asn1crypto import x509
from rich.cells import cell_len

from pipeline.cli.app import run
from tests import signed_papers as papers
from tests.pki import Pki
from tests.workspaces import make_workspace

pytestmark = pytest.mark.acceptance


class Told(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("van-thu")).workspace


@pytest.fixture
def vanthu(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Told]:
    """The command line without a process of its own: what it printed, and its exit code."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: str, cwd: Path) -> Told:
        monkeypatch.chdir(cwd)
        code = run(list(arguments))
        captured = capsys.readouterr()
        return Told(code, captured.out, captured.err)

    return call


def test_trust_is_given_by_pin_or_by_a_person_s_word(vanthu: Callable[..., Told], workspace: Path, pki: Pki) -> None:
    root = str(pki.certificate("root"))
    sha256 = x509.Certificate.load(pki.der("root")).sha256.hex()
    assert vanthu("trust", "check", cwd=workspace).returncode == 1
    refused = vanthu("trust", "add", root, cwd=workspace)
    assert refused.returncode == 5
    assert f"--accept-unpinned {sha256} --yes" in refused.stderr
    assert vanthu("trust", "add", root, "--accept-unpinned", sha256, cwd=workspace).returncode == 2
    assert vanthu("trust", "add", root, "--accept-unpinned", sha256, "--yes", cwd=workspace).returncode == 0
    known = [json.loads(line) for line in vanthu("trust", "list", "--json", cwd=workspace).stdout.splitlines()]
    pins = [json.loads(line) for line in vanthu("trust", "check", "--json", cwd=workspace).stdout.splitlines()]
    assert [(one["sha256"], one["standing"]) for one in known if one["stored"]] == [(sha256, "unpinned")]
    assert any(one["name"] == "root-g2" and one["standing"] == "missing" and one["address"] for one in pins)


def test_validate_says_it_in_words_json_and_exit_codes(
    vanthu: Callable[..., Told], workspace: Path, pki: Pki, tmp_path: Path
) -> None:
    for name in ("root", "interm"):
        sha256 = x509.Certificate.load(pki.der(name)).sha256.hex()
        given = (str(pki.certificate(name)), "--accept-unpinned", sha256, "--yes")
        assert vanthu("trust", "add", *given, cwd=workspace).returncode == 0
    good = papers.sign(pki, papers.form(tmp_path / "tốt.pdf"), stamped=True)
    kept = papers.sign(pki, papers.form(tmp_path / "lâu.pdf"), stamped=True, long_term=True, archival=True)
    broken = papers.flip(papers.sign(pki, papers.form(tmp_path / "hỏng.pdf")), b"/MediaBox")
    unsigned = papers.form(tmp_path / "trơn.pdf")

    told = vanthu("validate", "--online", str(good), cwd=workspace)
    assert told.returncode == 0
    words = told.stdout
    assert "HỢP LỆ" in words
    assert "Nguyễn Văn Ả" in words
    assert "TOTAL-PASSED" in words
    assert max(cell_len(line) for line in words.splitlines()[1:]) <= 80

    lasting = vanthu("validate", str(kept), cwd=workspace)
    assert lasting.returncode == 0
    assert "theo chính dấu thời gian này" in lasting.stdout  # of the archival one, whose time is nobody's claim
    assert "theo máy người ký" not in lasting.stdout

    offline = vanthu("validate", str(good), cwd=workspace)
    assert offline.returncode == 21
    assert "KHÔNG XÁC ĐỊNH" in offline.stdout
    assert vanthu("validate", "--online", str(good), str(broken), cwd=workspace).returncode == 20
    assert vanthu("validate", "--online", str(good), str(unsigned), cwd=workspace).returncode == 22
    assert vanthu("validate", str(tmp_path / "none.pdf"), cwd=workspace).returncode == 13

    lines = vanthu("validate", "--json", "--lang", "en", str(broken), str(tmp_path / "none.pdf"), cwd=workspace)
    first, second = (json.loads(line) for line in lines.stdout.splitlines())
    assert (first["verdict"], first["signatures"][0]["subindication"]) == ("invalid", "HASH_FAILURE")
    assert first["signatures"][0]["message"] == "What was signed has been changed."
    assert second["error"]["code"] == "file-not-found"
    assert lines.returncode == 20


def test_without_a_workspace_nobody_is_believed(vanthu: Callable[..., Told], tmp_path: Path, pki: Pki) -> None:
    good = papers.sign(pki, papers.form(tmp_path / "a.pdf"))
    told = vanthu("validate", str(good), cwd=tmp_path)
    assert told.returncode == 21
    assert "không tin cậy" in told.stderr
