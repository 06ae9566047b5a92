"""Who signed and by what right: the block at the lower right of the main document's last written page (II.7)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.document import Field, Page, SecondLook, TextSource
from pipeline.metadata.block import Block, deputies_sign_for, find_block, of_a_body, without_appearances
from pipeline.metadata.layout import Row, columns_at, rows_of, text_bottom
from pipeline.metadata.lexicons import lexicons
from pipeline.metadata.penned import ink_before, strokes_beside, with_doubt
from pipeline.metadata.person import find_name
from pipeline.metadata.pooling import pooled
from pipeline.metadata.review import found, reading_confidence
from pipeline.metadata.titles import Title, prefix_of, title_of
from pipeline.vietnamese import fold

ABOUT_SIGNATORY = "signatory"  # what a second look at a signature block is for
_RECIPIENTS = re.compile(r"^\W*n[o0][iu1l]\s*(nh[a-z][nm]|gu[i1l])\s*[:;.]?")
_RECIPIENTS_TORN = re.compile(r"^\W*\S{1,6}\s+nhan\s*[:;]\W*$")  # "@Wởi nhận:" under the seal
_APPENDIX = re.compile(r"^\W*(phu luc|bieu mau|mau so|danh sach|ban hanh kem theo|kem theo)\b")
_KEPT = re.compile(r"^\W*luu\b")
_LABEL_ALONE, _NEAR = 14, 220.0  # letters of a label without more behind it; points to the block or the list's end
_BESIDE = 45.0  # points above "Nơi nhận" where a block may begin beside it …
_ABOVE = 250.0  # … or above it, where the list stands under the block
_SIDES = 2  # blocks side by side: left and right of one gutter
_SURE_NAME, _SAME_BASE = 0.85, 6.0  # confidence; points
_SIDE_BY_SIDE = 36.0  # points between the positions of two who sign side by side
_OF_SEVERAL = 0.6  # confidence
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
        rows = rows_of(page)
        row = _recipients_row(rows, page)
        if row is not None:
            return SignaturePage(page, rows, row)
        right = [r for r in columns_at(rows, 0.45 * page.width)[1] if r.box.left > 0.42 * page.width]
        block = find_block(right)
        if block is None or not block.titles:
            continue
        if find_name(_below(right, block.last), block.last, digital=False) or len(_edges(rows)) > _SIDES:
            best = SignaturePage(page, rows, None)
    if best is None and looks:
        looked_at = next((page for page in pages if page.number == looks[0].zone.page), None)
        return SignaturePage(looked_at, rows_of(looked_at), None) if looked_at is not None else None
    return best


def _may_sign(page: Page) -> bool:
    """Cheap: is there a position, or "Nơi nhận", at all?"""
    text = " ".join(fold(page.text).split())
    return "noi nh" in text or "noi gui" in text or any(head in text for head in lexicons().heads) or "nhan:" in text


def _begins_appendix(page: Page) -> bool:
    return any(_APPENDIX.match(fold(line.text)) and line.box.top < 0.25 * page.height for line in page.lines[:6])


def label_in(row: Row) -> re.Match[str] | None:
    """ "Nơi nhận:" at the beginning of a row."""
    return _RECIPIENTS.match(row.folded)


def _recipients_row(rows: Sequence[Row], page: Page) -> Row | None:
    for row in rows:
        piece = row.pieces(1.2)[0]
        match = _RECIPIENTS.match(row.folded) or _RECIPIENTS_TORN.match(piece.folded)
        if not match or row.box.left >= 0.35 * page.width:
            continue
        named = match[0].rstrip().endswith(":") and _ends_a_document(
            [r for r in rows if abs(r.base - row.base) < _NEAR], page
        )
        if len(piece.plain) < _LABEL_ALONE or named:
            return row
    return None


def _ends_a_document(rows: Sequence[Row], page: Page) -> bool:
    """A position at the right or the file that keeps a copy; else "Nơi nhận: Phòng Tổ chức" stands in the text."""
    return any(
        (row.box.left < 0.35 * page.width and _KEPT.match(row.folded))
        or any(title_of(part) or prefix_of(part) for part in row.pieces(0.85) if part.box.left > 0.38 * page.width)
        for row in rows
    )


def find_signatory(place: SignaturePage, looks: Sequence[SecondLook] = ()) -> Signatory:
    """Competence, position and name of the block at the right; several signatories side by side are joined by "; ".

    `looks` are second readings of the block. Where nothing stands beside or under "Nơi nhận", it stands above.
    """
    top = place.recipients.box.top - _BESIDE if place.recipients is not None else 0.0
    seen = [look for look in looks if look.zone.page == place.page.number]
    found = _beside(place, [row for row in place.rows if row.base > top], seen)
    if found.position is not None or place.recipients is None:
        return found
    begins = max(text_bottom(place.page, top), top - _ABOVE)
    above = _beside(place, [row for row in place.rows if begins < row.base < top + _BESIDE], seen)
    return replace(above, left=None) if above.position is not None and above.name is not None else found


def _beside(place: SignaturePage, rows: Sequence[Row], looks: Sequence[SecondLook]) -> Signatory:
    first, rows = rows, pooled(rows, looks, place.page.number)
    edges = _edges(rows)
    if len(edges) > _SIDES:
        columns = [
            columns_at(columns_at(rows, left)[1], right)[0] for left, right in pairwise([*edges, place.page.width])
        ]
        several = [_signatory(column, place) for column in columns]
        if all(one.position and one.name for one in several) or _level(several):
            return _several(several)
    left, right = columns_at(rows, _gutter(place.page, rows))
    signatory = _penned(_signatory(right, place), right, [*first, *right], looks, place.page)
    beside = _signatory([row for row in left if not label_in(row)], place)
    if all((beside.position, beside.name, signatory.position, signatory.name)):
        return _several([beside, signatory])
    other = _name_beside(signatory, left, digital=place.page.source is TextSource.TEXT_LAYER)
    if other is not None:
        return _several([replace(beside, name=other), signatory])
    return signatory


def _name_beside(signatory: Signatory, left: Sequence[Row], *, digital: bool) -> Field | None:
    """A sure name on the signatory's own base line is another signatory's, whatever seals cover above it."""
    if signatory.name is None or signatory.name.box is None:
        return None
    base = signatory.name.box.centre[1]
    name = find_name([row for row in left if abs(row.base - base) < _SAME_BASE], None, digital=digital)
    return name if name is not None and name.confidence > _SURE_NAME else None


def _penned(
    signatory: Signatory, block: Sequence[Row], rows: Sequence[Row], looks: Sequence[SecondLook], page: Page
) -> Signatory:
    """The same signatory, in doubt where ink stands before the position of a head who signs in nobody's place."""
    position = signatory.position
    printed = next((row for row in block if position is not None and _holds(row, position)), None)
    title = title_of(printed) if printed is not None else None
    if position is None or printed is None or title is None or title.deputy or signatory.competence is not None:
        return signatory
    start = printed.words_at(printed.folded.find(fold(title.text)), len(printed.folded)) or printed.words
    ink = ink_before(replace(printed, words=start), rows, looks, printed.page)
    if not ink and not strokes_beside(replace(printed, words=start), page.strokes):
        return signatory
    competence, position = with_doubt(position, title, ink)
    return replace(signatory, competence=competence, position=position, doubted=(*signatory.doubted, "competence"))


