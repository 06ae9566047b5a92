"""Every prepared draft is a PDF/A-2b that says and shows what the draft did; what cannot become one is refused."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from pipeline.document import Kind
from pipeline.errors import DependencyError, RefusedError
from pipeline.reading import office
from pipeline.signatures import (
    FileKey,
    Issue,
    Level,
    Plan,
    Terms,
    load_picture,
    open_key,
    prepare,
    seal,
    sign_leader,
)
from pipeline.signatures.archival import _looks_the_same, make_archival
from pipeline.signatures.pdfa import flaws_of
from tests import signing_papers as papers
from tests.pki import PASSPHRASE, Pki

pytestmark = pytest.mark.integration


def letters(path: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    return "".join(done.stdout.split())


def changed(source: Path, change: Callable[[Pdf], None], **save: object) -> Path:
    target = source.with_name(f"changed-{source.name}")
    with pikepdf.open(source) as pdf:
        change(pdf)
        pdf.save(target, **save)  # type: ignore[arg-type]
    return target


def refused(draft: Path) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        prepare(draft, draft.with_name("out.pdf"), Plan())
    assert not draft.with_name("out.pdf").exists()
    return caught.value


# --- drafts of many makers --------------------------------------------------------------------------------------------


def _for_a_projector(pdf: Pdf) -> None:
    pdf.Root["/OpenAction"] = Array([pdf.pages[0].obj, Name.Fit])
    pdf.pages[0].obj["/Trans"] = Dictionary(S=Name.Dissolve)
    pdf.trailer["/DocChecksum"] = Name.X


def _unprinted_link(pdf: Pdf) -> None:
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.URI, URI=String("https://vanthu.vn"))
    )  # fmt: skip
    pdf.pages[0].obj["/Annots"] = Array([link])


def _transparent(pdf: Pdf) -> None:
    page = pdf.pages[0]
    name = page.add_resource(Dictionary(Type=Name.ExtGState, ca=0.5), Name.ExtGState)
    page.contents_add(f"q {name} gs 0.8 g 100 400 300 90 re f Q".encode())


def _print_colours(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"q 0 1 1 0 k 100 400 300 9 re f Q")


def _of(folder: Path, change: Callable[[Pdf], None], **save: object) -> Path:
    return changed(papers.draft(folder / "draft.pdf"), change, **save)


DRAFTS: dict[str, Callable[[Path], Path]] = {
    "embedded fonts": lambda folder: papers.draft(folder / "draft.pdf", pages=3),
    "for a projector": lambda folder: _of(folder, _for_a_projector),
    "a link that is not printed": lambda folder: _of(folder, _unprinted_link),
    "transparent": lambda folder: _of(folder, _transparent),
    "colours for print": lambda folder: _of(folder, _print_colours),
    "colours for print, turned": lambda folder: papers.turned(_of(folder, _print_colours), folder / "r.pdf", 90),
    "colours for print, cropped": lambda folder: papers.shifted(_of(folder, _print_colours), folder / "s.pdf", crop=20),
    "PDF 2.0": lambda folder: _of(folder, lambda _: None, force_version="2.0"),
    "Times by name": lambda folder: papers.plain_draft(folder / "times.pdf"),
    "Arial by name": lambda folder: papers.plain_draft(folder / "arial.pdf", font="/ArialMT"),
}  # fmt: skip


@pytest.mark.parametrize("make", DRAFTS.values(), ids=list(DRAFTS))
def test_a_draft_becomes_pdf_a_and_every_letter_survives(make: Callable[[Path], Path], tmp_path: Path) -> None:
    draft = make(tmp_path)
    assert flaws_of(draft)
    prepared = prepare(draft, tmp_path / "out.pdf", Plan())
    assert flaws_of(prepared.path) == ()
    assert prepared.findings == ()
    assert {"ChuKyLanhDao", "ChuKyCoQuan", "SoVanBan", "NgayVanBan"} <= {place.field for place in prepared.places}
    assert letters(prepared.path) == letters(draft).replace(papers.ANCHOR, "")


@pytest.mark.skipif(office.find_office() is None, reason="LibreOffice is not installed here")
def test_libreoffices_plain_export_becomes_pdf_a(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "PDF_A_2", "pdf")
    draft = office.to_pdf(
        papers.word_draft(tmp_path / "draft.docx"), Kind.DOCX, tmp_path, office.Limits(120, memory_mb=2048)
    )
    assert flaws_of(draft)
    assert flaws_of(prepare(draft, tmp_path / "out.pdf", Plan()).path) == ()
    assert letters(tmp_path / "out.pdf") == letters(draft).replace(papers.ANCHOR, "")


def test_what_is_pdf_a_already_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    made, _ = make_archival(papers.draft(tmp_path / "draft.pdf"), tmp_path / "first")
    assert flaws_of(made) == ()
    assert make_archival(made, tmp_path / "second") == (made, ())


def test_the_title_survives_when_a_draft_is_written_anew(tmp_path: Path) -> None:
    draft = changed(
        papers.plain_draft(tmp_path / "draft.pdf"), lambda pdf: pdf.docinfo.update({"/Title": "Quyết định số hóa"})
    )
    with pikepdf.open(prepare(draft, tmp_path / "out.pdf", Plan()).path) as pdf, pdf.open_metadata() as described:
        assert described["dc:title"] == "Quyết định số hóa"
        assert str(pdf.docinfo["/Title"]) == "Quyết định số hóa"


# --- what cannot become one -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("font", "cmap"), [("/TimesNewRomanPSMT", True), ("/.VnTime", False)])
def test_a_font_whose_letters_nobody_knows_is_named(font: str, cmap: bool, tmp_path: Path) -> None:
    error = refused(papers.plain_draft(tmp_path / "draft.pdf", font=font, cmap=cmap))
    assert (error.code, error.detail["fonts"]) == ("draft-font-missing", font[1:])


def test_nothing_that_moved_or_vanished_is_taken(tmp_path: Path) -> None:
    """Poppler knows no units of a page's own, and leaves out letters that are not drawn."""

    def units(pdf: Pdf) -> None:
        pdf.pages[0].obj["/UserUnit"] = 2

    def unseen(pdf: Pdf) -> None:
        pdf.pages[0].contents_add(b"BT 3 Tr /F 9 Tf 1 0 0 1 90 300 Tm (bi mat) Tj ET")

    for change in (units, unseen):
        error = refused(changed(papers.plain_draft(tmp_path / "draft.pdf"), change))
        assert (error.code, error.detail["clause"]) == ("draft-not-archival", "6.2.11.4.1")


