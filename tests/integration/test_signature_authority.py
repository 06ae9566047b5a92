"""May the seal follow? Every reason against it, and the one case for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from asn1crypto import x509

from pipeline.signatures import authority
from pipeline.signatures.authority import Demands, LeaderCheck, Signatory, check_leader_signature
from pipeline.signatures.judging import Judge
from pipeline.signatures.report import FormField
from tests import attacks
from tests import signed_papers as papers
from tests.pki import Pki

pytestmark = pytest.mark.integration
DEMANDS = Demands(competence="", empty=("SoVanBan", "ChuKyCoQuan"))


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(seconds=60) as judging:
        yield judging


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    return papers.form(tmp_path / "a.pdf", signature_fields=("ChuKyLanhDao", "ChuKyCoQuan"))


def signatory(pki: Pki, who: str = "leader") -> Signatory:
    sha256 = x509.Certificate.load(pki.der(who)).sha256.hex().upper()
    return Signatory(sha256, "Nguyễn Văn Ả", ("", "KT."), date(2020, 1, 1), None)


def check(
    pki: Pki, judge: Judge, path: Path, allowed: Signatory, demands: Demands = DEMANDS, *, online: bool = True
) -> LeaderCheck:
    now = datetime.now(UTC)
    return check_leader_signature(path, [allowed], now, papers.anchors(pki), demands, judge=judge, online=online)


def reasons(answer: LeaderCheck) -> list[str]:
    assert not answer.passed
    return [finding.code for finding in answer.findings]


@pytest.mark.parametrize("certify", [0, 2])
def test_an_authorised_person_s_signature_passes(pki: Pki, judge: Judge, paper: Path, certify: int) -> None:
    papers.sign(pki, paper, field="ChuKyLanhDao", certify=certify)
    answer = check(pki, judge, paper, signatory(pki))
    assert answer.passed
    assert answer.signatory == signatory(pki)


def test_validation_data_may_follow_it(pki: Pki, judge: Judge, paper: Path) -> None:
    papers.sign(pki, paper, field="ChuKyLanhDao", certify=2, long_term=True)
    assert check(pki, judge, paper, signatory(pki), online=False).passed


def test_who_is_not_listed_may_not(pki: Pki, judge: Judge, paper: Path) -> None:
    papers.sign(pki, paper, "clerk", field="ChuKyLanhDao", certify=2)
    assert reasons(check(pki, judge, paper, signatory(pki))) == ["leader-not-allowed"]


def test_an_authorisation_that_has_ended_and_another_competence(pki: Pki, judge: Judge, paper: Path) -> None:
    papers.sign(pki, paper, field="ChuKyLanhDao", certify=2)
    ended = replace(signatory(pki), last_day=date(2025, 12, 31))
    assert reasons(check(pki, judge, paper, ended)) == ["leader-out-of-term"]
    other = replace(DEMANDS, competence="TUQ.")
    assert reasons(check(pki, judge, paper, signatory(pki), other)) == ["leader-lacks-competence"]


def test_what_cannot_be_proved_is_not_enough(pki: Pki, judge: Judge, paper: Path) -> None:
    papers.sign(pki, paper, field="ChuKyLanhDao", certify=2)
    assert reasons(check(pki, judge, paper, signatory(pki), online=False)) == ["leader-not-valid"]
    assert reasons(check(pki, judge, papers.flip(paper, b"/MediaBox"), signatory(pki))) == ["leader-not-valid"]


@pytest.mark.parametrize("who", ["revoked", "expired"])
def test_a_listed_certificate_that_is_revoked_or_expired(pki: Pki, judge: Judge, paper: Path, who: str) -> None:
    papers.sign(pki, paper, who, field="ChuKyLanhDao", certify=2)
    assert "leader-not-valid" in reasons(check(pki, judge, paper, signatory(pki, who)))


def test_nothing_may_be_filled_in_before_or_after(pki: Pki, judge: Judge, paper: Path) -> None:
    papers.sign(pki, paper, field="ChuKyLanhDao", certify=2)
    after = reasons(check(pki, judge, papers.fill(paper, "SoVanBan", "15"), signatory(pki)))
    assert {"leader-changed-after", "leader-field-filled"} <= set(after)


def test_a_number_that_the_leader_signed_over_is_refused_too(pki: Pki, judge: Judge, paper: Path) -> None:
    papers.sign(pki, papers.fill(paper, "SoVanBan", "15"), field="ChuKyLanhDao", certify=2)
    assert reasons(check(pki, judge, paper, signatory(pki))) == ["leader-field-filled"]


def test_no_other_signature_may_follow(pki: Pki, judge: Judge, paper: Path) -> None:
    papers.sign(pki, paper, field="ChuKyLanhDao", certify=2)
    papers.sign(pki, paper, "clerk", field="ChuKyCoQuan")
    found = reasons(check(pki, judge, paper, signatory(pki)))
    assert {"leader-changed-after", "leader-not-last", "leader-field-filled"} <= set(found)


def test_a_certification_against_all_changes_forbids_the_seal(pki: Pki, judge: Judge, paper: Path) -> None:
    papers.sign(pki, paper, field="ChuKyLanhDao", certify=1)
    assert reasons(check(pki, judge, paper, signatory(pki))) == ["leader-forbids-sealing"]


def test_unsigned_or_signed_elsewhere(pki: Pki, judge: Judge, paper: Path) -> None:
    assert reasons(check(pki, judge, paper, signatory(pki))) == ["leader-unsigned"]
    papers.sign(pki, paper, field="ChuKyCoQuan")
    assert reasons(check(pki, judge, paper, signatory(pki))) == ["leader-unsigned"]


def test_fields_that_are_not_there(pki: Pki, judge: Judge, tmp_path: Path) -> None:
    bare = papers.form(tmp_path / "b.pdf", text_fields=(), signature_fields=("ChuKyLanhDao",))
    papers.sign(pki, bare, field="ChuKyLanhDao", certify=2)
    assert reasons(check(pki, judge, bare, signatory(pki))) == ["leader-field-missing"] * 2


def test_a_signature_that_no_field_shows_stops_the_seal(pki: Pki, judge: Judge, paper: Path) -> None:
    """The leader's own is valid; the document is not, and the seal is put on the document."""
    paper.write_bytes(attacks.revision(paper.read_bytes(), {95: b"<</ByteRange[0 1 2 3]>>"}))
    papers.sign(pki, paper, field="ChuKyLanhDao", certify=2)
    assert reasons(check(pki, judge, paper, signatory(pki))) == ["leader-not-valid"]


def test_two_fields_of_one_name_are_both_to_be_empty() -> None:
    """Another reader may fill or show the other one."""
    fields = [FormField("SoVanBan", "Tx", filled=True), FormField("SoVanBan", "Tx", filled=False)]
    found = authority._of_the_form(fields, Demands(empty=("SoVanBan",)))
    assert [finding.code for finding in found] == ["leader-field-filled"]


@pytest.mark.parametrize(
    "add", [attacks.compressed, attacks.by_table_stream, attacks.freed, attacks.content_as_certificate]
)
def test_what_was_added_after_the_leader_signed_is_not_sealed(
    pki: Pki, judge: Judge, paper: Path, add: Callable[[bytes], bytes]
) -> None:
    papers.sign(pki, paper, field="ChuKyLanhDao", certify=2)
    paper.write_bytes(add(paper.read_bytes()))
    assert "leader-not-valid" in reasons(check(pki, judge, paper, signatory(pki)))
