"""`vanthu copy sao-y|sao-luc|trich-sao`, `digitise`, `attach`: what the agency signs with a line on page 1."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from pipeline.cli.face import Face, actor, face_of, sentence, visible
from pipeline.cli.help import LocalCommand, LocalGroup
from pipeline.cli.identity import resolve
from pipeline.document import StampKind
from pipeline.errors import NotFoundError, SigningError, UsageError, VanthuError
from pipeline.vietnamese import nfc

if TYPE_CHECKING:
    from pipeline.database.tables import StampRow
    from pipeline.journeys import Office
    from pipeline.journeys.copying import Request
    from pipeline.journeys.outgoing import Waiting

Documents = Annotated[list[str], typer.Argument(metavar="metavar-id", help="help-copy-documents")]
File = Annotated[Path | None, typer.Option("--file", metavar="metavar-file", help="help-copy-file")]
To = Annotated[str, typer.Option("--to", metavar="metavar-text", help="help-copy-to")]
ApprovedBy = Annotated[str, typer.Option("--approved-by", metavar="metavar-text", help="help-copy-approved-by")]
Json = Annotated[bool, typer.Option("--json", help="option-json")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(cls=LocalGroup, no_args_is_help=True, help="help-copy", rich_markup_mode=None)
    for name, command in (("sao-y", true_copy), ("sao-luc", copy_of_copy), ("trich-sao", extract)):
        group.command(name, cls=LocalCommand, help=f"help-copy-{name}", epilog="help-copy-epilog")(command)
    app.add_typer(group, name="copy")
    app.command("digitise", cls=LocalCommand, help="help-digitise")(digitise)
    app.command("attach", cls=LocalCommand, help="help-attach")(attach)


def true_copy(
    context: typer.Context, documents: Documents, file: File = None, to: To = "", approved_by: ApprovedBy = "",
    json: Json = False,
) -> None:  # fmt: skip
    _copy(face_of(context), StampKind.TRUE_COPY, documents, {"file": file, **_who(to, approved_by)}, json=json)


def copy_of_copy(
    context: typer.Context, documents: Documents, file: File = None, to: To = "", approved_by: ApprovedBy = "",
    sure: Annotated[bool, typer.Option("--sure", help="help-copy-sure")] = False, json: Json = False,
) -> None:  # fmt: skip
    wanted = {"file": file, "sure": sure, **_who(to, approved_by)}
    _copy(face_of(context), StampKind.COPY_OF_COPY, documents, wanted, json=json)


def extract(
    context: typer.Context, documents: Documents, file: File = None, to: To = "", approved_by: ApprovedBy = "",
    json: Json = False,
) -> None:  # fmt: skip
    _copy(face_of(context), StampKind.EXTRACT, documents, {"file": file, **_who(to, approved_by)}, json=json)


def digitise(context: typer.Context, documents: Documents, json: Json = False) -> None:
    _copy(face_of(context), StampKind.DIGITISED, documents, {}, json=json)


def attach(
    context: typer.Context,
    document: Annotated[str, typer.Argument(metavar="metavar-id", help="help-attach-document")],
    files: Annotated[list[Path], typer.Argument(metavar="metavar-file", help="help-attach-files")],
    json: Json = False,
) -> None:
    """To a filed leaving document by its number; to one on its way by what it is called in `vanthu release`."""
    face = face_of(context)
    with face.office() as office:
        leaving = on_its_way(office, document)
    if leaving is None:
        _ask(face, StampKind.ATTACHMENT, [(document, {"file": file}) for file in files], json=json)
        return
    failed: VanthuError | None = None
    with face.office() as office, _taker(office) as take:
        for file in files:
            try:
                row = take(leaving, file)
            except VanthuError as error:
                failed = failed or error
                _tell_fault(face, file, error, json=json)
            else:
                _tell(face, office, row, None, json=json)
    if failed is not None:
        raise typer.Exit(failed.exit_code)


def on_its_way(office: Office, name: str) -> Waiting | None:
    """A leaving document that is not issued, by handle, file name or number. Raises UsageError for one of several."""
    from pipeline.cli.sealing import chosen
    from pipeline.journeys import outgoing

    try:
        return chosen(outgoing.open_documents(office), name)
    except NotFoundError:
        return None


def _who(to: str, approved_by: str) -> dict[str, str]:
    return {"recipient": nfc(to).strip(), "approved_by": nfc(approved_by).strip()}


def _copy(face: Face, kind: StampKind, documents: Sequence[str], wanted: dict[str, Any], *, json: bool) -> None:
    if wanted.get("file") is not None and len(documents) > 1:  # one scan is of one document
        raise UsageError("options-exclude-each-other", first="--file", second=" ".join(documents))
    _ask(face, kind, [(document, wanted) for document in documents], json=json)


def _ask(face: Face, kind: StampKind, asked: Sequence[tuple[str, dict[str, Any]]], *, json: bool) -> None:
    """One after the other; one's fault stops no other, and the first one's is the exit code."""
    from pipeline.journeys.copying import Request

    failed: VanthuError | None = None
    with face.office() as office, _taker(office) as take:
        for name, wanted in asked:
            try:
                take_one = Request(kind, resolve(office, name), **wanted)
                row = take(take_one)
            except VanthuError as error:
                failed = failed or error
                _tell_fault(face, wanted.get("file") or name, error, json=json)
            else:
                error_of_release = _release(office, row)
                _tell(face, office, row, error_of_release, json=json)
                failed = failed or error_of_release
    if failed is not None:
        raise typer.Exit(failed.exit_code)


@contextmanager
def _taker(office: Office) -> Iterator[Any]:
    """What takes a request, with the children that open strange files."""
    from pipeline.journeys.copying import Request, ask
    from pipeline.journeys.copying import attach as attach_early
    from pipeline.reading import Reader
    from pipeline.signatures.workshop import Workshop

    with Workshop() as workshop, Reader(office.settings.reading, office.settings.intake) as reader:

        def take(request: Request | Waiting, file: Path | None = None) -> StampRow:
            if isinstance(request, Request):
                return ask(office, workshop, reader.write_office_pdf, request, actor())
            assert file is not None  # noqa: S101 - an attachment's
            return attach_early(office, workshop, reader.write_office_pdf, request, file, actor())

        yield take


def _release(office: Office, row: StampRow) -> VanthuError | None:
    """An officer's request is a release; anybody else's waits for one, and so does what cannot be released now."""
    from pipeline.journeys import stamping
    from pipeline.journeys.outgoing import seal_settings
    from pipeline.sealer import SealClient

    if row.state not in {"waiting", "held"}:
        return None
    try:
        if actor() in SealClient(seal_settings(office).socket).status().officers:
            stamping.release(office, row.id, actor())
    except SigningError as error:
        return None if error.retry and row.state == "waiting" else error  # away: it waits as anybody's request does
    except VanthuError as error:
        return error
    return None


def _tell(face: Face, office: Office, row: StampRow, error: VanthuError | None, *, json: bool) -> None:
    from pipeline.database.tables import StampRow as Row
    from pipeline.journeys import stamping

    with office.database.read() as session:
        now = session.get_one(Row, row.id)
    handle = next((one.handle for one in stamping.waiting(office) if one.id == row.id), "")
    what = " · ".join(filter(None, (face.messages(f"stamp-{row.kind}", document=row.parent_id), stamping.code_of(now))))
    if json:
        line = {"id": row.id, "document": row.parent_id, "kind": row.kind, "state": now.state, "row": now.row_name}
        line |= {"code": stamping.code_of(now), "handle": handle}
        face.json({**line, **({"error": _fault(face, error)} if error else {})})
    elif error is not None:
        face.print(Text(visible(f"{what}: {sentence(face.messages, error)}"), style="red"))
    elif now.row_name is None and row.kind == StampKind.ATTACHMENT:
        face.print(Text(visible(face.messages("attachment-early", handle=handle, name=row.name))))
    elif now.state in {"waiting", "held"}:
        face.print(Text(visible(face.messages("copy-waiting", handle=handle, what=what))))
    elif row.state in {"waiting", "held"}:
        code = "copy-released-archive" if row.kind == StampKind.DIGITISED else "copy-released"
        face.print(Text(visible(face.messages(code, row=now.row_name, what=what))))
    else:
        face.print(Text(visible(face.messages("copy-on-its-way", row=now.row_name, what=what))))


def _tell_fault(face: Face, name: object, error: VanthuError, *, json: bool) -> None:
    if json:
        face.json({"document": str(name), "error": _fault(face, error)})
    else:
        face.print(Text(visible(f"{name}: {sentence(face.messages, error)}"), style="red"))


def _fault(face: Face, error: VanthuError) -> dict[str, str]:
    return {"code": error.code, "message": sentence(face.messages, error)}