def test_a_picture_that_vanished_is_noticed(tmp_path: Path) -> None:
    def picture(pdf: Pdf) -> None:
        pdf.pages[0].contents_add(b"q 0.2 g 300 300 40 40 re f Q")

    draft = papers.draft(tmp_path / "draft.pdf")
    assert not _looks_the_same(changed(draft, picture), draft)
    assert _looks_the_same(draft, draft)


def test_without_poppler_the_draft_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DependencyError, match="poppler-missing"):
        prepare(papers.plain_draft(tmp_path / "draft.pdf"), tmp_path / "out.pdf", Plan())
    assert flaws_of(prepare(papers.draft(tmp_path / "other.pdf"), tmp_path / "out.pdf", Plan()).path) == ()


def test_what_nobody_can_check_is_told(tmp_path: Path) -> None:
    def pattern(pdf: Pdf) -> None:
        tile = Stream(pdf, b"0 0 5 5 re f")
        for key, value in {
            "/Type": Name.Pattern, "/PatternType": 1, "/PaintType": 1, "/TilingType": 1, "/BBox": Array([0, 0, 9, 9]),
            "/XStep": 9, "/YStep": 9, "/Resources": Dictionary(),
        }.items():  # fmt: skip
            tile[key] = value
        name = pdf.pages[0].add_resource(pdf.make_indirect(tile), Name.Pattern)
        pdf.pages[0].contents_add(f"q /Pattern cs {name} scn 100 400 300 90 re f Q".encode())

    prepared = prepare(_of(tmp_path, pattern), tmp_path / "out.pdf", Plan())
    assert [finding.code for finding in prepared.findings] == ["draft-archival-unsure"]


# --- signed and sealed ------------------------------------------------------------------------------------------------


def _sealed(folder: Path, pki: Pki) -> Path:
    prepared = prepare(papers.draft(folder / "draft.pdf"), folder / "prepared.pdf", Plan())
    now = datetime.now(UTC)

    def terms(level: Level) -> Terms:
        return Terms(level, pki.tsa_url, roots=(pki.der("root"),), others=(pki.der("interm"),))

    hand = load_picture(papers.signature_picture(folder / "hand.png"), 170)
    ring = load_picture(papers.seal_picture(folder / "ring.png"), 102.05)
    with open_key(FileKey(pki.pfx("leader")), PASSPHRASE) as key:
        sign_leader(prepared.path, folder / "signed.pdf", key, terms(Level.B_LT), at=now, picture=hand)
    with open_key(FileKey(pki.pfx("agency")), PASSPHRASE) as key:
        issue = Issue("15", date(2026, 1, 5))
        seal(
            folder / "signed.pdf", folder / "sealed.pdf", key, terms(Level.B_LTA), issue=issue, at=now, picture=ring
        )  # fmt: skip
    return folder / "sealed.pdf"


