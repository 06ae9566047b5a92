"""`vanthu status` and `vanthu doctor`: how the office stands, what is wrong, and the command that mends it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from pipeline.cli.exits import Exit
from pipeline.cli.face import Face, face_of, visible
from pipeline.cli.help import LocalCommand
from pipeline.cli.sheet import moment
from pipeline.errors import NotFoundError

if TYPE_CHECKING:
    from pipeline.cli.doctor import Check
    from pipeline.journeys import Office, Status

SHOWN = 10  # quarantined documents that status names


def add_to(app: typer.Typer) -> None:
    app.command("status", cls=LocalCommand, help="help-status")(status)
    app.command("doctor", cls=LocalCommand, help="help-doctor")(doctor)


def status(context: typer.Context, json: Annotated[bool, typer.Option("--json", help="option-json")] = False) -> None:
    from pipeline.journeys import status as take_stock

    face = face_of(context)
    with face.office() as office:
        stock = take_stock(office)
        if json:
            face.json(status_to_json(stock, office))
        else:
            _print_status(face, stock, office)
    if not stock.healthy:
        raise typer.Exit(Exit.NOTHING)


def doctor(context: typer.Context, json: Annotated[bool, typer.Option("--json", help="option-json")] = False) -> None:
    from pipeline.cli.doctor import Health, examine

    face = face_of(context)
    worst = Health.GOOD
    workspace = _workspace(face)
    if workspace is None:
        face.say("doctor-no-workspace", style="dim")
    for check in examine(workspace):
        if check.health is Health.BAD:
            worst = Health.BAD
        if json:
            face.json({**asdict(check), "message": _about(face, check)})
        else:
            _print_check(face, check)
    face.say("doctor-bad" if worst is Health.BAD else "doctor-good")
    if worst is Health.BAD:
        raise typer.Exit(Exit.NOTHING)


def status_to_json(stock: Status, office: Office) -> dict[str, Any]:
    """The shape of `status --json`; times in ISO 8601."""
    value: dict[str, Any] = {"workspace": str(office.settings.workspace), "healthy": stock.healthy, **asdict(stock)}
    value["quarantined"] = [{"document_id": document, "reason": reason} for document, reason in stock.quarantined]
    value["last_filed"] = None
    if stock.last_filed:
        value["last_filed"] = {"document_id": stock.last_filed[0], "at": stock.last_filed[1].isoformat()}
    watched = stock.watcher.watched_at
    value["watcher"]["watched_at"] = watched.isoformat() if watched else None
    return value


def _print_status(face: Face, stock: Status, office: Office) -> None:
    zone, messages, watcher = office.settings.registers.zone, face.messages, stock.watcher
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(ratio=1)

    def row(name: str, value: str, bad: bool = False) -> None:
        mark = Text("✗", style="red") if bad else Text("✓", style="green")
        table.add_row(mark, messages(f"status-{name}"), Text(visible(value), style="red" if bad else ""))

    if watcher.alive:
        words = "status-watcher-blind" if watcher.blind else "status-watcher-alive"
        at = moment(watcher.watched_at, zone)
        row("watcher", messages(words, pid=str(watcher.pid), mode=messages(f"mode-{watcher.mode}"),
                                system=watcher.file_system, at=at), watcher.blind)  # fmt: skip
    else:
        row("watcher", messages("status-watcher-dead"), bad=True)
    row("folder", messages("status-files", count=stock.in_folder))
    row("queue", messages("status-waiting", waiting=stock.waiting, running=len(watcher.running)))
    row("filed", messages("status-documents", count=stock.filed))
    if stock.last_filed:
        row("last", f"{stock.last_filed[0]}  {moment(stock.last_filed[1], zone)}")
    row("review", messages("status-documents", count=stock.to_review))
    if stock.to_split:
        row("split", messages("status-documents", count=len(stock.to_split)))
    row("refused", messages("status-files", count=stock.refused))
    if stock.secret:
        row("secret", messages("status-documents", count=stock.secret))
    row("quarantined", messages("status-documents", count=len(stock.quarantined)), bool(stock.quarantined))
    for name, count, bad in _leaving(stock):
        row(name, messages("status-documents", count=count), bad)
    row("disk", messages("status-free", gigabytes=f"{stock.free_bytes / 1e9:.1f}"), stock.low_disk)
    face.print(table)
    _print_trouble(face, stock)


def _leaving(stock: Status) -> list[tuple[str, int, bool]]:
    """What leaving documents wait for, as far as any do: (row, how many, does it need somebody?)."""
    found = [
        ("to-sign", stock.to_sign, False), ("to-release", stock.to_release, False),
        ("to-upgrade", stock.to_upgrade, False), ("held", len(stock.held), True),
        ("hindered", len(stock.hindered), True),
    ]  # fmt: skip
    return [one for one in found if one[1]]


def _print_trouble(face: Face, stock: Status) -> None:
    for running in stock.watcher.running:
        stage = f"stage-{running['stage']}"
        words = face.messages(stage) if stage in face.messages else running["stage"]
        pages = f" {running['page']}/{running['pages']}" if running.get("pages") else ""
        face.print(Text(visible(f"  … {running['subject']}  {words}{pages}"), style="dim"))
    for document, reason in stock.quarantined[:SHOWN]:
        face.print(Text(visible(f"  ✗ {document}  {reason}"), style="red"))
    for name, reason in (*stock.held, *stock.hindered)[:SHOWN]:
        face.print(Text(visible(f"  ✗ {name}  {reason}"), style="red"))
    if stock.held:
        face.say("status-release")
    if not stock.watcher.alive:
        face.say("status-start-watcher")
    if stock.to_split:
        face.say("status-split-how", document=stock.to_split[0])
    if stock.quarantined:
        face.say("status-retry", document=stock.quarantined[0][0])


def _workspace(face: Face) -> Path | None:
    try:
        return face.place
    except NotFoundError:
        return None


def _about(face: Face, check: Check) -> str:
    if check.code:
        return face.messages(f"doctor-{check.code}", **check.detail)
    return " ".join((face.messages("doctor-fine"), *check.detail.values()))


def _print_check(face: Face, check: Check) -> None:
    mark, style = {"good": ("✓", "green"), "poor": ("!", "yellow"), "bad": ("✗", "red")}[check.health]
    line = Text(f"{mark} ", style=style)
    line.append(face.messages(f"check-{check.name}"), style="bold")
    line.append("  " + visible(_about(face, check)), style="" if check.code else "dim")
    face.print(line)
    if check.remedy:
        face.out.print(Text(f"    {check.remedy}", style="cyan"), soft_wrap=True)
