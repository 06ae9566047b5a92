"""`vanthu`: the commands joined, the language chosen, faults turned into a sentence and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text
from typer.exceptions import TyperException

from pipeline import __version__
from pipeline.cli import (
    books,
    copying,
    documents,
    health,
    inspecting,
    reviewing,
    sealing,
    searching,
    serving,
    signing,
    splitting,
    trusting,
    validating,
)
from pipeline.cli.exits import Exit
from pipeline.cli.face import Face, prepare_streams, visible
from pipeline.cli.help import LocalGroup, UnknownCommandError, localise, usage_line, usage_sentence
from pipeline.errors import UsageError, VanthuError
from pipeline.messages import LANGUAGES, Messages, catalogue, language_of

app = typer.Typer(
    cls=LocalGroup, no_args_is_help=True, help="help-vanthu", epilog="help-vanthu-epilog",
    rich_markup_mode=None, pretty_exceptions_enable=False, context_settings={"help_option_names": ["--help", "-h"]},
)  # fmt: skip
for group in (
    serving,
    inspecting,
    searching,
    documents,
    reviewing,
    splitting,
    books,
    signing,
    sealing,
    copying,
    validating,
    trusting,
    health,
):
    group.add_to(app)


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"vanthu {__version__}")
        raise typer.Exit


PANELS = {
    "usage-daily-title": (
        "search", "show", "open", "review", "edit", "split", "register", "inspect", "sign", "release", "copy",
        "attach", "digitise", "validate", "retry",
    ),
    "usage-service-title": ("watch", "seal", "status", "doctor", "verify", "rebuild", "trust", "init"),
}  # fmt: skip
"""The order of the help: what a clerk does all day, then what keeps the house running."""


@app.callback()
def _options(
    lang: Annotated[str, typer.Option("--lang", metavar="metavar-lang", help="option-lang")] = "",
    workspace: Annotated[str, typer.Option("--workspace", "-w", metavar="metavar-dir", help="option-workspace")] = "",
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="option-verbose")] = False,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="option-version")
    ] = False,
) -> None:
    """The options are read before the parsing, because help and errors need the language; see `take_common`."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; nothing is raised."""
    prepare_streams()
    face = Face(catalogue(language_of()))
    try:
        common, rest = take_common(arguments)
        face = make_face(common)
        command = command_tree(face.messages)
        code = command.main(args=rest, prog_name="vanthu", standalone_mode=False, obj=face)
        sys.stdout.flush()
    except BrokenPipeError:
        return _leave_pipe()
    except (KeyboardInterrupt, typer.Abort):
        return Exit.INTERRUPT
    except VanthuError as error:
        face.complain(error)
        return error.exit_code
    except (TyperException, UnknownCommandError) as error:
        return _complain_of_usage(face, error)
    except Exception:  # noqa: BLE001 - the last door: a calm sentence, never a stack of lines for a clerk
        return _complain_of_bug(face)
    return code if isinstance(code, int) else 0


def command_tree(messages: Messages) -> Any:
    """Typer's tree of commands with its words in one language, in the order of PANELS."""
    tree: Any = typer.main.get_command(app)
    localise(tree, messages)
    for panel, names in PANELS.items():
        for name in names:
            tree.commands[name].rich_help_panel = messages(panel)
    tree.commands = {name: tree.commands[name] for names in PANELS.values() for name in names}
    return tree


def take_common(arguments: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Lift --lang, --workspace/-w and --verbose/-v out of wherever they stand (before a lone `--`).

    Raises UsageError for one without its value.
    """
    names = {"--lang": "lang", "--workspace": "workspace", "-w": "workspace"}
    found: dict[str, str] = {}
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        name, equals, value = argument.partition("=")
        if argument == "--":
            rest += [argument, *waiting]
        elif argument in {"-v", "--verbose"}:
            found["verbose"] = "1"
        elif name in names and (equals or argument == name):
            given = value if equals else next(waiting, None)
            if not given:
                raise UsageError("option-without-value", name=name)
            found[names[name]] = given
        else:
            rest.append(argument)
    return found, rest


def make_face(common: dict[str, str]) -> Face:
    """Choose the language: --lang, the workspace's configuration, then the environment."""
    workspace = Path(common["workspace"]) if "workspace" in common else None
    language = common.get("lang") or _configured_language(workspace) or language_of()
    if language not in LANGUAGES:
        raise UsageError("language-unknown", language=language, known=", ".join(LANGUAGES))
    return Face(catalogue(language), workspace, "verbose" in common)


def _configured_language(workspace: Path | None) -> str:
    """Only a glance: what is wrong with the file is told by the command that needs it."""
    import tomllib

    from pipeline.settings import CONFIG_NAME, find_workspace

    try:
        folder = workspace or find_workspace(Path.cwd())
        language = tomllib.loads((folder / CONFIG_NAME).read_text(encoding="utf-8")).get("language", "")
    except (VanthuError, OSError, ValueError):
        return ""
    return language if language in LANGUAGES else ""


def _complain_of_usage(face: Face, error: Any) -> int:
    if type(error).__name__ == "NoArgsIsHelpError":
        face.err.print(Text(error.message))
        return Exit.USAGE
    face.err.print(Text(visible(usage_sentence(error, face.messages)), style="bold red"))
    if (context := getattr(error, "ctx", None)) is not None:
        face.err.print(f"{face.messages('usage')} {usage_line(context.command, context, face.messages)}")
        face.say("usage-see-help", command=f"{context.command_path} --help")
    return Exit.USAGE


def _complain_of_bug(face: Face) -> int:
    face.say("crash", style="bold red")
    if face.verbose:
        face.err.print(visible(traceback.format_exc()))
    return Exit.BUG


def _leave_pipe() -> int:
    """The reader has gone (`vanthu search … | head`): leave quietly, and let the closing flush hit nothing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Exit.PIPE
