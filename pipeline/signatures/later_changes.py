"""Which changes a signature bears after it was made: pyHanko's policy, without what attacks get through it.

Its standard policy lets the appearance of a field that was there before be rewritten in place, wherever the stream is
used; with that, it lists fields as changed that were not, and calls a seal broken by the archival time stamp after it
(`_allow_in_place_appearance_update` compares revisions with == where the appearance may be older).

It also takes new objects for orphans that the signed revision already points to, a field with a broken place for an
invisible one, and new rules for the looks of a form (`/NeedAppearances`, `/DA`, `/DR`) for validation data.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.form_tools import enumerate_fields_in
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    DiffResult,
    FormUpdatingRule,
    GenericFieldModificationRule,
    ModificationLevel,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
)
from pyhanko.sign.diff_analysis.commons import compare_dicts
from pyhanko.sign.diff_analysis.rules_api import QualifiedWhitelistRule, ReferenceUpdate
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm

DEEPEST = 100  # of a tree of pages
NOTES = {
    "/Text", "/FreeText", "/Highlight", "/Underline", "/Squiggly", "/StrikeOut", "/Ink", "/Stamp", "/Caret", "/Line",
    "/Square", "/Circle", "/Polygon", "/PolyLine", "/Popup",
}  # fmt: skip
LOOKS_OF_THE_FORM = ("/NeedAppearances", "/DA", "/DR", "/Q")


class _Policy(StandardDiffPolicy):
    """Raises SuspiciousModification, as its base does, for what nothing may explain."""

    def apply(
        self,
        old: HistoricalResolver,
        new: HistoricalResolver,
        field_mdp_spec: FieldMDPSpec | None = None,
        doc_mdp: MDPPerm | None = None,
    ) -> DiffResult:
        result = super().apply(old, new, field_mdp_spec, doc_mdp)
        _refuse_awaited_objects(old, new)
        _refuse_fields_without_a_place(new)
        before, after = _form(old), _form(new)
        if any(_entry(before, key) != _entry(after, key) for key in LOOKS_OF_THE_FORM):
            level = max(result.modification_level, ModificationLevel.FORM_FILLING)
            return DiffResult(level, result.changed_form_fields)
        return result


def _refuse_awaited_objects(old: HistoricalResolver, new: HistoricalResolver) -> None:
    """What was signed points to nothing yet, and shows whatever is put there later."""
    old._load_reverse_xref_cache()  # noqa: SLF001 - pyHanko's own policy asks it, and it is made once a revision
    for reference in new.explicit_refs_in_revision():
        if old.is_ref_unassignable(reference) and old._get_usages_of_ref(reference):  # noqa: SLF001
            raise SuspiciousModification(f"{reference!r} was awaited by what was signed.")


def _refuse_fields_without_a_place(new: HistoricalResolver) -> None:
    """Viewers may see a place where none can be told; then what stands there is not invisible."""
    for widget in _signature_widgets(new):
        corners = _entry(widget, "/Rect")
        if corners is not None and not _is_a_place(corners):
            raise SuspiciousModification("A signature field has a broken /Rect.")


def _signature_widgets(new: HistoricalResolver) -> Iterator[generic.DictionaryObject]:
    found: Any = enumerate_fields_in(_entry(_form(new), "/Fields"), refs_seen=set(), target_field_type="/Sig")
    for _name, _value, reference in found:
        field = reference.get_object()
        yield field
        yield from (kid.get_object() for kid in _entry(field, "/Kids") or ())


def _is_a_place(corners: Any) -> bool:
    numbers = [corner.get_object() if isinstance(corner, generic.IndirectObject) else corner for corner in corners]
    return len(numbers) == 4 and all(isinstance(number, (int, Decimal)) for number in numbers)


def _form(revision: HistoricalResolver) -> Any:
    return _entry(revision.root, "/AcroForm") or generic.DictionaryObject()


def _entry(dictionary: Any, key: str) -> Any:
    """What stands under a key, wherever it stands; None for nothing."""
    try:
        return dictionary[key]
    except KeyError:
        return None


class _NotesRule(QualifiedWhitelistRule):
    """New notes on pages that are as they were, which a certification may allow (DocMDP 3); never old ones changed."""

    def apply_qualified(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterator[tuple[ModificationLevel, ReferenceUpdate]]:
        for before, after in _pages(old.root["/Pages"], new.root["/Pages"]):
            notes = _annotations(after.get_object()) - _annotations(before.get_object())
            if not notes or not all(old.is_ref_unassignable(note) and _is_note(note.get_object()) for note in notes):
                continue
            compare_dicts(before.get_object(), after.get_object(), frozenset({"/Annots"}))
            new_objects = new.collect_dependencies(after.get_object()["/Annots"], since_revision=old.revision + 1)
            listed = after.get_object().raw_get("/Annots")
            references = {after.reference, *notes, *new_objects}
            if isinstance(listed, generic.IndirectObject):
                references.add(listed.reference)
            for reference in references:
                yield ModificationLevel.ANNOTATIONS, ReferenceUpdate(reference)


def _pages(old: Any, new: Any, depth: int = 0) -> Iterator[tuple[Any, Any]]:
    """Each page before and after, where the tree is the same. What is not, other rules refuse."""
    before, after = _entry(old, "/Kids") or (), _entry(new, "/Kids") or ()
    if depth > DEEPEST or list(before) != list(after):
        return
    for one, other in zip(before, after, strict=True):
        if _entry(one.get_object(), "/Kids") is None:
            yield one, other
        else:
            yield from _pages(one.get_object(), other.get_object(), depth + 1)


def _annotations(page: Any) -> set[Any]:
    return {one.reference for one in _entry(page, "/Annots") or () if isinstance(one, generic.IndirectObject)}


def _is_note(annotation: Any) -> bool:
    return _entry(annotation, "/Subtype") in NOTES and "/A" not in annotation and "/AA" not in annotation


DIFF_POLICY = _Policy(
    global_rules=[*DEFAULT_DIFF_POLICY.global_rules, _NotesRule()],
    form_rule=FormUpdatingRule(
        field_rules=[
            SigFieldCreationRule(),
            SigFieldModificationRule(),
            GenericFieldModificationRule(allow_in_place_appearance_stream_changes=False),
        ]
    ),
)
