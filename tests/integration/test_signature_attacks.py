"""Attacks on signed files, published ones and our own: none is called valid. What is legitimate is called valid."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.signatures.judging import Judge
from pipeline.signatures.report import SignatureReport, Verdict
from tests import attacks
from tests import signed_papers as papers
from tests.pki import Pki

pytestmark = pytest.mark.integration
Attack = Callable[[bytes], bytes]
Judged = Callable[[bytes], SignatureReport]


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(seconds=60) as judging:
        yield judging


@pytest.fixture
def judged(pki: Pki, judge: Judge, tmp_path: Path) -> Judged:
    def one(data: bytes) -> SignatureReport:
        path = tmp_path / "judged.pdf"
        path.write_bytes(data)
        return judge.judge(path, papers.anchors(pki), datetime.now(UTC), online=True)

    return one


@pytest.fixture(scope="module")
def signed(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> dict[int, bytes]:
    """A signed file for each certification: none, changes of forms allowed."""
    return {level: _signed(pki, tmp_path_factory.mktemp("signed"), level) for level in (0, 2)}


def _signed(pki: Pki, folder: Path, certify: int = 0, before: Attack | None = None) -> bytes:
    path = papers.form(folder / "a.pdf", signature_fields=("ChuKy", "Dau"))
    if before is not None:
        path.write_bytes(before(path.read_bytes()))
    return papers.sign(pki, path, certify=certify).read_bytes()


CATALOG = {
    "opened": b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>", "scripts": b"/AA<</WC<</S/JavaScript/JS(1)>>>>",
    "named-script": b"/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(1)>>]>>>>",
    "page-labels": b"/PageLabels<</Nums[0<</S/D/St 5>>]>>", "structure": b"/StructTreeRoot<</Type/StructTreeRoot>>",
    "layers": b"/OCProperties<</OCGs[]/D<<>>>>", "portfolio": b"/Collection<<>>",
    "needs-rendering": b"/NeedsRendering true",
    "address": b"/URI<</Base(http://127.0.0.1)>>",
}  # fmt: skip
ADDED: dict[str, Attack] = {
    **{f"catalog-{name}": lambda data, what=what: attacks.in_catalog(data, what) for name, what in CATALOG.items()},
    "xfa": lambda data: attacks.in_form(data, b"/XFA(<xdp/>)"),
    "form-looks": lambda data: attacks.in_form(data, b"/NeedAppearances true"),
    "form-type": lambda data: attacks.in_form(data, b"/DA(/Helv 90 Tf 1 0 0 rg)"),
    "form-resources": lambda data: attacks.in_form(data, b"/DR<</Font<</Helv 3 0 R>>>>"),
    "content": lambda data: attacks.revision(data, {attacks.content(data): attacks.stream(attacks.RED)}),
    "content-as-certificate": attacks.content_as_certificate,
    "page-script": lambda data: attacks.in_page(data, b"/AA<</O<</S/JavaScript/JS(1)>>>>"),
    "page-cropped": lambda data: attacks.in_page(data, b"/CropBox[0 0 9 9]"),
    "text-field": lambda data: attacks.new_field(data, b"[0 0 300 300]", kind=b"/Tx"),
    "visible-field": lambda data: attacks.new_field(data, b"[0 0 300 300]"),
    "field-of-five": lambda data: attacks.new_field(
        data, b"[0 0 300 300 0]", b"/AP<</N %d 0 R>>" % attacks.content(data)
    ),
    "hidden-among": lambda data: attacks.revision(data, {}, between=attacks.hidden(data)),
    "hidden-behind": lambda data: attacks.revision(data, {}) + attacks.hidden(data),
    "garbage-behind": lambda data: attacks.revision(data, {}) + b"another document",
    "second-root": lambda data: attacks.revision(
        data, {91: b"<</Type/Catalog/Pages 92 0 R>>", 92: b"<</Type/Pages/Kids[]/Count 0>>"}, trailer=b"/Root 91 0 R"
    ),
    "table-stream": attacks.by_table_stream, "compressed": attacks.compressed, "freed": attacks.freed,
    "past-the-signed": lambda data: attacks.after_older_table(data, -1),
    "object-alone": lambda data: data + attacks.hidden(data),
    "object-and-end": lambda data: data + attacks.hidden(data) + b"%%EOF\n",
    "same-table-again": lambda data: data + b"startxref\n%d\n%%%%EOF\n" % attacks.last_table(data),
    "information": lambda data: attacks.revision(data, {}, trailer=b"/Info %d 0 R" % attacks.content(data)),
    "metadata": lambda data: attacks.in_catalog(data, b"/Metadata %d 0 R" % attacks.content(data)),
    "old-viewers": lambda data: attacks.revision(data, {}, trailer=b"/XRefStm %d" % attacks.last_table(data)),
}  # fmt: skip


@pytest.mark.parametrize("certify", [0, 2])
@pytest.mark.parametrize("name", ADDED)
def test_what_an_attacker_adds_is_not_valid(signed: dict[int, bytes], judged: Judged, name: str, certify: int) -> None:
    report = judged(ADDED[name](signed[certify]))
    assert report.verdict in {Verdict.INVALID, Verdict.INDETERMINATE}, report


@pytest.mark.parametrize(
    "add",
    [lambda data: attacks.revision(data, {}), lambda data: attacks.in_catalog(data, b"/MarkInfo<</Marked true>>")],
)
def test_revisions_that_show_nothing_are_harmless(signed: dict[int, bytes], judged: Judged, add: Attack) -> None:
    """Else what the attacks above get would be for how `attacks` writes revisions."""
    assert judged(add(signed[2])).verdict is Verdict.VALID


def test_a_document_in_the_gap_of_a_signature_is_not_signed(signed: dict[int, bytes], judged: Judged) -> None:
    report = judged(attacks.wrap(signed[0]))
    assert (report.verdict, report.signatures[0].code) == (Verdict.INVALID, "covers-less")


def test_an_object_that_the_signed_page_waited_for(pki: Pki, tmp_path: Path, judged: Judged) -> None:
    waiting = _signed(pki, tmp_path, before=attacks.await_object)
    assert judged(waiting).verdict is Verdict.VALID
    assert judged(attacks.awaited_object(waiting)).verdict is Verdict.INVALID


def test_a_signature_that_no_field_shows_makes_undecided(pki: Pki, tmp_path: Path, judged: Judged) -> None:
    for mark in (b"/ByteRange", b"/Byte#52ange"):
        data = _signed(pki, tmp_path, before=lambda d, mark=mark: attacks.revision(d, {95: b"<<%s[0 1 2 3]>>" % mark}))
        report = judged(data)
        assert (report.verdict, report.notes) == (Verdict.INDETERMINATE, ("mark-without-field",))


def test_two_signatures_that_change_places(pki: Pki, tmp_path: Path, judged: Judged) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(_signed(pki, tmp_path))
    both = papers.sign(pki, path, "agency", field="Dau").read_bytes()
    assert judged(both).verdict is Verdict.VALID
    assert judged(attacks.swapped(both)).verdict is Verdict.INVALID


# --- the signature itself ---------------------------------------------------------------------------------------------


BYTES = rb"\[0 (\d+) (\d+) (\d+)\]"
HEX = rb"<[0-9A-Fa-f]{9000,}>"
DICTIONARY: dict[str, tuple[bytes, bytes]] = {
    "no-bytes": (rb"/ByteRange[^]]*\]", b""), "null-bytes": (rb"/ByteRange[^]]*\]", b"/ByteRange null"),
    "zero-bytes": (BYTES, b"[0 0 0 0]"),
    "all-bytes": (BYTES, b"[0 99 99 0]"), "three-bytes": (BYTES, rb"[0 \1 \2]"), "negative": (BYTES, rb"[0 \1 \2 -9]"),
    "six-bytes": (BYTES, rb"[0 9 9 0 \2 \3]"), "overlapping": (BYTES, rb"[0 \1 \1 \3]"),
    "no-contents": (rb"/Contents <", b"/Kontents <"), "null-contents": (HEX, b"null"), "empty-contents": (HEX, b"<>"),
    "zero-contents": (HEX, b"<0000>"), "no-kind": (rb"/SubFilter /ETSI.CAdES.detached", b""),
    "kind-of-stamps": (rb"/ETSI.CAdES.detached", b"/ETSI.RFC3161"),
    "kind-of-sha1": (rb"/ETSI.CAdES.detached", b"/adbe.pkcs7.sha1"),
    "a-stamp": (rb"/Type /Sig\n", b"/Type/DocTimeStamp\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", DICTIONARY)
def test_a_signature_dictionary_that_lacks_what_it_needs(signed: dict[int, bytes], judged: Judged, name: str) -> None:
    """Universal forgeries: what a viewer cannot check it must not show as checked. Lengths stay as they were."""
    pattern, instead = DICTIONARY[name]
    found = re.search(pattern, signed[0])
    assert found is not None
    data = signed[0].replace(found[0], found.expand(instead).ljust(len(found[0])), 1)
    assert judged(data).verdict is not Verdict.VALID


def test_notes_that_a_certification_allows_break_nothing_and_nobody_vouches_for_them(
    pki: Pki, tmp_path: Path, judged: Judged
) -> None:
    """They may cover the text (the "evil annotation"): undecided, until somebody signs what they made of it."""
    path = tmp_path / "a.pdf"
    path.write_bytes(_signed(pki, tmp_path, certify=3))
    report = judged(papers.add_note(path).read_bytes())
    assert (report.verdict, report.signatures[0].code) == (Verdict.INDETERMINATE, "noted-after")
    assert judged(papers.sign(pki, path, "agency", field="Dau").read_bytes()).verdict is Verdict.VALID


def test_old_content_under_a_new_note_is_no_note(pki: Pki, tmp_path: Path, judged: Judged) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(_signed(pki, tmp_path, certify=3))
    data = papers.add_note(path).read_bytes()
    changed = attacks.revision(data, {attacks.content(data): attacks.stream(attacks.RED)})
    assert judged(changed).verdict is Verdict.INVALID
    linked = _signed(pki, tmp_path, certify=3)
    assert (
        judged(attacks.new_note(linked, b"/Subtype/Link/A<</S/URI/URI(http://127.0.0.1)>>")).verdict is Verdict.INVALID
    )
