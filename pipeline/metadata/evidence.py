"""What else speaks for a number or a day that was read with doubt. It chooses among guesses; it gives no value.

Only the document's own appendices ("Kèm theo Quyết định số 15/QĐ-BQL ngày 05 tháng 01 năm 2021") may propose one.
Each weight says how much more likely such a sign is beside the right value than beside a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta, timezone

from pipeline.document import Clues, Guess, Look, Page, Reading, SecondLook
from pipeline.metadata.layout import rows_of
from pipeline.metadata.legibility import DIGIT, is_coarse
from pipeline.vietnamese import fold, nfc

_NAME_NUMBER = re.compile(r"(?<![0-9a-z])(?:so)?0*(\d{1,5})[a-z]?(?![0-9a-z])")
_NAME_DATE = re.compile(
    r"(?<!\d)(?:(\d{1,2})[._ -](\d{1,2})[._ -](20\d\d)|(\d{2})(\d{2})(20\d\d)|(20\d\d)-?(\d\d)-?(\d\d))(?!\d)"
)
_ATTACHED = re.compile(
    r"kem theo[^/]{0,40}?so\s*:?\s*(?P<number>\d{1,5}[a-z]?)\s*[/-](?P<code>[^,;()]{2,40}?)\s*(?:,\s*)?"
    r"ngay\s*(?P<day>\d{1,2})\s*(?:thang\s*|[/.-])(?P<month>\d{1,2})\s*(?:nam\s*|[/.-])(?P<year>\d{4})"
)
_LEAST_READ = 0.8  # confidence of every word of a citation that is believed
NAME_WITH_TYPE, NAME, NAME_DATE, ATTACHED, SIGNING_DAY = 60.0, 12.0, 30.0, 60.0, 8.0
YEAR_IN_NOTATION = 20.0
LATER_THAN_RECEIPT, LATER_THAN_SIGNATURE, EARLIER_THAN_CITED = 0.01, 0.05, 0.05
_CITED = re.compile(
    r"\bso\s*:?\s*\d{1,5}[a-z]?\s?[/-][a-z0-9/&.-]{2,30},?\s*ngay\s*(?P<day>\d{1,2})\s*(?:thang\s*|[/.-])"
    r"(?P<month>\d{1,2})\s*(?:nam\s*|[/.-])(?P<year>\d{4})\b"
)
_SURELY_READ = 0.9  # confidence of a citation's date that may contradict the document's own
_CITING_PAGES = 2  # grounds are given at the beginning
_HERE = timezone(timedelta(hours=7))  # days begin by Viet Nam's clocks


@dataclass(frozen=True)
class Attached:
    """What an appendix says of the document it belongs to."""

    number: str
    code: str  # what follows the number, folded, without blanks
    day: date | None


@dataclass(frozen=True)
class Evidence:
    """Second looks at the header's blanks, what the appendices say, and what is known besides the pages."""

    looks: Mapping[Look, SecondLook] = field(default_factory=dict)
    attached: tuple[Attached, ...] = ()
    cited: tuple[date, ...] = ()  # days of documents that this one cites by number and day: none is younger
    clues: Clues = field(default_factory=Clues)

    @classmethod
    def of(cls, reading: Reading, first: Page, pages: Sequence[Page], clues: Clues) -> Evidence:
        """Of a document that begins on page `first` and goes on over `pages`."""
        looks = {
            look.zone.look: _believed_less(look) if is_coarse(first) else look
            for look in reading.second_looks
            if look.zone.page == first.number and look.zone.about in {"code_number", "issued_date"}
        }
        attached = tuple(_attached(page for page in pages if page.number != first.number))
        own = [page for page in pages if page.number >= first.number][:_CITING_PAGES]
        return cls(looks, attached, tuple(_cited(own)), clues)

    def for_number(self, notation: str) -> Callable[[str], float]:
        """How much more likely a number is than another, with this notation."""
        name = fold(nfc(self.clues.file_name)).rsplit(".", 1)[0]
        named = set(_NAME_NUMBER.findall(name))
        kind = re.split(r"[-/]", fold(notation))[0]
        strength = NAME_WITH_TYPE if kind and re.search(rf"(?<![a-z]){re.escape(kind)}(?![a-z])", name) else NAME
        said = {item.number for item in self.attached if same_code(item.code, notation)}

        def weight(number: str) -> float:
            bare = number.lstrip("0")
            odds = strength if re.sub(r"\D", "", bare) in named else 1.0
            return odds * (ATTACHED if bare in said else 1.0)

        return weight

    def for_day(self, notation: str, year: str = "") -> Callable[[date], float]:
        """How much more likely a day of issue is than another, with this notation and the year that stands in it."""
        name = fold(nfc(self.clues.file_name))
        named = {day for match in _NAME_DATE.finditer(name) for day in _dates_of(match)}
        said = {item.day for item in self.attached if same_code(item.code, notation)}
        received = self.clues.received_at.astimezone(_HERE).date() if self.clues.received_at else None
        signed = [moment.astimezone(_HERE).date() for moment in self.clues.signed_at]
        youngest = max(self.cited, default=None)

        def weight(day: date) -> float:
            odds = NAME_DATE if day in named else 1.0
            odds *= ATTACHED if day in said else 1.0
            odds *= YEAR_IN_NOTATION if year == str(day.year) else 1.0
            odds *= EARLIER_THAN_CITED if youngest and day < youngest else 1.0
            odds *= LATER_THAN_RECEIPT if received and day > received else 1.0
            odds *= SIGNING_DAY if day in signed else 1.0
            return odds * (LATER_THAN_SIGNATURE if signed and day > max(signed) else 1.0)

        return weight

    def attached_to(self, notation: str) -> Attached | None:
        """What the appendices say of a document of this notation, where all that say something agree."""
        said = {(item.number, item.day): item for item in self.attached if same_code(item.code, notation)}
        return next(iter(said.values())) if len(said) == 1 else None


