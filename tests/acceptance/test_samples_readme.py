"""The README promises nothing that is not there: its scripts run, its commands exist, its links lead somewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.acceptance

HOME = Path(__file__).resolve().parents[2]
README = (HOME / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
COMMANDS = sorted(set(re.findall(r"^vanthu ([a-z]+(?: den)?)", "\n".join(BLOCKS), re.MULTILINE)))


@pytest.mark.parametrize("script", sorted(set(re.findall(r"sh (script/\w+)", README)) | {"script/setup"}))
def test_script_is_plain_shell(script: str) -> None:
    assert (HOME / script).read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    assert subprocess.run(["sh", "-n", HOME / script], check=False).returncode == 0


def test_ci_runs_the_same_as_a_person() -> None:
    lines = (HOME / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines[-1] == "exec sh script/test"


@pytest.mark.parametrize("command", COMMANDS)
def test_command_of_the_readme_exists(command: str) -> None:
    vanthu = Path(sys.executable).with_name("vanthu")
    done = subprocess.run([vanthu, *command.split(), "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_commands_were_found_in_the_readme() -> None:
    assert {"init", "watch", "register den", "search"} <= set(COMMANDS)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_link_of_the_readme_leads_somewhere(target: str) -> None:
    assert (HOME / target).exists()


def test_an_unknown_argument_of_setup_changes_nothing_and_says_its_usage() -> None:
    done = subprocess.run(
        ["sh", HOME / "script" / "setup", "--wrong"], capture_output=True, text=True, check=False, env={"LANG": "en_US"}
    )
    assert done.returncode == 1
    assert "usage: sh script/setup [--test]" in done.stderr
