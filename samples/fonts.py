"""The typeface of the Decree has metric twins; find one on this machine that has every Vietnamese letter."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

NEEDED = "ẾỆỘỮƯƠĂĐảạắằặấầậẹếềễệịọốồộớờợủứừữựỳỷỹỵ–…³"
STYLES = {"": "Regular", "B": "Bold", "I": "Italic", "BI": "BoldItalic"}
FOLDERS = tuple(
    Path(root) / name
    for root in ("/usr/share/fonts/truetype", "/usr/share/fonts", "/usr/local/share/fonts")
    for name in ("liberation2", "liberation", "liberation-serif")
)


@lru_cache
def serif() -> dict[str, Path]:
    """fpdf2 style ("", "B", "I", "BI") → Liberation Serif's file; version 1 has no Vietnamese and is passed over."""
    for folder in FOLDERS:
        found = {style: folder / f"LiberationSerif-{name}.ttf" for style, name in STYLES.items()}
        if all(path.is_file() for path in found.values()) and _complete(found[""]):
            return found
    raise FileNotFoundError("Liberation Serif 2 not found: apt-get install fonts-liberation")


def _complete(path: Path) -> bool:
    with TTFont(path, lazy=True) as font:
        letters = font.getBestCmap()
    return all(ord(letter) in letters for letter in NEEDED)
