"""The facts of every signature in a PDF. Runs only in the limited child that `judging` starts: the file is hostile.

The chain is built from the house's own store: real files embed only the signer's certificate. Nothing is fetched for
a certificate whose chain does not end in a trusted root, so a file cannot make us visit addresses of its choosing.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import cms, x509
from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.form_tools import enumerate_fields_in
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import find_unique_cms_attribute
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import (
    cms_basic_validation,
    extract_tst_data_iter,
    message_imprint_checker,
    validate_tst_signed_data,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko.sign.validation.utils import CMSAlgorithmUsagePolicy
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import AcceptAllAlgorithms

from pipeline.signatures.certificates import in_words, may_sign_documents
from pipeline.signatures.coverage import hides_bytes, leaves_out_only_itself
from pipeline.signatures.fetching import Collected, Inquiry
from pipeline.signatures.later_changes import DIFF_POLICY
from pipeline.signatures.marks import marks
from pipeline.signatures.report import Certificate, Change, Coverage, Facts, FormField, Revocation, TimeStamp
from pipeline.signatures.trust import Anchors

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # what it mutters becomes facts
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)

MOST_SIGNATURES = 200
SIGNATURES = {SigSeedSubFilter.ADOBE_PKCS7_DETACHED, SigSeedSubFilter.PADES}
PURPOSE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
"""Government certificates carry digitalSignature, others nonRepudiation, most both; pyHanko wants the second alone."""

HARMLESS_REASONS = {"affiliation_changed", "superseded", "cessation_of_operation"}  # of a time stamp authority

Check = Callable[[Collected, str], Awaitable[dict[str, Any]]]

_COVERAGE = {
    SignatureCoverageLevel.ENTIRE_FILE: Coverage.FILE,
    SignatureCoverageLevel.ENTIRE_REVISION: Coverage.REVISION,
}
_CHANGE = {
    ModificationLevel.NONE: Change.NONE, ModificationLevel.LTA_UPDATES: Change.VALIDATION_DATA,
    ModificationLevel.FORM_FILLING: Change.FORM, ModificationLevel.ANNOTATIONS: Change.ANNOTATIONS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """One file to examine against anchors at a moment; `online`: certificates' status may be asked for."""

    path: Path
    anchors: Anchors
    moment: datetime
    online: bool
    seconds: float  # for all questions over the network together
    inquiry: Inquiry | None = None  # made by `examine` where it may ask


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of it. `failure` is a message code ("" when the file could be examined)."""

    facts: tuple[Facts, ...] = ()
    notes: tuple[str, ...] = ()
    failure: str = ""
    detail: str = ""


def examine(task: Task) -> Examined:
    """Examine every filled signature field. Nothing is raised: what cannot be examined says so."""
    try:
        inquiry = Inquiry(task.seconds) if task.online else None
        return asyncio.run(_examine(replace(task, inquiry=inquiry)))
    except (MemoryError, RecursionError) as error:
        return Examined(failure="cannot-validate", detail=type(error).__name__)
    except Exception as error:  # noqa: BLE001 - parsers of hostile files raise ValueError, TypeError, KeyError, anything
        return Examined(failure="cannot-validate", detail=_said(error))


def form_fields(path: Path) -> tuple[FormField, ...]:
    """Every terminal field of the form. Raises whatever a parser raises."""
    with path.open("rb") as stream:
        reader = _open(stream)
        kinds = ((kind, _fields_of(reader, kind)) for kind in ("/Tx", "/Btn", "/Ch", "/Sig"))
        return tuple(
            FormField(str(name), kind.lstrip("/"), _is_filled(value)) for kind, found in kinds for name, value in found
        )


def _fields_of(reader: PdfFileReader, kind: str) -> Iterable[tuple[str, object]]:
    """(full name, value) of each field of a kind."""
    try:
        fields = reader.root["/AcroForm"]["/Fields"]
    except KeyError:
        return
    found: Any = enumerate_fields_in(fields, refs_seen=set(), target_field_type=kind)
    for name, value, _field in found:
        yield name, value


def _is_filled(value: object) -> bool:
    return value is not None and not isinstance(value, generic.NullObject) and value not in ("", "/Off")


async def _examine(task: Task) -> Examined:
    with task.path.open("rb") as stream:
        for strictly in (True, False):
            examined = await _examine_open(stream, task, strictly=strictly)
            if examined is not None and not any(facts.failure for facts in examined.facts):
                break
        return examined or Examined(failure="cannot-validate")


async def _examine_open(stream: Any, task: Task, *, strictly: bool) -> Examined | None:
    """None where the file does not bear strict reading; the lenient look may raise anything."""
    reader = _open_strictly(stream) if strictly else _open(stream)
    if reader is None:
        return None
    notes = [] if strictly else ["read-leniently"]
    fields = list(_filled_fields(reader))
    if not fields:
        return Examined(notes=tuple(notes), failure="signature-without-field")
    if len(fields) > MOST_SIGNATURES:
        return Examined(failure="too-many-signatures", detail=str(len(fields)))
    if sum(1 for _ in marks(stream)) > len(fields):
        notes.append("mark-without-field")
    known = _embedded_data(reader)
    shared = _shared(fields)
    found = []
    for name, field in fields:
        try:
            signature = EmbeddedPdfSignature(reader, field, name)
            facts = await _facts(signature, task, known)
            facts = replace(facts, hides=facts.coverage is not Coverage.FILE and hides_bytes(signature, stream))
            place = signature.signed_revision
        except Exception as error:  # noqa: BLE001 - as above; one broken signature does not hide the others
            facts, place = Facts(name, failure=_said(error)), -1
        found.append((place, replace(facts, shared=name in shared)))
    found.sort(key=lambda item: item[0])
    return Examined(tuple(facts for _, facts in found), tuple(notes))


def _open(stream: Any, *, strict: bool = False) -> PdfFileReader:
    """An encrypted file opens when its owner alone has a password. Raises whatever a parser raises."""
    reader = PdfFileReader(stream, strict=strict)
    if reader.encrypted and reader.decrypt("").status is AuthStatus.FAILED:
        raise misc.PdfReadError("locked with a password")
    return reader


def _open_strictly(stream: Any) -> PdfFileReader | None:
    try:
        reader = _open(stream, strict=True)
    except Exception:  # noqa: BLE001 - whatever it was, the lenient way decides
        return None
    return None if reader.xrefs.hybrid_xrefs_present else reader  # pyHanko judges no hybrid file strictly


def _filled_fields(reader: PdfFileReader) -> Iterable[tuple[str, generic.DictionaryObject]]:
    """All of them: pyHanko's own list leaves out signatures of kinds that it does not know."""
    for name, _value, field in enumerate_sig_fields(reader, filled_status=True):
        yield str(name), field.get_object()


