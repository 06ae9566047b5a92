"""To whom it goes: the list under "Nơi nhận:" at the lower left, perhaps over the page (Appendix I, II.9)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from pipeline.document import Box, Field, Look, Page, Reading, SecondLook, TextSource, Word, Zone
from pipeline.metadata.block import is_appearance
from pipeline.metadata.crumbs import is_odd, swept, with_roman
from pipeline.metadata.gaps import filled, has_gaps
from pipeline.metadata.layout import Row, columns_at, rows_of, signing_seals
from pipeline.metadata.lexicons import lexicons, respell, vouched
from pipeline.metadata.proofreading import Proof
from pipeline.metadata.reread import Judge, reread, seen_alone
from pipeline.metadata.review import LOOK_BELOW, found, list_confidence
from pipeline.metadata.signatory import Signatory, SignaturePage, find_signatory, find_signature_page, label_in
from pipeline.metadata.spelling import Body
from pipeline.settings import MetadataSettings
from pipeline.vietnamese import nfc

ABOUT_RECIPIENTS = "recipients"
_LOST = 0.6  # confidence of a list of which a row seems to be lost
_BODY_PAGES = 8  # enough to learn how a document spells its names
_MARGIN = 12.0  # points around a list that is read again
_DASH = re.compile(r"^\s*[-–—+*•·~]\s*")
_ITEM = re.compile(r"^\s*(?:[-–—+*•·~]|[„“\"'‘_=«»](?=\W*\w)(?!.*[”\"'’]))\s*")  # also what a reader makes of a dash
_TIGHT = re.compile(r"([^\W\d][,;])([^\W\d])")  # a mark between letters: the reader lost the blank
_PHRASE = 0.985  # chance of a word in a known phrase
_INDENT = 70.0  # points from the label within which rows of the list begin
_APART = 3.0  # heights of a row between words that are not the same list's
_ABOVE_SEAL = 70.0  # points from a list's label to the seal beside it, at most
_KEPT = re.compile(r"^\W*luu\b")
_ENDING = re.compile(r"[\s;.,:*/⁄\\|_–-]+$")


def find_recipients(
    place: SignaturePage, signatory: Signatory, pages: Sequence[Page], body: Body, looks: Sequence[SecondLook] = ()
) -> Field | None:
    """The items of the list left of the signature block, without dash and final mark."""
    about = [look for look in looks if look.zone.about == ABOUT_RECIPIENTS and look.zone.page == place.page.number]
    judge: Judge = lambda words: [proof.chance for proof in body.proofs(words)]  # noqa: E731
    rows = _rows_of_list(place, signatory)
    if about and rows:
        rows = filled(reread(rows, about, judge), about, place.recipients)
    elif about:
        rows = _list_among(seen_alone(about, judge))
    items, taken = _items(rows)
    lost = place.page.source is TextSource.OCR and has_gaps(rows, taken, place.recipients)
    following = [page for page in pages if page.number == place.page.number + 1]
    if items and not _KEPT.match(_folded(items[-1])) and following:
        more, more_rows = _items(_list_on(following[0]))
        items, taken = items + more, taken + more_rows
    if not items:
        return None
    digital = place.page.source is TextSource.TEXT_LAYER
    words = [[word for row in item for word in _without_ink(row)] for item in items]
    proofs = [[Proof(nfc(w.text), 1.0) for w in own] if digital else body.proofs(own) for own in words]
    values = tuple(value for value in (_clean(own, respelled=not digital) for own in proofs) if value)
    chances = [(own, _chances(checked)) for own, checked in zip(words, proofs, strict=True)]
    confidence = 0.96 if digital else 0.96 * list_confidence(chances, 0.1, 0.8)
    if not any(_KEPT.match(_folded(item)) for item in items):
        confidence *= 0.7
    if place.recipients is None:
        confidence *= 0.85
    if lost:
        confidence *= _LOST
    broken = any(_fits(a, b, taken) for item in items for a, b in pairwise(item))
    if not digital and (broken or _begins_torn(taken)):
        confidence *= _LOST
    if not digital and any(
        is_odd(_ENDING.sub("", _DASH.sub("", " ".join(word.text for word in own)))) for own in words
    ):
        confidence *= 0.7  # ink read as a sign that no list has: the words beside it suffered too
    return found(values, confidence, taken, "list")


def _begins_torn(rows: Sequence[Row]) -> bool:
    """Does a row begin right of where the list's text does, as if its first word were lost?"""
    return any(not _ITEM.match(row.text) and _text_left(row) > _edge(rows) + row.height for row in rows)


