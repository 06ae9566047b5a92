"""The room where a dropped file becomes an accepted original: watching, stability, claiming, limits, refusal."""

from pipeline.intake.claims import CLAIMS, Claim, claim, pending_claims, retire, secure
from pipeline.intake.examination import Examination, close_examiner, examine
from pipeline.intake.mounts import WatchMode, choose_mode, file_system_of
from pipeline.intake.names import numbered
from pipeline.intake.refusal import fingerprint, reason_paths, refuse
from pipeline.intake.watcher import Take, sweep, waiting_files, watch

__all__ = [
    "CLAIMS",
    "Claim",
    "Examination",
    "Take",
    "WatchMode",
    "choose_mode",
    "claim",
    "close_examiner",
    "examine",
    "file_system_of",
    "fingerprint",
    "numbered",
    "pending_claims",
    "reason_paths",
    "refuse",
    "retire",
    "secure",
    "sweep",
    "waiting_files",
    "watch",
]
