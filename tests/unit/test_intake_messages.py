"""Every reason and every finding of the intake has its sentence, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import pipeline.intake
from pipeline.intake import examination, kinds
from pipeline.messages import LANGUAGES, catalogue

SOURCES = "".join(path.read_text(encoding="utf-8") for path in Path(pipeline.intake.__file__).parent.glob("*.py"))
REASONS = (
    set(re.findall(r'Error\(\s*"([a-z-]+)"', SOURCES))
    | set(re.findall(r'refus(?:al=|ed": )"([a-z-]+)"', SOURCES))
    | {code for _, code in kinds._REFUSED}
    | {code for _, code in examination._SPECIAL}
    | {kinds.sniff(head).refusal for head in (b"a", b"\1\2", b"<html>", b"<?xml?><edXML>", b"RIFF\0\0\0\0WEBP")}
)
FINDINGS = set(re.findall(r'Finding\(\s*"([a-z-]+)"', SOURCES))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_a_sentence(language: str) -> None:
    assert {"encrypted", "truncated", "executable", "symlink", "plain-text", "examine-limits"} <= REASONS
    assert [code for code in sorted(REASONS) if f"error-{code}" not in catalogue(language)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_has_a_sentence(language: str) -> None:
    assert {"junk-before-pdf", "name-says-other-kind"} <= FINDINGS
    assert [code for code in sorted(FINDINGS) if f"finding-{code}" not in catalogue(language)] == []


def test_both_languages_say_the_same_things_with_the_same_blanks() -> None:
    vietnamese, english = (
        {
            line.split(" =")[0]: set(re.findall(r"{ \$(\w+) }", line))
            for line in catalogue_text(language).splitlines()
            if " = " in line
        }
        for language in LANGUAGES
    )
    assert vietnamese == english


def catalogue_text(language: str) -> str:
    folder = Path(pipeline.intake.__file__).parent.parent / "catalogues"
    return (folder / language / "intake.ftl").read_text(encoding="utf-8")
