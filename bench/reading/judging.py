"""Is a value right? Spelling of the page counts; case, spaces, kinds of dash and where a tone mark stands do not.

Long texts (subject, position) may differ in 3 letters of 100, a list of recipients may lack one of five: that is how a
clerk judges them. A value where the document has none is not judged. Pure functions over the truth file's keys.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein

Value = str | list[str]


class Verdict(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"


@dataclass(frozen=True)
class Prediction:
    """What a reader made of one document. `fields` holds (value, confidence); no confidence: the reader gives none."""

    fields: Mapping[str, tuple[Value, float | None]] = field(default_factory=dict)
    review: frozenset[str] = frozenset()
    pages: Mapping[int, str] = field(default_factory=dict)
    refused: bool = False  # it went to a person as a whole


@dataclass(frozen=True)
class Judgement:
    """One field of one document whose truth is known."""

    file: str
    field: str
    verdict: Verdict
    flagged: bool  # a person is asked to look at it
    by_hand: bool  # digits that were written by hand
    confidence: float | None
    wanted: Value
    got: Value | None


def judged(truth: Mapping[str, Any], prediction: Prediction) -> Iterator[Judgement]:
    """Every field of a document that its truth knows."""
    hand = truth.get("handwritten") or {}
    for name, (key, same) in FIELDS.items():
        wanted = truth.get(key)
        if wanted in (None, "", []):
            continue
        got, confidence = prediction.fields.get(name, (None, None))
        verdict = Verdict.MISSING if not got else Verdict.RIGHT if same(wanted, got) else Verdict.WRONG
        flagged = name in prediction.review or (prediction.refused and verdict is not Verdict.RIGHT)
        by_hand = bool(hand.get({"code_number": "number", "issued_date": "date"}.get(name, "")))
        yield Judgement(truth["file"], name, verdict, flagged, by_hand, confidence if got else None, wanted, got)


def body_error(truth: Mapping[str, Any], prediction: Prediction) -> float | None:
    """Wrong characters of the passage that the truth holds, as a share; None where it holds none."""
    body = truth.get("body")
    if not body:
        return None
    wanted, page = _flat(body["text"]), _flat(prediction.pages.get(body["page"], ""))
    return distance_within(wanted, page) / max(len(wanted), 1)


def distance_within(wanted: str, text: str) -> int:
    """The fewest edits that turn `wanted` into some part of `text`."""
    letters = np.array([ord(c) for c in text], dtype=np.int64)
    steps = np.arange(len(text) + 1)
    above = np.zeros(len(text) + 1, dtype=np.int64)  # a match may begin anywhere
    for row, letter in enumerate(wanted, 1):
        here = np.empty_like(above)
        here[0] = row
        here[1:] = np.minimum(above[1:] + 1, above[:-1] + (letters != ord(letter)))
        above = np.minimum.accumulate(here - steps) + steps  # letters of the text that `wanted` lacks
    return int(above.min())


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def _tone_places() -> dict[str, str]:
    """Both ways of placing a tone on oa, oe, uy at the end of a word ("hoá", "hóa") become one."""
    tones = "\u0301\u0300\u0309\u0303\u0323"
    pairs = ((a + tone + b, a + b + tone) for a, b in ("oa", "oe", "uy") for tone in tones)
    return {unicodedata.normalize("NFC", early): unicodedata.normalize("NFC", late) for early, late in pairs}


_LATE = _tone_places()
_EARLY_TONE = re.compile(f"({'|'.join(_LATE)})(?!\\w)")
_SIGNS = str.maketrans({"–": "-", "—": "-", "“": '"', "”": '"'})


def plain(text: object) -> str:
    """The form in which two spellings of one printed text are equal."""
    folded = unicodedata.normalize("NFC", str(text)).casefold().translate(_SIGNS)
    folded = _EARLY_TONE.sub(lambda found: _LATE[found[1]], folded)
    return re.sub(r"\s+", " ", re.sub(r"\s*([-/])\s*", r"\1", folded)).strip(" .;,:")


def _close(a: str, b: str, at_least: float) -> bool:
    return Levenshtein.distance(a, b) <= (1 - at_least) * (max(len(a), len(b)) or 1)


def _same(wanted: Any, got: Any) -> bool:
    return plain(wanted) == plain(got)


def _same_without_blanks(wanted: Any, got: Any) -> bool:
    return plain(wanted).replace(" ", "") == plain(got).replace(" ", "")


def _same_number(wanted: Any, got: Any) -> bool:
    return _digits(wanted) == _digits(got)


def _digits(text: Any) -> str:
    return re.sub(r"^0+(?=\d)", "", plain(text).replace(" ", ""))


def _same_date(wanted: Any, got: Any) -> bool:
    return str(wanted) == str(got)


def _same_subject(wanted: Any, got: Any) -> bool:
    return _close(_topic(wanted), _topic(got), 0.97)


def _topic(text: Any) -> str:
    return re.sub(r"^(v/v|về việc)\s*:?\s*", "", plain(text))


def _nearly_same(wanted: Any, got: Any) -> bool:
    return _close(plain(wanted), plain(got), 0.97)


def _same_recipients(wanted: Any, got: Any) -> bool:
    found = sum(any(_close(plain(one), plain(other), 0.9) for other in got) for one in wanted)
    return bool(found >= 0.8 * len(wanted))


FIELDS: Mapping[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "type_name": ("doc_type", _same),
    "code_number": ("number", _same_number),
    "code_notation": ("notation", _same_without_blanks),
    "issued_date": ("issued_date", _same_date),
    "issued_place": ("place", _same),
    "organ_name": ("issuing_agency", _same),
    "parent_organ_name": ("parent_agency", _same),
    "subject": ("subject", _same_subject),
    "competence": ("signing_authority", _same_without_blanks),
    "signatory_position": ("signer_position", _nearly_same),
    "signatory_name": ("signer_name", _same),
    "recipients": ("recipients", _same_recipients),
}
"""Our field: (its key in the truth, when a value is right)."""
