"""May the agency's seal follow this signature? Asked by the seal service itself, on its own copy of the file.

Decree 30/2020/NĐ-CP, Articles 13 and 32.2.d: the seal goes on what an authorised person has signed, and on nothing
else. Authorised is a certificate by its fingerprint, for a competence and for a time: an authorisation (TUQ.) ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.document import Finding, Severity
from pipeline.signatures.judging import Judge
from pipeline.signatures.report import Change, FormField, JudgedSignature, SignatureReport, Verdict
from pipeline.signatures.trust import Anchors
from pipeline.signatures.values import LEADER_FIELD, NUMBER_FIELD, SEAL_FIELD

TRY_LATER = {"no-revocation", "no-revocation-of-time"}  # as the judge calls it
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
FILLING_ALLOWED = 2  # DocMDP: the certification under which number, date and seal may still come


@dataclass(frozen=True, slots=True)
class Signatory:
    """One person who may sign, by the SHA-256 of the certificate (hex). Both days count; None: no end.

    `competences`: "" for the head's own, else as printed before the position ("TM.", "KT.", "TL.", "TUQ."), folded.
    """

    sha256: str
    name: str
    competences: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None

    def in_term(self, day: date) -> bool:
        return (self.first_day is None or self.first_day <= day) and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class LeaderCheck:
    """The answer. `findings` are the reasons against, all of them; none means the seal may follow."""

    findings: tuple[Finding, ...]
    report: SignatureReport
    signature: JudgedSignature | None = None
    signatory: Signatory | None = None

    @property
    def passed(self) -> bool:
        return not self.findings and self.signature is not None and self.signatory is not None

    @property
    def may_pass_later(self) -> bool:
        """Nothing speaks against it but that nobody could be asked whether a certificate was revoked."""
        return bool(self.findings) and all(finding.detail.get("why") in TRY_LATER for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Demands:
    """What a signed file must look like before it is sealed. `empty`: fields that are there and that nobody filled."""

    competence: str | None = None  # None: any of the signatory's
    field: str = LEADER_FIELD
    empty: tuple[str, ...] = (NUMBER_FIELD, SEAL_FIELD)
    zone: tzinfo = HANOI


def check_leader_signature(
    path: Path, allowed: Sequence[Signatory], moment: datetime, anchors: Anchors, demands: Demands, *,
    judge: Judge, online: bool = True,
) -> LeaderCheck:  # fmt: skip
    """Whole, trusted, of an authorised person in term, the last thing done to the file, its blanks still blank.

    Dangerous content is another question (`refuse_dangerous`). Raises NotFoundError alone.
    """
    report = judge.judge(path, anchors, moment, online=online)
    signature = next((one for one in report.signatures if one.facts.field == demands.field), None)
    if signature is None or signature.facts.kind != "signature":
        code = "leader-unsigned" if report.verdict is Verdict.UNSIGNED or report.signatures else "leader-unreadable"
        return LeaderCheck((_against(code, field=demands.field, reason=report.failure),), report)
    signer = signature.facts.signer
    signatory = next((one for one in allowed if signer and one.sha256.lower() == signer.sha256), None)
    findings = [
        *_of_the_file(report, signature),
        *_of_the_person(signature, signatory, moment, demands),
        *_of_the_form(judge.form_fields(path), demands),
    ]
    return LeaderCheck(tuple(findings), report, signature, signatory)


def _of_the_file(report: SignatureReport, signature: JudgedSignature) -> list[Finding]:
    facts = signature.facts
    found = [
        _against("leader-not-valid", field=one.facts.field, why=one.code)
        for one in report.signatures
        if one.verdict is not Verdict.VALID and one.facts.kind == "signature"
    ]
    if not found and report.verdict is not Verdict.VALID:  # a broken time stamp, a signature that no field shows
        found.append(_against("leader-not-valid", field=facts.field, why=", ".join(report.notes) or report.verdict))
    if facts.change not in {Change.NONE, Change.VALIDATION_DATA}:
        found.append(_against("leader-changed-after", field=facts.field))
    if facts.certifies not in {None, FILLING_ALLOWED}:
        found.append(_against("leader-forbids-sealing", field=facts.field))
    people = [one for one in report.signatures if one.facts.kind == "signature"]
    if people[-1] is not signature:
        found.append(_against("leader-not-last", field=people[-1].facts.field))
    return found


def _of_the_person(
    signature: JudgedSignature, signatory: Signatory | None, moment: datetime, demands: Demands
) -> list[Finding]:
    signer = signature.facts.signer
    name = signer.common_name if signer else ""
    if signatory is None:
        return [_against("leader-not-allowed", name=name, sha256=signer.sha256 if signer else "")]
    days = {at.astimezone(demands.zone).date() for at in (signature.facts.signed_at or moment, moment)}
    found = [
        _against("leader-out-of-term", name=name, day=f"{day:%d/%m/%Y}")
        for day in sorted(days)
        if not signatory.in_term(day)
    ]
    if demands.competence is not None and demands.competence not in signatory.competences:
        found.append(_against("leader-lacks-competence", name=name, competence=demands.competence))
    return found


def _of_the_form(fields: Sequence[FormField], demands: Demands) -> list[Finding]:
    found = []
    for name in demands.empty:
        named = [field for field in fields if field.name == name]
        if not named:
            found.append(_against("leader-field-missing", field=name))
        elif any(field.filled for field in named):
            found.append(_against("leader-field-filled", field=name))
    return found


def _against(code: str, **detail: str) -> Finding:
    return Finding(code, Severity.REFUSAL, detail=detail)
