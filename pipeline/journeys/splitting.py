"""One file with several documents becomes several: each further one gets its receipt, its number and its own journey.

The file stays whole in the bag of the first document, which keeps its number; the others are cut out of it and go the
way of every arriving document. Registered in the order of their pages (Decree 30/2020/NĐ-CP, Article 22: every
document has its own number). Signed files are never split: a cut would break what the signature covers.

    parts cut and staged, durable  →  one transaction: receipts, documents, numbers, audit  →  the first one's bag

Cut off before the transaction nothing happened but files that the next try writes over; after it the parts are on their
way, and the first of them tells the bag at its journey's end what it does not know yet.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any

from filelock import FileLock
from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline import archive, metadata, registers
from pipeline.archive import SEVERAL_DOCUMENTS, StoredDocument, page_range
from pipeline.database import audit
from pipeline.database.tables import DocumentRow, ReceiptRow
from pipeline.document import FIELD_NAMES, Clues, Kind, Metadata, Reading
from pipeline.errors import UsageError
from pipeline.files import sha256_of, write_json_durably
from pipeline.journeys.arriving import EXAMINED
from pipeline.journeys.bagging import bring_bag_up_to_date
from pipeline.journeys.desk import find_row
from pipeline.journeys.office import Office
from pipeline.reading import Reader

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file would be divided: the pages ("1-3") that the document keeps, then those of each further one."""

    document_id: str
    parts: tuple[str, ...]


def plan_split(office: Office, document_id: str, starts: Sequence[int] = ()) -> Plan:
    """Where the file of a document would be cut: before `starts` (pages from 2), else as it was proposed.

    Raises NotFoundError; UsageError for a document that cannot be split, for pages that are not there, and where
    nothing was proposed.
    """
    with office.database.read() as session:
        row = find_row(session, document_id)
        cancelled = registers.entry_of(session, document_id).cancelled_at is not None
    if row.state != "filed" or cancelled:
        raise UsageError("split-not-filed", document=document_id)
    if row.signed:
        raise UsageError("split-signed", document=document_id)
    if row.batch == "split":
        raise UsageError("split-already", document=document_id)
    amount = row.page_amount or 0
    wanted = sorted(set(starts)) or _proposed(row)
    if not wanted:
        raise UsageError("split-not-proposed", document=document_id)
    if wanted[0] < 2 or wanted[-1] > amount:
        raise UsageError("split-no-such-page", document=document_id, amount=amount)
    begins = [1, *wanted]
    parts = zip(begins, [*(start - 1 for start in wanted), amount], strict=True)
    return Plan(document_id, tuple(f"{first}-{last}" for first, last in parts))


def split(office: Office, reader: Reader, plan: Plan, actor: str, tell: Tell = lambda _stage: None) -> tuple[str, ...]:
    """Do what was planned; return the ids of the new documents, which the service then takes up.

    `tell` hears "staged", "registered", "recorded" when each is durable. Raises UsageError when somebody else was
    faster or the file has no pages that can be cut, and what the file system and the reader raise.
    """
    stored = archive.load(office.archive / archive.folder_of(plan.document_id))
    with FileLock(office.settings.private / "split.lock"):  # two clerks, one stack of paper: one after the other
        _see_that_it_is_whole(office, plan.document_id)
        staged = _stage(office, reader, plan, stored)
        tell("staged")
        made = _register(office, plan, stored, staged, actor)
    for document_id in made:  # were the database lost now, the folder's name keeps the number from being given again
        office.work(document_id).mkdir(parents=True, exist_ok=True)
    tell("registered")
    bring_bag_up_to_date(office, plan.document_id, actor)
    tell("recorded")
    return made


def keep_whole(office: Office, document_id: str, actor: str) -> None:
    """A person says that the file is one document. Raises NotFoundError, UsageError when nothing else was proposed."""
    with office.database.read() as session:
        row = find_row(session, document_id)
    if row.batch != "proposed":
        raise UsageError("split-not-proposed", document=document_id)
    at = office.clock()
    event = {"kind": "kept-whole", "at": at.isoformat(), "actor": actor}
    archive.record_event(office.archive, document_id, event)
    with office.database.write() as session:
        session.get_one(DocumentRow, document_id).batch = "kept"
        audit.append(session, at=at, actor=actor, kind="kept-whole", document_id=document_id)


def proposals(office: Office) -> list[tuple[str, str]]:
    """Files that may hold several documents and that nobody decided about: (document, pages where others begin)."""
    query = select(DocumentRow).where(DocumentRow.batch == "proposed", DocumentRow.state == "filed")
    with office.database.read() as session:
        return [
            (row.id, ", ".join(map(str, _proposed(row)))) for row in session.scalars(query.order_by(DocumentRow.id))
        ]


def _proposed(row: DocumentRow) -> list[int]:
    found = Metadata.from_json(row.proposal).findings if row.proposal else ()
    pages = next((finding.detail["pages"] for finding in found if finding.code == SEVERAL_DOCUMENTS), "")
    return [int(page) for page in pages.split(",") if page.strip()]


