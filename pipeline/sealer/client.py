"""How the watching service and the officers speak to the seal service."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.errors import IntegrityError, SigningError
from pipeline.files import copy_durably
from pipeline.sealer import protocol
from pipeline.sealer.values import Order, RegisterRow, Sealed, SealerStatus, Stamped, StampOrder, StampRef

SECONDS = 300.0  # a time stamp service may be slow, and there may be a queue


@dataclass(frozen=True, slots=True)
class SealClient:
    """Each call is a connection of its own. All raise SigningError (`seal-service-away`, retry) when nobody answers."""

    socket: Path

    def status(self) -> SealerStatus:
        return SealerStatus.from_json(self._ask({"do": "status"})[0])

    def authorise(self, row: RegisterRow, sha256: str, nonce: str) -> Order:
        """An officer releases a file under a row. Raises RefusedError: `not-an-officer`, `order-replayed` …"""
        question = {"do": "authorise", "year": row.year, "number": row.number, "sha256": sha256, "nonce": nonce}
        return Order.from_json(self._ask(question)[0])

    def authorise_stamp(self, ref: StampRef, sha256: str, nonce: str) -> StampOrder:
        """An officer releases a copy, an attachment or digitised paper. Raises RefusedError as `authorise`."""
        question = {"do": "authorise-stamp", "row": ref.name, "sha256": sha256, "nonce": nonce}
        return StampOrder.from_json(self._ask(question)[0])

    def open_key(self, secret: str) -> SealerStatus:
        """An officer gives the PIN or passphrase. A wrong one ends the service: SigningError `pin-wrong`."""
        return SealerStatus.from_json(self._ask({"do": "open", "secret": secret})[0])

    def unlock(self, hours: float) -> datetime:
        """An officer unlocks the seal; returns until when. Raises RefusedError."""
        return datetime.fromisoformat(self._ask({"do": "unlock", "hours": hours})[0]["until"])

    def lock(self) -> None:
        self._ask({"do": "lock"})

    def seal(self, row: RegisterRow, sha256: str, source: Path, target: Path) -> Sealed:
        """Have a released file sealed and write the result durably to `target`.

        Raises RefusedError with the reason, SigningError (`retry` when it may succeed later), StorageError,
        IntegrityError when what came back is not what the service sealed.
        """
        question = {"do": "seal", "year": row.year, "number": row.number, "sha256": sha256}
        return Sealed.from_json(self._have_signed(question, source, target))

    def stamp(self, ref: StampRef, sha256: str, source: Path, target: Path) -> Stamped:
        """Have a released copy, attachment or digitised paper signed with its line; as `seal`."""
        question = {"do": "stamp", "row": ref.name, "sha256": sha256}
        return Stamped.from_json(self._have_signed(question, source, target))

    def _have_signed(self, question: Mapping[str, Any], source: Path, target: Path) -> dict[str, Any]:
        with source.open("rb") as file:
            answer, handle = self._ask(question, file.fileno())
        if handle is None:
            raise SigningError("seal-service-away", retry=True, path=self.socket)
        with os.fdopen(handle, "rb") as result:
            size, digest = copy_durably(result, target)
        if (size, digest) != (answer["size"], answer["sha256"]):
            target.unlink(missing_ok=True)
            raise IntegrityError("sealed-file-differs", path=target)
        return answer

    def _ask(self, question: Mapping[str, Any], handle: int | None = None) -> tuple[dict[str, Any], int | None]:
        try:
            with protocol.new_socket() as connection:
                connection.settimeout(SECONDS)
                connection.connect(str(self.socket))
                protocol.send(connection, question, handle)
                answer, came = protocol.receive(connection)
        except (OSError, EOFError, ValueError) as error:
            raise SigningError("seal-service-away", retry=True, path=self.socket, reason=error) from error
        if "fault" in answer:
            raise protocol.fault_from_json(answer)
        return answer, came
