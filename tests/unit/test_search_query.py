"""What people type is understood, and nothing that is typed raises."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.archive.dates import Span, read_span
from pipeline.archive.fulltext import DIALECTS, Match, render
from pipeline.archive.query import Filter, Number, parse


def _words(query: str) -> list[str]:
    return [" ".join(words.folded) for words in parse(query).words]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("15/KH-BQL", "15 kh bql"),
        ("15 kh bql", "15 kh bql"),
        ("so 15", "15"),
        ("số 15/kh", "15 kh"),
        ("05/QĐ-UBND", "5 qd ubnd"),
        ("28/2021/NĐ-CP", "28 2021 nd cp"),
        ("SỐ: 15", "15"),
    ],
)
def test_numbers_are_known_as_people_type_them(typed: str, code: str) -> None:
    query = parse(typed)
    numbers = [*query.numbers, *(found.value for found in query.filters)]
    assert Number(code) in numbers


def test_a_type_and_a_year_around_a_number_belong_to_it() -> None:
    assert parse("qđ 123 năm 2024").numbers == (Number("123", frozenset({"quyet dinh"}), 2024),)


@pytest.mark.parametrize("typed", ["kế hoạch", "năm mới", '"15/KH"', "họp 15", "15*"])
def test_words_are_not_taken_for_numbers(typed: str) -> None:
    assert parse(typed).numbers == ()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("loại:KH", Filter("type", frozenset({"ke hoach"}))),
        ("loai:kh", Filter("type", frozenset({"ke hoach"}))),
        ('type:"kế hoạch"', Filter("type", frozenset({"ke hoach"}))),
        ("năm:2021", Filter("year", Span(date(2021, 1, 1), date(2021, 12, 31)))),
        ("year:2019..2021", Filter("year", Span(date(2019, 1, 1), date(2021, 12, 31)))),
        ("năm:2019-2021", Filter("year", Span(date(2019, 1, 1), date(2021, 12, 31)))),
        ("ngày:15/03/2021", Filter("date", Span(date(2021, 3, 15), date(2021, 3, 15)))),
        ("ngày:03/2021", Filter("date", Span(date(2021, 3, 1), date(2021, 3, 31)))),
        ("từ:03/2021", Filter("from", Span(date(2021, 3, 1), None))),
        ("đến:2021", Filter("to", Span(None, date(2021, 12, 31)))),
        ("số:3441/QĐ", Filter("number", Number("3441 qd"))),
        ("số đến:15", Filter("arrival", 15)),
        ('ký:"Nguyễn Văn A"', Filter("signatory", "nguyen van a")),
        ("signer:an", Filter("signatory", "an")),
        ("cơ quan:UBND", Filter("agency", "ubnd")),
        ('-loại:"kế hoạch"', Filter("type", frozenset({"ke hoach"}), negated=True)),
        ("trạng thái:lỗi", Filter("state", "quarantined")),
        ("xem lại:có", Filter("review", True)),
        ("review:yes", Filter("review", True)),
    ],
)
def test_fields_are_known_in_both_languages_with_and_without_accents(typed: str, expected: Filter) -> None:
    assert parse(typed).filters == (expected,)


def test_contract_and_guidance_differ_only_by_the_accent_that_was_typed() -> None:
    assert parse("loại:HĐ").filters[0].value == frozenset({"hop dong"})
    assert parse("loại:hd").filters[0].value == frozenset({"hop dong", "huong dan"})


def test_phrases_exclusions_and_prefixes() -> None:
    query = parse('“Cải cách hành chính” báo* -nháp -"dự thảo lần"')
    assert [words.folded for words in query.phrases] == [("cai", "cach", "hanh", "chinh")]
    assert [(words.folded, words.prefix) for words in query.words] == [(("bao",), True)]
    assert [words.folded for words in query.excluded] == [("nhap",), ("du", "thao", "lan")]


def test_an_unknown_field_is_looked_for_as_words_and_said() -> None:
    query = parse("chủđề:nước")
    assert _words("chủđề:nước") == ["chude", "nuoc"]
    assert [(note.code, note.detail["field"]) for note in query.notes] == [("search-field-unknown", "chủđề")]


def test_a_value_that_makes_no_sense_is_looked_for_as_words_and_said() -> None:
    query = parse("ngày:31/02/2021")
    assert query.filters == ()
    assert [note.code for note in query.notes] == ["search-value-unknown"]


def test_order_can_be_asked_for() -> None:
    assert [parse(f"báo xếp:{order}").order for order in ("mới", "cũ", "lq", "gì")] == [
        "newest", "oldest", "relevance", "relevance",
    ]  # fmt: skip


@given(st.text(max_size=60))
def test_nothing_typed_raises_and_only_plain_words_reach_the_index(typed: str) -> None:
    query = parse(typed)
    for words in (*query.text, *query.excluded):
        assert words.folded
        assert all(word.isascii() and word.isalnum() and word == word.lower() for word in words.folded)
    match = Match((*query.words, *query.phrases), query.subject, query.excluded)
    if match:
        for dialect in DIALECTS.values():
            assert render(match, dialect)


@given(st.lists(st.sampled_from(["loại:", "số", "15", "/KH", "-", '"', "*", " ", "năm:", "..", "từ:", "ký", ":", "“"])))
def test_no_mixture_of_signs_raises(parts: list[str]) -> None:
    parse("".join(parts))


@pytest.mark.parametrize("text", ["", "..", "hôm qua", "13/2021", "2021..hôm qua", "0000", "1/1/0"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_span(text) is None
