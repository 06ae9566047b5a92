"""Place and date of issue: "Hà Nội, ngày 05 tháng 01 năm 2020" under the motto (Decree 30/2020, Appendix I, II.4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product, zip_longest

from pipeline.document import Field, Guess, Look, Page, TextSource, Word
from pipeline.metadata.evidence import Evidence
from pipeline.metadata.layout import Header, Row
from pipeline.metadata.lexicons import lexicons, respell
from pipeline.metadata.review import found, reading_confidence
from pipeline.metadata.spelling import Body
from pipeline.vietnamese import canonical, fold, nfc

_DATE_LINE = re.compile(
    r"(?P<place>.*?)[\s,.;:]*\bng[a-z]y\b[\s.,:…_]*(?P<day>.*?)[\s.,:…_]*\bt?h?h[a-z]{1,2}n?g\b[\s.,:…_]*(?P<month>.*?)[\s.,:…_]*"
    r"\bn[a-z]m\b[\s.,:…_]*(?P<year>.*)$"
)
_IN_FIGURES = re.compile(
    r"(?P<place>[^\d]*?[a-z][^\d]*?)(?:[\s,.;:]*\bng[a-z]y\b[\s.,:…_]*|\s*,\s*)"
    r"(?P<day>\d{1,2})\s?[/.-]\s?(?P<month>\d{1,2})\s?[/.-]\s?(?P<year>(?:19|20)\d\d)\b\W*$"
)
_BROKEN = re.compile(r"\bng[a-z]y\b[^a-z]*(?:t?hang\b[^a-z]*)?$")
_GOES_ON = re.compile(r"\W*(?:thang\b.*\bnam|nam)\W*(?:19|20)\d\d\W*$")
_LOOSE_LINE = re.compile(
    r"(?P<place>.*?)[\s]*[,.;:]\s*(?:nga|.{0,12}\bt?hang\b|.{1,24}\bn[a-z]m\W{0,3}(?:19|20)\d\d\b)"
)
_MONTH_PRINTED = re.compile(r"t?h[a-z]{1,2}n?g\W{0,3}(?P<month>\d{1,2})\b")
_YEAR_PRINTED = re.compile(r"(?:m\W{0,3}|\s)(?P<year>(?:19|20)\d\d)(?!\d)")
_SIGNED_AT = re.compile(r"\b(?P<day>\d{2})[./-](?P<month>\d{2})[./-](?P<year>\d{4})\s+\d{2}:\d{2}:\d{2}\b")
_FIRST_YEAR = 1945
_PARTS = {Look.DAY: (_DATE_LINE, "day"), Look.MONTH: (_MONTH_PRINTED, "month"), Look.YEAR: (_YEAR_PRINTED, "year")}
_ABOVE_BLOCK, _AT_END = 60.0, 0.9  # points from the line to the block; confidence
_TITLE = 0.9  # share of capitals: "…, LIÊN NGÀNH NĂM 2021" is a subject
_AGREED = 12.0  # how much likelier a guess is when the first reading saw the same
_AGREED_YEAR = 12.0  # … of the year, which is nearly always print
_HIGHEST = 0.97
_YEAR_READ = 0.9  # confidence of a year that is believed
_PRINTED = 0.8  # the first reading saw print


@dataclass(frozen=True)
class Issued:
    """What the place-date line gave, and the line itself for the other rules."""

    row: Row | None
    place: Field | None = None
    date: Field | None = None


def find_issued(header: Header, body: Body) -> Issued:
    """The first place-date line of the right column (else of any row) in the upper half of the page."""
    for rows in (header.right, header.rows):
        for row in _unbroken(rows):
            if not header.top - 2 < row.base < header.top + 0.22 * header.page.height:
                continue
            match = _DATE_LINE.search(row.folded) or _IN_FIGURES.match(row.folded)
            if match and len(match["place"]) < 32 and len(match["day"]) < 12 and len(match["month"]) < 12:
                return Issued(row, _place(row, match, header, body), _date(row, match, header))
    for row in header.right:
        match = _LOOSE_LINE.match(row.folded)
        high = header.top < row.base < header.top + 0.2 * header.page.height
        if match and high and 3 < len(match["place"]) < 30 and row.capitals < _TITLE:
            return Issued(row, _place(row, match, header, body))
    return Issued(None)


def _unbroken(rows: Sequence[Row]) -> Iterator[Row]:
    """Rows, a date line that goes on in the next one made whole."""
    for row, below in zip_longest(rows, rows[1:]):
        broken = below is not None and _BROKEN.search(row.folded) and _GOES_ON.match(below.folded)
        yield Row(row.page, (*row.words, *below.words), row.bold) if broken and below is not None else row


def issued_at_end(page: Page, rows: Sequence[Row], block: float) -> Issued:
    """The place-date line right above the signature block, where minutes, applications and programmes have it."""
    for row in rows:
        match = _DATE_LINE.search(row.folded)
        if match and 0 < block - row.base < _ABOVE_BLOCK and len(match["place"]) < 32 and row.middle > 0.5 * page.width:
            there = Header(page, (), (row,), (row,), row.base, national=False, party=False, gutter=row.box.left)
            dated = _date(row, match, there)
            return Issued(row, None, replace(dated, confidence=_AT_END * dated.confidence) if dated else None)
    return Issued(None)


def in_figures(row: Row) -> bool:
    """Is the date written "05/01/2020"? Such a line has no blanks."""
    return _DATE_LINE.search(row.folded) is None and _IN_FIGURES.match(row.folded) is not None


def with_second_look(issued: Issued, header: Header, evidence: Evidence, notation: str, year: str = "") -> Issued:
    """The date with its parts as a second look saw them, weighed with the first reading and what else is known.

    `year` is the one that stands in the notation. A day that stands nowhere stays open, even where month and year are
    known.
    """
    row, others = issued.row, evidence.for_day(notation, year)
    if row is None:
        return issued
    digital = header.page.source is TextSource.TEXT_LAYER
    if digital or not {Look.DAY, Look.MONTH, Look.YEAR} & set(evidence.looks):
        return replace(issued, date=_weighed(issued.date, others))
    best = _likeliest([_candidates(row, part, evidence) for part in _PARTS], others)
    if best is None:
        return replace(issued, date=None)
    return replace(issued, date=found(best[0].isoformat(), min(best[1], _HIGHEST), [row], "second-look"))


def _likeliest(parts: Sequence[Sequence[Guess]], others: Callable[[date], float]) -> tuple[date, float] | None:
    """The day that calendar, readings (of day, month and year) and everything else make the likeliest; its chance."""
    weighed: dict[date, float] = {}
    known = 0.0
    for day, month, year in product(*parts):
        chance = day.confidence * month.confidence * year.confidence
        known += chance
        valid = _valid(day.text, month.text, year.text)
        if valid is not None:
            weighed[valid] = weighed.get(valid, 0.0) + chance * others(valid)
    if not weighed:
        return None
    best = max(weighed, key=lambda candidate: weighed[candidate])
    return best, weighed[best] / (sum(weighed.values()) + max(1.0 - known, 0.0))


def _candidates(row: Row, part: Look, evidence: Evidence) -> list[Guess]:
    """What a part of the date may be: the second look's guesses with the first reading's word, or that word alone."""
    printed, sure = _printed(row, *_PARTS[part])
    looked = evidence.looks.get(part)
    if looked is None or (part is Look.YEAR and not looked.guesses):
        return [Guess(printed, sure)] if printed else []
    agreed = (_AGREED_YEAR if part is Look.YEAR else _AGREED) * sure**3
    weighed = [
        Guess(guess.text, guess.confidence * (1 + agreed if guess.text == printed else 1.0)) for guess in looked.guesses
    ]
    if weighed and sure >= _PRINTED and printed not in {guess.text for guess in looked.guesses}:
        weighed.append(Guess(printed, 0.5 * sure))  # print and ink contradict each other
    total = sum(guess.confidence for guess in weighed) + max(1 - sum(guess.confidence for guess in looked.guesses), 0.0)
    agreeing = looked.guesses[0].text == printed if looked.guesses else False
    return [
        Guess(guess.text, max(guess.confidence / total, sure if agreeing and guess.text == printed else 0.0))
        for guess in weighed
    ]


def _printed(row: Row, pattern: re.Pattern[str], name: str) -> tuple[str, float]:
    """The digits that the first reading saw, without leading zeros, and how sure it is of them; "" for none."""
    match = pattern.search(row.folded)
    digits = re.sub(r"\s", "", match[name]) if match else ""
    if match is None or not digits.isdigit():
        return "", 0.0
    words = row.words_at(match.start(name), match.end(name))
    sure = reading_confidence(words) * (1.0 if looks_printed(words, row) or name == "year" else 0.6)
    if name == "year" and min(word.confidence for word in words) < _YEAR_READ:
        sure *= 0.8  # four digits give more chances to err, and nothing else tells the year
    return digits.lstrip("0"), sure


def _weighed(issued: Field | None, others: Callable[[date], float]) -> Field | None:
    """A printed date, more or less sure by what else is known; the surest can only be doubted."""
    if issued is None:
        return None
    weight = others(date.fromisoformat(str(issued.value)))
    if issued.confidence >= _HIGHEST and weight >= 1.0:
        return issued
    odds = issued.confidence / max(1 - issued.confidence, 0.01) * weight
    return replace(issued, confidence=round(min(odds / (1 + odds), _HIGHEST), 3))


def _place(row: Row, match: re.Match[str], header: Header, body: Body) -> Field | None:
    words = row.words_at(match.start("place"), match.end("place"))
    printed = row.closed_up(row.text[match.start("place") : match.end("place")].strip(" ,.;:-*"))
    if len(printed) < 2 or not words:
        return None
    digital = header.page.source is TextSource.TEXT_LAYER
    confirmed = {fold(name): name for name in body.confirmed.places[::-1]}
    place = printed if digital else confirmed.get(fold(printed)) or respell(printed, lexicons().places)
    spellings = body.spellings(printed)
    if spellings[canonical(printed)] > max(2, 2 * spellings[canonical(place)]) and place != printed:
        place = printed  # the document insists: it is another place with the same letters
    known = fold(place) in confirmed or any(fold(place).endswith(name) for name in lexicons().places)
    if digital:
        confidence = 0.98
    elif known:
        confidence = 0.97
    else:
        confidence = 0.9 * reading_confidence(words)
    if not digital and not known and body.disputed(place.split()):
        confidence *= 0.7  # the document spells it otherwise elsewhere
    if not place[0].isupper() or any(c.isdigit() for c in place):
        confidence *= 0.6
    return found(place, confidence, [Row(row.page, words)], "place-date-line")


def _date(row: Row, match: re.Match[str], header: Header) -> Field | None:
    parts = [re.sub(r"\s", "", match[name]) for name in ("day", "month", "year")]
    day = _valid(*parts)
    signed = signing_days(header.page)
    if day is None:
        proposed = [s for s in signed if (f"{s.month}", f"{s.year}") == (parts[1].lstrip("0"), parts[2][:4])]
        return found(min(proposed).isoformat(), 0.4, [row], "time-of-signature") if proposed else None
    spans = [(match.start(name), match.end(name)) for name in ("day", "month", "year")]
    words = [row.words_at(*span) for span in spans]
    confidence = 0.98 if header.page.source is TextSource.TEXT_LAYER else _read_date(row, words)
    if any(s < day for s in signed):
        confidence *= 0.6  # nothing is signed before its date
    return found(day.isoformat(), confidence, [row], "place-date-line")


def _valid(day: str, month: str, year: str) -> date | None:
    if not (re.fullmatch(r"\d{1,2}", day) and re.fullmatch(r"\d{1,2}", month) and re.match(r"\d{4}", year)):
        return None
    try:
        valid = date(int(year[:4]), int(month), int(day))
    except ValueError:
        return None
    return valid if valid.year >= _FIRST_YEAR else None


def signing_days(page: Page) -> list[date]:
    """The days of visible digital signatures: a date followed by a time of day to the second."""
    text = " ".join(word.text for word in page.words)
    return [day for m in _SIGNED_AT.finditer(text) for day in (_valid(m["day"], m["month"], m["year"]),) if day]


def _read_date(row: Row, parts: list[tuple[Word, ...]]) -> float:
    """Two thirds of scanned dates have a day written by hand: what does not look printed is not believed."""
    confidence = 0.97
    for words in parts:
        confidence *= reading_confidence(words)
        if not looks_printed(words, row):
            confidence *= 0.6
    return confidence


def looks_printed(words: tuple[Word, ...], row: Row) -> bool:
    """Digits as high as their neighbours', on their base line, with a blank's distance: not ink in a blank."""
    if not words:
        return False
    digits = [w for w in row.words if nfc(w.text).strip(".,").isdigit() and w not in words] or [
        w for w in row.words if w not in words and any(c.isalpha() for c in w.text)
    ]
    if not digits:
        return True
    typical = sorted(w.box.height for w in digits)[len(digits) // 2]
    first, last = row.words.index(words[0]), row.words.index(words[-1])
    for word in words:
        if not 0.75 * typical <= word.box.height <= 1.3 * typical or word.confidence < 0.88:
            return False
    before = row.words[first - 1] if first else None
    after = row.words[last + 1] if last + 1 < len(row.words) else None
    gaps = [words[0].box.left - before.box.right] if before else []
    gaps += [after.box.left - words[-1].box.right] if after else []
    return all(gap < 1.3 * row.height for gap in gaps)