def _shared(fields: Sequence[tuple[str, generic.DictionaryObject]]) -> set[str]:
    """Names of fields that show a signature which is another field's: by reference, or copied."""
    keys: dict[str, object] = {}
    for name, field in fields:
        raw = field.raw_get("/V")
        value = raw.get_object()
        contents = value.get("/Contents") if isinstance(value, generic.DictionaryObject) else None
        keys[name] = getattr(contents, "original_bytes", None) or repr(raw)
    counts = Counter(keys.values())
    twice = Counter(name for name, _ in fields)
    return {name for name, key in keys.items() if counts[key] > 1 or twice[name] > 1}


def _embedded_data(reader: PdfFileReader) -> Collected:
    """Certificates and their status that the document carries for later (PAdES DSS)."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
        context = store.as_validation_context({"trust_roots": [], "allow_fetching": False})
        certificates = list(store.load_certs())
        return Collected(tuple(certificates), tuple(context.crls), tuple(context.ocsps))
    except NoDSSFoundError:
        return Collected()
    except Exception:  # noqa: BLE001 - a broken store proves nothing, and breaks no signature
        return Collected()


async def _facts(signature: EmbeddedPdfSignature, task: Task, known: Collected) -> Facts:
    dictionary = signature.sig_object
    subfilter = str(dictionary.get("/SubFilter", ""))
    if str(signature.sig_object_type) == "/DocTimeStamp":
        return await _document_time_stamp(signature, task, known, subfilter)
    if subfilter not in {kind.value for kind in SIGNATURES}:
        return Facts(signature.field_name, subfilter=subfilter.lstrip("/"), failure="subfilter")
    info = signature.signer_info
    known = known.plus(_adobe_data(info))
    facts = replace(
        _integrity(signature, subfilter),
        claimed_at=_aware(signature.self_reported_timestamp),
        reason=_text(dictionary, "/Reason"), location=_text(dictionary, "/Location"),
    )  # fmt: skip
    facts = replace(facts, time_stamp=await _time_stamp(signature, task, known))
    return await _judged_chain(signature, facts, task, known)


def _integrity(signature: EmbeddedPdfSignature, subfilter: str) -> Facts:
    """What needs no certificates: what it covers, and what came after."""
    signature.compute_integrity_info(diff_policy=DIFF_POLICY)
    summary = signature.summarise_integrity_info()
    result = signature.diff_result
    info, signer = signature.signer_info, signature.signer_cert
    certifies = signature.docmdp_level
    known = isinstance(result, DiffResult)
    coverage = _COVERAGE.get(signature.coverage or SignatureCoverageLevel.UNCLEAR, Coverage.LESS)
    if not leaves_out_only_itself(signature, signature.reader.stream):
        coverage = Coverage.LESS
    return Facts(
        signature.field_name,
        subfilter=subfilter.lstrip("/"),
        signer=in_words(signer),
        coverage=coverage,
        change=_CHANGE.get(result.modification_level, Change.OTHER) if isinstance(result, DiffResult) else Change.OTHER,
        changed_fields=tuple(sorted(map(str, result.changed_form_fields))) if isinstance(result, DiffResult) else (),
        changes_allowed=bool(summary["docmdp_ok"]) and known,
        certifies=certifies.value if certifies is not None and _is_certification(signature) else None,
        digest=signature.md_algorithm,
        mechanism=str(info["signature_algorithm"]["algorithm"].native),
        key_bits=signer.public_key.bit_size,
    )


def _is_certification(signature: EmbeddedPdfSignature) -> bool:
    """By its own reference dictionary; a lock of its field also limits changes, but certifies nothing."""
    references = signature.sig_object.get("/Reference", ())
    return any(reference.get_object().get("/TransformMethod") == "/DocMDP" for reference in references)


async def _judged_chain(signature: EmbeddedPdfSignature, facts: Facts, task: Task, known: Collected) -> Facts:
    """Signature and chain at the time that counts, then the status of the certificates, then now."""
    at = facts.signed_at or task.moment

    async def at_moment(moment: datetime, data: Collected, mode: str) -> dict[str, Any]:
        context = _context(task.anchors.signers, task.anchors.issuers, moment, data, mode)
        status: dict[str, Any] = await cms_basic_validation(
            signature.signed_data, signature.compute_digest(), context, {},
            key_usage_settings=PURPOSE, algorithm_policy=_OfItsTime(),
        )  # fmt: skip
        return status

    async def then(data: Collected, mode: str) -> dict[str, Any]:
        return await at_moment(at, data, mode)

    async def today(data: Collected, mode: str) -> dict[str, Any]:
        return await at_moment(task.moment, data, mode)

    soft, known = await _softly(then, known)
    path = soft["validation_path"]
    facts = replace(facts, intact=soft["intact"], genuine=soft["valid"], chain=_chain(path))
    facts = _with_trouble(facts, soft)
    if not facts.trouble and not may_sign_documents(signature.signer_cert):
        facts = replace(facts, trouble="CHAIN_CONSTRAINTS_FAILURE")
    if facts.trouble or facts.revocation is Revocation.REVOKED or path is None:
        return facts
    hard, source = await _settled(then, path, known, task)
    now, _ = await _settled(today, path, known, task)
    revocation = _revocation(hard)
    return replace(
        facts,
        revocation=revocation,
        revocation_source=source if revocation is not Revocation.UNKNOWN else "",
        revocation_now=_revocation(now),
        trouble_now=_subindication(await today(Collected(known.certificates), "soft-fail")),
        revoked_at=_revoked_at(hard) or _revoked_at(now),
    )


async def _softly(check: Check, known: Collected) -> tuple[dict[str, Any], Collected]:
    """The chain where a missing status does no harm, and what is known about the certificates of that chain."""
    status = await check(Collected(known.certificates), "soft-fail")
    path = status["validation_path"]
    if path is None or not (known.ocsps or known.crls):
        return status, known
    known = known.about(path)
    told = await check(known, "soft-fail")
    if _subindication(told) and told["revocation_details"] is None:  # stale, or by somebody else: it hinders nothing
        return status, known
    return told, known


async def _settled(check: Check, path: ValidationPath, known: Collected, task: Task) -> tuple[dict[str, Any], str]:
    """The chain with every certificate's status, and where that is from.

    Who can be asked is asked first: what a revoked signer embeds was true once. But an authority may forget
    certificates that have expired (RFC 5280, 3.3), so only its "revoked" counts for those.
    """
    status = await check(known, "require")
    if not task.online or task.inquiry is None:
        return status, "embedded"
    fetched = await task.inquiry.about(path)
    for data in (Collected(known.certificates).plus(fetched), known.plus(fetched)):
        asked = await check(data, "require")
        found = _revocation(asked)
        if found is Revocation.REVOKED or (found is Revocation.GOOD and not _expired(path, task.moment)):
            return asked, "online"
    return status, "embedded"


def _expired(path: ValidationPath, moment: datetime) -> bool:
    return any(certificate.not_valid_after < moment for certificate in list(path.iter_certs(include_root=False)))


async def _time_stamp(signature: EmbeddedPdfSignature, task: Task, known: Collected) -> TimeStamp | None:
    """The best token over the signature: the first that is trusted, else the last."""
    info, best = signature.signer_info, None
    for token in extract_tst_data_iter(info, signed=False):
        try:
            best = await _token(token, message_imprint_checker(info), task, known)
        except Exception:  # noqa: BLE001, S112 - a broken token proves nothing
            continue
        if best.trusted and best.intact:
            return best
    return best


async def _token(token: cms.SignedData, imprint: Any, task: Task, known: Collected) -> TimeStamp:
    stamped = token["encap_content_info"]["content"].parsed
    at = stamped["gen_time"].native

    def as_of(moment: datetime) -> Check:
        async def check(data: Collected, mode: str) -> dict[str, Any]:
            context = _context(task.anchors.time_stamps, task.anchors.issuers, moment, data, mode)
            status: dict[str, Any] = await validate_tst_signed_data(
                token, context, imprint, algorithm_policy=_OfItsTime()
            )
            return status

        return check

    soft, known = await _softly(as_of(at), known)
    path = soft["validation_path"]
    trusted = soft["trust_problem_indic"] is None and path is not None
    revocation = Revocation.UNKNOWN
    if trusted:
        hard, _ = await _settled(as_of(at), path, known, task)
        now, _ = await _settled(as_of(task.moment), path, known, task)
        revocation = _revocation(hard)
        trusted = revocation is not Revocation.REVOKED and not _compromised(now)
    return TimeStamp(
        at, in_words(soft["signing_cert"]).common_name, bool(soft["intact"] and soft["valid"]),
        trusted, revocation, str(soft["md_algorithm"]),
    )  # fmt: skip


def _compromised(status: dict[str, Any]) -> bool:
    """Revoked for a reason that casts doubt on every token, also those that bear an earlier time (RFC 3161, 4)."""
    details = status["revocation_details"]
    return details is not None and details.revocation_reason.native not in HARMLESS_REASONS


async def _document_time_stamp(signature: EmbeddedPdfSignature, task: Task, known: Collected, subfilter: str) -> Facts:
    facts = replace(_integrity(signature, subfilter), kind="time-stamp")
    at = signature.signed_data["encap_content_info"]["content"].parsed["gen_time"].native

    async def check(data: Collected, mode: str) -> dict[str, Any]:
        context = _context(task.anchors.time_stamps, task.anchors.issuers, at, data, mode)
        status: dict[str, Any] = await validate_tst_signed_data(
            signature.signed_data, context, signature.compute_digest, algorithm_policy=_OfItsTime()
        )
        return status

    status, _ = await _softly(check, known)
    facts = replace(facts, claimed_at=at, intact=status["intact"], genuine=status["valid"])
    return _with_trouble(replace(facts, chain=_chain(status["validation_path"])), status)


class _OfItsTime(CMSAlgorithmUsagePolicy):
    """Lets every algorithm pass but a digest that is not the mechanism's; what is too weak when, `rules` decides."""

    digest_algorithm_allowed = AcceptAllAlgorithms.digest_algorithm_allowed
    signature_algorithm_allowed = AcceptAllAlgorithms.signature_algorithm_allowed


