"""What is sealed and what is not: the decisions of the seal service, in their order, on its own copy of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pipeline import signatures
from pipeline.database import Database
from pipeline.document import Finding
from pipeline.errors import NotFoundError, RefusedError, SigningError, UsageError, VanthuError
from pipeline.files import sha256_of, storage_errors, sync_folder
from pipeline.sealer.journal import Journal
from pipeline.sealer.register import entry_of
from pipeline.sealer.settings import SealSettings
from pipeline.sealer.values import Entry, Named, Order, RegisterRow, Release, Sealed, SealerStatus
from pipeline.signatures.authority import Demands, check_leader_signature
from pipeline.signatures.judging import Judge
from pipeline.signatures.report import Verdict
from pipeline.signatures.trust import Anchors
from pipeline.signatures.workshop import Workshop

MILLIMETRE = 72 / 25.4
WRONG_SECRET = {"pin-wrong", "pin-locked", "key-secret-wrong"}


class WrongSecretError(SigningError):
    """The PIN or passphrase was wrong: the service ends, and only a person starts it again. Tokens lock after a few."""


@dataclass
class SealRules:
    """The seal service without its socket. Who uses the key (`open_key`, `seal`) comes one after the other."""

    settings: SealSettings
    journal: Journal
    database: Database
    judge: Judge
    workshop: Workshop
    anchors: Callable[[], Anchors]
    clock: Callable[[], datetime]
    _key: signatures.Key | None = None
    _secret: str | None = None
    _open: AbstractContextManager[signatures.Key] | None = None

    # --- the key --------------------------------------------------------------------------------------------------

    def open_key(self, secret: str, by: str) -> None:
        """Log in, once. Raises WrongSecretError, SigningError (`token-unavailable`, retry), NotFoundError."""
        self.close_key()
        opened = signatures.open_key(self.settings.key.source, secret, chain=self.anchors().issuers)
        try:
            self._key = opened.__enter__()  # open for as long as the service runs: closed by `close_key`
        except SigningError as error:
            if error.code in WRONG_SECRET:
                self.journal.note(self.clock(), by, "secret-wrong")
                raise WrongSecretError(error.code, retry=False, **error.detail) from error
            raise
        self._open, self._secret = opened, secret
        self.journal.note(self.clock(), by, "key-opened", certificate=self._key.holder.sha256)

    def close_key(self) -> None:
        """Log out; the secret stays known, so that a token that comes back is used again."""
        if self._open is not None:
            with suppress(Exception):  # a token that was pulled out cannot be told goodbye
                self._open.__exit__(None, None, None)
        self._key = self._open = None

    def remember(self, secret: str) -> None:
        """For a token that is not plugged in yet: it is opened at the first seal."""
        self._secret = secret

    # --- officers -------------------------------------------------------------------------------------------------

    def status(self) -> SealerStatus:
        unlocked = self.journal.unlocked(self.clock())
        holder = self._key.holder.name if self._key else ""
        officer, until = unlocked or ("", None)
        return SealerStatus(
            self.settings.release, holder, self._key is not None, self.settings.officers, officer, until,
            self._key.holder.valid_until if self._key else None,
        )  # fmt: skip

    def authorise(self, row: RegisterRow, sha256: str, nonce: str, officer: str) -> Order:
        """Raises RefusedError: the row is not this file's, was cancelled or sealed, or the nonce was here before."""
        entry = self._agree(row, sha256)
        self.journal.sealed(row, sha256)
        now = self.clock()
        order = Order(nonce, row, sha256, officer, now, now + timedelta(minutes=self.settings.order_minutes))
        self.journal.authorise(order, entry.said)
        return order

    def unlock(self, hours: float, officer: str) -> datetime:
        """Raises RefusedError (`unlocking-not-configured`, `unlocked-too-often`), UsageError."""
        if self.settings.release is not Release.UNLOCKED:
            raise RefusedError("unlocking-not-configured")
        if not 0 < hours <= self.settings.unlock_hours:
            raise UsageError("unlock-hours", limit=self.settings.unlock_hours)
        now = self.clock()
        until = now + timedelta(hours=hours)
        self.journal.unlock(officer, now, until, self.settings.unlocks_an_hour)
        return until

    def lock(self, officer: str) -> None:
        self.journal.lock(officer, self.clock())

    # --- sealing --------------------------------------------------------------------------------------------------

    def sealed_file(self, row: Named) -> Path:
        return self.settings.state / "sealed" / f"{row.name}.pdf"

    def seal(self, row: RegisterRow, sha256: str, copy: Path) -> Sealed:
        """Seal our private copy of a file, or give the seal it has already. Refusals go into the trail.

        Raises RefusedError, SigningError, DatabaseError, StorageError.
        """
        try:
            return self._seal(row, sha256, copy)
        except VanthuError as error:
            kind = "delayed" if error.retry else "refused"
            self.journal.note(self.clock(), "seal", kind, row, once=error.retry, code=error.code, sha256=sha256)
            raise

    def _seal(self, row: RegisterRow, sha256: str, copy: Path) -> Sealed:
        if sha256_of(copy) != sha256:
            raise RefusedError("file-differs", row=row.name)
        before = self.journal.sealed(row, sha256)
        target = self.sealed_file(row)
        if before is not None:
            if target.is_file() and sha256_of(target) == before.sha256:
                return before
            raise SigningError("sealed-file-lost", row=row.name, path=target)
        entry = self._agree(row, sha256)
        nonce, officer = self._released(entry)
        self._check(entry, copy)
        sealed = self._sign(entry, copy, target, officer)
        self.journal.record(sealed, sha256, nonce)
        return sealed

    def _agree(self, row: RegisterRow, sha256: str) -> Entry:
        entry = entry_of(self.database, row)
        if entry.cancelled:
            raise RefusedError("row-cancelled", row=row.name)
        if entry.sha256 != sha256:
            raise RefusedError("row-of-another-file", row=row.name)
        return entry

    def _released(self, entry: Entry) -> tuple[str, str]:
        """(nonce, officer) of what lets this file be sealed."""
        now, row = self.clock(), entry.row
        order = self.journal.order_for(row, entry.sha256, now, entry.said)
        if order is not None:
            return order.nonce, order.officer
        if self.settings.release is Release.UNLOCKED and (unlocked := self.journal.unlocked(now)):
            return f"unlocked-{row.name}", unlocked[0]
        raise RefusedError("not-released", row=row.name)

    def _check(self, entry: Entry, copy: Path) -> None:
        """The leader's signature, and nothing dangerous; both in children with limits."""
        self.workshop.refuse_dangerous(copy, signed=True)
        allowed = [one.signatory for one in self.settings.signatories]
        check = check_leader_signature(
            copy, allowed, self.clock(), self.anchors(), Demands(competence=entry.competence),
            judge=self.judge, online=self.settings.check_online,
        )  # fmt: skip
        if check.may_pass_later and self.settings.check_online:
            raise SigningError("leader-status-unknown", retry=True, path=entry.row.name)
        if not check.passed:
            raise RefusedError("leader-not-accepted", row=entry.row.name, reasons=_codes(check.findings))

    def _sign(self, entry: Entry, copy: Path, target: Path, officer: str) -> Sealed:
        now = self.clock()
        signing = self.settings.signing
        picture = None
        if signing.seal_picture:
            picture = signatures.load_picture(Path(signing.seal_picture), signing.seal_mm * MILLIMETRE)
        issue = signatures.Issue(f"{entry.row.number:02d}", entry.issued)
        terms = signatures.Terms.from_settings(signing, self.anchors())
        aside = target.with_suffix(".new")  # not in its place before it was looked at
        with self.usable_key() as key:
            signed = signatures.seal(copy, aside, key, terms, issue=issue, at=now, picture=picture)
        self.put_in_place(aside, target, entry.row)
        return Sealed(entry.row, signed.sha256, signed.size, officer, now, str(signed.level), str(signed.wanted))

    def put_in_place(self, aside: Path, target: Path, row: Named) -> None:
        """What was just signed, after a look at it. Raises SigningError (`seal-not-valid`), StorageError."""
        report = self.judge.judge(aside, self.anchors(), self.clock(), online=False)
        if report.verdict is Verdict.INVALID:
            aside.unlink(missing_ok=True)
            raise SigningError("seal-not-valid", row=row.name)
        with storage_errors(target):
            aside.replace(target)
            sync_folder(target.parent)  # the journal must never know of a seal whose name a power cut took back

    @contextmanager
    def usable_key(self) -> Iterator[signatures.Key]:
        """The opened key; one that went away (a token pulled out) is asked for again with the secret that was right."""
        if self._key is None:
            if self._secret is None:
                raise SigningError("key-not-opened", retry=True)
            self.open_key(self._secret, "seal")
        assert self._key is not None  # noqa: S101 - opened above
        try:
            yield self._key
        except SigningError as error:
            if error.code == "token-unavailable":
                self.close_key()
            raise
        except NotFoundError:
            self.close_key()
            raise


def _codes(findings: tuple[Finding, ...]) -> str:
    return ", ".join(finding.code for finding in findings)
