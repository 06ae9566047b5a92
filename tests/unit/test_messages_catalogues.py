"""Both catalogues say the same things, and every fault and finding that the house knows has its words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Message, Term, VariableReference
from fluent.syntax.visitor import Visitor

from pipeline.cli.app import command_tree
from pipeline.messages import CATALOGUES, LANGUAGES, catalogue

PIPELINE = CATALOGUES.parent
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PIPELINE.rglob("*.py"))}
FAULTS = {
    "VanthuError", "UsageError", "ConfigurationError", "NotFoundError", "RefusedError", "ReadingError", "DatabaseError",
    "StorageError", "DependencyError", "BusyError", "IntegrityError", "SigningError",
}  # fmt: skip


class _Variables(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: VariableReference) -> None:  # noqa: N802 - the library's naming
        self.names.add(node.id.name)


def variables(language: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in sorted((CATALOGUES / language).glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            if isinstance(entry, (Message, Term)):
                assert entry.id.name not in found, f"{entry.id.name} stands twice; again in {path.name}"
                visitor = _Variables()
                visitor.visit(entry)
                found[entry.id.name] = visitor.names
    return found


def calls(names: set[str]) -> Iterator[tuple[str, str, ast.Call]]:
    """(place, first argument, call) of every call of one of these names with a literal first argument."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                first = node.args[0]
                if name in names and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield f"{path.relative_to(PIPELINE)}:{node.lineno}", first.value, node


def test_both_languages_have_the_same_messages_with_the_same_blanks() -> None:
    assert variables("vi") == variables("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_catalogue_file_parses_without_junk(language: str) -> None:
    for path in sorted((CATALOGUES / language).glob("*.ftl")):
        body = FluentParser().parse(path.read_text(encoding="utf-8")).body
        assert not [entry for entry in body if type(entry).__name__ == "Junk"], path


def test_vietnamese_messages_are_nfc() -> None:
    import unicodedata

    for path in sorted((CATALOGUES / "vi").glob("*.ftl")):
        text = path.read_text(encoding="utf-8")
        assert text == unicodedata.normalize("NFC", text), path


def test_every_fault_has_its_sentence_and_fills_its_blanks() -> None:
    known = variables("vi")
    wrong = []
    for place, code, call in calls(FAULTS):
        given = {keyword.arg for keyword in call.keywords} | {"problems"}
        if place.startswith("intake/"):
            given.add("path")  # the child that looks at a file does not know its name; `examine` puts it in
        blanks = known.get(f"error-{code}")
        if blanks is None:
            wrong.append(f"{place}: error-{code} is missing")
        elif None not in given and not blanks <= given:  # None: **detail
            wrong.append(f"{place}: error-{code} wants {sorted(blanks - given)}")
    assert not wrong, "\n".join(wrong)


def test_every_finding_has_its_sentence() -> None:
    known = variables("vi")
    wrong = [f"{place}: finding-{code}" for place, code, _ in calls({"Finding"}) if f"finding-{code}" not in known]
    assert not wrong, "\n".join(wrong)


def test_every_finding_fills_its_blanks() -> None:
    known = variables("vi")
    wrong = []
    for place, code, call in calls({"Finding"}):
        detail = next(
            (k.value for k in call.keywords if k.arg == "detail"), call.args[3] if len(call.args) > 3 else None
        )
        given = {getattr(key, "value", None) for key in detail.keys} if isinstance(detail, ast.Dict) else {None}
        if detail is None:
            given = set()
        if None not in given and not known.get(f"finding-{code}", set()) <= given | {"page"}:
            wrong.append(f"{place}: finding-{code} wants {sorted(known[f'finding-{code}'] - given)}")
    assert not wrong, "\n".join(wrong)


def test_every_sentence_that_the_code_asks_for_exists() -> None:
    known = variables("vi")
    wrong = [f"{place}: {message_id}" for place, message_id, _ in calls({"say", "messages"}) if message_id not in known]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_id_is_left_in_the_help(language: str) -> None:
    def words(command: object) -> Iterator[str]:
        for holder in (command, *command.params):  # type: ignore[attr-defined]
            yield from (str(getattr(holder, name, None) or "") for name in ("help", "metavar", "epilog"))
        for child in getattr(command, "commands", {}).values():
            yield from words(child)

    left = [
        text for text in words(command_tree(catalogue(language))) if re.match(r"(help|option|metavar|field)-", text)
    ]
    assert not left


def test_catalogues_lie_beside_the_package() -> None:
    assert {path.name for path in CATALOGUES.iterdir()} == set(LANGUAGES)
    for vi in (CATALOGUES / "vi").glob("*.ftl"):
        assert (CATALOGUES / "en" / vi.name).is_file(), f"{Path(vi).name} has no English twin"
