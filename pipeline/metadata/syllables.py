"""Is this a syllable that Vietnamese can have? A cheap test of what a reader made of print under a seal."""

from __future__ import annotations

import re
import unicodedata

from pipeline.vietnamese import nfc

_ONSET = "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x)?"
_NUCLEUS = (
    "(?:iê|yê|uô|ươ|ưa|ia|ya|ua|oai|oay|oeo|uây|uyê|uya|uyu|uê|uơ|uy|oa|oă|oe|uâ|oo|"
    "iêu|yêu|uôi|ươi|ươu|ai|ao|au|ay|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|"
    "a|ă|â|e|ê|i|o|ô|ơ|u|ư|y)"
)
_CODA = "(?:ch|ng|nh|c|m|n|p|t)?"
_SYLLABLE = re.compile(f"{_ONSET}{_NUCLEUS}{_CODA}")
_TONES = str.maketrans("", "", "\u0300\u0301\u0309\u0303\u0323")


def is_syllable(word: str) -> bool:
    """True for "Nguyễn", "ủy", "Anh"; False for "Hoànq", "1N" and for a stopped syllable with a level tone ("Lêt")."""
    word = nfc(word).lower()
    tones = [c for c in unicodedata.normalize("NFD", word) if c in "\u0300\u0301\u0309\u0303\u0323"]
    bare = without_tone(word)
    if len(tones) > 1 or not _SYLLABLE.fullmatch(bare):
        return False
    stopped = re.search("(?:ch|c|p|t)$", bare) and len(bare) > 2
    return not stopped or tones in (["\u0301"], ["\u0323"])


def without_tone(text: str) -> str:
    """The letters without their tones: "ỦY" → "UY", "ĐỐC" → "ĐÔC"."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).translate(_TONES))
