"""The end of a leaving document's way: sealed by the seal service, validated, issued, filed - and upgraded later.

What waits for somebody (a token, a time stamp service, an officer) is a state of its row, so nothing is lost when the
process ends; `Pauses` only keep it from being asked for too often.
"""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import select

from pipeline import archive, registers, signatures
from pipeline.database.tables import DocumentRow, OutgoingRow
from pipeline.document import Finding, Kind
from pipeline.errors import IntegrityError, RefusedError, SigningError, VanthuError
from pipeline.files import copy_durably, sha256_of, write_json_durably
from pipeline.journeys.arriving import ACTOR, EXAMINED, SIGNATURES
from pipeline.journeys.desk import Desk, Progress
from pipeline.journeys.judging import trust_store, validate_made
from pipeline.journeys.office import ISSUED, Office
from pipeline.journeys.outgoing import folder, number, publish, record, row_of, seal_settings, work
from pipeline.journeys.remembering import remember
from pipeline.sealer import RegisterRow, Release, SealClient, SealSettings
from pipeline.signatures import Level, Terms

log = logging.getLogger(__name__)
FIRST_PAUSE, MOST_PAUSE = 2.0, 60.0  # seconds between two tries of what waits for the seal
AWAY = "seal-service-away"
FIRST_UPGRADE, MOST_UPGRADE = 60.0, 3600.0  # and of what is issued and only lacks proofs
LEADER_AND_SEAL = 2  # signatures at least


