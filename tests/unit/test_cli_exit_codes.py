"""Exit codes are unique, stable, and told in docs/exit-codes.md."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.cli.exits import Exit
from pipeline.errors import VanthuError

TABLE = Path(__file__).parents[2] / "docs" / "exit-codes.md"
NAMED_TWICE = {"USAGE": "UsageError"}  # the parser's own complaints end like ours


def documented() -> dict[str, int]:
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: int(code) for code, name in rows}


def test_each_kind_of_fault_has_an_exit_code_of_its_own() -> None:
    codes = [fault.exit_code for fault in VanthuError.__subclasses__()]
    assert len(codes) == len(set(codes))


def test_faults_and_other_endings_do_not_share_codes() -> None:
    faults = {fault.exit_code for fault in VanthuError.__subclasses__()}
    others = {ending.value for ending in Exit if ending.name not in NAMED_TWICE}
    assert not faults & others


def test_the_table_tells_exactly_what_the_program_does() -> None:
    program = {fault.__name__: fault.exit_code for fault in VanthuError.__subclasses__()}
    program |= {ending.name: ending.value for ending in Exit if ending.name not in NAMED_TWICE}
    assert documented() == program


def test_codes_never_change() -> None:
    assert documented() == {
        "OK": 0, "NOTHING": 1, "UsageError": 2, "ConfigurationError": 3, "NotFoundError": 4, "RefusedError": 5,
        "ReadingError": 6, "DatabaseError": 7, "StorageError": 8, "DependencyError": 9, "BusyError": 10,
        "IntegrityError": 11, "SOME_FAILED": 12, "ALL_FAILED": 13, "SigningError": 14, "SIGNATURE_INVALID": 20,
        "SIGNATURE_UNDECIDED": 21, "UNSIGNED": 22, "BUG": 70,
        "INTERRUPT": 130, "PIPE": 141,
    }  # fmt: skip
