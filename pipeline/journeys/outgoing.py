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
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline import intake, metadata, registers
from pipeline.database import audit
from pipeline.database.tables import OutgoingRow
from pipeline.document import Clues, Finding, Kind, Metadata
from pipeline.errors import (
    BusyError,
    ConfigurationError,
    NotFoundError,
    ReadingError,
    RefusedError,
    SigningError,
)
from pipeline.files import (
    CHUNK,
    TEMPORARY_PREFIX,
    copy_durably,
    sha256_of,
    storage_errors,
    sync_folder,
)
from pipeline.intake import Claim
from pipeline.journeys.arriving import ACTOR, refuse
from pipeline.journeys.desk import Desk, Progress
from pipeline.journeys.judging import trust_store
from pipeline.journeys.office import ISSUED, RETURNED, SUBMITTED, Office
from pipeline.journeys.perceiving import perceive
from pipeline.journeys.remembering import remember
from pipeline.sealer import RegisterRow, SealClient, SealSettings, load_seal_settings
from pipeline.signatures import Plan, Prepared
from pipeline.signatures.authority import Demands, LeaderCheck, check_leader_signature
from pipeline.signatures.workshop import Workshop

log = logging.getLogger(__name__)
MOST_OF_ONE_NAME = 10_000
HANDLE = 4  # letters of an id that name a waiting document
RELEASABLE = {"waiting", "held", "released"}


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
        desk.tell(Progress("drafted", row.id, row.name))
    except RefusedError as error:
        refuse(desk, claim, error)
        shutil.rmtree(work(office, claim.id), ignore_errors=True)
        return
    if row.state == "prepared":
        publish(work(office, row.id) / "prepared.pdf", folder(office, SUBMITTED), row.name)
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
            desk.reader.write_office_pdf(claim.path, kind, draft)
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
    except RefusedError as error:
        raise _by_its_own_name(error, claim) from error
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
        same = session.scalar(select(OutgoingRow).where(OutgoingRow.prepared_sha256 == prepared.sha256))
        if same is not None and same.state not in {"returned", "set-aside"}:
            raise RefusedError("draft-repeated", path=claim.name)
        if same is not None:  # what went back may come again as it is: its files are this row's from now on
            same.detail = {**same.detail, "prepared_sha256": same.prepared_sha256, "signed_sha256": same.signed_sha256}
            same.prepared_sha256, same.signed_sha256 = f"again-{same.id}", None
            session.flush()
        remember(office, row)
        session.add(row)
        record(session, office, "prepared", row, sha256=prepared.sha256)
    return row


def _by_its_own_name(error: RefusedError, claim: Claim) -> RefusedError:
    """What is said of our copy, said of the file that was dropped."""
    return RefusedError(error.code, retry=error.retry, **{**error.detail, "path": claim.name})


def _pdf_name(claim: Claim) -> str:
    return f"{Path(claim.name).stem}.pdf"


# --- what the leader signed ----------------------------------------------------------------------------------------


def accept_signed(desk: Desk, workshop: Workshop, claim: Claim) -> None:
    """A signed file is matched to what was prepared, checked, and waits for its release; or is refused with the reason.

    Raises ConfigurationError while no seal service is named, SigningError while nobody says whether the leader's
    certificate was revoked, StorageError, DatabaseError: the claim stays.
    """
    office = desk.office
    configured = seal_settings(office)
    try:
        row = _taken(office, claim) or _take_signed(desk, workshop, claim, configured)
    except RefusedError as error:
        refuse(desk, claim, error)
        return
    take_off_the_desk(office, row)
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
    try:
        workshop.refuse_dangerous(target, signed=True)
    except RefusedError as error:
        raise _by_its_own_name(error, claim) from error
    check = check_leader_signature(
        target, [one.signatory for one in configured.signatories], office.clock(),
        trust_store(office.settings.private).anchors(), Demands(competence=row.competence),
        judge=desk.judge, online=configured.check_online,
    )  # fmt: skip
    if check.may_pass_later and configured.check_online:
        raise SigningError("leader-status-unknown", retry=True, path=claim.name)  # the file waits in its claim
    if not check.passed:
        raise RefusedError(
            "signed-not-accepted", path=claim.name,
            reasons="".join(f"\n- {_in_words(office, finding)}" for finding in check.findings) + "\n",
        )  # fmt: skip
    with storage_errors(target):
        target.replace(target.with_name("signed.pdf"))
        sync_folder(target.parent)  # the row that follows must never point to a name that a power cut took back
    desk.tell(Progress("checked", row.id, row.name))
    with office.database.write() as session:
        row = session.get_one(OutgoingRow, row.id, with_for_update=True)
        _still_open(row, claim)
        row.state, row.reason, row.signed_sha256 = "waiting", None, digest
        row.detail = {**row.detail, "claim": claim.id, **_who_signed(check)}
        remember(office, row)
        record(session, office, "signed", row, sha256=digest)
    return row


