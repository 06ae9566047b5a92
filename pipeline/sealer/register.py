"""What the register of leaving documents says, read by the seal service itself and believed over any caller."""

from __future__ import annotations

from pipeline.database import Database
from pipeline.database.tables import EntryRow, OutgoingRow
from pipeline.errors import RefusedError
from pipeline.sealer.values import Entry, RegisterRow


def entry_of(database: Database, row: RegisterRow) -> Entry:
    """Raises RefusedError (`row-unknown`) for a number that the register has not given, DatabaseError."""
    with database.read() as session:
        given = session.get(EntryRow, ("di", row.year, row.number))
        outgoing = session.query(OutgoingRow).filter_by(year=row.year, number=row.number).one_or_none()
        if given is None or outgoing is None or outgoing.signed_sha256 is None or outgoing.issued_date is None:
            raise RefusedError("row-unknown", row=row.name)
        return Entry(
            row, outgoing.signed_sha256, outgoing.issued_date, outgoing.competence, given.cancelled_at is not None
        )
