"""Help and usage errors in the person's language: the decorators carry message ids, this module has the words."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from pipeline.cli.exits import Exit
from pipeline.cli.face import Face, visible
from pipeline.messages import Messages

HELP_WIDTH = 100
_REASONS = (("int", "usage-must-be-number"), ("greater", "usage-too-small"), ("less", "usage-too-big"))


class UnknownCommandError(Exception):
    """A word that is no command, and the commands it is near to."""

    def __init__(self, name: str, near: list[str]) -> None:
        super().__init__(name)
        self.name, self.near = name, near


class LocalCommand(TyperCommand):
    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(_page(self, ctx))


class LocalGroup(TyperGroup):
    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(_page(self, ctx))

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # the reader has gone; Typer would end with 1, which means something else here
            return Exit.PIPE

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(self.commands)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.commands and not args[0].startswith("-") and not ctx.resilient_parsing:
            raise UnknownCommandError(args[0], get_close_matches(args[0], self.commands))
        return super().resolve_command(ctx, args)


def localise(command: Any, messages: Messages) -> None:
    """Put the words in the place of the message ids, all over the tree (shell completion shows them too)."""
    for holder in (command, *command.params):
        for attribute in ("help", "metavar", "epilog"):
            message_id = getattr(holder, attribute, None)
            if isinstance(message_id, str) and message_id in messages:
                setattr(holder, attribute, messages(message_id))
    for param in command.params:
        known = f"option-{param.name.replace('_', '-')}"
        if known in messages and param.name in {"install_completion", "show_completion"}:
            param.help = messages(known)
    for child in getattr(command, "commands", {}).values():
        localise(child, messages)


def usage_line(command: Any, context: Any, messages: Messages) -> str:
    pieces = [context.command_path]
    if any(isinstance(param, TyperOption) for param in command.params):
        pieces.append(messages("usage-options"))
    pieces += [_argument(param) for param in command.params if isinstance(param, TyperArgument)]
    if isinstance(command, TyperGroup):
        pieces.append(messages("usage-command"))
    return " ".join(pieces)


def usage_sentence(error: Any, messages: Messages) -> str:
    """What was wrong with the command, from the library's exception. Its classes are private, so their names serve."""
    param = getattr(error, "param", None)
    name = _param_name(param) if param is not None else ""
    match type(error).__name__:
        case "MissingParameter":
            return messages("usage-missing", name=name)
        case "NoSuchOption":
            near = ", ".join(error.possibilities or ())
            return messages("usage-no-option-near" if near else "usage-no-option", name=error.option_name, near=near)
        case "BadOptionUsage":
            return messages("usage-option-value", name=error.option_name)
        case "BadParameter":
            return messages("usage-bad-value", name=name, reason=_reason(error, messages))
        case "UnknownCommandError":
            near = ", ".join(error.near)
            return messages("usage-no-command-near" if near else "usage-no-command", name=error.name, near=near)
    return messages("usage-wrong", reason=getattr(error, "message", str(error)))


def _reason(error: Any, messages: Messages) -> str:
    problems = error.__cause__.errors() if hasattr(error.__cause__, "errors") else []
    kind = problems[0]["type"] if problems else ""
    for start, message_id in _REASONS:
        if kind.startswith(start):
            limits = problems[0].get("ctx") or {}
            return messages(message_id, limit=str(next(iter(limits.values()), "")))
    return str(error.message)


def _page(command: Any, context: Any) -> str:
    face = context.find_root().obj
    assert isinstance(face, Face)  # noqa: S101
    messages = face.messages
    page = io.StringIO()
    width = min(face.out.width, HELP_WIDTH)
    console = Console(
        file=page, width=width, highlight=False, markup=False, emoji=False,
        force_terminal=sys.stdout.isatty(), no_color=face.out.no_color,
    )  # fmt: skip
    console.print(Text.assemble((messages("usage") + " ", "bold"), usage_line(command, context, messages)))
    console.print()
    for paragraph in (command.help or "").split("\n"):
        console.print(Padding(Text(paragraph), (0, 0, 0, 2)))
    params = [param for param in command.get_params(context) if not getattr(param, "hidden", False)]
    arguments = [(_argument(p), p.help or "") for p in params if isinstance(p, TyperArgument) and p.help]
    options = [(_option(p), _option_help(p, messages)) for p in params if isinstance(p, TyperOption)]
    commands: dict[str, list[tuple[str, str]]] = {}
    for name, child in getattr(command, "commands", {}).items():
        title = child.rich_help_panel or messages("usage-commands-title")
        commands.setdefault(title, []).append((name, (child.help or "").split("\n")[0]))
    _section(console, messages("usage-arguments-title"), arguments)
    for title, children in commands.items():
        _section(console, title, children)
    _section(console, messages("usage-options-title"), options)
    if command.epilog:
        console.print()
        console.print(Text(command.epilog))
    return "\n".join(line.rstrip() for line in page.getvalue().rstrip().split("\n")) + "\n"


def _section(console: Console, title: str, rows: Iterable[tuple[str, str]]) -> None:
    rows = list(rows)
    if not rows:
        return
    console.print()
    console.print(Text(title, style="bold"))
    table = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(style="cyan", max_width=min(30, console.width * 2 // 5))
    table.add_column()
    for name, words in rows:
        table.add_row(Text("  " + name), Text(words))
    console.print(table)


def _argument(param: Any) -> str:
    name = (param.metavar or param.name.upper()) + ("…" if param.nargs == -1 else "")
    return name if param.required else f"[{name}]"


def _option(param: Any) -> str:
    names = ", ".join(sorted([*param.opts, *param.secondary_opts], key=len))
    if param.is_flag or param.name in {"install_completion", "show_completion"}:
        return names
    return f"{names} {param.metavar or '…'}"


def _option_help(param: Any, messages: Messages) -> str:
    return messages("option-help") if param.name == "help" else (param.help or "")


def _param_name(param: Any) -> str:
    return visible(max(param.opts, key=len) if isinstance(param, TyperOption) else param.metavar or param.name)
