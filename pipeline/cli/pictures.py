"""Pictures in a terminal that can show them (sixel, kitty's graphics), told by asking it; everywhere else a file."""

from __future__ import annotations

import io
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.cli.face import Face

MUTE = {"", "dumb", "linux", "vt100", "vt220"}  # would print the question instead of answering it
ROWS = 18  # of a terminal, at most: the question must stay in sight


def show(face: Face, png: bytes) -> bool:
    """Paint a picture where the cursor is; False where the terminal cannot (blocks of colour show no letters)."""
    image = _renderer() if face.out.is_terminal else None
    if image is None:
        return False
    from PIL import Image

    with Image.open(io.BytesIO(png)) as picture:
        face.out.print(image(picture, width="auto", height=_rows(picture.width, picture.height, face.out.width)))
    return True


def _rows(width: int, height: int, columns: int) -> int:
    """As high as the width of the screen asks for; a cell is about twice as high as wide."""
    return max(2, min(ROWS, round(columns * height / width / 2)))


@cache
def _renderer() -> Any:
    """The library asks the terminal when it is imported: only when a picture is due, and once."""
    if os.environ.get("TERM", "") in MUTE:
        return None
    logging.getLogger("textual_image").setLevel(logging.CRITICAL)  # a terminal without pixels is no fault
    from textual_image import renderable

    return renderable.Image if renderable.Image in {renderable.SixelImage, renderable.TGPImage} else None


@contextmanager
def folder_for(out: Path | None, private: Path) -> Iterator[Path]:
    """Where pictures are written: what was asked for, else a folder that only this user reads and that goes again."""
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        yield out
        return
    try:
        made = tempfile.TemporaryDirectory(prefix="review-", dir=private)
    except OSError:  # a clerk's login may not write into the service's folder
        made = tempfile.TemporaryDirectory(prefix="vanthu-review-")
    with made as folder:
        yield Path(folder)
