"""From facts to a verdict: ETSI EN 319 102-1, made stricter where published attacks pass its tools.

A signature is worth what can be shown for it. What is broken or forbidden is INVALID; what lacks a proof (of the
issuer, of the status, of the time) is INDETERMINATE and never VALID. The rules are tried from the gravest down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from pipeline.signatures.report import (
    Change,
    Coverage,
    Facts,
    JudgedSignature,
    Revocation,
    SignatureReport,
    Verdict,
)

SHA1_UNTIL = datetime(2025, 8, 15, tzinfo=UTC)
"""SHA-1 counts for signatures that a time stamp proves to be older.

Collisions can be made since 2020, but the Government's first hierarchy (2010) went on signing with it for years. The
list of standards of Circular 15/2025/TT-BKHCN has no SHA-1 any more.
"""
BROKEN_DIGESTS = frozenset({"md2", "md4", "md5"})
NOTES_ALLOWED = 3  # DocMDP
LEAST_RSA_BITS = 2048
LEAST_CURVE_BITS = 224
CLOCKS_DIFFER = timedelta(hours=26)  # a signer's clock may be a day off; some write local time as UTC
TIMES_DIFFER = timedelta(hours=1)  # claimed and stamped: worth a note


def _times_differ(f: Facts) -> bool:
    return bool(f.proven and f.claimed_at and f.time_stamp and abs(f.time_stamp.at - f.claimed_at) > TIMES_DIFFER)


def _stamp_unsure(f: Facts) -> bool:
    return bool(f.proven and f.time_stamp and f.time_stamp.revocation is not Revocation.GOOD)


def _in_future(f: Facts, now: datetime) -> bool:
    return bool(f.signed_at and f.signed_at > now + CLOCKS_DIFFER)


def _before(f: Facts) -> bool:
    return bool(f.signer and f.signed_at and f.signed_at < f.signer.not_before)


def _after(f: Facts) -> bool:
    return bool(f.signer and f.signed_at and f.signed_at > f.signer.not_after)


def _holds_no_more(f: Facts, now: datetime) -> bool:
    """The certificate, or one of its issuers', is out of its term at the moment of validation."""
    return bool(f.trouble_now or (f.signer and now > f.signer.not_after))


def _algorithms(f: Facts) -> set[str]:
    """Digests and mechanisms that the proof rests on; a root is trusted for itself, whatever signed it."""
    issued = [f.signer, *f.chain[:-1]] if f.signer else []
    return {f.digest, f.mechanism, *(one.algorithm for one in issued)}


def _sha1(f: Facts) -> bool:
    return any("sha1" in name.lower() for name in _algorithms(f))


def _too_weak(f: Facts) -> bool:
    rsa = f.mechanism.lower().startswith(("rsa", "sha")) and "ecdsa" not in f.mechanism.lower()
    return any(broken in name.lower() for name in _algorithms(f) for broken in BROKEN_DIGESTS) or (
        0 < f.key_bits < (LEAST_RSA_BITS if rsa else LEAST_CURVE_BITS)
    )


def _old_enough(f: Facts) -> bool:
    return bool(f.proven and f.time_stamp and f.time_stamp.at < SHA1_UNTIL)


Rule = Callable[[Facts, datetime], bool]

