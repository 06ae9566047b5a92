"""What the agency is asked to sign with a line: copies of archived documents, their attachments, digitised paper.

    asked for → (an officer releases: a copy gets its number) → signed by the seal service → into the bag of its
    document, to da-phat-hanh/

This module takes the request: what may be copied, and is the file what the Decree wants? What follows is in
`stamping.py`, then `stamper.py`. Decree 30/2020/NĐ-CP, Articles 25-27, Appendix I, Part II; docs/decisions/0007.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline import archive, intake, signatures
from pipeline.database import audit
from pipeline.database.tables import DocumentRow, StampRow
from pipeline.document import Kind, StampKind, TextSource
from pipeline.errors import NotFoundError, RefusedError, UsageError, VanthuError
from pipeline.files import copy_durably, sha256_of, storage_errors
from pipeline.journeys.desk import find_row
from pipeline.journeys.office import Office
from pipeline.journeys.outgoing import Waiting
from pipeline.sealer.register import is_electronic
from pipeline.signatures.workshop import Workshop
from pipeline.vietnamese import fold, nfc

OPEN = ("waiting", "held", "released", "sealed")
SOURCE, STAMPED = "source.pdf", "stamped.pdf"
FORMS = {
    StampKind.TRUE_COPY: signatures.CopyForm.TRUE_COPY, StampKind.COPY_OF_COPY: signatures.CopyForm.COPY_OF_COPY,
    StampKind.EXTRACT: signatures.CopyForm.EXTRACT,
}  # fmt: skip
Convert = Callable[[Path, Kind, Path], None]
"""(office file, its kind, target): makes a PDF of it. Raises ReadingError."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for. `file`: instead of the reading copy in the archive.

    `approved_by`: who allowed the copy (Article 27). `sure`: a person's word that the paper is a bản sao y.
    """

    kind: StampKind
    document_id: str
    file: Path | None = None
    recipient: str = ""
    approved_by: str = ""
    sure: bool = False


def work(office: Office, stamp_id: str) -> Path:
    """Where the file lies until it is filed; nobody but the service's user writes here."""
    return office.settings.private / "stamps" / stamp_id


@dataclass(frozen=True, slots=True)
class _File:
    """What is to be signed: the file, as what, for which document, and how that is called."""

    kind: StampKind
    of_id: str
    source: Path
    fresh: bool  # somebody named it; not from the archive
    name: str
    words: str
    detail: Mapping[str, str]


def ask(office: Office, workshop: Workshop, convert: Convert, request: Request, actor: str) -> StampRow:
    """Take a request: the file is checked and copied, then the row; it waits for an officer's release.

    The same request that is still on its way is given back and not made twice. Raises NotFoundError, UsageError,
    RefusedError with what the law or the file forbids, StorageError, DatabaseError.
    """
    with office.database.read() as session:
        parent = find_row(session, request.document_id)
    if parent.state != "filed":
        raise RefusedError("copy-not-filed", document=parent.id)
    _allow(parent, request)
    stored = archive.load(office.archive / archive.folder_of(parent.id))
    if request.kind is StampKind.COPY_OF_COPY and not request.sure and not _shows_a_copy(stored):
        raise RefusedError("copy-source-no-copy", document=parent.id)
    source = request.file or _kept(stored, parent)
    named = nfc(source.name) if request.file else parent.name
    wanted = {"recipient": request.recipient, "approved_by": request.approved_by}
    file = _File(request.kind, parent.id, source, request.file is not None, named, _describe(parent), wanted)
    try:
        return _take(office, workshop, convert, file, actor)
    except RefusedError as error:
        if request.file is None and error.code.startswith("scan-") and _was_never_paper(stored, error.code):
            raise RefusedError("copy-not-a-scan", document=parent.id) from error
        raise


def attach(office: Office, workshop: Workshop, convert: Convert, leaving: Waiting, path: Path, actor: str) -> StampRow:
    """An attachment of a document that is on its way: released with it or after it, signed once that is filed.

    Raises as `ask`.
    """
    file = _File(StampKind.ATTACHMENT, leaving.id, path, True, nfc(path.name), leaving.name, {"recipient": ""})
    return _take(office, workshop, convert, file, actor)


def _take(office: Office, workshop: Workshop, convert: Convert, file: _File, actor: str) -> StampRow:
    at = office.clock()
    stamp_id = f"{at:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    place = work(office, stamp_id)
    detail = {"asked_by": actor, "organ_notation": office.settings.agency.notation, "of": file.words, **file.detail}
    try:
        row = StampRow(
            id=stamp_id, kind=file.kind.value, parent_id=file.of_id, name=f"{Path(file.name).stem}.pdf",
            state="waiting", created_at=at, sha256=_fetch(office, workshop, convert, file, place / SOURCE),
            detail=detail,
        )  # fmt: skip
        known = _note(office, row, actor)
    except VanthuError:
        shutil.rmtree(place, ignore_errors=True)
        raise
    if known.id != row.id:
        shutil.rmtree(place, ignore_errors=True)
    return known


