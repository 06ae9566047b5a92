"""Certificates that an authority should never have made, or never did: for attacks on the chain and on time stamps."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asn1crypto.crl
import asn1crypto.keys
import asn1crypto.ocsp
import asn1crypto.x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper, TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.pki import Pki

DER = serialization.Encoding.DER
DAY = timedelta(days=1)
SHA1 = hashes.SHA1()  # noqa: S303 - how answers name the certificate they are about


def at(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Holder:
    """A certificate with its key, and what leads to its root."""

    certificate: x509.Certificate
    key: Any
    issuers: tuple[x509.Certificate, ...] = ()

    @property
    def simple(self) -> asn1crypto.x509.Certificate:
        return asn1crypto.x509.Certificate.load(self.certificate.public_bytes(DER))

    @property
    def private(self) -> asn1crypto.keys.PrivateKeyInfo:
        clear = self.key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return asn1crypto.keys.PrivateKeyInfo.load(clear)


def of(pki: Pki, name: str) -> Holder:
    """Somebody whom the toy authority knows."""
    key = serialization.load_pem_private_key(pki.key(name).read_bytes(), None)
    issuers = (x509.load_der_x509_certificate(pki.der("interm")),)
    return Holder(x509.load_der_x509_certificate(pki.der(name)), key, issuers)


def issue(
    pki: Pki, issuer: Holder, *, key: Any = None, subject: x509.Name | None = None, authority: bool = False,
    usages: Sequence[x509.ObjectIdentifier] = (), crls: str = "interm", more: Sequence[Any] = (),
) -> Holder:  # fmt: skip
    """A certificate by whoever it is, good from 2020 to 2045."""
    key = key or rsa.generate_private_key(65537, 2048)
    address = x509.UniformResourceIdentifier(f"{pki.url}/vn/crls/{crls}/latest.crl")
    points = x509.CRLDistributionPoints([x509.DistributionPoint([address], None, None, None)])
    builder = (
        x509.CertificateBuilder(issuer.certificate.subject, subject or name("Nguyễn Văn Ả"), key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(at(2020)).not_valid_after(at(2045))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(_key_usage(authority=authority), critical=True)
        .add_extension(points, critical=False)
    )  # fmt: skip
    if usages:
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=True)
    for extension in more:
        builder = builder.add_extension(extension, critical=True)
    made = builder.sign(issuer.key, hashes.SHA256())
    return Holder(made, key, (issuer.certificate, *issuer.issuers))


def name(common_name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    )


def sign(path: Path, holder: Holder, *, stamper: TimeStamper | None = None) -> Path:
    """Sign in place with whatever certificate."""
    signer = signers.SimpleSigner(holder.simple, holder.private, _store([holder.certificate, *holder.issuers]))
    meta = signers.PdfSignatureMetadata(
        field_name="ChuKy", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, signer_key_usage=set()
    )
    out = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(path.read_bytes()))
    asyncio.run(signers.PdfSigner(meta, signer=signer, timestamper=stamper).async_sign_pdf(writer, output=out))
    path.write_bytes(out.getvalue())
    return path


def stamper(holder: Holder, moment: datetime) -> TimeStamper:
    """A time stamp authority that says what it is told to."""
    return DummyTimeStamper(holder.simple, holder.private, certs_to_embed=_store([]), fixed_dt=moment)


def status(certificate: x509.Certificate, issuer: Holder, responder: Holder) -> asn1crypto.ocsp.OCSPResponse:
    """An answer "good" of today, by whoever it is."""
    now = datetime.now(UTC)
    made = (
        ocsp.OCSPResponseBuilder()
        .add_response(
            certificate,
            issuer.certificate,
            SHA1,
            ocsp.OCSPCertStatus.GOOD,
            now - DAY,
            now + DAY,
            None,
            None,
        )
        .responder_id(ocsp.OCSPResponderEncoding.NAME, responder.certificate)
        .certificates([responder.certificate])
        .sign(responder.key, hashes.SHA256())
    )
    return asn1crypto.ocsp.OCSPResponse.load(made.public_bytes(DER))


def revocations(
    issuer: Holder, revoked: x509.Certificate | None = None, reason: x509.ReasonFlags = x509.ReasonFlags.unspecified
) -> asn1crypto.crl.CertificateList:
    """A list of today, perhaps with one certificate, revoked at the beginning of 2025."""
    now = datetime.now(UTC)
    builder = (
        x509.CertificateRevocationListBuilder(issuer.certificate.subject, now - DAY, now + DAY)
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
    )
    if revoked is not None:
        entry = x509.RevokedCertificateBuilder(revoked.serial_number, at(2025))
        builder = builder.add_revoked_certificate(entry.add_extension(x509.CRLReason(reason), critical=False).build())
    made = builder.sign(issuer.key, hashes.SHA256())
    return asn1crypto.crl.CertificateList.load(made.public_bytes(DER))


def add_status(
    path: Path, *, ocsps: Sequence[Any] = (), crls: Sequence[Any] = (), certificates: Sequence[Any] = ()
) -> Path:
    """Validation data as anybody may add it to a signed file."""
    buffer = io.BytesIO(path.read_bytes())
    DocumentSecurityStore.add_dss(
        buffer, sig_contents=None, certs=list(certificates), ocsps=list(ocsps), crls=list(crls)
    )
    path.write_bytes(buffer.getvalue())
    return path


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=authority, crl_sign=authority, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _store(certificates: Sequence[x509.Certificate]) -> SimpleCertificateStore:
    store = SimpleCertificateStore()
    for one in certificates:
        store.register(asn1crypto.x509.Certificate.load(one.public_bytes(DER)))
    return store
