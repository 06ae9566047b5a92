"""What was found out about the signatures of one document: frozen values, and JSON for the bag.

Words follow ETSI EN 319 102-1: an *indication* (TOTAL-PASSED, TOTAL-FAILED, INDETERMINATE) with a *subindication*.
Nothing here knows a PDF library; `rules` makes the verdicts, `examining` finds the facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self


class Verdict(StrEnum):
    """What a signature, or a document with all its signatures, is worth."""

    VALID = "valid"
    INVALID = "invalid"
    INDETERMINATE = "indeterminate"  # nothing speaks against it, but something that must speak for it is missing
    UNSIGNED = "unsigned"  # of a document only

    @property
    def indication(self) -> str:
        return {"valid": "TOTAL-PASSED", "invalid": "TOTAL-FAILED", "indeterminate": "INDETERMINATE"}.get(self, "")


class Coverage(StrEnum):
    """How much of the file a signature's bytes are."""

    FILE = "file"  # all of it
    REVISION = "revision"  # the file as it was when it was signed; something was added at its end later
    LESS = "less"  # neither: what is shown need not be what was signed


class Change(StrEnum):
    """The gravest of what was added after a signature."""

    NONE = "none"
    VALIDATION_DATA = "validation-data"  # certificates, revocation lists, time stamps: nothing that is shown
    FORM = "form"  # fields filled in, signatures added
    ANNOTATIONS = "annotations"
    OTHER = "other"


