"""Where the blanks of the number line and the date line lie, into which a hand writes: from the print around them.

The reader often swallows or misreads the print beside ink ("Số:4ÁS/QĐ-…", "ngày4†tháng"), so a printed word's place is
reckoned from how wide it is in Times, the Decree's typeface, and from the end of the word that is free of ink.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.document import Box, Word
from pipeline.metadata.code import type_before_stroke
from pipeline.metadata.layout import Row
from pipeline.vietnamese import fold, nfc

_WIDE = dict.fromkeys("MW", 0.9) | dict.fromkeys("BCRĐDGHKNOQUVXY", 0.71) | dict.fromkeys("AELTZEPSF", 0.6)
_NARROW = dict.fromkeys("/ijlt.,:;|I", 0.28) | dict.fromkeys("-frsJ()", 0.36) | dict.fromkeys("mw", 0.75)
_WIDTHS = {**_WIDE, **_NARROW}
_USUAL = 0.5  # digits and most small letters
_SO, _NGAY, _THANG, _NAM, _YEAR = 1.33, 1.92, 2.28, 1.72, 2.0  # ems: "Số:", "ngày", "tháng", "năm", four digits
_EMS = (7.0, 26.0)  # points
_NUMBER_LABEL = re.compile(r"[^\w]*(?:luat\s*)?[s5$8](?:[oe06a][^\w/]*|\w[:;.,])")
_DAY = re.compile(r"ng[a-z]y")
_MONTH = re.compile(r"th[a-z]n[gq]")
_MONTH_TORN = re.compile(r"[a-z]?h[a-z]n[gq]|t[a-z]{1,2}n[gq]")
_IN_YEAR = re.compile(r"n[a-z]m")
_YEAR_DIGITS = re.compile(r"\W*(?:19|20)\d\d\W*")
_BEFORE_YEAR = 0.27  # ems of a blank between "năm" and the year
_NOTATION = re.compile(r"[-/]?[A-ZĐ][A-Za-zĐđ]{0,6}\s?[-–/]\s?[A-ZĐ]")
_CAPITALS = 0.33  # of an em: from the base line to the middle of the capitals


@dataclass(frozen=True)
class Blank:
    """A blank with a little of the print on both sides: two ems high, the line's capitals in the middle.

    `between` is what the first reading saw between the two printed words.
    """

    box: Box
    between: tuple[Word, ...]


@dataclass(frozen=True)
class _Anchor:
    """A printed word: where it begins and ends in truth, and the level of its line's capitals, if it tells."""

    left: float
    right: float
    level: float | None


def number_blank(row: Row, date_row: Row | None) -> Blank | None:
    """The blank between "Số:" and the stroke before the notation; None where the line shows neither."""
    em = _em(row) or (date_row and _em(date_row)) or 13.0
    words = row.words
    label = _label(words, em)
    end = _notation(words, em)
    if end is None:
        return None
    start = label.right if label else max(end.left - 3.5 * em, min(words[0].box.left + 0.8 * em, end.left - em))
    level = _level([anchor for anchor in (label, end) if anchor], row)
    # As much of the print is shown as the network was shown when it learned.
    left, right = start - 0.45 * em, end.left + 1.1 * em
    return _blank(words, (left, right), (start, end.left), level, em)


def day_blank(row: Row) -> Blank | None:
    """The blank between "ngày" and "tháng"; one of the two may have been lost."""
    em = _em(row) or 13.5
    day = _anchor(row.words, _DAY, _NGAY, em, first=True)
    month = _month_word(row.words, em, first=False)
    if day is None and month is None:
        return None
    start = day.right if day else month.left - 2.6 * em if month else 0.0
    end = month.left if month else start + 2.2 * em
    if not 0.1 * em < end - start < 7 * em:
        start, end = (start, start + 2.2 * em) if day else (end - 2.6 * em, end)
    level = _level([anchor for anchor in (day, month) if anchor], row)
    return _blank(row.words, (start - 0.5 * em, end + 0.6 * em), (start, end), level, em)


def month_blank(row: Row) -> Blank | None:
    """The blank between "tháng" and "năm"."""
    em = _em(row) or 13.5
    month, year = _month_word(row.words, em, first=True), _year_word(row.words, em)
    if month is None or year is None or not 0.1 * em < year.left - month.right < 7 * em:
        return None
    level = _level([month, year], row)
    return _blank(row.words, (month.right - 0.5 * em, year.left + 0.5 * em), (month.right, year.left), level, em)


def year_blank(row: Row) -> Blank | None:
    """The year behind "năm", printed whole or begun in print and ended by hand."""
    em = _em(row) or 13.5
    year = _year_word(row.words, em)
    if year is None:
        return None
    digits = next((word for word in row.words[::-1] if _YEAR_DIGITS.fullmatch(word.text)), None)
    end = digits.box.right if digits is not None else year.right + (_BEFORE_YEAR + _YEAR) * em
    return _blank(row.words, (year.right - 0.6 * em, end + 0.5 * em), (year.right, end), _level([year], row), em)


def _month_word(words: Sequence[Word], em: float, *, first: bool) -> _Anchor | None:
    """ "tháng"; where ink spoilt a letter of it, it is looked for between the day and the year."""
    found = _anchor(words, _MONTH, _THANG, em, first=first)
    year = _year_word(words, em)
    if found is not None or year is None:
        return found
    between = [
        word for word in words
        if year.left - 6 * em < word.box.left and word.box.right < year.left + 0.2 * em
        and not _DAY.match(fold(nfc(word.text)))
    ]  # fmt: skip
    return _anchor(between, _MONTH_TORN, _THANG, em, first=first)


