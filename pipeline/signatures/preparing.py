"""A draft becomes a document that waits for its signatures: the anchor gone, every field where the Decree puts it.

Decree 30/2020/NĐ-CP, Appendix I, Part I: the signature between title and name (box 7c), the seal over its left third
at real size (box 8), number and date in the header (boxes 3 and 4).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from pipeline.document import Box
from pipeline.errors import RefusedError
from pipeline.files import durable_path, sha256_of
from pipeline.signatures.archival import make_archival, refuse_flawed
from pipeline.signatures.dangers import refuse_dangerous
from pipeline.signatures.geometry import COVERED, POINTS_PER_MM, Frame, upright
from pipeline.signatures.glyphs import remove_glyphs, remove_words
from pipeline.signatures.pagetext import Glyph, TextLine, frame_of, glyphs_of, lines_of, opened, plain_text
from pipeline.signatures.values import (
    DAY_FIELD,
    LEADER_FIELD,
    MONTH_FIELD,
    NUMBER_FIELD,
    SEAL_FIELD,
    YEAR_FIELD,
    Place,
    Plan,
    Prepared,
)

HEADER = 0.45  # number and date stand in this upper part of page 1
SIGNATURE_HEIGHTS = (34.0, 100.0)  # points that a signature's field may have
SIGNATURE_WIDTHS = (85.0, 170.0)
SIGNATURE_REACH = 150.0  # further away, a line belongs to something else than this signature
PRINT_AND_LOCK = 4 | 128  # annotation flags: printed, not to be moved
READ_ONLY = 1
DESCENT, BODY = 0.25, 1.2  # of a text field, in sizes of its type: what hangs below the base line, its height
DIGIT = 0.5  # width of a digit of Times, in sizes
NUMBER = re.compile(r"\bso\s*:(?P<number>[\s._…]*)(?P<typed>\d*)[\s._…]*/\s*(?=[a-z])")
DATE = re.compile(
    r",\s*ngay(?P<day>[\s._…]*)(?P<typed_day>\d*)\s*thang(?P<month>[\s._…]*)(?P<typed_month>\d*)"
    r"\s*nam(?P<year>[\s._…]*)(?P<typed_year>\d*)"
)
PLACEHOLDERS = "._…"


def prepare(draft: Path, target: Path, plan: Plan) -> Prepared:
    """Write the prepared PDF, a PDF/A-2b, and tell where its fields stand.

    Raises RefusedError with the reason: dangerous content, no PDF/A to be made of it, no anchor or two, a number or a
    day that was typed already, no room for them; DependencyError. Only for a limited child process: this opens what
    strangers made.
    """
    logging.getLogger("pikepdf").setLevel(logging.CRITICAL)
    refuse_dangerous(draft)
    try:
        with durable_path(target) as temporary, TemporaryDirectory(prefix=".draft-", dir=target.parent) as folder:
            archival, doubts = make_archival(draft, Path(folder))
            found = _prepare(archival, temporary, plan)
            refuse_flawed(temporary, draft)
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise RefusedError("sign-unreadable", path=draft.name, reason=str(error)[:200]) from error
    places = tuple(Place(spot.field, spot.page, spot.box) for spot in found.spots)
    return Prepared(target, sha256_of(target), found.pages, places, found.typed_month, found.typed_year, doubts)


def _prepare(draft: Path, target: Path, plan: Plan) -> _Finding:
    """Twice where the anchor is told by replacement text, which hides from pdfium where the letters are drawn."""
    with pikepdf.open(draft, suppress_warnings=True) as pdf:
        try:
            found = _Finding.on(draft, pdf, plan)
        except _ReplacedTextError as replaced:
            remove_glyphs(pdf, pdf.pages[replaced.page - 1], (), tuple(plan.anchors))
            with TemporaryDirectory(prefix="vanthu-draft-") as folder:
                plain = Path(folder) / draft.name
                pdf.save(plain)
                return _prepare(plain, target, plan)
        _clear(pdf, found, draft)
        _add_fields(pdf, found)
        _note_typed(pdf, found)
        pdf.save(target, linearize=False, fix_metadata_version=False)
    _check(draft, target, found)
    return found


class _ReplacedTextError(Exception):
    """The letters of the anchor are not where they are said to be."""

    def __init__(self, page: int) -> None:
        super().__init__(page)
        self.page = page


@dataclass(frozen=True, slots=True)
class _Spot:
    """A field to be: its type size and slant for text, none for a signature."""

    field: str
    page: int
    box: Box
    size: float = 0.0
    italic: bool = False


@dataclass(frozen=True, slots=True)
class _Finding:
    """What the draft's pages showed: where the fields go and which glyphs must go."""

    pages: int
    frames: Mapping[int, Frame]
    spots: tuple[_Spot, ...]
    gone: Mapping[int, tuple[Glyph, ...]]
    words: tuple[str, ...]
    typed_month: int | None
    typed_year: int | None

    @classmethod
    def on(cls, draft: Path, pdf: pikepdf.Pdf, plan: Plan) -> _Finding:
        with opened(draft) as document:
            sheets = _Sheets(draft, pdf, document)
            page, word, glyphs = _anchor(sheets, plan.anchors, "leader")
            sheets.refuse_small(page, plan.seal_mm)
            signature = _signature_box(sheets.glyphs(page), glyphs, sheets.frame(page))
            gone: dict[int, list[Glyph]] = {page: list(glyphs)}
            words = [word]
            seal_page, seal = page, _seal_box(signature, plan.seal_mm, sheets.frame(page))
            if "seal" in plan.anchors.values():
                seal_page, word, glyphs = _anchor(sheets, plan.anchors, "seal")
                sheets.refuse_small(seal_page, plan.seal_mm)
                words.append(word)
                gone.setdefault(seal_page, []).extend(glyphs)
                seal = _round(glyphs, plan.seal_mm, sheets.frame(seal_page))
            header = _header(sheets.glyphs(1), sheets.frame(1), draft)
            gone.setdefault(1, []).extend(header.gone)
            return cls(
                len(document), {number: sheets.frame(number) for number in (1, page, seal_page)},
                (*header.spots, _Spot(LEADER_FIELD, page, signature), _Spot(SEAL_FIELD, seal_page, seal)),
                {number: tuple(glyphs) for number, glyphs in gone.items()}, tuple(words),
                header.typed_month, header.typed_year,
            )  # fmt: skip


