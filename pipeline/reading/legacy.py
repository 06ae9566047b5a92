"""Vietnamese from before Unicode: the encodings of TCVN3 (ABC), VNI, VISCII, VPS and BK HCM 2 fonts, and their text.

Such a font shows "ộ" where the file says "é"; whoever asks the file for its text gets the "é". No kept library on
PyPI decodes them (Python itself knows only CP1258), so the tables stand here, each with its source.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pipeline.vietnamese import nfc


class Encoding(StrEnum):
    TCVN3 = "TCVN3 (ABC)"
    VNI = "VNI"
    VISCII = "VISCII"
    VPS = "VPS"
    BKHCM2 = "BK HCM 2"


@dataclass(frozen=True, slots=True)
class LegacyFont:
    """What a font's name claims. Capital fonts (.VnTimeH) show capitals whatever case the codes have."""

    encoding: Encoding
    capitals: bool = False


# Codes 0xA0-0xFF; "." leaves a code as it is. TCVN 5712:1993, VN1 (a superset of VN3), as in glibc's TCVN5712-1.
_TCVN = (
    ".ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽ"
    "éẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợù"
    "ỖủũúụừửữứựỳỷỹýỵỐ"
)
# Codes 0x80-0xFF. RFC 1456 (its six letters below 0x20 were never used in documents), as in glibc's VISCII.
_VISCII = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
    "ÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
