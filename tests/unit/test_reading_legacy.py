"""Text from before Unicode: which fonts hold it, and what it says."""

from __future__ import annotations

import pytest

from pipeline.reading.legacy import Encoding, LegacyFont, decode, font_of_name
from pipeline.reading.legacy_fonts import Decoder, judge

UNICODE = "Căn cứ Luật Tổ chức chính quyền địa phương; Uỷ ban nhân dân huyện đề nghị các đơn vị khẩn trương thực hiện"
TCVN3 = (
    "C¨n cø LuËt Tæ chøc chÝnh quyÒn ®Þa ph\xad¬ng; Uû ban nh©n d©n huyÖn ®Ò nghÞ c¸c ®¬n vÞ khÈn tr\xad¬ng thùc hiÖn"
)
VNI = (
    "Caên cöù Luaät Toå chöùc chính quyeàn ñòa phöông; Uyû ban nhaân daân huyeän ñeà nghò caùc ñôn vò khaån tröông "
    "thöïc hieän"
)
FRENCH = (
    "L'été à Genève où les élèves français étudient déjà la littérature européenne, Hélène répète très tôt être prêt"
)


@pytest.mark.parametrize(
    ("encoding", "text", "said"),
    [
        (Encoding.TCVN3, TCVN3, UNICODE),
        (Encoding.TCVN3, "“th\u2212” – x\u2219 héi", "“thư” – xã hội"),
        (Encoding.TCVN3, "\uf0a7\uf0e9c lËp", "Độc lập"),
        (Encoding.VNI, VNI, UNICODE),
        (Encoding.VNI, "COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA"),
        (Encoding.VNI, "Ñoäc laäp, töï do, thöù Baûy, Kyø, lyù, kyõ, Myõ, kyû luaät",
         "Độc lập, tự do, thứ Bảy, Kỳ, lý, kỹ, Mỹ, kỷ luật"),
        (Encoding.VISCII, "C\xb5ng h\xf2a x\xe3 h\xb5i, \xd0\xb5c l\xa7p T\xf1 do H\xd5nh ph\xfac \u0153y ban",
         "Cộng hòa xã hội, Độc lập Tự do Hạnh phúc Ủy ban"),
        (Encoding.VPS, "\xf1\xb6c l\xc6p, H\xe5nh ph\xfac, \xc7\xcenh", "Độc lập, Hạnh phúc, định"),
        (Encoding.BKHCM2, "\xc0\xf6\xe5c l\xea\xe5p, qu\xfb\xeb", "Độc lập, quứ"),
    ],
)  # fmt: skip
def test_text_of_each_encoding_becomes_unicode(encoding: Encoding, text: str, said: str) -> None:
    assert decode(text, LegacyFont(encoding)) == said


def test_a_capital_font_shows_capitals_whatever_the_codes() -> None:
    font = font_of_name("ABCDEF+.VnTimeH")
    assert font
    assert decode("ñy ban nh©n d©n", font) == "ỦY BAN NHÂN DÂN"


@pytest.mark.parametrize(
    ("name", "claim"),
    [
        (".VnTime", LegacyFont(Encoding.TCVN3)),
        ("ABCDEF+.VnTimeH", LegacyFont(Encoding.TCVN3, capitals=True)),
        ("VnTimeHBold", LegacyFont(Encoding.TCVN3, capitals=True)),
        (".VnArial NarrowH", LegacyFont(Encoding.TCVN3, capitals=True)),
        (".VnHelvetIns", LegacyFont(Encoding.TCVN3)),
        ("TCVN3-Times", LegacyFont(Encoding.TCVN3)),
        ("XYZABC+VNI-Helve", LegacyFont(Encoding.VNI)),
        ("VPS Times", LegacyFont(Encoding.VPS)),
        ("TimesNewRomanPSMT", None),
        ("ABCDEF+TimesNewRoman", None),
        ("Vnesa", None),
        ("Verdana", None),
    ],
)
def test_a_fonts_name_claims_an_encoding(name: str, claim: LegacyFont | None) -> None:
    assert font_of_name(name) == claim


@pytest.mark.parametrize("text", [TCVN3, VNI])
def test_a_nameless_font_is_known_by_its_words(text: str) -> None:
    assert judge({"F1": [text]})["F1"].decoder(text) == UNICODE


@pytest.mark.parametrize("name", [".VnTime", "VNI-Times", "F1"])
def test_unicode_stays_whatever_its_font_is_called(name: str) -> None:
    assert judge({name: [UNICODE]})[name].decoder == Decoder()


def test_a_font_of_another_encoding_than_its_name_says_is_known_by_its_words() -> None:
    assert judge({"VNI-Times": [TCVN3]})["VNI-Times"].encoding is Encoding.TCVN3


def test_symbols_are_no_text() -> None:
    verdicts = judge({".VnTime": [TCVN3], "Symbol": ["\uf0b7"], "Wingdings": ["\uf0a7"] * 20})
    assert {verdicts["Symbol"].encoding, verdicts["Wingdings"].encoding} == {None}


def test_a_foreign_language_is_no_old_encoding() -> None:
    assert judge({"F1": [FRENCH]})["F1"].encoding is None


def test_codes_read_by_the_vietnamese_code_page_are_known() -> None:
    """RTF fonts may say that their character set is Windows-1258."""
    text = TCVN3.encode("cp1252").decode("cp1258")
    assert judge({".VnTime": [text]})[".VnTime"].decoder(text) == UNICODE


def test_a_patch_of_unicode_in_an_old_font_stays() -> None:
    decoder = judge({".VnTime": [TCVN3]})[".VnTime"].decoder
    assert decoder("Độc lập") == "Độc lập"
    assert decoder("®éc lËp") == "độc lập"


def test_little_text_of_a_nameless_font_is_as_its_neighbours() -> None:
    verdicts = judge({".VnTime": [TCVN3], "F2": ["ngµy th¸ng"], "F3": ["tháng"]})
    assert verdicts["F2"].decoder("ngµy th¸ng") == "ngày tháng"
    assert verdicts["F3"].decoder("tháng") == "tháng"


def test_an_old_fonts_text_that_makes_no_sense_is_doubtful() -> None:
    verdict = judge({".VnTime": ["¤¤¤x ¢¢q ÆÆz ××w ÷÷j ££f ¥¥z ØØw ÐÐj ÞÞf"]})[".VnTime"]
    assert verdict.doubtful
