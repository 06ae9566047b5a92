"""Lay a draft out as the Decree's Appendix I draws it: a born-digital PDF; lengths in millimetres, type in points."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import cast

from fpdf import FPDF

from samples import fonts, marks
from samples.draft import Draft, Mark

LEFT, RIGHT, TOP, BOTTOM = 30.0, 15.0, 20.0, 20.0
LEFT_COLUMN, RIGHT_COLUMN = (22.0, 72.0), (96.0, 102.0)  # of the header: where it begins, how wide
FOOT = 65.0  # the block of recipients and signature needs this much
LINE_PT = 0.3528 * 1.22


@dataclass(frozen=True)
class LaidOut:
    """A born-digital PDF and what the layout alone knows: where the signature and one whole paragraph stand."""

    pdf: bytes
    pages: int
    signature_page: int
    passage: tuple[int, str]


class _Paper(FPDF):
    def __init__(self, draft: Draft) -> None:
        super().__init__("P", "mm", "A4")
        self.draft = draft
        self.first_of_part = 1  # an appendix counts its own pages
        for style, path in fonts.serif().items():
            self.add_font("serif", style, path)
        self.set_margins(LEFT, TOP, RIGHT)
        self.set_auto_page_break(True, BOTTOM)
        self.set_title(draft.subject)
        self.set_creation_date(datetime.combine(draft.issued or date(2025, 1, 1), datetime.min.time(), UTC))

    def header(self) -> None:
        number = self.page - self.first_of_part + 1
        if number > 1:
            self.set_font("serif", "", 13)
            self.set_y(10)
            self.cell(0, 6, str(number), align="C")
        self.set_xy(LEFT, TOP)

    def centred(self, column: tuple[float, float], text: str, style: str, size: float) -> tuple[float, float]:
        """Lines of text centred in a column, as many as it takes; returns left and right end of the last line."""
        self.set_font("serif", style, size)
        left, width = column
        lines = cast("list[str]", self.multi_cell(width, text=text, align="C", dry_run=True, output="LINES"))
        for line in lines:
            self.set_x(left)
            self.cell(width, size * LINE_PT, line, align="C")
            self.set_y(self.y + size * LINE_PT)
        half = self.get_string_width(lines[-1]) / 2
        return left + width / 2 - half, left + width / 2 + half

    def rule(self, ends: tuple[float, float], share: float) -> None:
        middle, half = sum(ends) / 2, (ends[1] - ends[0]) / 2 * share
        self.set_line_width(0.25)
        self.line(middle - half, self.y + 0.6, middle + half, self.y + 0.6)
        self.set_y(self.y + 1.6)

    def paragraph(self, text: str, style: str = "", size: float = 14, indent: float = 12.7) -> tuple[int, int]:
        """A justified paragraph; returns the pages on which it begins and ends."""
        self.set_font("serif", style, size)
        self.set_x(LEFT)
        if self.y + size * LINE_PT > self.h - BOTTOM:
            self.add_page()
        begin = self.page
        with (
            self.text_columns(text_align="J", line_height=1.2) as column,
            column.paragraph(first_line_indent=indent) as paragraph,
        ):
            paragraph.write(text)
        self.set_y(self.y + 2.1)
        return begin, self.page


def lay_out(draft: Draft, seed: int) -> LaidOut:
    """The whole document; the seed moves only the pen of signatures and handwriting."""
    paper = _Paper(draft)
    paper.add_page()
    random_ = random.Random(f"{seed}/{draft.name}/pen")
    _head(paper, draft, random_)
    passage = _body(paper, draft)
    signature_page = _foot(paper, draft, random_)
    if draft.appendix:
        _appendix(paper, draft)
    return LaidOut(bytes(paper.output()), paper.page, signature_page, passage)


def _head(paper: _Paper, draft: Draft, random_: random.Random) -> None:
    size = 12 if draft.before_2020 else 13
    paper.set_y(TOP)
    if draft.parent:
        paper.centred(LEFT_COLUMN, draft.parent, "", 12.5)
    for line in draft.agency:
        ends = paper.centred(LEFT_COLUMN, line, "B", 12.5)
    paper.rule(ends, 0.42)
    left_end = paper.y
    paper.set_y(TOP)
    state = "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM" if draft.before_2020 else "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    motto = "Độc lập – Tự do – Hạnh phúc" if draft.before_2020 else "Độc lập - Tự do - Hạnh phúc"
    paper.centred(RIGHT_COLUMN, state, "B", size)
    paper.rule(paper.centred(RIGHT_COLUMN, motto, "B", size + 0.5), 1.0)
    paper.set_y(max(left_end, paper.y) + 1.5)
    top = paper.y
    if draft.doc_type != "Biên bản":
        _place_and_date(paper, draft, random_)
    paper.set_y(top)
    _code(paper, draft, random_)
    if not draft.heading:
        paper.set_y(paper.y + 1)
        paper.centred((LEFT_COLUMN[0] + 4, LEFT_COLUMN[1] - 8), draft.subject, "", 12)
    _stamps(paper, draft, top)
    if draft.heading:
        paper.centred((LEFT, 165), draft.heading, "B", 14)
        ends = paper.centred((LEFT + 8, 149), draft.subject, "B", 14)
        paper.rule(ends, 0.38)
    paper.set_y(paper.y + 3)


def _stamps(paper: _Paper, draft: Draft, top: float) -> None:
    """Frames of urgency and secrecy under the number, another office's ĐẾN stamp; leaves y below them."""
    below = paper.y + 4
    frames = [text for text in (draft.secrecy, draft.urgency) if text]
    for i, text in enumerate(frames):
        marks.draw_frame(paper, LEFT + 6, paper.y + 2 + i * 10, text)
        below += 10
    if Mark.ARRIVAL_STAMP in draft.marks:
        marks.draw_arrival_stamp(paper, 128, top + 8, "BAN QUẢN LÝ KHU KINH TẾ", ("318", "27"))
        below = max(below, top + 46)
    paper.set_y(below)


