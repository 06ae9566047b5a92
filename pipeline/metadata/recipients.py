"""To whom it goes: the list under "Nơi nhận:" at the lower left, perhaps over the page (Appendix I, II.9)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.document import Field, Page, TextSource
from pipeline.metadata.layout import Row, columns_at, rows_of
from pipeline.metadata.review import found, tolerant_confidence
from pipeline.metadata.signatory import SignaturePage

_ITEM = re.compile(r"^\s*[-–—+*•·~]\s*")
_KEPT = re.compile(r"^\W*luu\b")
_ENDING = re.compile(r"[\s;.,:*]+$")


def find_recipients(place: SignaturePage, gutter: float, pages: Sequence[Page]) -> Field | None:
    """The items of the list, without dash and final mark; `gutter` is where the signature block begins."""
    if place.recipients is None:
        return None
    rows = [row for row in columns_at(place.rows, gutter)[0] if row.base > place.recipients.base + 2]
    items, taken = _items(rows)
    following = [page for page in pages if page.number == place.page.number + 1]
    if items and not _KEPT.match(_folded(items[-1])) and following:
        more, more_rows = _items(_list_on(following[0]))
        items, taken = items + more, taken + more_rows
    if not items:
        return None
    values = tuple(value for value in (_clean(item) for item in items) if value)
    digital = place.page.source is TextSource.TEXT_LAYER
    confidence = 0.95 if digital else 0.95 * tolerant_confidence([w for row in taken for w in row.words])
    if not any(_KEPT.match(_folded(item)) for item in items):
        confidence *= 0.7
    return found(values, confidence, taken, "list")


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


def _clean(item: list[Row]) -> str:
    text = _ITEM.sub("", " ".join(row.text for row in item))
    return _ENDING.sub("", re.sub(r"\s+", " ", text)).strip()


def _list_on(page: Page) -> list[Row]:
    """The list's rows at the top of the next page, when it begins with an item."""
    rows = columns_at(rows_of(page), 0.55 * page.width)[0]
    start = next((i for i, row in enumerate(rows[:3]) if _ITEM.match(row.text)), None)
    return list(rows[start:]) if start is not None else []
