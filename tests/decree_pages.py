"""Pages of words with boxes in the layout of Decree 30/2020, Appendix I, for tests of what the words mean.

A4 in points; letters have rough widths, so columns, centred rows and gaps stand where a typist puts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.document import Box, Line, Metadata, Page, Reading, TextSource, Word
from pipeline.metadata import extract
from pipeline.settings import MetadataSettings

WIDTH, HEIGHT = 595.0, 842.0
LEFT, RIGHT = 145.0, 405.0  # the middles of the two header columns
SIGNATURE = 430.0


def _width(text: str) -> float:
    return sum(3.2 if c == " " else 7.4 if c.isupper() else 5.4 for c in text)


@dataclass
class Sheet:
    """One page under construction."""

    number: int = 1
    source: TextSource = TextSource.TEXT_LAYER
    confidence: float = 1.0  # of every word that says no other
    lines: list[Line] = field(default_factory=list)

    def put(self, x: float, y: float, text: str, *, confidence: float | None = None, height: float = 12.0) -> Sheet:
        """Words of one line from x on; y is their top. A word "…·0.3" has its own confidence."""
        words = []
        for printed in text.split():
            word, _, own = printed.partition("·")
            sure = float(own) if own else self.confidence if confidence is None else confidence
            words.append(Word(word, Box(x, y, x + _width(word), y + height), sure))
            x += _width(word) + 3.2
        self.lines.append(Line(tuple(words)))
        return self

    def centred(self, middle: float, y: float, text: str, *, confidence: float | None = None) -> Sheet:
        bare = " ".join(word.partition("·")[0] for word in text.split())
        return self.put(middle - _width(bare) / 2, y, text, confidence=confidence)

    def page(self) -> Page:
        return Page(self.number, WIDTH, HEIGHT, self.source, tuple(self.lines))


@dataclass
class Draft:
    """A document by its elements; what is "" or () is left out."""

    agencies: Sequence[str] = ("UBND TỈNH VÂN GIANG", "SỞ NỘI VỤ")
    number_line: str = "Số: 15/QĐ-SNV"
    date_line: str = "Vân Giang, ngày 05 tháng 01 năm 2026"
    heading: str = "QUYẾT ĐỊNH"
    subject: Sequence[str] = ("Về việc ban hành Quy chế văn thư",)
    about: Sequence[str] = ()  # "V/v …" under the number of a letter
    mark: str = ""
    body: Sequence[str] = ("Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ;",)
    block: Sequence[str] = ("GIÁM ĐỐC",)
    name: str = "Trần Quốc Vĩnh"
    recipients: Sequence[str] = ("- Như Điều 3;", "- Các phòng, đơn vị;", "- Lưu: VT, VP.")
    motto: Sequence[str] = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
    source: TextSource = TextSource.TEXT_LAYER
    confidence: float = 1.0

    def head(self, sheet: Sheet) -> float:
        """Header, heading, subject and body; gives the y below."""
        for row, text in enumerate(self.motto):
            sheet.centred(RIGHT, 60 + 16 * row, text)
        for row, text in enumerate(self.agencies):
            sheet.centred(LEFT, 60 + 16 * row, text)
        y = 66 + 16 * max(len(self.agencies), 2)
        if self.number_line:
            sheet.centred(LEFT, y, self.number_line)
        if self.date_line:
            sheet.centred(RIGHT, y, self.date_line)
        for row, text in enumerate(self.about):
            sheet.centred(LEFT, y + 18 + 15 * row, text)
        if self.mark:
            sheet.centred(LEFT, y + 30 + 15 * len(self.about), self.mark)
        y += 56 + 15 * len(self.about)
        if self.heading:
            sheet.centred(WIDTH / 2, y, self.heading)
            y += 18
        for text in self.subject:
            sheet.centred(WIDTH / 2, y, text)
            y += 16
        y += 20
        for text in self.body:
            sheet.put(120, y, text)
            y += 18
        return y

    def tail(self, sheet: Sheet, y: float) -> None:
        """Recipients at the left, the signature block at the right."""
        for row, text in enumerate(self.block):
            sheet.centred(SIGNATURE, y + 16 * row, text)
        if self.name:
            sheet.centred(SIGNATURE, y + 16 * len(self.block) + 60, self.name)
        if self.recipients:
            sheet.put(85, y, "Nơi nhận:")
            for row, text in enumerate(self.recipients, 1):
                sheet.put(85, y + 13 * row, text)

    def sheet(self, number: int = 1) -> Sheet:
        return Sheet(number, self.source, self.confidence)

    def pages(self) -> tuple[Page, ...]:
        sheet = self.sheet()
        self.tail(sheet, self.head(sheet) + 40)
        return (sheet.page(),)

    def read(self, *more: Page) -> Metadata:
        return read(*self.pages(), *more)


def read(*pages: Page) -> Metadata:
    return extract(Reading(pages), MetadataSettings())
