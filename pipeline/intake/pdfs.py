"""Opens a PDF whole with qpdf: is it readable, how many pages, how big are they, and what a clerk should know of it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf

from pipeline.document import Finding, Severity
from pipeline.errors import RefusedError

TAIL = 64 << 10
POINTS_PER_INCH = 72
LARGE_PAGE_DPI = 150  # a page that passes the pixel limit even at this resolution cannot be rendered for reading
_DEEPEST_TREE = 200
_MORE_NODES = 10_000  # inner nodes of a page tree that we walk beside its pages


def check_pdf(file: BinaryIO, size: int, max_pages: int, max_pixels: int) -> tuple[int, list[Finding]]:
    """(pages, findings); RefusedError when it is encrypted, truncated, damaged, endless or has pages beyond reason."""
    logging.getLogger("pikepdf").setLevel(logging.CRITICAL)  # its warnings become findings
    try:
        # Handing attributes down to the pages would walk all of the page tree before we have counted it.
        with pikepdf.open(file, suppress_warnings=True, inherit_page_attributes=False) as pdf:
            rebuilt = _rebuilt(pdf, file, size)
            pages = _count_pages(pdf, max_pages)
            _check_pages(pdf, max_pixels)
            return pages, _noticed(pdf, rebuilt=rebuilt or _rebuilt(pdf, file, size))
    except pikepdf.PasswordError as error:
        raise RefusedError("encrypted") from error
    except pikepdf.PdfError as error:
        raise RefusedError(_code_of(str(error), file, size), reason=_plain(error)) from error
    except (ValueError, TypeError, KeyError, AttributeError, RuntimeError, NotImplementedError, OverflowError) as error:
        raise RefusedError("damaged-pdf", reason=_plain(error)) from error


def ends_whole(file: BinaryIO, size: int) -> bool:
    """%%EOF stands at the end; scanners that pad with zeros are forgiven."""
    file.seek(max(0, size - TAIL))
    return b"%%EOF" in file.read(TAIL).rstrip(b"\0 \t\r\n")[-1024:]


def _code_of(message: str, file: BinaryIO, size: int) -> str:
    if "encrypt" in message.lower():  # a security handler that qpdf does not know: certificates, DRM
        return "encrypted"
    return "damaged-pdf" if ends_whole(file, size) else "truncated"


def _plain(error: Exception) -> str:
    text = re.sub(r"^stream <.*?>:? ?", "", str(error).partition("\n")[0])  # qpdf's name for the nameless file
    return text[:200] or type(error).__name__


def _count_pages(pdf: pikepdf.Pdf, max_pages: int) -> int:
    """Count the leaves of the page tree ourselves: qpdf would first build all of a tree that never ends."""
    root = pdf.Root.get("/Pages")
    if not isinstance(root, pikepdf.Dictionary):
        raise RefusedError("no-pages")
    declared = root.get("/Count", 0)
    if isinstance(declared, int) and declared > max_pages:
        raise RefusedError("too-many-pages", pages=declared, limit=max_pages)
    leaves = 0
    for leaves in _leaves(root, max_pages + _MORE_NODES):
        if leaves > max_pages:
            raise RefusedError("too-many-pages", pages=f"> {max_pages}", limit=max_pages)
    pages = len(pdf.pages)
    if pages == 0:
        raise RefusedError("no-pages")
    if pages > max_pages:
        raise RefusedError("too-many-pages", pages=pages, limit=max_pages)
    return pages


def _leaves(root: Any, max_nodes: int) -> Iterator[int]:
    """1, 2, 3 … for each leaf; stops at the node limit, so a tree of empty inner nodes ends too."""
    leaves = 0
    waiting: list[tuple[Any, int]] = [(root, 0)]
    for _ in range(max_nodes):
        if not waiting:
            return
        node, depth = waiting.pop()
        kids = node.get("/Kids") if isinstance(node, pikepdf.Dictionary) else None
        if not isinstance(kids, pikepdf.Array):
            leaves += 1
            yield leaves
        elif depth > _DEEPEST_TREE:
            raise RefusedError("damaged-pdf", reason="/Pages")
        else:
            waiting.extend((kids[at], depth + 1) for at in range(min(len(kids), max_nodes)))
    raise RefusedError("too-many-pages", pages=f"> {leaves}", limit=max_nodes)


def _check_pages(pdf: pikepdf.Pdf, max_pixels: int) -> None:
    for number, page in enumerate(pdf.pages, 1):
        width, height = _page_size(page)
        inches = LARGE_PAGE_DPI / POINTS_PER_INCH
        if width * inches * height * inches > max_pixels:
            raise RefusedError("page-too-large", page=number, width=round(width), height=round(height))
        for image in _images(page):
            columns, rows = image.get("/Width", 0), image.get("/Height", 0)
            if isinstance(columns, int) and isinstance(rows, int) and columns * rows > max_pixels:
                raise RefusedError("too-many-pixels", width=columns, height=rows, limit=max_pixels // 1_000_000)


def _page_size(page: pikepdf.Page) -> tuple[float, float]:
    """Points, UserUnit applied; a box that is no box is left to the reader, which has a default."""
    try:
        left, bottom, right, top = (float(side) for side in page.mediabox)
        unit = float(page.obj.get("/UserUnit", 1))
    except (ValueError, TypeError, AttributeError, KeyError, pikepdf.PdfError):
        return 0.0, 0.0
    return abs(right - left) * unit, abs(top - bottom) * unit


def _inherited(node: Any, name: str) -> Any:
    """A page's attribute, its own or its parents' (ISO 32000-1, 7.7.3.4)."""
    for _ in range(_DEEPEST_TREE):
        if not isinstance(node, pikepdf.Dictionary):
            return None
        if name in node:
            return node.get(name)
        node = node.get("/Parent")
    return None


def _images(page: pikepdf.Page) -> Iterator[pikepdf.Stream]:
    resources = _inherited(page.obj, "/Resources")
    objects = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
    if isinstance(objects, pikepdf.Dictionary):
        for name in list(objects.keys()):
            found = objects.get(name)
            if isinstance(found, pikepdf.Stream) and found.get("/Subtype") == pikepdf.Name.Image:
                yield found


def _rebuilt(pdf: pikepdf.Pdf, file: BinaryIO, size: int) -> bool:
    """Had qpdf to rebuild the table of objects since the last question? RefusedError when the end is missing too."""
    if not any("reconstruct" in str(warning) for warning in pdf.get_warnings()):
        return False
    if not ends_whole(file, size):
        raise RefusedError("truncated")
    return True


def _noticed(pdf: pikepdf.Pdf, *, rebuilt: bool) -> list[Finding]:
    """Nothing in it is ever run here; a person who opens the original elsewhere should know what it holds."""
    findings = []
    if pdf.is_encrypted:
        findings.append(Finding("encrypted-open"))
    if rebuilt:
        findings.append(Finding("pdf-repaired", Severity.WARNING))
    names = pdf.Root.get("/Names")
    named = names if isinstance(names, pikepdf.Dictionary) else pikepdf.Dictionary()
    action = pdf.Root.get("/OpenAction")
    opens = isinstance(action, pikepdf.Dictionary) and str(action.get("/S")) in {"/JavaScript", "/Launch", "/URI"}
    if "/JavaScript" in named or "/AA" in pdf.Root or opens:
        findings.append(Finding("active-content", Severity.WARNING))
    if "/EmbeddedFiles" in named or "/Collection" in pdf.Root:
        findings.append(Finding("attachments-inside", Severity.WARNING))
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form:
        findings.append(Finding("xfa-form", Severity.WARNING))
    return findings
