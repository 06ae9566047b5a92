"""Takes single glyphs out of a page's content, so that everything else stays where it was.

An anchor must be gone and not only covered: what a reader copies or a search finds is part of the signed document. A
glyph is recognised by where it is drawn, not by what it means: that works across operators, inside Form XObjects,
and for fonts that do not tell their characters.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Operator, Stream

from pipeline.signatures.geometry import Matrix, times

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
NEAR = 0.75  # units of user space: what pdfium and we compute for the same glyph differs by rounding only
DEEPEST = 12  # of Form XObjects in each other
TEXTS = ("/ActualText", "/Alt", "/E", "/TU")
Point = tuple[float, float]


def remove_glyphs(pdf: pikepdf.Pdf, page: pikepdf.Page, points: Sequence[Point], words: Sequence[str] = ()) -> int:
    """Take out the glyphs whose origin is one of `points` (user space) and give how many went.

    Replacement text (/ActualText) of marked content goes where it has one of `words`.
    """
    remover = _Remover(pdf, points, words)
    resources = page.obj.get("/Resources", Dictionary())
    instructions, resources, changed = remover.walk(page.obj, resources, IDENTITY, 0)
    if changed:
        page.obj["/Resources"] = resources
        page.obj["/Contents"] = pdf.make_indirect(Stream(pdf, pikepdf.unparse_content_stream(instructions)))
    return remover.removed


def remove_words(pdf: pikepdf.Pdf, words: Sequence[str]) -> None:
    """Take words out of what is read aloud or searched in place of the page: structure, bookmarks."""
    for found in pdf.objects:
        if not isinstance(found, Dictionary):
            continue
        for key in (*TEXTS, "/Title"):
            value = found.get(key)
            if isinstance(value, pikepdf.String) and any(word in str(value) for word in words):
                found[key] = pikepdf.String(_without(str(value), words).strip())


@dataclass(frozen=True, slots=True)
class _Text:
    """The text state (ISO 32000-1, 9.3)."""

    font: Any = None
    size: float = 0.0
    spacing: float = 0.0
    word_spacing: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0


class _Remover:
    def __init__(self, pdf: pikepdf.Pdf, points: Sequence[Point], words: Sequence[str]) -> None:
        self._pdf = pdf
        self._points = tuple(points)
        self._words = tuple(words)
        self.removed = 0

    def walk(self, holder: Any, resources: Any, ctm: Matrix, depth: int) -> tuple[list[Any], Any, bool]:
        """(new instructions, new resources, changed?) of a page or a form."""
        pass_ = _Pass(self, resources, ctm, depth)
        for instruction in pikepdf.parse_content_stream(holder):
            pass_.take(list(instruction.operands), instruction.operator)
        pass_.finish()
        return pass_.out, pass_.resources, pass_.changed

    def wanted(self, x: float, y: float) -> bool:
        return any(abs(x - px) < NEAR and abs(y - py) < NEAR for px, py in self._points)

    def form(self, form: Stream, resources: Any, ctm: Matrix, depth: int) -> Stream | None:
        """A form without the glyphs, None when it holds none of them. The old one may be used elsewhere."""
        if depth >= DEEPEST:
            return None
        matrix = _matrix(form.get("/Matrix"))
        own = form.get("/Resources", resources)
        instructions, own, changed = self.walk(form, own, times(matrix, ctm), depth + 1)
        if not changed:
            return None
        copy = Stream(self._pdf, pikepdf.unparse_content_stream(instructions))
        for key in form.keys():  # noqa: SIM118 - a pikepdf object is no mapping
            if key not in {"/Length", "/Filter", "/DecodeParms", "/Resources"}:
                copy[key] = form[key]
        copy["/Resources"] = own
        return self._pdf.make_indirect(copy)

    def plain(self, operands: list[Any]) -> list[Any] | None:
        """The operands of BDC without a replacement text that has one of the words; None when there is none."""
        if len(operands) < 2 or not isinstance(operands[1], Dictionary):
            return None
        text = operands[1].get("/ActualText")
        if not isinstance(text, pikepdf.String) or not any(word in str(text) for word in self._words):
            return None
        properties = _copied(operands[1])
        del properties["/ActualText"]  # what is drawn says the rest by itself
        return [operands[0], properties]


class _Pass:
    """One walk through one content stream."""

    def __init__(self, remover: _Remover, resources: Any, ctm: Matrix, depth: int) -> None:
        self._remover = remover
        self.resources = resources
        self._depth = depth
        self._ctm = ctm
        self._text = _Text()
        self._stack: list[tuple[Matrix, _Text]] = []
        self._line: Matrix = IDENTITY
        self._at: Matrix = IDENTITY
        self._fonts: dict[str, _Font] = {}
        self._drawn: set[str] = set()
        self._replaced: set[str] = set()
        self.out: list[Any] = []
        self.changed = False
        self._does: dict[str, Callable[[list[Any]], None]] = {
            "q": self._save, "Q": self._restore, "cm": self._transform,
            "BT": self._begin, "Td": self._move, "TD": self._move_leading, "Tm": self._set, "T*": self._next,
            "Tf": self._font, "Tc": self._state("spacing"), "Tw": self._state("word_spacing"),
            "TL": self._state("leading"), "Ts": self._state("rise"), "Tz": self._stretch,
        }  # fmt: skip

    def take(self, operands: list[Any], operator: Operator) -> None:
        name = str(operator)
        if name in {"Tj", "TJ", "'", '"'}:
            self._show(name, operands, operator)
            return
        if name in self._does:
            with contextlib.suppress(IndexError, TypeError, ValueError, ArithmeticError):
                self._does[name](operands)  # without its operands, an operator does nothing for anybody
        elif name == "Do" and operands:
            operands = self._form(operands)
        elif name == "BDC":
            shorter = self._remover.plain(self._resolved(operands))
            if shorter is not None:
                operands, self.changed = shorter, True
        self.out.append((operands, operator))

    # --- graphics and text state --------------------------------------------------------------------------------------

    def _save(self, _: list[Any]) -> None:
        self._stack.append((self._ctm, self._text))

    def _restore(self, _: list[Any]) -> None:
        if self._stack:
            self._ctm, self._text = self._stack.pop()

    def _transform(self, operands: list[Any]) -> None:
        self._ctm = times(_numbers(operands), self._ctm)

    def _begin(self, _: list[Any]) -> None:
        self._line = self._at = IDENTITY

    def _move(self, operands: list[Any]) -> None:
        self._line = self._at = times((1.0, 0.0, 0.0, 1.0, float(operands[0]), float(operands[1])), self._line)

    def _move_leading(self, operands: list[Any]) -> None:
        self._text = replace(self._text, leading=-float(operands[1]))
        self._move(operands)

    def _set(self, operands: list[Any]) -> None:
        self._line = self._at = _numbers(operands)

    def _next(self, _: list[Any]) -> None:
        self._move([0, -self._text.leading])

    def _font(self, operands: list[Any]) -> None:
        self._text = replace(self._text, font=self._metrics(str(operands[0])), size=float(operands[1]))

    def _state(self, name: str) -> Callable[[list[Any]], None]:
        def change(operands: list[Any]) -> None:
            self._text = replace(self._text, **{name: float(operands[0])})

        return change

    def _stretch(self, operands: list[Any]) -> None:
        self._text = replace(self._text, stretch=float(operands[0]) / 100)

    def _metrics(self, name: str) -> _Font:
        if name not in self._fonts:
            fonts = (
                self.resources.get("/Font", Dictionary()) if isinstance(self.resources, Dictionary) else Dictionary()
            )
            self._fonts[name] = _Font(fonts.get(name))
        return self._fonts[name]

    # --- what shows ---------------------------------------------------------------------------------------------------

    def _show(self, name: str, operands: list[Any], operator: Operator) -> None:
        before = len(self.out)
        if name == '"' and len(operands) == 3:
            self._text = replace(self._text, word_spacing=float(operands[0]), spacing=float(operands[1]))
            self.out += [([operands[0]], Operator("Tw")), ([operands[1]], Operator("Tc"))]
        if name in {"'", '"'}:
            self._next([])
            self.out.append(([], Operator("T*")))
        shown = operands[-1] if operands else None
        pieces = list(shown) if isinstance(shown, Array) else [shown]
        kept, touched = self._kept(pieces)
        if touched:
            self.changed = True
            self.out.append(([Array(kept)], Operator("TJ")))
        else:
            del self.out[before:]
            self.out.append((operands, operator))

    def _kept(self, pieces: list[Any]) -> tuple[list[Any], bool]:
        """The pieces of a TJ, a removed glyph replaced by a step of its width; advances the text position."""
        text, kept, touched = self._text, [], False
        for piece in pieces:
            if not isinstance(piece, pikepdf.String):
                if isinstance(piece, (int, float)) or type(piece).__name__ == "Decimal":
                    self._advance(-float(piece) / 1000 * text.size * text.stretch)
                    kept.append(piece)
                continue
            if text.font is None:
                kept.append(piece)
                continue
            run = bytearray()
            for code, width, blank in text.font.codes(bytes(piece)):
                x, y = self._origin()
                step = width * text.size + text.spacing + (text.word_spacing if blank else 0.0)
                if self._remover.wanted(x, y) and text.size:
                    if run:
                        kept.append(pikepdf.String(bytes(run)))
                        run = bytearray()
                    kept.append(round(-step * 1000 / text.size, 3))
                    self._remover.removed += 1
                    touched = True
                else:
                    run += code
                self._advance(step * text.stretch)
            if run:
                kept.append(pikepdf.String(bytes(run)))
        return kept, touched

    def _advance(self, distance: float) -> None:
        self._at = times((1.0, 0.0, 0.0, 1.0, distance, 0.0), self._at)

    def _origin(self) -> Point:
        matrix = times(times((1.0, 0.0, 0.0, 1.0, 0.0, self._text.rise), self._at), self._ctm)
        return matrix[4], matrix[5]

    def _form(self, operands: list[Any]) -> list[Any]:
        objects: Any = self.resources.get("/XObject") if isinstance(self.resources, Dictionary) else None
        form = objects.get(str(operands[0])) if isinstance(objects, Dictionary) else None
        if not isinstance(form, Stream) or form.get("/Subtype") != Name.Form:
            return operands
        copy = self._remover.form(form, self.resources, self._ctm, self._depth)
        if copy is None:
            self._drawn.add(str(operands[0]))
            return operands
        self.changed = True
        name = next(name for name in map("/VanthuX{}".format, count(1)) if name not in objects)
        # Resources may be shared with other pages: this one gets its own.
        mine = _copied(self.resources)
        mine["/XObject"] = _copied(objects)
        mine["/XObject"][name] = copy
        self.resources = mine
        self._replaced.add(str(operands[0]))
        return [Name(name)]

    def finish(self) -> None:
        """A form that is drawn only in its new shape does not stay behind in the old one."""
        for name in self._replaced - self._drawn:
            del self.resources["/XObject"][name]

    def _resolved(self, operands: list[Any]) -> list[Any]:
        """BDC may name its properties instead of giving them."""
        if len(operands) > 1 and isinstance(operands[1], Name) and isinstance(self.resources, Dictionary):
            named = self.resources.get("/Properties", Dictionary()).get(str(operands[1]))
            if isinstance(named, Dictionary):
                return [operands[0], named]
        return operands


class _Font:
    """How wide the glyphs of a font are, and how many bytes name one."""

    def __init__(self, font: Any) -> None:
        self._composite = isinstance(font, Dictionary) and font.get("/Subtype") == Name.Type0
        self._widths: dict[int, float] = {}
        self._default = 0.0
        if isinstance(font, Dictionary):
            if self._composite:
                self._read_composite(font)
            else:
                self._read_simple(font)

    def codes(self, data: bytes) -> Iterator[tuple[bytes, float, bool]]:
        """(bytes, width for size 1, is it the single-byte blank that word spacing widens) of each glyph."""
        step = 2 if self._composite else 1
        for at in range(0, len(data), step):
            code = data[at : at + step]
            yield code, self._widths.get(int.from_bytes(code), self._default), not self._composite and code == b" "

    def _read_simple(self, font: Dictionary) -> None:
        scale = 0.001
        if font.get("/Subtype") == Name.Type3:
            scale = abs(_matrix(font.get("/FontMatrix"))[0])
        widths, first = font.get("/Widths"), font.get("/FirstChar", 0)
        if isinstance(widths, Array) and isinstance(first, int):
            self._widths = {first + n: float(width) * scale for n, width in enumerate(widths) if _number(width)}
        else:
            self._widths = standard_widths(str(font.get("/BaseFont", ""))[1:])
        descriptor = font.get("/FontDescriptor")
        if isinstance(descriptor, Dictionary) and _number(descriptor.get("/MissingWidth")):
            self._default = float(descriptor["/MissingWidth"]) * scale

    def _read_composite(self, font: Dictionary) -> None:
        descendants = font.get("/DescendantFonts")
        descendant = descendants[0] if isinstance(descendants, Array) and len(descendants) else Dictionary()
        self._default = float(descendant.get("/DW", 1000)) / 1000
        entries = list(descendant.get("/W", Array()))
        at = 0
        while at + 1 < len(entries):
            first, second = int(entries[at]), entries[at + 1]
            if isinstance(second, Array):
                self._widths.update({first + n: float(width) / 1000 for n, width in enumerate(second)})
                at += 2
            elif at + 2 < len(entries):
                last = min(int(second), first + 0xFFFF)
                self._widths.update(dict.fromkeys(range(first, last + 1), float(entries[at + 2]) / 1000))
                at += 3
            else:
                break


@lru_cache
def standard_widths(name: str) -> dict[int, float]:
    """Of the fourteen fonts that every viewer has and files need not describe (ISO 32000-1, 9.6.2.2)."""
    from fpdf.fonts import CORE_FONTS_CHARWIDTHS

    family = name.lower().partition("+")[2] or name.lower()
    style = ("B" if "bold" in family else "") + ("I" if "italic" in family or "oblique" in family else "")
    core = "times" if "times" in family else "courier" if "courier" in family else "helvetica"
    table = CORE_FONTS_CHARWIDTHS.get(core + style, CORE_FONTS_CHARWIDTHS[core])
    return {ord(c.encode("cp1252", "ignore") or b"\0"): width / 1000 for c, width in table.items()}


def _without(text: str, words: Sequence[str]) -> str:
    for word in words:
        text = text.replace(word, "")
    return text


def _copied(dictionary: Any) -> Dictionary:
    """One level deep; a pikepdf object is no mapping."""
    copy = Dictionary()
    for key in dictionary.keys():  # noqa: SIM118
        copy[key] = dictionary[key]
    return copy


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) or type(value).__name__ == "Decimal"


def _numbers(operands: Sequence[Any]) -> Matrix:
    a, b, c, d, e, f = (float(operand) for operand in operands)
    return a, b, c, d, e, f


def _matrix(value: Any) -> Matrix:
    return _numbers(list(value)) if isinstance(value, Array) and len(value) == 6 else IDENTITY
