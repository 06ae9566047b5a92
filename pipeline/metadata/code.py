"""Number and notation: "15/KH-BQL", "28/2021/NĐ-CP", letters "05/BNV-VP", the Party's "15-KL/TW" (Appendix I, II.3).

On scans the number is mostly written by hand into a blank; there the first reading is believed only when it looks
printed, and a second look at the blank decides with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from pipeline.document import Field, Guess, Look, TextSource, Word
from pipeline.metadata.evidence import Evidence, chosen
from pipeline.metadata.issued import looks_printed
from pipeline.metadata.layout import Header, Row
from pipeline.metadata.lexicons import DocumentType, lexicons
from pipeline.metadata.organ import initials
from pipeline.metadata.review import found, reading_confidence
from pipeline.metadata.spelling import Body
from pipeline.vietnamese import fold, nfc

_LABEL = re.compile(
    r"^[^\w]*(?:(?:luat\s*)?[s5$8][oe06](?:\s*hieu|\s*van\s*ban|\s*[/(]\s*no\.?\)?)?|no(?=\s*[.:])|ky\s*hieu(?=\s*:))"
    r"\s*[:;.,]*"
)
_LOOSE_TYPE = re.compile(r"(?P<number>(?:.*[^A-ZĐ])?)(?P<type>[A-ZĐ][A-Za-zĐđ]{1,5})$")
_YEAR = re.compile(r"^((?:19|20)\d\d)(?:/|$)")
_CODED = re.compile(r"/\s?(?:(?:19|20)\d\d/)?[A-ZĐ][A-Za-zĐđ]{0,5}\s?[-–]\s?[A-ZĐ]{2}")
_TORN_YEAR = re.compile(r"(?=.{0,2}\d.?\d)[12ZIl|][\dOoSIlZ|]{3}/")  # "202S/NQ-HĐND"
_PARTY = re.compile(r"^(?P<number>\d{1,5}[a-z]?)-(?P<notation>[A-ZĐ][A-Za-zĐđ]{0,6}/[A-ZĐ][\w.&-]*)$")
_PLAIN_NUMBER = re.compile(r"\d{1,6}[A-Za-zđ]{0,2}")
_AGREED = 14.0  # how much likelier a guess is when the first reading saw the same; less for what looked like ink
_CONTRADICTED = 0.6  # the most that is left of a guess where print said something else
_HIGHEST = 0.97
_PERHAPS_BARRED, _THINKABLE = 0.75, 0.02
_ATTACHED_ALONE = 0.8  # an appendix's word for a number that nobody could read on the first page
_ONLY_FIGURES = re.compile(r"\d{1,4}/\d{1,2}/(?:19|20)\d\d")  # a firm's "01/06/2020", without a notation
_LETTERS = re.compile(r"[^\w.,&/-]")


@dataclass(frozen=True)
class Code:
    """The number line and what it says; fields are None where nothing was legible."""

    row: Row | None = None
    number: Field | None = None
    notation: Field | None = None
    year: str = ""


def find_code_row(header: Header) -> Row | None:
    """The number line: "Số:" at the left under the agency, else what is built like a code there."""
    rows = [r for r in header.left if header.top + 2 < r.base < 0.45 * header.page.height]
    for row in rows:
        label = _LABEL.match(row.folded)
        if label and (label[0].rstrip()[-1:] in ":;.," or re.match(r"\s*\d|\s*/", row.folded[label.end() :])):
            return row
        if row.folded.startswith("so") and "/" in row.text and len(row.words) < 6:
            return row
    coded = next((row for row in rows if _CODED.search(row.text) and len(row.words) < 6), None)
    return coded or _centred_code_row(header)


def _centred_code_row(header: Header) -> Row | None:
    """Minutes and contracts have their number under the heading."""
    for row in header.rows:
        label = _LABEL.match(row.folded)
        inside = 0.25 * header.page.width < row.box.left and row.box.right < 0.75 * header.page.width
        near = header.top + 40 < row.base < 0.4 * header.page.height
        if label and inside and near and len(row.words) < 6 and _CODED.search(row.text):
            return row
    return None


def read_code(header: Header, row: Row | None, kind: DocumentType | None, organs: Sequence[str], body: Body) -> Code:
    """Number and notation of the number line, checked against the type's heading and the agencies' initials."""
    if row is None:
        return Code()
    text, owners = _joined(row.part(0, _undated(row)) or row)
    label = _LABEL.match(fold(text))
    start = label.end() if label else 0
    rest, owners = text[start:], owners[start:]
    born_digital = header.page.source is TextSource.TEXT_LAYER
    party = _PARTY.match(rest)
    if party:
        number, notation, year, at = party["number"], party["notation"], "", party.start("notation")
    else:
        number, year, notation, at = _divided(rest, kind)
    code_notation, checks = _checked(_LETTERS.sub("", notation).strip(".,-/"), kind, organs, party is not None)
    row_at = [Row(row.page, row.words)]
    notation_field = None
    if _plausible_notation(code_notation):
        known = checks[0] or _said_again(code_notation, body)
        simple = len(re.split(r"[-/]", code_notation)) <= 2  # groups beyond type and agency are checked by nothing
        sure = _notation_confidence(owners[at:], born_digital, (known and simple, checks[1]), code_notation == notation)
        notation_field = found(code_notation, sure, row_at, "number-line")
    number_field = None
    digits = number.strip(" .,:;_-…")
    if (
        _PLAIN_NUMBER.fullmatch(digits)
        or _ONLY_FIGURES.fullmatch(digits)
        or (born_digital and digits and not code_notation)
    ):
        end = len(number) - 1
        fused = 0 <= end < at < len(owners) and owners[end] is owners[at] and code_notation == notation
        sure = 0.97 if born_digital else _number_confidence(owners[: max(at, 1)], row, checks, fused=fused)
        if not notation_field:
            sure = min(sure, 0.5)
        number_field = found(digits, sure, row_at, "number-line")
    return Code(row, number_field, notation_field, year)


def with_second_look(code: Code, evidence: Evidence) -> Code:
    """The number as the second look at its blank saw it, weighed with the first reading and what else is known.

    An empty blank has no number, whatever the first reading made of its dots.
    """
    looked = evidence.looks.get(Look.NUMBER)
    notation = str(code.notation.value) if code.notation else ""
    first = code.number
    if code.row is None or (first is not None and first.confidence > 0.95):
        return code
    if looked is not None and not looked.guesses:
        return replace(code, number=None)
    read = str(first.value).lstrip("0") if first else ""
    others = evidence.for_number(notation)
    agreed = 1 + _AGREED * (first.confidence**3 if first else 0.0)
    best = chosen(
        looked.guesses if looked else (), lambda text: others(text) * (agreed if text.lstrip("0") == read else 1.0)
    )
    said = evidence.attached_to(notation)
    if best is None:
        if said is None or (first is not None and first.confidence > _ATTACHED_ALONE):
            return code
        alike = first is not None and read == said.number
        sure = 0.95 if alike else _ATTACHED_ALONE
        return replace(code, number=found(said.number, sure, [code.row], "appendix"))
    sure = min(best.confidence, _HIGHEST)
    if first is not None and best.text.lstrip("0") != read and _in_print(first, code.row):
        sure = min(sure, _CONTRADICTED)
    if looked and best.text.lstrip("0") != read and others(best.text) <= 1.0 and _perhaps_barred(best, looked.guesses):
        sure = min(sure, _PERHAPS_BARRED)
    if not code.notation:
        sure = min(sure, 0.5)
    return replace(code, number=found(best.text, sure, [code.row], "second-look"))


def _perhaps_barred(best: Guess, guesses: Sequence[Guess]) -> bool:
    """May a nine be a seven with a bar? The network takes many for nines."""
    sevens = {best.text[:at] + "7" + best.text[at + 1 :] for at, digit in enumerate(best.text) if digit == "9"}
    return any(guess.text in sevens and guess.confidence >= _THINKABLE for guess in guesses)


def _in_print(number: Field, row: Row) -> bool:
    """Did the first reading see printed digits, alone or in one word with the notation?"""
    alone = tuple(word for word in row.words if nfc(word.text).strip(".,:") == number.value)
    return number.confidence > 0.8 or (bool(alone) and looks_printed(alone, row))


def _joined(row: Row) -> tuple[str, list[Word]]:
    """The line without blanks, and for each character the word it comes from."""
    text, owners = "", []
    for word in row.words:
        printed = nfc(word.text).replace("–", "-").replace("—", "-").replace("⁄", "/")
        text += printed
        owners += [word] * len(printed)
    return text, owners


def type_before_stroke(head: str, tail: str) -> int | None:
    """Where a type begins that stands before the stroke, with no dash before it: "15 KH/TĐTN" of the Youth Union."""
    loose = _LOOSE_TYPE.match(head)
    if loose is None or not lexicons().type_of(loose["type"]) or lexicons().type_of(re.split(r"[-/]", tail)[0]):
        return None
    return loose.start("type")


def _undated(row: Row) -> int:
    """How many of the line's words come before a date that stands behind the notation."""
    days = (at for at, word in enumerate(row.words) if at and fold(nfc(word.text)).strip(",.") == "ngay")
    return next(days, len(row.words))


