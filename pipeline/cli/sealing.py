"""`vanthu release` and `vanthu seal …`: an officer releases documents, and looks after the seal service."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from pipeline.cli.exits import Exit
from pipeline.cli.face import Face, actor, face_of, sentence, visible
from pipeline.cli.help import LocalCommand, LocalGroup
from pipeline.cli.signing import secret
from pipeline.errors import NotFoundError, SigningError, UsageError, VanthuError
from pipeline.vietnamese import nfc

if TYPE_CHECKING:
    from pipeline.journeys.outgoing import Waiting
    from pipeline.sealer import SealClient, SealerStatus

Config = Annotated[Path | None, typer.Option("--config", metavar="metavar-file", help="help-seal-config")]
Json = Annotated[bool, typer.Option("--json", help="option-json")]


def add_to(app: typer.Typer) -> None:
    app.command("release", cls=LocalCommand, help="help-release", epilog="help-release-epilog")(release)
    group = typer.Typer(cls=LocalGroup, no_args_is_help=True, help="help-seal", rich_markup_mode=None)
    group.command("serve", cls=LocalCommand, help="help-seal-serve")(serve)
    group.command("status", cls=LocalCommand, help="help-seal-status")(status)
    group.command("open", cls=LocalCommand, help="help-seal-open")(open_key)
    group.command("unlock", cls=LocalCommand, help="help-seal-unlock")(unlock)
    group.command("lock", cls=LocalCommand, help="help-seal-lock")(lock)
    app.add_typer(group, name="seal")


# --- releasing --------------------------------------------------------------------------------------------------------


def release(
    context: typer.Context,
    documents: Annotated[list[str] | None, typer.Argument(metavar="metavar-value", help="help-release-what")] = None,
    everything: Annotated[bool, typer.Option("--all", help="help-release-all")] = False,
    rejected: Annotated[str, typer.Option("--reject", metavar="metavar-value", help="help-release-reject")] = "",
    reason: Annotated[str, typer.Option("--reason", metavar="metavar-text", help="help-release-reason")] = "",
    json: Json = False,
) -> None:
    """Without arguments: what waits. With names of that list, or `--all`: these are released."""
    from pipeline.journeys import outgoing, stamping

    face = face_of(context)
    if rejected or reason:
        if documents or everything or not (rejected and nfc(reason).strip()):
            raise UsageError("reject-alone")
        _reject(face, rejected, nfc(reason).strip(), json=json)
        return
    with face.office() as office:
        if not documents and not everything:
            _list(face, [*outgoing.open_documents(office), *stamping.waiting(office)], json=json)
            return
        waiting = [*outgoing.waiting(office), *stamping.waiting(office)]
        picked = (
            waiting if everything else with_attachments(waiting, [chosen(waiting, name) for name in documents or ()])
        )
        failed: VanthuError | None = None
        for one in picked:
            try:
                document = (stamping if one.kind else outgoing).release(office, one.id, actor())
            except VanthuError as error:
                failed = error
                _tell(face, one, error=error, json=json)
                if isinstance(error, SigningError) and error.retry:
                    break  # the seal service is away: the others would only take numbers
            else:
                _tell(face, one, document=document, json=json)
        if failed is not None:
            raise typer.Exit(failed.exit_code)
        if not picked:
            face.say("release-nothing")


def _reject(face: Face, name: str, reason: str, *, json: bool) -> None:
    """Send back what has no number yet: signed, or still with the leader."""
    from pipeline.journeys import outgoing, returning, stamping

    with face.office() as office:
        one = chosen([*outgoing.open_documents(office), *stamping.waiting(office)], name)
        for attachment in [other for other in stamping.waiting(office) if other.of == one.id]:
            stamping.reject(office, attachment.id, reason, actor())
        (stamping if one.kind else returning).reject(office, one.id, reason, actor())
    if json:
        face.json({"id": one.id, "name": one.name, "rejected": True})
    else:
        face.print(Text(visible(face.messages("copy-rejected" if one.kind else "release-rejected", name=one.name))))


def with_attachments(waiting: list[Waiting], picked: list[Waiting]) -> list[Waiting]:
    """What came with a draft is released with it, right behind."""
    of = {one.id for one in picked}
    return [*picked, *(one for one in waiting if one.of in of and one.id not in of)]


def chosen(waiting: list[Waiting], name: str) -> Waiting:
    found = [one for one in waiting if name in {one.id, one.handle, one.document, one.name}]
    if len(found) > 1:  # two files of one name: the wrong one must not be released
        raise UsageError("release-ambiguous", name=name, handles=", ".join(one.handle for one in found))
    if not found:
        raise NotFoundError("not-waiting", name=name)
    return found[0]


def _list(face: Face, found: list[Waiting], *, json: bool) -> None:
    waiting = [one for one in found if one.state != "prepared"]
    unsigned = [one for one in found if one.state == "prepared"]
    if json:
        for one in waiting:
            face.json(one.to_json())
        return
    if not waiting:
        face.say("release-nothing")
    for one in waiting:
        _show_waiting(face, one)
    if unsigned:
        face.print(Text(face.messages("release-unsigned"), style="dim"))
        for one in unsigned:
            face.print(Text(f"{one.handle}  {visible(one.name)}", style="dim"))
    if waiting:
        face.say("release-how")
    if found:
        face.say("release-how-reject")


def _show_waiting(face: Face, one: Waiting) -> None:
    head = Text(f"{one.handle}  ")
    head.append(visible(one.code), style="bold")
    head.append(f"  {visible(one.name)}")
    face.print(head)
    for line in (one.subject, one.signatory):
        if line:
            face.print(Text(f"     {visible(line)}", style="dim"))
    if one.reason:
        code = f"error-{one.reason}"
        reason = face.messages(code, **_in_words(face, one.detail)) if code in face.messages else one.reason
        face.print(Text("     " + visible(face.messages("release-held", reason=reason)), style="yellow"))


def _in_words(face: Face, detail: Mapping[str, str]) -> Mapping[str, str]:
    """The seal service speaks no language: its reasons are codes."""
    if "reasons" not in detail:
        return detail
    codes = detail["reasons"].split(", ")
    words = [face.messages(key) if (key := f"reason-{code}") in face.messages else code for code in codes]
    return {**detail, "reasons": ", ".join(words)}


def _tell(face: Face, one: Waiting, *, document: str = "", error: VanthuError | None = None, json: bool) -> None:
    if json:
        line: dict[str, Any] = {"id": one.id, "name": one.name, "document": document}
        if error is not None:
            line["error"] = {"code": error.code, "message": sentence(face.messages, error)}
        face.json(line)
    elif error is not None:
        face.print(Text(visible(f"{one.name}: {sentence(face.messages, error)}"), style="red"))
    else:
        face.print(Text(visible(face.messages("release-done", document=document, name=one.name))))


# --- the seal service -------------------------------------------------------------------------------------------------


def serve(
    context: typer.Context,
    config: Config = None,
    prompt: Annotated[bool, typer.Option("--prompt", help="help-seal-prompt")] = False,
) -> None:
    from pipeline.database import Database
    from pipeline.journeys.judging import trust_store
    from pipeline.sealer import load_seal_settings
    from pipeline.sealer.service import serve as run
    from pipeline.settings import data_folder, load_settings
    from pipeline.signatures.trust import TrustStore, load_pins

    face = face_of(context)
    settings = load_seal_settings(_config(face, config))
    workspace = load_settings(settings.workspace)
    store = (
        TrustStore(settings.trust, load_pins(data_folder() / "trust"))
        if settings.trust
        else trust_store(workspace.private)
    )
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    database = Database(workspace.database_url)
    try:
        run(
            settings, database, store.anchors, lambda: datetime.now(UTC), stop,
            secret=secret(face, -1, os.environ) if prompt else _credential(settings.credential), by_person=prompt,
            ready=lambda: face.say("seal-serving", socket=settings.socket),
        )  # fmt: skip
    finally:
        database.close()


def _credential(name: str) -> str | None:
    """What systemd hands over (LoadCredentialEncrypted=); None: an officer brings it with `vanthu seal open`."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    path = Path(folder) / name if folder else None
    return path.read_text(encoding="utf-8").rstrip("\r\n") if path and path.is_file() else None


