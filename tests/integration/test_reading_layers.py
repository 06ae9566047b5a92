"""Text layers as programs really write them: old encodings, hyphens and blanks that are none, with pdfium itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from pipeline.reading import pdf
from pipeline.reading.text_layer import TextLayer
from pipeline.reading.trust import distrust
from tests.reading_papers import born_digital, with_legacy_font

pytestmark = pytest.mark.integration

TCVN3 = (
    "C¨n cø LuËt Tæ chøc chÝnh quyÒn ®Þa ph\xad¬ng ngµy 19 th¸ng 6 n¨m 2015;",
    "Uû ban nh©n d©n huyÖn ®Ò nghÞ c¸c ®¬n vÞ khÈn tr\xad¬ng thùc hiÖn nhiÖm vô",
)
UNICODE = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
    "Uỷ ban nhân dân huyện đề nghị các đơn vị khẩn trương thực hiện nhiệm vụ",
)
VNI = "Caên cöù Luaät Toå chöùc chính quyeàn ñòa phöông, Uyû ban nhaân daân huyeän ñeà nghò caùc ñôn vò"


def page_of(
    path: Path,
    parts: Sequence[tuple[str, str]],
    *,
    colour: str = "0 g",
    under: str = "",
    to_unicode: bytes | None = None,
    apart: int = 0,
) -> TextLayer:
    """The layer of a page with lines (font name, text in codes), each code shown as Windows-1252 has it; `apart` is
    what stands between two letters, in thousandths of the font's size.
    """
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    place = document.pages[0]
    fonts, body = Dictionary(), []
    widths = [*[500] * 32, 250, *[500] * 223]
    for at, (name, text) in enumerate(parts):
        fonts[f"/F{at}"] = Dictionary(
            Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name("/" + name), Encoding=Name.WinAnsiEncoding,
            FirstChar=0, LastChar=255, Widths=Array([600] * 256 if name == "Courier" else widths),
        )  # fmt: skip
        if to_unicode:
            fonts[f"/F{at}"].ToUnicode = document.make_stream(to_unicode)
        codes = f" {-apart} ".join(f"<{code:02x}>" for code in text.encode("cp1252"))
        body.append(f"{colour} BT /F{at} 12 Tf 50 {760 - 30 * at} Td [{codes}] TJ ET")
    place.obj.Resources = Dictionary(Font=fonts)
    place.obj.Contents = document.make_stream("\n".join([under, *body]).encode())
    document.save(path)
    return layer_of(path)


def layer_of(path: Path) -> TextLayer:
    document = pdf.open_pdf(path)
    page, sheet = pdf.survey(document, 0, 50)
    page.close()
    document.close()
    return sheet.layer


def said(layer: TextLayer) -> list[str]:
    return [line.text for line in layer.lines]


@pytest.mark.parametrize("name", ["ABCDEF+.VnTime", "F1"])
def test_tcvn3_is_read_by_the_fonts_name_and_by_its_words(tmp_path: Path, name: str) -> None:
    layer = page_of(tmp_path / "a.pdf", [(name, line) for line in TCVN3])
    assert said(layer) == list(UNICODE)
    assert layer.facts.decoded == ("TCVN3 (ABC)",)
    assert distrust(layer.facts) is None


def test_fonts_of_one_page_are_judged_each_for_itself(tmp_path: Path) -> None:
    layer = page_of(
        tmp_path / "a.pdf",
        [(".VnTimeH", "céng hoµ x· héi chñ nghÜa viÖt nam"), (".VnTime", TCVN3[1]), ("VNI-Times", VNI),
         ("TimesNewRoman", "Genève, été 2015")],
    )  # fmt: skip
    assert said(layer)[0] == "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert said(layer)[2].startswith("Căn cứ Luật Tổ chức chính quyền địa phương, Uỷ ban")
    assert said(layer)[3] == "Genève, été 2015"
    assert layer.facts.decoded == ("TCVN3 (ABC)", "VNI")


def test_unicode_in_a_font_with_an_old_name_stays(tmp_path: Path) -> None:
    source = born_digital(tmp_path / "a.pdf")
    before = said(layer_of(source))
    layer = layer_of(with_legacy_font(source, tmp_path / "b.pdf"))
    assert said(layer) == before
    assert layer.facts.decoded == ()
    assert distrust(layer.facts) is None


def test_an_old_font_that_makes_no_sense_is_not_believed(tmp_path: Path) -> None:
    layer = page_of(tmp_path / "a.pdf", [(".VnTime", "¤¤¤x ¢¢q ÆÆz ××w ÷÷j ££f ¥¥z ØØw ÐÐj ÞÞf " * 2)])
    assert distrust(layer.facts) == "legacy-font"


def test_a_hyphen_at_the_end_of_a_line_is_kept(tmp_path: Path) -> None:
    layer = page_of(tmp_path / "a.pdf", [("Helvetica", "so 15/KH-"), ("Helvetica", "UBND ngay")])
    assert said(layer)[0] == "so 15/KH-"


def test_a_soft_hyphen_with_ink_is_a_hyphen(tmp_path: Path) -> None:
    """Where a font shares one glyph, programs call it by the wrong one of its names."""
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def 1 begincodespacerange "
        b"<00> <FF> endcodespacerange 1 beginbfrange <20> <2C> <0020> endbfrange 1 beginbfchar <2D> <00AD> endbfchar "
        b"1 beginbfrange <2E> <7E> <002E> endbfrange endcmap end end"
    )
    layer = page_of(tmp_path / "a.pdf", [("Helvetica", "15/KH-UBND")], to_unicode=cmap)
    assert said(layer) == ["15/KH-UBND"]


def test_a_word_in_pieces_is_whole(tmp_path: Path) -> None:
    layer = page_of(tmp_path / "a.pdf", [(".VnTimeH", "q uyÕt ®Þnh"), (".VnTime", "vÒ n gµy"), (".VnTime", TCVN3[0])])
    assert said(layer)[:2] == ["QUYẾT ĐỊNH", "về ngày"]


def test_letters_that_are_set_apart_are_words_all_the_same(tmp_path: Path) -> None:
    """pdfium guesses blanks between them, and then pieces of words come out."""
    text = "CHUONG HAI TC HQ NAM 1998"
    assert said(page_of(tmp_path / "a.pdf", [("Courier", text)], apart=130)) == [text]


def test_white_text_on_white_is_not_read_and_on_a_dark_bar_it_is(tmp_path: Path) -> None:
    hidden = page_of(tmp_path / "a.pdf", [("Helvetica", "so 99/QD-X")], colour="1 g")
    assert said(hidden) == []
    assert hidden.facts.invisible == hidden.facts.characters > 0
    seen = page_of(tmp_path / "b.pdf", [("Helvetica", "so 99/QD-X")], colour="1 g", under="0 g 40 740 400 50 re f")
    assert said(seen) == ["so 99/QD-X"]
