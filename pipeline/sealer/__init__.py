"""The seal service: the agency's key in a process of its own, which seals what an officer released and nothing else.

    SealSettings      its own configuration, which the watching service cannot write
    SealService       the process with the key: its rules, its journal, its socket
    SealClient        what the watching service and the officers speak through

Why it is apart and what it checks: docs/decisions/0004-who-holds-the-seal.md (Decree 30/2020, Article 32.2.c-d).
"""

from pipeline.sealer.client import SealClient as SealClient
from pipeline.sealer.settings import SealSettings as SealSettings
from pipeline.sealer.settings import load_seal_settings as load_seal_settings
from pipeline.sealer.values import RegisterRow as RegisterRow
from pipeline.sealer.values import Release as Release
from pipeline.sealer.values import Sealed as Sealed
from pipeline.sealer.values import SealerStatus as SealerStatus
from pipeline.sealer.values import Stamped as Stamped
from pipeline.sealer.values import StampRef as StampRef
