"""`vanthu review`: the doubtful fields one after the other, each with its place on the page, answered with one key."""

from __future__ import annotations

import json as jsons
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from pipeline.cli import pictures
from pipeline.cli.documents import field_of, launch
from pipeline.cli.exits import Exit
from pipeline.cli.face import Face, actor, face_of, visible
from pipeline.cli.help import LocalCommand
from pipeline.cli.identity import resolve
from pipeline.cli.keys import END, Keys
from pipeline.cli.sheet import day, label
from pipeline.errors import NotFoundError, UsageError, VanthuError
from pipeline.vietnamese import nfc

if TYPE_CHECKING:
    from pipeline.journeys import Decision, Office, Question, Sight
    from pipeline.reading import Reader

QUIT, UNDO, OPEN, SKIP, EDIT, NONE, RIGHT = "q", "u", "o", "s", "e", "x", "y"
ENTER = {"\r", "\n", RIGHT, RIGHT.upper()}


def add_to(app: typer.Typer) -> None:
    app.command("review", cls=LocalCommand, help="help-review", epilog="help-review-epilog")(review)


def review(
    context: typer.Context,
    documents: Annotated[list[str] | None, typer.Argument(metavar="metavar-id", help="help-review-ids")] = None,
    field: Annotated[str, typer.Option("--field", metavar="metavar-field", help="help-review-field")] = "",
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="metavar-number", help="help-review-limit")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="metavar-dir", help="help-review-out")] = None,
    answers: Annotated[str, typer.Option("--answers", metavar="metavar-file", help="help-review-answers")] = "",
    json: Annotated[bool, typer.Option("--json", help="help-review-json")] = False,
) -> None:
    from pipeline.journeys import queue

    face = face_of(context)
    if answers and json:
        raise UsageError("options-exclude-each-other", first="--answers", second="--json")
    with face.office() as office:
        if answers:
            _answer_all(face, office, answers)
            return
        wanted = [resolve(office, document) for document in documents or ()]
        questions = queue(office, wanted, field=field_of(field) if field else "")[:limit]
        if json:
            _print_json(face, office, questions, out)
        elif not questions:
            face.say("review-nothing")
        elif sys.stdin.isatty() and face.out.is_terminal:
            _walk(face, office, questions, out)
        else:
            face.print(_table(face, questions))
            face.say("review-total", total=len(questions))


# --- one key at a time ----------------------------------------------------------------------------------------------


@dataclass
class _Walk:
    """Where a person is among the questions, what was decided on the way, and where pictures go."""

    questions: Sequence[Question]
    folder: Path
    kept: bool  # were the pictures asked for?
    keys: Keys
    place: int = 0
    path: list[tuple[int, Decision | None]] = field(default_factory=list)  # None: passed over

    def passed(self, decision: Decision | None) -> None:
        self.path.append((self.place, decision))
        self.place += 1

    @property
    def decided(self) -> int:
        return sum(decision is not None for _, decision in self.path)


def _walk(face: Face, office: Office, questions: Sequence[Question], out: Path | None) -> None:
    from pipeline.journeys.reviewing import is_open

    _tell_batches(face, office)
    with pictures.folder_for(out, office.settings.private) as folder, _reader(office) as reader, Keys() as keys:
        walk = _Walk(questions, folder, out is not None, keys)
        while walk.place < len(questions):
            question = questions[walk.place]
            if not is_open(office, question):  # somebody else was here meanwhile
                walk.passed(None)
                continue
            sight = _show(face, office, reader, walk)
            if not _answer(face, office, walk, sight):
                break
    face.say("review-done", decided=walk.decided, left=len(questions) - walk.decided)


def _reader(office: Office) -> Reader:
    from pipeline.reading import Reader

    settings = office.settings
    return Reader(settings.reading.model_copy(update={"processes": 1}), settings.intake, office.scratch)