class _Sheets:
    """The pages of a draft, counted from 1, through both libraries: boxes by qpdf, characters by pdfium."""

    def __init__(self, draft: Path, pdf: pikepdf.Pdf, document: Any) -> None:
        self.draft = draft
        self.amount = len(document)
        self._pdf = pdf
        self._document = document
        if len(pdf.pages) != self.amount:
            raise RefusedError("sign-unreadable", path=draft.name, reason=f"{len(pdf.pages)}/{self.amount}")

    def frame(self, number: int) -> Frame:
        """RefusedError where the two libraries do not see the same page upright."""
        try:
            frame = frame_of(self._pdf.pages[number - 1])
        except (ValueError, TypeError, KeyError) as error:
            raise RefusedError("page-without-shape", path=self.draft.name, page=number) from error
        if self._document[number - 1].get_rotation() != frame.rotation:
            raise RefusedError("page-without-shape", path=self.draft.name, page=number)
        return frame

    def refuse_small(self, number: int, seal_mm: float) -> None:
        """RefusedError for a page without room for seal and signature."""
        frame = self.frame(number)
        if min(frame.width, frame.height) < max(seal_mm * POINTS_PER_MM, SIGNATURE_HEIGHTS[1]):
            raise RefusedError("page-too-small", path=self.draft.name, page=number)

    def glyphs(self, number: int) -> list[Glyph]:
        return glyphs_of(self._document[number - 1], self.frame(number))

    def plain(self, number: int) -> str:
        return plain_text(self._document[number - 1])


# --- the anchor -------------------------------------------------------------------------------------------------------


