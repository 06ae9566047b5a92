"""Written by `python -m bench.calibrate --write` from 1121 values: not for editing."""

from pipeline.metadata.calibration import Calibration

MEASURED = Calibration(
    slope=1.32,
    shifts={
        "code_notation": 1.0,
        "code_number": 0.1,
        "competence": 0.57,
        "issued_date": 0.79,
        "issued_place": 0.5,
        "organ_name": 0.06,
        "parent_organ_name": 0.83,
        "recipients": 0.24,
        "signatory_name": -0.08,
        "signatory_position": 1.0,
        "subject": 1.0,
        "type_name": 0.83,
    },
)