def _show(face: Face, office: Office, reader: Reader, walk: _Walk) -> Sight | None:
    from pipeline.journeys.reviewing import look_up, picture

    question = walk.questions[walk.place]
    head = Text(f"[{walk.place + 1}/{len(walk.questions)}] ", style="dim")
    head.append(question.document_id, style="bold cyan not dim").append(f"  {visible(question.name)}", style="not dim")
    face.print()
    face.print(head)
    try:
        sight = look_up(office, question)
        png = picture(office, reader, question, sight)
    except VanthuError as error:  # a damaged bag: the question can still be answered from the paper
        face.complain(error)
        sight, png = None, None
    page = face.messages("page-title", page=str(sight.page.number)) if sight else ""
    face.print(Text.assemble((label(face, question.field), "bold"), f"  {page}"))
    if png is not None:
        path = walk.folder / f"{question.document_id}-{question.field}.png"
        seen = pictures.show(face, png)
        if not seen or walk.kept:
            path.write_bytes(png)
        if not seen:
            face.print(Text(face.messages("review-picture", path=visible(str(path))), style="dim"))
    face.print(Text.assemble("  ", (_value(face, question), "bold yellow"), ("  " + _why(face, question), "dim")))
    for key, guess in enumerate(sight.guesses[:9] if sight else (), 1):
        text = _as_typed(question.field, guess.text)
        face.print(Text.assemble(f"  {key}) ", (text, "bold"), (f"  {guess.confidence:.0%}", "dim")))
    return sight


def _answer(face: Face, office: Office, walk: _Walk, sight: Sight | None) -> bool:
    """Wait for a key that means something, and do it; False ends the walk."""
    question = walk.questions[walk.place]
    walk.keys.forget_typed()
    face.print(Text(face.messages("review-keys" if question.found else "review-keys-gap"), style="dim"))
    while True:
        key = walk.keys.next()
        if key == END or key.lower() == QUIT:
            return False
        if key.lower() == SKIP:
            walk.passed(None)
            return True
        if key.lower() == UNDO:
            if _undo(face, office, walk):
                return True
            continue
        if key.lower() == OPEN:
            _open(face, office, question)
            continue
        decision = _decision(face, office, walk, sight, key)
        if decision is not None:
            walk.passed(decision)
            return True


def _decision(face: Face, office: Office, walk: _Walk, sight: Sight | None, key: str) -> Decision | None:
    """What a key decides; None when it decides nothing."""
    from pipeline.journeys import Answer, decide
    from pipeline.journeys import reviewing as kinds

    question = walk.questions[walk.place]
    about = Answer(question.document_id, question.field, "")
    guesses = sight.guesses[:9] if sight else ()
    if key in ENTER and question.found is not None:
        answer = replace(about, decision=kinds.RIGHT)
    elif key.lower() == NONE:
        answer = replace(about, decision=kinds.NONE)
    elif key.isdecimal() and 1 <= int(key) <= len(guesses):
        answer = replace(about, decision=kinds.VALUE, value=guesses[int(key) - 1].text)
    elif key.lower() == EDIT:
        with walk.keys.whole_lines():
            return _edit(face, office, question)
    else:
        return None
    try:
        decision = decide(office, answer, actor())
    except UsageError as error:  # somebody did something to the document meanwhile
        face.complain(error)
        return None
    face.say("review-none" if key.lower() == NONE else "review-kept", style="green", value=_shown(decision.value))
    return decision


def _edit(face: Face, office: Office, question: Question) -> Decision | None:
    from pipeline.journeys import Answer, decide
    from pipeline.journeys import reviewing as kinds

    text = _typed(question)
    while True:
        text = _ask(face, face.messages("review-edit", field=label(face, question.field)), text)
        if not text:
            face.print(Text(face.messages("review-edit-left"), style="dim"))
            return None
        try:
            decision = decide(office, Answer(question.document_id, question.field, kinds.VALUE, text), actor())
        except UsageError as error:
            face.complain(error)
            continue
        face.say("review-kept", style="green", value=_shown(decision.value))
        return decision


def _undo(face: Face, office: Office, walk: _Walk) -> bool:
    """Back to the question before, its answer taken back; False at the beginning."""
    from pipeline.journeys.reviewing import take_back

    if not walk.path:
        face.say("review-nothing-to-undo", style="dim")
        return False
    walk.place, decision = walk.path.pop()
    if decision is not None:
        take_back(office, decision, actor())
        face.say("review-undone", style="green", field=label(face, decision.field))
    return True


