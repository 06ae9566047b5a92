"""Who signed and by what right: the block at the lower right of the main document's last written page (II.7)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.document import Field, Page, TextSource, Word
from pipeline.metadata.layout import Row, columns_at, rows_of
from pipeline.metadata.lexicons import begins_with, lexicons, respell
from pipeline.metadata.review import found, reading_confidence
from pipeline.metadata.syllables import is_syllable
from pipeline.vietnamese import canonical, fold

_RECIPIENTS = re.compile(r"^\W*n[o0][iu1]\s*nh[ạa]n\s*[:;.]?")
_APPENDIX = re.compile(r"^\W*(phu luc|bieu mau|mau so|danh sach)\b")
_PREFIX = re.compile(
    r"^\W*(T\s?\.?\s?M|K\s?\.?\s?T|T\s?\.?\s?L|T\s?\.?\s?U\s?\.?\s?Q|Q)\s?[.,:]\s*(?=\S)|^\W*(TM|KT|TL|TUQ)\s+(?=[A-ZĐ])"
)
_APPEARANCE = re.compile(
    r"^\W*(ky boi|nguoi ky|duoc ky|email|co quan|thoi gian|ngay ky|chuc vu|da ky|signature|#)"
    r"|\d{2}[:.]\d{2}[:.]\d{2}|\+0?7:?00"
)
_TITLES = re.compile(
    r"^(?:(?:GS|PGS|PGs|TSKH|TS|ThS|Ths|BSCKII|BSCKI|BS|CKII|CKI|NGND|NGƯT|TTND|TTƯT|KS|CN|LS|DS|Dr|"
    r"Thạc sĩ|Tiến sĩ|Bác sĩ)\b[.\s,]*)+"
)


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
    top: float | None = None  # where the block begins, for the neighbours
    left: float | None = None


def find_signature_page(pages: Sequence[Page]) -> SignaturePage | None:
    """The first page with "Nơi nhận", else the last page before an appendix on which a position stands at the right."""
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
        if _position_rows(columns_at(rows, 0.45 * page.width)[1], page):
            best = SignaturePage(page, rows, None)
    return best


def _may_sign(page: Page) -> bool:
    """Cheap: is there a line of capitals with a position, or "Nơi nhận", at all?"""
    text = " ".join(fold(page.text).split())
    return "noi nhan" in text or any(head in text for head in lexicons().heads) or "nhan:" in text


def _begins_appendix(page: Page) -> bool:
    return any(_APPENDIX.match(fold(line.text)) and line.box.top < 0.25 * page.height for line in page.lines[:6])


def _recipients_row(rows: Sequence[Row], page: Page) -> Row | None:
    for row in rows:
        match = _RECIPIENTS.match(row.folded)
        if match and row.box.left < 0.35 * page.width:
            piece = row.pieces(1.2)[0]
            if len(piece.plain) < 14 or match[0].rstrip().endswith(":"):
                return row
    return None


def _position_rows(rows: Sequence[Row], page: Page) -> list[Row]:
    return [r for r in rows if r.capitals > 0.75 and r.middle > 0.5 * page.width and (_position(r) or _prefix(r))]


def _prefix(row: Row) -> str:
    """The competence prefix with which a row begins, "" for none."""
    match = _PREFIX.match(row.text)
    if not match or row.capitals < 0.7:
        return ""
    return re.sub(r"[^A-Z]", "", (match[1] or match[2]).upper()) + "."


def _position(row: Row) -> str:
    """The row's position in known spelling, "" when it is none."""
    known = lexicons().positions
    plain = row.plain
    if plain in known:
        return respell(row.text.strip(" .,:;*-_'“”\"^"), known)
    for phrase in known:
        if begins_with(plain, phrase) and row.capitals > 0.8:
            return respell(row.text.strip(" .,:;*-_'“”\"^"), known)
    return next((name for key, name in known.items() if len(key) > 7 and fuzz.ratio(key, plain) >= 88), "")


def find_signatory(found_page: SignaturePage) -> Signatory:
    """Competence, position and name of the block at the right; several signatories side by side are joined by "; "."""
    page = found_page.page
    start = found_page.recipients.box.top - 45 if found_page.recipients is not None else 0.0
    rows = [row for row in found_page.rows if row.base > start]
    left, right = columns_at(rows, _gutter(found_page))
    blocks = [_block(right, page)]
    if found_page.recipients is None or not blocks[0].position:
        beside = _block([r for r in left if not _RECIPIENTS.match(r.folded)], page)
        if beside.position and beside.name and blocks[0].position and blocks[0].name:
            return _several(beside, blocks[0])
    return blocks[0]


def _gutter(found_page: SignaturePage) -> float:
    """Left of the signature block: the leftmost of its position rows, else the middle."""
    page = found_page.page
    candidates = [
        piece.box.left
        for row in found_page.rows
        for piece in row.pieces(0.85)
        if piece.box.left > 0.38 * page.width and piece.capitals > 0.8 and (_position(piece) or _prefix(piece))
    ]
    return max(min(candidates, default=0.47 * page.width) - 6, 0.36 * page.width)