def _divided(rest: str, kind: DocumentType | None) -> tuple[str, str, str, int]:
    """Number, year, notation and where the notation begins. Without a stroke the type's abbreviation parts them."""
    if _ONLY_FIGURES.fullmatch(rest):
        return rest, "", "", len(rest)
    if "/" in rest:
        return _at_stroke(rest)
    abbreviations = kind.abbreviations if kind else ()
    for abbreviation in abbreviations:
        at = rest.find(abbreviation + "-")
        if at > 0:
            return rest[:at].rstrip("Il|1"), "", rest[at:], at
    return (rest, "", "", len(rest)) if _PLAIN_NUMBER.fullmatch(rest.strip(".")) else (rest + "?", "", "", len(rest))


def _at_stroke(rest: str) -> tuple[str, str, str, int]:
    """The same of a line with a stroke."""
    head, _, tail = rest.partition("/")
    at = len(head) + 1
    year = _YEAR.match(tail)
    if year:
        return head, year[1], tail[year.end() :], at + year.end()
    torn = _TORN_YEAR.match(tail)
    if torn:
        return head, "", tail[torn.end() :], at + torn.end()
    while tail.startswith("/"):
        tail, at = tail[1:], at + 1
    loose = type_before_stroke(head, tail)
    if loose is not None:
        return head[:loose], "", rest[loose:], loose
    inner = tail.find("/")  # a stroke that is ink: "z///KH-VP", "1/2/KH-VP"
    if 0 <= inner < 3:
        return head + "?", "", tail[inner + 1 :], at + inner + 1
    return head, "", tail, at


