"""Confidences that mean what they say: of the values said to be 0.9 sure, about 90 in 100 are right.

The rules multiply chances as if what goes wrong went wrong independently, which makes them too modest where one doubt
is counted twice and too sure where one cause spoils several words. A curve per field puts that right: logistic, one
slope, a shift of its own; blanks that a hand filled have one apart from print. It is fitted by
`python -m bench.calibrate`, each source judged by what the others taught.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import exp, log

from pipeline.document import Field

BY_HAND = "second-look"  # the rule of a blank's number or day, weighed among the guesses at handwriting
EXACT = {"person", "count"}  # rules that do not guess
SUREST = 0.99  # nothing that a machine read is surer


@dataclass(frozen=True, slots=True)
class Calibration:
    """logit(measured) = slope · logit(said) + the shift of its kind; what was not measured stays as it is.

    `shifts`: by `kind_of` a field's name and rule.
    """

    slope: float = 1.0
    shifts: Mapping[str, float] = field(default_factory=dict)

    def of(self, kind: str, said: float) -> float:
        """The share of such values that are right; of a measured kind between 0.01 and 0.99."""
        if kind not in self.shifts:
            return said
        bounded = min(max(said, 0.01), SUREST)
        raised = self.slope * log(bounded / (1 - bounded)) + self.shifts[kind]
        return round(min(max(1 / (1 + exp(-raised)), 0.01), SUREST), 3)

    def applied(self, fields: Mapping[str, Field]) -> dict[str, Field]:
        """The fields with measured confidences; a person's values and the counted ones stay."""
        return {name: found if found.rule in EXACT else self._measured(name, found) for name, found in fields.items()}

    def _measured(self, name: str, found: Field) -> Field:
        return replace(found, confidence=self.of(kind_of(name, found.rule), found.confidence))


def kind_of(name: str, rule: str) -> str:
    """What is measured together: the values of a field, those by hand apart."""
    return f"{name}-by-hand" if rule == BY_HAND else name


NONE = Calibration()
