"""`vanthu validate`: what the signatures of files are worth, in words; and the same sheet for `vanthu show`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipeline.cli.exits import Exit
from pipeline.cli.face import Face, face_of, sentence, visible
from pipeline.cli.help import LocalCommand
from pipeline.errors import NotFoundError

if TYPE_CHECKING:
    from pipeline.journeys.judging import Validation
    from pipeline.settings import Settings
    from pipeline.signatures.report import JudgedSignature, SignatureReport
    from pipeline.signatures.trust import TrustStore

STYLES = {"valid": "bold green", "invalid": "bold red", "indeterminate": "bold yellow", "unsigned": "dim"}
SIGNS = {"valid": "✓", "invalid": "✗", "indeterminate": "?", "unsigned": "-"}


def add_to(app: typer.Typer) -> None:
    app.command("validate", cls=LocalCommand, help="help-validate", epilog="help-validate-epilog")(validate)


def validate(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="metavar-file", help="help-validate-files")],
    json: Annotated[bool, typer.Option("--json", help="help-inspect-json")] = False,
    at: Annotated[str, typer.Option("--at", metavar="metavar-date", help="help-validate-at")] = "",
    online: Annotated[bool, typer.Option("--online", help="help-validate-online")] = False,
) -> None:
    from pipeline.journeys.judging import validate as judge_all

    face = face_of(context)
    settings, store = _place(face)
    if store is None:
        face.say("validate-no-trust", style="yellow")
    zone = settings.registers.zone
    endings: list[str] = []
    for validation in judge_all(files, store, settings.signatures, _moment(at, zone), online=online):
        endings.append(validation.report.verdict.value if validation.report else "failed")
        if json:
            face.json(to_json(face, validation))
        else:
            _print(face, validation, zone)
    raise typer.Exit(exit_of(endings))


def exit_of(endings: Sequence[str]) -> int:
    """The gravest of what the files came to."""
    if "invalid" in endings:
        return Exit.SIGNATURE_INVALID
    if "failed" in endings:
        return Exit.ALL_FAILED if set(endings) == {"failed"} else Exit.SOME_FAILED
    if "indeterminate" in endings:
        return Exit.SIGNATURE_UNDECIDED
    return Exit.UNSIGNED if "unsigned" in endings else Exit.OK


def to_json(face: Face, validation: Validation) -> dict[str, Any]:
    """One line of `--json`: the report with the sentences of this language, or `error`."""
    if validation.report is None:
        error = validation.error
        code, message = (error.code, sentence(face.messages, error)) if error else ("unexpected", "")
        return {"file": str(validation.path), "error": {"code": code, "message": message}}
    return {"file": str(validation.path), **report_to_json(face, validation.report)}


def report_to_json(face: Face, report: SignatureReport) -> dict[str, Any]:
    data = report.to_json()
    for one, judged in zip(data["signatures"], report.signatures, strict=True):
        one["message"] = _sentence(face, judged)
    return {**data, "message": document_sentence(face, report)}


def document_sentence(face: Face, report: SignatureReport) -> str:
    if report.failure:
        return face.messages(f"validation-{report.failure}", **{"reason": "", **report.detail})
    return face.messages(f"document-{report.verdict.value}")


def print_report(face: Face, report: SignatureReport, zone: ZoneInfo) -> None:
    """The document's verdict, then each signature: who, when, what it covers, what can be proved."""
    verdict = report.verdict.value
    head = Text(f"{SIGNS[verdict]} {face.messages(f'verdict-{verdict}')}", style=STYLES[verdict])
    if report.verdict.indication:
        head.append(f"  {report.verdict.indication}", style="not bold dim")
    face.print(Padding(head, (0, 0, 0, 2)))
    face.print(Padding(Text(visible(document_sentence(face, report))), (0, 0, 0, 2)))
    for note in report.notes:
        face.print(Padding(Text(face.messages(f"signature-note-{note}"), style="dim"), (0, 0, 0, 2)))
    for place, judged in enumerate(report.signatures, 1):
        face.print()
        _print_signature(face, place, judged, zone)


