"""The journey of a leaving document: draft, prepared, signed by the leader, released, numbered and sealed, issued.

    du-thao/ → prepared → trinh-ky/ → (the leader signs) → da-ky/ → checked, waiting
             → (an officer releases: number and date) → sealed by the seal service → validated → da-phat-hanh/, archive

Decree 30/2020/NĐ-CP, Article 14: number and date, register, the agency's signature, issue, keep. Files come first and
rows after; every step bears being cut off and done again. Why it is so: docs/decisions/0004-who-holds-the-seal.md.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline import intake, metadata, registers
from pipeline.database import audit
from pipeline.database.tables import DocumentRow, OutgoingRow
from pipeline.document import Clues, Finding, Kind, Metadata, Reading
from pipeline.errors import (
    BusyError,
    ConfigurationError,
    NotFoundError,
    ReadingError,
    RefusedError,
    SigningError,
    VanthuError,
)
from pipeline.files import CHUNK, copy_durably, sha256_of, storage_errors, write_json_durably
from pipeline.intake import Claim
from pipeline.journeys.arriving import ACTOR, EXAMINED, refuse
from pipeline.journeys.desk import Desk, Progress
from pipeline.journeys.judging import trust_store
from pipeline.journeys.office import ISSUED, SUBMITTED, Office
from pipeline.journeys.perceiving import perceive
from pipeline.sealer import RegisterRow, Release, SealClient, SealSettings, load_seal_settings
from pipeline.signatures import Plan, Prepared, verify_with_openssl
from pipeline.signatures.authority import Demands, check_leader_signature
from pipeline.signatures.report import Verdict
from pipeline.signatures.workshop import Workshop

log = logging.getLogger(__name__)
MOST_OF_ONE_NAME = 10_000


def folder(office: Office, name: str) -> Path:
    """One of `office.LEAVING`."""
    return office.settings.folder("outgoing") / name


def work(office: Office, outgoing_id: str) -> Path:
    """Where a leaving document's files lie until it is issued; nobody but the service writes here."""
    return office.settings.private / "outgoing" / outgoing_id


def seal_settings(office: Office) -> SealSettings:
    """Raises ConfigurationError (`seal-not-configured`) where nothing is sealed, and what `load_seal_settings` does."""
    named = office.settings.outgoing.seal
    if not named:
        raise ConfigurationError("seal-not-configured", path=office.settings.workspace)
    return load_seal_settings(office.settings.workspace / named)


# --- drafts -----------------------------------------------------------------------------------------------------------


def accept_draft(desk: Desk, workshop: Workshop, claim: Claim) -> None:
    """A draft becomes a prepared document in trinh-ky/, or is refused with the reason.

    Raises StorageError, DatabaseError and what else may pass: the claim then stays for the next try.
    """
    office = desk.office
    try:
        row = _find(office, claim.id) or _prepare(desk, workshop, claim)
    except RefusedError as error:
        refuse(desk, claim, error)
        return
    if row.state == "prepared":
        _publish(work(office, row.id) / "prepared.pdf", folder(office, SUBMITTED), row.name)
        desk.tell(Progress("prepared", row.id, row.name))
    intake.retire(claim, office.received(row.created_at))


def _prepare(desk: Desk, workshop: Workshop, claim: Claim) -> OutgoingRow:
    office, place = desk.office, work(desk.office, claim.id)
    examination = intake.examine(claim.path, office.settings.intake)
    kind = examination.kind
    if kind.is_image:
        raise RefusedError("draft-is-a-picture", path=claim.name)
    with storage_errors(place):
        place.mkdir(parents=True, exist_ok=True)
    draft = place / "draft.pdf"
    try:
        if kind.is_office:
            desk.reader.write_reading_copy(claim.path, kind, Reading(()), draft, title=claim.name)
        else:
            with claim.path.open("rb") as source:
                copy_durably(source, draft)
        plan = Plan.from_settings(office.settings.outgoing, office.settings.signing)
        prepared = workshop.prepare(draft, place / "prepared.pdf", plan)
        found = _understand(desk, prepared.path, claim.name)
    except ReadingError as error:
        if error.retry:
            raise
        raise RefusedError(error.code, retry=False, **error.detail) from error
    return _note_prepared(office, claim, prepared, found)


