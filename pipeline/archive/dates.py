"""Days, months, years and spans as people type them into the search box."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTH = re.compile(r"(\d{1,2})[/.-](\d{4})")
_YEAR = re.compile(r"(\d{4})")


@dataclass(frozen=True, slots=True)
class Span:
    """From a day to a day, both included; None leaves a side open."""

    first: date | None
    last: date | None


def read_span(text: str, *, start: bool = False, end: bool = False) -> Span | None:
    """ "15/03/2021", "03/2021", "2021", "2019..2021", "2019-2021", "..2021" as days; None when it is none of these.

    `start`: from the beginning of what was typed on; `end`: until its end.
    """
    text = text.strip().replace("–", "-").replace("…", "..")
    first, dots, last = text.partition("..")
    if not dots and (years := re.fullmatch(r"(\d{4})\s*-\s*(\d{4})", text)):
        first, dots, last = years[1], "..", years[2]
    if dots:
        low, high = _one(first), _one(last)
        if (first.strip() and low is None) or (last.strip() and high is None) or not (low or high):
            return None
        return Span(low[0] if low else None, high[1] if high else None)
    one = _one(text)
    if one is None:
        return None
    return Span(None if end else one[0], None if start else one[1])


def _one(text: str) -> tuple[date, date] | None:
    """The first and last day of a day, month or year."""
    text = text.strip()
    try:
        if match := _ISO.fullmatch(text):
            day = date(int(match[1]), int(match[2]), int(match[3]))
            return day, day
        if match := _DAY.fullmatch(text):
            day = date(int(match[3]), int(match[2]), int(match[1]))
            return day, day
        if match := _MONTH.fullmatch(text):
            year, month = int(match[2]), int(match[1])
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        if match := _YEAR.fullmatch(text):
            return date(int(match[1]), 1, 1), date(int(match[1]), 12, 31)
    except ValueError:  # 31/02, month 13, year 0
        return None
    return None
