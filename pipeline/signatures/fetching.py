"""Asks certification authorities for the status of certificates that a trusted root vouches for (OCSP, then CRL)."""

from __future__ import annotations

import asyncio
import time
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.error import URLError

from asn1crypto import crl, ocsp, x509
from pyhanko_certvalidator.authority import AuthorityWithCert
from pyhanko_certvalidator.fetchers.common_utils import format_ocsp_request
from pyhanko_certvalidator.path import ValidationPath

MOST_BYTES = 32 << 20  # a big authority's CRL has a few megabytes
MOST_QUESTIONS = 20
ONE_QUESTION_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Collected:
    """Certificates and their status: embedded in the document, or fetched."""

    certificates: tuple[x509.Certificate, ...] = ()
    crls: tuple[crl.CertificateList, ...] = ()
    ocsps: tuple[ocsp.OCSPResponse, ...] = ()

    def plus(self, other: Collected) -> Collected:
        return Collected(self.certificates + other.certificates, self.crls + other.crls, self.ocsps + other.ocsps)


async def fetch_status(path: ValidationPath, seconds: float) -> Collected:
    """The status of every certificate of a path that ends in a trusted root. What cannot be had is left out."""
    return await asyncio.to_thread(_fetch, path, seconds)


def _fetch(path: ValidationPath, seconds: float) -> Collected:
    until, found = time.monotonic() + seconds, Collected()
    certificates = list(path.iter_certs(include_root=True))
    for issuer, certificate in list(pairwise(certificates))[:MOST_QUESTIONS]:
        answers = _ocsp(certificate, issuer, until) or _crls(certificate, until)
        found = found.plus(answers)
    return found


def _ocsp(certificate: x509.Certificate, issuer: x509.Certificate, until: float) -> Collected | None:
    for address in certificate.ocsp_urls[:2]:
        request = format_ocsp_request(
            certificate, AuthorityWithCert(issuer), certid_hash_algo="sha1", request_nonces=False
        )
        try:
            response = ocsp.OCSPResponse.load(_ask(address, until, request.dump()))
            if response["response_status"].native == "successful":
                return Collected((), (), (response,))
        except (OSError, URLError, ValueError, TypeError):
            continue
    return None


def _crls(certificate: x509.Certificate, until: float) -> Collected:
    found = []
    for address in _crl_addresses(certificate):
        try:
            found.append(crl.CertificateList.load(_ask(address, until)))
        except (OSError, URLError, ValueError, TypeError):
            continue
    return Collected((), tuple(found), ())


def _crl_addresses(certificate: x509.Certificate) -> Iterable[str]:
    points: list[Any] = list(certificate.crl_distribution_points or ())
    return [point.url for point in points if point.url][:3]


def _ask(address: str, until: float, body: bytes | None = None) -> bytes:
    """One answer over http(s), not too long and not too late. Raises OSError, ValueError."""
    left = min(ONE_QUESTION_SECONDS, until - time.monotonic())
    if left <= 0:
        raise TimeoutError(address)
    if not address.startswith(("http://", "https://")):
        raise ValueError(address)
    headers = {"Content-Type": "application/ocsp-request"} if body is not None else {}
    request = urllib.request.Request(address, body, headers)  # noqa: S310 - the scheme is checked above
    with urllib.request.urlopen(request, timeout=left) as answer:  # noqa: S310
        data: bytes = answer.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError("too long an answer")
    return data