def _anchor(sheets: _Sheets, anchors: Mapping[str, str], meaning: str) -> tuple[int, str, list[Glyph]]:
    """(page, word, its glyphs) of the only anchor with a meaning, looked for from the last page."""
    words = [word for word, means in anchors.items() if means == meaning]
    found: list[tuple[int, str, list[Glyph]]] = []
    for number in range(sheets.amount, 0, -1):
        text = sheets.plain(number)
        for word in words:
            if "".join(word.split()) in text:
                found += [(number, word, run) for run in _runs(sheets.glyphs(number), word)]
    if not found:
        raise RefusedError("anchor-missing", path=sheets.draft.name, anchor=" ".join(words))
    if len(found) > 1:
        pages = ", ".join(str(page) for page, _, _ in found)
        raise RefusedError("anchor-twice", path=sheets.draft.name, anchor=found[0][1], pages=pages)
    if len({glyph.origin for glyph in found[0][2]}) == 1:
        raise _ReplacedTextError(found[0][0])
    return found[0]


def _runs(glyphs: Sequence[Glyph], word: str) -> Iterator[list[Glyph]]:
    """Where a word stands among the glyphs in content order; blanks between do not matter."""
    solid = [glyph for glyph in glyphs if not glyph.text.isspace()]
    text = "".join(glyph.text for glyph in solid)
    at = [index for index, glyph in enumerate(solid) for _ in glyph.text]
    wanted = "".join(word.split())
    for match in re.finditer(re.escape(wanted), text):
        yield [solid[index] for index in dict.fromkeys(at[match.start() : match.end()])]


def _signature_box(glyphs: Sequence[Glyph], anchor: Sequence[Glyph], frame: Frame) -> Box:
    """Between the title above the anchor and the name below it, on the anchor's axis (box 7c)."""
    left, right = min(g.left for g in anchor), max(g.right for g in anchor)
    axis, baseline, size = (left + right) / 2, anchor[0].baseline, max(g.size for g in anchor)
    taken = {glyph.origin for glyph in anchor}
    column = [g for g in glyphs if g.origin not in taken and not g.text.isspace() and abs(g.left - axis) < 70]
    above = [g.baseline for g in column if g.baseline < baseline - size * 0.5]
    below = [g.baseline - g.size * 0.95 for g in column if g.baseline > baseline + size * 0.5]
    top = max(above, default=0.0) + 4
    bottom = min(below, default=frame.height) - 2
    middle = baseline - size * 0.3
    top, bottom = max(top, middle - SIGNATURE_REACH / 2), min(bottom, middle + SIGNATURE_REACH / 2)
    if bottom - top < SIGNATURE_HEIGHTS[0]:  # no room was left: over the lines, as on paper
        top, bottom = middle - SIGNATURE_HEIGHTS[0] / 2, middle + SIGNATURE_HEIGHTS[0] / 2
    centre = (top + bottom) / 2
    height = min(bottom - top, SIGNATURE_HEIGHTS[1])
    width = min(max(2 * height, SIGNATURE_WIDTHS[0]), SIGNATURE_WIDTHS[1], frame.width)
    return _inside(axis - width / 2, centre - height / 2, width, height, frame)


def _seal_box(signature: Box, millimetres: float, frame: Frame) -> Box:
    """The seal at real size, over about a third of the signature on its left (Article 33.1.b)."""
    side = millimetres * POINTS_PER_MM
    right = signature.left + signature.width * COVERED
    return _inside(right - side, signature.centre[1] - side / 2, side, side, frame)


def _round(glyphs: Sequence[Glyph], millimetres: float, frame: Frame) -> Box:
    side = millimetres * POINTS_PER_MM
    across = (min(g.left for g in glyphs) + max(g.right for g in glyphs)) / 2
    down = glyphs[0].baseline - glyphs[0].size * 0.3
    return _inside(across - side / 2, down - side / 2, side, side, frame)


def _inside(left: float, top: float, width: float, height: float, frame: Frame) -> Box:
    """Moved onto the page where it would stick out."""
    left = min(max(left, 0.0), frame.width - width)
    top = min(max(top, 0.0), frame.height - height)
    return Box(left, top, left + width, top + height)