def _allow(parent: DocumentRow, request: Request) -> None:
    """What the Decree forbids whatever the file is."""
    kind, electronic = request.kind, is_electronic(parent.kind, parent.signature, signed=parent.signed)
    if kind.is_copy and electronic and kind is not StampKind.EXTRACT:
        raise RefusedError("copy-of-electronic", document=parent.id, form=FORMS[kind].value)
    if kind is StampKind.DIGITISED and electronic:
        raise RefusedError("digitise-electronic", document=parent.id)
    if kind is StampKind.EXTRACT and request.file is None:
        raise UsageError("extract-without-file", document=parent.id)
    if kind is StampKind.ATTACHMENT and not parent.id.startswith("di-"):
        raise RefusedError("attachment-not-leaving", document=parent.id)
    if kind is StampKind.ATTACHMENT and not parent.code_notation:
        raise RefusedError("attachment-without-code", document=parent.id)
    if request.file is None and parent.batch in {"proposed", "split"}:
        raise RefusedError("copy-of-several", document=parent.id)


# --- the file ---------------------------------------------------------------------------------------------------------


def _fetch(office: Office, workshop: Workshop, convert: Convert, file: _File, target: Path) -> str:
    """The file to sign, checked as the seal service will check it; returns its SHA-256."""
    with storage_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    kind = intake.examine(file.source, office.settings.intake, dropped=False).kind if file.fresh else Kind.PDF
    if kind is Kind.PDF:
        with storage_errors(file.source), file.source.open("rb") as opened:
            copy_durably(opened, target)
    elif kind.is_office and not file.kind.is_scan:
        convert(file.source, kind, target)
    else:
        raise RefusedError("copy-file-not-pdf", path=file.name)
    try:
        workshop.refuse_dangerous(target)
        if file.kind.is_scan:
            workshop.refuse_unfit_scan(target)
    except RefusedError as error:
        error.detail["path"] = file.name if file.fresh else file.of_id  # not the name of our copy
        raise
    return sha256_of(target)


def _kept(stored: archive.StoredDocument, parent: DocumentRow) -> Path:
    """The reading copy; of a PDF that needed none (a scan with a text layer that was believed), the original."""
    found = stored.reading_copy or (stored.original if parent.kind == Kind.PDF else None)
    if found is None:
        raise NotFoundError("reading-copy-not-kept", document=parent.id)
    return found


def _was_never_paper(stored: archive.StoredDocument, code: str) -> bool:
    """A page without a picture, or with text of its own, was not scanned: "scan it again" would be bad advice."""
    return code == "scan-without-picture" or any(page.source is TextSource.TEXT_LAYER for page in stored.own_pages())


def _shows_a_copy(stored: archive.StoredDocument) -> bool:
    """A bản sao y says so in print: its form, and a notation of its own (Appendix I, Part II, II)."""
    words = f" {fold(' '.join(page.text for page in stored.own_pages()))} "
    return " sao y " in words or "/sy-" in words or " sy " in words


def _describe(parent: DocumentRow) -> str:
    """The document in one line, for whoever releases and may not look into the archive."""
    code = "/".join(part for part in (parent.code_number, parent.code_notation) if part)
    return " ".join(part for part in (parent.type_name, code, parent.subject) if part)[:500]


# --- the row ----------------------------------------------------------------------------------------------------------


def _note(office: Office, row: StampRow, actor: str) -> StampRow:
    """The row; or the one of the same request that is on its way already."""
    with office.database.write() as session:
        same = (StampRow.kind == row.kind, StampRow.parent_id == row.parent_id)
        if row.kind == StampKind.DIGITISED:
            if session.scalar(select(StampRow.state).where(*same, StampRow.state == "filed")):
                raise RefusedError("digitised-already", document=row.parent_id)
            row.row_name = f"{row.parent_id}.sh"
        if row.kind == StampKind.ATTACHMENT:
            twin = session.scalar(select(StampRow).where(*same, StampRow.sha256 == row.sha256, _LIVE))
            if twin is not None and twin.state == "filed":
                raise RefusedError("attached-already", path=row.name, document=row.parent_id)
            if row.parent_id.startswith("di-"):
                row.row_name = next_attachment(session, row.parent_id)
        for known in session.scalars(select(StampRow).where(*same, StampRow.state.in_(OPEN))):
            of_one = row.kind == StampKind.DIGITISED or known.sha256 == row.sha256
            if of_one and known.detail.get("recipient") == row.detail["recipient"]:
                return known
        session.add(row)
        audit.append(
            session, at=row.created_at, actor=actor, kind="stamp-asked", document_id=row.parent_id,
            detail={"id": row.id, "kind": row.kind, "sha256": row.sha256},
        )  # fmt: skip
    return row


_LIVE = StampRow.state != "set-aside"


def next_attachment(session: Session, document_id: str) -> str:
    """What the next one is called. Those that were rejected count too: a name is not given twice."""
    of = (StampRow.kind == StampKind.ATTACHMENT.value, StampRow.parent_id == document_id)
    before = session.scalar(select(func.count()).select_from(StampRow).where(*of)) or 0
    return f"{document_id}.pl{before + 1}"
