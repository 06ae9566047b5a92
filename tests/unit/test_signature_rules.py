"""From facts to verdicts, where no test certificate is as old or as weak as real ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipeline.document import Field, Metadata
from pipeline.signatures.crosscheck import compare, is_a_person
from pipeline.signatures.report import (
    Certificate,
    Change,
    Coverage,
    Facts,
    Revocation,
    SignatureReport,
    TimeStamp,
    Verdict,
)
from pipeline.signatures.rules import SHA1_UNTIL, judge_document, judge_facts

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SIGNER = Certificate(
    "CN=Nguyễn Văn Ả", "Nguyễn Văn Ả", "Ban Quản lý", "Trưởng ban", "CN=CA", "1a", "00" * 32,
    datetime(2018, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC), "sha256_rsa",
)  # fmt: skip
ISSUER = replace(SIGNER, common_name="CA")
ROOT = replace(SIGNER, common_name="Root", algorithm="sha1_rsa")
AT = datetime(2025, 3, 1, tzinfo=UTC)
STAMP = TimeStamp(AT, "TSA", intact=True, trusted=True, revocation=Revocation.GOOD, digest="sha256")
GOOD = Facts(
    "Sig", signer=SIGNER, chain=(ISSUER, ROOT), claimed_at=AT, time_stamp=STAMP, coverage=Coverage.FILE,
    change=Change.NONE, changes_allowed=True, intact=True, genuine=True, digest="sha256",
    mechanism="rsassa_pkcs1v15", key_bits=2048, revocation=Revocation.GOOD, revocation_now=Revocation.GOOD,
)  # fmt: skip
CLAIMED = replace(GOOD, time_stamp=None)


def test_what_everything_speaks_for_is_valid() -> None:
    assert judge_facts(GOOD, NOW).verdict is Verdict.VALID
    assert judge_facts(CLAIMED, NOW).verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (replace(GOOD, intact=False), "changed"),
        (replace(GOOD, genuine=False), "forged"),
        (replace(GOOD, shared=True), "shared"),
        (replace(GOOD, coverage=Coverage.LESS), "covers-less"),
        (replace(GOOD, coverage=Coverage.REVISION), "hidden-change"),
        (replace(GOOD, coverage=Coverage.REVISION, change=Change.FORM, changes_allowed=False), "changed-after"),
        (replace(GOOD, coverage=Coverage.REVISION, change=Change.ANNOTATIONS), "changed-after"),
        (replace(GOOD, revocation=Revocation.REVOKED), "revoked"),
        (replace(GOOD, time_stamp=replace(STAMP, at=datetime(2017, 1, 1, tzinfo=UTC))), "not-yet-valid"),
    ],
)
def test_what_is_broken_is_invalid(facts: Facts, code: str) -> None:
    judged = judge_facts(facts, NOW)
    assert (judged.verdict, judged.code) == (Verdict.INVALID, code)


@pytest.mark.parametrize(
    ("facts", "code", "subindication"),
    [
        (replace(GOOD, trouble="NO_CERTIFICATE_CHAIN_FOUND", chain=()), "no-chain", "NO_CERTIFICATE_CHAIN_FOUND"),
        (replace(GOOD, chain=()), "chain-broken", "CERTIFICATE_CHAIN_GENERAL_FAILURE"),
        (replace(GOOD, trouble="CHAIN_CONSTRAINTS_FAILURE"), "purpose", "CHAIN_CONSTRAINTS_FAILURE"),
        (replace(GOOD, digest="md5"), "weak", "CRYPTO_CONSTRAINTS_FAILURE"),
        (replace(GOOD, key_bits=1024), "weak", "CRYPTO_CONSTRAINTS_FAILURE"),
        (replace(GOOD, revocation=Revocation.UNKNOWN), "no-revocation", "TRY_LATER"),
        (replace(CLAIMED, revocation_now=Revocation.UNKNOWN), "no-revocation", "TRY_LATER"),
        (replace(CLAIMED, revocation_now=Revocation.REVOKED), "revoked-unproven", "REVOKED_NO_POE"),
        (replace(CLAIMED, claimed_at=datetime(2017, 1, 1, tzinfo=UTC)), "not-yet-valid", "NOT_YET_VALID"),
        (replace(CLAIMED, claimed_at=NOW + timedelta(days=3)), "time-impossible", "SIG_CONSTRAINTS_FAILURE"),
        (replace(GOOD, time_stamp=replace(STAMP, revocation=Revocation.UNKNOWN)), "no-revocation-of-time", "TRY_LATER"),
        (replace(GOOD, failure="ValueError"), "cannot-validate", "GENERIC"),
    ],
)  # fmt: skip
def test_what_lacks_a_proof_is_undecided(facts: Facts, code: str, subindication: str) -> None:
    judged = judge_facts(facts, NOW)
    assert (judged.verdict, judged.code, judged.subindication) == (Verdict.INDETERMINATE, code, subindication)


def test_sha_1_counts_for_what_a_time_stamp_proves_to_be_old_and_is_said() -> None:
    old = replace(GOOD, digest="sha1")
    late = replace(old, time_stamp=replace(STAMP, at=SHA1_UNTIL + timedelta(days=1)))
    assert judge_facts(old, NOW).verdict is Verdict.VALID
    assert "sha1" in judge_facts(old, NOW).notes
    assert judge_facts(late, NOW).code == "weak-unproven"
    assert judge_facts(replace(old, time_stamp=None), NOW).code == "weak-unproven"


def test_a_root_is_trusted_whatever_signed_it_an_issuer_is_not() -> None:
    assert "sha1" not in judge_facts(GOOD, NOW).notes
    by_sha1 = replace(CLAIMED, chain=(replace(ISSUER, algorithm="sha1_rsa"), ROOT))
    assert judge_facts(by_sha1, NOW).code == "weak-unproven"


def test_an_expired_certificate_needs_a_proof_that_the_signature_is_older() -> None:
    later = datetime(2029, 1, 1, tzinfo=UTC)
    assert judge_facts(GOOD, later).verdict is Verdict.VALID
    assert judge_facts(CLAIMED, later).code == "expired-unproven"


def test_a_time_stamp_that_is_not_trusted_proves_nothing() -> None:
    facts = replace(GOOD, time_stamp=replace(STAMP, trusted=False))
    assert not facts.proven
    assert {"time-claimed", "time-stamp-untrusted"} <= set(judge_facts(facts, NOW).notes)


def test_revoked_afterwards_does_not_undo_what_was_proved() -> None:
    judged = judge_facts(replace(GOOD, revocation_now=Revocation.REVOKED), NOW)
    assert (judged.verdict, judged.notes) == (Verdict.VALID, ("revoked-later",))


def test_a_document_is_worth_what_its_worst_signature_is() -> None:
    form = replace(GOOD, coverage=Coverage.REVISION, change=Change.FORM)
    unproven = replace(GOOD, revocation=Revocation.UNKNOWN)

    def verdict(*facts: Facts) -> Verdict:
        return judge_document(facts, NOW, online=False, notes=()).verdict

    assert verdict(form, GOOD) is Verdict.VALID
    assert verdict(form, unproven) is Verdict.INDETERMINATE
    assert verdict(replace(form, intact=False), GOOD) is Verdict.INVALID
    assert verdict(form) is Verdict.INDETERMINATE  # nobody vouches for what was filled in
    assert verdict(replace(GOOD, kind="time-stamp")) is Verdict.UNSIGNED
    assert verdict(GOOD, replace(GOOD, kind="time-stamp", intact=False)) is Verdict.INVALID


# --- the page and the certificates --------------------------------------------------------------------------------


def page(name: str, day: str) -> Metadata:
    values = {"signatory_name": name, "issued_date": day}
    return Metadata({key: Field(value, 0.9, 1, None, "test") for key, value in values.items() if value})


def report(*facts: Facts) -> SignatureReport:
    return judge_document(facts, NOW, online=False, notes=())


def found(name: str, day: str, *facts: Facts) -> list[str]:
    return [finding.code for finding in compare(page(name, day), report(*facts), ZONE)]


def test_page_and_certificate_agree_but_for_letters_that_were_read_wrongly() -> None:
    assert found("Nguyễn Văn Á", "2025-02-28", GOOD) == []
    assert found("NGUYỄN VĂN Ả", "2025-03-08", GOOD) == []


def test_another_name_or_day_is_told() -> None:
    assert found("Trần Thị Bình", "2025-03-01", GOOD) == ["signatory-differs-from-certificate"]
    assert found("Nguyễn Văn Ả", "2024-12-01", GOOD) == ["date-differs-from-signing-time"]


def test_an_agency_s_certificate_names_nobody() -> None:
    agency = replace(GOOD, signer=replace(SIGNER, common_name="VĂN PHÒNG ỦY BAN NHÂN DÂN"))
    assert found("Trần Thị Bình", "", agency) == []
    assert not is_a_person("Ban Quản lý Khu kinh tế")
    assert not is_a_person("TRUNG TÂM CÔNG BÁO VÀ TIN HỌC")
    assert is_a_person("Đỗ Thị Kiều Oanh")


def test_the_day_is_the_office_s_and_not_greenwich_s() -> None:
    evening = datetime(2025, 3, 1, 18, 0, tzinfo=UTC)  # already 2 March in Hanoi
    stamped = replace(GOOD, time_stamp=replace(STAMP, at=evening))
    assert found("", (date(2025, 3, 2) + timedelta(days=7)).isoformat(), stamped) == []
