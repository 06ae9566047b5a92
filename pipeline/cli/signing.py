"""`vanthu sign leader|batch`: the authorised person signs, in person, with a file or a token."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from pipeline.cli.face import Face, face_of, sentence, visible
from pipeline.cli.help import LocalCommand, LocalGroup
from pipeline.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from pipeline.settings import Settings
    from pipeline.signatures import FileKey, TokenKey
    from pipeline.signatures.many import Result

SOME_FAILED, NONE_SIGNED = 3, 4  # of `sign batch` alone (docs/exit-codes.md)
CREDENTIAL = "vanthu-sign"  # name of the systemd credential with the passphrase or PIN
MOST_SECRET_BYTES = 1024
SUBMITTED, SIGNED = "trinh-ky", "da-ky"

To = Annotated[str, typer.Option("--to", metavar="metavar-dir", help="help-sign-to")]
KeyFile = Annotated[str, typer.Option("--key", metavar="metavar-file", help="help-sign-key")]
Module = Annotated[str, typer.Option("--module", metavar="metavar-file", help="help-sign-module")]
TokenName = Annotated[str, typer.Option("--token", metavar="metavar-value", help="help-sign-token")]
Label = Annotated[str, typer.Option("--label", metavar="metavar-value", help="help-sign-label")]
PictureFile = Annotated[str, typer.Option("--picture", metavar="metavar-file", help="help-sign-picture")]
SecretFd = Annotated[int, typer.Option("--secret-fd", metavar="metavar-number", help="help-sign-secret-fd")]
Json = Annotated[bool, typer.Option("--json", help="option-json")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(cls=LocalGroup, no_args_is_help=True, help="help-sign", rich_markup_mode=None)
    group.command("leader", cls=LocalCommand, help="help-sign-leader", epilog="help-sign-epilog")(leader)
    group.command("batch", cls=LocalCommand, help="help-sign-batch", epilog="help-sign-epilog")(batch)
    app.add_typer(group, name="sign")


def leader(  # noqa: PLR0913, PLR0917 - one for each option
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="metavar-file", help="help-sign-files")],
    to: To = "", key: KeyFile = "", module: Module = "", token: TokenName = "", label: Label = "",
    picture: PictureFile = "", secret_fd: SecretFd = -1, json: Json = False,
) -> None:  # fmt: skip
    face = face_of(context)
    failed = None
    chosen = {"to": to, "key": key, "module": module, "token": token, "label": label, "picture": picture}
    for result in _results(face, files, chosen, secret_fd):
        _tell(face, result, json=json)
        failed = failed or result.error
    if failed is not None:
        raise typer.Exit(failed.exit_code)


def batch(  # noqa: PLR0913, PLR0917
    context: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="metavar-dir", help="help-sign-source")],
    to: To = "", key: KeyFile = "", module: Module = "", token: TokenName = "", label: Label = "",
    picture: PictureFile = "", secret_fd: SecretFd = -1, json: Json = False,
) -> None:  # fmt: skip
    face = face_of(context)
    files = listed(source)
    chosen = {"to": to, "key": key, "module": module, "token": token, "label": label, "picture": picture}
    failed = 0
    for result in _results(face, files, chosen, secret_fd):
        _tell(face, result, json=json)
        failed += result.error is not None
    face.say("sign-summary", done=len(files) - failed, total=len(files))
    if failed:
        raise typer.Exit(NONE_SIGNED if failed == len(files) else SOME_FAILED)


def listed(source: Path) -> list[Path]:
    """The PDF files of a folder by name, or those that a list names, one a line ("-": standard input).

    Raises NotFoundError, UsageError for a list that is none.
    """
    if str(source) == "-":
        return [Path(line) for line in sys.stdin.read().splitlines() if line.strip()]
    if source.is_dir():
        return sorted(path for path in source.iterdir() if path.suffix.lower() == ".pdf" and path.name[0] != ".")
    try:
        lines = source.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise NotFoundError("list-missing", path=source, reason=error.strerror or error) from error
    except UnicodeDecodeError as error:
        raise UsageError("list-unreadable", path=source) from error
    return [source.parent / line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _results(face: Face, files: Sequence[Path], chosen: Mapping[str, str], secret_fd: int) -> Iterator[Result]:
    from datetime import UTC, datetime

    from pipeline.signatures import load_picture, open_key, sign_leader
    from pipeline.signatures.geometry import POINTS_PER_MM
    from pipeline.signatures.many import sign_many
    from pipeline.signatures.workshop import Workshop

    if not files:
        raise UsageError("nothing-to-sign")
    settings = _settings(face)
    source = key_source(settings, chosen)
    terms = _terms(settings)
    picture_file = chosen["picture"] or settings.signing.signature_picture
    picture = load_picture(settings.workspace / picture_file, 60 * POINTS_PER_MM) if picture_file else None
    with Workshop() as workshop, open_key(source, secret(face, secret_fd, os.environ)) as key:

        def sign(path: Path, target: Path) -> Any:
            workshop.refuse_dangerous(path, signed=True)
            return sign_leader(path, target, key, terms, at=datetime.now(UTC), picture=picture)

        to = chosen["to"]
        for folder, group in groupby(files, lambda path: Path(to) if to else target_of(path)):
            yield from sign_many(list(group), folder, key.holder.sha256, sign)


def target_of(path: Path) -> Path:
    """Beside `trinh-ky/` lies `da-ky/`, from where the journey goes on; elsewhere a folder of that name by the file."""
    parent = path.absolute().parent
    return (parent.parent if parent.name == SUBMITTED else parent) / SIGNED


def key_source(settings: Settings, chosen: Mapping[str, str]) -> FileKey | TokenKey:
    """What the options name, else the configuration. Raises UsageError where neither names a key."""
    from pipeline.signatures import FileKey, TokenKey

    configured = settings.signing
    if chosen["key"]:
        return FileKey(Path(chosen["key"]))
    token = chosen["token"] or configured.token
    module, label = chosen["module"] or configured.token_module, chosen["label"] or configured.token_label
    if chosen["token"] or (token and not configured.key):
        if not module or not label:
            raise UsageError("token-incomplete")
        return TokenKey(Path(module), token, label)
    if configured.key:
        return FileKey(settings.workspace / configured.key)
    raise UsageError("key-not-named")


def secret(face: Face, descriptor: int, environment: Mapping[str, str]) -> str:
    """Passphrase or PIN: from a descriptor, a systemd credential, or a prompt. Never an argument or the environment."""
    if descriptor >= 0:
        try:
            return os.read(descriptor, MOST_SECRET_BYTES).decode().rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError("secret-unreadable", number=descriptor) from error
    credentials = environment.get("CREDENTIALS_DIRECTORY")
    if credentials and (path := Path(credentials) / CREDENTIAL).is_file():
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UsageError("secret-missing", name=CREDENTIAL)
    return getpass.getpass(face.messages("sign-prompt"), stream=sys.stderr)


def _settings(face: Face) -> Settings:
    from pipeline.settings import load_settings, settings_from

    try:
        return load_settings(face.place)
    except NotFoundError:
        if face.workspace:
            raise
        return settings_from({}, Path.cwd())


def _terms(settings: Settings) -> Any:
    from pipeline.journeys.judging import anchors_for_signing
    from pipeline.signatures import Terms

    return Terms.from_settings(settings.signing, anchors_for_signing(settings), leader=True)


def _tell(face: Face, result: Result, *, json: bool) -> None:
    if json:
        face.json(to_json(face, result))
        return
    if result.error is not None:
        words = sentence(face.messages, result.error)
        face.print(Text(visible(f"{result.source}: {words}"), style="red"))
        return
    code = "sign-done" if result.signed else "sign-already"
    level = str(result.signed.level) if result.signed else ""
    face.print(Text(visible(face.messages(code, source=result.source.name, target=str(result.target), level=level))))
    for finding in result.signed.findings if result.signed else ():
        face.print(Text("  " + visible(face.messages.finding(finding)), style="yellow"))


def to_json(face: Face, result: Result) -> dict[str, Any]:
    """One line of `--json`: what became of the file, who signed, at which level."""
    line: dict[str, Any] = {"file": str(result.source), "outcome": result.outcome.value}
    if result.error is not None:
        line["error"] = {"code": result.error.code, "message": sentence(face.messages, result.error)}
        return line
    line["target"] = str(result.target)
    if result.signed is not None:
        signed = result.signed
        line |= {
            "sha256": signed.sha256, "level": str(signed.level), "wanted": str(signed.wanted),
            "signer": signed.holder.name, "certificate": signed.holder.sha256, "at": signed.at.isoformat(),
            "findings": [finding.to_json() for finding in signed.findings],
        }  # fmt: skip
    return line