def _place(face: Face) -> tuple[Settings, TrustStore | None]:
    """The workspace's settings and trust store; outside of one nobody is believed."""
    from pipeline.journeys.judging import trust_store
    from pipeline.settings import load_settings, settings_from

    try:
        settings = load_settings(face.place)
    except NotFoundError:
        if face.workspace:
            raise
        return settings_from({}, Path.cwd()), None
    return settings, trust_store(settings.private)


def _moment(text: str, zone: ZoneInfo) -> datetime:
    """The end of a day; now where none was given. Raises UsageError."""
    if not text:
        return datetime.now(UTC)
    from pipeline.journeys.correcting import read_date

    return datetime.combine(read_date(text), time(23, 59, 59), zone)


def _print(face: Face, validation: Validation, zone: ZoneInfo) -> None:
    face.print(Text(visible(str(validation.path)), style="bold cyan"))
    if validation.report is not None:
        print_report(face, validation.report, zone)
    elif validation.error is not None:
        face.print(Padding(Text(visible(sentence(face.messages, validation.error)), style="red"), (0, 0, 0, 2)))
    face.print()


def _print_signature(face: Face, place: int, judged: JudgedSignature, zone: ZoneInfo) -> None:
    facts, verdict = judged.facts, judged.verdict.value
    signer = facts.signer
    name = signer.common_name if signer and facts.kind == "signature" else face.messages("signature-time-stamp")
    head = Text(f"{place}. ", style="bold").append(visible(name if signer else facts.field))
    about = ", ".join(part for part in (signer.title, signer.organization) if part) if signer else ""
    face.print(Padding(head, (0, 0, 0, 2)))
    if about and facts.kind == "signature":
        face.print(Padding(Text(visible(about), style="dim"), (0, 0, 0, 5)))
    words = Text(f"{SIGNS[verdict]} ", style=STYLES[verdict]).append(visible(_sentence(face, judged)))
    face.print(Padding(words, (0, 0, 0, 5)))
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for key, value in _rows(face, judged, zone):
        table.add_row(face.messages(f"signature-{key}-title"), Text(visible(value)))
    face.print(Padding(table, (0, 0, 0, 5)))
    for note in judged.notes:
        fields = ", ".join(facts.changed_fields)
        line = face.messages(f"signature-note-{note}", fields=fields, digest=facts.digest.upper())
        face.print(Padding(Text("• " + visible(line), style="yellow"), (0, 0, 0, 5)))


def _rows(face: Face, judged: JudgedSignature, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    facts, messages = judged.facts, face.messages
    yield "indication", " / ".join(part for part in (judged.verdict.indication, judged.subindication) if part)
    yield "field", facts.field + (f" ({facts.subfilter})" if facts.subfilter else "")
    if facts.failure:
        return
    if facts.signed_at:
        source = messages(f"time-{facts.time_source.value}" if facts.kind == "signature" else "time-own")
        by = f" {facts.time_stamp.authority}" if facts.proven and facts.time_stamp else ""
        yield "time", f"{facts.signed_at.astimezone(zone):%d/%m/%Y %H:%M:%S} ({source}{by})"
    yield "covers", messages(f"covers-{facts.coverage.value}")
    yield "after", messages(f"change-{facts.change.value}")
    if facts.certifies:
        yield "certifies", messages(f"certifies-{facts.certifies}")
    if facts.signer:
        term = f"{facts.signer.not_before:%d/%m/%Y} - {facts.signer.not_after:%d/%m/%Y}"
        yield "certificate", messages("signature-certificate", serial=facts.signer.serial, term=term)
        yield "fingerprint", facts.signer.sha256
    yield "chain", " ← ".join(_names(facts.chain)) or messages("signature-chain-none")
    source = f" ({messages(f'status-{facts.revocation_source}')})" if facts.revocation_source else ""
    yield "status", messages(f"revocation-{facts.revocation.value}") + source
    yield "algorithms", f"{facts.digest.upper()}, {facts.mechanism}, {facts.key_bits} bit"


def _names(chain: Iterable[Any]) -> Iterator[str]:
    return (one.common_name or one.subject for one in chain)


def _sentence(face: Face, judged: JudgedSignature) -> str:
    if judged.facts.failure == "subfilter":
        return face.messages("signature-subfilter", kind=judged.facts.subfilter)
    return face.messages(f"signature-{judged.code}")
