"""A clerk goes through doubtful fields at a terminal of 80 columns, with the keys that the screen names."""

from __future__ import annotations

import json
import os
import re
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest
from sqlalchemy import select

from pipeline.database.tables import DocumentRow
from pipeline.journeys import open_office
from tests.batches import batch
from tests.commandline import ENVIRONMENT, PROGRAM, vanthu
from tests.paper import letter
from tests.workspaces import make_workspace, run_once

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(180)]
REVIEW = ["code_number", "issued_date", "subject", "signatory_name"]
GAP = "signatory_name"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = make_workspace(tmp_path_factory.mktemp("made") / "office")
    with open_office(settings.workspace) as office:
        letter(office.incoming / "công văn.pdf")
        run_once(office)
        with office.database.write() as session:  # as if it had been scanned badly
            row = session.scalars(select(DocumentRow)).one()
            row.review = REVIEW
            proposal = dict(row.proposal or {})
            proposal["review"] = REVIEW
            proposal["fields"] = {name: found for name, found in proposal["fields"].items() if name != GAP}
            for name in REVIEW[:-1]:
                proposal["fields"][name] = {**proposal["fields"][name], "confidence": 0.5}
            row.proposal = proposal
    return settings.workspace


@pytest.fixture
def workspace(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "office")
    return tmp_path / "office"


@pytest.fixture
def document(workspace: Path) -> str:
    line = json.loads(vanthu("register", "den", "--json", cwd=workspace).stdout)
    return str(line["document_id"])


@pytest.fixture
def terminal(workspace: Path) -> Iterator[pexpect.spawn]:
    environment = {**ENVIRONMENT, "TERM": "xterm", "PATH": os.environ["PATH"]}
    arguments = [*PROGRAM[1:], "review"]
    child = pexpect.spawn(PROGRAM[0], arguments, cwd=str(workspace), env=environment, dimensions=(40, 80),
                          encoding="utf-8", timeout=60)  # fmt: skip
    yield child
    child.close(force=True)


def standing(workspace: Path, document: str) -> dict[str, Any]:
    return dict(json.loads(vanthu("show", document, "--json", cwd=workspace).stdout))


def plain(shown: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown)


def question(terminal: pexpect.spawn, number: int, field: str) -> str:
    """Wait until a question stands on the screen; return what was written for it."""
    terminal.expect_exact(f"[{number}/4]")
    terminal.expect("q thôi")
    shown = plain(terminal.before)
    assert field in shown
    return shown


def test_one_key_each_and_the_paper_beside_it(terminal: pexpect.spawn, workspace: Path, document: str) -> None:
    shown = question(terminal, 1, "Người ký")
    assert "chưa đọc được" in shown
    picture = re.search(r"\S+-signatory_name\.png", shown.replace("\r\n", ""))
    assert picture is not None
    terminal.send("\r")  # there is nothing to confirm: the key does nothing
    terminal.send("\x1b[A")  # nor does an arrow
    terminal.send("e")
    terminal.expect("Người ký: ")
    terminal.sendline(unicodedata.normalize("NFD", "Trần Thị Minh Hạnh"))
    question(terminal, 2, "Số")
    terminal.send("\r")
    shown = question(terminal, 3, "Ngày ban hành")
    assert "05/02/2026" in shown
    assert "50%" in shown
    terminal.send("e")
    terminal.expect("Ngày ban hành: ")
    terminal.sendline("x")  # behind the day that stands there already
    terminal.expect("Không hiểu ngày")
    terminal.expect("Ngày ban hành: ")
    terminal.send("\x15")  # Ctrl-U: the whole line
    terminal.sendline("6/2/2026")
    question(terminal, 4, "Trích yếu")
    terminal.send("x")
    terminal.expect("Đã quyết định 4 trường, còn 0")
    terminal.expect(pexpect.EOF)
    now = standing(workspace, document)
    assert now["review"] == []
    assert now["fields"]["signatory_name"]["value"] == "Trần Thị Minh Hạnh"
    assert now["fields"]["issued_date"]["value"] == "2026-02-06"
    assert now["fields"]["code_number"] | {"box": None} == {
        "value": "15", "confidence": 1.0, "page": None, "box": None, "rule": "person"
    }  # fmt: skip
    assert "subject" not in now["fields"]
    assert list((workspace / ".vanthu").glob("review-*")) == []  # pictures of documents do not lie about


