"""Written by `python -m bench.calibrate --write`: not for editing."""

from pipeline.metadata.calibration import Calibration

MEASURED = Calibration()