def status(context: typer.Context, config: Config = None, json: Json = False) -> None:
    face = face_of(context)
    found = _client(face, config).status()
    if json:
        face.json(found.to_json())
    else:
        _show(face, found)
    if not found.key_open:
        raise typer.Exit(Exit.NOTHING)


def _show(face: Face, found: SealerStatus) -> None:
    key = "seal-key-open" if found.key_open else "seal-key-closed"
    face.print(Text(visible(face.messages(key, holder=found.holder))))
    face.print(Text(visible(face.messages(f"seal-release-{found.release.value}"))))
    face.print(Text(visible(face.messages("seal-officers", officers=", ".join(found.officers)))))
    if found.unlocked_until is not None:
        until = f"{found.unlocked_until.astimezone():%H:%M %d/%m/%Y}"
        face.print(
            Text(visible(face.messages("seal-unlocked", officer=found.unlocked_by, until=until)), style="yellow")
        )


def open_key(
    context: typer.Context, config: Config = None,
    secret_fd: Annotated[int, typer.Option("--secret-fd", metavar="metavar-number", help="help-sign-secret-fd")] = -1,
) -> None:  # fmt: skip
    face = face_of(context)
    client = _client(face, config)
    client.status()  # is it there at all? before anybody types a PIN
    _show(face, client.open_key(secret(face, secret_fd, {})))


def unlock(
    context: typer.Context,
    hours: Annotated[float, typer.Argument(metavar="metavar-number", help="help-seal-hours")],
    config: Config = None,
) -> None:
    face = face_of(context)
    until = _client(face, config).unlock(hours)
    face.say("seal-unlocked", officer=actor(), until=f"{until.astimezone():%H:%M %d/%m/%Y}")


def lock(context: typer.Context, config: Config = None) -> None:
    face = face_of(context)
    _client(face, config).lock()
    face.say("seal-locked")


def _client(face: Face, config: Path | None) -> SealClient:
    from pipeline.sealer import SealClient, load_seal_settings

    return SealClient(load_seal_settings(_config(face, config)).socket)


def _config(face: Face, config: Path | None) -> Path:
    from pipeline.settings import load_settings

    if config is not None:
        return config
    settings = load_settings(face.place)
    if not settings.outgoing.seal:
        raise UsageError("seal-config-not-named")
    return settings.workspace / settings.outgoing.seal
