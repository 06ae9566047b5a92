"""What a person typed into the search box, understood: words, phrases, numbers and fields. Nothing typed raises.

kế hoạch cải cách      all words; adjacent ones come first            "cụm từ"  exactly this, in this order
-từ  -"cụm từ"         not this                                       từ*       words that begin so
15/KH-BQL  15 kh bql  số 15  qđ 123 năm 2024                          numbers as people write them
loại:KH  năm:2019..2021  ngày:15/03/2021  từ:… đến:…  số:15/KH  số đến:15  ký:"Nguyễn Văn A"  cq:UBND  td:"…"
trạng thái:…  xem lại:có  xếp:mới|cũ  chữ-ký:hợp-lệ                     fields; without diacritics or English too
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pipeline.archive.dates import Span, read_span
from pipeline.archive.index import fold_code, index_words
from pipeline.archive.lexicon import folded, type_names, types_meant
from pipeline.document import Finding
from pipeline.vietnamese import canonical, fold, nfc

MAX_LENGTH = 1000  # characters of a query that are looked at
MAX_WORDS = 40

FIELDS: Mapping[str, str] = {
    called: name
    for name, calls in {
        "type": "loai, type, the loai, ten loai",
        "year": "nam, year",
        "date": "ngay, date, ngay ban hanh",
        "from": "tu, from, tu ngay, since",
        "to": "den, to, den ngay, until",
        "number": "so, number, so hieu, code, no, so ky hieu",
        "arrival": "so den, sd, arrival",
        "signatory": "ky, signer, nguoi ky, signatory, signed",
        "agency": "cq, agency, co quan, organ, tac gia, noi ban hanh",
        "subject": "td, trich yeu, subject, title",
        "state": "trang thai, state, tt, status",
        "review": "xem lai, review, can xem lai",
        "signature": "chu ky, chu-ky, ck, signature",
        "order": "xep, sort, order, thu tu",
    }.items()
    for called in calls.split(", ")
}
"""Folded name of a field as it may be typed → ours."""

_STATES = {
    "received": "received", "moi": "received", "cho": "received", "dang xu ly": "received", "moi nhan": "received",
    "filed": "filed", "da luu": "filed", "luu": "filed", "luu tru": "filed", "archived": "filed",
    "quarantined": "quarantined", "loi": "quarantined", "cach ly": "quarantined", "khong doc duoc": "quarantined",
}  # fmt: skip
_SIGNATURES = {
    "hop le": "valid", "valid": "valid", "khong hop le": "invalid", "sai": "invalid", "invalid": "invalid",
    "khong xac dinh": "indeterminate", "indeterminate": "indeterminate",
    "khong co": "unsigned", "khong": "unsigned", "unsigned": "unsigned", "none": "unsigned", "no": "unsigned",
}  # fmt: skip
_YES_NO = {"co": True, "yes": True, "y": True, "true": True, "1": True, "can": True,
           "khong": False, "no": False, "n": False, "false": False, "0": False}  # fmt: skip
_ORDERS = {"moi": "newest", "moi nhat": "newest", "newest": "newest", "new": "newest",
           "cu": "oldest", "cu nhat": "oldest", "oldest": "oldest", "old": "oldest",
           "lq": "relevance", "lien quan": "relevance", "relevance": "relevance"}  # fmt: skip

_FIELD = "|".join(re.escape(name) for name in sorted(FIELDS, key=len, reverse=True))
_ITEM = re.compile(
    rf'(?P<minus>(?<!\S)-)?(?:(?<![\w])(?P<field>{_FIELD})\s*:\s*)?(?:"(?P<quoted>[^"]*)"?|(?P<bare>[^\s"]+))'
)
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″", '"'))
_NUMBER = re.compile(r"^(?:so |no )?(?P<code>\d+[a-z]{0,2}(?: [0-9a-z]+)*?)(?: nam (?P<year>\d{4}))?$")
_SLASHED = re.compile(r"^\d+[^\W\d_]{0,2}/\w")


@dataclass(frozen=True, slots=True)
class Words:
    """Words that stand together in this order; `prefix`: the last one may go on. `typed`: canonical, with accents."""

    folded: tuple[str, ...]
    typed: str = ""
    prefix: bool = False

    @property
    def accented(self) -> bool:
        return self.typed != fold(self.typed)


@dataclass(frozen=True, slots=True)
class Number:
    """A number and notation in folded words ("15 kh bql"), as much of it as was typed."""

    code: str
    types: frozenset[str] = frozenset()
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on the fields. `value`: a Span, Number, folded words, type names, a state, True or False."""

    name: str
    value: Span | Number | str | frozenset[str] | bool | int
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A query understood. `numbers`: any of them may be the number that was meant by the words."""

    words: tuple[Words, ...] = ()
    phrases: tuple[Words, ...] = ()
    subject: tuple[Words, ...] = ()
    excluded: tuple[Words, ...] = ()
    filters: tuple[Filter, ...] = ()
    numbers: tuple[Number, ...] = ()
    order: str = "relevance"
    notes: tuple[Finding, ...] = ()
    blank: bool = False  # nothing was typed at all

    @property
    def text(self) -> tuple[Words, ...]:
        """Everything positive that the full-text index answers."""
        return (*self.words, *self.phrases, *self.subject)


@dataclass
class _Draft:
    words: list[Words] = field(default_factory=list)
    phrases: list[Words] = field(default_factory=list)
    subject: list[Words] = field(default_factory=list)
    excluded: list[Words] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    slashed: list[str] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    order: str = "relevance"


def parse(text: str) -> Query:
    """Understand a query; what cannot be understood becomes words, with a note where that may surprise."""
    text = nfc(re.sub(r"[\x00-\x1f\ud800-\udfff]", " ", text)).translate(_QUOTES)[:MAX_LENGTH]
    draft = _Draft()
    flat = fold(text)
    for item in _ITEM.finditer(flat):
        quoted = item["quoted"] is not None
        start, end = item.span("quoted" if quoted else "bare")
        _take(draft, item["field"] or "", text[start:end], quoted=quoted, negated=item["minus"] is not None)
    return Query(
        tuple(draft.words[:MAX_WORDS]), tuple(draft.phrases[:MAX_WORDS]), tuple(draft.subject[:MAX_WORDS]),
        tuple(draft.excluded[:MAX_WORDS]), tuple(draft.filters), _numbers(draft), draft.order, tuple(draft.notes),
        blank=not text.strip(),
    )  # fmt: skip


def _take(draft: _Draft, called: str, value: str, *, quoted: bool, negated: bool) -> None:
    if called and _take_field(draft, called, value, quoted=quoted, negated=negated):
        return
    if not called and not quoted and (unknown := re.match(r"^([^\W\d]+):(?!//)\w", value)):
        draft.notes.append(Finding("search-field-unknown", detail={"field": unknown[1]}))
    if _SLASHED.match(value) and not (quoted or negated):
        draft.slashed.append(value)
    whole = f"{called} {value}" if called else value
    found = _words(whole, together=quoted or negated)
    (draft.excluded if negated else draft.phrases if quoted else draft.words).extend(found)


def _words(value: str, *, together: bool) -> list[Words]:
    prefix = value.endswith("*")
    spoken = canonical(value.rstrip("*"))
    parts = [spoken] if together else re.findall(r"\w+", spoken)
    found = [Words(tuple(index_words(part)), part) for part in parts]
    found = [words for words in found if words.folded]
    if prefix and found:
        found[-1] = Words(found[-1].folded, found[-1].typed, prefix=True)
    return found


def _take_field(draft: _Draft, called: str, value: str, *, quoted: bool, negated: bool) -> bool:
    """Understand `field:value`; False when the value makes no sense there (it is looked for as words, with a note)."""
    name = FIELDS[called]
    if name == "subject":
        (draft.excluded if negated else draft.subject).extend(_words(value, together=quoted or negated))
        return True
    if name == "order":
        order = _ORDERS.get(folded(value))
        draft.order = order or draft.order
        meant: object = order
    else:
        meant = _meaning(name, value)
        if meant is not None:
            draft.filters.append(Filter(name, meant, negated))
    if meant is None:
        draft.notes.append(Finding("search-value-unknown", detail={"field": called, "value": value}))
    return meant is not None


def _meaning(name: str, value: str) -> Span | Number | str | frozenset[str] | bool | int | None:
    flat = folded(value)
    if not flat:
        return None
    readers: Mapping[str, Callable[[], Span | Number | str | frozenset[str] | bool | int | None]] = {
        "type": lambda: types_meant(value) or flat,
        "year": lambda: read_span(value),
        "date": lambda: read_span(value),
        "from": lambda: read_span(value, start=True),
        "to": lambda: read_span(value, end=True),
        "number": lambda: Number(fold_code(value)),
        "arrival": lambda: int(flat) if flat.isdigit() and len(flat) < 10 else None,
        "state": lambda: _STATES.get(flat),
        "review": lambda: _YES_NO.get(flat),
        "signature": lambda: _SIGNATURES.get(flat),
    }
    return readers.get(name, lambda: flat)()


def _numbers(draft: _Draft) -> tuple[Number, ...]:
    """The numbers that the free words may mean: the words with a slash, and all words together."""
    found = [Number(fold_code(slashed)) for slashed in draft.slashed]
    if draft.words and not draft.phrases and not any(words.prefix for words in draft.words):
        flat = " ".join(word for words in draft.words for word in words.folded)
        types: frozenset[str] = frozenset()
        for amount in range(min(5, len(draft.words) - 1), 0, -1):
            called = " ".join(word for words in draft.words[:amount] for word in words.folded)
            if called in type_names():
                types, flat = type_names()[called], flat.removeprefix(called + " ")
                break
        if match := _NUMBER.match(flat):
            found.append(Number(fold_code(match["code"]), types, int(match["year"]) if match["year"] else None))
    return tuple(dict.fromkeys(found))
