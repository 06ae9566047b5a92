"""`vanthu search`: words, numbers and fields in; ranked hits with the passage out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from pipeline.cli.exits import Exit
from pipeline.cli.face import Face, face_of, visible
from pipeline.cli.help import LocalCommand
from pipeline.cli.sheet import day, findings, write_csv
from pipeline.errors import UsageError
from pipeline.vietnamese import nfc

if TYPE_CHECKING:
    from pipeline.archive import Hit, Results

CSV_KEYS = ("document-id", "arrival-number", "code", "type-name", "issued-date", "organ-name", "subject",
            "signatory-name", "page", "snippet")  # fmt: skip


def add_to(app: typer.Typer) -> None:
    app.command("search", cls=LocalCommand, help="help-search", epilog="help-search-epilog")(search)


def search(  # noqa: PLR0913, PLR0917 - an argument for each option
    context: typer.Context,
    query: Annotated[list[str], typer.Argument(metavar="metavar-query", help="help-search-query")],
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, max=1000, metavar="metavar-number", help="help-search-limit")
    ] = 20,
    page: Annotated[int, typer.Option("--page", min=1, metavar="metavar-number", help="help-search-page")] = 1,
    after: Annotated[str, typer.Option("--after", metavar="metavar-mark", help="help-search-after")] = "",
    newest: Annotated[bool, typer.Option("--newest", help="help-search-newest")] = False,
    oldest: Annotated[bool, typer.Option("--oldest", help="help-search-oldest")] = False,
    json: Annotated[bool, typer.Option("--json", help="option-json")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="option-csv")] = False,
    excel: Annotated[bool, typer.Option("--excel", help="option-excel")] = False,
) -> None:
    face = face_of(context)
    if newest and oldest:
        raise UsageError("options-exclude-each-other", first="--newest", second="--oldest")
    words = nfc(" ".join(query))
    order = "newest" if newest else "oldest" if oldest else None
    results = _find(face, words, limit=limit, order=order, after=after or None, page=page)
    if json:
        face.json(_to_json(words, results))
    elif csv or excel:
        header = [face.messages(f"column-{key}") for key in CSV_KEYS]
        write_csv(header, [_row(hit) for hit in results.hits], excel=excel)
    else:
        _print(face, words, results, first=(page - 1) * limit + 1, page=page)
    if not results.hits:
        raise typer.Exit(Exit.NOTHING)


def _find(face: Face, words: str, *, limit: int, order: str | None, after: str | None, page: int) -> Results:
    """The asked page; pages before it are passed over by their marks."""
    from pipeline.archive import search as look_for

    with face.office() as office, office.database.read() as session:
        results = look_for(session, words, limit=limit, after=after, order=order)
        for _ in range(page - 1):
            if results.next is None:
                return replace(results, hits=())
            results = look_for(session, words, limit=limit, after=results.next, order=order)
        return results


def _to_json(words: str, results: Results) -> dict[str, Any]:
    return {
        "query": words, "total": results.total, "next": results.next,
        "notes": [note.to_json() for note in results.notes],
        "hits": [hit_to_json(hit) for hit in results.hits],
    }  # fmt: skip


def hit_to_json(hit: Hit) -> dict[str, Any]:
    return {
        "document_id": hit.document_id, "arrival_number": hit.arrival_number, "state": hit.state, "code": hit.code,
        "type_name": hit.type_name, "issued_date": hit.issued_date.isoformat() if hit.issued_date else None,
        "organ_name": hit.organ_name, "subject": hit.subject, "signatory_name": hit.signatory_name,
        "page": hit.page,
        "snippet": [{"text": text, "highlighted": highlighted} for text, highlighted in hit.snippet],
    }  # fmt: skip


def _row(hit: Hit) -> list[object]:
    return [
        hit.document_id, hit.arrival_number, hit.code, hit.type_name, hit.issued_date, hit.organ_name, hit.subject,
        hit.signatory_name, hit.page, "".join(text for text, _ in hit.snippet),
    ]  # fmt: skip


def _print(face: Face, words: str, results: Results, *, first: int, page: int) -> None:
    from pipeline.archive import COUNTED

    for line in findings(face, results.notes):
        face.err.print(line)
    for place, hit in enumerate(results.hits, first):
        _print_hit(face, place, hit)
    if not results.hits:
        face.say("search-nothing", query=words)
        return
    many = "search-total-many" if results.total >= COUNTED else "search-total"
    face.say(many, total=results.total, first=str(first), last=str(first + len(results.hits) - 1))
    if results.next is not None:
        face.say("search-more", page=str(page + 1), style="dim")


def _print_hit(face: Face, place: int, hit: Hit) -> None:
    """Four lines at most: which one, from whom, about what, where the words stand."""
    about = "  ".join(part for part in (hit.code, hit.type_name, day(hit.issued_date)) if part)
    head = Text(f"{place:>3}. ")
    head.append(hit.document_id, style="cyan").append("  ").append(visible(about), style="bold")
    face.print(head)
    from_whom = " · ".join(part for part in (hit.organ_name, hit.signatory_name) if part)
    for words, style in ((from_whom, "dim"), (hit.subject, "")):
        if words:
            _indented(face, Text(visible(words), style=style))
    if hit.snippet:
        passage = Text(face.messages("search-page", page=str(hit.page)) + " " if hit.page else "", style="dim")
        for words, highlighted in hit.snippet:
            passage.append(
                visible(" ".join(words.split("\n"))), style="bold yellow not dim" if highlighted else "not dim"
            )
        _indented(face, passage)
    face.print()


def _indented(face: Face, text: Text) -> None:
    from rich.padding import Padding

    face.print(Padding(text, (0, 0, 0, 5)))
