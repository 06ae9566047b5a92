"""Confidences that mean what they say: of the values said to be 0.9 sure, about 90 in 100 are right.

The rules multiply chances as if what goes wrong went wrong independently, which makes them too modest where one doubt
is counted twice and too sure where one cause spoils several words. A curve per field (logistic, one slope, a shift of
its own) puts that right. It is fitted by `python -m bench.calibrate`, each source judged by what the others taught.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import exp, log

from pipeline.document import Field

EXACT = {"person", "count"}  # rules that do not guess
SUREST = 0.99  # nothing that a machine read is surer


@dataclass(frozen=True, slots=True)
class Calibration:
    """logit(measured) = slope · logit(said) + the field's shift; fields that were not measured stay as they are."""

    slope: float = 1.0
    shifts: Mapping[str, float] = field(default_factory=dict)

    def of(self, name: str, said: float) -> float:
        """The share of such values that are right; of a measured field between 0.01 and 0.99."""
        if name not in self.shifts:
            return said
        bounded = min(max(said, 0.01), SUREST)
        raised = self.slope * log(bounded / (1 - bounded)) + self.shifts[name]
        return round(min(max(1 / (1 + exp(-raised)), 0.01), SUREST), 3)

    def applied(self, fields: Mapping[str, Field]) -> dict[str, Field]:
        """The fields with measured confidences; a person's values and the counted ones stay."""
        return {
            name: found if found.rule in EXACT else replace(found, confidence=self.of(name, found.confidence))
            for name, found in fields.items()
        }


NONE = Calibration()
