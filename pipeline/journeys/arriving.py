"""The journey of an arriving document, in order: the only place that knows it.

    dropped → claimed → examined → secured → registered (số đến) → retired from the folder        `accept`
            → judged → read → described → filed → indexed → cleared                                        `steps`

Decree 30/2020/NĐ-CP, Articles 20-22: receive, check, register by order of arrival, then everything else.
Each arrow is durable before the next begins, and each may be cut off and done again.
"""

from __future__ import annotations

import json
import logging
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline import archive, intake, metadata, registers
from pipeline.database import audit
from pipeline.database.tables import DocumentRow, EntryRow, ReceiptRow
from pipeline.document import Clues, Finding, Kind, Metadata, Original, Reading, Severity, TextSource
from pipeline.engine import Step
from pipeline.errors import IntegrityError, NotFoundError, ReadingError, RefusedError
from pipeline.files import write_json_durably
from pipeline.intake import Claim
from pipeline.journeys import aside, judging
from pipeline.journeys.bagging import bring_bag_up_to_date
from pipeline.journeys.desk import Desk, Progress, original_of
from pipeline.journeys.perceiving import perceive
from pipeline.signatures import crosscheck as signatures
from pipeline.signatures.report import SignatureReport

log = logging.getLogger(__name__)
ACTOR = "vanthu"
SIGNATURES = "signatures.json"  # in the work folder: what its digital signatures are worth
EXAMINED = "findings.json"  # beside the staged original: what its examination noticed


def accept(desk: Desk, claim: Claim) -> str | None:
    """Take a claimed file in; return the id of its new document, None when it makes none (refused, repeated).

    Bears being cut off anywhere and called again with the same claim. Raises StorageError, DatabaseError:
    the claim then stays where it is, for the next try.
    """
    desk.tell(Progress("claimed", claim.id, claim.name))
    receipt = _receipt(desk, claim)
    if receipt is None:
        try:
            examination = intake.examine(claim.path, desk.office.settings.intake)
        except RefusedError as error:
            refuse(desk, claim, error)
            return None
        staged = desk.office.staged(claim.id)
        original = intake.secure(
            claim,
            examination.kind,
            examination.findings,
            staged,
            reserve_mb=desk.office.settings.intake.disk_reserve_mb,
        )
        write_json_durably(staged / EXAMINED, [finding.to_json() for finding in original.findings])
        desk.tell(Progress("secured", claim.id, claim.name))
        receipt = _register(desk, claim, original)
        if receipt.state == "accepted" and receipt.document_id:
            # Were the database lost now, this folder's name would still keep the number from being given again.
            desk.office.work(receipt.document_id).mkdir(parents=True, exist_ok=True)
        desk.tell(Progress("registered", receipt.document_id or claim.id, claim.name, receipt=claim.id))
    if receipt.state == "refused":
        refuse(desk, claim, RefusedError(receipt.reason or "unknown-kind", path=claim.name))
        return None
    if receipt.state == "repeated" and receipt.document_id:
        _update_bag(desk, receipt.document_id)
        shutil.rmtree(desk.office.staged(claim.id), ignore_errors=True)
    intake.retire(claim, desk.office.received(receipt.received_at))
    if receipt.document_id and desk.row(receipt.document_id).state == "secret":  # the same bytes once more
        aside.forget_secret_receipt(desk, receipt)
    desk.tell(Progress("retired", receipt.document_id or claim.id, claim.name))
    if receipt.state == "repeated":
        return None
    return receipt.document_id


def steps(desk: Desk) -> tuple[Step, ...]:
    """What happens to an accepted document, each step a checkpoint of the engine."""
    return tuple(
        Step(name, _told(desk, name, run))
        for name, run in (
            ("judged", _judge), ("read", _read), ("described", _describe), ("filed", _file), ("indexed", _index),
            ("cleared", _clear),
        )
    )  # fmt: skip


