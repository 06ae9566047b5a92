"""The catalogue of samples keeps the Decree's rules and covers what it promises; nothing is drawn here."""

import re
import unicodedata

import pytest

from samples import SEED, catalogue, prose
from samples.draft import Draft, Mark, Scan, expected

DRAFTS = catalogue.drafts(SEED)
ABBREVIATIONS = {
    "Nghị quyết": "NQ", "Quyết định": "QĐ", "Chỉ thị": "CT", "Thông báo": "TB", "Hướng dẫn": "HD", "Kế hoạch": "KH",
    "Phương án": "PA", "Báo cáo": "BC", "Biên bản": "BB", "Tờ trình": "TTr", "Công điện": "CĐ", "Giấy ủy quyền": "GUQ",
    "Giấy mời": "GM",
}  # fmt: skip
named = pytest.mark.parametrize("draft", DRAFTS, ids=lambda draft: draft.name)


@named
def test_notation_begins_with_the_abbreviation_of_its_type(draft: Draft) -> None:
    if draft.doc_type == "Công văn":
        assert not draft.heading
        assert draft.notation.split("-")[0] not in ABBREVIATIONS.values()
    else:
        assert draft.notation.startswith(f"{ABBREVIATIONS[draft.doc_type]}-")


@named
def test_number_below_ten_has_a_leading_zero(draft: Draft) -> None:
    assert re.fullmatch(r"0[1-9]|[1-9]\d+", draft.number)


@named
def test_every_text_is_composed(draft: Draft) -> None:
    texts = (draft.name, draft.subject, draft.place, *draft.body, *draft.agency, *draft.recipients, *draft.appendix)
    assert all(unicodedata.is_normalized("NFC", text) for text in texts)


@named
def test_recipients_end_with_the_archive_line(draft: Draft) -> None:
    assert draft.recipients[-1].startswith("Lưu: ")
    assert not any(line.endswith((".", ";")) for line in draft.recipients)


def test_two_documents_never_share_agency_number_and_notation() -> None:
    codes = {(draft.agency, draft.code) for draft in DRAFTS}
    assert len(codes) == len(DRAFTS)


def test_the_catalogue_has_every_kind_of_trouble() -> None:
    scans = [draft.scan for draft in DRAFTS if draft.scan]
    assert {scan.level for scan in scans} == {"clean", "mild", "hard"}
    assert {scan.mode for scan in scans} == {"rgb", "gray", "bilevel"}
    assert {scan.container for scan in scans} == {"pdf", "tiff", "jpeg", "png"}
    assert {mark for draft in DRAFTS for mark in draft.marks} == set(Mark)
    assert any(scan.sideways for scan in scans)
    assert {"MẬT"} == {draft.secrecy for draft in DRAFTS} - {""}
    assert len({draft.doc_type for draft in DRAFTS}) >= 12


def test_another_seed_changes_the_prose_and_never_the_metadata() -> None:
    others = catalogue.drafts(SEED + 1)
    assert [draft.code for draft in others] == [draft.code for draft in DRAFTS]
    assert [draft.body for draft in others] != [draft.body for draft in DRAFTS]


def test_the_same_seed_gives_the_same_prose() -> None:
    assert catalogue.drafts(SEED) == DRAFTS


def test_sentences_of_one_document_are_all_different() -> None:
    import random

    chosen = prose.sentences(random.Random(1), "số hóa", 12)
    assert len(set(chosen)) == 12


def test_minutes_have_neither_place_nor_date() -> None:
    minutes = next(draft for draft in DRAFTS if draft.doc_type == "Biên bản")
    truth = expected(minutes, 1, 1, (1, "…"))
    assert truth["issued_date"] is None
    assert truth["place"] is None


def test_competence_is_joined_in_the_printed_order() -> None:
    invitation = next(draft for draft in DRAFTS if draft.doc_type == "Giấy mời")
    assert expected(invitation, 1, 1, (1, "…"))["signing_authority"] == "TM. KT."


def test_a_plain_scan_is_mild_and_colourful() -> None:
    assert Scan() == Scan(200, "rgb", "mild", "pdf")
