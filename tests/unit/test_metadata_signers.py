"""What digital signatures say of who signed: it confirms, disputes or proposes, and never gives a value silently."""

from __future__ import annotations

from pipeline.document import Clues, Metadata, Page, Reading, TextSource
from pipeline.metadata import extract
from pipeline.settings import MetadataSettings
from tests.decree_pages import Draft, Sheet

OCR = TextSource.OCR
TORN = "Trần·0.96 Quốc·0.7 Vĩnh·0.96"  # a name that is asked for


def with_signers(draft: Draft, *names: str) -> Metadata:
    return extract(Reading(draft.pages()), MetadataSettings(), Clues(signers=names))


def showing(draft: Draft, *rows: str) -> Page:
    sheet = Sheet(1, draft.source, draft.confidence)
    draft.tail(sheet, draft.head(sheet) + 40)
    for row, text in enumerate(rows):
        sheet.put(400, 20 + 9 * row, text, height=6)
    return sheet.page()


def test_a_certificate_confirms_the_name_that_was_read_with_doubt() -> None:
    draft = Draft(name=TORN, source=OCR, confidence=0.96)
    assert "signatory_name" in with_signers(draft).review
    for spelled in ("Trần Quốc Vĩnh", "TRẦN QUỐC VĨNH"):
        assert "signatory_name" not in with_signers(draft, "Sở Nội vụ", spelled).review


def test_a_certificate_with_nearly_the_same_name_makes_the_name_a_question() -> None:
    draft = Draft(source=OCR, confidence=0.97)
    assert "signatory_name" not in with_signers(draft).review
    found = with_signers(draft, "Trần Quốc Vinh")
    assert found.text("signatory_name") == "Trần Quốc Vĩnh"
    assert "signatory_name" in found.review


def test_the_certificate_of_another_person_or_without_marks_disputes_nothing() -> None:
    draft = Draft(source=OCR, confidence=0.97)
    assert "signatory_name" not in with_signers(draft, "Lê Thị Hồng").review
    assert "signatory_name" not in with_signers(draft, "Tran Quoc Vinh").review


def test_a_name_that_only_a_certificate_says_is_proposed_and_asked_for() -> None:
    draft = Draft(name="", source=OCR, confidence=0.97)
    found = with_signers(draft, "Trần Quốc Vĩnh", "SỞ NỘI VỤ")
    assert found.text("signatory_name") == "Trần Quốc Vĩnh"
    assert "signatory_name" in found.review
    assert with_signers(draft, "Trần Quốc Vĩnh", "Lê Thị Hồng").text("signatory_name") == ""


def test_the_agency_s_certificate_confirms_its_name_and_disputes_only_its_marks() -> None:
    unknown = Draft(agencies=("UBND TỈNH VÂN GIANG", "TRUNG TÂM SA LÂM"), source=OCR, confidence=0.97)
    assert "organ_name" in with_signers(unknown).review
    assert "organ_name" not in with_signers(unknown, "Trung tâm Sa Lâm").review
    usual = Draft(agencies=("UBND TỈNH VÂN GIANG", "TRUNG TÂM BẢO TỒN"), source=OCR, confidence=0.97)
    assert "organ_name" not in with_signers(usual).review
    assert "organ_name" not in with_signers(usual, "Trung tâm Báo chí").review
    assert "organ_name" in with_signers(usual, "Trung tâm Bảo tổn").review


def test_a_visible_signature_speaks_for_a_name_too() -> None:
    draft = Draft(name=TORN, source=OCR, confidence=0.96)
    page = showing(draft, "Ký bởi: Trần Quốc Vĩnh", "Thời gian ký: 05/01/2026 10:24:59")
    assert "signatory_name" not in extract(Reading((page,)), MetadataSettings()).review


def test_a_visible_signature_that_was_recognised_disputes_nothing() -> None:
    draft = Draft(source=OCR, confidence=0.97)
    page = showing(draft, "Ký bởi: Trần Quôc Vình", "Thời gian ký: 05/01/2026 10:24:59")
    assert "signatory_name" not in extract(Reading((page,)), MetadataSettings()).review
