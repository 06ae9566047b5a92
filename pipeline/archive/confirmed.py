"""Names that people confirmed or corrected, kept with the document they stand on: the office's own lexicons.

They are the corrections over again in a form that can be counted, so nothing is lost with them: what a person takes
back or corrects later changes them at once, and a rebuild makes them anew from the bags.
"""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from pipeline.database.tables import ConfirmedRow, DocumentRow
from pipeline.document import Confirmed
from pipeline.vietnamese import nfc

KINDS = {
    "organ_name": "agency", "parent_organ_name": "agency", "signatory_name": "name", "signatory_position": "position",
    "issued_place": "place",
}  # fmt: skip
"""Fields whose values come again on other documents, and what they are."""

LONGEST = 200  # letters of a value that is kept
MOST = 2000  # values of a kind that are handed on; an office writes to fewer agencies than that


def keep_confirmed(session: Session, row: DocumentRow) -> None:
    """Bring the names of one document in step with its corrections; done twice it changes nothing."""
    session.flush()
    session.execute(delete(ConfirmedRow).where(ConfirmedRow.document_id == row.id))
    for field, kind in KINDS.items():
        value = row.corrections.get(field)
        if not isinstance(value, str):
            continue
        for place, part in enumerate(part.strip() for part in nfc(value).split(";")):
            if part and len(part) <= LONGEST:
                session.add(ConfirmedRow(document_id=row.id, field=field, place=place, kind=kind, value=part))
    session.flush()


def confirmed(session: Session) -> Confirmed:
    """All names that people confirmed, those confirmed most often first, equals in the order of their letters."""
    amount = func.count().label("amount")
    query = select(ConfirmedRow.kind, ConfirmedRow.value, amount).group_by(ConfirmedRow.kind, ConfirmedRow.value)
    counted = sorted((-many, str(value), str(kind)) for kind, value, many in session.execute(query))

    def of(kind: str) -> tuple[str, ...]:
        return tuple(value for _, value, its in counted if its == kind)[:MOST]

    return Confirmed(of("agency"), of("name"), of("position"), of("place"))