class Pauses:
    """What could not go on is tried again soon, then ever more rarely; at once when its row has changed meanwhile."""

    def __init__(self, first: float, most: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._first, self._most, self._clock = first, most, clock
        self._next: dict[tuple[object, ...], tuple[float, float]] = {}  # key → (not before, pause)

    def due(self, *key: object) -> bool:
        return self._clock() >= self._next.get(key, (0.0, 0.0))[0]

    def failed(self, *key: object, growing: bool = True) -> None:
        before = self._next[key][1] if growing and key in self._next else self._first / 2
        pause = min(2 * before, self._most)
        self._next[key] = (self._clock() + pause, pause)

    def moved(self, *key: object) -> None:
        self._next.pop(key, None)


class Issuer:
    """Brings forward what can go; made anew by each service. One thread at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._pauses = Pauses(FIRST_PAUSE, MOST_PAUSE)
        self._upgrades = Pauses(FIRST_UPGRADE, MOST_UPGRADE)

    def advance(self) -> int:
        """Take every leaving document as far as it can go now; returns how many moved. One's fault stops no other."""
        office = self._desk.office
        if not office.settings.outgoing.seal:
            return 0
        configured = seal_settings(office)
        officer = _unlocked_by(configured)
        moved = 0
        for row in _open_rows(office, unlocked=bool(officer)):
            key = (row.id, row.state, row.released_at)
            if self._pauses.due(*key):
                moved += self._try(row, configured, officer, key)
        for row in _lower_rows(office):
            if self._upgrades.due(row.id):
                moved += self._try_upgrade(row, configured)
        return moved

    def _try(self, row: OutgoingRow, configured: SealSettings, officer: str, key: tuple[object, ...]) -> bool:
        try:
            _advance(self._desk, row, configured, officer)
        except VanthuError as error:
            if isinstance(error, RefusedError) or (isinstance(error, SigningError) and not error.retry):
                _hold(self._desk.office, row, error)
            else:
                log.warning("%s: tried again later: %s", row.id, error)
                _note_hindrance(self._desk.office, row, error.code)
                self._pauses.failed(*key, growing=error.code != AWAY)  # knocking costs nothing
        except Exception:  # the border: one document's bug must not stop the others
            log.exception("%s: an error of ours", row.id)
            _note_hindrance(self._desk.office, row, "unexpected")
            self._pauses.failed(*key)
        else:
            self._pauses.moved(*key)
            return True
        return False

    def _try_upgrade(self, row: OutgoingRow, configured: SealSettings) -> bool:
        try:
            moved = _upgrade(self._desk, row, configured)
        except VanthuError as error:
            log.warning("%s: proofs are added later: %s", row.document_id, error)
        except Exception:  # the border, as above
            log.exception("%s: an error of ours", row.document_id)
        else:
            if moved:
                self._upgrades.moved(row.id)
                return True
        self._upgrades.failed(row.id)
        return False


def _unlocked_by(configured: SealSettings) -> str:
    """The officer under whose name everything that passes is sealed just now; "" for nobody."""
    if configured.release is not Release.UNLOCKED:
        return ""
    try:
        return SealClient(configured.socket).status().unlocked_by
    except SigningError as error:
        log.debug("nothing is released by itself: %s", error)
        return ""


def _open_rows(office: Office, *, unlocked: bool) -> list[OutgoingRow]:
    """What was released, in order; with `unlocked` also what waits, unless an officer must look at it first."""
    states = ["released", "sealed", *(["waiting"] if unlocked else [])]
    query = select(OutgoingRow).where(OutgoingRow.state.in_(states)).order_by(OutgoingRow.created_at)
    with office.database.read() as session:
        return [row for row in session.scalars(query) if row.state != "waiting" or row.reason is None]


def _lower_rows(office: Office) -> list[OutgoingRow]:
    """Issued and filed, at a lower level than was wanted: the durable queue of upgrades."""
    query = (
        select(OutgoingRow)
        .join(DocumentRow, DocumentRow.id == OutgoingRow.document_id)
        .where(OutgoingRow.state == "issued", OutgoingRow.level != OutgoingRow.wanted, DocumentRow.state == "filed")
        .order_by(OutgoingRow.created_at)
    )
    with office.database.read() as session:
        return list(session.scalars(query))


def _advance(desk: Desk, row: OutgoingRow, configured: SealSettings, officer: str) -> None:
    if row.state == "waiting":
        number(desk.office, row.id, officer)
    if row.state in {"waiting", "released"}:
        _seal(desk, row.id, configured)
    _issue(desk, row.id)


def _hold(office: Office, seen: OutgoingRow, error: VanthuError) -> None:
    """Its number stays its own; an officer looks at the reason and releases it again."""
    with office.database.write() as session:
        row = session.get_one(OutgoingRow, seen.id, with_for_update=True)
        if row.state in {"rejected", "returned"}:
            return  # sent back meanwhile
        if seen.state != "waiting" and row.released_at != seen.released_at:
            return  # released again meanwhile: what was refused was the earlier release
        row.state = "held" if row.number is not None else "waiting"
        row.reason, row.detail = error.code, {**row.detail, "refusal": error.detail}
        record(session, office, "held", row, code=error.code)
    log.warning("%s: held for an officer: %s", seen.id, error)


def _note_hindrance(office: Office, seen: OutgoingRow, code: str) -> None:
    """For `status`: why a released document is not issued yet."""
    if seen.state == "waiting" or seen.reason == code:
        return
    with suppress(VanthuError), office.database.write() as session:
        row = session.get_one(OutgoingRow, seen.id)
        if row.state in {"released", "sealed"}:
            row.reason = code


def _seal(desk: Desk, outgoing_id: str, configured: SealSettings) -> None:
    office, place = desk.office, work(desk.office, outgoing_id)
    row = row_of(office, outgoing_id)
    assert row.year is not None and row.number is not None and row.signed_sha256 is not None  # noqa: S101, PT018 - released
    # Should the database be lost now, the number stays with this document and is not given to another.
    remember(office, row)
    office.work(registers.document_id("di", row.year, row.number)).mkdir(parents=True, exist_ok=True)
    sealed = SealClient(configured.socket).seal(
        RegisterRow(row.year, row.number), row.signed_sha256, place / "signed.pdf", place / "sealed.pdf"
    )
    report = validate_made(desk, place / "sealed.pdf", row.name, least=LEADER_AND_SEAL)
    write_json_durably(place / SIGNATURES, report.to_json())
    with office.database.write() as session:
        row = session.get_one(OutgoingRow, outgoing_id)
        row.state, row.reason = "sealed", None
        row.sealed_sha256, row.level, row.wanted = sealed.sha256, sealed.level, sealed.wanted
        record(session, office, "sealed", row, actor=sealed.officer, sha256=sealed.sha256, level=sealed.level)
    desk.tell(Progress("sealed", outgoing_id, row.name))


def _issue(desk: Desk, outgoing_id: str) -> None:
    """The sealed file goes to da-phat-hanh/ and, with its number as its name, on the archive's own journey."""
    office, place = desk.office, work(desk.office, outgoing_id)
    row, sealed = row_of(office, outgoing_id), place / "sealed.pdf"
    assert row.year is not None and row.number is not None and row.issued_date is not None  # noqa: S101, PT018 - released
    if sha256_of(sealed) != row.sealed_sha256:
        raise SigningError("sealed-not-valid", path=row.name, reason="sha256")
    issued_as = publish(sealed, folder(office, ISSUED), row.name).name
    desk.tell(Progress("published", outgoing_id, row.name))
    number_given, issued = row.number, row.issued_date
    document_id = registers.document_id("di", row.year, number_given)
    staged = office.staged(outgoing_id)
    with sealed.open("rb") as source:
        size, digest = copy_durably(source, staged / "original.pdf")
    findings = [Finding.from_json(found) for found in row.detail.get("findings", ())]
    write_json_durably(staged / EXAMINED, [finding.to_json() for finding in findings])
    _keep_verdict(place, office.work(document_id))
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
        row.state, row.reason, row.document_id = "issued", None, document_id
        row.detail = {**row.detail, "issued_as": issued_as}
        record(session, office, "issued", row, sha256=digest)
    desk.tell(Progress("issued", document_id, row.name, receipt=outgoing_id))
    shutil.rmtree(place, ignore_errors=True)


def _keep_verdict(place: Path, work_folder: Path) -> None:
    """What was validated a moment ago need not be judged again on its way into the archive."""
    work_folder.mkdir(parents=True, exist_ok=True)
    if (place / SIGNATURES).is_file():
        with (place / SIGNATURES).open("rb") as report:
            copy_durably(report, work_folder / SIGNATURES)


# --- upgrading --------------------------------------------------------------------------------------------------------


def _upgrade(desk: Desk, row: OutgoingRow, configured: SealSettings) -> bool:
    """Add what a service could not give on the day of signing; the filed original stays, the new file lies beside it.

    File, then bag, then the copy that was issued, then the row: done again after a kill it takes what is there.
    Raises SigningError while a service is out of order or when the new file does not validate.
    """
    office = desk.office
    assert row.document_id is not None and row.wanted is not None  # noqa: S101, PT018 - issued
    bag = office.archive / archive.folder_of(row.document_id)
    archive.repair(bag)  # one that was cut off counts
    stored = archive.load(bag)
    if stored.upgraded is None and not _file_upgrade(desk, row, stored, configured):
        return False
    done = archive.load(bag).upgraded
    assert done is not None  # noqa: S101 - just filed
    level, upgraded = done
    target = folder(office, ISSUED) / str(row.detail.get("issued_as", row.name))
    replaced = target.is_file() and not target.is_symlink() and sha256_of(target) == row.sealed_sha256
    if replaced:  # still ours: nobody changed it or put another there
        with upgraded.open("rb") as source:
            copy_durably(source, target)
    with office.database.write() as session:
        row = session.get_one(OutgoingRow, row.id)
        row.level = level
        record(session, office, "upgraded", row, level=level, sha256=sha256_of(upgraded), replaced=str(replaced))
    shutil.rmtree(work(office, row.id), ignore_errors=True)
    desk.tell(Progress("upgraded", row.document_id or "", row.name))
    return True


def _file_upgrade(desk: Desk, row: OutgoingRow, stored: archive.StoredDocument, configured: SealSettings) -> bool:
    """Make the file, have it judged as strictly as before its issue, and put it into the bag; False: no service."""
    office, original = desk.office, stored.original
    if original is None or sha256_of(original) != row.sealed_sha256:
        raise IntegrityError("original-changed", path=stored.bag, document=stored.document_id)
    terms = Terms.from_settings(configured.signing, trust_store(office.settings.private).anchors())
    if terms.wanted < Level.of(str(row.wanted)):
        return False  # no service is configured any more: it stays as it is
    made = signatures.upgrade(original, work(office, row.id) / "upgraded.pdf", terms)
    verdict = validate_made(desk, made.path, row.name, least=LEADER_AND_SEAL).verdict.value
    desk.tell(Progress("upgrading", stored.document_id, row.name))
    event = {
        "kind": "upgraded", "at": office.clock().isoformat(), "actor": ACTOR, "level": str(made.level),
        "sha256": made.sha256, "size": made.size, "verdict": verdict,
        "file": f"data/upgraded/{made.level}-{made.sha256[:8]}-{original.name}",
    }  # fmt: skip
    archive.record_event(office.archive, stored.document_id, event, file=made.path)
    return True
