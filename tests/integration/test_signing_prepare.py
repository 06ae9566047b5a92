"""Preparing a draft: the anchor really goes, everything else stays, and what is dangerous is refused."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from pipeline.document import Kind
from pipeline.errors import RefusedError
from pipeline.reading.office import Limits, find_office, to_pdf
from pipeline.signatures import Plan, prepare, refuse_dangerous
from tests import signing_papers as papers

pytestmark = pytest.mark.integration


def words(path: Path) -> str:
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(RefusedError) as caught:
        call()
    return caught.value.code


def changed(source: Path, change: Callable[[Pdf], None], **save: object) -> Path:
    target = source.with_name("changed.pdf")
    with pikepdf.open(source) as pdf:
        change(pdf)
        pdf.save(target, **save)  # type: ignore[arg-type]
    return target


# --- dangers ----------------------------------------------------------------------------------------------------------


def _script(pdf: Pdf) -> None:
    pdf.Root["/OpenAction"] = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def _launch(pdf: Pdf) -> None:
    pdf.Root["/OpenAction"] = Dictionary(S=Name.Launch, F=String("cmd.exe"))


def _launch_of_a_link(pdf: Pdf) -> None:
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.Launch, F=String("cmd.exe"))
    )  # fmt: skip
    pdf.pages[0].obj["/Annots"] = Array([link])


def _embedded(pdf: Pdf) -> None:
    pdf.attachments["a.txt"] = b"x"


def _xfa(pdf: Pdf) -> None:
    pdf.Root["/AcroForm"] = Dictionary(Fields=[], XFA=Stream(pdf, b"<xdp/>"))


def _layers(pdf: Pdf) -> None:
    pdf.Root["/OCProperties"] = Dictionary(OCGs=[], D=Dictionary())


def _portfolio(pdf: Pdf) -> None:
    pdf.Root["/Collection"] = Dictionary(Type=Name.Collection)


def _appearances(pdf: Pdf) -> None:
    pdf.Root["/AcroForm"] = Dictionary(Fields=[], NeedAppearances=True)


def _usage_rights(pdf: Pdf) -> None:
    pdf.Root["/Perms"] = Dictionary(UR3=Dictionary(Type=Name.Sig))


def _certified(pdf: Pdf) -> None:
    reference = Dictionary(TransformMethod=Name.DocMDP, TransformParams=Dictionary(P=1))
    pdf.Root["/Perms"] = Dictionary(DocMDP=Dictionary(Type=Name.Sig, Reference=[reference]))


def _note(pdf: Pdf) -> None:
    pdf.pages[0].obj["/Annots"] = Array([Dictionary(Type=Name.Annot, Subtype=Name.FreeText, Rect=[0, 0, 9, 9])])


def _field(pdf: Pdf) -> None:
    box = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("x"), Rect=[0, 0, 9, 9])
    pdf.pages[0].obj["/Annots"] = Array([pdf.make_indirect(box)])


def _external(pdf: Pdf) -> None:
    stream = Stream(pdf, b"")
    stream["/F"] = String("http://example.com/x")
    pdf.Root["/X"] = pdf.make_indirect(stream)


def _byte_range(pdf: Pdf) -> None:
    pdf.Root["/X"] = String("/ByteRange [0 1 2 3]")


DANGERS: dict[str, tuple[Callable[[Pdf], None], str]] = {
    "script": (_script, "sign-javascript"), "launch": (_launch, "sign-launch-action"),
    "launch of a link": (_launch_of_a_link, "sign-launch-action"), "file inside": (_embedded, "sign-embedded-files"),
    "XFA": (_xfa, "sign-xfa"), "layers": (_layers, "sign-hidden-layers"), "portfolio": (_portfolio, "sign-portfolio"),
    "NeedAppearances": (_appearances, "sign-need-appearances"), "usage rights": (_usage_rights, "sign-usage-rights"),
    "certified": (_certified, "sign-certified-against"), "note": (_note, "sign-annotations"),
    "form field": (_field, "sign-form-fields"), "external": (_external, "sign-external-content"),
    "signed": (_byte_range, "sign-signed-already"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "code"), DANGERS.values(), ids=list(DANGERS))
def test_dangerous_drafts_are_refused_with_the_reason(change: Callable[[Pdf], None], code: str, tmp_path: Path) -> None:
    draft = changed(papers.draft(tmp_path / "draft.pdf"), change)
    assert refused(lambda: prepare(draft, tmp_path / "out.pdf", Plan())) == code
    assert not (tmp_path / "out.pdf").exists()


def test_a_locked_draft_is_refused(tmp_path: Path) -> None:
    for name, encryption in {
        "user.pdf": pikepdf.Encryption(owner="a", user="b"), "owner.pdf": pikepdf.Encryption(owner="a"),
    }.items():  # fmt: skip
        with pikepdf.open(papers.draft(tmp_path / "draft.pdf")) as pdf:
            pdf.save(tmp_path / name, encryption=encryption)
        assert refused(lambda name=name: refuse_dangerous(tmp_path / name)) == "sign-encrypted"


def test_two_tables_of_objects_are_refused(tmp_path: Path) -> None:
    data = papers.draft(tmp_path / "draft.pdf").read_bytes()
    (tmp_path / "hybrid.pdf").write_bytes(data.replace(b"trailer\n<<", b"trailer\n<</XRefStm 15"))
    assert refused(lambda: refuse_dangerous(tmp_path / "hybrid.pdf")) == "sign-hybrid-xref"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"no PDF at all"])
def test_what_is_no_pdf_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(content)
    assert refused(lambda: refuse_dangerous(tmp_path / "x.pdf")) == "sign-unreadable"


def test_a_plain_draft_with_a_link_is_not_dangerous(tmp_path: Path) -> None:
    def link(pdf: Pdf) -> None:
        action = Dictionary(S=Name.URI, URI=String("https://example.vn"))
        pdf.pages[0].obj["/Annots"] = Array(
            [Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action)]
        )

    refuse_dangerous(changed(papers.draft(tmp_path / "draft.pdf"), link))


# --- the anchor -------------------------------------------------------------------------------------------------------


def test_the_anchor_goes_and_nothing_else(tmp_path: Path) -> None:
    source = papers.draft(tmp_path / "draft.pdf", pages=2)
    before = words(source).split()
    prepare(source, tmp_path / "out.pdf", Plan())
    assert words(tmp_path / "out.pdf").split() == [word for word in before if word != "#ChuKyLanhDao"]
    assert b"ChuKyLanhDao" in (tmp_path / "out.pdf").read_bytes()  # the field bears the name; no page does


def test_without_an_anchor_or_with_two_nothing_is_prepared(tmp_path: Path) -> None:
    none = papers.draft(tmp_path / "none.pdf", anchor="(đã ký)")
    two = papers.draft(tmp_path / "two.pdf", anchors=2)
    assert refused(lambda: prepare(none, tmp_path / "out.pdf", Plan())) == "anchor-missing"
    assert refused(lambda: prepare(two, tmp_path / "out.pdf", Plan())) == "anchor-twice"


def test_anchors_are_configured(tmp_path: Path) -> None:
    source = papers.draft(tmp_path / "draft.pdf", anchor="[[KÝ TÊN]]")
    prepared = prepare(source, tmp_path / "out.pdf", Plan({"[[KÝ TÊN]]": "leader"}))
    assert prepared.place("ChuKyLanhDao") is not None
    assert "KÝ" not in words(tmp_path / "out.pdf")


def test_the_seal_may_have_an_anchor_of_its_own(tmp_path: Path) -> None:
    def second(pdf: Pdf) -> None:
        page = pdf.pages[0]
        name = page.add_resource(papers.simple_font(pdf), Name.Font)
        page.contents_add(f"BT {name} 9 Tf 300 300 Td (#Con) Tj 0 0 Td [(D) -10 (au)] TJ ET".encode())

    source = changed(papers.draft(tmp_path / "draft.pdf"), second)
    prepared = prepare(source, tmp_path / "out.pdf", Plan({"#ChuKyLanhDao": "leader", "#ConDau": "seal"}, seal_mm=30))
    place = prepared.place("ChuKyCoQuan")
    assert place is not None
    assert abs(place.box.width - 30 / 25.4 * 72) < 0.01
    assert abs(place.box.centre[0] - 316) < 12
    assert "Con" not in words(tmp_path / "out.pdf").replace("Công", "")


def _one_font(pdf: Pdf) -> Dictionary:
    return Dictionary(Font=Dictionary(F=papers.simple_font(pdf)))


ANCHORS = {
    "one operator": b"BT /F 10 Tf 380 200 Td (truoc #ChuKyLanhDao sau) Tj ET",
    "single letters": b"BT /F 10 Tf 380 200 Td " + b" ".join(b"(%c) Tj" % c for c in b"a#ChuKyLanhDao b") + b" ET",
    "kerned": b"BT /F 10 Tf 380 200 Td [(tr) 20 (#Chu) -30 (Ky) 15.5 (LanhDao) -20 (sau)] TJ ET",
    "moved between": b"BT /F 10 Tf 1 0 0 1 380 200 Tm (#ChuKy) Tj 1 0 0 1 409.99 200 Tm (LanhDao) Tj ET",
    "spaced and stretched": b"BT /F 10 Tf 1.5 Tc 3 Tw 90 Tz 380 200 Td (a #ChuKyLanhDao b) Tj ET",
    "quote operators": b"BT /F 10 Tf 12 TL 380 212 Td (#ChuKyLanhDao) ' 2 1 (b c) \" ET",
    "scaled": b"q .5 0 0 .5 100 50 cm BT /F 1 Tf 20 0 0 20 560 300 Tm (x#ChuKyLanhDao y) Tj ET Q",
    "raised": b"BT /F 10 Tf 4 Ts 380 200 Td (#ChuKyLanhDao) Tj ET",
    "with ActualText": b"/Span <</ActualText (a #ChuKyLanhDao)>> BDC BT /F 10 Tf 380 200 Td (#ChuKyLanhDao) Tj ET EMC",
}


@pytest.mark.parametrize("content", ANCHORS.values(), ids=list(ANCHORS))
@pytest.mark.parametrize("in_form", [False, True], ids=["page", "form"])
def test_the_anchor_goes_however_it_is_drawn(content: bytes, in_form: bool, tmp_path: Path) -> None:
    def draw(pdf: Pdf) -> None:
        page = pdf.pages[0]
        if not in_form:
            resources = _one_font(pdf)
            page.obj["/Resources"]["/Font"]["/F"] = resources["/Font"]["/F"]
            page.contents_add(content)
            return
        form = Stream(pdf, content)
        form["/Type"], form["/Subtype"], form["/BBox"] = Name.XObject, Name.Form, Array([0, 0, 600, 850])
        form["/Matrix"] = Array([1, 0, 0, 1, 5, -7])
        form["/Resources"] = _one_font(pdf)
        outer = Stream(pdf, b"q 1 0 0 1 -5 7 cm /Inner Do Q")
        outer["/Type"], outer["/Subtype"], outer["/BBox"] = Name.XObject, Name.Form, Array([-50, -50, 650, 900])
        outer["/Resources"] = Dictionary(XObject=Dictionary(Inner=pdf.make_indirect(form)))
        name = page.add_resource(pdf.make_indirect(outer), Name.XObject)
        page.contents_add(f"{name} Do".encode())

    source = changed(papers.draft(tmp_path / "draft.pdf", anchor="."), draw)
    boxes = _boxes(source)
    prepare(source, tmp_path / "out.pdf", Plan())
    assert "ChuKy" not in words(tmp_path / "out.pdf")
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        drawn = b"".join(
            bytes(found.read_bytes()) for found in pdf.objects if isinstance(found, Stream) and _readable(found)
        )
    assert b"ChuKyLanhDao" not in drawn
    left = [(text, box) for text, box in boxes if text not in "#ChuKyLanhDao"]
    after = [(text, box) for text, box in _boxes(tmp_path / "out.pdf") if text not in "#ChuKyLanhDao"]
    assert [text for text, _ in left] == [text for text, _ in after]
    assert all(
        abs(a - b) < 0.2 for (_, old), (_, new) in zip(left, after, strict=True) for a, b in zip(old, new, strict=True)
    )


def _readable(stream: Stream) -> bool:
    return str(stream.get("/Subtype", "")) != "/Image" and "/Length1" not in stream


def _boxes(path: Path) -> list[tuple[str, tuple[float, ...]]]:
    import pypdfium2 as pdfium

    with pdfium.PdfDocument(path) as document:
        text = document[0].get_textpage()
        found = [(text.get_text_range(i, 1), text.get_charbox(i)) for i in range(text.count_chars())]
    return [(character, box) for character, box in found if character.strip()]


def test_a_form_that_other_pages_use_keeps_its_words_there(tmp_path: Path) -> None:
    """Taking the anchor out of page 2's form must not take the same letters from page 1."""

    def draw(pdf: Pdf) -> None:
        form = Stream(pdf, b"BT /F 10 Tf 400 200 Td (#ChuKyLanhDao) Tj ET")
        form["/Type"], form["/Subtype"], form["/BBox"] = Name.XObject, Name.Form, Array([0, 0, 600, 850])
        form["/Resources"] = _one_font(pdf)
        shared = pdf.make_indirect(form)
        pdf.pages[0].obj["/Resources"]["/XObject"] = Dictionary(Shared=shared)  # there, but not drawn
        pdf.pages[1].obj["/Resources"]["/XObject"] = Dictionary(Shared=shared)
        pdf.pages[1].contents_add(b"/Shared Do")

    source = changed(papers.draft(tmp_path / "draft.pdf", pages=2, anchor="."), draw)
    prepare(source, tmp_path / "out.pdf", Plan())
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        kept = pdf.pages[0].obj["/Resources"]["/XObject"]["/Shared"].read_bytes()
    assert b"ChuKyLanhDao" in kept


