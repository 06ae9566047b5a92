"""Which text layers are believed."""

from __future__ import annotations

import pytest

from pipeline.reading.trust import LayerFacts, distrust, speaks
from pipeline.vietnamese import is_syllable
from tests.reading_papers import GARBAGE, SENTENCES

TEXT = " ".join(SENTENCES)
GOOD = LayerFacts(TEXT, len(TEXT.replace(" ", "")))
TCVN3 = "C¨n cø LuËt Tæ chøc chÝnh quyÒn ®Þa ph­¬ng ngµy 19 th¸ng 6 n¨m 2015; Uû ban nh©n d©n huyÖn ®Ò nghÞ c¸c ®¬n vÞ"
VNI = (
    "Caên cöù Luaät Toå chöùc chính quyeàn ñòa phöông ngaøy thaùng naêm; UÛy ban nhaân daân huyeän ñeà nghò caùc ñôn vò"
)


def facts(text: str = TEXT, **counts: float) -> LayerFacts:
    return LayerFacts(text, len("".join(text.split())), **counts)  # type: ignore[arg-type]


def test_born_digital_vietnamese_is_believed() -> None:
    assert distrust(GOOD) is None


def test_english_is_believed() -> None:
    text = "The committee shall submit an annual report to the ministry before the end of every fiscal year."
    assert distrust(facts(text)) is None


def test_another_script_is_believed() -> None:
    assert distrust(facts("国务院关于印发实施方案的通知 " * 10)) is None


@pytest.mark.parametrize(
    ("layer", "reason"),
    [
        (facts(invisible=400), "ocr-layer"),
        (facts(cover=0.95), "under-scan"),
        (facts(legacy=100), "legacy-font"),
        (facts(unmapped=30), "broken-unicode"),
        (facts(TCVN3), "strange-letters"),
        (facts(VNI), "strange-letters"),
        (facts("q8x zzrt pkw vbnm rtplk ghjkl wrtz " * 6), "no-language"),
        (facts("12", drawn=True), "empty"),
        (LayerFacts("", 0), "empty"),
    ],
)
def test_each_flaw_is_distrusted_by_its_name(layer: LayerFacts, reason: str) -> None:
    assert distrust(layer) == reason


def test_a_scanners_garbage_has_no_language() -> None:
    assert not speaks(GARBAGE)


def test_garbage_that_half_looks_like_words_has_no_language() -> None:
    text = (
        "CQNG HoA xA HQI CHU NGHiA VIET NAM DQc lap Tu do Hanh phuc Cdn cu Ludt Td chric chinh quyen dia phuong ngdy "
        "thdng ndm Cdn ctr Nghi dinh cua Chinh phri vd c6ng tac vdn thu luu tru Xdt dd nghi cua Chdnh Vdn phdng"
    )
    assert not speaks(text)


def test_a_text_in_two_languages_is_believed() -> None:
    assert speaks("Biên bản ghi nhớ Memorandum of Understanding giữa between Sở Y tế Department of Health và and " * 2)


@pytest.mark.parametrize(
    "word",
    ["nghiêng", "Quyết", "ĐỊNH", "giường", "khuỷu", "ươm", "yêu", "gì", "quý", "hoà", "hòa", "gìn", "quốc", "quỳnh"],
)
def test_syllables_of_vietnamese_are_known(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["nghan", "strength", "xyz", "chyrc", "qa1", "ddan", "phucmg", "Lêt", "hòc", "n"])
def test_what_cannot_be_spelt_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)
