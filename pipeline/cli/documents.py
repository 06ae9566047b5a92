"""`vanthu show`, `open`, `edit`, `retry`: one document looked at, opened, corrected, tried again."""

from __future__ import annotations

import inspect
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table
from rich.text import Text

from pipeline.cli.face import Face, actor, face_of, visible
from pipeline.cli.help import LocalCommand
from pipeline.cli.identity import resolve
from pipeline.cli.inspecting import print_pages
from pipeline.cli.sheet import fields_table, findings, label, moment
from pipeline.errors import UsageError
from pipeline.messages import Messages
from pipeline.vietnamese import nfc

if TYPE_CHECKING:
    from pipeline.cli.record import Record

OPTION_OF: Mapping[str, str] = {
    "type_name": "type", "code_number": "number", "code_notation": "notation", "issued_date": "date",
    "issued_place": "place", "organ_name": "agency", "parent_organ_name": "parent", "subject": "subject",
    "competence": "competence", "signatory_position": "position", "signatory_name": "signatory",
    "recipients": "recipient", "priority": "priority", "secrecy": "secrecy", "language": "language",
    "page_amount": "pages",
}  # fmt: skip
"""The option of `vanthu edit` for each field."""

Id = Annotated[str, typer.Argument(metavar="metavar-id", help="help-id")]


def add_to(app: typer.Typer) -> None:
    app.command("show", cls=LocalCommand, help="help-show")(show)
    app.command("open", cls=LocalCommand, help="help-open")(open_copy)
    app.command("edit", cls=LocalCommand, help="help-edit", epilog="help-edit-epilog")(_with_field_options(edit))
    app.command("retry", cls=LocalCommand, help="help-retry")(retry)


def show(
    context: typer.Context,
    document: Id,
    json: Annotated[bool, typer.Option("--json", help="option-json")] = False,
    text: Annotated[bool, typer.Option("--text", help="help-show-text")] = False,
) -> None:
    from pipeline.cli.record import document_of_copy, load_record, record_to_json
    from pipeline.journeys.stamping import COPIES

    face = face_of(context)
    with face.office() as office:
        document_id = resolve(office, document)
        copied = document_of_copy(office, document_id) if document_id.startswith(COPIES) else document_id
        record = load_record(office, copied)
        if json:
            face.json(record_to_json(record, text=text))
            return
        _print(face, record, office.settings.registers.zone)
        if text:
            print_pages(face, record.pages)


def open_copy(
    context: typer.Context,
    document: Id,
    original: Annotated[bool, typer.Option("--original", help="help-open-original")] = False,
    path: Annotated[bool, typer.Option("--path", help="help-open-path")] = False,
) -> None:
    from pipeline.cli.record import copy_to_open, file_to_open
    from pipeline.journeys.stamping import COPIES

    face = face_of(context)
    with face.office() as office:
        document_id = resolve(office, document)
        if document_id.startswith(COPIES):
            file = copy_to_open(office, document_id)
        else:
            file = file_to_open(office, document_id, original=original)
    if path or not launch(file, os.environ):
        face.out.print(Text(visible(str(file))), soft_wrap=True)


