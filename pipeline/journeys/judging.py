"""What a document's signatures are worth: asked when it arrives, by `vanthu validate`, and of the trust store."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.database import audit
from pipeline.database.tables import DocumentRow
from pipeline.errors import RefusedError, SigningError, StorageError, UsageError, VanthuError
from pipeline.journeys.desk import Desk
from pipeline.journeys.office import Office
from pipeline.sealer import load_seal_settings
from pipeline.settings import Settings, Signatures, data_folder
from pipeline.signatures import verify_with_openssl
from pipeline.signatures.judging import Judge, may_be_signed
from pipeline.signatures.report import JudgedSignature, SignatureReport, Verdict
from pipeline.signatures.trust import USES, Anchors, TrustStore, fingerprint, load_pins, read_certificates

log = logging.getLogger(__name__)
SIGNATURE_INVALID = "signature-invalid"


def new_judge(settings: Signatures, *, processes: int = 1) -> Judge:
    return Judge(processes=processes, memory_mb=settings.memory_mb, seconds=float(settings.seconds))


def trust_store(private: Path) -> TrustStore:
    """The certificates that a workspace believes. Raises ConfigurationError."""
    return TrustStore(private / "trust", load_pins(data_folder() / "trust"))


def anchors_for_signing(settings: Settings) -> Anchors:
    """What a leader's own login can read: the workspace's store, else the one that seal.toml names.

    Raises StorageError (`trust-store-unreadable`), IntegrityError, ConfigurationError.
    """
    try:
        return trust_store(settings.private).anchors()
    except StorageError:
        named = settings.outgoing.seal
        seals = load_seal_settings(settings.workspace / named).trust if named else None
        if seals is None:
            raise
        return TrustStore(seals, load_pins(data_folder() / "trust")).anchors()


def judge_original(desk: Desk, row: DocumentRow) -> SignatureReport:
    """The signatures of an arriving document, as things stand now. Raises IntegrityError for a damaged trust store."""
    path, office = desk.staged(row), desk.office
    anchors = trust_store(office.settings.private).anchors() if may_be_signed(path) else Anchors()
    return desk.judge.judge(path, anchors, office.clock(), online=office.settings.signatures.online)


def validate_made(desk: Desk, path: Path, name: str, *, least: int, most: int | None = None) -> SignatureReport:
    """Nothing is given out that does not validate: by our own judge, and by OpenSSL. Raises SigningError.

    `least`, `most`: how many people's and agencies' signatures it must bear (archival time stamps do not count).
    """
    anchors = trust_store(desk.office.settings.private).anchors()
    report = desk.judge.judge(path, anchors, desk.office.clock(), online=desk.office.settings.signatures.online)
    opinions = verify_with_openssl(path, (*anchors.signers, *anchors.time_stamps), anchors.issuers)
    bad = [opinion.said for opinion in opinions if not opinion.valid]
    amount = sum(one.facts.kind == "signature" for one in report.signatures)
    wrong_amount = amount < least or (most is not None and amount > most)
    if report.verdict is Verdict.INVALID or bad or not opinions or wrong_amount:
        raise SigningError("sealed-not-valid", path=name, reason="; ".join([report.verdict.value, *bad])[:400])
    return report


def refuse_invalid(desk: Desk, row: DocumentRow, report: SignatureReport) -> None:
    """What fails returns to its sender (Decree 30, Article 21.2.b) unless a person took it in: raises RefusedError."""
    if report.verdict is not Verdict.INVALID or row.signature_accepted:
        return
    worst = next(one for one in report.signatures if one.verdict is Verdict.INVALID)
    messages = desk.office.messages
    raise RefusedError(
        SIGNATURE_INVALID, document=row.id, signer=signer_of(worst), why=messages(f"signature-{worst.code}")
    )


def signer_of(judged: JudgedSignature) -> str:
    """Who it says it is; the field's name where not even that is known."""
    return judged.facts.signer.common_name if judged.facts.signer else judged.facts.field


@dataclass(frozen=True, slots=True)
class Validation:
    """What one file came to: its report, or the error that says why there is none."""

    path: Path
    report: SignatureReport | None = None
    error: VanthuError | None = None


def validate(
    paths: Sequence[Path], store: TrustStore | None, settings: Signatures, moment: datetime, *, online: bool
) -> Iterator[Validation]:
    """Judge files, one after the other. Without a trust store nobody is believed. Raises IntegrityError."""
    anchors = store.anchors() if store else Anchors()
    with new_judge(settings) as judge:
        for path in paths:
            try:
                yield Validation(path, judge.judge(path, anchors, moment, online=online))
            except VanthuError as error:
                yield Validation(path, error=error)


@dataclass(frozen=True, slots=True)
class Added:
    """One certificate that was taken into the trust store; `pin`: the name it has in `config/trust/`, "" for none."""

    subject: str
    sha256: str
    pin: str


def trust(
    office: Office, path: Path, actor: str, *, uses: Sequence[str] = USES, accepted: str = ""
) -> tuple[Added, ...]:
    """Take a file's certificates into the trust store.

    `accepted` is the fingerprint of the one certificate without a pin that a person vouches for. Everything is checked
    before anything is stored. Raises NotFoundError, RefusedError (no certificate; without a pin), UsageError.
    """
    store = trust_store(office.settings.private)
    certificates = read_certificates(path)
    vouched = fingerprint(accepted)
    if accepted and not any(one.sha256.hex() == vouched for one in certificates):
        raise UsageError("fingerprint-differs", given=accepted, path=path)
    for one in certificates:
        if one.sha256.hex() != vouched:
            store.require_pin(one)
    added, at = [], office.clock()
    for one in certificates:
        if pin := store.pin_of(one.sha256.hex()):
            store.add(one)
            added.append(Added(pin.subject, pin.sha256, pin.name))
        else:
            words = store.accept(one, uses, by=actor, at=at)
            added.append(Added(words.subject, words.sha256, ""))
    with office.database.write() as session:
        for new in added:
            detail = {"subject": new.subject, "sha256": new.sha256, "pin": new.pin, "uses": list(uses)}
            audit.append(session, at=at, actor=actor, kind="trusted", detail=detail)
    return tuple(added)
