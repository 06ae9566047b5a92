"""Reading and understanding take turns: the first reading shows what is in doubt, a second look is given to that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pipeline import metadata
from pipeline.document import Clues, Kind, Reading
from pipeline.reading import Reader
from pipeline.settings import MetadataSettings


def perceive(
    reader: Reader, path: Path, kind: Kind, settings: MetadataSettings, clues: Clues, *,
    progress: Callable[[int, int], None] | None = None,
) -> Reading:  # fmt: skip
    """Read a document, then look again at the zones that its metadata leave in doubt. Raises what `Reader.read` does.

    Most pages are read once: a zone costs about a tenth of its page. Pages that were scanned out of order come in the
    order of their printed numbers, each with the number that it has in the file.
    """
    with reader.holding(path, kind):
        read = reader.read(path, kind, progress=progress)
        if margins := metadata.margins_to_read(read):
            read = metadata.with_numbers(read, reader.look_again(path, kind, read, margins))
        read = metadata.judge_legibility(metadata.mend_order(read))
        zones = metadata.doubtful_zones(read, settings, clues)
        if not zones:
            return read
        return replace(read, second_looks=reader.look_again(path, kind, read, zones))
