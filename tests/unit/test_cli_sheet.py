"""What is shown cannot command the terminal, what is exported cannot command the spreadsheet."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from pipeline.cli.face import Face, visible
from pipeline.cli.sheet import fields_table, write_csv
from pipeline.document import Field, Metadata
from pipeline.messages import catalogue

HOSTILE = "a\x1b]0;pwned\x07b\x9b31mc\u202egpj.exe"


def test_terminal_commands_and_reversed_text_are_shown_not_obeyed() -> None:
    shown = visible(HOSTILE)
    assert not set(shown) & set("\x1b\x07\x9b\u202e")
    assert shown.endswith("gpj.exe")


def test_line_ends_and_vietnamese_stay() -> None:
    assert visible("Độc lập\n\tTự do") == "Độc lập\n\tTự do"


@given(st.text())
def test_json_lines_carry_every_text_and_no_control(text: str) -> None:
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        Face(catalogue("vi")).json({"text": text})
    line = out.getvalue()
    assert line.count("\n") == 1
    assert not any(ord(c) < 32 or 0x7F <= ord(c) <= 0x9F for c in line[:-1])
    assert json.loads(line) == {"text": text}


def test_csv_is_rfc_4180(capsys: pytest.CaptureFixture[str]) -> None:
    write_csv(["Số", "Trích yếu"], [["15", 'V/v "nghỉ", lễ\n2'], [None, "=1+1"]], excel=False)
    shown = capsys.readouterr().out
    assert shown.endswith("\r\n")
    assert list(csv.reader(io.StringIO(shown, newline=""))) == [
        ["Số", "Trích yếu"],
        ["15", 'V/v "nghỉ", lễ\n2'],
        ["", "=1+1"],
    ]


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_excel_gets_a_mark_and_no_formula(cell: str, capsys: pytest.CaptureFixture[str]) -> None:
    write_csv(["Số"], [[cell]], excel=True)
    shown = capsys.readouterr().out
    assert shown.startswith("\N{ZERO WIDTH NO-BREAK SPACE}Số")
    assert next(csv.reader(io.StringIO(shown.split("\r\n", 1)[1]))) == ["'" + cell]


def test_doubtful_missing_and_corrected_fields_are_marked() -> None:
    metadata = Metadata(
        {
            "subject": Field("V/v nghỉ lễ", 0.4, 1, None, "zone"),
            "code_number": Field("15", 1.0, None, None, "person"),
            "issued_date": Field("2026-03-05", 0.99, 1, None, "zone"),
        },
        review=("subject", "organ_name"),
    )
    face = Face(catalogue("vi"))
    console = Console(width=80, file=io.StringIO(), record=True)
    console.print(fields_table(face, metadata))
    lines = {line.split("  ")[0]: line for line in console.export_text().splitlines()}
    assert "← cần xem" in lines["Trích yếu"]
    assert "(chưa đọc được)" in lines["Cơ quan ban hành"]
    assert "người sửa" in lines["Số"]
    assert "05/03/2026" in lines["Ngày ban hành"]
    assert "cần xem" not in lines["Ngày ban hành"]
