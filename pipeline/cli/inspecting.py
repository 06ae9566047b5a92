"""`vanthu inspect`: read files and print what stands in them; nothing is filed, no workspace is needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from pipeline.cli.exits import Exit
from pipeline.cli.face import Face, face_of, sentence, visible
from pipeline.cli.help import LocalCommand
from pipeline.cli.sheet import fields_table, findings
from pipeline.errors import NotFoundError

if TYPE_CHECKING:
    from pipeline.journeys import Inspection
    from pipeline.settings import Settings


def add_to(app: typer.Typer) -> None:
    app.command("inspect", cls=LocalCommand, help="help-inspect", epilog="help-inspect-epilog")(inspect)


def inspect(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="metavar-file", help="help-inspect-files")],
    json: Annotated[bool, typer.Option("--json", help="help-inspect-json")] = False,
    text: Annotated[bool, typer.Option("--text", help="help-inspect-text")] = False,
) -> None:
    from pipeline.journeys import inspect as read_all

    face = face_of(context)
    failed = 0
    with _progress(face, len(files)) as progress:
        for inspection in read_all(files, _settings(face)):
            failed += inspection.error is not None
            with _above(progress):
                if json:
                    face.json(to_json(face, inspection, text=text))
                else:
                    _print(face, inspection, text=text)
            progress.advance(progress.task_ids[0])
    if failed:
        face.say("inspect-failed", failed=failed, total=len(files))
        raise typer.Exit(Exit.ALL_FAILED if failed == len(files) else Exit.SOME_FAILED)


def to_json(face: Face, inspection: Inspection, *, text: bool) -> dict[str, Any]:
    """One line of `--json`: the fields as read, what to review, the findings, the text by pages when asked for."""
    if inspection.error is not None or inspection.metadata is None or inspection.reading is None:
        error = inspection.error
        code = error.code if error else "unexpected"
        message = sentence(face.messages, error) if error else face.messages("inspect-nothing")
        return {"file": str(inspection.path), "error": {"code": code, "message": message}}
    line: dict[str, Any] = {"file": str(inspection.path), **inspection.metadata.to_json()}
    line["findings"] = [f.to_json() for f in (*inspection.reading.findings, *inspection.metadata.findings)]
    if text:
        line["pages"] = [{"page": page.number, "text": page.text} for page in inspection.reading.pages]
    return line


def _settings(face: Face) -> Settings:
    """The workspace's, where there is one; else the defaults."""
    from pipeline.settings import load_settings, settings_from

    try:
        return load_settings(face.place)
    except NotFoundError:
        if face.workspace:
            raise
        return settings_from({}, Path.cwd())


def _print(face: Face, inspection: Inspection, *, text: bool) -> None:
    face.print(Text(visible(str(inspection.path)), style="bold cyan"))
    if inspection.error is not None or inspection.metadata is None or inspection.reading is None:
        words = sentence(face.messages, inspection.error) if inspection.error else face.messages("inspect-nothing")
        face.print(Text("  " + visible(words), style="red"))
    else:
        face.print(fields_table(face, inspection.metadata))
        for line in findings(face, (*inspection.reading.findings, *inspection.metadata.findings)):
            face.print(line)
        if text:
            print_pages(face, [(page.number, page.text) for page in inspection.reading.pages])
    face.print()


def print_pages(face: Face, pages: Sequence[tuple[int, str]]) -> None:
    for number, words in pages:
        face.out.rule(face.messages("page-title", page=str(number)), style="dim")
        face.print(Text(visible(words)))


@contextmanager
def _progress(face: Face, total: int) -> Iterator[Progress]:
    """A bar on stderr, on a terminal only, and only where there is something to wait for."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(bar_width=None), MofNCompleteColumn(), TimeElapsedColumn(),
        console=face.err, transient=True, redirect_stdout=False, disable=not face.err.is_terminal,
    )  # fmt: skip
    bar.add_task(face.messages("inspect-reading"), total=total)
    with bar:
        yield bar


@contextmanager
def _above(progress: Progress) -> Iterator[None]:
    """Take the bar away while a result is printed: both may be the same screen."""
    if progress.disable:
        yield
        return
    progress.stop()
    try:
        yield
    finally:
        progress.start()