def _code(paper: _Paper, draft: Draft, random_: random.Random) -> None:
    blank = " " * 12 if Mark.HANDWRITTEN_NUMBER in draft.marks else draft.number
    text = f"Số: {blank}/{draft.code.split('/', 1)[1]}"
    base = paper.y + 4.4
    start, _ = paper.centred(LEFT_COLUMN, text, "", 13)
    if Mark.HANDWRITTEN_NUMBER in draft.marks:
        marks.draw_digits(paper, start + 9, base, draft.number, random_)


def _place_and_date(paper: _Paper, draft: Draft, random_: random.Random) -> None:
    if draft.issued is None:
        return
    day, month = f"{draft.issued.day:02d}", draft.issued.month
    by_hand = Mark.HANDWRITTEN_DAY in draft.marks
    before = f"{draft.place}, ngày "
    month_text = str(month) if draft.before_2020 or month > 2 else f"{month:02d}"
    text = f"{before}{' ' * 8 if by_hand else day} tháng {month_text} năm {draft.issued.year}"
    base = paper.y + 4.4
    start, _ = paper.centred(RIGHT_COLUMN, text, "I", 13.5)
    if by_hand:
        marks.draw_digits(paper, start + paper.get_string_width(before) + 0.5, base, day, random_)


def _body(paper: _Paper, draft: Draft) -> tuple[int, str]:
    _addressees(paper, draft)
    if draft.enacting:
        paper.centred((LEFT, 165), draft.enacting, "B", 14)
        paper.set_y(paper.y + 2)
    for ground in draft.grounds:
        paper.paragraph(ground, "I")
    if draft.enacting:
        paper.centred((LEFT, 165), f"{draft.heading}:", "B", 14)
        paper.set_y(paper.y + 2)
    whole = []
    for text in draft.body:
        if text is draft.body[-1] and paper.y + FOOT + 18 > paper.h - BOTTOM:
            paper.add_page()  # a signature never stands on a page without text
        begin, end = paper.paragraph(text)
        if begin == end:
            whole.append((begin, text))
    return max(whole, key=lambda found: len(found[1]))


