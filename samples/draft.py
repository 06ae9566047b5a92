"""What a sample document says and how its paper looks, before it is laid out: frozen values, standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Mark(StrEnum):
    """What people put on paper besides the text."""

    SEAL = "seal"
    SIGNATURE = "signature"
    ARRIVAL_STAMP = "arrival-stamp"  # another office's ĐẾN stamp
    ANCHOR = "anchor"  # the place for a digital signature, #ChuKyLanhDao
    HANDWRITTEN_NUMBER = "handwritten-number"
    HANDWRITTEN_DAY = "handwritten-day"


@dataclass(frozen=True)
class Scan:
    """How a page was scanned: dots per inch, colour mode ("rgb", "gray", "bilevel"), wear, and container."""

    dpi: int = 200
    mode: str = "rgb"
    level: str = "mild"  # clean, mild, hard
    container: str = "pdf"  # pdf, tiff, jpeg, png
    sideways: bool = False  # fed into the scanner by the long edge
    blank_after: int = 0  # after this page a blank back side was scanned


@dataclass(frozen=True)
class Signing:
    """The right foot of the document: competence with whom it stands for, then the one who signed (Điều 13)."""

    position: str
    name: str
    authority: tuple[tuple[str, str], ...] = ()  # (("TM.", "ỦY BAN NHÂN DÂN"), ("KT.", "CHỦ TỊCH"))


@dataclass(frozen=True)
class Draft:
    """One document. Texts are NFC and stand as they are printed."""

    name: str  # of the file
    doc_type: str  # as in Điều 7, "Công văn" for letters
    number: str
    notation: str
    agency: tuple[str, ...]  # printed lines
    signing: Signing
    subject: str
    body: tuple[str, ...]
    recipients: tuple[str, ...]
    issued: date | None = None
    place: str = "Vân Giang"
    parent: str | None = "UBND TỈNH VÂN GIANG"
    year_in_code: bool = False  # 28/2021/QĐ-UBND, of legal normative documents
    enacting: str = ""  # "TRƯỞNG BAN QUẢN LÝ …" above "QUYẾT ĐỊNH:"
    grounds: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    secretary: str = ""  # who signs at the left of minutes
    urgency: str = ""
    secrecy: str = ""
    appendix: tuple[str, ...] = ()  # title, then paragraphs; after the page of signature
    marks: frozenset[Mark] = frozenset({Mark.SEAL, Mark.SIGNATURE})
    scan: Scan | None = None
    before_2020: bool = False
    committed: bool = False
    tags: tuple[str, ...] = field(default=())

    @property
    def code(self) -> str:
        year = f"{self.issued.year}/" if self.year_in_code and self.issued else ""
        return f"{self.number}/{year}{self.notation}"

    @property
    def heading(self) -> str:
        return "" if self.doc_type == "Công văn" else self.doc_type.upper()


def expected(draft: Draft, pages: int, signature_page: int, passage: tuple[int, str]) -> Mapping[str, Any]:
    """What a perfect reader finds; keys and conventions of the accuracy scorer's truth file."""
    page, text = passage
    return {
        "file": draft.name, "tags": list(draft.tags), "pages": pages, "doc_type": draft.doc_type,
        "number": draft.number, "notation": draft.notation, "full_code": draft.code,
        "issued_date": draft.issued.isoformat() if draft.issued and draft.doc_type != "Biên bản" else None,
        "place": draft.place if draft.doc_type != "Biên bản" else None,
        "issuing_agency": " ".join(draft.agency), "parent_agency": draft.parent, "subject": draft.subject,
        "signer_name": draft.signing.name, "signer_position": draft.signing.position,
        "signing_authority": " ".join(prefix for prefix, _ in draft.signing.authority) or None,
        "recipients": list(draft.recipients), "signer_page": signature_page,
        "urgency": draft.urgency or None, "secrecy": draft.secrecy or None,
        "handwritten": {
            "number": Mark.HANDWRITTEN_NUMBER in draft.marks,
            "date": Mark.HANDWRITTEN_DAY in draft.marks,
            "signing_authority": False,
        },
        "body": {"page": page, "text": text},
    }  # fmt: skip
