"""What is signed with a line and what is not: copies, attachments and digitised paper, beside the rules of the seal.

Decree 30/2020, Article 32.2.d: the agency's key signs what an authorised person signed, and copies that the agency made
itself. No leader's signature speaks for these files, so each needs an officer's release; an unlocked hour will not do.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pipeline import signatures
from pipeline.document import StampKind
from pipeline.errors import RefusedError, SigningError, VanthuError
from pipeline.files import sha256_of
from pipeline.sealer.register import stamp_entry_of
from pipeline.sealer.rules import SealRules
from pipeline.sealer.stamp_journal import StampJournal
from pipeline.sealer.values import Stamped, StampEntry, StampOrder, StampRef

FORMS = {
    StampKind.TRUE_COPY: signatures.CopyForm.TRUE_COPY, StampKind.COPY_OF_COPY: signatures.CopyForm.COPY_OF_COPY,
    StampKind.EXTRACT: signatures.CopyForm.EXTRACT,
}  # fmt: skip


class StampRules:
    """One caller at a time, with the key, the register and the children of `SealRules`."""

    def __init__(self, rules: SealRules) -> None:
        self._rules = rules
        self._journal = StampJournal(rules.journal)

    def authorise(self, ref: StampRef, sha256: str, nonce: str, officer: str) -> StampOrder:
        """Raises RefusedError: the row is not this file's, was cancelled or stamped, or the nonce was here before."""
        entry = self._agree(ref, sha256)
        self._journal.stamped(ref, sha256)
        now = self._rules.clock()
        minutes = timedelta(minutes=self._rules.settings.order_minutes)
        order = StampOrder(nonce, ref, sha256, officer, now, now + minutes)
        self._journal.authorise(order, entry.said)
        return order

    def stamp(self, ref: StampRef, sha256: str, copy: Path) -> Stamped:
        """Sign our private copy of a file, or give what it has already. Refusals go into the trail.

        Raises RefusedError, SigningError, DatabaseError, StorageError.
        """
        try:
            return self._stamp(ref, sha256, copy)
        except VanthuError as error:
            kind, now = "delayed" if error.retry else "refused", self._rules.clock()
            self._rules.journal.note(now, "seal", kind, ref, once=error.retry, code=error.code, sha256=sha256)
            raise

    def _stamp(self, ref: StampRef, sha256: str, copy: Path) -> Stamped:
        if sha256_of(copy) != sha256:
            raise RefusedError("file-differs", row=ref.name)
        before, target = self._journal.stamped(ref, sha256), self._rules.sealed_file(ref)
        if before is not None:
            if target.is_file() and sha256_of(target) == before.sha256:
                return before
            raise SigningError("sealed-file-lost", row=ref.name, path=target)
        entry = self._agree(ref, sha256)
        order = self._journal.order_for(ref, sha256, self._rules.clock(), entry.said)
        if order is None:
            raise RefusedError("not-released", row=ref.name)
        if not entry.filed:
            raise SigningError("attachment-before-filed", retry=True, row=ref.name)
        self._rules.workshop.refuse_dangerous(copy)
        if entry.kind.is_scan:
            self._rules.workshop.refuse_unfit_scan(copy)
        stamped = self._sign(entry, copy, target, order.officer)
        self._journal.record(stamped, sha256, order.nonce)
        return stamped

    def _agree(self, ref: StampRef, sha256: str) -> StampEntry:
        entry = stamp_entry_of(self._rules.database, ref)
        if entry.cancelled:
            raise RefusedError("row-cancelled", row=ref.name)
        if entry.sha256 != sha256:
            raise RefusedError("row-of-another-file", row=ref.name)
        if entry.kind is StampKind.DIGITISED and entry.electronic:
            raise RefusedError("digitise-electronic", document=ref.name)
        if entry.kind is StampKind.ATTACHMENT and entry.filed and not entry.code:
            raise RefusedError("attachment-without-code", document=ref.name)
        if entry.kind in FORMS:
            signatures.copy_line(FORMS[entry.kind], "", self._rules.clock(), from_electronic=entry.electronic)
        return entry

    def _sign(self, entry: StampEntry, copy: Path, target: Path, officer: str) -> Stamped:
        """Line and signature name one moment."""
        now = self._rules.clock()
        terms = signatures.Terms.from_settings(self._rules.settings.signing, self._rules.anchors())
        aside = target.with_suffix(".new")  # not in its place before it was looked at
        with self._rules.usable_key() as key:
            organ = self._rules.settings.organ or key.holder.name
            if entry.kind is StampKind.ATTACHMENT:
                line = signatures.attachment_line(entry.code, now)
            elif entry.kind is StampKind.DIGITISED:
                line = signatures.digitised_line(organ, now)
            else:
                line = signatures.copy_line(FORMS[entry.kind], organ, now, from_electronic=entry.electronic)
            signed = signatures.stamp(copy, aside, key, terms, line, at=now)
        self._rules.put_in_place(aside, target, entry.ref)
        return Stamped(entry.ref, signed.sha256, signed.size, officer, now, str(signed.level), str(signed.wanted), line)
