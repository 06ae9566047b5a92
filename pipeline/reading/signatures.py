"""Does a PDF carry a digital signature? Asked only so that nobody rewrites it; its validity is asked elsewhere."""

from __future__ import annotations

from pathlib import Path

import pikepdf

DEEPEST = 20  # of nested form fields
MOST_FIELDS = 5000


def is_signed(path: Path) -> bool:
    """True when any signature field has a value, or the form says so. A damaged file counts as signed if in doubt."""
    try:
        with pikepdf.open(path, suppress_warnings=True) as document:
            form = document.Root.get("/AcroForm")
            if isinstance(form, pikepdf.Dictionary) and _signed_fields(form.get("/Fields"), None, 0):
                return True
            return any(_signed_widget(page) for page in document.pages)
    except pikepdf.PasswordError:
        return False
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError, KeyError):
        return b"/ByteRange" in path.read_bytes()


def _signed_fields(fields: object, inherited: object, depth: int) -> bool:
    if not isinstance(fields, pikepdf.Array) or depth > DEEPEST:
        return False
    for field in list(fields)[:MOST_FIELDS]:
        if not isinstance(field, pikepdf.Dictionary):
            continue
        kind = field.get("/FT", inherited)
        if kind == pikepdf.Name.Sig and "/V" in field:
            return True
        if _signed_fields(field.get("/Kids"), kind, depth + 1):
            return True
    return False


def _signed_widget(page: pikepdf.Page) -> bool:
    """Some signers forget to enter their field in the form."""
    notes = page.obj.get("/Annots")
    if not isinstance(notes, pikepdf.Array):
        return False
    return any(
        isinstance(note, pikepdf.Dictionary) and note.get("/FT") == pikepdf.Name.Sig and "/V" in note
        for note in list(notes)[:MOST_FIELDS]
    )
