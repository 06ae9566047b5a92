"""`vanthu init`, `watch`, `rebuild`, `verify`: the workspace made, served, made anew from its archive, checked."""

from __future__ import annotations

import logging
import logging.handlers
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.status import Status
from rich.text import Text

from pipeline.cli.exits import Exit
from pipeline.cli.face import Face, face_of, visible
from pipeline.cli.help import LocalCommand
from pipeline.cli.identity import resolve
from pipeline.cli.sheet import findings
from pipeline.errors import IntegrityError

if TYPE_CHECKING:
    from pipeline.document import Finding
    from pipeline.journeys import Office, Progress

LOG_BYTES, LOG_FILES = 10_000_000, 10
QUIET_STAGES = {"claimed", "secured", "retired", "page", "judged", "read", "described", "indexed", "cleared"}
LAST_STAGES = {"retired", "refused", "cleared", "quarantined", "secret", "prepared", "waiting", "issued", "upgraded"}


def add_to(app: typer.Typer) -> None:
    app.command("init", cls=LocalCommand, help="help-init")(init)
    app.command("watch", cls=LocalCommand, help="help-watch")(watch)
    app.command("rebuild", cls=LocalCommand, help="help-rebuild")(rebuild)
    app.command("verify", cls=LocalCommand, help="help-verify")(verify)


def init(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="metavar-dir", help="help-init-dir")] = None,
) -> None:
    from pipeline.journeys import init_workspace

    face = face_of(context)
    settings = init_workspace((folder or face.workspace or Path.cwd()).absolute())
    face.out.print(Text(visible(str(settings.workspace))), soft_wrap=True)
    face.say("init-done", incoming=settings.folder("incoming"), config=settings.workspace / "vanthu.toml")


def watch(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="help-watch-once")] = False,
) -> None:
    from pipeline.journeys import serve

    face = face_of(context)
    stop = threading.Event()
    with face.office() as office, _logging(office, verbose=face.verbose), _stopped_by_signals(face, stop):
        face.say("watch-once" if once else "watch-started", incoming=office.incoming)
        with face.err.status("") as status:  # shows itself on a terminal only
            serve(office, stop, once=once, listener=Teller(face, status))
    face.say("watch-ended", style="dim")


class Teller:
    """Says what happens to the documents: a line for each event that matters and, on a terminal, what is being done.

    Called from the journeys' threads.
    """

    def __init__(self, face: Face, status: Status) -> None:
        self._face = face
        self._status = status
        self._lock = threading.Lock()
        self._names: dict[str, str] = {}
        self._doing: dict[str, str] = {}

    def __call__(self, progress: Progress) -> None:
        with self._lock:
            if progress.name:
                self._names[progress.subject] = progress.name
            detail = {
                "document": progress.subject, "name": self._names.get(progress.subject, ""),
                "page": str(progress.page), "pages": str(progress.pages),
            }  # fmt: skip
            self._announce(progress.stage, detail)
            self._names.pop(progress.receipt, None)
            self._doing.pop(progress.receipt, None)
            if progress.stage in LAST_STAGES:
                self._names.pop(progress.subject, None)
                self._doing.pop(progress.subject, None)
            elif f"stage-{progress.stage}" in self._face.messages:
                pages = f" {progress.page}/{progress.pages}" if progress.pages else ""
                what = self._face.messages(f"stage-{progress.stage}")
                self._doing[progress.subject] = f"{detail['name'] or progress.subject}: {what}{pages}"
            self._status.update(Text(visible("; ".join(self._doing.values()))))

    def _announce(self, stage: str, detail: dict[str, str]) -> None:
        message_id = f"progress-{stage}"
        if message_id in self._face.messages and (self._face.verbose or stage not in QUIET_STAGES):
            self._face.say(message_id, **detail)


def rebuild(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="option-json")] = False,
) -> None:
    from pipeline.journeys import rebuild as make_anew

    face = face_of(context)
    with face.office() as office:
        report = make_anew(office)
    if json:
        face.json(report_to_json(report))
    face.say("rebuild-done", documents=report.documents, numbers=report.numbers)
    _print_findings(face, report.findings)
    if report.findings:
        raise typer.Exit(Exit.NOTHING)


def report_to_json(report: Any) -> dict[str, Any]:
    return {
        "documents": report.documents, "numbers": report.numbers, "receipts": report.receipts,
        "findings": [finding.to_json() for finding in report.findings],
    }  # fmt: skip


def verify(
    context: typer.Context,
    document: Annotated[str, typer.Argument(metavar="metavar-id", help="help-id")] = "",
    json: Annotated[bool, typer.Option("--json", help="help-verify-json")] = False,
) -> None:
    from pipeline import archive

    face = face_of(context)
    damaged = checked = 0
    with face.office() as office:
        wanted = resolve(office, document) if document else ""
        for bag in archive.bags(office.archive):
            if wanted and bag.name != wanted:
                continue
            found = archive.verify(bag)
            checked, damaged = checked + 1, damaged + bool(found)
            if json:
                face.json({"document_id": bag.name, "whole": not found, "findings": [f.to_json() for f in found]})
            elif found:
                face.print(Text(bag.name, style="bold red"))
                for line in findings(face, found):
                    face.print(line)
        broken = [] if wanted else _broken_chain(office)
    face.say("verify-done", checked=checked, damaged=damaged)
    if broken:
        face.say("verify-chain-broken", style="bold red", event=str(broken[0]))
    if damaged or broken:
        raise typer.Exit(IntegrityError.exit_code)


def _broken_chain(office: Office) -> list[int]:
    from pipeline.database import audit

    with office.database.read() as session:
        return list(audit.broken_links(session))


def _print_findings(face: Face, found: tuple[Finding, ...] | list[Finding]) -> None:
    for line in findings(face, found):
        face.err.print(line)


@contextmanager
def _stopped_by_signals(face: Face, stop: threading.Event) -> Iterator[None]:
    """The first Ctrl-C or SIGTERM asks the service to end what it does; the second ends it at once."""

    def ask(_number: int, _frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        os.write(2, words)  # a console may be in the middle of a line: nothing that takes a lock

    words = (face.messages("watch-stopping") + "\n").encode()
    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Brief(logging.Formatter):
    """One line, without the stack: that stands in the file."""

    def format(self, record: logging.LogRecord) -> str:
        return visible(f"{record.levelname}: {record.getMessage()}")


@contextmanager
def _logging(office: Office, *, verbose: bool) -> Iterator[None]:
    """The service's log: a rolling file in the private folder, and warnings (with -v everything) on stderr."""
    folder = office.settings.private / "log"
    folder.mkdir(parents=True, exist_ok=True)
    file = logging.handlers.RotatingFileHandler(
        folder / "vanthu.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8", errors="backslashreplace"
    )
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    screen = logging.StreamHandler()
    screen.setLevel(logging.INFO if verbose else logging.ERROR)
    screen.setFormatter(logging.Formatter("%(levelname)s: %(message)s") if verbose else _Brief())
    root = logging.getLogger("pipeline")
    root.setLevel(logging.INFO)
    for handler in (file, screen):
        root.addHandler(handler)
    try:
        yield
    finally:
        for handler in (file, screen):
            root.removeHandler(handler)
            handler.close()
