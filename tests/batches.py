"""Files that hold several documents, made from the small papers of `tests.paper`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pikepdf

from tests.paper import letter

NUMBERS = (15, 16, 17)


def batch(path: Path, numbers: Sequence[int] = NUMBERS) -> Path:
    """A PDF of one letter a page, each a document of its own."""
    with pikepdf.new() as whole:
        for number in numbers:
            single = letter(path.with_suffix(f".{number}.tmp"), number=number, subject=f"báo cáo công tác số {number}")
            with pikepdf.open(single) as one:
                whole.pages.extend(one.pages)
            single.unlink()
        whole.save(path)
    return path
