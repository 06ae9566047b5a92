"""The command line as scripts and clerks meet it: streams, exit codes, JSON, pipes, hostile names."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commandline import ENVIRONMENT, PROGRAM, vanthu

pytestmark = pytest.mark.acceptance


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("van-thu") / "cơ quan"
    done = vanthu("init", str(folder), cwd=folder.parent)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode() == f"{folder}\n"
    return folder


def test_init_makes_the_folders_and_keeps_what_is_there(workspace: Path) -> None:
    assert {"van-ban-den", "van-ban-di", "can-xem-lai", "khong-nhan", "luu-tru", ".vanthu", "vanthu.toml"} <= {
        path.name for path in workspace.iterdir()
    }
    config = workspace / "vanthu.toml"
    text = config.read_text(encoding="utf-8").replace('notation = "BQL"', 'notation = "UBND"')
    config.write_text(text, encoding="utf-8")
    assert vanthu("init", str(workspace), cwd=workspace).returncode == 0
    assert config.read_text(encoding="utf-8") == text


def test_the_workspace_is_found_from_inside_and_from_the_environment(workspace: Path, tmp_path: Path) -> None:
    inside = vanthu("status", "--json", cwd=workspace / "van-ban-den")
    named = vanthu("status", "--json", cwd=tmp_path, VANTHU_WORKSPACE=str(workspace))
    assert json.loads(inside.stdout)["workspace"] == json.loads(named.stdout)["workspace"] == str(workspace)


def test_no_workspace_is_not_found_with_advice(tmp_path: Path) -> None:
    done = vanthu("status", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (4, b"")
    assert "vanthu init" in done.stderr.decode()


def test_every_mistake_of_the_configuration_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "vanthu.toml").write_text("[intake]\nquiet_second = 3\nmax_pages = -1\n", encoding="utf-8")
    done = vanthu("status", cwd=tmp_path)
    assert done.returncode == 3
    told = done.stderr.decode()
    assert "quiet_seconds" in told
    assert "max_pages" in told


def test_status_without_a_service_is_unhealthy_and_says_what_to_do(workspace: Path) -> None:
    done = vanthu("status", cwd=workspace)
    assert done.returncode == 1
    assert "không chạy" in done.stdout.decode()
    assert "vanthu watch" in done.stderr.decode()


def test_doctor_prints_a_check_a_line_as_json(workspace: Path) -> None:
    done = vanthu("doctor", "--json", cwd=workspace)
    checks = [json.loads(line) for line in done.stdout.splitlines()]
    names = {check["name"] for check in checks}
    assert {"configuration", "tesseract", "languages", "clock", "database", "disk", "folder-private"} <= names
    assert done.returncode == (1 if any(check["health"] == "bad" for check in checks) else 0)
    assert all(check["remedy"] for check in checks if check["health"] == "bad")


def test_doctor_names_the_command_that_mends_a_missing_folder(workspace: Path) -> None:
    (workspace / "khong-nhan").rmdir()
    try:
        done = vanthu("doctor", "--lang", "en", cwd=workspace)
        assert done.returncode == 1
        remedy = next(line.strip() for line in done.stdout.decode().splitlines() if "mkdir -p" in line)
        subprocess.run(["/bin/sh", "-c", remedy], check=True)
        assert (workspace / "khong-nhan").is_dir()
    finally:
        (workspace / "khong-nhan").mkdir(exist_ok=True)


def test_doctor_sees_a_private_folder_that_is_open_to_others(workspace: Path) -> None:
    (workspace / ".vanthu").chmod(0o755)
    try:
        done = vanthu("doctor", cwd=workspace)
        assert done.returncode == 1
        assert "chmod 700" in done.stdout.decode()
    finally:
        (workspace / ".vanthu").chmod(0o700)


def test_searching_an_empty_office_finds_nothing(workspace: Path) -> None:
    done = vanthu("search", "nghỉ lễ", cwd=workspace)
    assert (done.returncode, done.stdout) == (1, b"")
    found = json.loads(vanthu("search", "--json", "nghỉ", "lễ", cwd=workspace).stdout)
    assert (found["total"], found["hits"], found["next"], found["query"]) == (0, [], None, "nghỉ lễ")


def test_an_unknown_number_is_not_found(workspace: Path) -> None:
    for command in (["show", "999"], ["open", "2026/999"], ["retry", "999"], ["edit", "999", "--number", "1"]):
        done = vanthu(*command, cwd=workspace)
        assert (done.returncode, done.stdout) == (4, b""), command


def test_an_edit_without_a_field_and_with_an_empty_one_are_usage_errors(workspace: Path) -> None:
    assert vanthu("edit", "1", cwd=workspace).returncode == 2
    assert vanthu("edit", "1", "--subject", " ", cwd=workspace).returncode == 2
    assert vanthu("edit", "1", "--clear", "nonsense", cwd=workspace).returncode == 2


def test_inspect_needs_no_workspace_and_goes_on_after_what_is_no_document(tmp_path: Path) -> None:
    (tmp_path / "truth.json").write_text("{}", encoding="utf-8")
    hostile = b"x\x1b]0;pwned\x07\xff.pdf"
    (tmp_path / os.fsdecode(hostile)).write_bytes(b"MZ" + bytes(100))
    done = vanthu("inspect", "--json", "truth.json", hostile, "missing.pdf", cwd=tmp_path)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 13
    assert {os.fsencode(line["file"]) for line in lines} == {b"truth.json", hostile, b"missing.pdf"}
    assert all(line["error"]["code"] and line["error"]["message"] for line in lines)
    shown = vanthu("inspect", "truth.json", hostile, cwd=tmp_path)
    assert b"\x1b" not in shown.stdout + shown.stderr
    assert b"\x07" not in shown.stdout + shown.stderr


def test_pipes_get_no_colours_and_no_bars(workspace: Path) -> None:
    for arguments in (["--help"], ["status"], ["doctor"], ["register", "den"], ["search", "x"]):
        done = vanthu(*arguments, cwd=workspace)
        assert b"\x1b" not in done.stdout + done.stderr, arguments


def test_a_reader_that_goes_away_is_left_quietly(workspace: Path) -> None:
    command = subprocess.Popen(
        [*PROGRAM, "doctor", "--json"], cwd=workspace, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert command.stdout is not None
    assert command.stderr is not None
    command.stdout.close()
    assert b"Traceback" not in command.stderr.read()
    assert command.wait(60) == 141


def test_output_is_utf_8_whatever_the_locale(workspace: Path) -> None:
    done = vanthu("status", cwd=workspace, PYTHONIOENCODING="latin-1")
    assert "Dịch vụ" in done.stdout.decode("utf-8")


def test_watch_py_is_vanthu_watch(tmp_path: Path) -> None:
    program = Path(__file__).parents[2] / "watch.py"
    done = subprocess.run(
        [sys.executable, str(program), "-w", str(tmp_path / "none")], env=ENVIRONMENT, capture_output=True, check=False
    )
    assert done.returncode == 4
    helped = subprocess.run([sys.executable, str(program), "--help"], env=ENVIRONMENT, capture_output=True, check=True)
    assert "vanthu watch" in helped.stdout.decode()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_service_ends_in_peace_when_asked(workspace: Path, number: int) -> None:
    service = subprocess.Popen([*PROGRAM, "watch"], cwd=workspace, env=ENVIRONMENT, stderr=subprocess.PIPE)
    assert service.stderr is not None
    assert b"van-ban-den" in service.stderr.readline()
    heartbeat = workspace / ".vanthu" / "heartbeat.json"
    while not heartbeat.exists():
        assert service.poll() is None
    second = vanthu("watch", "--once", cwd=workspace)
    assert second.returncode == 10
    service.send_signal(number)
    told = service.stderr.read()
    assert service.wait(60) == 0
    assert b"Traceback" not in told
