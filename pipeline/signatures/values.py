"""What travels to and from the making of signatures: terms, keys, results - frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from pathlib import Path

from pipeline import settings
from pipeline.document import Box, Finding
from pipeline.signatures.trust import Anchors

LEADER_FIELD = "ChuKyLanhDao"  # box 7c of the Decree's layout: the authorised person's signature
SEAL_FIELD = "ChuKyCoQuan"  # box 8: the agency's
NUMBER_FIELD = "SoVanBan"  # the digits in "Số:      /QĐ-BQL"
DAY_FIELD, MONTH_FIELD, YEAR_FIELD = "NgayVanBan", "ThangVanBan", "NamVanBan"
STAMP_FIELD = "ChuKyCoQuan"  # box 14: at the top right of attachments and copies; a file has one or the other


class Level(IntEnum):
    """How long a PAdES signature can be checked (ETSI EN 319 142-1): each level holds what the one before holds."""

    B_B = 0  # the signature
    B_T = 1  # … with a proof of its time
    B_LT = 2  # … with the certificates and revocation data that judging it needs
    B_LTA = 3  # … all of it under a time stamp that can be renewed

    def __str__(self) -> str:
        return self.name.replace("_", "-")

    @classmethod
    def of(cls, text: str) -> Level:
        """From "B-LTA"; ValueError for another word."""
        try:
            return cls[text.replace("-", "_")]
        except KeyError:
            raise ValueError(text) from None


@dataclass(frozen=True, slots=True)
class Terms:
    """With what help a signature is made, and what happens when the help does not answer.

    `roots` and `others` are certificates (DER): whom we trust, and what stands between. Without roots nobody's
    certificate is checked before signing and no level above B-T can be had. Without `tsa` the level is B-B.
    """

    level: Level = Level.B_B
    tsa: str = ""  # address of the time stamp service (RFC 3161)
    required: bool = False  # True: no signature below `level`, try again later; False: sign lower, `upgrade` later
    roots: tuple[bytes, ...] = ()
    others: tuple[bytes, ...] = ()
    seconds: float = 20.0  # how long one answer of a service may take

    @classmethod
    def from_settings(cls, signing: settings.Signing, anchors: Anchors, *, leader: bool = False) -> Terms:
        """For the agency's seal, or for the `leader`'s signature; `anchors`: whom the office trusts."""
        level = Level.of(signing.leader_level if leader else signing.level)
        roots = tuple(dict.fromkeys((*anchors.signers, *anchors.time_stamps)))
        required = signing.when_unavailable == "require"
        return cls(level, signing.tsa, required, roots, anchors.issuers, signing.seconds)

    @property
    def wanted(self) -> Level:
        """The level that these terms can reach at best."""
        if not self.tsa:
            return Level.B_B
        return self.level if self.roots else min(self.level, Level.B_T)


@dataclass(frozen=True, slots=True)
class FileKey:
    """A private key with its certificate in a PKCS#12 file."""

    path: Path


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A private key that never leaves a token (PKCS#11). `label` names key and certificate on the token `token`.

    `certificate` pins what the token must hold: the PEM or DER file of the only certificate that is accepted.
    """

    module: Path
    token: str
    label: str
    certificate: Path | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose key it is, as the certificate says. `sha256` is the certificate's fingerprint in hex."""

    name: str
    organ: str
    issuer: str
    serial: str  # hex
    sha256: str
    valid_from: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that was made: the file, who, when (as the signature claims), how far it can be checked.

    `level` below `wanted` is a signature that `upgrade` should be asked for later; `findings` say why.
    """

    path: Path
    sha256: str
    size: int
    field: str
    holder: Holder
    at: datetime
    level: Level
    wanted: Level
    findings: tuple[Finding, ...] = ()

    @property
    def degraded(self) -> bool:
        return self.level < self.wanted


@dataclass(frozen=True, slots=True)
class Issue:
    """What the register gives a document: its number as printed ("05", "15", "1024") and the day of issue."""

    number: str
    issued: date


@dataclass(frozen=True, slots=True)
class Place:
    """A field on a page: `page` counts from 1, the box is in points of the page as a person sees it."""

    field: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Plan:
    """How a draft is prepared. `anchors`: words on the page → what stands there, "leader" or "seal"."""

    anchors: Mapping[str, str] = field(default_factory=lambda: {"#ChuKyLanhDao": "leader"})
    seal_mm: float = 36.0

    @classmethod
    def from_settings(cls, outgoing: settings.Outgoing, signing: settings.Signing) -> Plan:
        return cls(dict(outgoing.anchors), signing.seal_mm)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft that is ready for its signatures: where its fields stand, and which parts of the date were typed."""

    path: Path
    sha256: str
    pages: int
    places: tuple[Place, ...]
    typed_month: int | None = None
    typed_year: int | None = None
    findings: tuple[Finding, ...] = ()

    def place(self, field: str) -> Place | None:
        return next((place for place in self.places if place.field == field), None)