def _understand(desk: Desk, path: Path, name: str) -> Metadata:
    clues, settings = Clues(name), desk.office.settings.metadata
    return metadata.extract(perceive(desk.reader, path, Kind.PDF, settings, clues), settings, clues)


def _note_prepared(office: Office, claim: Claim, prepared: Prepared, found: Metadata) -> OutgoingRow:
    competence = found.fields.get("competence")
    sure = competence is not None and "competence" not in found.review
    row = OutgoingRow(
        id=claim.id, name=_pdf_name(claim), state="prepared", created_at=claim.claimed_at,
        prepared_sha256=prepared.sha256, prepared_size=prepared.path.stat().st_size, proposal=found.to_json(),
        competence=str(competence.value) if competence is not None and sure else None,
        detail={
            "month": prepared.typed_month, "year": prepared.typed_year,
            "findings": [finding.to_json() for finding in prepared.findings],
        },
    )  # fmt: skip
    with office.database.write() as session:
        if session.scalar(select(OutgoingRow).where(OutgoingRow.prepared_sha256 == prepared.sha256)) is not None:
            raise RefusedError("draft-repeated", path=claim.name)
        session.add(row)
        _record(session, office, "prepared", row, sha256=prepared.sha256)
    return row


def _pdf_name(claim: Claim) -> str:
    return f"{Path(claim.name).stem}.pdf"


# --- what the leader signed ----------------------------------------------------------------------------------------


def accept_signed(desk: Desk, workshop: Workshop, claim: Claim) -> None:
    """A signed file is matched to what was prepared, checked, and waits for its release; or is refused with the reason.

    Raises ConfigurationError while no seal service is named, StorageError, DatabaseError: the claim stays.
    """
    office = desk.office
    configured = seal_settings(office)
    try:
        row = _taken(office, claim) or _take_signed(desk, workshop, claim, configured)
    except RefusedError as error:
        refuse(desk, claim, error)
        return
    desk.tell(Progress("waiting", row.id, row.name))
    intake.retire(claim, office.received(claim.claimed_at))


def _taken(office: Office, claim: Claim) -> OutgoingRow | None:
    """The row that this very claim was taken for, before a kill."""
    _, digest = intake.fingerprint(claim.path)
    with office.database.read() as session:
        row = session.scalar(select(OutgoingRow).where(OutgoingRow.signed_sha256 == digest))
        return row if row is not None and row.detail.get("claim") == claim.id else None


def _take_signed(desk: Desk, workshop: Workshop, claim: Claim, configured: SealSettings) -> OutgoingRow:
    office = desk.office
    intake.examine(claim.path, office.settings.intake)
    row = _matching(office, claim)
    target = work(office, row.id) / "signed.pdf.new"
    with claim.path.open("rb") as source:
        _, digest = copy_durably(source, target)
    workshop.refuse_dangerous(target, signed=True)
    check = check_leader_signature(
        target, [one.signatory for one in configured.signatories], office.clock(),
        trust_store(office.settings.private).anchors(), Demands(competence=row.competence),
        judge=desk.judge, online=configured.check_online,
    )  # fmt: skip
    if not check.passed:
        raise RefusedError(
            "signed-not-accepted", path=claim.name,
            reasons="; ".join(office.messages.finding(finding) for finding in check.findings),
        )  # fmt: skip
    target.replace(target.with_name("signed.pdf"))
    with office.database.write() as session:
        row = session.get_one(OutgoingRow, row.id)
        if row.state != "prepared":
            raise RefusedError("signed-already", path=claim.name)
        row.state, row.reason, row.signed_sha256 = "waiting", None, digest
        row.detail = {**row.detail, "claim": claim.id, "signer": check.signatory.name if check.signatory else ""}
        _record(session, office, "signed", row, sha256=digest)
    return row