def _told(desk: Desk, name: str, run: Any) -> Any:
    def told(document_id: str) -> bool:
        ends: bool = run(desk, document_id)
        desk.tell(Progress(name, document_id))
        return ends

    return told


# --- taking in -------------------------------------------------------------------------------------------------------


def _receipt(desk: Desk, claim: Claim) -> ReceiptRow | None:
    with desk.office.database.read() as session:
        return session.get(ReceiptRow, claim.id)


def refuse(desk: Desk, claim: Claim, error: RefusedError) -> None:
    """The row first, then the move: until the file lies among the refused, its claim is found and refused again."""
    at = desk.office.clock()
    with desk.office.database.write() as session:
        if session.get(ReceiptRow, claim.id) is None:
            size, digest = intake.fingerprint(claim.path)
            session.add(
                ReceiptRow(
                    id=claim.id, received_at=claim.claimed_at, name=claim.name, raw_name=claim.raw_name,
                    size=size, sha256=digest, state="refused", reason=error.code,
                )
            )  # fmt: skip
            audit.append(session, at=at, actor=ACTOR, kind="refused", receipt_id=claim.id, detail={"code": error.code})
    desk.tell(Progress("refusing", claim.id, claim.name))
    sentences = [desk.office.messages.error(error)]
    intake.refuse(claim, desk.office.refused, error, sentences, at)
    log.info("%s: refused %r: %s", claim.id, claim.name, error)
    desk.tell(Progress("refused", claim.id, claim.name))


def _register(desk: Desk, claim: Claim, original: Original) -> ReceiptRow:
    """One transaction: the receipt, and for bytes that are new the document with its arrival number."""
    office = desk.office
    with office.database.write() as session:
        receipt = ReceiptRow(
            id=claim.id, received_at=original.received_at, name=claim.name, raw_name=claim.raw_name,
            size=original.size, sha256=original.sha256, state="accepted",
        )  # fmt: skip
        same = session.scalar(select(DocumentRow).where(DocumentRow.sha256 == original.sha256))
        if same is not None:
            receipt.state, receipt.document_id = "repeated", same.id
            _note_repeat(desk, session, same, receipt)
        else:
            entry = registers.enter(
                session, "den", original.received_at, office.settings.registers,
                recipient=office.settings.registers.recipient,
            )  # fmt: skip
            session.add(_new_row(desk, claim, original, entry))
            session.flush()
            receipt.document_id = entry.document_id
        session.add(receipt)
        audit.append(
            session, at=original.received_at, actor=ACTOR, kind=receipt.state, document_id=receipt.document_id,
            receipt_id=receipt.id, detail={"sha256": original.sha256, "name": original.name},
        )  # fmt: skip
    return receipt


def _new_row(desk: Desk, claim: Claim, original: Original, entry: EntryRow) -> DocumentRow:
    return DocumentRow(
        id=entry.document_id, sha256=original.sha256, state="received", received_at=original.received_at,
        name=original.name, raw_name=original.raw_name, kind=original.kind.value, size=original.size,
        urgency=claim.urgency, staged=str(Path(original.path).relative_to(desk.office.settings.private)),
    )  # fmt: skip


def _note_repeat(desk: Desk, session: Session, same: DocumentRow, receipt: ReceiptRow) -> None:
    day = receipt.received_at.astimezone(desk.office.settings.registers.zone)
    registers.note(session, same.id, desk.office.messages("note-received-again", day=f"{day:%d/%m/%Y %H:%M}"))


# --- the steps -------------------------------------------------------------------------------------------------------


def _judge(desk: Desk, document_id: str) -> bool:
    """Article 21.2.a: authenticity and wholeness before anything else. What follows from it waits until it is known
    that the document is not secret: only then may it lie where others see it.
    """
    row = desk.row(document_id)
    if aside.is_going_aside(desk, row):
        aside.set_secret_aside(desk, row)
        return True
    # A leaving document was judged before it was issued; nothing has touched it since.
    report = _signatures(desk, document_id) if document_id.startswith("di-") else _judge_again(desk, row)
    with desk.office.database.write() as session:
        session.get_one(DocumentRow, document_id).signature = report.verdict.value
    return False


