"""Written by `python -m bench.calibrate --write` from 1121 values: not for editing."""

from pipeline.metadata.calibration import Calibration

MEASURED = Calibration(
    slope=1.42,
    shifts={
        "code_notation": 1.0,
        "code_number": 0.03,
        "competence": 1.0,
        "issued_date": 0.74,
        "issued_place": 0.48,
        "organ_name": -0.06,
        "parent_organ_name": 0.79,
        "recipients": 0.33,
        "signatory_name": -0.12,
        "signatory_position": 1.0,
        "subject": 1.0,
        "type_name": 0.8,
    },
)
