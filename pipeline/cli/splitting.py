"""`vanthu split`: a file that holds several documents becomes several, or a person says that it is one."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from pipeline.cli.documents import Id
from pipeline.cli.face import actor, face_of
from pipeline.cli.help import LocalCommand
from pipeline.cli.identity import resolve
from pipeline.errors import UsageError


def add_to(app: typer.Typer) -> None:
    app.command("split", cls=LocalCommand, help="help-split", epilog="help-split-epilog")(split)


def split(
    context: typer.Context,
    document: Id,
    at: Annotated[str, typer.Option("--at", metavar="metavar-pages", help="help-split-at")] = "",
    keep: Annotated[bool, typer.Option("--keep", help="help-split-keep")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="help-split-dry-run")] = False,
    json: Annotated[bool, typer.Option("--json", help="option-json")] = False,
) -> None:
    from pipeline.journeys import keep_whole, plan_split
    from pipeline.journeys import split as divide
    from pipeline.reading import Reader

    face = face_of(context)
    if keep and (at or dry_run):
        raise UsageError("options-exclude-each-other", first="--keep", second="--at" if at else "--dry-run")
    starts = read_pages(at)
    with face.office() as office:
        document_id = resolve(office, document)
        if keep:
            keep_whole(office, document_id, actor())
            face.say("split-kept", document=document_id)
            return
        plan = plan_split(office, document_id, starts)
        made: tuple[str, ...] = ()
        if not dry_run:
            with Reader(office.settings.reading, office.settings.intake, office.scratch) as reader:
                made = divide(office, reader, plan, actor())
    if json:
        new: list[str | None] = [*made] or [None] * (len(plan.parts) - 1)
        parts = [
            {"document_id": one, "pages": pages} for one, pages in zip([document_id, *new], plan.parts, strict=True)
        ]
        face.json({"document_id": document_id, "done": not dry_run, "parts": parts})
        return
    face.say("split-first", document=document_id, pages=plan.parts[0])
    for number, pages in enumerate(plan.parts[1:]):
        if made:
            face.say("split-part", document=made[number], pages=pages)
        else:
            face.say("split-would", pages=pages)
    face.say("split-dry-run" if dry_run else "split-done")


def read_pages(text: str) -> list[int]:
    """ "4, 7" → [4, 7]. Raises UsageError."""
    parts = [part for part in re.split(r"[,;\s]+", text.strip()) if part]
    if not all(part.isdecimal() and len(part) < 6 for part in parts):
        raise UsageError("pages-unreadable", value=text)
    return [int(part) for part in parts]
