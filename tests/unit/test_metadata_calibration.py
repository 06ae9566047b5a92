"""Confidences are bent to what was measured, never turned round."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pipeline.document import FIELD_NAMES, Field
from pipeline.metadata.calibration import NONE, SUREST, Calibration
from pipeline.metadata.measured import MEASURED


@pytest.mark.parametrize("curves", [NONE, MEASURED, Calibration(0.5, {"subject": -2.0})])
@pytest.mark.parametrize("name", FIELD_NAMES)
def test_the_surer_value_stays_the_surer(curves: Calibration, name: str) -> None:
    measured = [curves.of(name, said / 100) for said in range(101)]
    assert all(low <= high for low, high in pairwise(measured))
    assert name not in curves.shifts or 0 < measured[0] <= measured[-1] <= SUREST


def test_without_curves_confidences_stay() -> None:
    assert [NONE.of("subject", said) for said in (0.3, 0.85, 0.99)] == [0.3, 0.85, 0.99]


def test_a_field_that_was_not_measured_stays() -> None:
    curves = Calibration(1.0, {"subject": 1.0})
    assert curves.of("subject", 0.5) == pytest.approx(0.731)
    assert curves.of("recipients", 0.5) == 0.5


def test_blanks_that_a_hand_filled_have_a_curve_of_their_own() -> None:
    bent = Calibration(1.0, {"code_number": 1.0, "code_number-by-hand": -1.0})
    of_rule = {
        rule: bent.applied({"code_number": Field("15", 0.9, None, None, rule)})["code_number"].confidence
        for rule in ("number-line", "second-look")
    }
    assert of_rule["number-line"] > 0.9 > of_rule["second-look"]


def test_what_is_no_guess_is_left_alone() -> None:
    fields = {
        "page_amount": Field("3", 0.99, None, None, "count"),
        "subject": Field("Về việc", 1.0, None, None, "person"),
        "type_name": Field("Báo cáo", 0.9, None, None, "heading"),
    }
    bent = Calibration(1.0, {"page_amount": -1.0, "subject": -1.0, "type_name": -1.0}).applied(fields)
    assert (bent["page_amount"], bent["subject"]) == (fields["page_amount"], fields["subject"])
    assert bent["type_name"].confidence < 0.9


def test_a_doubt_of_a_rule_is_not_calibrated_away() -> None:
    assert all(MEASURED.of(name, 0.7) < 0.95 for name in MEASURED.shifts)