def test_a_page_without_room_for_the_seal_is_named(tmp_path: Path) -> None:
    def small(pdf: Pdf) -> None:
        page = pdf.add_blank_page(page_size=(90, 400))
        page.obj["/Resources"] = _one_font(pdf)
        page.contents_add(b"BT /F 9 Tf 5 200 Td (#ChuKyLanhDao) Tj ET")

    source = changed(papers.draft(tmp_path / "draft.pdf", anchor="."), small)
    with pytest.raises(RefusedError) as caught:
        prepare(source, tmp_path / "out.pdf", Plan())
    assert (caught.value.code, caught.value.detail["path"], caught.value.detail["page"]) == (
        "page-too-small", "changed.pdf", "2",
    )  # fmt: skip


# --- number and date --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "date", "code"), [
    ("Số: 15/QĐ-BQL", papers.DATE, "draft-number-typed"),
    ("Số: /QĐ-BQL", papers.DATE, "draft-gap-narrow"),
    ("QĐ-BQL", papers.DATE, "draft-number-missing"),
    (papers.NUMBER, "An Bình, ngày 05 tháng 02 năm 2026", "draft-date-typed"),
    (papers.NUMBER, "An Bình, năm 2026", "draft-date-missing"),
])  # fmt: skip
def test_a_header_that_cannot_take_number_and_date_is_refused(
    number: str, date: str, code: str, tmp_path: Path
) -> None:
    source = papers.draft(tmp_path / "draft.pdf", number=number, date=date)
    assert refused(lambda: prepare(source, tmp_path / "out.pdf", Plan())) == code


