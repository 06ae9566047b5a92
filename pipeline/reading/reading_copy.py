"""The reading copy: the untouched page images with the read words as invisible text, as PDF/A-2b where that is true.

A scan's own image stream (JPEG, CCITT, JBIG2 …) goes in byte for byte; nothing is ever compressed with loss.
Text and drawings of a page whose text layer was not believed are shown as a lossless picture of the page, so the
broken text does not come out beside the read one. The original is never written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import lru_cache

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name
from PIL import ImageCms

from pipeline.document import Line, Page, TextSource
from pipeline.errors import ReadingError
from pipeline.files import durable_file
from pipeline.reading import glyphless, images, page_images, pdf
from pipeline.reading.page_images import Picture
from pipeline.reading.tasks import CopyTask

SPACE = " "
PRODUCER = "Vanthu"
NEEDS_A_COPY = {TextSource.OCR, TextSource.BLANK}


def write_copy(task: CopyTask) -> None:
    """Make and durably write the copy; runs in a reading process. Raises ReadingError, StorageError."""
    copy = pikepdf.new()
    try:
        with ExitStack() as held:  # the source must stay open until the copy is saved
            add_pages = _add_image_pages if task.kind.is_image else _add_pdf_pages
            conforms = add_pages(copy, task, held)
            font = glyphless.add_font(copy, _characters(task.pages))
            for place, page in zip(copy.pages, task.pages, strict=True):
                if page.source in NEEDS_A_COPY:
                    _add_text(copy, place, page, font)
            _describe(copy, task.title, conforms)
            with durable_file(task.target) as out:
                copy.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    except (pikepdf.PdfError, pypdfium2.PdfiumError, OSError, ValueError, RuntimeError, TypeError, KeyError) as error:
        raise ReadingError("copy-unwritable", path=task.path, reason=error) from error


def _add_image_pages(copy: pikepdf.Pdf, task: CopyTask, held: ExitStack) -> bool:
    image = held.enter_context(images.open_image(task.path, task.kind))
    conforms = True
    for page in task.pages:
        if page.source is TextSource.UNREAD:
            copy.add_blank_page(page_size=(page.width, page.height))
            continue
        picture = page_images.of_frame(copy, image, task.path, page.number - 1, task.max_megapixels)
        conforms &= picture.conforms
        _add_page(copy, page, [picture])
    return conforms


def _add_pdf_pages(copy: pikepdf.Pdf, task: CopyTask, held: ExitStack) -> bool:
    """Scans keep their image streams, believed pages stay as they are, the others become pictures."""
    conforms = True
    source = held.enter_context(pikepdf.open(task.path, suppress_warnings=True))
    shown = held.enter_context(pikepdf.open(task.path, suppress_warnings=True))
    shown.flatten_annotations("screen")  # in memory: a signature's widget without its signature would be a lie
    viewer = pdf.open_pdf(task.path)
    held.callback(viewer.close)
    for page in task.pages:
        if page.source not in NEEDS_A_COPY:
            copy.pages.append(shown.pages[page.number - 1])
            if "/Annots" in copy.pages[-1]:
                del copy.pages[-1]["/Annots"]
            conforms = False  # whatever fonts it has, nobody has checked them
            continue
        pictures = _pictures(copy, source.pages[page.number - 1], page, viewer, task.max_megapixels)
        conforms &= all(picture.conforms for picture in pictures)
        _add_page(copy, page, pictures)
    return conforms


def _pictures(
    copy: pikepdf.Pdf, place: pikepdf.Page, page: Page, viewer: pypdfium2.PdfDocument, max_megapixels: int
) -> list[Picture]:
    """The scan itself, with what its annotations show laid over it; or the whole page as it looks."""
    scan = page_images.of_scan(copy, place)
    if scan and not place.obj.get("/Annots"):
        return [scan]
    opened, sheet = pdf.survey(viewer, page.number - 1, max_megapixels)
    try:
        if scan and not sheet.notes:
            return [scan]
        image = pdf.render(opened, sheet)
    finally:
        opened.close()
    if scan is None or page.rotation:
        return [page_images.of_pixels(copy, image.pixels, sheet.frame.rotation)]
    return [scan, *(page_images.of_part(copy, image, box) for box in sheet.notes)]


def _add_page(copy: pikepdf.Pdf, page: Page, pictures: Sequence[Picture]) -> None:
    """A page that shows pictures; `/Rotate` makes it upright where the first of them is not."""
    turn = (page.rotation - pictures[0].rotation) % 360
    width, height = (page.height, page.width) if turn % 180 else (page.width, page.height)
    copy.add_blank_page(page_size=(width, height))
    place = copy.pages[-1]
    place.obj.Resources = Dictionary(XObject=Dictionary())
    painting = []
    for index, picture in enumerate(pictures):
        place.obj.Resources.XObject[f"/Im{index}"] = picture.image
        numbers = " ".join(f"{number:.4f}" for number in picture.matrix or (width, 0.0, 0.0, height, 0.0, 0.0))
        painting.append(f"q {numbers} cm /Im{index} Do Q")
    place.obj.Contents = copy.make_stream("\n".join(painting).encode("ascii"))
    if turn:
        place.obj.Rotate = turn


def _add_text(copy: pikepdf.Pdf, place: pikepdf.Page, page: Page, font: pikepdf.Object) -> None:
    if not page.lines:
        return
    turn = int(place.obj.get("/Rotate", 0)) % 360
    name = place.add_resource(font, Name.Font)
    body = "\n".join(_shown(line, page, turn, str(name)) for line in page.lines)
    place.contents_add(copy.make_stream(f"q\nBT\n3 Tr\n{body}\nET\nQ".encode("ascii")))


def _shown(line: Line, page: Page, turn: int, font: str) -> str:
    """One line's words, each stretched over its own box; blanks between them are as wide as the gaps."""
    box = line.box
    size = max(box.height, 1.0)
    base = box.bottom + glyphless.DESCENT / glyphless.UNITS * size * 0.6
    parts = [f"{font} {size:.2f} Tf"]
    for word, following in zip(line.words, (*line.words[1:], None), strict=True):
        a, b, c, d, x, y = _place(word.box.left, base, page, turn)
        parts.append(f"{a} {b} {c} {d} {x:.2f} {y:.2f} Tm {_stretched(word.text, word.box.width, size)}")
        if following:
            parts.append(_stretched(SPACE, following.box.left - word.box.right, size))
    return "\n".join(parts)


