"""An original becomes words on pages: text layers that are believed, Tesseract for the rest, and a copy to read in."""

from __future__ import annotations

from pipeline.reading.reader import Reader
from pipeline.reading.versions import versions

__all__ = ["Reader", "versions"]