def _matching(office: Office, claim: Claim) -> OutgoingRow:
    """What was prepared is the beginning of what was signed. Raises RefusedError."""
    with office.database.read() as session:
        rows = list(session.scalars(select(OutgoingRow).order_by(OutgoingRow.prepared_size)))
    digest, position = hashlib.sha256(), 0
    with claim.path.open("rb") as file:
        for row in rows:
            while position < row.prepared_size and (chunk := file.read(min(CHUNK, row.prepared_size - position))):
                digest.update(chunk)
                position += len(chunk)
            if position < row.prepared_size:
                break
            if digest.hexdigest() == row.prepared_sha256:
                return _still_open(row, claim)
    raise RefusedError("signed-not-prepared", path=claim.name)


def _still_open(row: OutgoingRow, claim: Claim) -> OutgoingRow:
    if row.state != "prepared":
        raise RefusedError("signed-already", path=claim.name)
    return row


# --- release ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """One document that an officer may release. `document`: its number's name once it has one."""

    id: str
    name: str
    document: str
    code: str
    subject: str
    signatory: str
    signed_at: datetime
    reason: str

    def to_json(self) -> dict[str, str]:
        return {
            "id": self.id, "name": self.name, "document": self.document, "code": self.code, "subject": self.subject,
            "signatory": self.signatory, "created_at": self.signed_at.isoformat(), "reason": self.reason,
        }  # fmt: skip


def waiting(office: Office) -> list[Waiting]:
    """What waits for an officer, oldest first: checked and without a number, or numbered and refused by the seal."""
    query = select(OutgoingRow).where(OutgoingRow.state.in_(("waiting", "held"))).order_by(OutgoingRow.created_at)
    with office.database.read() as session:
        return [_waiting_of(row) for row in session.scalars(query)]


def _waiting_of(row: OutgoingRow) -> Waiting:
    found = Metadata.from_json(row.proposal) if row.proposal else Metadata()
    document = registers.document_id("di", row.year, row.number) if row.year and row.number else ""
    notation = found.text("code_notation")
    code = f"{row.number:02d}/{notation}" if row.number else f"…/{notation}"
    return Waiting(
        row.id, row.name, document, code, found.text("subject"), found.text("signatory_name"), row.created_at,
        row.reason or "",
    )  # fmt: skip


def release(office: Office, outgoing_id: str, officer: str) -> str:
    """An officer releases one document: it gets number and date, and the seal service its order; returns its id.

    Done again after a failure it keeps the number. Raises NotFoundError, RefusedError (`not-waiting`,
    `date-disagrees`, what the seal service refuses), SigningError when the seal service is away.
    """
    client = SealClient(seal_settings(office).socket)
    if officer not in client.status().officers:  # before a number is taken
        raise RefusedError("release-not-officer", officer=officer)
    row = number(office, outgoing_id, officer)
    assert row.year is not None and row.number is not None and row.signed_sha256 is not None  # noqa: S101, PT018 - given above
    client.authorise(RegisterRow(row.year, row.number), row.signed_sha256, secrets.token_hex(16))
    return registers.document_id("di", row.year, row.number)


def number(office: Office, outgoing_id: str, officer: str) -> OutgoingRow:
    """One transaction: the next number of the register, the day of issue, who released it. Keeps what it has."""
    now = office.clock()
    today = now.astimezone(office.settings.registers.zone).date()
    with office.database.read() as session:
        seen = session.get(OutgoingRow, outgoing_id)
    if seen is None or seen.state not in {"waiting", "held", "released"}:
        raise (NotFoundError if seen is None else RefusedError)("not-waiting", name=outgoing_id)
    _agree_on_date(seen, today)
    with office.database.write() as session:
        given = None
        if seen.number is None:  # the counter's lock first, then look again
            found = Metadata.from_json(seen.proposal) if seen.proposal else Metadata()
            given = registers.enter(
                session, "di", now, office.settings.registers, recipient=found.text("recipients")
            )  # fmt: skip
        row = session.get_one(OutgoingRow, outgoing_id)
        if given is not None:
            if row.number is not None:  # another officer was faster: this number goes back with the transaction
                raise BusyError("released-elsewhere", name=row.name)
            row.year, row.number, row.issued_date = given.year, given.number, today
        row.state, row.reason, row.released_by, row.released_at = "released", None, officer, now
        _record(session, office, "released", row, actor=officer, number=str(row.number))
    return row


