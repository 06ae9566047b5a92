"""Office documents in old fonts, through the real LibreOffice: read in Unicode, shown in fonts that have it."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from pipeline import settings
from pipeline.document import Kind, Reading, TextSource
from pipeline.errors import ReadingError, RefusedError
from pipeline.reading import Reader, odt, office, pdf
from pipeline.reading.office_needs import needs_rewriting

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]


def rtf(*runs: str) -> bytes:
    """Runs of text, each beginning with its font's number: \\f0 .VnTime, \\f1 .VnTimeH, \\f2 VNI-Times, \\f3 Arial."""
    fonts = r"{\fonttbl{\f0 .VnTime;}{\f1 .VnTimeH;}{\f2 VNI-Times;}{\f3 Arial;}}"
    body = "".join(f"{{{run}}}" for run in runs)
    return rb"{\rtf1\ansi\ansicpg1252" + fonts.encode() + body.encode("cp1252") + b"}"


def docx(body: str) -> bytes:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    kinds = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    package = "http://schemas.openxmlformats.org/package/2006"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{kinds}"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="r" Type="{relation}" Target="word/document.xml"/></Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>',
        }
    )


def odt_file(body: str) -> bytes:
    names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text"))
    names += ' xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.2"'
    content = f"<office:body><office:text>{body}</office:text></office:body>"
    media = "application/vnd.oasis.opendocument.text"
    listed = "".join(
        f'<m:file-entry m:full-path="{path}" m:media-type="{kind}"/>'
        for path, kind in (("/", media), ("content.xml", "text/xml"), ("styles.xml", "text/xml"))
    )
    return zipped(
        {
            "mimetype": media,
            "content.xml": f"<office:document-content {names}>{content}</office:document-content>",
            "styles.xml": f"<office:document-styles {names}/>",
            "META-INF/manifest.xml": f'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f"{listed}</m:manifest>",
        }
    )


def zipped(members: dict[str, str]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return made.getvalue()


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
    assert not needs_rewriting(path, Kind.RTF)
    with zipfile.ZipFile(tmp_path / "a.odt", "w") as archive:
        for name in ("content.xml", "styles.xml"):
            archive.writestr(name, "<a/>")
    assert not odt.rewrite(tmp_path / "a.odt", tmp_path / "b.odt")
    assert not (tmp_path / "b.odt").exists()


def test_a_style_in_an_old_font_gets_a_font_that_has_its_letters(tmp_path: Path) -> None:
    """A named style names its font twice; LibreOffice goes by the name that stands beside the face's."""
    path = tmp_path / "a.rtf"
    path.write_bytes(
        rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss .VnTime;}}{\stylesheet{\f0 Normal;}}"
        rb"\pard\plain\f0 C\'a8n c\'f8 Lu\'cbt T\'e6 ch\'f8c\par}"
    )
    with Reader(settings.Reading(processes=1), settings.Intake()) as reader:
        assert reader.write_reading_copy(path, Kind.RTF, Reading(()), tmp_path / "copy.pdf")
    with pikepdf.open(tmp_path / "copy.pdf") as copy:
        fonts = {str(font.BaseFont) for font in copy.pages[0].Resources.Font.as_dict().values()}
    assert all("DejaVu" not in font for font in fonts), fonts


def tracked_rtf() -> bytes:
    return rb"{\rtf1{\revtbl{A;}}number {\deleted\revauthdel0 15}{\revised\revauth0 16} of today\par}"


def tracked_docx() -> bytes:
    run = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    gone = '<w:del w:id="1" w:author="A"><w:r><w:delText>15</w:delText></w:r></w:del>'
    put = f'<w:ins w:id="2" w:author="A">{run.format(16)}</w:ins>'
    return docx(f"<w:p>{run.format('number ')}{gone}{put}{run.format(' of today')}</w:p>")


def tracked_doc(folder: Path) -> bytes:
    """As LibreOffice writes Word's binary format."""
    (folder / "made.docx").write_bytes(tracked_docx())
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "doc", "--outdir", folder, folder / "made.docx"]
    subprocess.run(command, check=True, capture_output=True)
    return (folder / "made.doc").read_bytes()


