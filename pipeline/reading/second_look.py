"""A second look at parts of a page: small, each with the treatment that what it holds asks for."""

from __future__ import annotations

from pipeline.document import SecondLook
from pipeline.reading.tasks import LookTask


def look_again(task: LookTask) -> tuple[SecondLook, ...]:
    """Look at the zones of one page, each for what it asks. Raises DependencyError; what cannot be seen is left out."""
    return ()