def _read(desk: Desk, document_id: str) -> bool:
    row = desk.row(document_id)
    if aside.is_going_aside(desk, row):
        aside.set_secret_aside(desk, row)
        return True
    path, kind = desk.staged(row), original_of(row, desk.staged(row)).kind
    work = desk.office.work(document_id)
    with desk.reader.holding(path, kind):
        read = perceive(
            desk.reader, path, kind, desk.office.settings.metadata, _clues(desk, row),
            progress=lambda page, pages: desk.tell(Progress("page", document_id, row.name, page, pages)),
        )  # fmt: skip
        read = _with_reading_copy(desk, row, kind, read)
    write_json_durably(work / "pages.json", read.to_json())
    return False


def _with_reading_copy(desk: Desk, row: DocumentRow, kind: Kind, read: Reading) -> Reading:
    """Write the reading copy; the reading, which says so where there is none."""
    target = desk.office.work(row.id) / "reading.pdf"
    try:
        desk.reader.write_reading_copy(desk.staged(row), kind, read, target, title=row.name)
    except ReadingError as error:
        if error.retry:
            raise
        log.warning("%s: filed without a reading copy: %s", row.id, error)  # the original is what counts
        lacking = Finding("reading-copy-missing", Severity.WARNING, detail={"reason": str(error)})
        return replace(read, findings=(*read.findings, lacking))
    return read


def _clues(desk: Desk, row: DocumentRow) -> Clues:
    """What is known besides the pages; the office's own lexicons as they are at this moment."""
    report = _signatures(desk, row.id)
    with desk.office.database.read() as session:
        return Clues(
            row.name, report.signing_times, row.received_at, archive.confirmed(session),
            tuple(judging.signer_of(one) for one in report.signatures if one.facts.signer),
        )  # fmt: skip


def _describe(desk: Desk, document_id: str) -> bool:
    row = desk.row(document_id)
    if aside.is_going_aside(desk, row):  # cut off in the middle of it: what was read may be gone already
        aside.set_secret_aside(desk, row)
        return True
    read = _reading(desk, document_id)
    if read.pages[0].source is TextSource.UNREAD and "secrecy" not in row.corrections:
        raise ReadingError(aside.SECRECY_UNSEEN, document=document_id)
    found = metadata.extract(read, desk.office.settings.metadata, _clues(desk, row)).corrected(row.corrections)
    if "secrecy" in found.fields:
        aside.set_secret_aside(desk, row)
        return True
    if "secrecy" in found.review:  # a person decides before anybody else can read it: `vanthu retry --not-secret`
        raise ReadingError(aside.SECRECY_DOUBTFUL, document=document_id)
    report = _signatures(desk, document_id)
    judging.refuse_invalid(desk, row, report)
    compared = signatures.compare(found, report, desk.office.settings.registers.zone)
    found = replace(found, findings=(*found.findings, *compared))
    write_json_durably(desk.office.work(document_id) / "metadata.json", found.to_json())
    return False


def _file(desk: Desk, document_id: str) -> bool:
    row = desk.row(document_id)
    path = desk.staged(row)
    examined = json.loads((path.parent / EXAMINED).read_text(encoding="utf-8"))
    with desk.office.database.read() as session:
        entry = registers.entry_of(session, document_id)
        receipts = list(session.scalars(select(ReceiptRow).where(ReceiptRow.document_id == document_id)))
    reading_copy = desk.office.work(document_id) / "reading.pdf"
    archive.file_document(
        desk.office.archive,
        archive.Filing(
            document_id=document_id,
            original=replace(original_of(row, path), findings=tuple(map(Finding.from_json, examined))),
            reading=_reading(desk, document_id),
            metadata=Metadata.from_json(desk.work_json(document_id, "metadata.json")),
            reading_copy=reading_copy if reading_copy.exists() else None,
            register=archive.entry_to_json(entry),
            receipts=[archive.receipt_to_json(receipt) for receipt in receipts],
            filed_at=desk.office.clock(),
            urgency=row.urgency,
            organization=desk.office.settings.agency.name,
            signatures=_signatures(desk, document_id).to_json(),
            signature_accepted=row.signature_accepted,
            part_of={"document_id": row.part_of, "pages": row.pages} if row.part_of else None,
        ),
    )
    return False


