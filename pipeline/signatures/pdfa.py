"""Is a PDF a PDF/A-2b (ISO 19005-2), as far as its structure tells? Each flaw bears the clause that it breaks.

pikepdf knows most of the standard and approves only what it knows: fonts and their widths, colours, pictures, metadata.
It knows neither the bytes of a file nor form fields nor signatures; these are looked at here, clause by clause:

    6.1.2   header: version 1.x, a comment that shows the file to be binary
    6.1.3   trailer: a file identifier, no encryption, nothing behind the end
    6.1.12  permissions: certification or usage rights, without digests of the old kind
    6.3.2   annotations: printed and not hidden
    6.3.3   annotations: a normal appearance and no other
    6.4.1   fields: no actions, looks that no viewer has to invent
    6.4.2   forms: no XFA
    6.4.3   signatures: over all of their revision, one signer, with his certificate
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from asn1crypto import cms
from pikepdf import Array, Dictionary, Name, Pdf, Stream

FLAVOUR = "2b"
HEADER = re.compile(rb"%PDF-1\.[0-7]\r?[\r\n]%[\x80-\xff]{4}")
PERMISSIONS = {"/DocMDP", "/UR3"}
OLD_DIGESTS = ("/DigestLocation", "/DigestMethod", "/DigestValue")
PRINT, HIDDEN = 4, 1 | 2 | 32 | 256  # flags: printed; invisible, hidden, not viewed, toggled
KEPT_OF_A_WIDGET = {"/Type", "/Subtype", "/Rect", "/P", "/F", "/AP", "/AS", "/M"}
LEGAL_ELSEWHERE = ("/AcroForm", "/Perms", "/DSS", "/Extensions", "/PieceInfo")  # of the catalogue; pikepdf knows none
TAIL = 1024
KNOWN_OF_A_PAGE = {
    "/Type", "/Parent", "/Contents", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox",
    "/Rotate", "/Annots", "/Group", "/Metadata", "/UserUnit", "/StructParents", "/Tabs", "/LastModified", "/ProcSet",
    "/AA", "/PresSteps",
}  # fmt: skip
KNOWN_OF_PAGES = {"/Type", "/Parent", "/Kids", "/Count", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/ProcSet"}
KNOWN_OF_THE_TRAILER = {
    "/Root", "/Info", "/ID", "/Size", "/Prev", "/Encrypt", "/XRefStm", "/Type", "/W", "/Index", "/Filter",
    "/DecodeParms", "/Length",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flaw:
    """`clause` of ISO 19005-2 that is broken; "" for what may be in order, but is not known to the check."""

    clause: str
    where: str
    reason: str

    def __str__(self) -> str:
        return f"{self.clause or '?'}: {self.reason} ({self.where})"


def flaws_of(path: Path) -> tuple[Flaw, ...]:
    """Every reason not to call a file PDF/A-2b. Raises pikepdf.PdfError for what is no PDF, or locked.

    Only for a limited child process.
    """
    for library in ("pikepdf", "fontTools"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    with pikepdf.open(path, suppress_warnings=True, inherit_page_attributes=False) as pdf:
        found = [*_bytes(path, pdf), *_form(pdf), *_signatures(pdf, path)]
        found += [Flaw("", "pages", f"unknown: {', '.join(keys)}") for keys in leave_out_private(pdf)]
        _leave_out_forms(pdf)
        return (*found, *_known(pdf))


def broken(flaws: tuple[Flaw, ...]) -> tuple[Flaw, ...]:
    """Those that break a clause."""
    return tuple(flaw for flaw in flaws if flaw.clause)


def _known(pdf: Pdf) -> Iterator[Flaw]:
    """By pikepdf. What it calls unsupported may conform; a missing font does so only where it draws nothing."""
    from pikepdf import pdfa  # brings libraries along that no command needs to start

    for finding in pdfa.check(pdf, FLAVOUR).findings:
        standard, _, rule = finding.rule.partition(":")
        clause = rule.rpartition("-")[0] if standard.startswith("ISO_") else ""
        missing_font = clause.startswith("6.2.11.4.1")
        named = finding.kind == "violation" or missing_font
        yield Flaw((clause or rule) if named else "", finding.where, finding.message)


# --- bytes ------------------------------------------------------------------------------------------------------------


def _bytes(path: Path, pdf: Pdf) -> Iterator[Flaw]:
    with path.open("rb") as file:
        head = file.read(TAIL)
        size = file.seek(0, 2)
        file.seek(max(0, size - TAIL))
        tail = file.read()
    if not HEADER.match(head):
        yield Flaw("6.1.2", "header", f"begins with {head[:16]!r}")
    identifier = pdf.trailer.get("/ID")
    if not isinstance(identifier, Array) or len(identifier) != 2:
        yield Flaw("6.1.3", "trailer", "no file identifier")
    if pdf.is_encrypted:
        yield Flaw("6.1.3", "trailer", "encrypted")
    if not re.search(rb"%%EOF[\r\n]{0,2}\Z", tail):
        yield Flaw("6.1.3", "trailer", "something stands behind the end")


# --- form fields ------------------------------------------------------------------------------------------------------


def _form(pdf: Pdf) -> Iterator[Flaw]:
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, Dictionary):
        if form.get("/NeedAppearances", False):
            yield Flaw("6.4.1", "form", "NeedAppearances")
        if "/XFA" in form:
            yield Flaw("6.4.2", "form", "XFA")
    if pdf.Root.get("/NeedsRendering", False):
        yield Flaw("6.4.2", "catalogue", "NeedsRendering")
    for number, widget in _widgets(pdf):
        yield from _widget(widget, f"page {number}, {widget.get('/T', 'a field')}")
    for found in pdf.objects:
        if isinstance(found, Dictionary) and "/FT" in found and ("/AA" in found or "/A" in found):
            yield Flaw("6.4.1", str(found.get("/T", "a field")), "an action")


def _widgets(pdf: Pdf) -> Iterator[tuple[int, Any]]:
    for number, page in enumerate(pdf.pages, 1):
        annotations = page.obj.get("/Annots")
        for annotation in annotations if isinstance(annotations, Array) else ():
            if isinstance(annotation, Dictionary) and annotation.get("/Subtype") == Name.Widget:
                yield number, annotation


def _widget(widget: Any, where: str) -> Iterator[Flaw]:
    flags = widget.get("/F")
    if not isinstance(flags, int) or not flags & PRINT or flags & HIDDEN:
        yield Flaw("6.3.2", where, f"flags {flags}")
    if "/AA" in widget or "/A" in widget:
        yield Flaw("6.4.1", where, "an action")
    looks = widget.get("/AP")
    if not isinstance(looks, Dictionary):
        if not _empty(widget):
            yield Flaw("6.3.3", where, "no appearance")
    elif set(looks.keys()) != {"/N"}:
        yield Flaw("6.3.3", where, f"appearances {', '.join(sorted(looks.keys()))}")
    elif isinstance(looks.N, Stream) == (widget.get("/FT") == Name.Btn):
        yield Flaw("6.3.3", where, "an appearance of another kind of field")


def _empty(annotation: Any) -> bool:
    sides = [float(side) for side in annotation.get("/Rect", Array())]
    return len(sides) == 4 and sides[0] == sides[2] and sides[1] == sides[3]


# --- signatures -------------------------------------------------------------------------------------------------------


def _signatures(pdf: Pdf, path: Path) -> Iterator[Flaw]:
    permissions = pdf.Root.get("/Perms")
    if isinstance(permissions, Dictionary):
        if strange := set(permissions.keys()) - PERMISSIONS:
            yield Flaw("6.1.12", "permissions", ", ".join(sorted(strange)))
        certification = permissions.get("/DocMDP")
        references = certification.get("/Reference", Array()) if isinstance(certification, Dictionary) else ()
        if any(key in reference for reference in references for key in OLD_DIGESTS):
            yield Flaw("6.1.12", "permissions", "a digest in the reference of a certification")
    for found in pdf.objects:
        if isinstance(found, Dictionary) and "/ByteRange" in found and "/Contents" in found:
            yield from _signature(found, path)


def _signature(signature: Any, path: Path) -> Iterator[Flaw]:
    where = f"signature {signature.objgen[0]}"
    try:
        begin, first, second, rest = (int(number) for number in signature.ByteRange)
    except (TypeError, ValueError):
        yield Flaw("6.4.3", where, "a byte range of another kind")
        return
    container = bytes(signature.Contents)
    with path.open("rb") as file:
        file.seek(first)
        gap = file.read(max(0, second - first))
        file.seek(max(0, second + rest - TAIL))
        end = file.read(min(TAIL, second + rest))
    if begin or len(gap) != 2 * len(container) + 2 or gap[:1] + gap[-1:] != b"<>" or b"%%EOF" not in end[-8:]:
        yield Flaw("6.4.3", where, "does not cover its whole revision")
    try:
        signed = cms.ContentInfo.load(container)["content"]
        signers, certificates = len(signed["signer_infos"]), len(signed["certificates"])
    except (ValueError, TypeError, KeyError, AttributeError):
        yield Flaw("6.4.3", where, "no PKCS#7 object")
        return
    if signers != 1 or not certificates:
        yield Flaw("6.4.3", where, f"{signers} signers, {certificates} certificates")


# --- what pikepdf knows --------------------------------------------------------------------------------------------


def leave_out_private(pdf: Pdf) -> list[list[str]]:
    """Take out of trailer and page tree what only their maker knows, and say what it was.

    pikepdf looks no further into a page that has such keys; a reader has no use for them.
    """
    left_out = []
    for node in (pdf.trailer, *pdf.objects):
        private = sorted(set(node.keys()) - known) if (known := _known_keys(node)) else []
        for key in private:
            del node[key]
        if private:
            left_out.append(private)
    return left_out


def _known_keys(node: Any) -> set[str]:
    """Empty for all but the trailer and the nodes of the page tree."""
    if not isinstance(node, Dictionary):
        return set()
    kinds = {Name.Page: KNOWN_OF_A_PAGE, Name.Pages: KNOWN_OF_PAGES}
    kind = node.get("/Type")
    return KNOWN_OF_THE_TRAILER if "/Root" in node else kinds.get(kind, set()) if isinstance(kind, Name) else set()


def _leave_out_forms(pdf: Pdf) -> None:
    """In memory, fields become stamps: their appearances are then looked at like those of all other annotations."""
    for key in LEGAL_ELSEWHERE:
        if key in pdf.Root:
            del pdf.Root[key]
    for page in pdf.pages:
        annotations = page.obj.get("/Annots")
        if not isinstance(annotations, Array):
            continue
        page.obj["/Annots"] = Array([_stamp(found) for found in annotations if not _invisible_field(found)])


def _invisible_field(annotation: Any) -> bool:
    return isinstance(annotation, Dictionary) and annotation.get("/Subtype") == Name.Widget and _empty(annotation)


def _stamp(annotation: Any) -> Any:
    if isinstance(annotation, Dictionary) and annotation.get("/Subtype") == Name.Widget:
        for key in set(annotation.keys()) - KEPT_OF_A_WIDGET:
            del annotation[key]
        annotation["/Subtype"] = Name.Stamp
    return annotation
