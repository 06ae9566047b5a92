"""A leaving document on its way outlives the database: its row stands as row.json beside its files."""

from __future__ import annotations

import json
import logging
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from pipeline import archive, registers
from pipeline.database.tables import EntryRow, OutgoingRow
from pipeline.document import Finding, Severity
from pipeline.files import sha256_of, write_json_durably
from pipeline.journeys.office import SUBMITTED, Office

log = logging.getLogger(__name__)
ROW = "row.json"
DAYS, MOMENTS = ("issued_date",), ("created_at", "released_at")
HASHES = {"prepared.pdf": "prepared_sha256", "signed.pdf": "signed_sha256"}


def remember(office: Office, row: OutgoingRow, **coming: Any) -> None:
    """Write down what a row is about to say, before it says it. Raises StorageError."""
    facts = {column.name: getattr(row, column.name) for column in OutgoingRow.__table__.columns} | coming
    for name in (*DAYS, *MOMENTS):
        facts[name] = facts[name].isoformat() if facts[name] else None
    write_json_durably(office.settings.private / "outgoing" / row.id / ROW, facts)


def restore(office: Office) -> tuple[Finding, ...]:
    """Take up what the database does not know any more; what cannot be taken up is told. Raises DatabaseError.

    A number that was given stays with its document, which an officer releases again: the seal service gives the same
    seal to the same file.
    """
    places = office.settings.private / "outgoing"
    found = []
    for place in sorted(places.iterdir()) if places.is_dir() else ():
        with office.database.read() as session:
            known = session.get(OutgoingRow, place.name) is not None
        if not known and place.is_dir():
            found.append(_restore(office, place))
    return tuple(found)


def _restore(office: Office, place: Path) -> Finding:
    try:
        row = _row(json.loads((place / ROW).read_text(encoding="utf-8")), place)
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("%s: not taken up: %s", place, error)
        return Finding("leaving-forgotten", Severity.WARNING, detail={"path": str(place)})
    if row.year is not None and row.number is not None:
        document = registers.document_id("di", row.year, row.number)
        if (office.archive / archive.folder_of(document)).is_dir():  # all but the last step was done
            row.state, row.document_id = "issued", document
        else:
            row.state, row.reason = "held", "release-unfinished"
    with office.database.write() as session:
        same = session.scalar(select(OutgoingRow).where(OutgoingRow.prepared_sha256 == row.prepared_sha256))
        if same is not None:  # its draft was dropped once more meanwhile
            return Finding("leaving-forgotten", Severity.WARNING, detail={"path": str(place)})
        session.add(row)
        if row.state == "held" and session.get(EntryRow, ("di", row.year, row.number)) is None:
            session.add(
                EntryRow(
                    register="di", year=row.year, number=row.number, entered_at=row.released_at or office.clock(),
                    document_id=registers.document_id("di", row.year or 0, row.number or 0), recipient="", note="",
                )
            )  # fmt: skip
    if row.state == "prepared":
        target = office.settings.folder("outgoing") / SUBMITTED / row.name
        if not target.exists():
            shutil.copyfile(place / "prepared.pdf", target)
    return Finding("leaving-restored", Severity.NOTE, detail={"name": row.name})


def _row(facts: dict[str, Any], place: Path) -> OutgoingRow:
    """Raises ValueError, KeyError, TypeError for what is no row, or when its files are not those that it names."""
    for name in DAYS:
        facts[name] = date.fromisoformat(facts[name]) if facts[name] else None
    for name in MOMENTS:
        facts[name] = datetime.fromisoformat(facts[name]) if facts[name] else None
    row = OutgoingRow(**facts)
    if row.id != place.name:
        raise ValueError(row.id)
    for name, key in HASHES.items():
        wanted = getattr(row, key)
        if wanted is not None and sha256_of(place / name) != wanted:
            raise ValueError(name)
    return row
