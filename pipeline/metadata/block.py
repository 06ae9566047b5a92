"""The rows of capitals above a signature - on whose behalf, in whose place, as what - and the stamps to leave out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.metadata.layout import Row
from pipeline.metadata.person import name_in
from pipeline.metadata.syllables import is_syllable
from pipeline.metadata.titles import Title, is_collective, prefix_of, title_of
from pipeline.vietnamese import fold

_APPEARANCE = re.compile(
    r"^\W*(ky boi|ky so|nguoi ky|duoc ky|email|co quan|thoi gian|ngay ky|chuc vu|signature|signer|digitally|date\s?:|"
    r"reason\s?:|location\s?:|to chuc\s?:|don vi\s?:|ly do\s?:|dia diem\s?:|#|da ky(\W*$|\s+(boi|so|dien tu|ngay|luc)))"
    r"|\d{2}[:.]\d{2}[:.]\d{2}|\+0?7:?00"
)
_BODIES = re.compile(
    r"\b(ban thuong vu|ban chap hanh|ban thuong truc|thuong truc|doan chu tich|dang uy|ban bi thu|bch|btv)\b"
)
_SMALL = 0.85  # of a title's height: the letters of a digital signature's picture
_SMALL_LETTERS, _LONGEST_TITLE = 0.6, 8  # the share of capitals at most; words
_LIKE_STAMP = 1.2  # times the height of its other rows
_FLUSH = 6.0  # points between the beginnings of its rows
_NEAR_STAMP = 3.0  # heights of its rows
_USUAL_STEP = 2.1  # between two rows of a block, in heights of a row; more, and a row under the seal may be lost
_SAME_ROW = 0.8  # heights between two readings of one row
_NEXT_STEP = 1.8  # … and from a row to the one that ends its sentence
_SURE = 0.9  # of every word of a row that goes on with the one above it
_JOINED = 0.7  # the confidence of a position of two rows
_ROOM = 5.0  # heights of a row: more, and the signature stands between


@dataclass(frozen=True)
class Block:
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


def find_block(rows: Sequence[Row]) -> Block | None:
    """Prefixes and titles in the order printed, up to the signature's room."""
    prefixes: list[tuple[str, Row]] = []
    titles: list[tuple[Title, Row]] = []
    last: Row | None = None
    whole = True
    for row in _once(rows):
        height = max(row.height, 9)
        step = row.base - last.base if last else 0.0
        if step > _ROOM * height:
            break
        prefix = prefix_of(row)
        title = None if prefix else title_of(row, small=bool(prefixes) and _in_small(prefixes[-1][1], row))
        if prefix and not titles:
            prefixes.append((prefix, row))
            acting = title_of(row.part(1) or row) if prefix == "Q." and len(row.words) > 1 else None
            if acting:
                titles.append((acting, row))
        elif title:
            titles.append((title, row))
        elif last is not None and _goes_on(last, row):
            if titles:
                titles[-1] = _joined(titles[-1], row)
        elif row.capitals > 0.8 and is_collective(row) and not titles:
            whole = False  # "TM." stood before it, most likely
            continue
        else:
            continue
        whole = whole and step < _USUAL_STEP * height
        last = row
    return Block(tuple(prefixes), tuple(titles), whole) if prefixes or titles else None


def _once(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows that are no digital signature's; of two readings of one row that skew keeps apart, the first."""
    above: Row | None = None
    for row in rows:
        if is_appearance(row):
            continue
        same = above is not None and row.base - above.base < _SAME_ROW * max(row.height, 9)
        if not (above is not None and same and prefix_of(row) and prefix_of(row) == prefix_of(above)):
            yield row
        above = row


def _in_small(prefixed: Row, row: Row) -> bool:
    """Is a row short and in small letters like the prefix's above it: "TL. Hiệu trưởng / Trưởng phòng Đào tạo"?"""
    return max(prefixed.capitals, row.capitals) < _SMALL_LETTERS and len(row.words) <= _LONGEST_TITLE


def _goes_on(above: Row, row: Row) -> bool:
    """Does a row end what the row above it began: "TM. ỦY BAN NHÂN DÂN / TỈNH …", "TRƯỞNG PHÒNG / HÀNH CHÍNH"?"""
    lettered = [word for word in row.words if any(c.isalpha() for c in word.text)]
    return (
        row.capitals > 0.9
        and row.base - above.base < _NEXT_STEP * max(row.height, 9)
        and abs(row.middle - above.middle) < 4 * row.height
        and all(word.confidence > _SURE and is_syllable(word.text.strip(".,-–()")) for word in lettered)
        and len(row.plain) > 3
        and name_in(row, digital=True)[1] == 0
    )


def _joined(title: tuple[Title, Row], row: Row) -> tuple[Title, Row]:
    """A position of two rows: where it ends a person decides."""
    above, first = title
    return Title(f"{above.text} {row.text.strip(' .,;')}", min(above.confidence, _JOINED)), replace(
        first, words=(*first.words, *row.words)
    )


def is_appearance(row: Row) -> bool:
    """Is this a row of what a digital signature shows of itself ("Ký bởi: …", "Thời gian ký: …")?"""
    return _APPEARANCE.search(row.folded) is not None


def without_appearances(rows: Sequence[Row], usual: float) -> list[Row]:
    """Rows without those of digital signatures; also without the small ones beside these, whose labels stand above.

    `usual`: the height of the block's own rows.
    """
    stamps = [row for row in rows if is_appearance(row)]
    small = [row for row in stamps if row.height < _SMALL * usual]
    return [row for row in rows if row not in stamps and not any(_of_stamp(row, stamp, usual) for stamp in small)]


def _of_stamp(row: Row, stamp: Row, usual: float) -> bool:
    near = abs(row.base - stamp.base) < _NEAR_STAMP * stamp.height
    flush = abs(row.box.left - stamp.box.left) < _FLUSH
    return near and flush and row.height < min(_SMALL * usual, _LIKE_STAMP * stamp.height)


def deputies_sign_for(row: Row) -> bool:
    """Does a row name a body for which its deputies sign without "KT.", as the Party's, the Front's, unions' do?"""
    return _BODIES.search(row.plain) is not None


def of_a_body(title: Title) -> bool:
    """Does its bearer sign on behalf of a body, too, so that "TM." may have stood above?"""
    return fold(title.text).startswith(("chu tich", "chu nhiem", "bi thu", "truong ban"))
