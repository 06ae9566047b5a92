"""Office documents in old fonts, through the real LibreOffice: read in Unicode, shown in fonts that have it."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from pipeline import settings
from pipeline.document import Kind, TextSource
from pipeline.reading import Reader, odt, pdf

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]


def rtf(*runs: str) -> bytes:
    """Runs of text, each beginning with its font's number: \\f0 .VnTime, \\f1 .VnTimeH, \\f2 VNI-Times, \\f3 Arial."""
    fonts = r"{\fonttbl{\f0 .VnTime;}{\f1 .VnTimeH;}{\f2 VNI-Times;}{\f3 Arial;}}"
    body = "".join(f"{{{run}}}" for run in runs)
    return rb"{\rtf1\ansi\ansicpg1252" + fonts.encode() + body.encode("cp1252") + b"}"


DOCUMENT = rtf(
    r"\f1 céng hoµ x· héi chñ nghÜa viÖt nam\par ",
    r"\f0 §\'e9c lËp - Tù do - H¹nh phóc\par ",
    r"\f0 C¨n cø LuËt Tæ chøc chÝnh quyÒn ®Þa ph\'ad¬ng; xÐt ®Ò nghÞ cña tr\'adëng phßng\par ",
    r"\f2 Caên cöù Luaät Toå chöùc chính quyeàn ñòa phöông, xeùt ñeà nghò cuûa tröôûng phoøn\b g t\b0 oå chöùc\par ",
    r"\f3 Gen\'e8ve, \'e9t\'e9 2015 \u7889?\par ",
)


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str], set[tuple[str, str]], Path]:
    """(The document, its lines, its findings, its reading copy), read once."""
    folder = tmp_path_factory.mktemp("office")
    path = folder / "a.rtf"
    path.write_bytes(DOCUMENT)
    with Reader(settings.Reading(processes=1), settings.Intake()) as reader:
        reading = reader.read(path, Kind.RTF)
        assert reader.write_reading_copy(path, Kind.RTF, reading, folder / "copy.pdf")
    assert [page.source for page in reading.pages] == [TextSource.TEXT_LAYER]
    found = {(finding.code, finding.detail["encoding"]) for finding in reading.findings}
    return path, [line.text for line in reading.pages[0].lines], found, folder / "copy.pdf"


def test_a_text_in_old_fonts_is_read_in_unicode(old: tuple[Path, list[str], set[tuple[str, str]], Path]) -> None:
    _, lines, findings, _ = old
    assert lines[0] == "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert lines[1] == "Độc lập - Tự do - Hạnh phúc"
    assert "Căn cứ Luật Tổ chức chính quyền địa phương; xét đề nghị của trưởng phòng" in lines
    assert any(line.startswith("Căn cứ Luật Tổ chức chính quyền địa phương, xét") for line in lines)
    assert lines[-1] == "Genève, été 2015 ố"
    assert findings == {("legacy-encoding", "TCVN3 (ABC), VNI")}


def test_the_reading_copy_shows_what_was_read(old: tuple[Path, list[str], set[tuple[str, str]], Path]) -> None:
    _, lines, _, copy = old
    document = pdf.open_pdf(copy)
    page, sheet = pdf.survey(document, 0, 50)
    page.close()
    document.close()
    assert [line.text for line in sheet.layer.lines] == lines
    assert sheet.layer.facts.decoded == ()


def test_a_text_without_old_fonts_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(rtf(r"\f3 Hanoi").replace(b".Vn", b"Sans").replace(b"VNI-", b"Serif"))
    assert not odt.names_old_fonts(path, Kind.RTF)
    with zipfile.ZipFile(tmp_path / "a.odt", "w") as archive:
        for name in ("content.xml", "styles.xml"):
            archive.writestr(name, "<a/>")
    assert odt.to_unicode(tmp_path / "a.odt", tmp_path / "b.odt") == ()
    assert not (tmp_path / "b.odt").exists()
