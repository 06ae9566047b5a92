"""Who signed and by what right: the block at the lower right of the main document's last written page (II.7)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.document import Field, Page, SecondLook, TextSource
from pipeline.metadata.layout import Row, columns_at, rows_of
from pipeline.metadata.lexicons import lexicons
from pipeline.metadata.person import find_name
from pipeline.metadata.pooling import pooled
from pipeline.metadata.review import found, reading_confidence
from pipeline.metadata.titles import Title, is_collective, prefix_of, title_of
from pipeline.vietnamese import fold

ABOUT_SIGNATORY = "signatory"  # what a second look at a signature block is for
_RECIPIENTS = re.compile(r"^\W*n[o0][iu1l]\s*(nh[a-z]n|gu[i1l])\s*[:;.]?")
_RECIPIENTS_TORN = re.compile(r"^\W*\S{1,6}\s+nhan\s*[:;]\W*$")  # "@Wởi nhận:" under the seal
_APPENDIX = re.compile(r"^\W*(phu luc|bieu mau|mau so|danh sach|ban hanh kem theo|kem theo)\b")
_APPEARANCE = re.compile(
    r"^\W*(ky boi|nguoi ky|duoc ky|email|co quan|thoi gian|ngay ky|chuc vu|da ky|signature|#)"
    r"|\d{2}[:.]\d{2}[:.]\d{2}|\+0?7:?00"
)
_USUAL_STEP = 2.1  # between two rows of a block, in heights of a row; more, and a row under the seal may be lost
_FAR_BELOW = 60.0  # points under "Nơi nhận" where a block does not begin any more


@dataclass(frozen=True)
class SignaturePage:
    """The page where the main document ends, its rows, and the "Nơi nhận" row where there is one."""

    page: Page
    rows: tuple[Row, ...]
    recipients: Row | None


@dataclass(frozen=True)
class Signatory:
    competence: Field | None = None
    position: Field | None = None
    name: Field | None = None
    doubted: tuple[str, ...] = ()
    left: float | None = None  # where the block begins, for the neighbours
    top: float | None = None


@dataclass(frozen=True)
class _Block:
    """The rows of capitals above a name: prefixes, then titles; `whole` when nothing seems lost between them."""

    prefixes: tuple[tuple[str, Row], ...]
    titles: tuple[tuple[Title, Row], ...]
    whole: bool

    @property
    def closed(self) -> bool:
        """Can no further row have stood in it? "TL. CHỦ TỊCH" above a title, "KT. GIÁM ĐỐC" above a deputy's."""
        last = self.prefixes[-1][0] if self.prefixes else ""
        return bool(self.titles) and (self.titles[0][0].deputy or last in {"TL.", "TUQ.", "Q."})

    @property
    def first(self) -> Row:
        return (self.prefixes or self.titles)[0][1]

    @property
    def last(self) -> Row:
        return (self.titles or self.prefixes)[-1][1]


def find_signature_page(pages: Sequence[Page], looks: Sequence[SecondLook] = ()) -> SignaturePage | None:
    """The first page with "Nơi nhận", else the last page before an appendix on which a block stands at the right.

    Where neither was read, the page of a second look at a signature block.
    """
    best: SignaturePage | None = None
    for page in pages:
        if page is not pages[0] and _begins_appendix(page) and best is not None:
            break
        if not _may_sign(page):
            continue
        rows = tuple(rows_of(page))
        row = _recipients_row(rows, page)
        if row is not None:
            return SignaturePage(page, rows, row)
        right = [r for r in columns_at(rows, 0.45 * page.width)[1] if r.box.left > 0.42 * page.width]
        block = _find_block(right)
        if block is not None and block.titles and find_name(_below(right, block.last), block.last, digital=False):
            best = SignaturePage(page, rows, None)
    if best is None and looks:
        looked_at = next((page for page in pages if page.number == looks[0].zone.page), None)
        return SignaturePage(looked_at, tuple(rows_of(looked_at)), None) if looked_at is not None else None
    return best


def _may_sign(page: Page) -> bool:
    """Cheap: is there a position, or "Nơi nhận", at all?"""
    text = " ".join(fold(page.text).split())
    return "noi nh" in text or "noi gui" in text or any(head in text for head in lexicons().heads) or "nhan:" in text


def _begins_appendix(page: Page) -> bool:
    return any(_APPENDIX.match(fold(line.text)) and line.box.top < 0.25 * page.height for line in page.lines[:6])


def is_recipients_label(row: Row) -> bool:
    return _RECIPIENTS.match(row.folded) is not None


def _recipients_row(rows: Sequence[Row], page: Page) -> Row | None:
    for row in rows:
        piece = row.pieces(1.2)[0]
        match = _RECIPIENTS.match(row.folded) or _RECIPIENTS_TORN.match(piece.folded)
        alone = match and (len(piece.plain) < 14 or match[0].rstrip().endswith(":"))
        if alone and row.box.left < 0.35 * page.width:
            return row
    return None


def find_signatory(place: SignaturePage, looks: Sequence[SecondLook] = ()) -> Signatory:
    """Competence, position and name of the block at the right; several signatories side by side are joined by "; ".

    `looks` are second readings of the block.
    """
    top = place.recipients.box.top if place.recipients is not None else 0.0
    rows = [row for row in place.rows if row.base > top - 45]
    left, right = columns_at(rows, _gutter(place))
    right = tuple(pooled(right, [look for look in looks if look.zone.page == place.page.number], place.page.number))
    signatory = _signatory(right, place)
    beside = _signatory([row for row in left if not is_recipients_label(row)], place)
    if all((beside.position, beside.name, signatory.position, signatory.name)):
        return _several(beside, signatory)
    return signatory


