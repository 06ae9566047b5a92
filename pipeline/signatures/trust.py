"""Whom the house believes: authorities pinned by fingerprint in `config/trust/`, their certificates in the workspace.

The program ships pins, not certificates: who sets the house up fetches each from the authority that issued it, and a
certificate is taken in only when its SHA-256 is a pin's, or when a person says its fingerprint out loud. Roots that
vouch for signers and roots that vouch for time stamps are two sets; issuers are trusted for nothing but lead the way.
"""

from __future__ import annotations

import binascii
import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from asn1crypto import pem, x509

from pipeline.errors import ConfigurationError, IntegrityError, NotFoundError, RefusedError, StorageError
from pipeline.files import write_durably, write_json_durably
from pipeline.signatures.certificates import in_words
from pipeline.signatures.report import Certificate

ACCEPTED = "accepted.json"  # what a person let in without a pin: fingerprint → uses, who, when
MOST_BYTES = 1 << 20  # of a certificate file
SOON = timedelta(days=180)
USES = ("signer", "time-stamp")


@dataclass(frozen=True, slots=True)
class Pin:
    """An authority that the program knows. `uses`: which set a root belongs to; an issuer vouches for nothing."""

    name: str
    kind: str  # "root" | "issuer"
    uses: tuple[str, ...]
    subject: str
    serial: str
    sha256: str
    not_before: datetime
    not_after: datetime
    address: str = ""  # where the authority publishes it

    @classmethod
    def from_toml(cls, data: Mapping[str, Any]) -> Self:
        return cls(**{**data, "uses": tuple(data["uses"])})


@dataclass(frozen=True, slots=True)
class Anchors:
    """DER certificates to judge by: roots for signers, roots for time stamps, issuers between."""

    signers: tuple[bytes, ...] = ()
    time_stamps: tuple[bytes, ...] = ()
    issuers: tuple[bytes, ...] = ()


class Standing(StrEnum):
    """How a pin or a stored certificate stands."""

    GOOD = "good"
    EXPIRES_SOON = "expires-soon"
    EXPIRED = "expired"  # still needed: what was signed in its time is judged as of its time
    MISSING = "missing"
    UNPINNED = "unpinned"  # there by a person's word alone


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of `vanthu trust list`: a pin, a stored certificate, or both."""

    name: str
    kind: str
    uses: tuple[str, ...]
    subject: str
    sha256: str
    not_after: datetime
    standing: Standing
    stored: bool
    pinned: bool
    address: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name, "kind": self.kind, "uses": list(self.uses), "subject": self.subject,
            "sha256": self.sha256, "not_after": self.not_after.isoformat(), "standing": self.standing.value,
            "stored": self.stored, "pinned": self.pinned, "address": self.address,
        }  # fmt: skip


def load_pins(folder: Path) -> tuple[Pin, ...]:
    """Every pin of `folder`'s TOML files. Raises ConfigurationError naming the file that cannot be used."""
    pins: list[Pin] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            pins += [Pin.from_toml(one) for one in data["authority"]]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ConfigurationError("trust-pins-unreadable", path=path, reason=error) from error
    return tuple(pins)


