"""Who signed digitally, by certificates and by what visible signatures say: it confirms or disputes what the page says.

A leader's certificate bears the leader's name, a records officer's the agency's (Decree 30/2020, Articles 12, 13). What
only a certificate says is proposed and always asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from pipeline.document import Field, Page, TextSource
from pipeline.metadata.layout import rows_of
from pipeline.metadata.lexicons import is_agency, lexicons
from pipeline.vietnamese import canonical, fold, nfc

_LABEL = re.compile(
    r"^\W*(?:(?:được\s+)?ký\s+(?:số\s+)?bởi|người\s+ký|ký\s+số\s+bởi|digitally\s+signed\s+by)\s*:?\s*(?P<name>\S.*)$",
    re.IGNORECASE,
)
_LABELS = "ky boi", "ky so boi", "nguoi ky", "signed by"
_NEAR = 80  # percent of letters: the same name, read or written otherwise
_CONFIRMED, _DISPUTED = 0.97, 0.6  # the least confidence of a confirmed name; what is left of a disputed one's
_PROPOSED = 0.5
NAMES = {"signatory_name": "people", "organ_name": "agencies"}


@dataclass(frozen=True)
class Signers:
    """Names of people and of agencies, as certificates and visible signatures spell them."""

    people: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    recognised: frozenset[str] = frozenset()  # read from small print by eye: these may confirm, they dispute nothing

    @classmethod
    def of(cls, pages: Sequence[Page], common_names: Iterable[str]) -> Signers:
        """Of certificates' common names and of what pages show of signatures."""
        shown = {name: page.source is TextSource.OCR for page in pages for name in _shown(page)}
        names = dict.fromkeys(nfc(name).strip() for name in (*common_names, *shown))
        recognised = frozenset(name for name, by_eye in shown.items() if by_eye) - set(common_names)
        agencies = tuple(name for name in names if is_agency(fold(name)))
        return cls(tuple(filter(_is_a_person, names)), agencies, recognised)

    def weigh(self, fields: Mapping[str, Field]) -> dict[str, Field]:
        """The fields, surer where a signer has the name, doubtful where one has nearly the same."""
        weighed = dict(fields)
        for field, kind in NAMES.items():
            if field in fields:
                weighed[field] = self._weighed(fields[field], getattr(self, kind))
        certain = [name for name in self.people if name not in self.recognised]
        if "signatory_name" not in fields and len(certain) == 1:
            weighed["signatory_name"] = Field(certain[0], _PROPOSED, None, None, "signer")
        return weighed

    def _weighed(self, field: Field, names: Sequence[str]) -> Field:
        printed = str(field.value)
        if any(canonical(name) == canonical(printed) for name in names):
            return replace(field, confidence=max(field.confidence, _CONFIRMED))
        spelled = [name for name in names if not name.isascii() and name not in self.recognised]
        if any(_nearly(name, printed, people=names is self.people) for name in spelled):
            return replace(field, confidence=round(field.confidence * _DISPUTED, 3))
        return field


def _nearly(name: str, printed: str, *, people: bool) -> bool:
    """The same name, one of them spelled wrongly; agencies with other letters are other agencies of the same place."""
    return fold(name) == fold(printed) or (people and fuzz.ratio(fold(name), fold(printed)) >= _NEAR)


def _shown(page: Page) -> Iterable[str]:
    """The names that visible signatures show behind their label, in one row."""
    text = fold(page.text)
    if not any(label in text for label in _LABELS):
        return
    for row in (piece for whole in rows_of(page) for piece in whole.pieces(1.6)):
        if match := _LABEL.match(row.text):
            yield match["name"].strip(" .,;:-")


def _is_a_person(name: str) -> bool:
    words = name.split()
    known = {fold(family) for family in lexicons().family_names} if name.isascii() else lexicons().family_names
    return 2 <= len(words) <= 6 and words[0].lower() in known and not is_agency(fold(name))
