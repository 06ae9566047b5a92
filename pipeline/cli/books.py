"""`vanthu register`: the books of the records office, printed; and a document passed on, a number cancelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.cli.documents import Id
from pipeline.cli.exits import Exit
from pipeline.cli.face import Face, actor, face_of, visible
from pipeline.cli.help import LocalCommand, LocalGroup
from pipeline.cli.identity import resolve, this_year
from pipeline.cli.sheet import write_csv
from pipeline.errors import UsageError
from pipeline.vietnamese import nfc

if TYPE_CHECKING:
    from pipeline.registers import BookRow, Column

WIDE = 120  # columns of a terminal from which ten columns stand beside each other
COLUMNS_OF: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "den": (("arrival_date", "arrival_number"), ("organ_name", "code", "issued_date"), ("subject",),
            ("recipient", "forwarded_date", "receipt_signature", "note")),
    "di": (("code", "issued_date"), ("subject",), ("signatory_name", "copy_holder", "issued_amount"),
           ("recipient", "forwarded_date", "receipt_signature", "note")),
    "sao": (("code", "copied_date", "form"), ("subject", "organ_name"), ("approved_by",),
            ("recipient", "forwarded_date", "receipt_signature", "note")),
}  # fmt: skip
"""The books, and which columns stand over each other on a narrow page."""
SHARES = {
    "arrival_date": 10, "arrival_number": 6, "organ_name": 16, "code": 14, "issued_date": 10, "subject": 30,
    "recipient": 14, "forwarded_date": 10, "receipt_signature": 7, "note": 12, "signatory_name": 14, "copy_holder": 10,
    "issued_amount": 6, "copied_date": 10, "form": 8, "approved_by": 14,
}  # fmt: skip
"""How the width is shared: a date needs 10 columns, the subject wants all it can get."""
Year = Annotated[
    int | None, typer.Option("--year", "-y", min=1945, max=9999, metavar="metavar-year", help="help-register-year")
]
Json = Annotated[bool, typer.Option("--json", help="help-register-json")]
Csv = Annotated[bool, typer.Option("--csv", help="option-csv")]
Excel = Annotated[bool, typer.Option("--excel", help="option-excel")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(cls=LocalGroup, no_args_is_help=True, help="help-register", rich_markup_mode=None)
    for register in COLUMNS_OF:
        group.command(register, cls=LocalCommand, help=f"help-register-{register}")(_printing(register))
    group.command("forward", cls=LocalCommand, help="help-register-forward")(forward)
    group.command("cancel", cls=LocalCommand, help="help-register-cancel")(cancel)
    app.add_typer(group, name="register")


def _printing(register: str) -> Callable[..., None]:
    """The command that prints one of the books."""

    def printed(
        context: typer.Context, year: Year = None, json: Json = False, csv: Csv = False, excel: Excel = False
    ) -> None:
        _print_book(face_of(context), register, year, json=json, csv=csv, excel=excel)

    return printed


def _print_book(face: Face, register: str, year: int | None, *, json: bool, csv: bool, excel: bool) -> None:
    from pipeline import registers

    with face.office() as office:
        year = year or this_year(office)
        with office.database.read() as session:
            rows = registers.book(session, register, year, zone=office.settings.registers.zone)
        agency = office.settings.agency
    columns = registers.COLUMNS[register]
    if json:
        for row in rows:
            face.json(_to_json(row))
    elif csv or excel:
        write_csv([_heading(face, column) for column in columns], [_cells(row, columns) for row in rows], excel=excel)
    else:
        for line in (agency.parent, agency.name):
            if line:
                face.out.print(Text(visible(line)), justify="center")
        title = face.messages("register-title" if register == "den" else f"register-title-{register}", year=str(year))
        face.out.print(Text(title, style="bold"), justify="center")
        face.print(_table(face, rows, columns, COLUMNS_OF[register]))
        face.say("register-total", total=len(rows), cancelled=sum(row.cancelled for row in rows))
    if not rows:
        raise typer.Exit(Exit.NOTHING)


def forward(
    context: typer.Context,
    document: Id,
    to: Annotated[str, typer.Option("--to", metavar="metavar-text", help="help-register-to")],
    day: Annotated[str, typer.Option("--date", metavar="metavar-date", help="help-register-date")] = "",
) -> None:
    from pipeline.journeys import forward as pass_on
    from pipeline.journeys.correcting import read_date

    face = face_of(context)
    recipient = nfc(to).strip()
    if not recipient:
        raise UsageError("value-empty", option="to")
    with face.office() as office:
        today = office.clock().astimezone(office.settings.registers.zone).date()
        on = read_date(day) if day else today
        document_id = resolve(office, document)
        pass_on(office, document_id, recipient, on, actor())
    face.say("register-forwarded", document=document_id, recipient=recipient, day=f"{on:%d/%m/%Y}")


def cancel(
    context: typer.Context,
    document: Id,
    reason: Annotated[str, typer.Option("--reason", metavar="metavar-text", help="help-register-reason")],
) -> None:
    from pipeline.journeys import cancel_number

    face = face_of(context)
    words = nfc(reason).strip()
    if not words:
        raise UsageError("value-empty", option="reason")
    with face.office() as office:
        document_id = resolve(office, document)
        cancel_number(office, document_id, words, actor())
    face.say("register-cancelled", document=document_id)


def _heading(face: Face, column: Column) -> str:
    return column.en if face.messages.language == "en" else column.vi


def _cells(row: BookRow, columns: Sequence[Column]) -> list[str]:
    return [visible(row.printed(column.key)) for column in columns]


def _to_json(row: BookRow) -> dict[str, Any]:
    values = {key: value.isoformat() if isinstance(value, date) else value for key, value in row.values.items()}
    return {
        "register": row.register, "year": row.year, "number": row.number, "document_id": row.document_id,
        "cancelled": row.cancelled, **values,
    }  # fmt: skip


def _table(face: Face, rows: Sequence[BookRow], columns: Sequence[Column], narrow: Sequence[tuple[str, ...]]) -> Table:
    """All columns of the Appendix, numbered as in the law: side by side on a wide page, stacked on a narrow one."""
    keys = [column.key for column in columns]
    groups = tuple((key,) for key in keys) if face.out.width >= WIDE else narrow
    table = Table(box=box.SQUARE, show_lines=True, expand=True, padding=(0, 0), header_style="bold")
    for group in groups:
        heads = [f"({keys.index(key) + 1}) {_heading(face, columns[keys.index(key)])}" for key in group]
        table.add_column("\n".join(heads), ratio=SHARES[group[0]], overflow="fold")
    for row in rows:
        style = "strike dim" if row.cancelled else ""
        cells = ["\n".join(filter(None, (visible(row.printed(key)) for key in group))) for group in groups]
        table.add_row(*(Text(cell, style=style) for cell in cells))
    return table