# --- number and date --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Header:
    spots: tuple[_Spot, ...]
    gone: tuple[Glyph, ...]
    typed_month: int | None
    typed_year: int | None


def _header(glyphs: Sequence[Glyph], frame: Frame, draft: Path) -> _Header:
    lines = [line for line in lines_of(glyphs) if line.baseline < frame.height * HEADER]
    number, number_line = _first(lines, NUMBER)
    if number is None or number_line is None:
        raise RefusedError("draft-number-missing", path=draft.name)
    if number["typed"]:
        raise RefusedError("draft-number-typed", path=draft.name, number=number["typed"])
    date, date_line = _first(lines, DATE)
    if date is None or date_line is None:
        raise RefusedError("draft-date-missing", path=draft.name)
    if date["typed_day"]:
        raise RefusedError("draft-date-typed", path=draft.name, day=date["typed_day"])
    spots, gone = [], []
    gaps = [(NUMBER_FIELD, number, "number", number_line, 2, False), (DAY_FIELD, date, "day", date_line, 2, True)]
    if not date["typed_month"]:
        gaps.append((MONTH_FIELD, date, "month", date_line, 2, True))
    if not date["typed_year"]:
        gaps.append((YEAR_FIELD, date, "year", date_line, 4, True))
    for name, match, group, line, digits, italic in gaps:
        spot, fillers = _gap(name, line, match.span(group), digits, draft, italic=italic)
        spots.append(spot)
        gone += fillers
    return _Header(
        tuple(spots), tuple(gone), int(date["typed_month"] or 0) or None, int(date["typed_year"] or 0) or None
    )  # fmt: skip


def _first(lines: Sequence[TextLine], pattern: re.Pattern[str]) -> tuple[re.Match[str] | None, TextLine | None]:
    for line in lines:
        match = pattern.search(line.folded)
        if match:
            return match, line
    return None, None


def _gap(
    name: str, line: TextLine, span: tuple[int, int], digits: int, draft: Path, *, italic: bool
) -> tuple[_Spot, list[Glyph]]:
    """A text field in the blank between two words, and the dots that stood in it. RefusedError without room."""
    begin, end = span
    before = line.glyphs[begin - 1]
    after = line.glyphs[end] if end < len(line.glyphs) else None
    inside = line.glyphs[begin:end]
    right = after.left if after else max((g.right for g in inside), default=before.right) + digits * DIGIT * before.size
    while inside and after and inside[-1].text.isspace() and inside[-1].right > right + 1:
        inside = inside[:-1]
    size = before.size
    room = right - before.right
    if room < digits * DIGIT * size:
        raise RefusedError(
            "draft-gap-narrow", path=draft.name, field=name, room=f"{room / POINTS_PER_MM:.0f}",
            needed=f"{digits * DIGIT * size / POINTS_PER_MM + 1:.0f}",
        )  # fmt: skip
    bottom = before.baseline + DESCENT * size
    box = Box(before.right, bottom - BODY * size, right, bottom)
    return _Spot(name, 1, box, size, italic), [g for g in inside if g.text in PLACEHOLDERS]


# --- the new file -----------------------------------------------------------------------------------------------------


def _clear(pdf: pikepdf.Pdf, found: _Finding, draft: Path) -> None:
    for number, glyphs in found.gone.items():
        points = list(dict.fromkeys(glyph.origin for glyph in glyphs))
        if points and remove_glyphs(pdf, pdf.pages[number - 1], points, found.words) < len(points):
            raise RefusedError("anchor-not-removable", path=draft.name, anchor=found.words[0], page=number)
    remove_words(pdf, found.words)