class Revocation(StrEnum):
    """What is known of the certificates' status at the time that counts."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"  # nobody could be asked and nothing was embedded


class TimeSource(StrEnum):
    TIME_STAMP = "time-stamp"
    CLAIMED = "claimed"  # by the signer's own clock
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate in words. `sha256` over its DER, hexadecimal in lower case like `serial`."""

    subject: str
    common_name: str
    organization: str
    title: str
    issuer: str
    serial: str
    sha256: str
    not_before: datetime
    not_after: datetime
    algorithm: str = ""  # what its issuer signed it with

    def to_json(self) -> dict[str, Any]:
        return {
            "subject": self.subject, "common_name": self.common_name, "organization": self.organization,
            "title": self.title, "issuer": self.issuer, "serial": self.serial, "sha256": self.sha256,
            "not_before": self.not_before.isoformat(), "not_after": self.not_after.isoformat(),
            "algorithm": self.algorithm,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        times = {name: datetime.fromisoformat(data[name]) for name in ("not_before", "not_after")}
        return cls(**{**data, **times})


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """A time-stamp token over a signature. Good for a proof only when `intact` and `trusted`."""

    at: datetime
    authority: str
    intact: bool
    trusted: bool
    revocation: Revocation = Revocation.UNKNOWN
    digest: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "at": self.at.isoformat(), "authority": self.authority, "intact": self.intact, "trusted": self.trusted,
            "revocation": self.revocation.value, "digest": self.digest,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(**{**data, "at": datetime.fromisoformat(data["at"]), "revocation": Revocation(data["revocation"])})


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a PDF's form by its full name; `kind` as PDF says it: Tx, Btn, Ch, Sig."""

    name: str
    kind: str
    filled: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What examining one signature showed, before anybody judges it.

    `chain`: issuers from the signer's up to a trusted root; empty where none was found.
    `trouble`: why the chain does not hold at the time that counts (an ETSI subindication), "" when it does.
    `trouble_now`: the same for the moment of validation, asked only where no time stamp proves the signing time.
    `failure`: the signature could not be examined at all; everything else is then unknown.
    """

    field: str
    kind: str = "signature"  # or "time-stamp": a document time stamp says when, not who
    subfilter: str = ""
    signer: Certificate | None = None
    chain: tuple[Certificate, ...] = ()
    claimed_at: datetime | None = None
    time_stamp: TimeStamp | None = None
    reason: str = ""  # what the signer gave as such
    location: str = ""
    coverage: Coverage = Coverage.LESS
    change: Change = Change.OTHER
    changes_allowed: bool = False
    changed_fields: tuple[str, ...] = ()
    certifies: int | None = None  # DocMDP: 1 nothing may change, 2 forms and signatures, 3 annotations too
    shared: bool = False  # another field has the very same signature for its value
    hides: bool = False  # objects or tables that no table leads to stand behind the bytes it covers
    intact: bool = False  # the signed bytes are as they were
    genuine: bool = False  # made with the key that the certificate names
    digest: str = ""
    mechanism: str = ""
    key_bits: int = 0
    trouble: str = ""
    trouble_now: str = ""
    revocation: Revocation = Revocation.UNKNOWN
    revocation_now: Revocation = Revocation.UNKNOWN
    revoked_at: datetime | None = None
    revocation_source: str = ""  # "embedded", "online", ""
    failure: str = ""

    @property
    def signed_at(self) -> datetime | None:
        """The best time that is known of it."""
        return self.time_stamp.at if self.proven and self.time_stamp else self.claimed_at

    @property
    def proven(self) -> bool:
        """Does somebody else than the signer vouch for the time?"""
        return self.time_stamp is not None and self.time_stamp.intact and self.time_stamp.trusted

    @property
    def time_source(self) -> TimeSource:
        if self.proven:
            return TimeSource.TIME_STAMP
        return TimeSource.CLAIMED if self.claimed_at else TimeSource.NONE


@dataclass(frozen=True, slots=True)
class JudgedSignature:
    """One signature with its verdict; `code` names the sentence `signature-<code>`, `notes` more of them."""

    facts: Facts
    verdict: Verdict
    code: str
    subindication: str = ""
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        f = self.facts
        return {
            "field": f.field, "kind": f.kind, "subfilter": f.subfilter,
            "verdict": self.verdict.value, "indication": self.verdict.indication,
            "subindication": self.subindication, "code": self.code, "notes": list(self.notes),
            "signer": f.signer.to_json() if f.signer else None,
            "chain": [certificate.to_json() for certificate in f.chain],
            "signed_at": f.signed_at.isoformat() if f.signed_at else None, "time_source": f.time_source.value,
            "claimed_at": f.claimed_at.isoformat() if f.claimed_at else None,
            "time_stamp": f.time_stamp.to_json() if f.time_stamp else None,
            "reason": f.reason, "location": f.location,
            "coverage": f.coverage.value, "change": f.change.value, "changes_allowed": f.changes_allowed,
            "changed_fields": list(f.changed_fields), "certifies": f.certifies, "shared": f.shared,
            "hides": f.hides, "intact": f.intact, "genuine": f.genuine,
            "digest": f.digest, "mechanism": f.mechanism, "key_bits": f.key_bits,
            "trouble": f.trouble, "trouble_now": f.trouble_now,
            "revocation": f.revocation.value, "revocation_now": f.revocation_now.value,
            "revoked_at": f.revoked_at.isoformat() if f.revoked_at else None,
            "revocation_source": f.revocation_source, "failure": f.failure,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        def time(name: str) -> datetime | None:
            return datetime.fromisoformat(data[name]) if data[name] else None

        facts = Facts(
            field=data["field"], kind=data["kind"], subfilter=data["subfilter"],
            signer=Certificate.from_json(data["signer"]) if data["signer"] else None,
            chain=tuple(Certificate.from_json(certificate) for certificate in data["chain"]),
            claimed_at=time("claimed_at"),
            time_stamp=TimeStamp.from_json(data["time_stamp"]) if data["time_stamp"] else None,
            reason=data["reason"], location=data["location"],
            coverage=Coverage(data["coverage"]), change=Change(data["change"]),
            changes_allowed=data["changes_allowed"], changed_fields=tuple(data["changed_fields"]),
            certifies=data["certifies"], shared=data["shared"], hides=data.get("hides", False),
            intact=data["intact"], genuine=data["genuine"],
            digest=data["digest"], mechanism=data["mechanism"], key_bits=data["key_bits"],
            trouble=data["trouble"], trouble_now=data["trouble_now"],
            revocation=Revocation(data["revocation"]), revocation_now=Revocation(data["revocation_now"]),
            revoked_at=time("revoked_at"), revocation_source=data["revocation_source"], failure=data["failure"],
        )  # fmt: skip
        return cls(facts, Verdict(data["verdict"]), data["code"], data["subindication"], tuple(data["notes"]))


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """All signatures of one document, in the order of their making, and what the document is worth with them.

    `failure`: the document could not be examined at all ("cannot validate"); its verdict is then INDETERMINATE.
    """

    verdict: Verdict
    signatures: tuple[JudgedSignature, ...] = ()
    judged_at: datetime | None = None
    online: bool = False
    failure: str = ""
    notes: tuple[str, ...] = ()
    detail: Mapping[str, str] = field(default_factory=dict)  # of the failure

    @property
    def signing_times(self) -> tuple[datetime, ...]:
        """When its people and agencies signed; document time stamps are not counted."""
        return tuple(s.facts.signed_at for s in self.signatures if s.facts.signed_at and s.facts.kind == "signature")

    def to_json(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict.value, "indication": self.verdict.indication,
            "judged_at": self.judged_at.isoformat() if self.judged_at else None, "online": self.online,
            "failure": self.failure, "notes": list(self.notes), "detail": dict(self.detail),
            "signatures": [signature.to_json() for signature in self.signatures],
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            Verdict(data["verdict"]), tuple(JudgedSignature.from_json(one) for one in data["signatures"]),
            datetime.fromisoformat(data["judged_at"]) if data["judged_at"] else None, data["online"],
            data["failure"], tuple(data["notes"]), dict(data["detail"]),
        )  # fmt: skip
