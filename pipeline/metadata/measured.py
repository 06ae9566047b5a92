"""Written by `python -m bench.calibrate --write` from 1384 values: not for editing."""

from pipeline.metadata.calibration import Calibration

MEASURED = Calibration(
    slope=1.29,
    shifts={
        "code_notation": 1.0,
        "code_number": 1.0,
        "code_number-by-hand": -0.39,
        "competence": 1.0,
        "issued_date": 0.91,
        "issued_date-by-hand": 1.0,
        "issued_place": 0.04,
        "organ_name": 0.36,
        "parent_organ_name": 1.0,
        "recipients": 0.67,
        "signatory_name": -0.08,
        "signatory_position": 1.0,
        "subject": 1.0,
        "type_name": 1.0,
    },
)