def _agree_on_date(row: OutgoingRow, today: date) -> None:
    for key, value in (("month", today.month), ("year", today.year)):
        typed = row.detail.get(key)
        if typed is not None and int(typed) != value:
            raise RefusedError("date-disagrees", path=row.name, typed=typed, issued=today.isoformat())


# --- sealing and issuing ----------------------------------------------------------------------------------------------


def advance(desk: Desk) -> int:
    """Take every leaving document as far as it can go now; returns how many moved. One's fault stops no other."""
    office = desk.office
    if not office.settings.outgoing.seal:
        return 0
    moved = 0
    for outgoing_id, state in _open_rows(office):
        try:
            moved += _advance(desk, outgoing_id, state)
        except VanthuError as error:
            if not isinstance(error, RefusedError):
                log.warning("%s: tried again later: %s", outgoing_id, error)
                continue
            _hold(office, outgoing_id, error)
        except Exception:  # the border: one document's bug must not stop the others
            log.exception("%s: an error of ours", outgoing_id)
    return moved


def _open_rows(office: Office) -> list[tuple[str, str]]:
    query = (
        select(OutgoingRow.id, OutgoingRow.state)
        .where(OutgoingRow.state.in_(("waiting", "released", "sealed")))
        .order_by(OutgoingRow.created_at)
    )
    with office.database.read() as session:
        return [(str(i), str(s)) for i, s in session.execute(query)]


def _advance(desk: Desk, outgoing_id: str, state: str) -> bool:
    configured = seal_settings(desk.office)
    if state == "waiting":
        if configured.release is not Release.UNLOCKED:
            return False
        status = SealClient(configured.socket).status()
        if status.unlocked_until is None:
            return False
        number(desk.office, outgoing_id, status.unlocked_by)
        state = "released"
    if state == "released":
        _seal(desk, outgoing_id, configured)
    _issue(desk, outgoing_id)
    return True


def _hold(office: Office, outgoing_id: str, error: RefusedError) -> None:
    """Its number stays its own; an officer looks at the reason and releases it again."""
    with office.database.write() as session:
        row = session.get_one(OutgoingRow, outgoing_id)
        row.state = "held" if row.number is not None else "waiting"
        row.reason, row.detail = error.code, {**row.detail, "refusal": error.detail}
        _record(session, office, "held", row, code=error.code)
    log.warning("%s: held for an officer: %s", outgoing_id, error)


def _seal(desk: Desk, outgoing_id: str, configured: SealSettings) -> None:
    office, place = desk.office, work(desk.office, outgoing_id)
    row = _row(office, outgoing_id)
    assert row.year is not None and row.number is not None and row.signed_sha256 is not None  # noqa: S101, PT018 - released
    sealed = SealClient(configured.socket).seal(
        RegisterRow(row.year, row.number), row.signed_sha256, place / "signed.pdf", place / "sealed.pdf"
    )
    _validate(desk, place / "sealed.pdf", row)
    with office.database.write() as session:
        row = session.get_one(OutgoingRow, outgoing_id)
        row.state, row.sealed_sha256, row.level, row.wanted = "sealed", sealed.sha256, sealed.level, sealed.wanted
        _record(session, office, "sealed", row, actor=sealed.officer, sha256=sealed.sha256, level=sealed.level)
    desk.tell(Progress("sealed", outgoing_id, row.name))