def _see_that_it_is_whole(office: Office, document_id: str) -> None:
    with office.database.read() as session:
        if find_row(session, document_id).batch == "split":
            raise UsageError("split-already", document=document_id)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part that lies safe on the disk. The receipt's id says which part of what it is, so a second try finds it."""

    receipt_id: str
    path: Path
    pages: str
    name: str
    sha256: str


def _stage(office: Office, reader: Reader, plan: Plan, stored: StoredDocument) -> list[_Part]:
    source = stored.original if stored.report["original"]["kind"] == Kind.PDF else stored.reading_copy
    if source is None:
        raise UsageError("split-no-pages", document=plan.document_id)
    for left in office.staged("").glob(f"{plan.document_id}.*"):  # of a try that was cut off, maybe at other pages
        shutil.rmtree(left)
    return [_stage_part(office, reader, plan, stored, source, pages) for pages in plan.parts[1:]]


def _stage_part(office: Office, reader: Reader, plan: Plan, stored: StoredDocument, source: Path, pages: str) -> _Part:
    first, last = page_range(pages)
    receipt_id = f"{plan.document_id}.{pages}"
    folder = office.staged(receipt_id)
    path = folder / f"original{Kind.PDF.suffix}"
    reader.write_part(source, range(first, last + 1), path, origin=f"{plan.document_id} {pages}")
    write_json_durably(folder / EXAMINED, [])
    name = office.messages("part-name", name=PurePath(stored.report["original"]["name"]).stem, pages=pages)
    return _Part(receipt_id, path, pages, f"{name}{Kind.PDF.suffix}", sha256_of(path))


def _register(
    office: Office, plan: Plan, stored: StoredDocument, parts: Sequence[_Part], actor: str
) -> tuple[str, ...]:
    at = office.clock()
    own = page_range(plan.parts[0])
    with office.database.write() as session:
        whole = session.get_one(DocumentRow, plan.document_id, with_for_update=True)
        made = [_register_part(office, session, whole, part, at, actor) for part in parts]
        kept = [page for page in stored.pages() if own[0] <= page.number <= own[1]]
        doubted = _doubted(office, whole, stored, kept)
        corrections = {"page_amount": str(len(kept))}
        whole.batch, whole.pages = "split", plan.parts[0]
        whole.corrections = {**whole.corrections, **corrections}
        review = {*whole.review, *doubted} - {"page_amount"}
        whole.review = [name for name in FIELD_NAMES if name in review]
        archive.put(session, whole, _standing(whole), kept)
        registers.note(session, whole.id, office.messages("note-split", documents=", ".join(made)))
        detail: dict[str, Any] = {
            "pages": plan.parts[0], "corrections": corrections, "doubted": doubted,
            "parts": [
                {"document_id": document_id, "pages": part.pages, "sha256": part.sha256}
                for document_id, part in zip(made, parts, strict=True)
            ],
        }  # fmt: skip
        audit.append(session, at=at, actor=actor, kind="split", document_id=whole.id, detail=detail)
    return tuple(made)


def _register_part(office: Office, session: Session, whole: DocumentRow, part: _Part, at: datetime, actor: str) -> str:
    """The rows of one part, as those of a file that was dropped; it arrives as a document when it is cut out."""
    settings = office.settings.registers
    entry = registers.enter(session, "den", at, settings, recipient=settings.recipient)
    size, raw_name = part.path.stat().st_size, part.name.encode()
    session.add(
        DocumentRow(
            id=entry.document_id, sha256=part.sha256, state="received", received_at=at, name=part.name,
            raw_name=raw_name, kind=Kind.PDF.value, size=size, urgency=whole.urgency, part_of=whole.id,
            pages=part.pages, staged=str(part.path.relative_to(office.settings.private)),
        )
    )  # fmt: skip
    session.flush()
    session.add(
        ReceiptRow(
            id=part.receipt_id, received_at=at, name=part.name, raw_name=raw_name, size=size, sha256=part.sha256,
            state="accepted", document_id=entry.document_id,
        )
    )  # fmt: skip
    registers.note(session, entry.document_id, office.messages("note-part-of", document=whole.id, pages=part.pages))
    audit.append(
        session, at=at, actor=actor, kind="accepted", document_id=entry.document_id, receipt_id=part.receipt_id,
        detail={"sha256": part.sha256, "name": part.name, "part_of": whole.id, "pages": part.pages},
    )  # fmt: skip
    return entry.document_id


def _doubted(office: Office, whole: DocumentRow, stored: StoredDocument, kept: Sequence[Any]) -> list[str]:
    """Fields of the first document that would read otherwise from its own pages: a person looks at them."""
    reading = Reading(tuple(kept), second_looks=stored.second_looks())
    own = metadata.extract(reading, office.settings.metadata, Clues(whole.name, received_at=whole.received_at))
    standing = _standing(whole)
    return [
        name for name in FIELD_NAMES
        if name not in {"page_amount", *whole.corrections} and own.text(name) != standing.text(name)
    ]  # fmt: skip


def _standing(row: DocumentRow) -> Metadata:
    corrections = {name: tuple(v) if isinstance(v, list) else v for name, v in row.corrections.items()}
    return Metadata.from_json(row.proposal or {"fields": {}, "review": [], "findings": []}).corrected(corrections)
