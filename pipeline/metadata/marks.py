"""Marks of urgency and secrecy: stamps that stand alone in the header area, never words in a sentence (II.10)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.document import Field, TextSource
from pipeline.metadata.layout import Header, Row
from pipeline.metadata.lexicons import lexicons
from pipeline.metadata.review import found
from pipeline.vietnamese import canonical

URGENCY: Mapping[str, str] = {
    "hoa toc": "Hỏa tốc",
    "thuong khan": "Thượng khẩn",
    "khan": "Khẩn",
    "hoa toc hen gio": "Hỏa tốc",
}
SECRECY: Mapping[str, str] = {"mat": "Mật", "toi mat": "Tối mật", "tuyet mat": "Tuyệt mật"}
_LABEL = re.compile(r"^do (mat|khan) ")


@dataclass(frozen=True)
class Marks:
    priority: Field | None = None
    secrecy: Field | None = None
    doubted: tuple[str, ...] = ()


def find_marks(header: Header, body_begins: float) -> Marks:
    """Stamps above the body of the first page. What may be one of secrecy is doubted rather than passed over."""
    priority: Field | None = None
    secrecy: Field | None = None
    doubted: list[str] = []
    for piece in (p for row in header.rows for p in row.pieces(1.0)):
        if piece.base > body_begins or len(piece.plain) > 24:
            continue
        value, sure = _mark(piece, URGENCY, header)
        if value and (priority is None or priority.confidence < sure):
            priority = found(value, sure, [piece], "stamp")
        value, sure = _mark(piece, SECRECY, header)
        if value and sure >= 0.8 and (secrecy is None or secrecy.confidence < sure):
            secrecy = found(value, sure, [piece], "stamp")
        elif value:
            doubted.append("secrecy")
    return Marks(priority, secrecy, tuple(dict.fromkeys(doubted if secrecy is None else ())))


def _mark(piece: Row, marks: Mapping[str, str], header: Header) -> tuple[str, float]:
    """The mark that a piece is, and how sure; ("", 0) when it is none."""
    plain = _LABEL.sub("", piece.plain)
    digital = header.page.source is TextSource.TEXT_LAYER
    labelled = plain != piece.plain
    if plain in marks:
        if piece.capitals < 0.99 and not labelled:
            return "", 0.0
        spelled = canonical(re.sub(r"[^\w\s]", "", piece.text)).strip()
        wanted = canonical(marks[plain])
        if labelled or spelled == wanted:
            return marks[plain], 0.97 if digital else 0.93
        return marks[plain], 0.88 if len(plain) > 4 else 0.6
    if piece.capitals > 0.9 and len(plain) >= 6:
        near = max(marks, key=lambda mark: fuzz.ratio(mark, plain))
        heading = any(fuzz.ratio(kind.heading, plain) > fuzz.ratio(near, plain) for kind in lexicons().types)
        if len(near) >= 6 and fuzz.ratio(near, plain) >= 80 and not heading:
            return marks[near], 0.75
    return "", 0.0
