"""`vanthu trust add|list|check`: which certification authorities this office believes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.padding import Padding
from rich.text import Text

from pipeline.cli.exits import Exit
from pipeline.cli.face import Face, actor, face_of, visible
from pipeline.cli.help import LocalCommand, LocalGroup
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.signatures.trust import Entry

STYLES = {"good": "green", "expires-soon": "yellow", "expired": "yellow", "missing": "dim", "unpinned": "bold yellow"}
WORRIES = {"expires-soon", "missing", "unpinned"}


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(cls=LocalGroup, no_args_is_help=True, help="help-trust", rich_markup_mode=None)
    group.command("add", cls=LocalCommand, help="help-trust-add", epilog="help-trust-add-epilog")(add)
    group.command("list", cls=LocalCommand, help="help-trust-list")(show)
    group.command("check", cls=LocalCommand, help="help-trust-check")(check)
    app.add_typer(group, name="trust")


def add(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="metavar-file", help="help-trust-add-file")],
    accept_unpinned: Annotated[
        str, typer.Option("--accept-unpinned", metavar="metavar-fingerprint", help="help-trust-accept")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="help-trust-yes")] = False,
    for_signers: Annotated[bool, typer.Option("--for-signers", help="help-trust-for-signers")] = False,
    for_time_stamps: Annotated[bool, typer.Option("--for-time-stamps", help="help-trust-for-time-stamps")] = False,
) -> None:
    from pipeline.journeys.judging import trust

    face = face_of(context)
    if accept_unpinned and not yes:
        raise UsageError("accept-without-yes", path=file)
    chosen = tuple(use for use, wanted in (("signer", for_signers), ("time-stamp", for_time_stamps)) if wanted)
    with face.office() as office:
        added = trust(office, file, actor(), uses=chosen or ("signer", "time-stamp"), accepted=accept_unpinned)
    for one in added:
        face.say("trust-added" if one.pin else "trust-accepted", subject=one.subject, sha256=one.sha256)


def show(context: typer.Context, json: Annotated[bool, typer.Option("--json", help="option-json")] = False) -> None:
    face = face_of(context)
    for entry in _entries(face):
        if json:
            face.json(entry.to_json())
        elif entry.stored:
            _print(face, entry)


def check(context: typer.Context, json: Annotated[bool, typer.Option("--json", help="option-json")] = False) -> None:
    face = face_of(context)
    entries = _entries(face)
    for entry in entries:
        if json:
            face.json(entry.to_json())
        elif entry.standing.value != "good":
            _print(face, entry)
    roots = [entry for entry in entries if entry.kind == "root" and entry.stored]
    if not roots:
        face.say("trust-nobody", style="yellow")
    if not roots or any(entry.standing.value in WORRIES for entry in entries):
        raise typer.Exit(Exit.NOTHING)
    face.say("trust-all-good")


def _entries(face: Face) -> tuple[Entry, ...]:
    from pipeline.journeys.judging import trust_store

    with face.office() as office:
        return trust_store(office.settings.private).entries(office.clock())


def _print(face: Face, entry: Entry) -> None:
    standing = face.messages(f"trust-{entry.standing.value}")
    kind = face.messages(f"trust-{entry.kind}")
    face.print(Text(visible(entry.name), style="bold").append(f"  {kind}, {standing}", STYLES[entry.standing.value]))
    lines = [entry.subject, face.messages("trust-term", day=f"{entry.not_after:%d/%m/%Y}"), f"SHA-256 {entry.sha256}"]
    if not entry.stored and entry.address:
        lines.append(face.messages("trust-fetch", address=entry.address))
    for line in lines:
        face.print(Padding(Text(visible(line), style="dim"), (0, 0, 0, 2)))
