"""Who signed and when: certificates, their status and time stamps that do not prove what they seem to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID as Usage

from pipeline.signatures.judging import Judge
from pipeline.signatures.report import JudgedSignature, TimeSource, Verdict
from tests import forged_certificates as forged
from tests import signed_papers as papers
from tests.pki import Pki

pytestmark = pytest.mark.integration
Signature = Callable[..., JudgedSignature]
TSA = [Usage.TIME_STAMPING]


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(seconds=60) as judging:
        yield judging


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    return papers.form(tmp_path / "a.pdf", signature_fields=("ChuKy",))


@pytest.fixture
def signature(pki: Pki, judge: Judge) -> Signature:
    def one(path: Path, *, online: bool = False) -> JudgedSignature:
        return judge.judge(path, papers.anchors(pki), datetime.now(UTC), online=online).signatures[0]

    return one


@pytest.mark.parametrize(
    ("usages", "code"),
    [
        ([Usage.SERVER_AUTH, Usage.CLIENT_AUTH], "purpose"), (TSA, "purpose"), ([Usage.OCSP_SIGNING], "purpose"),
        ([Usage.CODE_SIGNING], "purpose"), ([Usage.EMAIL_PROTECTION], "no-revocation"),
        ([Usage.CLIENT_AUTH], "no-revocation"),
    ],
)  # fmt: skip
def test_a_machine_s_certificate_signs_no_documents(
    pki: Pki, paper: Path, signature: Signature, usages: list[x509.ObjectIdentifier], code: str
) -> None:
    forged.sign(paper, forged.issue(pki, forged.of(pki, "interm"), usages=usages))
    assert signature(paper).code == code


@pytest.mark.parametrize("key", [ec.SECP192R1(), 1024])
def test_weak_keys_prove_nothing(pki: Pki, paper: Path, signature: Signature, key: ec.EllipticCurve | int) -> None:
    weak = rsa.generate_private_key(65537, key) if isinstance(key, int) else ec.generate_private_key(key)
    forged.sign(paper, forged.issue(pki, forged.of(pki, "interm"), key=weak))
    assert signature(paper).code == "weak"


def test_who_is_no_authority_issues_nothing(pki: Pki, paper: Path, signature: Signature) -> None:
    forged.sign(paper, forged.issue(pki, forged.of(pki, "leader")))
    assert signature(paper).code == "chain-broken"


def test_an_authority_below_one_that_may_have_none(pki: Pki, paper: Path, signature: Signature) -> None:
    below = forged.issue(pki, forged.of(pki, "interm"), authority=True, subject=forged.name("CA con"))
    forged.sign(paper, forged.issue(pki, below))
    assert signature(paper).code == "chain-broken"


def test_an_authority_that_has_only_the_name_of_one(pki: Pki, paper: Path, signature: Signature) -> None:
    root, real = forged.of(pki, "root"), forged.of(pki, "interm").certificate
    own = forged.Holder(root.certificate, rsa.generate_private_key(65537, 2048))
    false = forged.issue(pki, own, authority=True, subject=real.subject)
    forged.sign(paper, forged.issue(pki, false, subject=forged.of(pki, "leader").certificate.subject))
    assert signature(paper).code == "chain-broken"


def test_an_extension_that_nobody_understands_but_must(pki: Pki, paper: Path, signature: Signature) -> None:
    strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")
    forged.sign(paper, forged.issue(pki, forged.of(pki, "interm"), more=[strange]))
    assert signature(paper).code == "chain-broken"


@pytest.mark.parametrize("responder", ["revoked", "agency"])
def test_an_answer_about_a_certificate_by_somebody_else_neither_helps_nor_hinders(
    pki: Pki, paper: Path, signature: Signature, responder: str
) -> None:
    revoked, interm, by = forged.of(pki, "revoked"), forged.of(pki, "interm"), forged.of(pki, responder)
    forged.sign(paper, revoked)
    forged.add_status(
        paper, ocsps=[forged.status(revoked.certificate, interm, by)], crls=[forged.revocations(forged.of(pki, "root"))]
    )
    assert signature(paper).code == "no-revocation"
    assert signature(paper, online=True).code == "revoked"


def test_a_false_answer_does_not_keep_us_from_asking(pki: Pki, paper: Path, signature: Signature) -> None:
    leader = forged.of(pki, "leader")
    forged.sign(paper, leader)
    forged.add_status(paper, ocsps=[forged.status(leader.certificate, forged.of(pki, "interm"), leader)])
    assert signature(paper, online=True).verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("usages", "moment", "source"),
    [
        (TSA, 2024, TimeSource.TIME_STAMP), ([], 2024, TimeSource.CLAIMED),
        ([Usage.EMAIL_PROTECTION], 2024, TimeSource.CLAIMED), (TSA, 2010, TimeSource.CLAIMED),
    ],
)  # fmt: skip
def test_only_a_time_stamp_authority_says_when(
    pki: Pki, paper: Path, signature: Signature, usages: list[x509.ObjectIdentifier], moment: int, source: TimeSource
) -> None:
    authority = forged.issue(pki, forged.of(pki, "root"), usages=usages, crls="root")
    forged.sign(paper, forged.of(pki, "leader"), stamper=forged.stamper(authority, forged.at(moment)))
    assert signature(paper).facts.time_source is source


@pytest.mark.parametrize(
    ("reason", "source"),
    [
        (x509.ReasonFlags.key_compromise, TimeSource.CLAIMED), (x509.ReasonFlags.unspecified, TimeSource.CLAIMED),
        (x509.ReasonFlags.superseded, TimeSource.TIME_STAMP),
    ],
)  # fmt: skip
def test_a_stolen_time_stamp_key_writes_every_date(
    pki: Pki, paper: Path, signature: Signature, reason: x509.ReasonFlags, source: TimeSource
) -> None:
    """Revoked in 2025, the token says 2024: whoever has the key now may have said so."""
    root = forged.of(pki, "root")
    authority = forged.issue(pki, root, usages=TSA, crls="root")
    forged.sign(paper, forged.of(pki, "leader"), stamper=forged.stamper(authority, forged.at(2024)))
    forged.add_status(paper, crls=[forged.revocations(root, authority.certificate, reason)])
    assert signature(paper).facts.time_source is source


def test_a_time_stamp_of_the_future_is_impossible(pki: Pki, paper: Path, signature: Signature) -> None:
    authority = forged.issue(pki, forged.of(pki, "root"), usages=TSA, crls="root")
    forged.sign(paper, forged.of(pki, "leader"), stamper=forged.stamper(authority, forged.at(2035)))
    assert signature(paper).code == "time-impossible"
