"""Written by `python -m bench.calibrate --write` from 1121 values: not for editing."""

from pipeline.metadata.calibration import Calibration

MEASURED = Calibration(
    slope=1.18,
    shifts={
        "code_notation": 1.0,
        "code_number": 0.62,
        "competence": 0.57,
        "issued_date": -0.56,
        "issued_place": 0.38,
        "organ_name": -0.48,
        "parent_organ_name": 0.65,
        "recipients": -0.83,
        "signatory_name": -0.25,
        "signatory_position": 1.0,
        "subject": 0.11,
        "type_name": 0.57,
    },
)
