"""Names and versions of what reads: for `doctor`, and beside every reading so that it can be explained later."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import version

from pipeline.errors import DependencyError
from pipeline.reading import office, tesseract


def versions() -> dict[str, str]:
    """What is installed; an empty string where it is missing."""
    try:
        ocr, languages = tesseract.version(), " ".join(tesseract.languages())
    except DependencyError:
        ocr, languages = "", ""
    return {
        "tesseract": ocr,
        "tesseract-languages": languages,
        "pdfium": version("pypdfium2"),
        "opencv": version("opencv-python-headless"),
        "pillow": version("pillow"),
        "pikepdf": version("pikepdf"),
        "libreoffice": office.version(),
    }


@lru_cache
def engine(recognised: bool) -> str:
    """What read a document, in one line."""
    names = f"pypdfium2 {version('pypdfium2')}"
    return f"tesseract {tesseract.version()}; {names}" if recognised else names