def _year_word(words: Sequence[Word], em: float) -> _Anchor | None:
    """ "năm", by itself or reckoned from the year that follows it."""
    found = _anchor(words, _IN_YEAR, _NAM, em, first=False)
    digits = next((word for word in words[::-1] if _YEAR_DIGITS.fullmatch(word.text)), None)
    if found is not None or digits is None:
        return found
    right = digits.box.left - _BEFORE_YEAR * em
    level = digits.box.top + (0.68 - _CAPITALS) * em if digits.box.height < 1.15 * em else None
    return _Anchor(right - _NAM * em, right, level)


def _blank(
    words: Sequence[Word], shown: tuple[float, float], blank: tuple[float, float], level: float, em: float
) -> Blank:
    between = tuple(word for word in words if min(word.box.right, blank[1]) - max(word.box.left, blank[0]) > 0.15 * em)
    left = max(shown[0], 0.0)
    return Blank(Box(left, max(level - em, 0.0), max(shown[1], left + em), level + em), between)


def width_of(text: str) -> float:
    """About how wide a text is in Times, in ems."""
    return sum(_WIDTHS.get(sign, _USUAL) for sign in text)


def _em(row: Row) -> float | None:
    """The size of the line's letters, from words whose true width is known; None where none was read."""
    sizes = [size for word in row.words for size in _sizes(word) if _EMS[0] < size < _EMS[1]]
    return median(sizes) if sizes else None


def _sizes(word: Word) -> Iterator[float]:
    text = nfc(word.text)
    folded = fold(text).strip(".,;")
    for pattern, ems in ((_DAY, _NGAY), (_MONTH, _THANG), (_IN_YEAR, _NAM)):
        if pattern.fullmatch(folded) and word.confidence > 0.8:
            yield word.box.width / ems
    if re.fullmatch(r"(?:19|20)\d\d", folded):
        yield word.box.width / _YEAR
    if folded in {"so:", "se:"} and word.confidence > 0.5:
        yield word.box.width / _SO
    if "-" in text and len(text) > 4 and text[0] == "/" and word.confidence > 0.5:
        yield word.box.width / width_of(text)


def _label(words: Sequence[Word], em: float) -> _Anchor | None:
    """ "Số:" at the beginning of the line, however much ink its word has swallowed."""
    first = words[0]
    folded = fold(nfc(first.text))
    found = _NUMBER_LABEL.match(folded)
    ems = _SO if ":" in first.text or ";" in first.text or len(folded) > 2 else _SO - 0.28
    if found is None and not re.match(r"[oe0][:;.]", folded):
        return None
    whole = found is not None and found.end() == len(folded)
    right = first.box.left + min(first.box.width, (ems if found else ems - 0.55) * em + 0.05 * em)
    colon = words[1] if len(words) > 1 and words[1].text in {":", ";", "."} else None
    if colon is not None:
        right = colon.box.right
    clean = whole and first.box.height < 1.15 * em
    return _Anchor(first.box.left, right, first.box.bottom - _CAPITALS * em if clean else None)


def _notation(words: Sequence[Word], em: float) -> _Anchor | None:
    """The notation with its stroke: found from its right end where ink and notation were read as one word."""
    for at, word in enumerate(words):
        text = nfc(word.text).replace("–", "-")
        wide = width_of(text) * em
        if text.startswith("/") and len(text) > 1 and at > 0 and word.box.width < 1.25 * wide:
            clean = word.box.height < 1.1 * em
            return _Anchor(word.box.left, word.box.right, word.box.top + (0.68 - _CAPITALS) * em if clean else None)
        stroke = text.find("/")
        if stroke < 0:
            found = _NOTATION.search(text)
            stroke = found.start() if found else -1
        party = re.match(r"[^A-ZĐ]*?(-)[A-ZĐ]{2}[A-Za-z]*/[A-ZĐ]", text)
        if party:
            stroke = party.start(1)
        loose = type_before_stroke(text[:stroke], text[stroke + 1 :]) if stroke > 0 and not party else None
        if loose is not None:
            stroke = loose
        if stroke >= 0 and len(text) - stroke > 3:
            wide = min(width_of(text[stroke:]) * em, word.box.width)
            return _Anchor(word.box.right - wide, word.box.right, None)
        if text == "/" and at > 0:
            return _Anchor(word.box.left, word.box.right, None)
    return None


def _anchor(words: Sequence[Word], pattern: re.Pattern[str], ems: float, em: float, *, first: bool) -> _Anchor | None:
    """A printed word of the date line. Where ink sticks to it, it is taken from the word's end that is free of ink.

    `first`: the ink that may stick to a clean-looking word lies to its right, else to its left.
    """
    wide = ems * em
    for word in reversed(words):  # a place may be called Nam Định or Thống Nhất
        folded = fold(nfc(word.text)).strip(".,;")
        found = pattern.search(folded)
        if found is None:
            continue
        left, right = word.box.left, word.box.right
        clean = word.box.width < 1.18 * wide
        at_start, at_end = found.start() == 0, found.end() == len(folded)
        if clean:
            level = word.box.top + (0.68 - _CAPITALS) * em if word.box.height < 1.15 * em else None
            return _Anchor(left, right, level)
        if (at_start and not at_end) or (at_start and first):
            return _Anchor(left, left + wide, None)
        return _Anchor(right - wide, right, None)
    return None


def _level(anchors: Sequence[_Anchor], row: Row) -> float:
    """The middle of the capitals where the blank is."""
    known = [anchor.level for anchor in anchors if anchor.level is not None]
    if known:
        return sum(known) / len(known)
    calm = [word for word in row.words if word.confidence > 0.85] or list(row.words)
    return median(word.box.centre[1] for word in calm)