def _who_signed(check: LeaderCheck) -> dict[str, str]:
    """Who, by which certificate, and until when it is good: `doctor` tells of its end."""
    signer = check.signature.facts.signer if check.signature else None
    if check.signatory is None or signer is None:
        return {"signer": ""}
    until = signer.not_after.isoformat()
    return {"signer": check.signatory.name, "certificate": signer.sha256, "certificate_until": until}


def _in_words(office: Office, finding: Finding) -> str:
    """A reason against a leader's signature; why it is not valid in the words of `vanthu validate`."""
    why = f"signature-{finding.detail.get('why')}"
    if why in office.messages:
        finding = replace(finding, detail={**finding.detail, "why": office.messages(why, kind="")})
    return office.messages.finding(finding)


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
    if row.state in {"rejected", "returned", "set-aside"}:
        raise RefusedError("signed-returned", path=claim.name)
    if row.state != "prepared":
        raise RefusedError("signed-already", path=claim.name)
    return row


# --- release ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """One document that an officer may release. `document`: its number's name once it has one.

    `handle` names it as long as it waits: a place in the list would mean another document once one has come or gone.
    """

    id: str
    handle: str
    name: str
    document: str
    code: str
    subject: str
    signatory: str
    signed_at: datetime
    state: str  # waiting | held; prepared: the leader has not signed
    reason: str = ""  # the code of what stands in the way, and its facts
    detail: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""  # of a copy, an attachment, digitised paper: `StampKind`
    of: str = ""  # the document that it belongs to, by id

    def to_json(self) -> dict[str, str]:
        return {
            "id": self.id, "handle": self.handle, "name": self.name, "document": self.document, "code": self.code,
            "subject": self.subject, "signatory": self.signatory, "created_at": self.signed_at.isoformat(),
            "state": self.state, "reason": self.reason, "kind": self.kind,
        }  # fmt: skip


def waiting(office: Office) -> list[Waiting]:
    """What waits for an officer, oldest first: checked and without a number, or numbered and refused by the seal."""
    return [one for one in open_documents(office) if one.state != "prepared"]


def open_documents(office: Office) -> list[Waiting]:
    """What waits for a person, oldest first: for the leader ("prepared"), for an officer ("waiting", "held")."""
    states = ("prepared", "waiting", "held")
    query = select(OutgoingRow).where(OutgoingRow.state.in_(states)).order_by(OutgoingRow.created_at)
    with office.database.read() as session:
        rows = list(session.scalars(query))
    length = HANDLE
    while len({row.id[-length:] for row in rows}) < len(rows):
        length += 1
    return [_waiting_of(row, row.id[-length:]) for row in rows]


def _waiting_of(row: OutgoingRow, handle: str) -> Waiting:
    found = Metadata.from_json(row.proposal) if row.proposal else Metadata()
    document = registers.document_id("di", row.year, row.number) if row.year and row.number else ""
    notation = found.text("code_notation")
    code = f"{row.number:02d}/{notation}" if row.number else f"…/{notation}"
    return Waiting(
        row.id, handle, row.name, document, code, found.text("subject"), found.text("signatory_name"), row.created_at,
        row.state, row.reason or "", row.detail.get("refusal", {}) if row.reason else {},
    )  # fmt: skip


def release(office: Office, outgoing_id: str, officer: str) -> str:
    """An officer releases one document: it gets number and date, and the seal service its order; returns its id.

    Done again after a failure it keeps the number. Raises NotFoundError, RefusedError (`not-waiting`,
    `date-disagrees`, what the seal service refuses), SigningError when the seal service is away.
    """
    client = SealClient(seal_settings(office).socket)
    if officer not in client.status().officers:  # before a number is taken
        raise RefusedError("release-not-officer", officer=officer)
    row = number(office, outgoing_id, officer, "held")
    assert row.year is not None and row.number is not None and row.signed_sha256 is not None  # noqa: S101, PT018 - given above
    client.authorise(RegisterRow(row.year, row.number), row.signed_sha256, secrets.token_hex(16))
    with office.database.write() as session:
        row = session.get_one(OutgoingRow, outgoing_id)
        if row.state == "held":  # else the service was faster with an earlier order
            row.state, row.reason = "released", None
            record(session, office, "ordered", row, actor=officer)
    return registers.document_id("di", row.year or 0, row.number or 0)


def number(office: Office, outgoing_id: str, officer: str, state: str = "released") -> OutgoingRow:
    """One transaction: the next number of the register, the day of issue, who released it. Keeps what it has.

    `state` afterwards: "held" until the seal service knows of the release too. Were it "released" at once, the service
    that watches could ask for the seal before the order is there, be refused, and lay the document aside.
    """
    now = office.clock()
    today = now.astimezone(office.settings.registers.zone).date()
    with office.database.read() as session:
        seen = session.get(OutgoingRow, outgoing_id)
    if seen is None or seen.state not in RELEASABLE:
        raise (NotFoundError if seen is None else RefusedError)("not-waiting", name=outgoing_id)
    _agree_on_date(seen, seen.issued_date or today)
    with office.database.write() as session:
        given = None
        if seen.number is None:  # the counter's lock first, then look again
            found = Metadata.from_json(seen.proposal) if seen.proposal else Metadata()
            given = registers.enter(
                session, "di", now, office.settings.registers, recipient=found.text("recipients")
            )  # fmt: skip
        row = session.get_one(OutgoingRow, outgoing_id, with_for_update=True)
        if row.state not in RELEASABLE or (given is not None and row.number is not None):
            raise BusyError("released-elsewhere", name=row.name)  # a number just taken goes back with the transaction
        if given is not None:
            row.year, row.number, row.issued_date = given.year, given.number, today
        row.state, row.reason = state, "release-unfinished" if state == "held" else None
        row.released_by, row.released_at = officer, now
        record(session, office, "released", row, actor=officer, number=str(row.number))
    return row


def _agree_on_date(row: OutgoingRow, today: date) -> None:
    for key, value in (("month", today.month), ("year", today.year)):
        typed = row.detail.get(key)
        if typed is not None and int(typed) != value:
            raise RefusedError("date-disagrees", path=row.name, typed=typed, issued=today.isoformat())


# --- common -----------------------------------------------------------------------------------------------------------


def _find(office: Office, outgoing_id: str) -> OutgoingRow | None:
    with office.database.read() as session:
        return session.get(OutgoingRow, outgoing_id)


def row_of(office: Office, outgoing_id: str) -> OutgoingRow:
    with office.database.read() as session:
        return session.get_one(OutgoingRow, outgoing_id)


def publish(source: Path, target_folder: Path, name: str) -> Path:
    """Put a copy where people find it, whole or not at all, over nothing of another; once, even if done again."""
    digest = sha256_of(source)
    raw = os.fsencode(name)
    for count in range(1, MOST_OF_ONE_NAME):
        target = target_folder / os.fsdecode(intake.numbered(raw, count))
        if not os.path.lexists(target):
            if _put(source, target):
                return target
        elif target.is_file() and not target.is_symlink() and sha256_of(target) == digest:
            return target
    raise RefusedError("too-many-of-one-name", path=target_folder, name=name)


def _put(source: Path, target: Path) -> bool:
    """A new file, durably; False when somebody else just put one there under this name."""
    aside = target.with_name(f"{TEMPORARY_PREFIX}{secrets.token_hex(6)}")
    try:
        with source.open("rb") as file:
            copy_durably(file, aside)
        with storage_errors(target):
            try:
                target.hardlink_to(aside)  # unlike a rename never over another's file
            except FileExistsError:
                return False
            except OSError:  # a file system without links (exFAT, some shares)
                aside.rename(target)
            sync_folder(target.parent)
        return True
    finally:
        aside.unlink(missing_ok=True)


def take_off_the_desk(office: Office, row: OutgoingRow) -> None:
    """Nothing more is to be signed: the copy in trinh-ky/ goes, unless somebody changed it."""
    with storage_errors(folder(office, SUBMITTED)):
        for path in folder(office, SUBMITTED).glob("*.pdf"):
            if path.is_symlink() or not path.is_file() or path.stat().st_size != row.prepared_size:
                continue
            if sha256_of(path) == row.prepared_sha256:
                path.unlink(missing_ok=True)


def tidy(office: Office) -> None:
    """At the start, while nobody else works here: what a killed service left half published, and emptied desks."""
    for name in (SUBMITTED, ISSUED, RETURNED):
        for left in folder(office, name).glob(TEMPORARY_PREFIX + 12 * "[0-9a-f]"):
            left.unlink(missing_ok=True)
    places = work(office, "")
    names = [place.name for place in places.iterdir()] if places.is_dir() else []
    query = select(OutgoingRow.id).where(OutgoingRow.id.in_(names), OutgoingRow.state == "issued")
    with office.database.read() as session:
        done = list(session.scalars(query))
    for outgoing_id in done:
        shutil.rmtree(work(office, outgoing_id), ignore_errors=True)


def record(session: Session, office: Office, kind: str, row: OutgoingRow, *, actor: str = ACTOR, **detail: str) -> None:
    document = registers.document_id("di", row.year, row.number) if row.year and row.number else None
    audit.append(
        session, at=office.clock(), actor=actor, kind=f"outgoing-{kind}", document_id=document, receipt_id=row.id,
        detail={"name": row.name, **detail},
    )  # fmt: skip