@pytest.mark.parametrize("number", ["Số: ………/QĐ-BQL", "Số:........./QĐ-BQL", "Số: ______ /QĐ-BQL"])
def test_dots_in_the_blank_make_room_for_the_number(number: str, tmp_path: Path) -> None:
    prepared = prepare(papers.draft(tmp_path / "draft.pdf", number=number), tmp_path / "out.pdf", Plan())
    text = words(prepared.path)
    assert not any(dots in text for dots in ("…", "....", "___"))
    assert "/QĐ-BQL" in text


def test_a_blank_year_has_a_field_and_a_typed_one_has_none(tmp_path: Path) -> None:
    blank = papers.draft(tmp_path / "blank.pdf", date="An Bình, ngày        tháng        năm               ")
    fields = {place.field for place in prepare(papers.draft(tmp_path / "a.pdf"), tmp_path / "a1.pdf", Plan()).places}
    with_year = {place.field for place in prepare(blank, tmp_path / "b1.pdf", Plan()).places}
    assert "NamVanBan" not in fields
    assert with_year - fields == {"NamVanBan"}


# --- from LibreOffice -------------------------------------------------------------------------------------------------


@pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed here")
def test_a_word_draft_through_libreoffice_is_prepared(tmp_path: Path) -> None:
    papers.word_draft(tmp_path / "draft.docx")
    pdf = to_pdf(tmp_path / "draft.docx", Kind.DOCX, tmp_path, Limits(120, memory_mb=2048))
    before = words(pdf).split()
    prepared = prepare(pdf, tmp_path / "out.pdf", Plan())
    assert words(prepared.path).split() == [word for word in before if word != "#ChuKyLanhDao"]
    with pikepdf.open(prepared.path) as opened, opened.open_metadata() as meta:
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "B")
