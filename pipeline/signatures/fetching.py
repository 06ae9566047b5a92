"""Asks certification authorities for the status of certificates that a trusted root vouches for (OCSP, then CRL)."""

from __future__ import annotations

import asyncio
import time
import urllib.request
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from http.client import HTTPException
from itertools import pairwise
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

from asn1crypto import crl, ocsp, x509
from pyhanko_certvalidator.authority import AuthorityWithCert
from pyhanko_certvalidator.fetchers.common_utils import format_ocsp_request
from pyhanko_certvalidator.path import ValidationPath

MOST_BYTES = 32 << 20  # a big authority's CRL has a few megabytes
MOST_QUESTIONS = 20
ONE_QUESTION_SECONDS = 10.0


def _of_another(answer: ocsp.OCSPResponse, chain: Sequence[x509.Certificate]) -> bool:
    try:
        about = [single["cert_id"] for single in answer.response_data["responses"]]
        serials = {one["serial_number"].native for one in about}
        issuers = {one["issuer_name_hash"].native for one in about}
        ways = {one["hash_algorithm"]["algorithm"].native for one in about}
    except (ValueError, KeyError, TypeError, AttributeError):  # broken: it proves nothing
        return True
    ours = {getattr(one.issuer, way, None) for one in chain for way in ways}
    return bool(issuers & ours) and not serials & {one.serial_number for one in chain}


@dataclass(frozen=True, slots=True)
class Collected:
    """Certificates and their status: embedded in the document, or fetched."""

    certificates: tuple[x509.Certificate, ...] = ()
    crls: tuple[crl.CertificateList, ...] = ()
    ocsps: tuple[ocsp.OCSPResponse, ...] = ()

    def plus(self, other: Collected) -> Collected:
        return Collected(self.certificates + other.certificates, self.crls + other.crls, self.ocsps + other.ocsps)

    def about(self, path: ValidationPath) -> Collected:
        """Without answers about other people's certificates of an issuer in this path.

        The library takes one for a failed check of its own (certvalidator 0.33, `_match_ocsp_certid`): an agency whose
        seal embeds its proofs would break the signature of a leader who embeds none.
        """
        chain = list(path.iter_certs(include_root=True))
        return replace(self, ocsps=tuple(answer for answer in self.ocsps if not _of_another(answer, chain)))


class Inquiry:
    """Questions about the certificates of one document: each is asked once, all within `seconds` together.

    A host that did not answer is not asked again: a document must not wait for each of its signatures.
    """

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._answers: dict[bytes, Collected] = {}
        self._silent: set[str] = set()

    async def about(self, path: ValidationPath) -> Collected:
        """The status of every certificate of a path that ends in a trusted root; what cannot be had is left out."""
        return await asyncio.to_thread(self._about, path)

    def _about(self, path: ValidationPath) -> Collected:
        found = Collected()
        certificates = list(path.iter_certs(include_root=True))
        for issuer, certificate in list(pairwise(certificates))[:MOST_QUESTIONS]:
            if certificate.sha256 not in self._answers:
                answer = self._ocsp(certificate, issuer) or self._crls(certificate)
                self._answers[certificate.sha256] = answer
            found = found.plus(self._answers[certificate.sha256])
        return found

    def _ocsp(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Collected | None:
        for address in certificate.ocsp_urls[:2]:
            request = format_ocsp_request(
                certificate, AuthorityWithCert(issuer), certid_hash_algo="sha1", request_nonces=False
            )
            try:
                response = ocsp.OCSPResponse.load(self._ask(address, request.dump()))
                if response["response_status"].native == "successful":
                    return Collected((), (), (response,))
            except (OSError, HTTPException, ValueError, TypeError):
                continue
        return None

    def _crls(self, certificate: x509.Certificate) -> Collected:
        found = []
        for address in _crl_addresses(certificate):
            try:
                found.append(crl.CertificateList.load(self._ask(address)))
            except (OSError, HTTPException, ValueError, TypeError):
                continue
        return Collected((), tuple(found), ())

    def _ask(self, address: str, body: bytes | None = None) -> bytes:
        """One answer over http(s), not too long and not too late. Raises OSError, HTTPException, ValueError."""
        left, host = min(ONE_QUESTION_SECONDS, self._until - time.monotonic()), urlsplit(address).netloc
        if left <= 0 or host in self._silent:
            raise TimeoutError(address)
        if not address.startswith(("http://", "https://")):
            raise ValueError(address)
        headers = {"Content-Type": "application/ocsp-request"} if body is not None else {}
        request = urllib.request.Request(address, body, headers)  # noqa: S310 - the scheme is checked above
        try:
            with urllib.request.urlopen(request, timeout=left) as answer:  # noqa: S310
                data: bytes = answer.read(MOST_BYTES + 1)
        except HTTPError:
            raise  # it did answer
        except OSError:
            self._silent.add(host)
            raise
        if len(data) > MOST_BYTES:
            raise ValueError("too long an answer")
        return data


def _crl_addresses(certificate: x509.Certificate) -> Iterable[str]:
    points: list[Any] = list(certificate.crl_distribution_points or ())
    return [point.url for point in points if point.url][:3]
