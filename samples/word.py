"""A small WordprocessingML file of a draft: a header table, paragraphs, a table of recipients and signature."""

from __future__ import annotations

import io
import zipfile
from html import escape

from samples.draft import Draft

CONTENT_TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
</Types>"""
RELATIONS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
 Target="word/document.xml"/></Relationships>"""
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SECTION = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1134" w:right="850" w:bottom="1134" w:left="1701" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
)


def docx(draft: Draft) -> bytes:
    """The same bytes for the same draft: members in order, with a fixed date."""
    issued = draft.issued
    date = f"{draft.place}, ngày {issued:%d} tháng {issued.month} năm {issued.year}" if issued else ""
    left = [*([_line(draft.parent, 25)] if draft.parent else []), *(_line(t, 25, "b") for t in draft.agency),
            _line(f"Số: {draft.code}", 26)]  # fmt: skip
    right = [_line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 25, "b"), _line("Độc lập - Tự do - Hạnh phúc", 26, "b"),
             _line(date, 27, "i")]  # fmt: skip
    ends = [";"] * (len(draft.recipients) - 1) + ["."]
    recipients = [
        _line("Nơi nhận:", 24, "b", align="left"),
        *(_line(f"- {name}{end}", 22, align="left") for name, end in zip(draft.recipients, ends, strict=True)),
    ]
    signature = [_line(draft.signing.position, 28, "b"), *[_line("", 28)] * 4, _line(draft.signing.name, 28, "b")]
    body = "".join([
        _table((3600, 6000), left, right),
        _line("", 20), _line(draft.heading, 28, "b"), _line(draft.subject, 28, "b"), _line("", 20),
        *(_line(text, 28, align="both") for text in draft.body),
        _line("", 20), _table((4800, 4800), recipients, signature), SECTION,
    ])  # fmt: skip
    document = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{NAMESPACE}"><w:body>{body}</w:body></w:document>'
    return archive({"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": RELATIONS, "word/document.xml": document})


def archive(members: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in members.items():
            file.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _line(text: str, half_points: int, style: str = "", align: str = "center") -> str:
    look = f'<w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"/>{f"<w:{style}/>" if style else ""}<w:sz w:val="{half_points}"/></w:rPr>'
    indent = '<w:ind w:firstLine="720"/>' if align == "both" else ""
    return (
        f'<w:p><w:pPr><w:spacing w:before="60" w:after="0"/>{indent}<w:jc w:val="{align}"/></w:pPr>'
        f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
    )


def _table(widths: tuple[int, int], *cells: list[str]) -> str:
    row = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{"".join(lines)}</w:tc>'
        for width, lines in zip(widths, cells, strict=True)
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid><w:tr>{row}</w:tr></w:tbl><w:p/>'
