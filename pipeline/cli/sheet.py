"""How the fields of a document look: one table, doubtful ones marked; and CSV that Excel opens."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from pipeline.cli.face import Face, visible
from pipeline.document import FIELD_NAMES, Finding, Metadata, Severity

STYLES = {Severity.NOTE: "dim", Severity.WARNING: "yellow", Severity.REFUSAL: "red"}


def label(face: Face, name: str) -> str:
    return face.messages(f"field-{name.replace('_', '-')}")


def fields_table(face: Face, metadata: Metadata) -> Table:
    """Name, value, and a word for the ones that a person should look at."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(no_wrap=True, justify="right")
    for name in FIELD_NAMES:
        found = metadata.fields.get(name)
        doubtful = name in metadata.review
        if found is None and not doubtful:
            continue
        value = metadata.text(name) or face.messages("field-not-found")
        if name == "issued_date" and metadata.issued_date:
            value = day(metadata.issued_date)
        mark = ""
        if doubtful:
            mark = face.messages("mark-check")
        elif found is not None and found.rule == "person":
            mark = face.messages("mark-person")
        table.add_row(label(face, name), Text(visible(value), style="yellow" if doubtful else ""), Text(mark))
    return table


def findings(face: Face, found: Iterable[Finding]) -> list[Text]:
    lines = []
    for finding in found:
        known = f"finding-{finding.code}" in face.messages
        words = face.messages.finding(finding) if known else finding.code
        lines.append(Text("• " + visible(words), style=STYLES[finding.severity]))
    return lines


def day(value: date | None) -> str:
    """As a Vietnamese register writes it: 05/01/2026."""
    return f"{value:%d/%m/%Y}" if value else ""


def moment(value: datetime | None, zone: ZoneInfo) -> str:
    return f"{value.astimezone(zone):%d/%m/%Y %H:%M}" if value else ""


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]], *, excel: bool) -> None:
    """RFC 4180 on stdout. For Excel: a byte order mark, and no cell that it would take for a formula."""
    if excel:
        sys.stdout.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    for row in [header, *rows]:
        line = io.StringIO()
        cells = ["" if cell is None else str(cell) for cell in row]
        csv.writer(line).writerow([_harmless(cell) for cell in cells] if excel else cells)
        sys.stdout.write(line.getvalue())
    sys.stdout.flush()


def _harmless(cell: str) -> str:
    return "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