def read_certificates(path: Path) -> tuple[x509.Certificate, ...]:
    """The certificates of a PEM or DER file. Raises NotFoundError, RefusedError for anything else."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES)
    except OSError as error:
        raise NotFoundError("file-not-found", path=path) from error
    try:
        ders = [der for _, _, der in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
        certificates = tuple(x509.Certificate.load(der, strict=True) for der in ders)
        for certificate in certificates:
            in_words(certificate)  # parses what would be parsed later, in the service
    except (ValueError, TypeError, KeyError, binascii.Error) as error:
        raise RefusedError("not-a-certificate", path=path) from error
    return certificates


def fingerprint(text: str) -> str:
    """A SHA-256 as people paste it ("AB:CD …") in 64 lower hexadecimal digits; "" for anything else."""
    plain = re.sub(r"[\s:]", "", text).lower()
    return plain if re.fullmatch(r"[0-9a-f]{64}", plain) else ""


@dataclass(frozen=True, slots=True)
class TrustStore:
    """The certificates of one workspace (or of the seal service, which keeps its own)."""

    folder: Path
    pins: tuple[Pin, ...]

    def pin_of(self, sha256: str) -> Pin | None:
        return next((pin for pin in self.pins if pin.sha256 == sha256), None)

    def add(self, certificate: x509.Certificate) -> Pin:
        """Store a certificate that a pin names. Raises RefusedError (`certificate-unpinned`) for another."""
        pin = self.require_pin(certificate)
        self._write(certificate)
        return pin

    def require_pin(self, certificate: x509.Certificate) -> Pin:
        """Raises RefusedError (`certificate-unpinned`) for one that no pin names."""
        pin = self.pin_of(certificate.sha256.hex())
        if pin is None:
            words = in_words(certificate)
            raise RefusedError("certificate-unpinned", subject=words.subject, sha256=words.sha256)
        return pin

    def accept(self, certificate: x509.Certificate, uses: Sequence[str], *, by: str, at: datetime) -> Certificate:
        """Store a certificate on a person's word. The note first: a file without one is not believed."""
        words = in_words(certificate)
        noted = self._accepted()
        noted[words.sha256] = {"uses": list(uses), "by": by, "at": at.isoformat(), "subject": words.subject}
        write_json_durably(self.folder / ACCEPTED, noted)
        self._write(certificate)
        return words

    def anchors(self) -> Anchors:
        """What documents are judged by. Raises IntegrityError for a file that nobody vouches for, StorageError."""
        roots: dict[str, list[bytes]] = {use: [] for use in USES}
        issuers: list[bytes] = []
        for certificate, uses in self._stored():
            if certificate.self_issued and certificate.ca:
                for use in uses:
                    roots[use].append(certificate.dump())
            else:
                issuers.append(certificate.dump())
        return Anchors(tuple(roots["signer"]), tuple(roots["time-stamp"]), tuple(issuers))

    def entries(self, now: datetime) -> tuple[Entry, ...]:
        """All pins, stored or not, and what was accepted beside them. Raises IntegrityError."""
        stored = {certificate.sha256.hex(): (certificate, uses) for certificate, uses in self._stored()}
        found = [
            Entry(
                pin.name, pin.kind, pin.uses, pin.subject, pin.sha256, pin.not_after,
                _standing(pin.not_after, now) if pin.sha256 in stored else Standing.MISSING,
                pin.sha256 in stored, pinned=True, address=pin.address,
            )
            for pin in self.pins
        ]  # fmt: skip
        for sha256, (certificate, uses) in stored.items():
            if self.pin_of(sha256) is None:
                words = in_words(certificate)
                kind = "root" if certificate.self_issued and certificate.ca else "issuer"
                standing = _standing(words.not_after, now)
                standing = Standing.UNPINNED if standing is Standing.GOOD else standing
                found.append(
                    Entry(
                        words.common_name, kind, uses, words.subject, sha256, words.not_after, standing,
                        stored=True, pinned=False,
                    )
                )  # fmt: skip
        return tuple(found)

    def _stored(self) -> Iterable[tuple[x509.Certificate, tuple[str, ...]]]:
        accepted = self._accepted()
        for path in sorted(self.folder.glob("*.crt")):
            try:
                certificate = x509.Certificate.load(path.read_bytes(), strict=True)
            except PermissionError as error:
                raise StorageError("trust-store-unreadable", retry=False, path=self.folder) from error
            except (OSError, ValueError) as error:
                raise IntegrityError("trust-store-damaged", path=path) from error
            sha256 = certificate.sha256.hex()
            pin = self.pin_of(sha256)
            if path.stem != sha256 or (pin is None and sha256 not in accepted):
                raise IntegrityError("trust-store-damaged", path=path)
            yield certificate, pin.uses if pin else tuple(accepted[sha256]["uses"])

    def _accepted(self) -> dict[str, Any]:
        path = self.folder / ACCEPTED
        try:
            noted: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except PermissionError as error:  # another login's, or the store is empty for whoever cannot look
            raise StorageError("trust-store-unreadable", retry=False, path=self.folder) from error
        except (OSError, ValueError) as error:
            raise IntegrityError("trust-store-damaged", path=path) from error
        return noted

    def _write(self, certificate: x509.Certificate) -> None:
        write_durably(self.folder / f"{certificate.sha256.hex()}.crt", certificate.dump())


def _standing(not_after: datetime, now: datetime) -> Standing:
    if now > not_after:
        return Standing.EXPIRED
    return Standing.EXPIRES_SOON if now + SOON > not_after else Standing.GOOD