def _gutter(place: SignaturePage) -> float:
    """Left of the signature block: the leftmost of its rows, else the middle."""
    page = place.page
    top = place.recipients.box.top - 45 if place.recipients is not None else 0.0
    candidates = [
        piece.box.left
        for row in place.rows
        if row.base > top
        for piece in row.pieces(0.85)
        if piece.box.left > 0.38 * page.width and (title_of(piece) or prefix_of(piece))
    ]
    return max(min(candidates, default=0.47 * page.width) - 6, 0.36 * page.width)


def _below(rows: Sequence[Row], anchor: Row) -> list[Row]:
    return [row for row in rows if row.base > anchor.base + 0.5 * anchor.height]


def _find_block(rows: Sequence[Row]) -> _Block | None:
    """Prefixes and titles in the order printed, up to the signature's room."""
    prefixes: list[tuple[str, Row]] = []
    titles: list[tuple[Title, Row]] = []
    taken: list[Row] = []
    whole = True
    for row in rows:
        if _APPEARANCE.search(row.folded):
            continue
        step = row.base - taken[-1].base if taken else 0.0
        if taken and step > 5 * max(row.height, 9):
            break
        prefix = prefix_of(row)
        title = None if prefix else title_of(row)
        if prefix and not titles:
            prefixes.append((prefix, row))
            acting = title_of(row.part(1) or row) if prefix == "Q." and len(row.words) > 1 else None
            if acting:
                titles.append((acting, row))
        elif title:
            titles.append((title, row))
        elif row.capitals > 0.8 and is_collective(row) and not titles:
            whole = False  # "TM." stood before it, most likely
            continue
        else:
            continue
        whole = whole and step < _USUAL_STEP * max(row.height, 9)
        taken.append(row)
    return _Block(tuple(prefixes), tuple(titles), whole) if taken else None


def _signatory(rows: Sequence[Row], place: SignaturePage) -> Signatory:
    digital = place.page.source is TextSource.TEXT_LAYER
    block = _find_block(rows)
    clean = [row for row in rows if not _APPEARANCE.search(row.folded)]
    if block is None:
        under = [row for row in clean if place.recipients is not None and row.box.left > 0.42 * place.page.width]
        name = find_name(under, None, digital=digital)
        return Signatory(name=name, doubted=("competence",))
    if place.recipients is not None and block.first.base - place.recipients.base > _FAR_BELOW:
        block = replace(block, whole=False)
    name = find_name(_below(clean, block.first), block.last, digital=digital)
    if name is None and not digital and not block.closed:
        block = replace(block, whole=False)  # what hid the name may hide a row of the block
    competence, chosen = _competence(block, digital)
    position = _position(block, chosen, digital) if chosen else None
    sure = block.whole and position is not None and position.confidence >= 0.9
    complete = block.whole and bool(block.prefixes) and block.prefixes[-1][0] == "KT."
    if competence is not None and not (sure or complete) and not digital:
        competence = replace(competence, confidence=round(competence.confidence * 0.8, 3))
    deputy = chosen is not None and chosen[0].deputy
    doubted = ("competence",) if competence is None and (not sure or deputy) else ()
    left = min(block.first.box.left, block.last.box.left)
    return Signatory(competence, position, name, doubted, left, block.first.box.top)


def _competence(block: _Block, digital: bool) -> tuple[Field | None, tuple[Title, Row] | None]:
    """The prefixes in order; and the title of the one who signed."""
    chosen = block.titles[0] if block.titles else None
    if len(block.titles) > 1 and fold(block.titles[1][0].text) == "pho " + fold(block.titles[0][0].text):
        before = " ".join(prefix for prefix, _ in block.prefixes)  # "KT." written by hand or under the seal
        sure = min(title.confidence for title, _ in block.titles[:2]) > 0.95 and not _of_a_body(block.titles[0][0])
        return found(f"{before} KT.".strip(), 0.9 if sure else 0.7, [block.titles[0][1]], "head-above-deputy"), (
            block.titles[1]
        )
    if not block.prefixes:
        return None, chosen
    value = " ".join(prefix for prefix, _ in block.prefixes)
    confidence = 0.97
    if not digital:
        confidence *= min(0.4 + 0.6 * reading_confidence([row.words[0]]) for _, row in block.prefixes)
    if chosen is not None and chosen[0].deputy:
        confidence = max(confidence, 0.96) if block.prefixes[-1][0] == "KT." else confidence * 0.8
    return found(value, confidence, [row for _, row in block.prefixes], "prefix"), chosen


def _of_a_body(title: Title) -> bool:
    """Does its bearer sign on behalf of a body, too, so that "TM." may have stood above?"""
    return fold(title.text).startswith(("chu tich", "chu nhiem", "bi thu", "truong ban"))


def _position(block: _Block, chosen: tuple[Title, Row], digital: bool) -> Field:
    title, row = chosen
    confidence = 0.97
    above = block.prefixes[-1] if block.prefixes else None
    if above is not None and above[0] == "KT." and title.deputy and above[1].plain.endswith(fold(title.text)[4:]):
        confidence = 0.95  # "KT. GIÁM ĐỐC" above it says the same
    elif not digital:
        confidence *= title.confidence
    if not digital and not block.whole:
        confidence *= 0.8
    return found(title.text, confidence, [row], "position")


def _several(left: Signatory, right: Signatory) -> Signatory:
    """Two who signed side by side: the left one first, always to be looked at."""

    def both(a: Field | None, b: Field | None) -> Field | None:
        if a is None or b is None:
            return None
        return Field(f"{a.value}; {b.value}", min(a.confidence, b.confidence, 0.6), a.page, a.box, "several")

    position, name = both(left.position, right.position), both(left.name, right.name)
    return Signatory(right.competence, position, name, ("competence",), left.left)