# Codes 0x80-0xFF, as the keyboard program xvnkb lists them.
_VPS = (
    "ÀẢÃẤẦẨọỗĂếềểệẮẰẳẾ..ỀỂỄỐỒỔỖýỷỵỚỜỞ"
    ".ắằẳẵặỠớÙờởỡŨỨợỪổỬỲỹÍÌộỈĨÓửữÒỎÕự"
    "ầÁÂấẩẫậđẻÉÊẹỉễịỹƯỦồốÔỏơÈừứÚũưÝẺ."
    "àáâãảạă.èéêẽìí.ĩẵĐòóôõ.Ơụùúủ.ỷẼỳ"
)
# A letter and a mark, two codes: VNI-Windows as in xvnkb, BK HCM 2 as in VBKey; capitals are 0x20 lower.
_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT, _HAT, _BREVE = "\u0301\u0300\u0309\u0303\u0323\u0302\u0306"
_VNI_MARKS = {
    "ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _HAT, "á": _HAT + _ACUTE, "à": _HAT + _GRAVE, "å": _HAT + _HOOK, "ã": _HAT + _TILDE, "ä": _HAT + _DOT,
    "ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS = {"ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ"}
_BK_MARKS = {
    "\xe1": _ACUTE, "\xe2": _GRAVE, "\xe3": _HOOK, "\xe4": _TILDE, "\xe5": _DOT,
    "\xeb": _ACUTE, "\xec": _GRAVE, "\xed": _HOOK, "\xee": _TILDE,  # over a circumflex
    "\xe6": _ACUTE, "\xe7": _GRAVE, "\xe8": _HOOK, "\xe9": _TILDE,  # over a breve
}  # fmt: skip
_BK_LETTERS = {
    "\xe0": "đ", "\xea": "â", "\xef": "ê", "\xf6": "ô", "\xf9": "ă", "\xfa": "ơ", "\xfb": "ư",
    "\xf1": "í", "\xf2": "ì", "\xf3": "ỉ", "\xf4": "ĩ", "\xf5": "ị",
}  # fmt: skip

# What programs made of a code on its way: another glyph of the same look, Word's corrections, the symbol area.
_STRAYED = {0x2212: 0xAD, 0x2219: 0xB7, 0x22C5: 0xB7, 0x3BC: 0xB5, 0x2C9: 0xAF, 0x2126: 0xD9, 0x394: 0xC6}
_TYPOGRAPHIC = set("“”‘’–—…•†‡™€")  # in their usual places in TCVN3 and VNI fonts

_NAMES: tuple[tuple[Encoding, re.Pattern[str]], ...] = (
    (Encoding.TCVN3, re.compile(r"\.Vn|Vn[A-Z]|(?i:TCVN|ABC ?[-_])")),
    (Encoding.VNI, re.compile(r"(?i:VNI[-_ ]|VNI(?=[A-Z0-9]))")),
    (Encoding.VPS, re.compile(r"(?i:VPS[-_ ]?)")),
    (Encoding.VISCII, re.compile(r"(?i:.*VISCII)")),
    (Encoding.BKHCM2, re.compile(r"(?i:.*BK ?HCM)")),
)
_SUBSET = re.compile(r"^[A-Z]{6}\+")
_CAPITALS = re.compile(r"H(?![a-z])")


def without_tag(name: str) -> str:
    """A PDF font's name without the tag of a subset: "ABCDEF+.VnTime" is ".VnTime" (ISO 32000-1, 9.6.4)."""
    return _SUBSET.sub("", name)


@lru_cache(maxsize=1024)
def font_of_name(name: str) -> LegacyFont | None:
    """What a font's name ("ABCDEF+.VnTimeH") claims about the codes of its text; None when it claims nothing."""
    bare = without_tag(name).strip("'\" ")
    for encoding, pattern in _NAMES:
        if pattern.match(bare):
            return LegacyFont(encoding, encoding is Encoding.TCVN3 and bool(_CAPITALS.search(bare)))
    return None


def decode(text: str, font: LegacyFont, *, code_page: str = "cp1252") -> str:
    """Text whose characters are codes of an old font, as Unicode (NFC).

    `code_page` is what turned the codes into characters; characters that no code can have given stay.
    """
    codes = "".join(_code(character, code_page, font.encoding) for character in text)
    match font.encoding:
        case Encoding.VNI:
            decoded = _with_marks(codes, _VNI_LETTERS, _VNI_MARKS, "aeouyôö")
        case Encoding.BKHCM2:
            decoded = _with_marks(codes, _BK_LETTERS, _BK_MARKS, "aeouy\xea\xef\xf6\xf9\xfa\xfb")
        case _:
            decoded = codes.translate(_single(font.encoding))
    decoded = nfc(decoded)
    return decoded.upper() if font.capitals else decoded


def _code(character: str, code_page: str, encoding: Encoding) -> str:
    """The code, as a Latin-1 character, that a program showed as this character."""
    point = ord(character)
    if 0xF020 <= point <= 0xF0FF:  # fonts that call themselves symbol fonts
        return chr(point - 0xF000)
    if point < 0x80 or (encoding in {Encoding.TCVN3, Encoding.VNI} and character in _TYPOGRAPHIC):
        return character
    if point in _STRAYED:
        return chr(_STRAYED[point])
    try:
        return character.encode(code_page).decode("latin-1")
    except UnicodeEncodeError:
        return character


@lru_cache
def _single(encoding: Encoding) -> dict[int, str]:
    table, first = {
        Encoding.TCVN3: (_TCVN, 0xA0), Encoding.VISCII: (_VISCII, 0x80), Encoding.VPS: (_VPS, 0x80),
    }[encoding]  # fmt: skip
    return {first + at: letter for at, letter in enumerate(table) if letter != "."}


def _with_marks(codes: str, letters: dict[str, str], marks: dict[str, str], bearers: str) -> str:
    """A mark counts after a letter that can bear one; its case says nothing, some type capitals with small marks."""
    decoded: list[str] = []
    bearer = False
    for code in codes:
        small = code.lower() if "\xc0" <= code <= "\xff" else code
        if bearer and small in marks:
            decoded.append(marks[small])
            bearer = False
            continue
        letter = letters.get(small, code)
        decoded.append(letter.upper() if code != small else letter)
        bearer = small.lower() in bearers
    return unicodedata.normalize("NFC", "".join(decoded))