def _text_left(row: Row) -> float:
    return next((w.box.left for w in row.words if any(map(str.isalnum, w.text))), row.box.left)


def _edge(rows: Sequence[Row]) -> float:
    """Where the text of a list's rows begins, behind their dashes."""
    return median(map(_text_left, rows))


def recipients_zones(reading: Reading, settings: MetadataSettings) -> tuple[Zone, ...]:
    """The list, to be read again as print, where the first reading leaves it in doubt or did not see it."""
    written = [page for page in reading.pages if page.source in {TextSource.TEXT_LAYER, TextSource.OCR} and page.lines]
    place = find_signature_page(written) if written else None
    if place is None:
        page = next((page for page in written if signing_seals(page) and page.source is TextSource.OCR), None)
        return (_beside_seal(page),) if page is not None else ()
    if place.page.source is not TextSource.OCR:
        return ()
    signatory = find_signatory(place)
    found = find_recipients(place, signatory, written, Body(tuple(written[:_BODY_PAGES])))
    if found is None and place.recipients is None and signing_seals(place.page):
        return (_beside_seal(place.page),)
    if found is None or found.confidence >= min(settings.review_below, LOOK_BELOW) or found.page != place.page.number:
        return ()
    _, taken = _items(_rows_of_list(place, signatory))
    label = [place.recipients.pieces(1.2)[0]] if place.recipients is not None else []
    box = Box.around([row.box for row in taken if row.page == place.page.number])
    box = Box(box.left, min([box.top, *(row.base + _MARGIN / 2 for row in label)]), box.right, box.bottom)
    wide = Box(
        max(box.left - _MARGIN, 0.0), max(box.top - _MARGIN / 2, 0.0),
        min(box.right + 2 * _MARGIN, place.page.width), min(box.bottom + _MARGIN, place.page.height),
    )  # fmt: skip
    return (Zone(place.page.number, wide, Look.PRINT, ABOUT_RECIPIENTS),)


def _beside_seal(page: Page) -> Zone:
    """Left of the likeliest seal, from a little above it: there the list begins."""
    seal = signing_seals(page)[0]
    box = Box(
        0.06 * page.width, max(seal.top - _ABOVE_SEAL, 0.0),
        max(seal.left - _MARGIN, 0.1 * page.width), min(seal.bottom + _ABOVE_SEAL, page.height),
    )  # fmt: skip
    return Zone(page.number, box, Look.PRINT, ABOUT_RECIPIENTS)


def _rows_of_list(place: SignaturePage, signatory: Signatory) -> list[Row]:
    """The rows under "Nơi nhận:"; where that was not read, those with dashes beside the block that keep a copy."""
    gutter = signatory.left - 4 if signatory.left is not None else 0.5 * place.page.width
    left = columns_at(place.rows, gutter)[0]
    if place.recipients is not None:
        label = place.recipients.pieces(1.2)[0]
        under = [row for row in left if row.base > label.base + 2 and label.words[0] not in row.words]
        first = [item for row in left if label.words[0] in row.words for item in _behind_label(row)]
        return [*first, *_in_column(under, label.box.left), *_second_column(under, label.box.left)]
    if signatory.top is None:
        return []
    beside = _in_column((row for row in left if row.base > signatory.top), None)
    start = next((at for at, row in enumerate(beside) if _ITEM.match(row.text)), len(beside))
    kept = any(_KEPT.match(_ITEM.sub("", row.folded)) for row in beside[start:])
    return beside[start:] if kept else []


def _list_among(rows: Sequence[Row]) -> list[Row]:
    """The rows under "Nơi nhận:" of a list that only a second look saw."""
    label = next((row for row in rows if label_in(row)), None)
    return _in_column((row for row in rows if row.base > label.base + 2), label.box.left) if label else []


def _behind_label(row: Row) -> list[Row]:
    """The first item where it stands in the label's own row: "Nơi nhận: - Như trên;"."""
    label = label_in(row)
    rest = row.part(len(row.words_at(0, label.end()))) if label else None
    return [rest] if rest is not None and _ITEM.match(rest.text) and len(rest.plain) > 3 else []


