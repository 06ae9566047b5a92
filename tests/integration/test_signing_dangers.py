"""Whatever acts, hides or carries along is found wherever it is put, before anything is signed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from pipeline.errors import RefusedError
from pipeline.signatures import refuse_dangerous
from tests import signing_papers as papers

pytestmark = pytest.mark.integration

Change = Callable[[Pdf], None]


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def launch() -> Dictionary:
    return Dictionary(S=Name.Launch, F=String("cmd.exe"))


def turn(pdf: Pdf, **more: object) -> Dictionary:
    return Dictionary(S=Name.GoTo, D=Array([pdf.pages[0].obj, Name.Fit]), **more)


def web(address: str) -> Dictionary:
    return Dictionary(S=Name.URI, URI=String(address))


def on_the_page(entry: str, value: Callable[[], object]) -> Change:
    return lambda pdf: pdf.pages[0].obj.update({entry: value()})


def in_the_catalogue(entry: str, value: Callable[[Pdf], object]) -> Change:
    return lambda pdf: pdf.Root.update({entry: value(pdf)})


def link(action: Callable[[Pdf], object], entry: str = "/A") -> Change:
    def change(pdf: Pdf) -> None:
        found = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9])
        found[entry] = action(pdf)
        pdf.pages[0].obj["/Annots"] = Array([pdf.make_indirect(found)])

    return change


def annotation(kind: str, **more: object) -> Change:
    return on_the_page("/Annots", lambda: Array([Dictionary(Subtype=Name(kind), **more)]))


def bookmark(action: Dictionary) -> Change:
    def change(pdf: Pdf) -> None:
        item = pdf.make_indirect(Dictionary(Title=String("x"), A=action))
        pdf.Root["/Outlines"] = pdf.make_indirect(Dictionary(First=item, Last=item, Count=1))

    return change


def file_inside(pdf: Pdf) -> Object:
    stream = Stream(pdf, b"MZ")
    return pdf.make_indirect(Dictionary(F=String("a.exe"), EF=Dictionary(F=pdf.make_indirect(stream))))


def tree(name: str) -> Change:
    return in_the_catalogue("/Names", lambda _: Dictionary({name: Dictionary(Names=Array())}))


def layer_of_a_form(pdf: Pdf) -> None:
    form = Stream(pdf, b"")
    form["/Subtype"], form["/BBox"], form["/OC"] = Name.Form, Array([0, 0, 9, 9]), Dictionary(Name=String("x"))
    pdf.pages[0].add_resource(pdf.make_indirect(form), Name.XObject)


def layer_of_the_text(pdf: Pdf) -> None:
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("x")))
    pdf.pages[0].obj["/Resources"]["/Properties"] = Dictionary(MC0=layer)


def calculated(pdf: Pdf) -> None:
    field = pdf.make_indirect(Dictionary(FT=Name.Tx, T=String("a"), AA=Dictionary(C=script())))
    pdf.Root["/AcroForm"] = Dictionary(Fields=[field], CO=[field])


def chained(pdf: Pdf) -> Dictionary:
    return turn(pdf, Next=turn(pdf, Next=Array([turn(pdf), launch()])))


DANGERS: dict[str, tuple[Change, str]] = {
    "script when a page opens": (on_the_page("/AA", lambda: Dictionary(O=script())), "javascript"),
    "script when the file closes": (in_the_catalogue("/AA", lambda _: Dictionary(WC=script())), "javascript"),
    "script of a link": (link(lambda _: script()), "javascript"),
    "script of a bookmark": (bookmark(script()), "javascript"),
    "script of the document": (tree("/JavaScript"), "javascript"),
    "script that calculates": (calculated, "javascript"),
    "script of a link's past": (link(lambda _: script(), "/PA"), "javascript"),
    "program of a bookmark": (bookmark(launch()), "launch-action"),
    "program behind other actions": (link(chained), "launch-action"),
    "program under a wrong type": (link(lambda _: Dictionary(Type=Name.X, S=Name.Launch)), "launch-action"),
    "action that nobody knows": (link(lambda _: Dictionary(S=Name.Frobnicate)), "launch-action"),
    "thread of another file": (link(lambda _: Dictionary(S=Name.Thread, F=String("x"))), "launch-action"),
    "address of a file": (link(lambda _: web("file:///etc/passwd")), "launch-action"),
    "address that is a script": (link(lambda _: web("javascript:alert(1)")), "launch-action"),
    "address on a share": (link(lambda _: web(r"\\host\x.exe")), "launch-action"),
    "addresses that begin with a file": (
        in_the_catalogue("/URI", lambda _: Dictionary(Base=String("file:///"))), "launch-action"
    ),
    "printed when opened": (
        in_the_catalogue("/OpenAction", lambda _: Dictionary(S=Name.Named, N=Name.Print)), "launch-action"
    ),
    "address when opened": (in_the_catalogue("/OpenAction", lambda _: web("http://a.vn")), "launch-action"),
    "another file when opened": (
        in_the_catalogue("/OpenAction", lambda _: Dictionary(S=Name.GoToR, F=String("x"))), "launch-action"
    ),
    "form sent when opened": (
        in_the_catalogue("/OpenAction", lambda _: Dictionary(S=Name.SubmitForm, F=String("http://a.vn"))),
        "launch-action",
    ),
    "data fetched when opened": (
        in_the_catalogue("/OpenAction", lambda _: Dictionary(S=Name.ImportData, F=String("x"))), "launch-action"
    ),
    "file in a file": (in_the_catalogue("/OpenAction", lambda _: Dictionary(S=Name.GoToE)), "embedded-files"),
    "file on the page": (annotation("/FileAttachment"), "embedded-files"),
    "file of the document": (in_the_catalogue("/AF", lambda pdf: Array([file_inside(pdf)])), "embedded-files"),
    "file of a page": (lambda pdf: pdf.pages[0].obj.update({"/AF": Array([file_inside(pdf)])}), "embedded-files"),
    "file elsewhere": (
        on_the_page("/X", lambda: Dictionary(Type=Name.Filespec, F=String("x"))), "embedded-files"
    ),
    "film": (annotation("/Movie", Rect=[0, 0, 9, 9]), "media"),
    "film without a place": (annotation("/Screen"), "media"),
    "sound": (annotation("/Sound", Rect=[0, 0, 9, 9]), "media"),
    "rich media": (annotation("/RichMedia", Rect=[0, 0, 9, 9]), "media"),
    "3D": (annotation("/3D", Rect=[0, 0, 9, 9]), "media"),
    "played by a link": (link(lambda _: Dictionary(S=Name.Rendition, OP=0)), "media"),
    "played by name": (tree("/Renditions"), "media"),
    "shown as slides": (tree("/AlternatePresentations"), "external-content"),
    "layer of a form": (layer_of_a_form, "hidden-layers"),
    "layer of text": (layer_of_the_text, "hidden-layers"),
    "note without a place": (annotation("/Text"), "annotations"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "reason"), DANGERS.values(), ids=list(DANGERS))
def test_a_danger_is_found_wherever_it_is_put(change: Change, reason: str, tmp_path: Path) -> None:
    """In a draft and in what the leader signed, in plain sight and inside a compressed object."""
    for hidden in (False, True):
        mode = pikepdf.ObjectStreamMode.generate if hidden else pikepdf.ObjectStreamMode.disable
        path = _changed(tmp_path, change, mode)
        assert (b"/ObjStm" in path.read_bytes()) == hidden
        for signed in (False, True):
            with pytest.raises(RefusedError) as caught:
                refuse_dangerous(path, signed=signed)
            assert caught.value.code == f"sign-{reason}"


HARMLESS: dict[str, Change] = {
    "an address of the web": link(lambda _: web("https://vanthu.vn")),
    "an address to write to": link(lambda _: web("mailto:van-thu@vanthu.vn")),
    "a place in the document": link(turn),
    "the next page": link(lambda _: Dictionary(S=Name.Named, N=Name.NextPage)),
    "opened at a page": in_the_catalogue("/OpenAction", turn),
    "opened at a place": in_the_catalogue("/OpenAction", lambda pdf: Array([pdf.pages[0].obj, Name.Fit])),
    "a paragraph's attributes": in_the_catalogue(
        "/StructTreeRoot",
        lambda pdf: Dictionary(
            Type=Name.StructTreeRoot,
            K=pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, A=Dictionary(O=Name.Layout))),
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", HARMLESS.values(), ids=list(HARMLESS))
def test_what_every_word_processor_writes_is_no_danger(change: Change, tmp_path: Path) -> None:
    refuse_dangerous(_changed(tmp_path, change, pikepdf.ObjectStreamMode.disable))


def _changed(folder: Path, change: Change, mode: pikepdf.ObjectStreamMode) -> Path:
    source = folder / "draft.pdf"
    if not source.exists():
        papers.draft(source)
    with pikepdf.open(source) as pdf:
        change(pdf)
        pdf.save(folder / "changed.pdf", object_stream_mode=mode)
    return folder / "changed.pdf"
