"""Drafts that point elsewhere: LibreOffice fetches nothing, neither from the network nor from other files here."""

from __future__ import annotations

import shutil
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from pipeline.document import Kind
from pipeline.reading import office

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]
LIMITS = office.Limits(180, 4000)
NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{whole}:1.0"'
    for name, whole in (("office", "office"), ("text", "text"), ("draw", "drawing"), ("svg", "svg-compatible"))
)
WORD = "http://schemas.openxmlformats.org"
RELATION = f"{WORD}/officeDocument/2006/relationships"
PICTURE = (
    '<w:drawing><wp:inline><wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="p"/><a:graphic><a:graphicData '
    f'uri="{WORD}/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="0" name="x"/><pic:cNvPicPr/>'
    '</pic:nvPicPr><pic:blipFill><a:blip r:link="%s"/></pic:blipFill><pic:spPr/></pic:pic></a:graphicData></a:graphic>'
    "</wp:inline></w:drawing>"
)


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A server's address, and what it was asked for; it is the proxy, too, so that other hosts' questions are seen."""
    paths: list[str] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_POST = do_PROPFIND = do_CONNECT = do_GET  # noqa: N815 - as the library wants it

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", paths
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("kind", [Kind.ODT, Kind.DOCX])
def test_nothing_is_fetched_for_a_draft(
    kind: Kind, tmp_path: Path, asked: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, paths = asked
    proxied = (
        (path, name, address.rpartition(":")[2] if name.endswith("Port") else v) for path, name, v in office.LOCKED
    )
    monkeypatch.setattr(office, "LOCKED", tuple(proxied))
    (tmp_path / "secret.txt").write_text("MATKHAU")
    Image.new("RGB", (50, 50), (255, 0, 0)).save(tmp_path / "secret.png")
    draft = tmp_path / f"draft{kind.suffix}"
    here = tmp_path.as_uri()
    (odt if kind is Kind.ODT else docx)(draft, [f"{address}/a", "http://elsewhere.invalid/b", here + "/secret"])
    made = office.to_pdf(draft, kind, tmp_path / "made", LIMITS)
    assert paths == []
    text = subprocess.run(["pdftotext", str(made), "-"], capture_output=True, text=True, check=True).stdout
    assert "Tờ trình" in text
    assert "MATKHAU" not in text
    with pikepdf.open(made) as pdf:
        images = [pikepdf.PdfImage(image).as_pil_image() for image in pdf.objects if is_image(image)]
    assert not any((255, 0, 0) in {color for _, color in image.convert("RGB").getcolors(1 << 20)} for image in images)


def is_image(value: pikepdf.Object) -> bool:
    return isinstance(value, pikepdf.Stream) and value.get("/Subtype") == pikepdf.Name.Image and "/SMask" in value


def odt(path: Path, places: list[str]) -> None:
    """Pictures, sections, objects and frames that are elsewhere."""
    link = 'xlink:href="%s" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"'
    frame = '<text:p><draw:frame svg:width="2cm" svg:height="2cm"><draw:%s %s/></draw:frame></text:p>'
    body = "<text:p>Tờ trình</text:p>"
    for number, place in enumerate(places):
        body += "".join(frame % (kind, link % f"{place}.png") for kind in ("image", "object", "floating-frame"))
        source = f"<text:section-source {link % (place + '.txt')}/>"
        body += f'<text:section text:name="s{number}">{source}<text:p>cũ</text:p></text:section>'
    content = f"<office:body><office:text>{body}</office:text></office:body>"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        made.writestr(
            "content.xml",
            f'<office:document-content {NAMES} xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2">'
            f"{content}</office:document-content>",
        )
        made.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<m:file-entry m:full-path="/" m:media-type="application/vnd.oasis.opendocument.text"/>'
            '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>',
        )


def docx(path: Path, places: list[str]) -> None:
    """Pictures and a template that are elsewhere, fields that include files or speak to programs."""
    fields = [f'INCLUDETEXT "{place}.txt"' for place in places] + [f'INCLUDEPICTURE "{place}.png"' for place in places]
    body = "<w:p><w:r><w:t>Tờ trình</w:t></w:r></w:p>"
    body += "".join(f"<w:p><w:r>{PICTURE % f'r{number}'}</w:r></w:p>" for number in range(len(places)))
    for field in [*fields, r"DDEAUTO cmd &quot;/c touch secret.ran&quot;"]:
        name = field.replace('"', "&quot;")
        body += f'<w:p><w:fldSimple w:instr="{name}" w:dirty="true"><w:r><w:t>cũ</w:t></w:r></w:fldSimple></w:p>'
    pictures = [(f"r{number}", "image", f"{place}.png", "External") for number, place in enumerate(places)]
    spaces = (
        f'xmlns:w="{WORD}/wordprocessingml/2006/main" xmlns:r="{RELATION}" xmlns:a="{WORD}/drawingml/2006/main" '
        f'xmlns:wp="{WORD}/drawingml/2006/wordprocessingDrawing" xmlns:pic="{WORD}/drawingml/2006/picture"'
    )
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.%s+xml"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{WORD}/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main % "document.main"}"/>'
            f'<Override PartName="/word/settings.xml" ContentType="{main % "settings"}"/></Types>',
        )
        made.writestr("_rels/.rels", relations([("r", "officeDocument", "word/document.xml", "Internal")]))
        made.writestr("word/document.xml", f"<w:document {spaces}><w:body>{body}</w:body></w:document>")
        parts = [*pictures, ("set", "settings", "settings.xml", "Internal")]
        made.writestr("word/_rels/document.xml.rels", relations(parts))
        made.writestr("word/settings.xml", f'<w:settings {spaces}><w:attachedTemplate r:id="t"/></w:settings>')
        template = [("t", "attachedTemplate", f"{places[0]}.dotm", "External")]
        made.writestr("word/_rels/settings.xml.rels", relations(template))


def relations(parts: list[tuple[str, str, str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="{name}" Type="{RELATION}/{kind}" Target="{target}" TargetMode="{mode}"/>'
        for name, kind, target, mode in parts
    )
    return f'<Relationships xmlns="{WORD}/package/2006/relationships">{listed}</Relationships>'