def _validate(desk: Desk, path: Path, row: OutgoingRow) -> None:
    """Nothing is issued that does not validate: by our own judge, and by OpenSSL. Raises SigningError."""
    anchors = trust_store(desk.office.settings.private).anchors()
    report = desk.judge.judge(path, anchors, desk.office.clock(), online=desk.office.settings.signatures.online)
    opinions = verify_with_openssl(path, (*anchors.signers, *anchors.time_stamps), anchors.issuers)
    bad = [opinion.said for opinion in opinions if not opinion.valid]
    people = [one for one in report.signatures if one.facts.kind == "signature"]
    if report.verdict is Verdict.INVALID or bad or len(people) < 2:
        raise SigningError("sealed-not-valid", path=row.name, reason="; ".join([report.verdict.value, *bad])[:400])


def _issue(desk: Desk, outgoing_id: str) -> None:
    """The sealed file goes to da-phat-hanh/ and, with its number as its name, on the archive's own journey."""
    office, place = desk.office, work(desk.office, outgoing_id)
    row, sealed = _row(office, outgoing_id), place / "sealed.pdf"
    assert row.year is not None and row.number is not None and row.issued_date is not None  # noqa: S101, PT018 - released
    if sha256_of(sealed) != row.sealed_sha256:
        raise SigningError("sealed-not-valid", path=row.name, reason="sha256")
    _publish(sealed, folder(office, ISSUED), row.name)
    number_given, issued = row.number, row.issued_date
    document_id = registers.document_id("di", row.year, number_given)
    staged = office.staged(outgoing_id)
    with sealed.open("rb") as source:
        size, digest = copy_durably(source, staged / "original.pdf")
    findings = [Finding.from_json(found) for found in row.detail.get("findings", ())]
    write_json_durably(staged / EXAMINED, [finding.to_json() for finding in findings])
    office.work(document_id).mkdir(parents=True, exist_ok=True)
    at = office.clock()
    with office.database.write() as session:
        row = session.get_one(OutgoingRow, outgoing_id)
        session.add(
            DocumentRow(
                id=document_id, sha256=digest, state="received", received_at=row.released_at or at, name=row.name,
                raw_name=os.fsencode(row.name), kind=Kind.PDF.value, size=size,
                staged=str((staged / "original.pdf").relative_to(office.settings.private)),
                corrections={"code_number": f"{number_given:02d}", "issued_date": issued.isoformat()},
            )
        )  # fmt: skip
        row.state, row.document_id = "issued", document_id
        _record(session, office, "issued", row, sha256=digest)
    shutil.rmtree(place, ignore_errors=True)
    desk.tell(Progress("issued", document_id, row.name))


# --- common -----------------------------------------------------------------------------------------------------------


def _find(office: Office, outgoing_id: str) -> OutgoingRow | None:
    with office.database.read() as session:
        return session.get(OutgoingRow, outgoing_id)


def _row(office: Office, outgoing_id: str) -> OutgoingRow:
    with office.database.read() as session:
        return session.get_one(OutgoingRow, outgoing_id)


def _publish(source: Path, target_folder: Path, name: str) -> Path:
    """Put a copy where people find it, whole or not at all, over nothing of another; once, even if done again."""
    digest = sha256_of(source)
    raw = os.fsencode(name)
    for count in range(1, MOST_OF_ONE_NAME):
        target = target_folder / os.fsdecode(intake.numbered(raw, count))
        if not os.path.lexists(target):
            with source.open("rb") as file:
                copy_durably(file, target)
            return target
        if target.is_file() and not target.is_symlink() and sha256_of(target) == digest:
            return target
    raise RefusedError("too-many-of-one-name", path=target_folder, name=name)


def _record(
    session: Session, office: Office, kind: str, row: OutgoingRow, *, actor: str = ACTOR, **detail: str
) -> None:
    document = registers.document_id("di", row.year, row.number) if row.year and row.number else None
    audit.append(
        session, at=office.clock(), actor=actor, kind=f"outgoing-{kind}", document_id=document, receipt_id=row.id,
        detail={"name": row.name, **detail},
    )  # fmt: skip