def _open(face: Face, office: Office, question: Question) -> None:
    from pipeline.cli.record import file_to_open

    try:
        path = file_to_open(office, question.document_id, original=False)
    except NotFoundError as error:
        face.complain(error)
        return
    if not launch(path, os.environ):
        face.out.print(Text(visible(str(path))), soft_wrap=True)


def _ask(face: Face, prompt: str, text: str) -> str:
    """A line that begins as `text` and can be edited; "" when the person leaves it (Ctrl-C, Ctrl-D, nothing)."""
    try:
        import readline
    except ImportError:
        readline = None  # type: ignore[assignment]
    prefilled = readline is not None and hasattr(readline, "set_pre_input_hook")
    if prefilled:

        def put() -> None:
            readline.insert_text(text)
            readline.redisplay()

        readline.set_auto_history(False)
        readline.set_pre_input_hook(put)
    elif text:
        face.print(Text(f"  {visible(text)}"))
    try:
        return nfc(input(f"{prompt} ")).strip()
    except (EOFError, KeyboardInterrupt):
        face.print()
        return ""
    finally:
        if prefilled:
            readline.set_pre_input_hook(None)


# --- words ----------------------------------------------------------------------------------------------------------


def _value(face: Face, question: Question) -> str:
    return _typed(question) or face.messages("field-not-found")


def _typed(question: Question) -> str:
    """The value as a person would type it, "" for none."""
    return _as_typed(question.field, _shown(question.found.value)) if question.found else ""


def _as_typed(field: str, value: str) -> str:
    return day(date.fromisoformat(value)) if field == "issued_date" else visible(value)


def _shown(value: str | tuple[str, ...]) -> str:
    return "; ".join(value) if isinstance(value, tuple) else value


def _why(face: Face, question: Question) -> str:
    sure = f"{question.found.confidence:.0%}" if question.found else ""
    return face.messages(f"review-why-{question.why}", sure=sure)


def _table(face: Face, questions: Sequence[Question]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="cyan")
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(overflow="fold", style="dim")
    for question in questions:
        table.add_row(question.document_id, label(face, question.field), Text(_value(face, question)),
                      _why(face, question))  # fmt: skip
    return table


def _tell_batches(face: Face, office: Office) -> None:
    from pipeline.journeys.splitting import proposals

    for document_id, pages in proposals(office):
        face.say("review-batch", document=document_id, pages=pages)


# --- for programs ---------------------------------------------------------------------------------------------------


def _print_json(face: Face, office: Office, questions: Sequence[Question], out: Path | None) -> None:
    from pipeline.journeys.reviewing import look_up, picture

    with _reader(office) as reader:
        for question in questions:
            line: dict[str, Any] = question.to_json()
            sight = look_up(office, question)
            line |= {"page": sight.page.number, "box": sight.box.to_json()}
            line["guesses"] = [{"value": guess.text, "confidence": guess.confidence} for guess in sight.guesses]
            if out is not None:
                out.mkdir(parents=True, exist_ok=True)
                png = picture(office, reader, question, sight)
                path = out / f"{question.document_id}-{question.field}.png"
                if png is not None:
                    path.write_bytes(png)
                line["picture"] = str(path) if png is not None else None
            face.json(line)


def _answer_all(face: Face, office: Office, source: str) -> None:
    """Answers of a file or of stdin ("-"), one JSON a line; each that cannot be taken is told with its line."""
    from pipeline.journeys import Answer, decide

    taken = failed = 0
    for number, line in enumerate(_lines(source), 1):
        if not line.strip():
            continue
        try:
            try:
                answer = Answer.from_json(jsons.loads(line))
            except ValueError as error:
                raise UsageError("answer-unreadable", reason=error) from error
            decide(office, answer, actor())
            taken += 1
        except (UsageError, NotFoundError) as error:
            failed += 1
            face.say("review-answer-failed", style="red", line=str(number), reason=face.messages.error(error))
    face.say("review-answers-done", taken=taken, failed=failed)
    if failed:
        raise typer.Exit(Exit.SOME_FAILED if taken else Exit.ALL_FAILED)


def _lines(source: str) -> list[str]:
    if source == "-":
        return sys.stdin.read().splitlines()
    path = Path(source)
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise NotFoundError("file-not-found", path=path) from error
