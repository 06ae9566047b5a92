"""What signing needs of others: time stamps, and the status of certificates. It may not be there; then we say so."""

from __future__ import annotations

import math
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import aiohttp
from asn1crypto import x509
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    NotYetValidError,
    PathBuildingError,
    PathValidationError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend
from pyhanko_certvalidator.fetchers.api import FetchLimits

from pipeline.document import Finding, Severity
from pipeline.errors import SigningError
from pipeline.signatures.keys import Key
from pipeline.signatures.values import Level, Terms

DIGEST = "sha256"
LIMITS = FetchLimits(max_requests=60, max_cert_requests=20)


@dataclass(frozen=True, slots=True)
class Help:
    """What is at hand for one signature: the level that it can reach, and what came from the services."""

    level: Level
    context: ValidationContext | None = None
    stamper: TimeStamper | None = None
    findings: tuple[Finding, ...] = ()


class _Stamper(HTTPTimeStamper):
    """The library's client with connections that read the computer's certificates once and not for every question."""

    @asynccontextmanager
    async def _acquire_session(self) -> AsyncIterator[aiohttp.ClientSession]:
        async with _session() as session:
            yield session


class Backend(AIOHttpFetcherBackend):
    """Fetchers of one document's signing, with the same connections; to be closed in its event loop."""

    def __init__(self, terms: Terms) -> None:
        self._own = _session()
        super().__init__(session=self._own, per_request_timeout=math.ceil(terms.seconds), limits=LIMITS)

    async def close(self) -> None:
        await self._own.close()


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=_tls()))


@lru_cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def stamper_of(key: Key | None, terms: Terms) -> TimeStamper | None:
    """A client of the time stamp service. A key keeps its own, which knows how big a stamp is."""
    if not terms.tsa:
        return None
    if key is None:
        return _Stamper(terms.tsa, timeout=math.ceil(terms.seconds))
    name = (terms.tsa, terms.seconds)
    if name not in key.stampers:
        key.stampers[name] = _Stamper(terms.tsa, timeout=math.ceil(terms.seconds))
    stamper: TimeStamper = key.stampers[name]
    return stamper


def online(terms: Terms, backend: AIOHttpFetcherBackend) -> ValidationContext:
    """A context for one document: it fetches, and a certificate whose status cannot be had is not accepted."""
    return ValidationContext(
        trust_roots=_loaded(terms.roots), other_certs=_loaded(terms.others), allow_fetching=True,
        revocation_mode="hard-fail", fetchers=backend.get_fetchers(),
    )  # fmt: skip


async def gather(key: Key, terms: Terms, most: Level, backend: Backend | None) -> Help:
    """Ask for all that the level needs, before the key is used.

    Raises SigningError for a certificate that must not sign: expired, revoked, nobody's.
    """
    level, findings = min(terms.wanted, most), []
    stamper = stamper_of(key, terms) if level >= Level.B_T else None
    if stamper is not None and not await _stamps(stamper):
        level, stamper = Level.B_B, None
        findings.append(Finding("tsa-unavailable", Severity.WARNING, detail={"tsa": terms.tsa}))
    await _accepted(key, terms)
    context = None
    if level >= Level.B_LT and stamper is not None and backend is not None:
        context = online(terms, backend)
        trouble = await _known(key, context, stamper)
        if trouble is not None:
            level, context = Level.B_T, None
            findings.append(trouble)
    return Help(level, context, stamper, tuple(findings))


async def _stamps(stamper: TimeStamper) -> bool:
    """Does the service answer? The answer is kept for its size; a stamp that fails later is caught where it fails."""
    try:
        await stamper.async_dummy_response(DIGEST)
    except (TimestampRequestError, OSError, ValueError, TypeError):
        return False
    return True


async def _accepted(key: Key, terms: Terms) -> None:
    """The holder's certificate, without the network; once for an opened key and its roots."""
    name = (terms.roots, terms.others)
    if name in key.checked or not terms.roots:
        if not terms.roots:
            _in_term(key)
        return
    context = ValidationContext(trust_roots=_loaded(terms.roots), other_certs=_loaded(terms.others))
    try:
        path = await _validate(key, context)
    except (ValidationError, PathBuildingError) as error:
        raise certificate_fault(key, error) from error
    # A token holds its owner's certificate only; who verifies is spared the search for those between.
    key.signer.cert_registry.register_multiple(list(path.iter_certs(include_root=False)))
    key.checked.add(name)


async def _known(key: Key, context: ValidationContext, stamper: TimeStamper) -> Finding | None:
    """Is the status of the holder's and the time stamp's certificates to be had?"""
    try:
        await _validate(key, context)
    except InsufficientRevinfoError:
        return Finding("revocation-unavailable", Severity.WARNING, detail={"holder": key.holder.name})
    except (ValidationError, PathBuildingError) as error:
        raise certificate_fault(key, error) from error
    try:
        async for _ in stamper.validation_paths(context):
            pass
    except (ValidationError, PathBuildingError, TimestampRequestError) as error:
        return Finding("tsa-untrusted", Severity.WARNING, detail={"reason": str(error)[:200]})
    return None


async def _validate(key: Key, context: ValidationContext) -> Any:
    validator = CertificateValidator(
        key.certificate, intermediate_certs=list(key.signer.cert_registry), validation_context=context
    )
    return await validator.async_validate_usage(key.usage)


def certificate_fault(key: Key, error: Exception) -> SigningError:
    """Why nobody may sign with this certificate."""
    code = "certificate-untrusted"
    for kind, name in (
        (RevokedError, "certificate-revoked"), (ExpiredError, "certificate-expired"),
        (NotYetValidError, "certificate-not-yet-valid"), (PathBuildingError, "certificate-untrusted"),
        (PathValidationError, "certificate-unfit"), (ValidationError, "certificate-unfit"),
    ):  # fmt: skip
        if isinstance(error, kind):
            code = name
            break
    return SigningError(
        code, holder=key.holder.name, until=f"{key.holder.valid_until:%d/%m/%Y}", reason=str(error)[:300]
    )


def _in_term(key: Key) -> None:
    now = datetime.now(UTC)
    if now > key.holder.valid_until:
        raise SigningError("certificate-expired", holder=key.holder.name, until=f"{key.holder.valid_until:%d/%m/%Y}")
    if now < key.holder.valid_from:
        raise SigningError(
            "certificate-not-yet-valid", holder=key.holder.name, until=f"{key.holder.valid_from:%d/%m/%Y}"
        )  # fmt: skip


def _loaded(certificates: Sequence[bytes]) -> list[x509.Certificate]:
    return [x509.Certificate.load(certificate) for certificate in certificates]
