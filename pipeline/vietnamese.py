"""One rule for how Vietnamese text is normalised, folded, compared and dated, in every room alike."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache

FOLD_VERSION = 1
"""Changes when `fold` changes: an index built with another version must be rebuilt."""

_TONES = "\u0300\u0301\u0309\u0303\u0323"
_OLD_TO_NEW_TONES = {
    unicodedata.normalize("NFC", first + second + tone): unicodedata.normalize("NFC", first + tone + second)
    for first, second in ("oa", "oe", "uy")
    for tone in _TONES
}
# Only where the vowel pair ends the syllable ("hoà" but not "hoàn"), and never after "q" ("quý").
_OLD_TONES = re.compile(rf"(?<![qQ])({'|'.join(_OLD_TO_NEW_TONES)})(?!\w)", re.IGNORECASE)


def _base_letters() -> dict[int, str]:
    """One character to one character, so an offset in folded text is an offset in the original."""
    table = {ord(letter): "d" for letter in "đĐðÐɖƉ"}
    for code in range(0xC0, 0x1F00):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base != chr(code):
            table.setdefault(code, base.lower())
    return table


_FOLD = {
    **{ord(c): c.lower() for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    **_base_letters(),
}
for _code in range(0x1EA0, 0x1EFA):
    _FOLD[_code] = unicodedata.normalize("NFD", chr(_code))[0].lower()


def nfc(text: str) -> str:
    """Unicode NFC: the one form in which text is kept. Look-alike Đ (U+00D0, U+0189) becomes Đ (U+0110)."""
    return unicodedata.normalize("NFC", text).replace("Ð", "Đ").replace("Ɖ", "Đ").replace("ð", "đ")


def fold(text: str) -> str:
    """Lower case without diacritics, đ→d, character by character (of NFC text): `len(fold(t)) == len(nfc(t))`."""
    return nfc(text).translate(_FOLD)


def tokens(text: str) -> list[str]:
    """The folded words that the index stores and a query looks for: runs of [0-9a-z]."""
    return re.findall(r"[0-9a-z]+", fold(text))


def canonical(text: str) -> str:
    """For comparing values exactly: NFC, lower case, one tone placement (hoà = hòa), single blanks, plain dashes."""
    text = nfc(text).lower().replace("–", "-").replace("—", "-").replace("“", '"').replace("”", '"')
    text = _OLD_TONES.sub(lambda match: _OLD_TO_NEW_TONES[match[1].lower()], text)
    return re.sub(r"\s+", " ", text).strip()


_DATE_IN_WORDS = re.compile(r"ngay\s*(\d{1,2})\s*thang\s*(\d{1,2})\s*nam\s*(\d{4})")
_DATE_IN_DIGITS = re.compile(r"\b(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})\b")


def parse_date(text: str) -> date | None:
    """The first date in "ngày 05 tháng 01 năm 2020" or "05/01/2020" (also . and -), None when there is none."""
    folded = fold(text)
    for pattern in (_DATE_IN_WORDS, _DATE_IN_DIGITS):
        for match in pattern.finditer(folded):
            day, month, year = (int(part) for part in match.groups())
            try:
                return date(year, month, day)
            except ValueError:
                continue
    return None


def date_in_words(day: date) -> str:
    """As the Decree prints it: leading zero for days below 10 and for months 1 and 2 only (Appendix I, II.4)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


_TONE_MARKS = frozenset(_TONES)
_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph r s t th tr v x"
_FRONT_VOWELS = "eêiy"  # before them stand gh, ngh, k; before the others g, ng, c
_RHYMES = {
    "a": ",c,ch,i,m,n,ng,nh,o,p,t,u,y", "ă": "c,m,n,ng,p,t", "â": "c,m,n,ng,p,t,u,y", "e": ",c,m,n,ng,o,p,t",
    "ê": ",ch,m,n,nh,p,t,u", "i": ",a,ch,m,n,nh,p,t,u", "iê": "c,m,n,ng,p,t,u", "o": ",c,i,m,n,ng,p,t",
    "oa": ",c,ch,i,m,n,ng,nh,o,p,t,y", "oă": "c,m,n,ng,t", "oe": ",n,o,t", "oo": "c,ng", "ô": ",c,i,m,n,ng,p,t",
    "ơ": ",i,m,n,p,t", "u": ",a,c,i,m,n,ng,p,t", "uâ": "n,ng,t,y", "uê": ",ch,nh", "uô": "c,i,m,n,ng,t", "uơ": ",",
    "uy": ",a,ch,n,nh,p,t,u", "uyê": "n,t", "ư": ",a,c,i,m,n,ng,t,u", "ươ": "c,i,m,n,ng,p,t,u", "y": ",",
    "yê": "m,n,ng,t,u",
}  # fmt: skip
_AFTER_GI = ("gi", "gim", "gin", "ginh", "gip", "git")  # "giữ gìn": the i is onset and nucleus at once
_AFTER_QU = ("quy", "quych", "quyn", "quynh", "quyt")
_STOPS = ("c", "ch", "p", "t")


def is_syllable(word: str) -> bool:
    """Is this spelt as a Vietnamese syllable can be? Case is free, tone marks stand on their syllable.

    False for what no syllable is ("Hoànq", "n") and for a stop with another tone than sắc or nặng ("Lêt", "hòc"):
    that is how a wrong letter shows.
    """
    tones: list[str] = []
    letters: list[str] = []
    for c in unicodedata.normalize("NFD", word.lower()):
        (tones if c in _TONE_MARKS else letters).append(c)
    bare = unicodedata.normalize("NFC", "".join(letters))
    if len(tones) > 1 or bare not in _syllables():
        return False
    return not bare.endswith(_STOPS) or tones in (["\u0301"], ["\u0323"])


@lru_cache
def _syllables() -> frozenset[str]:
    rhymes = {nucleus + coda for nucleus, codas in _RHYMES.items() for coda in codas.split(",")}
    front = {rhyme for rhyme in rhymes if rhyme[0] in _FRONT_VOWELS}
    allowed = {
        **dict.fromkeys(("gh", "ngh", "k"), front), **dict.fromkeys(("c", "g", "ng"), rhymes - front),
        "qu": {rhyme for rhyme in rhymes if rhyme[0] in "aăâeêioôơ"},
    }  # fmt: skip
    made = {onset + rhyme for onset in ("", "qu", *_ONSETS.split()) for rhyme in allowed.get(onset, rhymes)}
    return frozenset({*made, *_AFTER_GI, *_AFTER_QU, "quyên", "quyêt"})
