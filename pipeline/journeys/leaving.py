"""The folders of leaving documents, watched beside the arriving ones: each on a thread of its own, so none waits."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline import intake
from pipeline.errors import ConfigurationError, VanthuError
from pipeline.files import storage_errors
from pipeline.intake import Claim
from pipeline.journeys import outgoing, returning, stamper
from pipeline.journeys.desk import Desk
from pipeline.journeys.issuing import Issuer
from pipeline.journeys.office import DRAFTS, LEAVING, SIGNED
from pipeline.journeys.stamp_upgrades import StampUpgrader
from pipeline.signatures.workshop import Workshop

log = logging.getLogger(__name__)
Accept = Callable[[Desk, Workshop, Claim], None]
WATCHED: tuple[tuple[str, Accept], ...] = (
    (DRAFTS, outgoing.accept_draft), (SIGNED, outgoing.accept_signed),
)  # fmt: skip
JOIN_SECONDS = 60.0
ADVANCE_SECONDS = 2.0  # how soon a release is noticed
WATCH_AGAIN_SECONDS = 10.0


class Leaving:
    """What the service does for van-ban-di/."""

    def __init__(self, desk: Desk, workshop: Workshop, stop: threading.Event) -> None:
        self._desk, self._workshop, self._stop = desk, workshop, stop
        self._intake = desk.office.settings.intake
        for name in LEAVING:
            with storage_errors(outgoing.folder(desk.office, name)):
                outgoing.folder(desk.office, name).mkdir(parents=True, exist_ok=True)
        self._issuer = Issuer(desk)
        self._stamper, self._upgrader = stamper.Stamper(desk), StampUpgrader(desk)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch both folders and bring forward what was released, until the block ends (the service's stop is set)."""
        outgoing.tidy(self._desk.office)
        stamper.tidy(self._desk.office)
        threads = [
            threading.Thread(target=self._watch, args=one, name=f"leaving-{one[0]}", daemon=True) for one in WATCHED
        ]
        threads.append(threading.Thread(target=self._advance_for_ever, name="leaving-advance", daemon=True))
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            for thread in threads:
                thread.join(JOIN_SECONDS)

    def sweep(self) -> None:
        """Once: take what is there, bring forward what can go."""
        outgoing.tidy(self._desk.office)
        stamper.tidy(self._desk.office)
        for name, accept in WATCHED:
            self._take_up(name, accept)
            intake.sweep(self._folder(name), self._intake, self._taker(name, accept), self._stop)
        self._advance()

    def _watch(self, name: str, accept: Accept) -> None:
        while not self._stop.is_set():
            try:
                intake.watch(
                    self._folder(name), self._intake, self._taker(name, accept), self._stop,
                    lambda: self._take_up(name, accept),
                )  # fmt: skip
            except Exception:  # the border: a thread that ended would leave its folder unwatched, and nobody would know
                log.exception("%s: watched anew", name)
                self._stop.wait(WATCH_AGAIN_SECONDS)

    def _taker(self, name: str, accept: Accept) -> intake.Take:
        def take(path: Path, urgency: int) -> None:
            if accept is outgoing.accept_signed:
                outgoing.seal_settings(self._desk.office)  # unless it is known who may sign, the file stays where it is
            accept(self._desk, self._workshop, intake.claim(path, self._folder(name), urgency))

        return take

    def _take_up(self, name: str, accept: Accept) -> None:
        """Claims that an earlier process, or an outage, left."""
        for claim in intake.pending_claims(self._folder(name)):
            if self._stop.is_set():
                return
            try:
                accept(self._desk, self._workshop, claim)
            except VanthuError as error:
                log.warning("%s: not taken in yet: %s", claim.id, error)
            except Exception:  # the border: one claim's bug must not stop the others
                log.exception("%s: not taken in, an error of ours", claim.id)

    def _advance_for_ever(self) -> None:
        while not self._stop.wait(ADVANCE_SECONDS):
            self._advance()

    def _advance(self) -> None:
        """One after the other; what hinders the one is no matter to the next."""
        self._bring_forward(lambda: returning.send_back(self._desk))
        for hand in (self._issuer, self._stamper, self._upgrader):
            self._bring_forward(hand.advance)

    def _bring_forward(self, advance: Callable[[], object]) -> None:
        try:
            advance()
        except ConfigurationError as error:
            log.error("leaving documents wait: %s", error)  # noqa: TRY400 - nobody needs the trace
        except VanthuError as error:
            log.warning("tried again: %s", error)
        except Exception:
            log.exception("an error of ours; the service goes on")

    def _folder(self, name: str) -> Path:
        return outgoing.folder(self._desk.office, name)
