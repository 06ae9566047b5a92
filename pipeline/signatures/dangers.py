"""What must not be signed: a PDF that acts, hides, carries along or can look different later.

Who signs answers for what a reader sees. A script, a layer that can be switched, an attached file or a form of Adobe's
own kind (XFA) can make that something else tomorrow, with the signature still whole.
"""

from __future__ import annotations

import logging
import mmap
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from pipeline.errors import RefusedError

DEEPEST = 40  # of values inside one object
MOST_VALUES = 2_000_000
ACTIONS = {
    "/JavaScript": "javascript", "/Launch": "launch-action", "/ImportData": "launch-action",
    "/SubmitForm": "launch-action", "/GoToE": "embedded-files", "/GoToR": "launch-action", "/Movie": "media",
    "/Sound": "media", "/Rendition": "media", "/RichMediaExecute": "media", "/GoTo3DView": "media",
    "/SetOCGState": "hidden-layers", "/Hide": "hidden-layers", "/ResetForm": "launch-action",
}  # fmt: skip
HARMLESS_ACTIONS = {"/GoTo", "/URI", "/Named"}
TURNS_A_PAGE = {"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"}
ADDRESS = re.compile(r"\s*(?:https?://|mailto:|tel:|#)", re.IGNORECASE)  # any other opens files or runs something
STARTERS = ("/A", "/PA", "/OpenAction", "/Next")  # keys whose dictionaries act when they are actions
TREES = {"/JavaScript": "javascript", "/EmbeddedFiles": "embedded-files", "/Renditions": "media",
         "/AlternatePresentations": "external-content"}  # fmt: skip
ANNOTATIONS = {
    "/FileAttachment": "embedded-files", "/RichMedia": "media", "/Screen": "media", "/Movie": "media",
    "/Sound": "media", "/3D": "media",
}  # fmt: skip
BARE = {"/Link", "/Widget"}  # the annotations that a text needs; all others can cover it or be notes left in a draft


def refuse_dangerous(path: Path, *, signed: bool = False) -> None:
    """RefusedError with the first reason found; `signed` files may bear signatures, but no certification against more.

    Only for a limited child process: this opens what strangers made.
    """
    logging.getLogger("pikepdf").setLevel(logging.CRITICAL)
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            _refuse(pdf, path, signed=signed)
    except pikepdf.PasswordError as error:
        raise RefusedError("sign-encrypted", path=path.name) from error
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise RefusedError("sign-unreadable", path=path.name, reason=str(error)[:200]) from error


def _refuse(pdf: pikepdf.Pdf, path: Path, *, signed: bool) -> None:
    reason = "sign-encrypted" if pdf.is_encrypted else _reason(pdf, signed=signed)
    if reason is None and not signed and _contains(path, b"/ByteRange"):
        reason = "sign-signed-already"
    if reason is None and _hybrid(pdf, path):
        reason = "sign-hybrid-xref"
    if reason is not None:
        raise RefusedError(reason, path=path.name)


def _reason(pdf: pikepdf.Pdf, *, signed: bool) -> str | None:
    if len(pdf.pages) == 0:
        return "sign-no-pages"
    root, form, permissions = pdf.Root, pdf.Root.get("/AcroForm"), pdf.Root.get("/Perms")
    form = form if isinstance(form, Dictionary) else Dictionary()
    permissions = permissions if isinstance(permissions, Dictionary) else Dictionary()
    certified = permissions.get("/DocMDP")
    for reason, holds in (
        ("sign-xfa", "/XFA" in form or "/NeedsRendering" in root),
        ("sign-need-appearances", bool(form.get("/NeedAppearances", False))),
        ("sign-portfolio", "/Collection" in root),
        ("sign-hidden-layers", "/OCProperties" in root),
        ("sign-usage-rights", "/UR3" in permissions or "/UR" in permissions),
        ("sign-certified-against", certified is not None and (not signed or _forbids_all(certified))),
    ):
        if holds:
            return reason
    return _first(pdf, signed=signed)


def _first(pdf: pikepdf.Pdf, *, signed: bool) -> str | None:
    """The first dangerous value among all objects, whether a page leads to it or not."""
    left = MOST_VALUES
    for found in pdf.objects:
        for value in _values(found):
            left -= 1
            if left < 0:
                return "sign-too-complex"
            reason = _danger(value, signed=signed)
            if reason:
                return f"sign-{reason}"
    return None


def _danger(value: Any, *, signed: bool) -> str | None:
    if not isinstance(value, (Dictionary, Stream)):
        return None
    return (
        _acting(value) or _carrying(value) or _hiding(value) or _elsewhere(value)
        or _annotation(value, signed=signed) or _annotations(value, signed=signed)
    )  # fmt: skip