def _context(
    roots: Sequence[bytes], issuers: Sequence[bytes], moment: datetime, known: Collected, mode: str
) -> ValidationContext:
    """`retroactive_revinfo`: status that was published after the signing says whether it was good then."""
    return ValidationContext(
        trust_roots=[x509.Certificate.load(der) for der in roots],
        other_certs=[*(x509.Certificate.load(der) for der in issuers), *known.certificates],
        moment=moment, allow_fetching=False, crls=list(known.crls), ocsps=list(known.ocsps),
        revocation_mode=mode, retroactive_revinfo=True, algorithm_usage_policy=AcceptAllAlgorithms(),
    )  # fmt: skip


def _with_trouble(facts: Facts, status: dict[str, Any]) -> Facts:
    if status["revocation_details"] is not None and not status["revocation_details"].ca_revoked:
        return replace(facts, revocation=Revocation.REVOKED, revoked_at=_revoked_at(status))
    return replace(facts, trouble=_subindication(status))


def _subindication(status: dict[str, Any]) -> str:
    problem = status["trust_problem_indic"]
    return "" if problem is None else str(problem.standard_name)


def _revocation(status: dict[str, Any]) -> Revocation:
    if status["trust_problem_indic"] is None:
        return Revocation.GOOD
    return Revocation.REVOKED if status["revocation_details"] is not None else Revocation.UNKNOWN


def _revoked_at(status: dict[str, Any]) -> datetime | None:
    details = status["revocation_details"]
    found: datetime | None = details.revocation_date if details is not None else None
    return found


def _chain(path: ValidationPath | None) -> tuple[Certificate, ...]:
    """Issuers from the signer's up to the root; empty where there is no path."""
    if path is None:
        return ()
    from_root = list(path.iter_certs(include_root=True))
    return tuple(in_words(one) for one in reversed(from_root[:-1]))


def _adobe_data(info: cms.SignerInfo) -> Collected:
    """Status that Adobe's and other programs put among the signed attributes."""
    try:
        data = find_unique_cms_attribute(info["signed_attrs"], "adobe_revocation_info_archival")
        return Collected((), tuple(data["crl"] or ()), tuple(data["ocsp"] or ()))
    except Exception:  # noqa: BLE001 - absent or broken: then there is none
        return Collected()


def _aware(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone() if at.tzinfo is None else at


def _text(dictionary: generic.DictionaryObject, key: str) -> str:
    value = dictionary.get(key, "")
    return str(value)[:500] if isinstance(value, (str, generic.TextStringObject)) else ""


def _said(error: BaseException) -> str:
    """One line, for the log and the report; what a hostile file wrote into it is cut."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]
