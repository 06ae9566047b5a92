"""The values that travel through the house: what arrived, what was read, what was found. Frozen, standard library only.

Coordinates are PDF points (1/72 inch) on the page *as a person sees it* (upright, rotation applied),
origin at the top left, so a born-digital word and a recognised word can be compared.
Confidences lie in 0..1 and mean "the share of such values that are right".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self


class Kind(StrEnum):
    """What a file is by its content, never by its name. The value is its media type."""

    PDF = "application/pdf"
    TIFF = "image/tiff"
    JPEG = "image/jpeg"
    PNG = "image/png"
    HEIC = "image/heic"
    DOC = "application/msword"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ODT = "application/vnd.oasis.opendocument.text"
    RTF = "application/rtf"

    @property
    def is_image(self) -> bool:
        return self in {Kind.TIFF, Kind.JPEG, Kind.PNG, Kind.HEIC}

    @property
    def is_office(self) -> bool:
        return self in {Kind.DOC, Kind.DOCX, Kind.ODT, Kind.RTF}

    @property
    def suffix(self) -> str:
        return {
            Kind.PDF: ".pdf", Kind.TIFF: ".tif", Kind.JPEG: ".jpg", Kind.PNG: ".png",
            Kind.HEIC: ".heic", Kind.DOC: ".doc", Kind.DOCX: ".docx", Kind.ODT: ".odt",
            Kind.RTF: ".rtf",
        }[self]  # fmt: skip


class StampKind(StrEnum):
    """What the agency signs with one line at the top right of page 1 (Decree 30/2020, Appendix I, box 14)."""

    TRUE_COPY = "true-copy"  # bản sao y: of paper
    COPY_OF_COPY = "copy-of-copy"  # bản sao lục: of a bản sao y on paper
    EXTRACT = "extract"  # bản trích sao
    ATTACHMENT = "attachment"  # phụ lục kept in a file of its own
    DIGITISED = "digitised"  # the reading copy of a scan, for the archive

    @property
    def notation(self) -> str:
        """What stands in "01/SY-BQL" (Appendix III); "" for what is no copy and has no number of its own."""
        return {"true-copy": "SY", "copy-of-copy": "SL", "extract": "TrS"}.get(self.value, "")

    @property
    def is_copy(self) -> bool:
        return bool(self.notation)

    @property
    def is_scan(self) -> bool:
        """Paper: its file must be what Appendix I, Part II, I.2 wants."""
        return self in {StampKind.TRUE_COPY, StampKind.COPY_OF_COPY, StampKind.DIGITISED}


class Severity(StrEnum):
    NOTE = "note"
    WARNING = "warning"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something noticed about a document that a person may have to know; the journey goes on.

    `code` is kebab-case and has a message `finding-<code>` in both catalogues; `detail` fills its blanks.
    """

    code: str
    severity: Severity = Severity.NOTE
    page: int | None = None
    detail: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "severity": self.severity.value, "page": self.page, "detail": dict(self.detail)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(data["code"], Severity(data["severity"]), data["page"], dict(data["detail"]))


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if self.left > self.right or self.top > self.bottom:
            raise ValueError(f"box turned inside out: {self}")

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def centre(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def union(self, other: Box) -> Box:
        return Box(
            min(self.left, other.left), min(self.top, other.top),
            max(self.right, other.right), max(self.bottom, other.bottom),
        )  # fmt: skip

    @staticmethod
    def around(boxes: Sequence[Box]) -> Box:
        """The smallest box around at least one other; ValueError for none."""
        if not boxes:
            raise ValueError("no box to surround")
        return Box(
            min(b.left for b in boxes), min(b.top for b in boxes),
            max(b.right for b in boxes), max(b.bottom for b in boxes),
        )  # fmt: skip

    def to_json(self) -> list[float]:
        return [round(self.left, 1), round(self.top, 1), round(self.right, 1), round(self.bottom, 1)]

    @classmethod
    def from_json(cls, data: Sequence[float]) -> Self:
        return cls(*data)


@dataclass(frozen=True, slots=True)
class Word:
    """One word as printed (NFC), where it stands, and how sure its reader was."""

    text: str
    box: Box
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one base line of one column, from left to right; never empty.

    `bold` and `italic` are known for born-digital pages only, None for recognised ones.
    """

    words: tuple[Word, ...]
    bold: bool | None = None
    italic: bool | None = None

    def __post_init__(self) -> None:
        if not self.words:
            raise ValueError("a line without words")

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        return Box.around([word.box for word in self.words])

    @property
    def confidence(self) -> float:
        return sum(word.confidence for word in self.words) / len(self.words)


class TextSource(StrEnum):
    """How a page's words were had."""

    TEXT_LAYER = "text-layer"  # the born-digital page's own text, tested and believed
    OCR = "ocr"
    BLANK = "blank"  # nothing printed on it
    UNREAD = "unread"  # it could not be read; a finding of this page says why


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an original, upright; lines in reading order. `number` counts from 1, sizes in points."""

    number: int
    width: float
    height: float
    source: TextSource
    lines: tuple[Line, ...] = ()
    rotation: int = 0  # clockwise degrees that were applied to the stored page to make it upright
    dpi: float | None = None  # of the scan image, where the page is one
    seals: tuple[Box, ...] = ()  # round seals, the likeliest first: where one lies, the signature block is

    strokes: tuple[Box, ...] = ()  # ink of the size of letters that no word explains

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def words(self) -> Iterator[Word]:
        return (word for line in self.lines for word in line.words)

    def to_json(self) -> dict[str, Any]:
        return {
            "number": self.number, "width": self.width, "height": self.height, "source": self.source.value,
            "rotation": self.rotation, "dpi": self.dpi, "seals": [seal.to_json() for seal in self.seals],
            "strokes": [stroke.to_json() for stroke in self.strokes],
            "lines": [
                {
                    "bold": line.bold, "italic": line.italic,
                    "words": [[w.text, *w.box.to_json(), round(w.confidence, 3)] for w in line.words],
                }
                for line in self.lines
            ],
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        lines = tuple(
            Line(
                tuple(Word(str(w[0]), Box(*w[1:5]), float(w[5])) for w in line["words"]),
                line.get("bold"), line.get("italic"),
            )
            for line in data["lines"]
        )  # fmt: skip
        return cls(
            data["number"], data["width"], data["height"], TextSource(data["source"]),
            lines, data["rotation"], data["dpi"], tuple(Box.from_json(seal) for seal in data.get("seals", ())),
            tuple(Box.from_json(stroke) for stroke in data.get("strokes", ())),
        )  # fmt: skip


class Look(StrEnum):
    """What a part of a page is looked at again for."""

    PRINT = "print"  # words printed small, under a seal, or beside a pen's strokes
    NUMBER = "number"  # digits that a hand wrote into "Số:     /QĐ-BQL"
    DAY = "day"  # … into "ngày     tháng"
    MONTH = "month"
    YEAR = "year"
    MARGIN = "margin"  # a page's number, alone above the text


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of a page that is worth a second look; `about` names the one who asks ("signatory", "code_number")."""

    page: int
    box: Box
    look: Look
    about: str

    def to_json(self) -> dict[str, Any]:
        return {"page": self.page, "box": self.box.to_json(), "look": self.look.value, "about": self.about}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(data["page"], Box.from_json(data["box"]), Look(data["look"]), data["about"])


@dataclass(frozen=True, slots=True)
class Guess:
    """What a hand may have written, and the chance that it did."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What a zone showed: lines of print in page coordinates, or guesses at handwriting, the best first."""

    zone: Zone
    lines: tuple[Line, ...] = ()
    guesses: tuple[Guess, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "zone": self.zone.to_json(),
            "lines": [[[w.text, *w.box.to_json(), round(w.confidence, 3)] for w in line.words] for line in self.lines],
            "guesses": [[guess.text, round(guess.confidence, 4)] for guess in self.guesses],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        lines = (Line(tuple(Word(str(w[0]), Box(*w[1:5]), float(w[5])) for w in words)) for words in data["lines"])
        guesses = (Guess(str(text), float(confidence)) for text, confidence in data["guesses"])
        return cls(Zone.from_json(data["zone"]), tuple(lines), tuple(guesses))


@dataclass(frozen=True, slots=True)
class Original:
    """A file that was accepted: its bytes are safe on disk under our own name and will never change."""

    path: str  # where the safe copy lies
    name: str  # as it arrived, NFC, for people
    raw_name: bytes  # as it arrived, byte for byte
    kind: Kind
    size: int  # bytes
    sha256: str
    received_at: datetime  # aware
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader saw on the pages of one original."""

    pages: tuple[Page, ...]
    findings: tuple[Finding, ...] = ()
    signed: bool = False  # the original is a PDF that carries at least one digital signature
    engine: str = ""  # names and versions of what read it, for the report
    second_looks: tuple[SecondLook, ...] = ()  # what the zones showed that the first reading left in doubt

    @property
    def text(self) -> str:
        return "\f".join(page.text for page in self.pages)

    def to_json(self) -> dict[str, Any]:
        return {
            "pages": [page.to_json() for page in self.pages],
            "findings": [finding.to_json() for finding in self.findings],
            "signed": self.signed,
            "engine": self.engine,
            "second_looks": [look.to_json() for look in self.second_looks],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            tuple(Page.from_json(page) for page in data["pages"]),
            tuple(Finding.from_json(finding) for finding in data["findings"]),
            data["signed"], data["engine"],
            tuple(SecondLook.from_json(look) for look in data.get("second_looks", ())),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What people of this office confirmed on earlier documents, as they spelled it (NFC), the most frequent first."""

    agencies: tuple[str, ...] = ()  # issuing agencies and those above them
    names: tuple[str, ...] = ()  # of signatories
    positions: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clues:
    """What is known of a document besides its pages; good for cross-checks, never for a value of its own."""

    file_name: str = ""
    signed_at: tuple[datetime, ...] = ()  # the times its digital signatures claim; aware
    received_at: datetime | None = None
    confirmed: Confirmed = Confirmed()
    signers: tuple[str, ...] = ()  # common names in the certificates of its digital signatures


FIELD_NAMES: tuple[str, ...] = (
    "type_name", "code_number", "code_notation", "issued_date", "issued_place", "organ_name", "parent_organ_name",
    "subject", "competence", "signatory_position", "signatory_name", "recipients", "priority", "secrecy", "language",
    "page_amount",
)  # fmt: skip
"""The fields that reading proposes. Names follow Decree 30/2020/NĐ-CP, Appendix VI, Part II, in snake case."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value found on the page: what, how sure, where, and by which rule.

    Dates are ISO 8601 (`2021-03-15`), recipients a tuple, everything else a string (NFC, as printed).
    A value that a person entered has rule "person", confidence 1.0 and no box.
    """

    value: str | tuple[str, ...]
    confidence: float
    page: int | None
    box: Box | None
    rule: str

    def to_json(self) -> dict[str, Any]:
        return {
            "value": list(self.value) if isinstance(self.value, tuple) else self.value,
            "confidence": round(self.confidence, 3), "page": self.page,
            "box": self.box.to_json() if self.box else None, "rule": self.rule,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        value = data["value"]
        box = data.get("box")
        return cls(
            tuple(value) if isinstance(value, list) else value, data["confidence"], data.get("page"),
            Box.from_json(box) if box else None, data["rule"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Metadata:
    """The fields of one document and the names of those that a person is asked to check.

    A field that should be there and was not found stands in `review` too, without a value.
    """

    fields: Mapping[str, Field] = field(default_factory=dict)
    review: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        unknown = (set(self.fields) | set(self.review)) - set(FIELD_NAMES)
        if unknown:
            raise ValueError(f"unknown field names: {sorted(unknown)}")

    def text(self, name: str) -> str:
        """The value of a field as one string, "" when it was not found."""
        found = self.fields.get(name)
        if found is None:
            return ""
        return "; ".join(found.value) if isinstance(found.value, tuple) else found.value

    @property
    def issued_date(self) -> date | None:
        text = self.text("issued_date")
        return date.fromisoformat(text) if text else None

    @property
    def code(self) -> str:
        """Number and notation as printed on Vietnamese documents: "15/KH-BQL"."""
        return "/".join(part for part in (self.text("code_number"), self.text("code_notation")) if part)

    def corrected(self, corrections: Mapping[str, str | tuple[str, ...]]) -> Metadata:
        """The same metadata with a person's values in place; an empty value says "there is none"."""
        fields = dict(self.fields)
        for name, value in corrections.items():
            if value:
                fields[name] = Field(value, 1.0, None, None, "person")
            else:
                fields.pop(name, None)
        return replace(self, fields=fields, review=tuple(n for n in self.review if n not in corrections))

    def to_json(self) -> dict[str, Any]:
        return {
            "fields": {name: found.to_json() for name, found in self.fields.items()},
            "review": list(self.review),
            "findings": [finding.to_json() for finding in self.findings],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            {name: Field.from_json(found) for name, found in data["fields"].items()},
            tuple(data["review"]),
            tuple(Finding.from_json(finding) for finding in data["findings"]),
        )
