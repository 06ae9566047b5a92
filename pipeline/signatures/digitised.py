"""Is a PDF what the Decree wants of digitised paper, before the agency signs it as a true copy?

Decree 30/2020/NĐ-CP, Appendix I, Part II, I.2: PDF 1.4 or later, in colour, 200 dpi or more, at real size.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from pipeline.errors import RefusedError
from pipeline.signatures.pagetext import frame_of

LEAST_VERSION = (1, 4)
LEAST_DPI = 200
ROUNDING = 0.97  # a scanner's A4 is a few pixels more or less
SMALLEST_MM, LARGEST_MM = 60.0, 1300.0  # of a sheet's longer side: beyond, the scale cannot be 100 %


def refuse_unfit_scan(path: Path) -> None:
    """RefusedError with what is wrong: version, a page that is no picture, its colours, resolution or size.

    Only for a limited child process.
    """
    logging.getLogger("pikepdf").setLevel(logging.CRITICAL)
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            major, minor = (int(part) for part in pdf.pdf_version.split(".")[:2])
            if (major, minor) < LEAST_VERSION:
                raise RefusedError("scan-old-version", path=path.name, version=pdf.pdf_version)
            for number, page in enumerate(pdf.pages, 1):
                _check(page, number, path)
    except pikepdf.PasswordError as error:
        raise RefusedError("sign-encrypted", path=path.name) from error
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise RefusedError("sign-unreadable", path=path.name, reason=str(error)[:200]) from error


def _check(page: pikepdf.Page, number: int, path: Path) -> None:
    frame = frame_of(page)
    longer = max(frame.width, frame.height) / 72 * 25.4
    if not SMALLEST_MM <= longer <= LARGEST_MM:
        raise RefusedError("scan-not-real-size", path=path.name, page=number, size=f"{longer:.0f}")
    image = max(_images(page), key=lambda one: int(one.get("/Width", 0)) * int(one.get("/Height", 0)), default=None)
    if image is None:
        raise RefusedError("scan-without-picture", path=path.name, page=number)
    across, down = sorted((int(image.get("/Width", 0)), int(image.get("/Height", 0))))
    short, long = sorted((frame.width, frame.height))
    dpi = min(across / short, down / long) * 72
    if dpi < LEAST_DPI * ROUNDING:
        raise RefusedError("scan-coarse", path=path.name, page=number, dpi=f"{dpi:.0f}", least=LEAST_DPI)
    if not _coloured(image.get("/ColorSpace"), image):
        raise RefusedError("scan-without-colour", path=path.name, page=number)


def _images(page: pikepdf.Page) -> list[Stream]:
    objects = page.obj.get("/Resources", Dictionary()).get("/XObject", Dictionary())
    return [found for found in (objects[key] for key in objects.keys())  # noqa: SIM118 - pikepdf
            if isinstance(found, Stream) and found.get("/Subtype") == Name.Image]  # fmt: skip


def _coloured(space: Any, image: Stream) -> bool:
    """Three colours or more; JPEG 2000 may keep its colours to itself, and is believed."""
    if space is None:
        return image.get("/Filter") == Name.JPXDecode
    if isinstance(space, Name):
        return space in {Name.DeviceRGB, Name.DeviceCMYK}
    if not isinstance(space, Array) or not len(space):
        return False
    family = space[0]
    if family == Name.ICCBased:
        return int(space[1].get("/N", 1)) >= 3
    if family == Name.Indexed:
        return _coloured(space[1], image)
    return family in {Name.CalRGB, Name.Lab, Name.DeviceN}