def _block(rows: Sequence[Row], page: Page) -> Signatory:
    clean = [row for row in rows if not _APPEARANCE.search(row.folded)]
    prefixes: list[tuple[str, Row]] = []
    position_rows: list[Row] = []
    first: Row | None = None
    for row in clean:
        if row.capitals < 0.7:
            if position_rows:
                break
            continue
        prefix = _prefix(row)
        if prefix and not position_rows:
            prefixes.append((prefix, row))
            first = first or row
        elif _position(row) and (not position_rows or row.base - position_rows[-1].base < 2.6 * row.height):
            position_rows.append(row)
            first = first or row
    if first is None:
        return Signatory(doubted=("competence",))
    return _fields(clean, page, prefixes, position_rows, first)


def _fields(
    rows: Sequence[Row], page: Page, prefixes: list[tuple[str, Row]], positions: list[Row], first: Row
) -> Signatory:
    digital = page.source is TextSource.TEXT_LAYER
    doubted: list[str] = []
    competence, chosen = _competence(prefixes, positions, digital)
    position = _position_field(chosen, digital) if chosen else None
    if competence is None and (position is None or not digital):
        sure = (
            position is not None
            and position.confidence > 0.9
            and not fold(str(position.value)).startswith(("pho", "thu"))
        )
        if not sure:
            doubted.append("competence")
    anchor = chosen or first
    name = _name_field([r for r in rows if r.base > anchor.base + 0.5 * anchor.height], anchor, digital)
    return Signatory(
        competence, position, name, tuple(doubted), first.box.top, min(r.box.left for r in (first, anchor))
    )


def _competence(
    prefixes: list[tuple[str, Row]], positions: list[Row], digital: bool
) -> tuple[Field | None, Row | None]:
    """The prefixes in order; and the row with the position of the one who signed."""
    chosen = positions[0] if positions else None
    if not prefixes:
        if len(positions) > 1 and fold(_position(positions[1])) == "pho " + fold(_position(positions[0])):
            return found("KT.", 0.7, [positions[0]], "head-above-deputy"), positions[1]
        return None, chosen
    value = " ".join(prefix for prefix, _ in prefixes)
    words = [row.words[0] for _, row in prefixes]
    confidence = 0.97 if digital else 0.97 * min(0.4 + 0.6 * reading_confidence([word]) for word in words)
    deputy = chosen is not None and fold(_position(chosen)).startswith(("pho ", "thu truong"))
    if prefixes[-1][0] == "KT." and deputy:
        confidence = max(confidence, 0.96)
    elif deputy:
        confidence *= 0.8
    return found(value, confidence, [row for _, row in prefixes], "prefix"), chosen


def _position_field(row: Row, digital: bool) -> Field:
    value = _position(row)
    exact = fold(value) in lexicons().positions
    confidence = 0.98 if digital else (0.97 if exact else 0.95 * reading_confidence(row.words))
    return found(value, confidence, [row], "position")


def _name_field(rows: Sequence[Row], anchor: Row, digital: bool) -> Field | None:
    """The best row under the position that is built like a person's name."""
    best: tuple[float, str, Row] | None = None
    for row in rows:
        for piece in row.pieces(1.6):
            if abs(piece.middle - anchor.middle) > 90:
                continue
            name, score = _as_name(piece, digital)
            if score > 0 and (best is None or score > best[0]):
                best = score, name, piece
    if best is None:
        return None
    return found(best[1], best[0], [best[2]], "under-position")


def _as_name(row: Row, digital: bool) -> tuple[str, float]:
    """The person's name in a row without titles and specks, and how sure; 0 when it is none."""
    words = [w for w in row.words if any(c.isalpha() for c in w.text)]
    while words and not (words[0].text[:1].isupper() or words[0].text[:1] in "“\"'"):
        words.pop(0)
    text = _TITLES.sub("", " ".join(w.text for w in words)).strip(" .,;:-*“”\"'/")
    parts = text.split()
    if not 2 <= len(parts) <= 6 or any(not p[0].isupper() for p in parts):
        return "", 0.0
    if not all(p.isupper() for p in parts) and any(p[1:].lower() != p[1:] for p in parts):
        return "", 0.0
    kept = words[-len(parts) :]
    if any(c.isdigit() for c in text) or (all(p.isupper() for p in parts) and _position(row)):
        return "", 0.0
    family = canonical(parts[0]) in lexicons().family_names or canonical(" ".join(parts[:2])) in lexicons().family_names
    syllables = all(is_syllable(p) for p in parts)
    if not family and not syllables:
        return text, 0.05
    read = 0.97 if digital else 0.97 * _name_reading(kept)
    return text, read * (1.0 if family else 0.7) * (1.0 if syllables else 0.5)


def _name_reading(words: Sequence[Word]) -> float:
    return reading_confidence(words)


def _several(left: Signatory, right: Signatory) -> Signatory:
    """Two who signed side by side: the left one first, always to be looked at."""

    def both(a: Field | None, b: Field | None) -> Field | None:
        if a is None or b is None:
            return None
        return Field(f"{a.value}; {b.value}", min(a.confidence, b.confidence, 0.6), a.page, a.box, "several")

    return Signatory(
        right.competence,
        both(left.position, right.position),
        both(left.name, right.name),
        ("competence",),
        right.top,
        left.left,
    )