def _acting(value: Any) -> str | None:
    """A script, or what does more than to show another page or an address of the web."""
    if "/JS" in value or "/AA" in value:
        return "javascript"
    kind = value.get("/S")
    if isinstance(kind, Name) and str(kind) in ACTIONS and ("/Type" not in value or value["/Type"] == Name.Action):
        return ACTIONS[str(kind)]
    for key in STARTERS:
        started = value.get(key)
        for action in started if isinstance(started, Array) else (started,):
            if isinstance(action, Dictionary) and isinstance(action.get("/S"), Name):
                reason = _action(action, opening=key == "/OpenAction")
                if reason is not None:
                    return reason
    base = value.get("/URI")
    if isinstance(base, Dictionary) and "/Base" in base and not ADDRESS.match(str(base["/Base"])):
        return "launch-action"
    return None


def _action(action: Any, *, opening: bool) -> str | None:
    kind = str(action["/S"])
    if kind not in HARMLESS_ACTIONS:
        return ACTIONS.get(kind, "launch-action")
    strange_address = kind == "/URI" and not ADDRESS.match(str(action.get("/URI", "")))
    strange_name = kind == "/Named" and str(action.get("/N", "")) not in TURNS_A_PAGE
    return "launch-action" if strange_address or strange_name or (opening and kind != "/GoTo") else None


def _carrying(value: Any) -> str | None:
    if "/EF" in value or "/AF" in value or value.get("/Type") in {Name.EmbeddedFile, Name.Filespec}:
        return "embedded-files"
    return next((reason for tree, reason in TREES.items() if tree in value), None)


def _hiding(value: Any) -> str | None:
    """A layer, or what belongs to one."""
    belongs = "/Subtype" in value and isinstance(value.get("/OC"), Dictionary)
    return "hidden-layers" if belongs or value.get("/Type") in {Name.OCG, Name.OCMD} else None


def _elsewhere(value: Any) -> str | None:
    if not isinstance(value, Stream):
        return None
    postscript = value.get("/Subtype") == Name.PS or value.get("/Subtype2") == Name.PS
    outside = any(key in value for key in ("/F", "/Ref", "/OPI", "/Alternates"))
    return "external-content" if postscript or outside else None


def _annotations(page: Any, *, signed: bool) -> str | None:
    """Those that a page names: some viewers show them without a place of their own, too."""
    named = page.get("/Annots")
    for annotation in named if isinstance(named, Array) else ():
        if isinstance(annotation, Dictionary):
            reason = _kind(str(annotation.get("/Subtype", "")), signed=signed)
            if reason is not None:
                return reason
    return None


def _annotation(value: Any, *, signed: bool) -> str | None:
    """By its Subtype and Rect: /Type /Annot may be left out."""
    subtype = value.get("/Subtype")
    if "/Rect" not in value or not isinstance(subtype, Name):
        return None
    return _kind(str(subtype), signed=signed)


def _kind(subtype: str, *, signed: bool) -> str | None:
    if subtype in BARE:
        return "form-fields" if subtype == "/Widget" and not signed else None
    return ANNOTATIONS.get(subtype, "annotations")


def _values(found: Any) -> Iterator[Any]:
    """An object and the direct values inside it."""
    waiting = [(found, 0)]
    while waiting:
        value, depth = waiting.pop()
        yield value
        if depth >= DEEPEST:
            continue
        if isinstance(value, (Dictionary, Stream)):
            inner = [value.get(key) for key in value.keys()]  # noqa: SIM118 - a pikepdf object is no mapping
        elif isinstance(value, Array):
            inner = list(value)
        else:
            continue
        waiting.extend((part, depth + 1) for part in inner if isinstance(part, (Dictionary, Array)) and not _far(part))


def _far(value: Any) -> bool:
    """An object of its own, which is looked at in its own turn."""
    return bool(value.is_indirect)


def _forbids_all(certification: Any) -> bool:
    """DocMDP permission 1: no change at all, so no signature either (ISO 32000-1, 12.8.2.2)."""
    references = certification.get("/Reference") if isinstance(certification, Dictionary) else None
    for reference in references if isinstance(references, Array) else ():
        parameters = reference.get("/TransformParams")
        if isinstance(parameters, Dictionary) and parameters.get("/P", 2) == 1:
            return True
    return False


def _hybrid(pdf: pikepdf.Pdf, path: Path) -> bool:
    """Two tables of objects, one for old and one for new viewers, may show two documents (ISO 32000-1, 7.5.8.4)."""
    return "/XRefStm" in pdf.trailer or _contains(path, b"/XRefStm")


def _contains(path: Path, needle: bytes) -> bool:
    """In the raw bytes, where what no table of objects leads to is found too."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        return view.find(needle) >= 0