def _index(desk: Desk, document_id: str) -> bool:
    found = Metadata.from_json(desk.work_json(document_id, "metadata.json"))
    read = _reading(desk, document_id)
    stored = archive.load(desk.office.archive / archive.folder_of(document_id))
    at = datetime.fromisoformat(stored.report["filed_at"])
    with desk.office.database.write() as session:
        row = session.get_one(DocumentRow, document_id)
        if row.state == "filed":
            return False
        row.state, row.reason, row.filed_at = "filed", None, at
        row.proposal, row.review = found.to_json(), list(found.review)
        row.page_amount, row.signed = len(read.pages), read.signed
        row.folder = archive.folder_of(document_id)
        row.batch = stored.batch
        archive.put(session, row, found, read.pages)
        twins = archive.same_code(session, row)
        for twin in twins:
            _note_twins(desk, session, row, twin)
        audit.append(
            session, at=at, actor=ACTOR, kind="filed", document_id=document_id,
            detail={"folder": row.folder, "same_code_as": [twin.id for twin in twins]},
        )  # fmt: skip
    return False


def _note_twins(desk: Desk, session: Session, row: DocumentRow, twin: DocumentRow) -> None:
    """Appendix VI, Part I, III.1.h: warn of a second document with the same number, notation and agency."""
    for one, other in ((row, twin), (twin, row)):
        registers.note(session, one.id, desk.office.messages("note-same-code", document=other.id))


def _update_bag(desk: Desk, document_id: str) -> None:
    """Tell the bag of another document; one that was damaged or carried off must not hold this one up."""
    try:
        bring_bag_up_to_date(desk.office, document_id, ACTOR)
    except (IntegrityError, NotFoundError) as error:
        log.error("%s: its bag does not know of a later note: %s", document_id, error)  # noqa: TRY400 - not our bug


def _clear(desk: Desk, document_id: str) -> bool:
    row = desk.row(document_id)
    with desk.office.database.read() as session:
        twins = archive.same_code(session, row)
    bring_bag_up_to_date(desk.office, document_id, ACTOR)
    for twin in twins:
        _update_bag(desk, twin.id)
    if row.part_of:
        _update_bag(desk, row.part_of)  # who cut it out may have been cut off before he wrote that down
    if row.staged is not None:
        shutil.rmtree(desk.staged(row).parent, ignore_errors=True)
        with desk.office.database.write() as session:
            session.get_one(DocumentRow, document_id).staged = None
    shutil.rmtree(desk.office.work(document_id), ignore_errors=True)
    shutil.rmtree(desk.office.review(document_id), ignore_errors=True)
    return False


def _judge_again(desk: Desk, row: DocumentRow) -> SignatureReport:
    report = judging.judge_original(desk, row)
    write_json_durably(desk.office.work(row.id) / SIGNATURES, report.to_json())
    return report


def _signatures(desk: Desk, document_id: str) -> SignatureReport:
    """As it was judged; a journey that began before there was such a step has nothing yet."""
    if not (desk.office.work(document_id) / SIGNATURES).exists():
        return _judge_again(desk, desk.row(document_id))
    return SignatureReport.from_json(desk.work_json(document_id, SIGNATURES))


def _reading(desk: Desk, document_id: str) -> Reading:
    return Reading.from_json(desk.work_json(document_id, "pages.json"))
