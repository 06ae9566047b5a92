"""An X.509 certificate in the words of `report`."""

from __future__ import annotations

from typing import Any

from asn1crypto import x509

from pipeline.signatures.report import Certificate

FOR_DOCUMENTS = {
    "any_extended_key_usage", "email_protection", "microsoft_document_signing", "microsoft_smart_card_logon",
    "adobe_authentic_documents_trust", "1.3.6.1.5.5.7.3.36",
}  # fmt: skip
"""Extended key usages of people and agencies; the last is RFC 9336's for documents."""


def in_words(certificate: x509.Certificate) -> Certificate:
    """What of a certificate people read and rules compare. Raises ValueError for one that is none."""
    named: dict[str, Any] = certificate.subject.native
    return Certificate(
        subject=str(certificate.subject.human_friendly),
        common_name=_one(named.get("common_name")),
        organization=_one(named.get("organization_name")),
        title=_one(named.get("title")),
        issuer=str(certificate.issuer.human_friendly),
        serial=f"{certificate.serial_number:x}",
        sha256=certificate.sha256.hex(),
        not_before=certificate.not_valid_before,
        not_after=certificate.not_valid_after,
        algorithm=str(certificate["signature_algorithm"]["algorithm"].native),
    )


def _one(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def may_sign_documents(certificate: x509.Certificate) -> bool:
    """By its extended key usage; without one it may. The same authorities certify machines and services."""
    usage = certificate.extended_key_usage_value
    if usage is None:
        return True
    uses = set(usage.native)
    return bool(uses & FOR_DOCUMENTS) or ("client_auth" in uses and "server_auth" not in uses)