def chosen(guesses: Iterable[Guess], weight: Callable[[str], float]) -> Guess | None:
    """The likeliest guess after weighing, with its new chance; what is left to unknown values counts once."""
    listed = list(guesses)
    if not listed:
        return None
    weighed = {guess.text: guess.confidence * weight(guess.text) for guess in listed}
    unknown = max(1.0 - sum(guess.confidence for guess in listed), 0.0)
    best = max(weighed, key=lambda text: weighed[text])
    return Guess(best, weighed[best] / (sum(weighed.values()) + unknown))


def same_code(printed: str, notation: str) -> bool:
    """Is this the same notation but for marks and blanks (and a year before it)?"""
    bare = re.sub(r"[^a-z]", "", fold(notation))
    return bool(bare) and re.sub(r"[^a-z]", "", printed) == bare


def _believed_less(look: SecondLook) -> SecondLook:
    """A hand's digits on a coarse page are strokes of one or two dots."""
    guesses = (replace(guess, confidence=DIGIT * guess.confidence) for guess in look.guesses)
    return replace(look, guesses=tuple(guesses))


def _attached(pages: Iterable[Page]) -> Iterable[Attached]:
    for page in pages:
        if "kem theo" not in " ".join(fold(page.text).split()):
            continue
        rows = rows_of(page)[:25]  # an appendix says to what it belongs under its title
        words = [word for row in rows for word in row.words]
        text = " ".join(fold(nfc(word.text)) for word in words)
        for match in _ATTACHED.finditer(text):
            first = text.count(" ", 0, match.start("number"))
            last = text.count(" ", 0, match.end("year"))
            if all(word.confidence >= _LEAST_READ for word in words[first : last + 1]):
                day = _date(match["year"], match["month"], match["day"])
                yield Attached(match["number"].lstrip("0"), re.sub(r"[^a-z]", "", match["code"]), day)


def _cited(pages: Iterable[Page]) -> Iterable[date]:
    for page in pages:
        words = list(page.words)
        text = fold(nfc(" ".join(word.text for word in words)))
        for match in _CITED.finditer(text):
            day = _date(match["year"], match["month"], match["day"])
            read = words[text.count(" ", 0, match.start("day")) : text.count(" ", 0, match.end()) + 1]
            if day and all(word.confidence >= _SURELY_READ for word in read):
                yield day


def _dates_of(match: re.Match[str]) -> Iterable[date]:
    a = match.groups()
    parts = (a[2], a[1], a[0]) if a[0] else (a[5], a[4], a[3]) if a[3] else (a[6], a[7], a[8])
    day = _date(*parts)
    if day:
        yield day


def _date(year: str | None, month: str | None, day: str | None) -> date | None:
    try:
        return date(int(year or 0), int(month or 0), int(day or 0))
    except ValueError:
        return None
