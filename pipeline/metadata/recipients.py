"""To whom it goes: the list under "Nơi nhận:" at the lower left, perhaps over the page (Appendix I, II.9)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.document import Field, Page, TextSource, Word
from pipeline.metadata.layout import Row, columns_at, rows_of
from pipeline.metadata.lexicons import lexicons, respell
from pipeline.metadata.review import found, list_confidence
from pipeline.metadata.signatory import Signatory, SignaturePage
from pipeline.metadata.spelling import Body
from pipeline.vietnamese import nfc

_ITEM = re.compile(r"^\s*[-–—+*•·~]\s*")
_KEPT = re.compile(r"^\W*luu\b")
_ENDING = re.compile(r"[\s;.,:*]+$")


def find_recipients(place: SignaturePage, signatory: Signatory, pages: Sequence[Page], body: Body) -> Field | None:
    """The items of the list left of the signature block, without dash and final mark."""
    items, taken = _items(_rows_of_list(place, signatory))
    following = [page for page in pages if page.number == place.page.number + 1]
    if items and not _KEPT.match(_folded(items[-1])) and following:
        more, more_rows = _items(_list_on(following[0]))
        items, taken = items + more, taken + more_rows
    if not items:
        return None
    digital = place.page.source is TextSource.TEXT_LAYER
    values = tuple(value for value in (_clean(item, None if digital else body) for item in items) if value)
    words = [[word for row in item for word in row.words] for item in items]
    confidence = 0.96 if digital else 0.96 * list_confidence(words, 0.1, 0.8)
    if not any(_KEPT.match(_folded(item)) for item in items):
        confidence *= 0.7
    if place.recipients is None:
        confidence *= 0.85
    return found(values, confidence, taken, "list")


def _rows_of_list(place: SignaturePage, signatory: Signatory) -> list[Row]:
    """The rows under "Nơi nhận:"; where that was not read, those with dashes beside the block that keep a copy."""
    gutter = signatory.left - 4 if signatory.left is not None else 0.5 * place.page.width
    left = columns_at(place.rows, gutter)[0]
    if place.recipients is not None:
        label = place.recipients.pieces(1.2)[0]
        return [row for row in left if row.base > label.base + 2 and label.words[0] not in row.words]
    if signatory.top is None:
        return []
    beside = [row for row in left if row.base > signatory.top]
    start = next((at for at, row in enumerate(beside) if _ITEM.match(row.text)), len(beside))
    kept = any(_KEPT.match(_ITEM.sub("", row.folded)) for row in beside[start:])
    return beside[start:] if kept else []


def _folded(item: list[Row]) -> str:
    return _ITEM.sub("", item[0].folded)


def _items(rows: Sequence[Row]) -> tuple[list[list[Row]], list[Row]]:
    """Rows gathered into items: a dash begins one; the item that keeps a copy ("Lưu") is the last."""
    items: list[list[Row]] = []
    taken: list[Row] = []
    for row in rows:
        if taken and row.base - taken[-1].base > 3.2 * max(taken[-1].height, row.height, 8):
            break
        if len(row.plain) < 2:
            continue
        begins = bool(_ITEM.match(row.text)) or not items or _KEPT.match(row.folded) is not None
        if items and _KEPT.match(_folded(items[-1])) and (begins or row.base - taken[-1].base > 2 * row.height):
            break
        if not begins and _closed(items[-1], row):
            begins = True
        if begins:
            items.append([row])
        else:
            items[-1].append(row)
        taken.append(row)
    return items, taken


def _closed(item: list[Row], row: Row) -> bool:
    """Was the item before ended by its mark, so that a row whose dash was not read is the next?"""
    if item[-1].text.rstrip().endswith(";"):
        return True
    level = row.box.left <= item[0].box.left + 4
    return item[-1].text.rstrip().endswith(".") and row.text[:1].isupper() and level


def _clean(item: list[Row], body: Body | None) -> str:
    """The item's text; a recognised one (with `body`) in the spelling that lexicon and document know."""
    words = [nfc(word.text) for row in item for word in _without_ink(row)]
    text = _ITEM.sub("", " ".join(body.mended(words) if body else words))
    if body:
        text = respell(text, lexicons().recipient_phrases)
    return _ENDING.sub("", re.sub(r"\s+", " ", text)).strip()


def _without_ink(row: Row) -> Sequence[Word]:
    """The row's words up to its mark, when only badly read ones stand behind it: the signature reaches over."""
    for at, word in enumerate(row.words[:-1], 1):
        if word.text.endswith(";") and all(w.confidence < 0.6 or len(w.text) < 2 for w in row.words[at:]):
            return row.words[:at]
    return row.words


def _list_on(page: Page) -> list[Row]:
    """The list's rows at the top of the next page, when it begins with an item."""
    rows = columns_at(rows_of(page), 0.55 * page.width)[0]
    start = next((i for i, row in enumerate(rows[:3]) if _ITEM.match(row.text)), None)
    return list(rows[start:]) if start is not None else []