def _stretched(text: str, width: float, size: float) -> str:
    natural = len(text) * glyphless.WIDTH / glyphless.UNITS * size
    return f"{max(width / natural * 100, 1.0):.2f} Tz <{glyphless.encode(text).hex().upper()}> Tj"


def _place(x: float, y: float, page: Page, turn: int) -> tuple[int, int, int, int, float, float]:
    """The text matrix of an upright point (origin top left) on a page that `/Rotate` will turn clockwise."""
    match turn:
        case 90:
            return 0, 1, -1, 0, y, x
        case 180:
            return -1, 0, 0, -1, page.width - x, y
        case 270:
            return 0, -1, 1, 0, page.height - y, page.width - x
        case _:
            return 1, 0, 0, 1, x, page.height - y


def _characters(pages: Iterable[Page]) -> set[str]:
    return {character for page in pages for word in page.words for character in word.text} | {SPACE}


def _describe(copy: pikepdf.Pdf, title: str, conforms: bool) -> None:
    """Title, producer and - only where it holds - the claim of PDF/A-2b with the colours' meaning (ISO 19005-2)."""
    now = datetime.now(UTC)
    if conforms:
        profile = copy.make_stream(_srgb())
        profile.N = 3
        copy.Root.OutputIntents = Array(
            [
                Dictionary(
                    Type=Name.OutputIntent, S=Name.GTS_PDFA1, OutputConditionIdentifier=b"sRGB", Info=b"sRGB",
                    DestOutputProfile=profile,
                )
            ]
        )  # fmt: skip
    copy.Root.Lang = pikepdf.String("vi-VN")
    with copy.open_metadata(set_pikepdf_as_editor=False) as metadata:
        if title:
            metadata["dc:title"] = title
        metadata["pdf:Producer"] = PRODUCER
        metadata["xmp:CreateDate"] = metadata["xmp:ModifyDate"] = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        if conforms:
            metadata["pdfaid:part"], metadata["pdfaid:conformance"] = "2", "B"
    copy.docinfo["/Producer"] = PRODUCER
    copy.docinfo["/CreationDate"] = copy.docinfo["/ModDate"] = now.strftime("D:%Y%m%d%H%M%SZ")
    if title:
        copy.docinfo["/Title"] = title


@lru_cache
def _srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
