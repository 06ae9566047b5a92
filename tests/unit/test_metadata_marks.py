"""Marks of urgency and secrecy, the language, and what is said about a document that gives nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.document import Page, Reading, TextSource
from pipeline.messages import LANGUAGES, catalogue
from pipeline.metadata import extract
from pipeline.settings import MetadataSettings
from tests.decree_pages import HEIGHT, WIDTH, Draft, Sheet, read


@pytest.mark.parametrize(("stamp", "value"), [("HỎA TỐC", "Hỏa tốc"), ("THƯỢNG KHẨN", "Thượng khẩn"), ("KHẨN", "Khẩn")])
def test_stamp_of_urgency_is_the_priority(stamp: str, value: str) -> None:
    assert Draft(mark=stamp).read().text("priority") == value


@pytest.mark.parametrize(("stamp", "value"), [("MẬT", "Mật"), ("TỐI MẬT", "Tối mật"), ("TUYỆT MẬT", "Tuyệt mật")])
def test_stamp_of_secrecy_is_the_secrecy(stamp: str, value: str) -> None:
    for source, confidence in ((TextSource.TEXT_LAYER, 1.0), (TextSource.OCR, 0.9)):
        found = Draft(mark=stamp, source=source, confidence=confidence).read()
        assert found.text("secrecy") == value
        assert "secrecy" not in found.review


@pytest.mark.parametrize(("stamp", "value", "review"), [("TỐI MẬT", "Tối mật", False), ("MÂT·0.6", "", True)])
def test_mark_of_secrecy_on_a_cover_counts(stamp: str, value: str, review: bool) -> None:
    cover = Sheet(source=TextSource.OCR, confidence=0.95)
    cover.put(90, 150, stamp)
    own = replace(Draft().pages()[0], number=2)
    found = read(cover.page(), own)
    assert found.text("secrecy") == value
    assert ("secrecy" in found.review) is review
    assert found.text("code_number") == Draft().read().text("code_number")


def test_words_of_secrecy_in_a_sentence_are_no_mark() -> None:
    body = (
        "Thực hiện Luật Bảo vệ bí mật nhà nước, các đơn vị không soạn văn bản mật,",
        "tối mật trên máy có kết nối mạng; việc này là khẩn cấp.",
        "MẬT KHẨU của hệ thống phải đổi hằng quý.",
    )
    found = Draft(subject=("Về việc bảo vệ bí mật nhà nước",), body=body).read()
    assert found.text("secrecy") == ""
    assert found.text("priority") == ""
    assert "secrecy" not in found.review


def test_mark_of_secrecy_that_cannot_be_read_surely_is_doubted_aloud() -> None:
    found = Draft(mark="MÂT·0.6", source=TextSource.OCR, confidence=0.95).read()
    assert found.text("secrecy") == ""
    assert "secrecy" in found.review
    [finding] = found.findings
    assert finding.code == "secrecy-doubtful"
    assert all(catalogue(language).finding(finding) for language in LANGUAGES)


def test_heading_is_no_stamp() -> None:
    found = Draft(heading="HƯỚNG DẪN", number_line="Số: 12/HD-SNV").read()
    assert found.text("priority") == ""


def test_language_is_told_by_the_letters() -> None:
    assert Draft().read().text("language") == "vi"
    english = Sheet().put(
        90, 100, "The parties of this agreement shall settle any dispute by negotiation in good faith"
    )
    english.put(90, 120, "and the decision of the court is final for the parties to this agreement.")
    assert read(english.page()).text("language") == "en"


def test_document_without_words_asks_for_everything_expected() -> None:
    blank = Page(1, WIDTH, HEIGHT, TextSource.BLANK)
    found = extract(Reading((blank, blank)), MetadataSettings())
    assert found.text("page_amount") == "2"
    assert {"type_name", "code_number", "organ_name", "parent_organ_name", "competence", "recipients"} <= set(
        found.review
    )


def test_noise_alone_gives_nothing_that_is_not_flagged() -> None:
    sheet = Sheet(source=TextSource.OCR, confidence=0.2)
    for row in range(30):
        sheet.put(60 + 7 * (row % 5), 40 + 22 * row, "Số: x//|| ngày §4 KT- ~MẬ 17/ Nơi SỞ >>", height=9 + row % 7)
    found = read(sheet.page())
    surely = set(found.fields) - set(found.review) - {"page_amount", "language"}
    assert surely == set()


def test_threshold_of_the_settings_decides_what_is_asked() -> None:
    reading = Reading(Draft().pages())
    assert extract(reading, MetadataSettings(review_below=0.85)).review == ()
    assert len(extract(reading, MetadataSettings(review_below=1.0)).review) >= 10


def test_same_reading_gives_the_same_metadata() -> None:
    reading = Reading(Draft(source=TextSource.OCR, confidence=0.8).pages())
    first, second = (extract(reading, MetadataSettings()).to_json() for _ in range(2))
    assert first == second
