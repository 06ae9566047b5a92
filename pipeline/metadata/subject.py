"""What the document is about: "V/v …" under a letter's number, else the lines under the type (Appendix I, II.5)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.document import Box, Field, TextSource
from pipeline.metadata.crumbs import is_odd, swept, with_roman
from pipeline.metadata.doctype import ABOUT, TO, Heading
from pipeline.metadata.layout import Header, Row
from pipeline.metadata.lexicons import begins_with, lexicons
from pipeline.metadata.proofreading import without_crumbs
from pipeline.metadata.review import found, text_confidence
from pipeline.metadata.spelling import Body
from pipeline.vietnamese import fold, nfc

_BODY_BEGINS = re.compile(
    r"^\W*(can cu|kinh gui|kinh moi|dieu 1\b|phan thu|chuong i\b|i\.|1\.|theo de nghi|xet de nghi|so:)"
    r"|^\W*\((ban hanh|kem theo|dinh kem)\b"  # to what a list belongs
)
_LONGEST = 14  # rows
_TOLERATED = 0.03  # the share of wrong letters at which a clerk would still call it right
_ABOUT_MISREAD = re.compile(r"^v[a-z]\s?viec\s+")
_SHORT_ABOUT = re.compile(r"^[vw]\W{0,3}[il1]?v\b[^\w(]*")
_ODD = 0.7  # confidence
_LETTERS, _NEAR = 2, 2.5  # strokes that may be a word; heights of a row from its ends
_ENDS_OPEN = re.compile(r"(?:\b(?:và|của|các|về|cho|trên|tại|để|với|việc|là|do|theo|từ|trong|những)|[-–,:;])$")


def subject_of_letter(header: Header, below: float, body: Body) -> tuple[Field | None, list[Row]]:
    """The rows from "V/v" on in the left column; and those rows as the sign of a letter."""
    rows = [row for row in header.left if row.base > below]
    start = next((i for i, row in enumerate(rows) if ABOUT.match(row.folded)), None)
    if start is None or rows[start].base - below > 90:
        return None, []
    taken = [rows[start]]
    for row in rows[start + 1 :]:
        near = row.base - taken[-1].base < 2.3 * taken[-1].height
        within = row.box.right < header.gutter + 45 and row.box.left < header.gutter
        if not near or not within or TO.match(row.folded) or row.capitals > 0.9 or len(taken) > _LONGEST:
            break
        taken.append(row)
    return _field(header, taken, body, 0.97, "letter-about"), taken


def subject_under(header: Header, heading: Heading, body: Body) -> Field | None:
    """The centred rows under the type's heading, up to a gap, a paragraph or the authority's line."""
    below = (row for row in header.rows if row.base > heading.row.base + 0.5 * heading.row.height)
    taken: list[Row] = []
    whole = True
    for uncut in below:
        row = uncut.trimmed(0.6)
        if row is None or _speck(row):
            continue
        if len(taken) > _LONGEST or not _continues(header, heading, taken, row):
            break
        whole = whole and row is uncut
        taken.append(row)
    if not taken and not heading.rest:
        return None
    return _field(header, taken, body, 0.97 if whole else 0.85, "under-heading", heading.rest)


def _speck(row: Row) -> bool:
    return len(row.plain) < 3 or (len(row.words) < 3 and max(w.confidence for w in row.words) < 0.5)


def _continues(header: Header, heading: Heading, taken: Sequence[Row], row: Row) -> bool:
    previous = taken[-1] if taken else heading.row
    step = row.base - previous.base
    if _BODY_BEGINS.match(row.folded) or _speck(row) or step > (2.6 if taken else 4.0) * max(row.height, 9.0):
        return False
    if len(taken) >= 2 and step > 1.6 * (taken[-1].base - taken[-2].base):
        return False
    if row.capitals > 0.9 and taken and (taken[-1].capitals < 0.6 or step > 1.3 * 18) and _authority(row):
        return False
    wide = row.box.width > 0.6 * header.page.width
    return abs(row.middle - header.page.width / 2) < (0.075 if wide else 0.12) * header.page.width and not _indented(
        header, taken, row
    )


def _indented(header: Header, taken: Sequence[Row], row: Row) -> bool:
    """Does a paragraph begin here: its second line, further left, reaches as far right?"""
    if not taken:
        return False
    following = next((r for r in header.rows if r.base > row.base + 0.5 * row.height), None)
    if following is None or row.box.width < 0.55 * header.page.width:
        return False
    return 12 < row.box.left - following.box.left < 60 and row.base - taken[-1].base > 1.35 * row.height + 6


def _authority(row: Row) -> bool:
    known = lexicons()
    return any(begins_with(row.folded, phrase) for phrase in (*known.agency_ranks, *known.heads))


def _begun(text: str) -> str:
    """The recognised text with "V/v" or "Về việc" as they are printed: "W/v- bàn giao" → "V/v bàn giao"."""
    folded = fold(text)
    if about := _ABOUT_MISREAD.match(folded):
        return "Về việc " + text[about.end() :]
    if folded.startswith("viec "):  # a torn "Về" was left out
        return f"Về {text[:1].lower()}{text[1:]}"
    about = _SHORT_ABOUT.match(folded)
    return "V/v " + text[about.end() :] if about else text


def _field(header: Header, rows: Sequence[Row], body: Body, strength: float, rule: str, before: str = "") -> Field:
    digital = header.page.source is TextSource.TEXT_LAYER
    printed_words = tuple(word for row in rows for word in row.words)
    words = printed_words if digital else without_crumbs(printed_words)
    proofs = [] if digital else body.proofs(words)
    printed = [nfc(word.text) for word in words] if digital else [proof.text for proof in proofs]
    text = " ".join([*([before] if before else []), *printed])
    text = re.sub(r"\s+", " ", text).strip(" *_")
    if not digital:
        text = _begun(with_roman(swept(text)))
        strength *= _ODD if is_odd(text) else 1.0
    if _ENDS_OPEN.search(text):
        strength *= 0.7
    read = 1.0 if digital or not words else text_confidence(words, [proof.chance for proof in proofs], _TOLERATED)
    if any(_goes_on_unread(row, header.page.strokes) for row in rows):
        strength *= _ODD
    return found(text, strength * read, rows, rule)


def _goes_on_unread(row: Row, strokes: Sequence[Box]) -> bool:
    """Does ink like that of two letters at least stand in the row, where no word was read?"""
    box, height = row.box, row.height
    return sum(_in_row(stroke, box, height) for stroke in strokes) >= _LETTERS


def _in_row(stroke: Box, box: Box, height: float) -> bool:
    level = min(stroke.bottom, box.bottom) - max(stroke.top, box.top) > 0.7 * stroke.height
    near = box.left - _NEAR * height < stroke.left and stroke.right < box.right + _NEAR * height
    return level and near and 0.5 * height < stroke.height < 1.5 * height