def _plausible_notation(notation: str) -> bool:
    return 2 <= len(notation) <= 40 and sum(c.isupper() for c in notation) >= 2 and not notation[0].isdigit()


def _checked(
    notation: str, kind: DocumentType | None, organs: Sequence[str], party: bool
) -> tuple[str, tuple[bool, bool]]:
    """The notation with misread groups mended by heading and agency; and which of (type, agency) agree."""
    groups = notation.split("/" if party else "-")
    type_agrees = False
    if kind and kind.abbreviations and len(groups) > 1:
        mended = _nearest(groups[0], kind.abbreviations)
        type_agrees = bool(mended)
        groups[0] = mended or groups[0]
    if not (kind and kind.abbreviations) and len(groups) > 1 and lexicons().type_of(groups[0]):
        groups[0] = lexicons().type_of(groups[0])[0].abbreviations[0] if not type_agrees else groups[0]
    place = 1 if (type_agrees or (kind and kind.abbreviations)) and len(groups) > 1 else 0
    groups[place], agrees = _agency_group(groups[place], [initials(name) for name in organs if name])
    return ("/" if party else "-").join(groups), (type_agrees, agrees)


def _agency_group(group: str, short: Sequence[str]) -> tuple[str, bool]:
    """The notation's agency group, mended by the agencies' initials; and whether the two agree."""
    for name in short:
        for candidate in ("UBND", "HĐND"):
            if name.startswith(candidate) and _near(group, candidate):
                return candidate, True
        if fold(group) == fold(name[: len(group)]) and len(group) > 1:
            return name[: len(group)], True
        if len(group) == len(name) > 4 and _near(group, name):
            return name, True
    folded = fold(group)
    return group, len(group) > 1 and any(_in_order(folded, fold(name)) for name in short)


def _in_order(letters: str, name: str) -> bool:
    rest = iter(name)
    return all(letter in rest for letter in letters)


def _said_again(notation: str, body: Body) -> bool:
    """Is a letter's last group, the drafting unit, met elsewhere, as in "Lưu: VT, KTTH"?"""
    unit = re.split(r"[-/]", notation)[-1]
    return len(unit) > 1 and len(re.findall(rf"(?<!\w){re.escape(unit)}(?!\w)", body.text)) > 1


def _nearest(group: str, abbreviations: Sequence[str]) -> str:
    return next((a for a in abbreviations if _near(group, a)), "")


def _near(printed: str, wanted: str) -> bool:
    """The same but for diacritics, or one letter in at least three."""
    if fold(printed) == fold(wanted):
        return True
    return len(wanted) >= 2 and Levenshtein.distance(fold(printed), fold(wanted)) <= (1 if len(wanted) >= 2 else 0)


def _notation_confidence(owners: Sequence[Word], born_digital: bool, checks: tuple[bool, bool], exact: bool) -> float:
    agreement = sum(checks)
    if born_digital:
        return (0.93, 0.98, 0.99)[agreement]
    words = list(dict.fromkeys(owners))
    read = reading_confidence(words)
    if agreement == 2:
        return max(0.97 * read, 0.95 if exact else 0.92)
    return (0.85, 0.93)[agreement] * read


def _number_confidence(owners: Sequence[Word], row: Row, checks: tuple[bool, bool], *, fused: bool) -> float:
    """A scan's number is a guess unless read surely, no higher than its neighbours, and the notation agrees.

    Print stands close: number and notation are one word (`fused`). Ink in a blank stands apart.
    """
    words = [w for w in dict.fromkeys(owners) if any(c.isdigit() for c in w.text)]
    if not words:
        return 0.1
    read = min(word.confidence for word in words)
    others = [w.box.height for w in row.words if w not in words and any(c.isalnum() for c in w.text)]
    typical = min(others, default=words[0].box.height)
    level = all(w.box.height <= 1.35 * typical for w in words)
    if fused and level and all(checks) and read >= 0.8:
        return 0.9 if read >= 0.87 else 0.86
    return min(0.6, read)
