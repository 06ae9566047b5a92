"""The audit trail: who did what when, appended in the transaction of the change itself, chained by SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pipeline.database.tables import EventRow

FIRST = "0" * 64
_LOCK = 0x76616E746875  # PostgreSQL's advisory lock of the chain's end; SQLite has one writer anyway


def append(
    session: Session,
    *,
    at: datetime,
    actor: str,
    kind: str,
    document_id: str | None = None,
    receipt_id: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> EventRow:
    """Add one event to the end of the chain. `detail` must be JSON."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    session.flush()
    last = session.scalar(select(EventRow).order_by(EventRow.id.desc()).limit(1))
    event = EventRow(
        id=(last.id if last else 0) + 1, at=at, actor=actor, kind=kind, document_id=document_id,
        receipt_id=receipt_id, detail=dict(detail or {}), previous_hash=last.hash if last else FIRST, hash="",
    )  # fmt: skip
    event.hash = digest(event)
    session.add(event)
    session.flush()
    return event


def digest(event: EventRow) -> str:
    """SHA-256 over the event's canonical JSON and the hash before it."""
    content = [
        event.id, event.at.timestamp(), event.actor, event.kind, event.document_id, event.receipt_id,
        event.detail, event.previous_hash,
    ]  # fmt: skip
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def broken_links(session: Session) -> Iterator[int]:
    """The ids of events that were changed, or whose predecessor is missing; empty when the chain is whole."""
    previous, expected = FIRST, 1
    for event in session.scalars(select(EventRow).order_by(EventRow.id)).yield_per(1000):
        if event.id != expected or event.previous_hash != previous or digest(event) != event.hash:
            yield event.id
        previous, expected = event.hash, event.id + 1
