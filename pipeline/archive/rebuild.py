"""The index and the registers made anew from the archive's folders alone."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError as ConstraintError
from sqlalchemy.orm import Session

from pipeline.archive.confirmed import keep_confirmed
from pipeline.archive.index import put
from pipeline.archive.store import StoredDocument, bags, folder_of, load, repair, verify
from pipeline.database import Database, audit
from pipeline.database.tables import CounterRow, DocumentRow, EntryRow, ReceiptRow, StampRow
from pipeline.document import Finding, Page, Severity
from pipeline.errors import IntegrityError
from pipeline.files import TEMPORARY_PREFIX

ACTOR = "vanthu"
BATCH = 50  # bags a transaction: a service that runs meanwhile does not wait long
REFUSAL = ".ly-do.json"


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What was made: documents with content, numbers in the books (cancelled ones too), receipts; and what is wrong."""

    documents: int
    numbers: int
    receipts: int
    findings: tuple[Finding, ...] = ()


def rebuild(
    archive: Path, refused: Path, database: Database, at: datetime, *, elsewhere: Iterable[str] = ()
) -> RebuildReport:
    """Fill a database from the bags and the refusals beside `refused`'s files.

    Into an empty database this gives all that the folders know; in one with rows, those of the bags are made anew and
    the others (documents on their way) stay. `elsewhere`: ids of documents known from other places (work folders,
    quarantine), so that their numbers are not given again. A damaged bag is a finding; what it still says of its
    number is kept. Raises DatabaseError.
    """
    findings: list[Finding] = []
    documents = numbers = 0
    batch: list[_Restored] = []
    for folder in bags(archive):
        restored = _open(folder, findings)
        if restored is None:
            continue
        documents, numbers = documents + (not restored.stored.is_tombstone), numbers + 1 + len(restored.copies)
        batch.append(restored)
        if len(batch) == BATCH:
            _write(database, batch, findings)
            batch = []
    _write(database, batch, findings)
    refusals = list(_refusals(refused, findings))
    known = [path.name for path in bags(archive)] + list(elsewhere)
    with database.write() as session:
        for refusal in refusals:
            session.merge(refusal)
        findings += _raise_counters(session, known)
        receipts = session.scalar(select(func.count()).select_from(ReceiptRow)) or 0
        audit.append(
            session, at=at, actor=ACTOR, kind="rebuilt",
            detail={"documents": documents, "numbers": numbers, "findings": len(findings)},
        )  # fmt: skip
    return RebuildReport(documents, numbers, receipts, tuple(findings))


@dataclass(frozen=True, slots=True)
class _Restored:
    """The rows of one bag; `copies`: the numbers of the copies that were made of it."""

    stored: StoredDocument
    entry: EntryRow
    document: DocumentRow | None
    receipts: tuple[ReceiptRow, ...]
    stamps: tuple[StampRow, ...] = ()
    copies: tuple[EntryRow, ...] = ()


def _open(folder: Path, findings: list[Finding]) -> _Restored | None:
    """What a bag says, if it can be understood; what is wrong with it is added to the findings."""
    try:
        repair(folder)
        findings += verify(folder)
        stored = load(folder)
        if stored.document_id != folder.name:
            findings.append(_warning("bag-unreadable", bag=folder.name, reason=stored.document_id))
            return None
        document = _tombstone_row(stored) if stored.is_tombstone else _document_row(stored)
        of = stored.document_id if document is not None else None
        receipts = tuple(_receipt(facts, of) for facts in stored.receipts)
        stamped = stored.stamped
        stamps = tuple(_stamp(event["stamp"]) for event in stamped)
        copies = tuple(_entry(event["entry"], event["stamp"]["row_name"]) for event in stamped if "entry" in event)
        return _Restored(stored, _entry(stored.register, stored.document_id), document, receipts, stamps, copies)
    except (IntegrityError, LookupError, TypeError, ValueError, AttributeError) as error:
        if not any(finding.detail.get("bag") == folder.name for finding in findings):
            findings.append(_warning("bag-unreadable", bag=folder.name, reason=str(error)))
        return None


def _write(database: Database, batch: Iterable[_Restored], findings: list[Finding]) -> None:
    with database.write() as session:
        for restored in batch:
            try:
                with session.begin_nested():
                    _restore(session, restored, findings)
            except ConstraintError:
                name = restored.stored.document_id
                findings.append(_warning("bag-contradicts", bag=name))


def _restore(session: Session, restored: _Restored, findings: list[Finding]) -> None:
    stored = restored.stored
    if restored.document is not None:
        row = session.merge(restored.document)
        session.flush()
        if stored.proposal is not None:
            put(session, row, stored.metadata, _pages(stored, findings))
        keep_confirmed(session, row)
    for known in (restored.entry, *restored.receipts, *restored.copies, *restored.stamps):
        session.merge(known)
    session.flush()


def _pages(stored: StoredDocument, findings: list[Finding]) -> tuple[Page, ...]:
    """A document whose words are damaged is still found by its fields."""
    try:
        return stored.own_pages()
    except (IntegrityError, LookupError, TypeError, ValueError):
        findings.append(_warning("bag-unreadable", bag=stored.document_id, reason="data/words.json"))
        return ()


