"""Snippets are cut from the text as printed and mark what was looked for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.archive.query import parse
from pipeline.archive.snippets import cut
from pipeline.vietnamese import fold, nfc


def _marked(body: str, query: str) -> list[str]:
    return [text for text, highlighted in cut(body, parse(query).text)[0] if highlighted]


def test_words_typed_without_accents_are_marked_with_theirs() -> None:
    assert _marked("Về việc Đẩy mạnh cải cách", "day manh") == ["Đẩy", "mạnh"]


def test_only_whole_words_are_marked() -> None:
    assert _marked("hoàn an toàn", "an") == ["an"]


def test_a_prefix_marks_the_word_to_its_end() -> None:
    assert _marked("các báo cáo, bảo hiểm", "ba*") == ["báo", "bảo"]


def test_a_phrase_is_marked_over_line_and_sign() -> None:
    assert _marked("cải cách\nhành chính", '"cách hành"') == ["cách hành"]


def test_the_passage_is_where_most_words_stand() -> None:
    body = "kế " + "lời khác " * 200 + "kế hoạch cải cách " + "lời khác " * 200
    assert _marked(body, "kế hoạch cải cách") == ["kế", "hoạch", "cải", "cách"]


def test_pages_before_the_passage_are_counted() -> None:
    snippet, pages = cut("trang một\n\ftrang hai\n\fnước sạch ở đây", parse("nước sạch").text)
    assert pages == 2
    assert "trang" not in "".join(text for text, _ in snippet)


def test_no_word_no_passage() -> None:
    assert cut("một hai", parse("ba").text) == ((), 0)


@given(st.text(alphabet="ab đĐaâ.\n\f", max_size=300), st.sampled_from(["a", "b*", "ab da", '"a b"']))
def test_a_snippet_is_a_part_of_the_text_and_marks_only_what_was_looked_for(body: str, query: str) -> None:
    body = nfc(body)
    snippet, _ = cut(body, parse(query).text)
    whole = "".join(text for text, _ in snippet).strip("…").strip()
    assert " ".join(whole.split()) in " ".join(body.split())
    for text, highlighted in snippet:
        if highlighted:
            assert fold(text)[0] in "ab d"[: 1 if query == "a" else 4]