def test_signatures_number_seal_and_time_stamps_leave_it_a_pdf_a(tmp_path: Path, pki: Pki) -> None:
    sealed = _sealed(tmp_path, pki)
    assert flaws_of(tmp_path / "signed.pdf") == ()
    assert flaws_of(sealed) == ()


# --- the check itself -------------------------------------------------------------------------------------------------


def _field(pdf: Pdf) -> Dictionary:
    return next(a for a in pdf.pages[0].obj["/Annots"] if a.get("/T") == "SoVanBan")


def _no_marks(pdf: Pdf) -> None:
    with pdf.open_metadata() as described:
        del described["pdfaid:part"]


def _no_font(pdf: Pdf) -> None:
    for found in pdf.objects:
        descriptor = found.get("/FontDescriptor") if isinstance(found, Dictionary) else None
        if isinstance(descriptor, Dictionary):
            del descriptor["/FontFile2"]


def _no_letters_in_a_field(pdf: Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    looks = Stream(pdf, b"BT /F 9 Tf (15) Tj ET")
    looks["/Type"], looks["/Subtype"], looks["/BBox"] = Name.XObject, Name.Form, Array([0, 0, 30, 15])
    looks["/Resources"] = Dictionary(Font=Dictionary(F=pdf.make_indirect(font)))
    _field(pdf)["/AP"] = Dictionary(N=pdf.make_indirect(looks))


FLAWS: dict[str, tuple[Callable[[Pdf], None], str]] = {
    "hidden field": (lambda pdf: _field(pdf).update({"/F": 2}), "6.3.2"),
    "field without looks": (lambda pdf: _field(pdf).__delitem__("/AP"), "6.3.3"),
    "looks for the mouse": (lambda pdf: _field(pdf).AP.update({"/D": _field(pdf).AP.N}), "6.3.3"),
    "field that acts": (lambda pdf: _field(pdf).update({"/A": Dictionary(S=Name.ResetForm)}), "6.4.1"),
    "looks to be invented": (lambda pdf: pdf.Root.AcroForm.update({"/NeedAppearances": True}), "6.4.1"),
    "XFA": (lambda pdf: pdf.Root.AcroForm.update({"/XFA": Stream(pdf, b"<x/>")}), "6.4.2"),
    "strange permission": (lambda pdf: pdf.Root.update({"/Perms": Dictionary(X=Dictionary())}), "6.1.12"),
    "old digest": (
        lambda pdf: pdf.Root.update(
            {"/Perms": Dictionary(DocMDP=Dictionary(Reference=[Dictionary(DigestMethod=Name.MD5)]))}
        ), "6.1.12"
    ),
    "signature over nothing": (
        lambda pdf: pdf.Root.update({"/X": pdf.make_indirect(Dictionary(ByteRange=[0, 9, 12, 9], Contents=b"0"))}),
        "6.4.3",
    ),
    "no claim": (_no_marks, "6.6.4"),
    "font not embedded": (_no_font, "6.2.11.4.1"),
    "font of a field not embedded": (_no_letters_in_a_field, "6.2.11.4.1"),
    "colours for print": (_print_colours, "6.2.4.3"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "clause"), FLAWS.values(), ids=list(FLAWS))
def test_each_flaw_is_found_under_its_clause(change: Callable[[Pdf], None], clause: str, tmp_path: Path) -> None:
    prepared = prepare(papers.draft(tmp_path / "draft.pdf"), tmp_path / "out.pdf", Plan())
    assert clause in {flaw.clause for flaw in flaws_of(changed(prepared.path, change))}


def test_bytes_that_break_the_standard_are_found(tmp_path: Path) -> None:
    good = prepare(papers.draft(tmp_path / "draft.pdf"), tmp_path / "out.pdf", Plan()).path.read_bytes()
    for data, clause in (
        (b"%PDF-2.0" + good[8:], "6.1.2"), (good[:9] + b"%abcd" + good[14:], "6.1.2"), (good + b"more", "6.1.3"),
        (good.replace(b"/ID [", b"/Id ["), "6.1.3"),
    ):  # fmt: skip
        (tmp_path / "bad.pdf").write_bytes(data)
        assert clause in {flaw.clause for flaw in flaws_of(tmp_path / "bad.pdf")}
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="a"))
    assert "6.1.3" in {flaw.clause for flaw in flaws_of(tmp_path / "locked.pdf")}


def test_a_signature_of_two_signers_or_of_none_is_a_flaw(tmp_path: Path, pki: Pki) -> None:
    sealed = _sealed(tmp_path, pki).read_bytes()
    begin = sealed.index(b"/Contents <") + len(b"/Contents <")
    (tmp_path / "empty.pdf").write_bytes(sealed[:begin] + b"00" * 40 + sealed[begin + 80 :])
    assert [flaw.clause for flaw in flaws_of(tmp_path / "empty.pdf")] == ["6.4.3"]