def _document_row(stored: StoredDocument) -> DocumentRow:
    report = stored.report
    original, reading = report["original"], report["reading"]
    return DocumentRow(
        id=stored.document_id, sha256=original["sha256"], state="filed", reason=None,
        received_at=datetime.fromisoformat(original["received_at"]), name=original["name"],
        raw_name=base64.b64decode(original["raw_name"]), kind=original["kind"], size=original["size"],
        urgency=report["urgency"], staged=None, folder=folder_of(stored.document_id),
        filed_at=datetime.fromisoformat(report["filed_at"]), page_amount=reading["page_amount"],
        signed=reading["signed"], proposal=stored.proposal.to_json() if stored.proposal else None,
        corrections=stored.corrections, review=list(stored.metadata.review), batch=stored.batch,
        pages=(stored.split or stored.part_of or {}).get("pages"),
        part_of=(stored.part_of or {}).get("document_id"),
        signature=stored.signature[0], signature_accepted=stored.signature[1],
    )  # fmt: skip


def _tombstone_row(stored: StoredDocument) -> DocumentRow | None:
    """Of a cancelled number only what its tombstone tells, if it tells of a document at all."""
    known = stored.report.get("document") or {}
    if "sha256" not in known:
        return None
    received = known.get("received_at") or stored.report["register"]["entered_at"]
    return DocumentRow(
        id=stored.document_id, sha256=known["sha256"], state=known.get("state", "secret"), reason=known.get("reason"),
        received_at=datetime.fromisoformat(received), name=known.get("name", ""), raw_name=b"",
        kind=known.get("kind", ""), size=known.get("size", 0), urgency=known.get("urgency", 0),
    )  # fmt: skip


def _entry(facts: Mapping[str, Any], document_id: str) -> EntryRow:
    forwarded, cancelled = facts.get("forwarded_date"), facts.get("cancelled_at")
    return EntryRow(
        register=facts["register"], year=facts["year"], number=facts["number"], document_id=document_id,
        entered_at=datetime.fromisoformat(facts["entered_at"]), recipient=facts.get("recipient", ""),
        forwarded_date=date.fromisoformat(forwarded) if forwarded else None, note=facts.get("note", ""),
        cancelled_at=datetime.fromisoformat(cancelled) if cancelled else None,
        cancel_reason=facts.get("cancel_reason"),
    )  # fmt: skip


def _receipt(facts: Mapping[str, Any], document_id: str | None) -> ReceiptRow:
    return ReceiptRow(
        id=facts["id"], received_at=datetime.fromisoformat(facts["received_at"]), name=facts["name"],
        raw_name=base64.b64decode(facts["raw_name"]), size=facts["size"], sha256=facts["sha256"],
        state=facts["state"], reason=facts["reason"], document_id=document_id,
    )  # fmt: skip


def _stamp(facts: Mapping[str, Any]) -> StampRow:
    """What lies in a bag is filed; as `stamp_to_json` wrote it."""
    released = facts["released_at"]
    return StampRow(
        id=facts["id"], row_name=facts["row_name"], kind=facts["kind"], parent_id=facts["parent_id"],
        name=facts["name"], state="filed", reason=None, detail=dict(facts["detail"]),
        created_at=datetime.fromisoformat(facts["created_at"]), sha256=facts["sha256"],
        released_by=facts["released_by"], released_at=datetime.fromisoformat(released) if released else None,
        stamped_sha256=facts["stamped_sha256"], level=facts["level"], wanted=facts["wanted"],
    )  # fmt: skip


def _raise_counters(session: Session, known_ids: Iterable[str]) -> list[Finding]:
    """Each counter at least as high as any number that was ever seen; say which numbers have no row."""
    last: dict[tuple[str, int], int] = {}
    for document_id in known_ids:
        parts = document_id.split("-")
        if len(parts) == 3 and parts[1].isdigit() and parts[2].isdigit():
            book = parts[0], int(parts[1])
            last[book] = max(last.get(book, 0), int(parts[2]))
    highest = select(EntryRow.register, EntryRow.year, func.max(EntryRow.number)).group_by(
        EntryRow.register, EntryRow.year
    )
    for register, year, number in session.execute(highest).all():
        last[register, year] = max(last.get((register, year), 0), number)
    findings = []
    for (register, year), number in sorted(last.items()):
        counter = session.get(CounterRow, (register, year), with_for_update=True)
        if counter is None:
            session.add(CounterRow(register=register, year=year, last=number))
        else:
            counter.last = max(counter.last, number)
        session.flush()
        here = set(session.scalars(select(EntryRow.number).where(EntryRow.register == register, EntryRow.year == year)))
        missing = [str(n) for n in range(1, number + 1) if n not in here]
        if missing:
            findings.append(_warning("register-numbers-missing", register=register, year=str(year),
                                     numbers=", ".join(missing[:50]), amount=str(len(missing))))  # fmt: skip
    return findings


def _refusals(refused: Path, findings: list[Finding]) -> Iterable[ReceiptRow]:
    """What was refused, from the reason files that lie beside the refused ones."""
    for path in sorted(refused.rglob(f"*{REFUSAL}")):
        if path.name.startswith(TEMPORARY_PREFIX) or path.is_symlink():
            continue
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
            yield ReceiptRow(
                id=facts["receipt"], received_at=datetime.fromisoformat(facts["received_at"]), name=facts["name"],
                raw_name=base64.b64decode(facts["raw_name_base64"]), size=int(facts["size"]),
                sha256=facts.get("sha256"), state="refused", reason=facts["code"],
            )  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError) as error:
            findings.append(_warning("refusal-unreadable", path=str(path), reason=str(error)))


def _warning(code: str, **detail: str) -> Finding:
    return Finding(code, Severity.WARNING, detail=detail)
