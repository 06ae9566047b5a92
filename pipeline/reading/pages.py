"""The tasks of a reading process: look at a document, read one of its pages. Nothing here leaves an exception behind
that is not ours, and a page that cannot be read is a page all the same.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import cv2
import pypdfium2
from PIL import Image

from pipeline.document import Finding, Kind, Line, Page, Severity, TextSource
from pipeline.errors import DependencyError, ReadingError
from pipeline.reading import images, notes, pdf, recognition, sampling, tesseract
from pipeline.reading.identity import identity_of
from pipeline.reading.recognition import PageImage, recognise
from pipeline.reading.signatures import is_signed
from pipeline.reading.stopwatch import Stage, Stopwatch
from pipeline.reading.tasks import Outline, PageReading, PageTask, unread
from pipeline.reading.trust import distrust

cv2.setNumThreads(1)  # pages run side by side


class _Open:
    """The document this process read last: its next page is most often of the same one."""

    key: tuple[Path, int, int] | None = None
    document: pypdfium2.PdfDocument | Image.Image | None = None


def outline(path: Path, kind: Kind) -> Outline:
    """Count pages and look for signatures. Raises ReadingError, RefusedError."""
    if kind.is_image:
        image = opened_image(path, kind)
        try:
            return Outline(images.frame_amount(image), signed=False)
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            raise ReadingError("image-unreadable", path=path, reason=error) from error
    return Outline(len(opened_pdf(path)), is_signed(path))


def read_page(task: PageTask) -> PageReading:
    """Read one page. Raises only DependencyError; a page that cannot be read comes back UNREAD with a finding."""
    number = task.index + 1
    watch = Stopwatch()
    try:
        reading = _read_image(task, watch) if task.kind.is_image else _read_pdf_page(task, watch)
        return replace(reading, costs=watch.seconds)
    except tesseract.OutOfTimeError:
        return unread(number, "page-timeout", seconds=str(round(task.seconds)))
    except ReadingError as error:
        if error.code == "page-too-many-pixels":
            return unread(number, "page-too-many-pixels", **error.detail)
        return unread(number, "page-unreadable", reason=str(error))
    except MemoryError:
        return unread(number, "page-unreadable", reason="memory")


def _read_image(task: PageTask, watch: Stopwatch) -> PageReading:
    with watch.stage(Stage.RENDER):
        image, turned = images.read_frame(opened_image(task.path, task.kind), task.index, task.max_megapixels)
    return PageReading(_recognised(task, image, turned, image.dpi, watch))


def _read_pdf_page(task: PageTask, watch: Stopwatch) -> PageReading:
    with watch.stage(Stage.RENDER):
        page, sheet = pdf.survey(opened_pdf(task.path), task.index, task.max_megapixels)
    number, (width, height) = task.index + 1, sheet.frame.size
    findings: tuple[Finding, ...] = ()
    try:
        doubt = "differs" if task.by_eye else distrust(sheet.layer.facts, exact=task.exact)
        if doubt is None:
            lines = sheet.layer.lines + _pictured_notes(task, page, sheet)
            if sheet.layer.facts.decoded:
                detail = {"encoding": ", ".join(sheet.layer.facts.decoded)}
                findings = (Finding("legacy-encoding", Severity.NOTE, number, detail),)
            return PageReading(
                Page(number, width, height, TextSource.TEXT_LAYER, lines, sheet.frame.rotation), findings
            )
        if sheet.layer.facts.characters and doubt != "empty":
            severity = Severity.WARNING if task.by_eye else Severity.NOTE
            findings = (Finding("text-layer-distrusted", severity, number, {"reason": doubt}),)
        with watch.stage(Stage.RENDER):
            image = pdf.render(page, sheet)
    finally:
        page.close()
    read = _recognised(task, image, sheet.frame.rotation, sheet.scan_dpi, watch)
    exact = notes.lines_within(sheet.layer.lines, sheet.notes)
    if exact and not task.by_eye and not sheet.layer.facts.garbled and read.rotation == sheet.frame.rotation:
        read = replace(read, source=TextSource.OCR, lines=notes.put_exactly(read.lines, exact))
    return PageReading(read, findings)


def own_text_differs(task: PageTask) -> bool:
    """Does a page show something else than its own text says? Raises ReadingError; False where nobody can tell."""
    page, sheet = pdf.survey(opened_pdf(task.path), task.index, task.max_megapixels)
    try:
        return sampling.differs(page, sheet, task.languages, task.seconds)
    except (tesseract.OutOfTimeError, DependencyError):
        return False
    finally:
        page.close()


def _pictured_notes(task: PageTask, page: pypdfium2.PdfPage, sheet: pdf.Sheet) -> tuple[Line, ...]:
    """Words of annotations that show a picture instead of text, on a page whose own text is believed."""
    silent = [box for box in sheet.notes if not notes.lines_within(sheet.layer.lines, [box])]
    if not silent:
        return ()
    image = pdf.render(page, sheet)
    lines: list[Line] = []
    for box in silent:
        cut = recognition.cut(image, box)
        found = tesseract.recognise_zone(cut, task.languages, round(image.dpi), task.seconds)
        lines += recognition.without_doubtful(recognition.placed(found, box, image))
    return tuple(lines)


def _recognised(task: PageTask, image: PageImage, turned: int, dpi: float | None, watch: Stopwatch) -> Page:
    found = recognise(
        image, languages=task.languages, blank_ink=task.blank_ink, deadline=time.monotonic() + task.seconds, watch=watch
    )
    return Page(
        task.index + 1, found.width, found.height, found.source, found.lines,
        (turned + found.turn) % 360, round(dpi, 1) if dpi else None, found.seals, found.strokes,
    )  # fmt: skip


def opened_pdf(path: Path) -> pypdfium2.PdfDocument:
    if _stale(path):
        _remember(path, pdf.open_pdf(path))
    assert isinstance(_Open.document, pypdfium2.PdfDocument)  # noqa: S101 - for the type checker
    return _Open.document


def opened_image(path: Path, kind: Kind) -> Image.Image:
    if _stale(path) or kind is not Kind.TIFF:
        _remember(path, images.open_image(path, kind))
    assert isinstance(_Open.document, Image.Image)  # noqa: S101 - for the type checker
    return _Open.document


def _stale(path: Path) -> bool:
    return _Open.key != identity_of(path)


def _remember(path: Path, document: pypdfium2.PdfDocument | Image.Image) -> None:
    if _Open.document is not None:
        _Open.document.close()
    _Open.key, _Open.document = identity_of(path), document