_INVALID: tuple[tuple[str, str, Rule], ...] = (
    ("changed", "HASH_FAILURE", lambda f, _: not f.intact),
    ("forged", "SIG_CRYPTO_FAILURE", lambda f, _: not f.genuine),
    ("shared", "FORMAT_FAILURE", lambda f, _: f.shared),
    ("covers-less", "FORMAT_FAILURE", lambda f, _: f.coverage is Coverage.LESS),
    # Bytes were added, yet nothing changed for a reader that follows the rules: others may see something else.
    ("hidden-change", "FORMAT_FAILURE", lambda f, _: f.coverage is not Coverage.FILE and f.change is Change.NONE),
    ("changed-after", "FORMAT_FAILURE", lambda f, _: not f.changes_allowed),
    ("changed-after", "FORMAT_FAILURE", lambda f, _: f.change is Change.OTHER),
    ("changed-after", "FORMAT_FAILURE", lambda f, _: f.change is Change.ANNOTATIONS and f.certifies != NOTES_ALLOWED),
    ("revoked", "REVOKED", lambda f, _: f.revocation is Revocation.REVOKED),
    ("not-yet-valid", "NOT_YET_VALID", lambda f, _: f.proven and _before(f)),
)
_INDETERMINATE: tuple[tuple[str, str, Rule], ...] = (
    ("no-chain", "NO_CERTIFICATE_CHAIN_FOUND", lambda f, _: f.trouble == "NO_CERTIFICATE_CHAIN_FOUND"),
    ("expired", "EXPIRED", lambda f, _: _after(f)),
    ("not-yet-valid", "NOT_YET_VALID", lambda f, _: _before(f)),
    ("weak", "CRYPTO_CONSTRAINTS_FAILURE", lambda f, _: _too_weak(f)),
    ("purpose", "CHAIN_CONSTRAINTS_FAILURE", lambda f, _: f.trouble == "CHAIN_CONSTRAINTS_FAILURE"),
    ("chain-broken", "CERTIFICATE_CHAIN_GENERAL_FAILURE", lambda f, _: bool(f.trouble) or not f.chain),
    ("weak-unproven", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE", lambda f, _: _sha1(f) and not _old_enough(f)),
    ("time-impossible", "SIG_CONSTRAINTS_FAILURE", _in_future),
    ("expired-unproven", "OUT_OF_BOUNDS_NO_POE", lambda f, now: not f.proven and _holds_no_more(f, now)),
    ("revoked-unproven", "REVOKED_NO_POE", lambda f, _: f.revocation_now is Revocation.REVOKED and not f.proven),
    ("no-revocation", "TRY_LATER", lambda f, _: f.revocation is not Revocation.GOOD),
    ("no-revocation", "TRY_LATER", lambda f, _: not f.proven and f.revocation_now is not Revocation.GOOD),
    ("no-revocation-of-time", "TRY_LATER", lambda f, _: _stamp_unsure(f)),
)  # fmt: skip


def judge_facts(facts: Facts, now: datetime) -> JudgedSignature:
    """One signature by itself; what other signatures say about later changes is added by `judge_document`."""
    notes = tuple(_notes(facts))
    if facts.failure:
        return JudgedSignature(facts, Verdict.INDETERMINATE, "cannot-validate", "GENERIC")
    if facts.kind == "time-stamp":
        return _judge_document_time_stamp(facts)
    for verdict, rules in ((Verdict.INVALID, _INVALID), (Verdict.INDETERMINATE, _INDETERMINATE)):
        for code, subindication, applies in rules:
            if applies(facts, now):
                return JudgedSignature(facts, verdict, code, subindication, notes)
    return JudgedSignature(facts, Verdict.VALID, "valid", "", notes)


def judge_document(facts: Sequence[Facts], now: datetime, *, online: bool, notes: Sequence[str]) -> SignatureReport:
    """All signatures together: the document is worth what its worst signature is.

    What was filled in after a signature counts as attested when a later signature covers it; so nothing that shows
    may be added after the last one, even where the form allows it (shadow attacks fill in fields).
    """
    judged = [judge_facts(one, now) for one in facts]
    signed = [place for place, one in enumerate(facts) if one.kind == "signature"]
    if not signed:
        return SignatureReport(Verdict.UNSIGNED, tuple(judged), now, online, notes=tuple(notes))
    last = signed[-1]
    judged[last] = _with_additions(judged[last], leniently="read-leniently" in notes)
    verdicts = {judged[place].verdict for place in signed}
    if "mark-without-field" in notes:  # a signature that no field shows may be one that would not hold
        verdicts.add(Verdict.INDETERMINATE)
    if any(one.verdict is Verdict.INVALID for one in judged):  # a broken document time stamp is a change, too
        verdicts.add(Verdict.INVALID)
    worst = next(v for v in (Verdict.INVALID, Verdict.INDETERMINATE, Verdict.VALID) if v in verdicts)
    return SignatureReport(worst, tuple(judged), now, online, notes=tuple(notes))


def cannot_validate(code: str, now: datetime, *, online: bool = False, **detail: str) -> SignatureReport:
    """There are signatures, or may be, and nobody can say anything about them."""
    return SignatureReport(Verdict.INDETERMINATE, (), now, online, code, detail=detail)


def _with_additions(judged: JudgedSignature, *, leniently: bool) -> JudgedSignature:
    """The last signature, with what stands behind it and nobody else signed.

    No revocation data is what a later look can mend; this cannot be mended, so it is said first.
    """
    facts = judged.facts
    if judged.verdict is Verdict.INVALID or facts.failure:
        return judged
    if facts.hides:
        return JudgedSignature(facts, Verdict.INVALID, "hidden-change", "FORMAT_FAILURE", judged.notes)
    if judged.verdict is not Verdict.VALID and judged.subindication != "TRY_LATER":
        return judged
    for code, subindication, holds in (
        ("filled-after", "SIG_CONSTRAINTS_FAILURE", facts.change is Change.FORM),
        ("noted-after", "SIG_CONSTRAINTS_FAILURE", facts.change is Change.ANNOTATIONS),  # notes may cover the text
        ("added-unclear", "FORMAT_FAILURE", leniently and facts.coverage is not Coverage.FILE),
    ):
        if holds:
            return JudgedSignature(facts, Verdict.INDETERMINATE, code, subindication, judged.notes)
    return judged


def _judge_document_time_stamp(facts: Facts) -> JudgedSignature:
    if not (facts.intact and facts.genuine) or facts.shared or facts.coverage is Coverage.LESS:
        return JudgedSignature(facts, Verdict.INVALID, "changed", "HASH_FAILURE")
    if facts.trouble or not facts.chain:
        return JudgedSignature(facts, Verdict.INDETERMINATE, "no-chain", facts.trouble or "NO_CERTIFICATE_CHAIN_FOUND")
    if facts.revocation is Revocation.REVOKED:
        return JudgedSignature(facts, Verdict.INDETERMINATE, "revoked-unproven", "REVOKED_NO_POE")
    return JudgedSignature(facts, Verdict.VALID, "valid")


def _notes(f: Facts) -> list[str]:
    found = {
        "sha1": _sha1(f),
        "time-claimed": bool(not f.proven and f.claimed_at),
        "no-time": f.signed_at is None,
        "time-stamp-broken": bool(f.time_stamp and not f.time_stamp.intact),
        "time-stamp-untrusted": bool(f.time_stamp and f.time_stamp.intact and not f.time_stamp.trusted),
        "times-differ": _times_differ(f),
        "changes-allowed": f.change is Change.FORM and f.changes_allowed,
        "revoked-later": f.revocation is Revocation.GOOD and f.revocation_now is Revocation.REVOKED,
    }  # fmt: skip
    return [name for name, there in found.items() if there]