def _holds(row: Row, field: Field) -> bool:
    return field.box is not None and abs(row.box.top - field.box.top) < 1 and abs(row.box.left - field.box.left) < 1


def _level(signatories: Sequence[Signatory]) -> bool:
    """Do all have positions, side by side? Their names may be written by hand."""
    tops = [one.position.box.centre[1] for one in signatories if one.position is not None and one.position.box]
    return len(tops) == len(signatories) and max(tops) - min(tops) < _SIDE_BY_SIDE


def _edges(rows: Sequence[Row]) -> list[float]:
    """Where the columns of several blocks begin, by positions and prefixes that do not stand above each other."""
    pieces = [piece for row in rows for piece in row.pieces(0.85) if title_of(piece) or prefix_of(piece)]
    spans: list[tuple[float, float]] = []
    for piece in sorted(pieces, key=lambda piece: piece.box.left):
        if spans and piece.box.left < spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], piece.box.right)
        else:
            spans.append((piece.box.left, piece.box.right))
    between = [(a[1] + b[0]) / 2 for a, b in pairwise(spans)]
    return [0.0, *between] if spans else []


def _gutter(page: Page, rows: Sequence[Row]) -> float:
    """Left of the signature block: the leftmost of its rows, else the middle."""
    candidates = [
        piece.box.left
        for row in rows
        for piece in row.pieces(0.85)
        if piece.box.left > 0.38 * page.width and (title_of(piece) or prefix_of(piece))
    ]
    return max(min(candidates, default=0.47 * page.width) - 6, 0.36 * page.width)


def _below(rows: Sequence[Row], anchor: Row) -> list[Row]:
    return [row for row in rows if row.base > anchor.base + 0.5 * anchor.height]


def _signatory(rows: Sequence[Row], place: SignaturePage) -> Signatory:
    digital = place.page.source is TextSource.TEXT_LAYER
    block = find_block(rows)
    clean = without_appearances(rows, block.last.height if block else 0.0)
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


def _competence(block: Block, digital: bool) -> tuple[Field | None, tuple[Title, Row] | None]:
    """The prefixes in order; and the title of the one who signed."""
    chosen = block.titles[0] if block.titles else None
    if len(block.titles) > 1 and fold(block.titles[1][0].text) == "pho " + fold(block.titles[0][0].text):
        before = " ".join(prefix for prefix, _ in block.prefixes)  # "KT." written by hand or under the seal
        sure = min(title.confidence for title, _ in block.titles[:2]) > 0.95 and not of_a_body(block.titles[0][0])
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
        last, row = block.prefixes[-1]
        confidence = max(confidence, 0.96) if last == "KT." else confidence * (1.0 if deputies_sign_for(row) else 0.8)
    return found(value, confidence, [row for _, row in block.prefixes], "prefix"), chosen


def _position(block: Block, chosen: tuple[Title, Row], digital: bool) -> Field:
    title, row = chosen
    confidence = 0.97
    above = block.prefixes[-1] if block.prefixes else None
    if above is not None and above[0] == "KT." and title.deputy and above[1].plain.endswith(fold(title.text)[4:]):
        confidence = 0.95  # "KT. GIÁM ĐỐC" above it says the same
    else:
        confidence *= title.confidence
    if not digital and not block.whole:
        confidence *= 0.8
    return found(title.text, confidence, [row], "position")


def _several(signatories: Sequence[Signatory]) -> Signatory:
    """Those who signed side by side, from the left, always to be looked at."""

    def all_of(fields: Sequence[Field | None]) -> Field | None:
        given = [field for field in fields if field is not None]
        if not given:
            return None
        first, value = given[0], "; ".join(str(field.value) for field in given)
        return Field(value, min(_OF_SEVERAL, *(f.confidence for f in given)), first.page, first.box, "several")

    last, powers = signatories[-1], [one.competence for one in signatories]
    return Signatory(
        all_of(powers) if all(powers) else last.competence,
        all_of([one.position for one in signatories]), all_of([one.name for one in signatories]),
        ("competence",), signatories[0].left, signatories[0].top,
    )  # fmt: skip