def _second_column(rows: Sequence[Row], label: float) -> list[Row]:
    """Items that stand beside others, as long lists have them: each begins with a dash, one under the other."""
    rest = [part for row in rows for part in (row.part(_reach(row)),) if part is not None]
    items = [
        part for part in rest if _ITEM.match(part.text) and part.box.left > label + _INDENT and len(part.plain) > 1
    ]
    if len(items) < 2 and not any(_KEPT.match(_ITEM.sub("", part.folded)) for part in items):
        return []
    return [part for part in items if abs(part.box.left - items[0].box.left) < part.height]


def _in_column(rows: Iterable[Row], label: float | None) -> list[Row]:
    """The rows' parts that belong to the list, by their own heights: what stands far to the right is a seal's."""
    parts = [row.part(0, _reach(row)) for row in rows]
    kept = [part for part in parts if part is not None]
    edge = label if label is not None else min((row.box.left for row in kept), default=0.0)
    return sorted((row for row in kept if row.box.left < edge + _INDENT), key=lambda row: row.base)


def _reach(row: Row) -> int:
    """How many words of a row stand together; the gap behind a dash may be a tabulator's."""
    for at in range(1, len(row.words)):
        gap = row.words[at].box.left - row.words[at - 1].box.right
        if gap > _APART * row.height and any(c.isalnum() for c in row.words[at - 1].text):
            return at
    return len(row.words)


def _folded(item: list[Row]) -> str:
    return _ITEM.sub("", item[0].folded)


def _items(rows: Sequence[Row]) -> tuple[list[list[Row]], list[Row]]:
    """Rows gathered into items: a dash begins one; the item that keeps a copy ("Lưu") is the last."""
    items: list[list[Row]] = []
    taken: list[Row] = []
    for row in rows:
        if taken and row.base - taken[-1].base > 3.2 * max(taken[-1].height, row.height, 8):
            break
        if len(row.plain) < 2 or is_appearance(row):
            continue
        begins = bool(_ITEM.match(row.text)) or not items or _KEPT.match(row.folded) is not None
        if not begins and (_closed(items[-1], row) or _had_room(taken, row, rows)):
            begins = True
        if items and _KEPT.match(_folded(items[-1])) and (begins or row.base - taken[-1].base > 2 * row.height):
            break
        if begins:
            items.append([row])
        else:
            items[-1].append(row)
        taken.append(row)
    return items, taken


def _had_room(taken: Sequence[Row], row: Row, rows: Sequence[Row]) -> bool:
    """Is a row an item of its own, in a list that lost its dashes?"""
    return 2 * sum(bool(_ITEM.match(other.text)) for other in rows) <= len(rows) and _fits(taken[-1], row, rows)


def _fits(above: Row, row: Row, rows: Sequence[Row]) -> bool:
    """Would a row's first word have stood in the row above, were it not an item's?"""
    first = next((word for word in row.words if any(map(str.isalnum, word.text))), row.words[0])
    right = max(other.box.right for other in rows)
    fits = above.box.right + row.height + first.box.width < right
    return fits and first.text[:1].isupper() and _text_left(row) < _edge(rows) + row.height


def _closed(item: list[Row], row: Row) -> bool:
    """Was the item before ended by its mark, so that a row whose dash was not read is the next?"""
    if item[-1].text.rstrip().endswith(";"):
        return True
    lettered = [word for word in item[0].words if any(c.isalnum() for c in word.text)]
    level = row.box.left <= (lettered[0] if lettered else item[0]).box.left + 4
    return item[-1].text.rstrip().endswith(".") and row.text[:1].isupper() and level


def _clean(words: Sequence[Proof], *, respelled: bool) -> str:
    """The item's text; a recognised one in the spelling that lexicons know, with a blank after each comma."""
    text = _ITEM.sub("", " ".join(word.text for word in words))
    if respelled:
        text = respell(_TIGHT.sub(r"\1 \2", text), lexicons().recipient_phrases)
        text = swept(with_roman(text))
    return _ENDING.sub("", re.sub(r"\s+", " ", text)).strip()


def _chances(proofs: Sequence[Proof]) -> list[float]:
    """The chances of an item's words; a phrase that such lists are made of speaks for its own."""
    known = vouched([proof.text for proof in proofs], lexicons().recipient_phrases)
    return [max(proof.chance, _PHRASE) if own else proof.chance for proof, own in zip(proofs, known, strict=True)]


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