def launch(file: Path, environment: Mapping[str, str]) -> bool:
    """Give a file to the desktop's viewer; False where there is no desktop."""
    viewer = shutil.which("xdg-open")
    if viewer is None or not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        return False
    quiet = subprocess.DEVNULL
    subprocess.Popen([viewer, str(file)], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    return True


def edit(context: typer.Context, document: Id, clear: list[str], json: bool, **values: Any) -> None:
    from pipeline.journeys import edit as correct

    face = face_of(context)
    corrections = {**read_corrections(values), **dict.fromkeys((field_of(name) for name in clear), "")}
    if not corrections:
        raise UsageError("nothing-to-change")
    with face.office() as office:
        document_id = resolve(office, document)
        metadata = correct(office, document_id, corrections, actor())
    if json:
        face.json({"document_id": document_id, **metadata.to_json()})
        return
    face.say("edit-done", document=document_id, fields=", ".join(label(face, name) for name in corrections))
    face.print(fields_table(face, metadata))


def retry(
    context: typer.Context,
    document: Id,
    not_secret: Annotated[bool, typer.Option("--not-secret", help="help-retry-not-secret")] = False,
    accept_signature: Annotated[bool, typer.Option("--accept-signature", help="help-retry-accept-signature")] = False,
) -> None:
    from pipeline.journeys import retry as try_again

    face = face_of(context)
    with face.office() as office:
        document_id = resolve(office, document)
        try_again(office, document_id, actor(), not_secret=not_secret, accept_signature=accept_signature)
    face.say("retry-done", document=document_id)


def read_corrections(values: Mapping[str, Any]) -> dict[str, str | tuple[str, ...]]:
    """The options that were given, in NFC; ("" is not how a field is emptied: raises UsageError)."""
    corrections: dict[str, str | tuple[str, ...]] = {}
    for name, value in values.items():
        if value is None or value == []:
            continue
        given = tuple(nfc(item).strip() for item in (value if isinstance(value, (list, tuple)) else [value]))
        if not all(given):
            raise UsageError("value-empty", option=OPTION_OF[name])
        corrections[name] = given if name == "recipients" else given[0]
    return corrections


def field_of(option: str) -> str:
    """The field that an option's name, or the field's own name, means. Raises UsageError."""
    wanted = option.strip().lstrip("-").replace("-", "_")
    for name, known in OPTION_OF.items():
        if wanted in {name, known}:
            return name
    raise UsageError("field-unknown", field=option, known=", ".join(OPTION_OF.values()))


def _with_field_options(command: Any) -> Any:
    """One option for each field, made from the list of fields: a new field has its option at once."""
    kept = [
        p for p in inspect.signature(command, eval_str=True).parameters.values() if p.name in {"context", "document"}
    ]
    fields = []
    for name, option in OPTION_OF.items():
        given = typer.Option(f"--{option}", metavar="metavar-value", help=f"field-{name.replace('_', '-')}")
        annotation: Any = Annotated[list[str] | None, given] if name == "recipients" else Annotated[str | None, given]
        fields.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation))
    clear = Annotated[list[str], typer.Option("--clear", metavar="metavar-field", help="help-edit-clear")]
    json = Annotated[bool, typer.Option("--json", help="option-json")]
    fields.append(inspect.Parameter("clear", inspect.Parameter.KEYWORD_ONLY, default=[], annotation=clear))
    fields.append(inspect.Parameter("json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=json))

    def wrapped(**given: Any) -> None:
        command(**given)

    wrapped.__signature__ = inspect.Signature([*kept, *fields])  # type: ignore[attr-defined]
    wrapped.__annotations__ = {p.name: p.annotation for p in [*kept, *fields]}
    return wrapped


def _print(face: Face, record: Record, zone: ZoneInfo) -> None:
    """Which document, what became of it, its fields, what a person should know, what was done with it."""
    messages = face.messages
    head = Text(record.document_id, style="bold cyan")
    face.print(head.append(f"  {messages(f'state-{record.state}')}", style="bold not cyan"))
    face.print(_facts(messages, record, zone))
    face.print()
    face.print(fields_table(face, record.metadata))
    for line in findings(face, record.findings):
        face.print(line)
    _print_signatures(face, record, zone)
    _print_stamps(face, record, zone)
    if record.events:
        face.print()
        face.print(Text(messages("show-history"), style="bold"))
    for event in record.events:
        kind = f"event-{event.kind}"
        words = messages(kind) if kind in messages else event.kind
        face.print(Text(f"  {moment(event.at, zone)}  {words} · {visible(event.actor)}"))


def _print_signatures(face: Face, record: Record, zone: ZoneInfo) -> None:
    report = record.signatures
    if report is None:
        return
    from pipeline.cli.validating import print_report

    face.print()
    face.print(Text(face.messages("show-signatures"), style="bold"))
    print_report(face, report, zone)
    if record.row is not None and record.row.signature_accepted:
        face.print(Text(f"  {face.messages('show-signature-accepted')}", style="yellow"))


def _print_stamps(face: Face, record: Record, zone: ZoneInfo) -> None:
    from pipeline.journeys.stamping import code_of

    if not record.stamps:
        return
    face.print()
    face.print(Text(face.messages("show-stamps"), style="bold"))
    for one in record.stamps:
        what = face.messages(f"stamp-{one.kind}", document=one.parent_id)
        state = face.messages(f"stamp-state-{one.state}")
        parts = (one.row_name or "", code_of(one), what, one.name, one.detail.get("recipient", ""), state)
        face.print(Text(f"  {moment(one.created_at, zone)}  " + visible(" · ".join(part for part in parts if part))))


def _facts(messages: Messages, record: Record, zone: ZoneInfo) -> Table:
    facts = Table.grid(padding=(0, 2, 0, 0))
    facts.add_column(style="bold", no_wrap=True)
    facts.add_column(ratio=1, overflow="fold")
    cancelled = f" ({messages('state-cancelled')})" if record.cancelled_at else ""
    row = record.row
    part_of, pages = (row.part_of, row.pages or "") if row else (None, "")
    for key, value in (
        ("fact-arrival", f"{record.number:02d}/{record.year}{cancelled}"),
        ("fact-received", moment(record.received_at, zone)),
        ("fact-file", record.name),
        ("fact-part-of", messages("fact-part", document=part_of, pages=pages) if part_of else ""),
        ("fact-pages", "" if part_of else pages),
        ("fact-filed", moment(record.filed_at, zone)),
        ("fact-folder", str(record.folder or "")),
        ("fact-reason", record.reason_words(messages)),
    ):
        if value:
            facts.add_row(messages(key), Text(visible(value)))
    return facts