def _addressees(paper: _Paper, draft: Draft) -> None:
    paper.set_font("serif", "", 14)
    if len(draft.addressees) == 1:
        paper.centred((LEFT, 165), f"Kính gửi: {draft.addressees[0]}", "", 14)
    elif draft.addressees:
        left = LEFT + 22
        paper.set_x(left)
        paper.cell(0, 6, "Kính gửi:")
        for i, name in enumerate(draft.addressees):
            end = "." if i == len(draft.addressees) - 1 else ";"
            paper.set_xy(left + 22, paper.y)
            paper.cell(0, 6, f"- {name}{end}")
            paper.set_y(paper.y + 6)
    if draft.addressees:
        paper.set_y(paper.y + 3)


def _foot(paper: _Paper, draft: Draft, random_: random.Random) -> int:
    if paper.y + FOOT > paper.h - BOTTOM + 6:
        paper.add_page()
    top = paper.y + 3
    paper.set_auto_page_break(False)
    _recipients(paper, draft, top)
    column = (104.0, 90.0)
    paper.set_y(top)
    for prefix, whom in draft.signing.authority:
        paper.centred(column, f"{prefix} {whom}", "B", 14)
    paper.centred(column, draft.signing.position, "B", 14)
    space = paper.y
    if draft.secretary:
        _secretary(paper, draft, top, random_)
    if Mark.ANCHOR in draft.marks:
        paper.set_y(space + 10)
        paper.set_text_color(150)
        paper.centred(column, "#ChuKyLanhDao", "", 10)
        paper.set_text_color(0)
    if Mark.SIGNATURE in draft.marks:
        marks.draw_signature(paper, 128, space + 6, random_)
    if Mark.SEAL in draft.marks:
        left, top_of_seal = 107 + random_.uniform(-2, 2), space - 3 + random_.uniform(-2, 1.5)
        marks.draw_seal(paper, left, top_of_seal, " ".join(draft.agency), "TỈNH VÂN GIANG")
    paper.set_y(space + 30)
    paper.centred(column, draft.signing.name, "B", 14)
    paper.set_auto_page_break(True, BOTTOM)
    return int(paper.page)


def _recipients(paper: _Paper, draft: Draft, top: float) -> None:
    if draft.secretary:
        top += 36
    paper.set_xy(LEFT, top)
    paper.set_font("serif", "BI", 12)
    paper.cell(60, 5.2, "Nơi nhận:")
    paper.set_font("serif", "", 11)
    for i, name in enumerate(draft.recipients):
        end = "." if i == len(draft.recipients) - 1 else ";"
        paper.set_xy(LEFT, top + 5.4 + i * 4.7)
        paper.cell(70, 4.7, f"- {name}{end}")


def _secretary(paper: _Paper, draft: Draft, top: float, random_: random.Random) -> None:
    column = (LEFT, 70.0)
    paper.set_y(top)
    paper.centred(column, "THƯ KÝ", "B", 14)
    marks.draw_signature(paper, LEFT + 14, paper.y + 4, random_)
    paper.set_y(top + 27)
    paper.centred(column, draft.secretary, "B", 14)


def _appendix(paper: _Paper, draft: Draft) -> None:
    paper.first_of_part = paper.page + 1
    paper.add_page()
    paper.centred((LEFT, 165), "PHỤ LỤC" if draft.before_2020 else "Phụ lục", "B", 14)
    paper.centred((LEFT, 165), draft.appendix[0], "B", 14)
    issued = draft.issued
    if issued:
        origin = f"(Kèm theo {draft.doc_type} số {draft.code} ngày {issued:%d/%m/%Y})"
        paper.rule(paper.centred((LEFT, 165), origin, "I", 13.5), 0.38)
    paper.set_y(paper.y + 4)
    for text in draft.appendix[1:]:
        paper.paragraph(text)
