"""What officers, the watching service and the seal service say to each other. Frozen; JSON on the socket."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol, Self

from pipeline.document import StampKind

STAMP_NAME = re.compile(r"sao-\d{4}-\d{5,9}|di-\d{4}-\d{5,9}\.pl\d{1,3}|den-\d{4}-\d{5,9}\.sh")


class Release(StrEnum):
    """When a document that passed every check is sealed."""

    EACH = "each"  # when an officer released this one
    UNLOCKED = "unlocked"  # while an officer has the seal unlocked


class Named(Protocol):
    """What is sealed once, by the name that the trail and the sealed file have."""

    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class StampRef:
    """What is signed with a line: a copy's row ("sao-2026-00001"), an attachment ("di-2026-00015.pl1"), digitised paper
    ("den-2026-00015.sh"). ValueError for another name: it is part of a file's name.
    """

    name: str

    def __post_init__(self) -> None:
        if not STAMP_NAME.fullmatch(self.name):
            raise ValueError(self.name)


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One row of the register of leaving documents: which number of which year."""

    year: int
    number: int

    @property
    def name(self) -> str:
        """As documents are called everywhere: `di-2026-00015`."""
        return f"di-{self.year}-{self.number:05d}"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the register says of a row. `sha256` is that of the leader-signed file it was given to."""

    row: RegisterRow
    sha256: str
    issued: date
    competence: str | None  # the prefix before the position, folded; None: not known, any of the signatory's
    cancelled: bool = False

    @property
    def said(self) -> str:
        """What an officer releases besides the file: an order is good for this and for nothing else."""
        return f"{self.issued.isoformat()} {self.competence or ''}".strip()


@dataclass(frozen=True, slots=True)
class StampEntry:
    """What the register says of a file to stamp. `code`: of the main document, as printed on its attachments.

    `electronic`: the document was electronic when it came or was made here; of such only extracts are made. `filed`:
    it lies in the archive; an attachment may be released before, and is signed then.
    """

    ref: StampRef
    kind: StampKind
    sha256: str
    code: str
    electronic: bool
    filed: bool
    cancelled: bool

    @property
    def said(self) -> str:
        """What an officer releases besides the file: an order is good for this and for nothing else."""
        return f"{self.kind} {self.code}".strip()


@dataclass(frozen=True, slots=True)
class Order:
    """An officer's release: this file (hex SHA-256), this row, once, until then."""

    nonce: str
    row: RegisterRow
    sha256: str
    officer: str
    at: datetime
    expires_at: datetime

    def to_json(self) -> dict[str, Any]:
        return {
            "nonce": self.nonce, "year": self.row.year, "number": self.row.number, "sha256": self.sha256,
            "officer": self.officer, "at": self.at.isoformat(), "expires_at": self.expires_at.isoformat(),
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            data["nonce"], RegisterRow(data["year"], data["number"]), data["sha256"], data["officer"],
            datetime.fromisoformat(data["at"]), datetime.fromisoformat(data["expires_at"]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class StampOrder:
    """An officer's release of a file to stamp: this file, this row, once, until then."""

    nonce: str
    ref: StampRef
    sha256: str
    officer: str
    at: datetime
    expires_at: datetime

    def to_json(self) -> dict[str, Any]:
        return {
            "nonce": self.nonce, "row": self.ref.name, "sha256": self.sha256, "officer": self.officer,
            "at": self.at.isoformat(), "expires_at": self.expires_at.isoformat(),
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            data["nonce"], StampRef(data["row"]), data["sha256"], data["officer"],
            datetime.fromisoformat(data["at"]), datetime.fromisoformat(data["expires_at"]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stamped:
    """A file signed with its `line`: its SHA-256 and size, who released it, how far its signature can be checked."""

    ref: StampRef
    sha256: str
    size: int
    officer: str
    at: datetime
    level: str
    wanted: str
    line: str

    def to_json(self) -> dict[str, Any]:
        return {
            "row": self.ref.name, "sha256": self.sha256, "size": self.size, "officer": self.officer,
            "at": self.at.isoformat(), "level": self.level, "wanted": self.wanted, "line": self.line,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            StampRef(data["row"]), data["sha256"], data["size"], data["officer"],
            datetime.fromisoformat(data["at"]), data["level"], data["wanted"], data["line"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed file: its SHA-256 and size, who released it, how far its signature can be checked."""

    row: RegisterRow
    sha256: str
    size: int
    officer: str
    at: datetime
    level: str
    wanted: str

    @property
    def degraded(self) -> bool:
        return self.level != self.wanted

    def to_json(self) -> dict[str, Any]:
        return {
            "year": self.row.year, "number": self.row.number, "sha256": self.sha256, "size": self.size,
            "officer": self.officer, "at": self.at.isoformat(), "level": self.level, "wanted": self.wanted,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            RegisterRow(data["year"], data["number"]), data["sha256"], data["size"], data["officer"],
            datetime.fromisoformat(data["at"]), data["level"], data["wanted"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SealerStatus:
    """How the seal service stands, for `doctor`, `status` and `release`.

    `holder`: whose seal, and until when its certificate is good; "" and None without a key.
    """

    release: Release
    holder: str
    key_open: bool
    officers: tuple[str, ...]
    unlocked_by: str = ""
    unlocked_until: datetime | None = None
    valid_until: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "release": self.release.value, "holder": self.holder, "key_open": self.key_open,
            "officers": list(self.officers), "unlocked_by": self.unlocked_by,
            "unlocked_until": self.unlocked_until.isoformat() if self.unlocked_until else None,
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        until, valid = data["unlocked_until"], data["valid_until"]
        return cls(
            Release(data["release"]), data["holder"], data["key_open"], tuple(data["officers"]), data["unlocked_by"],
            datetime.fromisoformat(until) if until else None, datetime.fromisoformat(valid) if valid else None,
        )  # fmt: skip