def tracked_odt() -> bytes:
    who = "<office:change-info><dc:creator>A</dc:creator><dc:date>2020-01-01T00:00:00</dc:date></office:change-info>"
    gone = f"<text:deletion>{who}<text:p>15</text:p></text:deletion>"
    regions = {"a": gone, "b": f"<text:insertion>{who}</text:insertion>"}
    told = "".join(f'<text:changed-region text:id="{i}">{r}</text:changed-region>' for i, r in regions.items())
    return odt_file(
        f'<text:tracked-changes text:track-changes="false">{told}</text:tracked-changes>'
        '<text:p>number <text:change text:change-id="a"/><text:change-start text:change-id="b"/>16'
        '<text:change-end text:change-id="b"/> of today</text:p>'
    )


@pytest.mark.parametrize("kind", [Kind.ODT, Kind.DOC, Kind.DOCX, Kind.RTF])
def test_tracked_changes_are_read_as_accepted_and_told(tmp_path: Path, kind: Kind) -> None:
    """LibreOffice draws the deleted number as well, struck through, and "1516" would be read."""
    made = {
        Kind.ODT: tracked_odt,
        Kind.DOCX: tracked_docx,
        Kind.RTF: tracked_rtf,
        Kind.DOC: lambda: tracked_doc(tmp_path),
    }
    path = tmp_path / f"a{kind.suffix}"
    path.write_bytes(made[kind]())
    with Reader(settings.Reading(processes=1), settings.Intake()) as reader:
        reading = reader.read(path, kind)
    assert reading.pages[0].text == "number 16 of today"
    assert [finding.code for finding in reading.findings] == ["tracked-changes"]


def test_a_text_with_tracked_changes_is_not_made_into_a_pdf_for_signing(tmp_path: Path) -> None:
    """Whoever signs must see the words that were decided upon, not those that we accepted for the author."""
    path, target = tmp_path / "a.odt", tmp_path / "a.pdf"
    path.write_bytes(tracked_odt())
    with Reader(settings.Reading(processes=1), settings.Intake()) as reader:
        with pytest.raises(RefusedError) as refused:
            reader.write_office_pdf(path, Kind.ODT, target)
        assert (refused.value.code, refused.value.detail["changes"]) == ("changes-not-accepted", "2")
        assert not target.exists()
        path.write_bytes(odt_file("<text:p>number 16 of today</text:p>"))
        reader.write_office_pdf(path, Kind.ODT, target)
    assert target.stat().st_size > 0


def test_the_text_of_an_office_file_is_believed_whatever_it_says(tmp_path: Path) -> None:
    """Lists of codes are no language; but the page is drawn out of this very text, and an image of it says no more."""
    path = tmp_path / "a.rtf"
    codes = " ".join(f"C{number:02d}-Hqz" for number in range(40))
    path.write_bytes(rtf(rf"\f3 {codes}\par "))
    with Reader(settings.Reading(processes=1), settings.Intake()) as reader:
        page = reader.read(path, Kind.RTF).pages[0]
    assert page.source is TextSource.TEXT_LAYER
    assert page.text.split() == codes.split()


def test_a_document_that_is_held_is_converted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = tmp_path / "calls"
    program = tmp_path / "bin" / "soffice"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho >> {calls}\nexec {shutil.which("soffice")} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    path, scratch = tmp_path / "a.rtf", tmp_path / "scratch"
    path.write_bytes(rb"{\rtf1 Hanoi\par}")
    with Reader(settings.Reading(processes=1), settings.Intake(), scratch) as reader:
        with reader.holding(path, Kind.RTF):
            reading = reader.read(path, Kind.RTF)
            assert reader.write_reading_copy(path, Kind.RTF, reading, tmp_path / "copy.pdf")
            assert list(scratch.rglob("*.pdf"))
        assert not list(scratch.rglob("*.pdf"))
        assert calls.read_text() == "\n"
        reader.read(path, Kind.RTF)
        assert calls.read_text() == "\n\n"
    assert not list(scratch.iterdir())


def test_libreoffice_gets_no_more_memory_than_it_may(tmp_path: Path) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(rb"{\rtf1 Hanoi\par}")
    with pytest.raises(ReadingError) as failed:
        office.to_pdf(path, Kind.RTF, tmp_path, office.Limits(60, memory_mb=150))
    assert failed.value.code == "office-conversion-failed"
