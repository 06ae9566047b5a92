"""Which language: the letters of Vietnamese, else the small words of English."""

from __future__ import annotations

import re

from pipeline.document import Field

_MARKED = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]")
_ENGLISH = re.compile(r"\b(the|of|and|to|in|is|for|that|with|on|this|by|shall|are|from)\b")
_ENOUGH = 60  # letters


def find_language(text: str) -> Field | None:
    """ "vi", "en", or None when there is too little text to tell."""
    lower = text.lower()
    letters = sum(c.isalpha() for c in lower)
    if letters < _ENOUGH:
        return None
    vietnamese = len(_MARKED.findall(lower)) / letters
    if vietnamese > 0.08:
        return Field("vi", 0.98 if vietnamese > 0.15 else 0.9, None, None, "letters")
    words = len(re.findall(r"\w+", lower))
    if vietnamese < 0.02 and len(_ENGLISH.findall(lower)) / words > 0.1:
        return Field("en", 0.95, None, None, "small-words")
    return Field("vi", 0.5, None, None, "letters") if vietnamese > 0.02 else None
