"""What every command speaks through: a language, data on stdout, talk on stderr, and the workspace asked for."""

from __future__ import annotations

import getpass
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import typer
from rich.console import Console, RenderableType
from rich.text import Text

from pipeline.errors import VanthuError
from pipeline.messages import Messages

if TYPE_CHECKING:
    from pipeline.journeys import Office

PIPE_WIDTH = 132  # a line printer's; COLUMNS changes it
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_C1 = re.compile(r"[\x7f-\x9f]")


@dataclass(frozen=True)
class Face:
    """One run of the command line. Handed to the commands as the context's object."""

    messages: Messages
    workspace: Path | None = None  # as --workspace gave it
    verbose: bool = False

    @cached_property
    def out(self) -> Console:
        return _console(sys.stdout)

    @cached_property
    def err(self) -> Console:
        return _console(sys.stderr)

    def say(self, message_id: str, /, *, style: str = "", **detail: object) -> None:
        """One sentence to the person, on stderr."""
        self._talk(self.messages(message_id, **detail), style)

    def complain(self, error: VanthuError) -> None:
        self._talk(sentence(self.messages, error), "bold red")

    def _talk(self, words: str, style: str) -> None:
        """Wrapped on a screen; whole on a pipe, where a broken line is a broken path."""
        self.err.print(Text(visible(words), style=style), soft_wrap=not self.err.is_terminal)

    def print(self, *shown: RenderableType) -> None:
        """Something to look at, on stdout; on a pipe without the blanks that fill a screen's lines."""
        if self.out.is_terminal:
            self.out.print(*shown)
            return
        with self.out.capture() as captured:
            self.out.print(*shown)
        sys.stdout.write("\n".join(line.rstrip(" ") for line in captured.get().split("\n")))

    def json(self, value: Any, *, indent: int | None = None) -> None:
        """One JSON value a line on stdout, UTF-8. Terminal controls are escaped even where JSON would not."""
        text = json.dumps(value, ensure_ascii=False, indent=indent)
        sys.stdout.write(_C1.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n")
        sys.stdout.flush()

    @property
    def place(self) -> Path:
        """The workspace: --workspace, VANTHU_WORKSPACE, or the nearest one upwards. Raises NotFoundError."""
        from pipeline.settings import find_workspace

        return self.workspace.absolute() if self.workspace else find_workspace(Path.cwd())

    @contextmanager
    def office(self) -> Iterator[Office]:
        from pipeline.journeys import open_office

        with open_office(self.place) as office:
            yield office


def face_of(context: typer.Context) -> Face:
    face = context.find_root().obj
    if not isinstance(face, Face):
        raise TypeError("the command line was started without a face")
    return face


def sentence(messages: Messages, error: VanthuError) -> str:
    """An error in words; one without a message still tells its code (a test sees to it that there is none)."""
    return messages.error(error) if f"error-{error.code}" in messages else str(error)


def visible(text: str) -> str:
    """Names and words of hostile files may carry terminal commands and reversed text: show, do not obey."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)


def actor() -> str:
    """Who corrects and cancels, for the audit trail: the login name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def prepare_streams() -> None:
    """UTF-8 on pipes whatever the locale; a terminal keeps its own encoding. What cannot be shown is escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIO) or hasattr(stream, "reconfigure"):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")  # type: ignore[union-attr]


def _console(stream: TextIO) -> Console:
    width = None if stream.isatty() else int_or_none(os.environ, "COLUMNS") or PIPE_WIDTH
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


def int_or_none(environment: Mapping[str, str], name: str) -> int | None:
    value = environment.get(name, "")
    return int(value) if value.isdecimal() and int(value) > 0 else None
