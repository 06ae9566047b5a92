"""A person's name under the signature: two to six capitalised syllables, a known family name first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.document import Field
from pipeline.metadata.layout import Row
from pipeline.metadata.lexicons import in_case_of, is_agency, lexicons
from pipeline.metadata.review import found, reading_confidence
from pipeline.metadata.syllables import is_syllable, without_tone
from pipeline.metadata.titles import prefix_of, title_of
from pipeline.vietnamese import canonical, fold

_TITLES = re.compile(
    r"^(?:(?:GS|PGS|TSKH|TS|THS|BSCK(?:II|I|2|1)|BSNT|BS|CK(?:II|I|2|1)|KTS|KS|DS|CN|LS|DR|NGND|NGƯT|TTND|TTƯT|NSND|NSƯT|"
    r"giáo sư|phó giáo sư|thạc s[ĩỹ]|tiến s[ĩỹ]|bác s[ĩỹ]|dược s[ĩỹ]|kỹ sư|luật sư|kiến trúc sư|"
    r"(?:thiếu|trung|thượng|đại) (?:úy|uý|tá)|(?:thiếu|trung|thượng|đại) tướng|(?-i:Đồng chí|Đ/c))(?:[.,\s]+|$))+",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"^\W*đã ký\b\W*", re.IGNORECASE)
_ADDRESS = re.compile(r"^(?:Ông|Bà|ÔNG|BÀ)\s+(?=\S+\s+\S+\s+\S)")  # before two syllables "Ông" is a family name
_WITHIN = re.compile(r"['’‘`´-]")  # H'Lim, K'Mák, Bh'riu of the Central Highlands; Bích-Ngọc
_FOREIGN_LETTERS = 0.9, 0.05  # a digital, a recognised name with syllables that are not Vietnamese

_SHORT = 0.8  # a recognised name of two syllables is as often a part of one of three, the rest under a seal


def find_name(rows: Sequence[Row], anchor: Row | None, *, digital: bool) -> Field | None:
    """The best row that is built like a name under `anchor` (the position); without one in the whole column."""
    best: tuple[float, str, Row] | None = None
    for row in rows:
        for piece in row.pieces(1.6):
            if anchor is not None and abs(piece.middle - anchor.middle) > 90:
                continue
            name, score = name_in(piece, digital=digital)
            if score > 0 and (best is None or score > best[0]):
                best = score, name, piece
    if best is None:
        return None
    score = best[0] if anchor is not None else 0.92 * best[0]
    return found(best[1], score, [best[2]], "under-position" if anchor is not None else "name-alone")


def name_in(row: Row, *, digital: bool) -> tuple[str, float]:
    """The person's name in a row without titles and specks, and how sure; 0 when it is none."""
    words = [w for w in row.words if any(c.isalpha() for c in w.text)]
    parts = _parts(" ".join(w.text for w in words))
    cut, mended = "", False
    while parts and not parts[0].strip("“”\"'*-").istitle() and not parts[0].isupper() and not _WITHIN.search(parts[0]):
        cut = parts.pop(0)
    if cut and parts and _beheaded(cut):
        parts.insert(0, _beheaded(cut))
    elif parts:
        parts[0], mended = _family_name(parts[0])
    text, syllables = " ".join(parts), _syllables(parts)
    if not 2 <= len(syllables) <= 6 or prefix_of(row) or title_of(row) or not _cased_like_a_name(parts):
        return "", 0.0
    known = lexicons().family_names
    family = canonical(syllables[0]) in known or canonical(" ".join(parts[:2])) in known
    if all(part.isupper() for part in parts) and (not family or len(parts) == 2 or is_agency(row.plain)):
        return "", 0.0
    if not all(map(is_syllable, syllables)):
        return text, _FOREIGN_LETTERS[0] * (1.0 if family else 0.5) if digital else _FOREIGN_LETTERS[1]
    score = 0.98 if digital else 0.98 * reading_confidence(words[-len(parts) :]) * (0.95 if mended else 1.0)
    if not digital and len(parts) == 2:
        score *= _SHORT
    return text, score * (1.0 if family else 0.5) * (0.5 if len(cut) > 1 else 1.0)


def _parts(text: str) -> list[str]:
    """The name's words: what stands before it says how learned, of what rank or of which sex the person is."""
    text = _ADDRESS.sub("", _TITLES.sub("", _SIGNED.sub("", text)))
    parts = (part.strip(".,;:-") for part in text.strip(" .,;:-*“”\"'/").split())
    return [part for part in parts if part]


def _syllables(parts: Sequence[str]) -> list[str]:
    return [piece for part in parts for piece in _WITHIN.split(part) if piece]


def _beheaded(cut: str) -> str:
    """The common family name of which the signature hid the first letters: "ần" → "Trần"; "" for none or several."""
    ending = without_tone(cut.lower())
    names = [
        name for name in lexicons().common_families.values()
        if without_tone(name.lower()).endswith(ending) and len(ending) > 1
    ]  # fmt: skip
    return names[0] if len(names) == 1 else ""


def _family_name(printed: str) -> tuple[str, bool]:
    """The commonest family name with these letters when the printed one is none ("Trân" → "Trần"); was it mended?"""
    known = lexicons().family_names
    if canonical(printed) in known:
        return printed, False
    name = lexicons().common_families.get(fold(printed), "")
    return (in_case_of(printed, name), True) if name else (printed, False)


def respelled_family(printed: str) -> str:
    """The family name that is printed, its marks mended."""
    return _family_name(printed)[0]


def _cased_like_a_name(parts: Sequence[str]) -> bool:
    if not all(piece.isalpha() for piece in _syllables(parts)):
        return False
    return all(part.isupper() for part in parts) or all(
        part[0].isupper() and all(piece == piece.lower() or piece.istitle() for piece in _WITHIN.split(part))
        for part in parts
    )