def _add_fields(pdf: pikepdf.Pdf, found: _Finding) -> None:
    fields = Array()
    for spot in found.spots:
        page = pdf.pages[spot.page - 1]
        frame = found.frames[spot.page]
        widget = _text_field(spot, frame) if spot.size else _signature_field(pdf, spot)
        widget["/Rect"] = Array([round(side, 3) for side in frame.rectangle(spot.box)])
        widget["/P"] = page.obj
        widget["/AP"] = Dictionary(N=_empty(pdf, spot.box, frame))
        if frame.rotation:
            widget["/MK"] = Dictionary(R=frame.rotation)
        reference = pdf.make_indirect(widget)
        fields.append(reference)
        annotations = page.obj.get("/Annots")
        page.obj["/Annots"] = Array([*(list(annotations) if isinstance(annotations, Array) else ()), reference])
    # /DR stays empty: each appearance carries its own embedded font, as PDF/A wants it.
    pdf.Root["/AcroForm"] = pdf.make_indirect(Dictionary(Fields=fields, DR=Dictionary(), SigFlags=0))


def _signature_field(pdf: pikepdf.Pdf, spot: _Spot) -> Dictionary:
    field = Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String(spot.field), F=PRINT_AND_LOCK,
        TU=String("Chữ ký của người có thẩm quyền" if spot.field == LEADER_FIELD else "Chữ ký số của cơ quan"),
    )  # fmt: skip
    if spot.field == SEAL_FIELD:  # the seal comes last: from then on no field may change any more
        field["/Lock"] = pdf.make_indirect(Dictionary(Type=Name.SigFieldLock, Action=Name.All))
    return field


def _text_field(spot: _Spot, frame: Frame) -> Dictionary:
    titles = {NUMBER_FIELD: "Số văn bản", DAY_FIELD: "Ngày ban hành", MONTH_FIELD: "Tháng", YEAR_FIELD: "Năm"}
    face = "VanthuItalic" if spot.italic else "Vanthu"
    return Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String(spot.field), TU=String(titles[spot.field]),
        F=PRINT_AND_LOCK, Ff=READ_ONLY, Q=2 if spot.field == NUMBER_FIELD else 1,
        DA=String(f"/{face} {spot.size / frame.unit:.2f} Tf 0 g"),
    )  # fmt: skip


def _empty(pdf: pikepdf.Pdf, box: Box, frame: Frame) -> Any:
    """An appearance that shows nothing: PDF/A wants one, and no viewer has to invent it."""
    form = Stream(pdf, b"")
    form["/Type"], form["/Subtype"] = Name.XObject, Name.Form
    form["/BBox"] = Array([0, 0, round(box.width / frame.unit, 3), round(box.height / frame.unit, 3)])
    form["/Matrix"] = Array(upright(frame.rotation))
    form["/Resources"] = Dictionary()
    return pdf.make_indirect(form)


def _note_typed(pdf: pikepdf.Pdf, found: _Finding) -> None:
    """Month and year that were typed into the draft bind the day of issue: kept where they are signed along."""
    private = Dictionary()
    if found.typed_month:
        private["/Month"] = found.typed_month
    if found.typed_year:
        private["/Year"] = found.typed_year
    pieces = pdf.Root.get("/PieceInfo", Dictionary())
    pieces["/Vanthu"] = Dictionary(LastModified=String("D:20260101000000Z"), Private=private)
    pdf.Root["/PieceInfo"] = pieces


def _check(draft: Path, prepared: Path, found: _Finding) -> None:
    """The anchor is gone and nothing else went with it."""
    with opened(draft) as old, opened(prepared) as new:
        for number, gone in found.gone.items():
            frame = found.frames[number]
            before, after = glyphs_of(old[number - 1], frame), glyphs_of(new[number - 1], frame)
            origins = {glyph.origin for glyph in gone}
            wanted = [g.text for g in before if g.origin not in origins and not g.text.isspace()]
            if [g.text for g in after if not g.text.isspace()] != wanted:
                raise RefusedError("anchor-not-removable", path=draft.name, anchor=found.words[0], page=number)
        for number in range(len(new)):
            text = plain_text(new[number])
            for word in found.words:
                if "".join(word.split()) in text:
                    raise RefusedError("anchor-not-removable", path=draft.name, anchor=word, page=number + 1)
