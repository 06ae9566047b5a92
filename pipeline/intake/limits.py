"""What looking into one file may cost: the request that goes to the examining process."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

REQUEST_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one file and of the child that looks into it."""

    max_pages: int
    max_pixels: int  # of one page image
    memory: int = 1 << 30  # bytes of address space, above the file's own size
    cpu_seconds: int = 20
    wall_seconds: float = 30.0

    def to_request(self) -> bytes:
        return json.dumps(asdict(self)).encode()
