"""Signatures judged: good ones at every level, and what was done to them afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.signatures.judging import Judge, may_be_signed
from pipeline.signatures.report import Revocation, SignatureReport, TimeSource, Verdict
from pipeline.signatures.trust import Anchors
from tests import signed_papers as papers
from tests.pki import Pki

pytestmark = pytest.mark.integration
Judged = Callable[..., SignatureReport]


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(seconds=60) as judging:
        yield judging


@pytest.fixture
def judged(pki: Pki, judge: Judge) -> Judged:
    def one(path: Path, *, online: bool = True, at: datetime | None = None) -> SignatureReport:
        return judge.judge(path, papers.anchors(pki), at or datetime.now(UTC), online=online)

    return one


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    return papers.form(tmp_path / "a.pdf")


def codes(report: SignatureReport) -> list[str]:
    return [one.code for one in report.signatures]


def test_a_signature_is_valid_when_its_certificate_can_be_asked_for(pki: Pki, paper: Path, judged: Judged) -> None:
    report = judged(papers.sign(pki, paper))
    (one,) = report.signatures
    assert (report.verdict, one.verdict.indication) == (Verdict.VALID, "TOTAL-PASSED")
    assert one.facts.signer is not None
    assert (one.facts.signer.common_name, one.facts.signer.title) == ("Nguyễn Văn Ả", "Trưởng ban")
    assert [issuer.common_name for issuer in one.facts.chain] == ["CA phục vụ thử nghiệm", "RootCA thử nghiệm"]
    assert one.facts.revocation_source == "online"
    assert one.facts.time_source is TimeSource.CLAIMED
    assert "time-claimed" in one.notes


def test_a_seal_with_its_proofs_does_not_break_a_signature_without_any(pki: Pki, paper: Path, judged: Judged) -> None:
    """Both certificates are of one issuer; the file holds its answer about the second alone."""
    papers.sign(pki, paper, field="Ky1")
    report = judged(papers.sign(pki, paper, "agency", field="Ky2", long_term=True))
    assert codes(report) == ["valid", "valid"]
    assert codes(judged(paper, online=False)) == ["no-revocation", "valid"]


def test_without_network_nothing_is_called_valid(pki: Pki, paper: Path, judged: Judged) -> None:
    for stamped in (False, True):
        report = judged(papers.sign(pki, paper, field=f"Ky{stamped}", stamped=stamped), online=False)
        assert report.verdict is Verdict.INDETERMINATE
        assert report.signatures[-1].subindication == "TRY_LATER"


def test_when_no_authority_answers_nothing_is_called_valid(pki: Pki, paper: Path, judged: Judged) -> None:
    papers.sign(pki, paper)
    with pki.outage("ocsp", "crls"):
        assert judged(paper).verdict is Verdict.INDETERMINATE


def test_a_time_stamp_proves_the_time(pki: Pki, paper: Path, judged: Judged) -> None:
    (one,) = judged(papers.sign(pki, paper, stamped=True)).signatures
    assert one.verdict is Verdict.VALID
    assert one.facts.time_source is TimeSource.TIME_STAMP
    assert one.facts.time_stamp is not None
    assert one.facts.time_stamp.authority == "Dấu thời gian thử nghiệm"


@pytest.mark.parametrize("archival", [False, True])
def test_what_carries_its_validation_data_is_valid_offline(
    pki: Pki, paper: Path, judged: Judged, archival: bool
) -> None:
    report = judged(papers.sign(pki, paper, long_term=True, archival=archival), online=False)
    assert report.verdict is Verdict.VALID
    assert report.signatures[0].facts.revocation_source == "embedded"
    assert [one.facts.kind for one in report.signatures[1:]] == (["time-stamp"] if archival else [])


def test_a_revoked_certificate_makes_it_invalid(pki: Pki, paper: Path, judged: Judged) -> None:
    report = judged(papers.sign(pki, paper, "revoked"))
    assert (report.verdict, codes(report)) == (Verdict.INVALID, ["revoked"])
    assert report.signatures[0].facts.revoked_at == datetime(2025, 1, 1, tzinfo=UTC)
    assert judged(paper, online=False).verdict is Verdict.INDETERMINATE


def test_a_certificate_that_had_expired_proves_nothing(pki: Pki, paper: Path, judged: Judged) -> None:
    report = judged(papers.sign(pki, paper, "expired"))
    assert (report.verdict, codes(report)) == (Verdict.INDETERMINATE, ["expired"])


def test_an_unknown_root_proves_nothing(pki: Pki, paper: Path, judge: Judge) -> None:
    report = judge.judge(papers.sign(pki, paper), Anchors(), datetime.now(UTC), online=True)
    assert (report.verdict, codes(report)) == (Verdict.INDETERMINATE, ["no-chain"])
    assert report.signatures[0].subindication == "NO_CERTIFICATE_CHAIN_FOUND"


def test_addresses_in_a_certificate_that_nobody_vouches_for_are_not_visited(
    pki: Pki, paper: Path, judge: Judge
) -> None:
    papers.sign(pki, paper)
    before = len(pki.served)
    judge.judge(paper, Anchors(), datetime.now(UTC), online=True)
    assert len(pki.served) == before


def test_roots_for_signers_do_not_vouch_for_time_stamps(pki: Pki, paper: Path, judge: Judge) -> None:
    signers_only = Anchors((pki.der("root"),), (), (pki.der("interm"),))
    report = judge.judge(papers.sign(pki, paper, stamped=True), signers_only, datetime.now(UTC), online=True)
    assert report.signatures[0].facts.time_source is TimeSource.CLAIMED
    assert "time-stamp-untrusted" in report.signatures[0].notes


def test_sha_1_without_a_time_stamp_is_said_and_proves_nothing(pki: Pki, paper: Path, judged: Judged) -> None:
    report = judged(papers.sign(pki, paper, digest="sha1"))
    assert (report.verdict, codes(report)) == (Verdict.INDETERMINATE, ["weak-unproven"])
    assert "sha1" in report.signatures[0].notes


def test_after_the_certificate_has_expired_an_unproven_time_is_not_enough(
    pki: Pki, paper: Path, judged: Judged
) -> None:
    later = datetime(2046, 1, 1, tzinfo=UTC)
    report = judged(papers.sign(pki, paper), at=later, online=False)
    assert codes(report) == ["expired-unproven"]


def test_a_time_in_the_future_is_impossible(pki: Pki, paper: Path, judged: Judged) -> None:
    report = judged(papers.sign(pki, paper), at=datetime.now(UTC) - timedelta(days=30))
    assert codes(report) == ["time-impossible"]


def test_one_byte_changed_is_seen(pki: Pki, paper: Path, judged: Judged) -> None:
    report = judged(papers.flip(papers.sign(pki, paper), b"/MediaBox"))
    assert (report.verdict, codes(report)) == (Verdict.INVALID, ["changed"])


@pytest.mark.parametrize("change", [papers.add_words, papers.add_note, papers.swap_shown_object])
@pytest.mark.parametrize("certify", [0, 2])
def test_what_is_put_on_the_page_afterwards_breaks_it(
    pki: Pki, paper: Path, judged: Judged, change: Callable[[Path], Path], certify: int
) -> None:
    report = judged(change(papers.sign(pki, paper, certify=certify)))
    assert (report.verdict, codes(report)) == (Verdict.INVALID, ["changed-after"])


def test_bytes_behind_the_end_that_no_reader_uses_are_a_hidden_change(pki: Pki, paper: Path, judged: Judged) -> None:
    papers.sign(pki, paper)
    with paper.open("ab") as file:
        file.write(b"\n9 0 obj (another content) endobj\n")
    assert judged(paper).verdict is Verdict.INVALID


def test_a_field_filled_in_and_covered_by_a_later_signature_is_allowed(
    pki: Pki, tmp_path: Path, judged: Judged
) -> None:
    paper = papers.form(tmp_path / "a.pdf", signature_fields=("ChuKy", "Dau"))
    papers.fill(papers.sign(pki, paper, certify=2), "SoVanBan", "15")
    report = judged(papers.sign(pki, paper, "agency", field="Dau"))
    assert (report.verdict, codes(report)) == (Verdict.VALID, ["valid", "valid"])
    assert "changes-allowed" in report.signatures[0].notes
    assert "SoVanBan" in report.signatures[0].facts.changed_fields


@pytest.mark.parametrize("certify", [0, 2])
def test_a_field_filled_in_that_nobody_signed_is_not_vouched_for(
    pki: Pki, paper: Path, judged: Judged, certify: int
) -> None:
    """Shadow attacks fill in a field that lies over the text."""
    report = judged(papers.fill(papers.sign(pki, paper, certify=certify), "SoVanBan", "15"))
    assert (report.verdict, codes(report)) == (Verdict.INDETERMINATE, ["filled-after"])
    assert report.signatures[0].facts.changes_allowed


def test_filling_in_is_forbidden_where_nothing_may_change(pki: Pki, paper: Path, judged: Judged) -> None:
    report = judged(papers.fill(papers.sign(pki, paper, certify=1), "SoVanBan", "15"))
    assert (report.verdict, codes(report)) == (Verdict.INVALID, ["changed-after"])


def test_a_signature_of_somebody_unproven_over_a_filled_field_spoils_the_document(
    pki: Pki, tmp_path: Path, judged: Judged
) -> None:
    paper = papers.form(tmp_path / "a.pdf", signature_fields=("ChuKy", "Dau"))
    papers.fill(papers.sign(pki, paper, certify=2), "SoVanBan", "15")
    report = judged(papers.sign(pki, paper, "expired", field="Dau"))
    assert (report.verdict, codes(report)) == (Verdict.INDETERMINATE, ["valid", "expired"])


def test_two_fields_that_show_one_signature_are_a_forgery(pki: Pki, paper: Path, judged: Judged) -> None:
    report = judged(papers.paste_signature(papers.sign(pki, paper)))
    assert (report.verdict, codes(report)) == (Verdict.INVALID, ["shared", "shared"])


def test_a_signature_whose_field_was_taken_away_is_not_unsigned(pki: Pki, paper: Path, judged: Judged) -> None:
    report = judged(papers.forget_form(papers.sign(pki, paper)))
    assert (report.verdict, report.failure) == (Verdict.INDETERMINATE, "signature-without-field")


def test_a_kind_of_signature_that_is_not_supported_is_not_unsigned(pki: Pki, paper: Path, judged: Judged) -> None:
    papers.sign(pki, paper)
    paper.write_bytes(paper.read_bytes().replace(b"/ETSI.CAdES.detached", b"/adbe.x509.rsa_sha1 "))
    report = judged(paper)
    assert (report.verdict, codes(report)) == (Verdict.INDETERMINATE, ["cannot-validate"])
    assert report.signatures[0].facts.failure == "subfilter"


@pytest.mark.parametrize("content", [b"%PDF-1.7\n/ByteRange\n%%EOF", b"%PDF-1.7\n" + b"\0" * 5000 + b"/ByteRange"])
def test_what_cannot_be_opened_cannot_be_validated(tmp_path: Path, judged: Judged, content: bytes) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    report = judged(path)
    assert (report.verdict, report.failure) == (Verdict.INDETERMINATE, "cannot-validate")


def test_unsigned_files_are_unsigned_and_start_no_process(paper: Path, tmp_path: Path, pki: Pki) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG /ByteRange")
    with Judge() as idle:
        for path in (paper, picture):
            assert idle.judge(path, papers.anchors(pki), datetime.now(UTC)).verdict is Verdict.UNSIGNED
        assert idle._pool is None


def test_the_mark_of_a_signature_is_found_across_the_border_of_two_reads(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-" + b" " * ((1 << 20) - 9) + b"/ByteRange")
    assert may_be_signed(path)


def test_a_child_that_takes_too_long_is_stopped(pki: Pki, paper: Path) -> None:
    papers.sign(pki, paper)
    with pki.silence(), Judge(seconds=0.5) as hasty:
        report = hasty.judge(paper, papers.anchors(pki), datetime.now(UTC), online=True)
    assert (report.verdict, report.failure) == (Verdict.INDETERMINATE, "validation-timeout")


def test_a_report_survives_its_json(pki: Pki, paper: Path, judged: Judged) -> None:
    report = judged(papers.sign(pki, paper, long_term=True, archival=True))
    assert SignatureReport.from_json(report.to_json()) == report
    assert report.signatures[0].facts.revocation is Revocation.GOOD
