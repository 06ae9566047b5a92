"""Does the page say the same as the signatures? Who signed it, and when."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz

from pipeline.document import Finding, Metadata, Severity
from pipeline.settings import data_folder
from pipeline.signatures.report import SignatureReport, Verdict
from pipeline.vietnamese import fold, nfc

SAME_NAME = 85  # of 100: a letter that was read wrongly is not another person
DAYS_APART = timedelta(days=7)
"""A document is dated when it gets its number; leaders sign days before, records officers seal days after."""
WORDS_OF_A_NAME = range(2, 7)


def compare(metadata: Metadata, report: SignatureReport, zone: ZoneInfo) -> tuple[Finding, ...]:
    """`signatory-differs-from-certificate` and `date-differs-from-signing-time`, where both sides are known.

    A document that only its agency signed names nobody in its certificates, and is not asked about the name.
    """
    if report.verdict is Verdict.UNSIGNED:
        return ()
    names = [one.facts.signer.common_name for one in report.signatures if one.facts.signer]
    return (
        *_of_the_name(metadata.text("signatory_name"), [name for name in names if is_a_person(name)]),
        *_of_the_date(metadata.issued_date, report.signing_times, zone),
    )


def is_a_person(common_name: str) -> bool:
    """By a family name at its beginning ("Bàn", not "Ban"); agencies' certificates bear the agency's name."""
    words = nfc(common_name).split()
    if len(words) not in WORDS_OF_A_NAME or common_name.isupper():
        return False
    first = words[0].lower()
    return first in _family_names() or (common_name.isascii() and first in map(fold, _family_names()))


def _of_the_name(printed: str, people: Sequence[str]) -> list[Finding]:
    if not printed or not people:
        return []
    wanted = fold(printed)
    if any(fuzz.partial_ratio(wanted, fold(name)) >= SAME_NAME for name in people):
        return []
    detail = {"printed": printed, "certificate": "; ".join(dict.fromkeys(people))}
    return [Finding("signatory-differs-from-certificate", Severity.WARNING, detail=detail)]


def _of_the_date(issued: date | None, times: Sequence[datetime], zone: ZoneInfo) -> list[Finding]:
    days = [at.astimezone(zone).date() for at in times]
    if issued is None or not days or min(days) - DAYS_APART <= issued <= max(days) + DAYS_APART:
        return []
    nearest = min(days, key=lambda day: abs(day - issued))
    detail = {"printed": f"{issued:%d/%m/%Y}", "signed": f"{nearest:%d/%m/%Y}"}
    return [Finding("date-differs-from-signing-time", Severity.WARNING, detail=detail)]


@lru_cache
def _family_names() -> frozenset[str]:
    data = json.loads((data_folder() / "lexicons" / "family_names.json").read_text(encoding="utf-8"))
    return frozenset(nfc(name).split()[0].lower() for name in data["names"])