def test_later_undo_and_quit(terminal: pexpect.spawn, workspace: Path, document: str) -> None:
    question(terminal, 1, "Người ký")
    terminal.send("u")
    terminal.expect("Chưa có gì để hoàn tác")
    terminal.send("s")
    question(terminal, 2, "Số")
    terminal.send("y")
    question(terminal, 3, "Ngày ban hành")
    terminal.send("u")
    terminal.expect("Đã hoàn tác: Số")
    question(terminal, 2, "Số")
    terminal.send("e")
    terminal.expect("Số: 15")  # the value stands in the line and can be edited
    terminal.sendline("\x7f7")
    question(terminal, 3, "Ngày ban hành")
    terminal.send("e")
    terminal.expect("Ngày ban hành: ")
    terminal.send("\x03")
    terminal.expect("chưa quyết định")
    terminal.send("q")
    terminal.expect("Đã quyết định 1 trường, còn 3")
    terminal.expect(pexpect.EOF)
    now = standing(workspace, document)
    assert now["review"] == ["issued_date", "subject", "signatory_name"]
    assert now["fields"]["code_number"]["value"] == "17"
    kinds = [event["kind"] for event in now["history"]]
    assert kinds[-3:] == ["corrected", "withdrawn", "corrected"]


def test_lines_fit_eighty_columns(terminal: pexpect.spawn) -> None:
    terminal.expect("q thôi")
    lines = plain(terminal.before + terminal.after).splitlines()
    assert max(len(line.rstrip()) for line in lines) <= 80


def test_pipes_get_a_list_and_programs_get_json(workspace: Path, document: str, tmp_path: Path) -> None:
    listed = vanthu("review", cwd=workspace)
    assert listed.returncode == 0
    assert "Trích yếu" in listed.stdout.decode()
    assert b"\x1b" not in listed.stdout + listed.stderr
    done = vanthu("review", "--json", "--limit", "2", "--out", str(tmp_path / "ảnh"), cwd=workspace)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["field"] for line in lines] == ["signatory_name", "code_number"]
    assert [line["why"] for line in lines] == ["missing", "weak"]
    assert set(lines[1]) == {
        "document_id", "name", "field", "risk", "why", "value", "confidence", "page", "box", "rule", "guesses",
        "picture",
    }  # fmt: skip
    for line in lines:
        assert Path(line["picture"]).read_bytes().startswith(b"\x89PNG")
    one = vanthu("review", document, "--field", "date", "--json", cwd=workspace)
    assert [json.loads(line)["field"] for line in one.stdout.splitlines()] == ["issued_date"]
    assert vanthu("review", "--field", "nope", cwd=workspace).returncode == 2


def test_answers_of_a_file_are_taken_and_bad_ones_told(workspace: Path, document: str) -> None:
    def answer(**more: str) -> str:
        return json.dumps({"document_id": document, **more}, ensure_ascii=False)

    lines = [
        answer(field="code_number", decision="right"), answer(field="subject", decision="value", value="kế hoạch"),
        answer(field="signatory_name", decision="right"), "không phải JSON", "",
        answer(field="issued_date", decision="value", value="ngày kia"),
    ]  # fmt: skip
    file = workspace / "tra-loi.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    done = vanthu("review", "--answers", str(file), cwd=workspace)
    told = done.stderr.decode()
    assert done.returncode == 12
    assert all(f"Dòng {number}:" in told for number in (3, 4, 6))
    now = standing(workspace, document)
    assert now["review"] == ["issued_date", "signatory_name"]
    assert now["fields"]["subject"]["value"] == "kế hoạch"


def test_a_stack_is_proposed_shown_and_split(tmp_path: Path) -> None:
    settings = make_workspace(tmp_path / "office")
    with open_office(settings.workspace) as office:
        batch(office.incoming / "chồng.pdf")
        run_once(office)
    at = settings.workspace
    first = json.loads(vanthu("register", "den", "--json", cwd=at).stdout)["document_id"]
    assert "2, 3" in vanthu("show", "1", cwd=at).stdout.decode()
    assert f"vanthu split {first}" in vanthu("status", cwd=at).stderr.decode()
    tried = json.loads(vanthu("split", "1", "--dry-run", "--json", cwd=at).stdout)
    assert tried == {
        "document_id": first, "done": False,
        "parts": [{"document_id": first, "pages": "1-1"}, {"document_id": None, "pages": "2-2"},
                  {"document_id": None, "pages": "3-3"}],
    }  # fmt: skip
    done = vanthu("split", "1", "--at", "2", cwd=at)
    assert done.returncode == 0, done.stderr.decode()
    assert "trang 2-3" in done.stderr.decode()
    assert vanthu("watch", "--once", cwd=at).returncode == 0
    shown = vanthu("show", "2", cwd=at).stdout.decode()
    assert f"{first}, trang 2-3" in shown
    assert "có vẻ gồm" in shown  # two of the letters are together still
    assert vanthu("split", "2", "--keep", cwd=at).returncode == 0
    assert "có vẻ gồm" not in vanthu("show", "2", cwd=at).stdout.decode()
    assert "Có vẻ gồm nhiều" not in vanthu("status", cwd=at).stdout.decode()
