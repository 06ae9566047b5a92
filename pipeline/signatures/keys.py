"""Keys: a PKCS#12 file, or a token that signs without giving its key away (PKCS#11)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pkcs11
from asn1crypto import pem, x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from pkcs11 import PKCS11Error
from pyhanko.sign.general import SigningError as PyHankoSigningError
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from pipeline.errors import DependencyError, NotFoundError, SigningError
from pipeline.signatures.certificates import in_words
from pipeline.signatures.values import FileKey, Holder, TokenKey

MOST_KEY_BYTES = 1 << 20


class Key:
    """An opened key: made by `open_key`, good for many signatures, one thread at a time."""

    def __init__(self, signer: Signer, certificate: x509.Certificate) -> None:
        self.signer = signer
        self.certificate = certificate
        self.holder = _holder(certificate)
        self.stampers: dict[tuple[str, float], Any] = {}  # one client a time stamp service: it knows its tokens' size
        self.checked: set[object] = set()  # the terms under which the certificate was checked already

    @property
    def usage(self) -> set[str]:
        """The key usage that a verifier may rely on: either of the two makes a signature."""
        allowed = self.certificate.key_usage_value
        native = allowed.native if allowed is not None else {"non_repudiation"}
        return {"non_repudiation"} if "non_repudiation" in native else {"digital_signature"}

    @property
    def weight(self) -> int:
        """Bytes of a signature's container besides time stamps: certificates, digests, the signature itself."""
        certificates = [self.certificate, *self.signer.cert_registry]
        return sum(len(certificate.dump()) for certificate in certificates) + 2048


@contextmanager
def open_key(source: FileKey | TokenKey, secret: str | bytes, *, chain: tuple[bytes, ...] = ()) -> Iterator[Key]:
    """Log in once and give the key. `chain`: certificates (DER) between the holder's and the root, to be embedded.

    Raises SigningError for a wrong passphrase or PIN (never tried twice here), NotFoundError, DependencyError.
    """
    others = [x509.Certificate.load(certificate) for certificate in chain]
    if isinstance(source, FileKey):
        yield _from_file(source, secret.encode() if isinstance(secret, str) else secret, others)
        return
    session = _session(source, secret.decode() if isinstance(secret, bytes) else secret)
    try:
        yield _from_token(source, session, others)
    finally:
        with suppress(PKCS11Error):  # the token may have been pulled out: nothing is left to close
            session.close()


def _from_file(source: FileKey, passphrase: bytes, others: list[x509.Certificate]) -> Key:
    try:
        data = source.path.read_bytes()
    except OSError as error:
        raise NotFoundError("key-file-missing", path=source.path, reason=error.strerror or error) from error
    try:
        private, certificate, chain = pkcs12.load_key_and_certificates(data[:MOST_KEY_BYTES], passphrase)
    except ValueError as error:
        code = "key-secret-wrong" if "password" in str(error).lower() else "key-file-unreadable"
        raise SigningError(code, path=source.path) from error
    if private is None or certificate is None:
        raise SigningError("key-file-unreadable", path=source.path)
    from pipeline.signatures.workarounds import CachedKeySigner

    own = x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    between = [x509.Certificate.load(found.public_bytes(Encoding.DER)) for found in chain]
    return Key(CachedKeySigner(private, own, _registry(own, [*between, *others])), own)


def _session(source: TokenKey, pin: str) -> Any:
    from pyhanko.config.pkcs11 import TokenCriteria

    if not source.module.is_file():
        raise DependencyError("token-module-missing", path=source.module)
    criteria = TokenCriteria(label=source.token)
    try:
        _look_for(str(source.module), criteria)
        return open_pkcs11_session(str(source.module), token_criteria=criteria, user_pin=pin)
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange) as error:
        raise SigningError("pin-wrong", token=source.token) from error
    except pkcs11.PinLocked as error:
        raise SigningError("pin-locked", token=source.token) from error
    except pkcs11.PKCS11Error as error:
        raise token_fault(source.token, error) from error


def _look_for(module: str, criteria: Any) -> None:
    """A library that was started before its token came (back) may not see it until it is started again."""
    from pyhanko.sign.pkcs11 import find_token

    library = pkcs11.lib(module)
    if find_token(library.get_slots(), token_criteria=criteria) is None:
        library.reinitialize()


def _from_token(source: TokenKey, session: Any, others: list[x509.Certificate]) -> Key:
    pinned = _pinned(source.certificate) if source.certificate else None
    try:
        signer = PKCS11Signer(session, source.label, signing_cert=pinned, key_label=source.label, ca_chain=others)
        own = signer.signing_cert
        if own is None:
            raise SigningError("token-key-missing", token=source.token, label=source.label)
        # The token may not do the hashing for elliptic curves (SoftHSM does not): all do the bare operation.
        signer.use_raw_mechanism = own.public_key.algorithm == "ec"
    except (PKCS11Error, PyHankoSigningError) as error:
        raise SigningError("token-key-missing", token=source.token, label=source.label) from error
    return Key(signer, own)


def token_fault(token: str, error: Exception) -> SigningError:
    """A token that is not there may come back; the message keeps the library's word for it."""
    return SigningError("token-unavailable", retry=True, token=token, reason=str(error) or type(error).__name__)


def _pinned(path: Path) -> x509.Certificate:
    try:
        data = path.read_bytes()
        if pem.detect(data):
            _, _, data = pem.unarmor(data)
        return x509.Certificate.load(data)
    except (OSError, ValueError) as error:
        raise NotFoundError("certificate-file-missing", path=path, reason=error) from error


def _registry(own: x509.Certificate, others: list[x509.Certificate]) -> SimpleCertificateStore:
    """Roots stay out: a verifier has its own or does not believe ours."""
    store = SimpleCertificateStore()
    store.register_multiple([other for other in others if other.self_issued is False and other.sha256 != own.sha256])
    return store


def _holder(certificate: x509.Certificate) -> Holder:
    words = in_words(certificate)
    names = words.common_name, words.organization, words.issuer
    return Holder(*names, words.serial, words.sha256, words.not_before, words.not_after)
