"""One file with several documents: where the next one begins, what is none, and what the first one's fields are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.document import Page, Reading, TextSource
from pipeline.messages import LANGUAGES, catalogue
from pipeline.metadata import Start, extract, find_starts
from pipeline.settings import MetadataSettings
from tests.decree_pages import WIDTH, Draft, Sheet

SECOND = Draft(number_line="Số: 27/TB-SNV", heading="THÔNG BÁO", subject=("Kết quả kiểm tra công tác văn thư",),
               name="Hoàng Thị Mai Lan")  # fmt: skip


def at(number: int, page: Page) -> Page:
    return replace(page, number=number)


def file_of(*pages: Page) -> Reading:
    return Reading(tuple(at(number, page) for number, page in enumerate(pages, 1)))


def with_label(label: str) -> Page:
    sheet = Sheet().centred(WIDTH / 2, 40, label)
    return replace(sheet.page(), lines=(*sheet.lines, *SECOND.pages()[0].lines))


def test_a_new_header_behind_a_signature_begins_a_document() -> None:
    assert find_starts(file_of(*Draft().pages(), *SECOND.pages())) == (Start(2, 0.95),)


def test_the_fields_are_those_of_the_first_document_alone() -> None:
    unsigned = replace(Draft(), block=(), name="", recipients=())
    found = extract(file_of(*unsigned.pages(), *SECOND.pages()), MetadataSettings())
    assert found.text("code_notation") == "QĐ-SNV"
    assert found.text("signatory_name") == ""
    assert "signatory_name" in found.review


def test_a_person_is_told_where_the_others_begin() -> None:
    found = extract(file_of(*Draft().pages(), *SECOND.pages(), *SECOND.pages()), MetadataSettings())
    [finding] = found.findings
    assert (finding.code, finding.page) == ("several-documents", 2)
    assert finding.detail == {"pages": "2, 3", "amount": "3", "confidence": "95"}
    assert all("2, 3" in catalogue(language).finding(finding) for language in LANGUAGES)


@pytest.mark.parametrize(
    "label", ["PHỤ LỤC II", "Mẫu số 04", "Biểu mẫu 3", "DANH SÁCH", "(Kèm theo Quyết định số 15/QĐ-SNV)"]
)
def test_appendices_and_forms_begin_no_document(label: str) -> None:
    assert find_starts(file_of(*Draft().pages(), with_label(label))) == ()


def test_a_form_with_blanks_begins_no_document() -> None:
    form = replace(SECOND, agencies=("TÊN CƠ QUAN CHỦ QUẢN", "TÊN CƠ QUAN, TỔ CHỨC"), number_line="Số: /GCN",
                   date_line="……, ngày … tháng … năm …")  # fmt: skip
    assert find_starts(file_of(*Draft().pages(), *form.pages())) == ()


def test_a_page_with_a_number_that_goes_on_begins_no_document() -> None:
    numbered = Sheet().centred(WIDTH / 2, 30, "2")
    page = replace(numbered.page(), lines=(*numbered.lines, *SECOND.pages()[0].lines))
    assert find_starts(file_of(*Draft().pages(), page)) == ()


def test_a_cover_is_no_document_before_the_first() -> None:
    cover = Sheet().centred(WIDTH / 2, 300, "TẬP VĂN BẢN NĂM 2026").page()
    assert find_starts(file_of(cover, *Draft().pages())) == ()
    assert find_starts(file_of(cover, *Draft().pages(), *SECOND.pages())) == (Start(3, 0.95),)


def test_a_signed_file_is_never_proposed_to_be_split() -> None:
    assert find_starts(replace(file_of(*Draft().pages(), *SECOND.pages()), signed=True)) == ()


def test_a_blank_back_changes_nothing() -> None:
    blank = Page(1, 595.0, 842.0, TextSource.BLANK)
    assert find_starts(file_of(*Draft().pages(), blank, *SECOND.pages())) == (Start(3, 0.95),)


def test_a_mark_of_secrecy_on_a_later_document_makes_the_file_secret() -> None:
    secret = replace(SECOND, mark="MẬT")
    found = extract(file_of(*Draft().pages(), *secret.pages()), MetadataSettings())
    assert found.text("secrecy") == "Mật"


def test_the_first_document_may_be_unsigned_but_the_proposal_is_less_sure() -> None:
    unsigned = replace(Draft(), block=(), name="", recipients=())
    [start] = find_starts(file_of(*unsigned.pages(), *SECOND.pages()))
    assert start.confidence < 0.95
