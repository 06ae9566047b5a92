"""Some pages of a PDF as a PDF of their own: one document cut out of a file that holds several."""

from __future__ import annotations

import pikepdf

from pipeline.errors import ReadingError
from pipeline.files import durable_file
from pipeline.reading.tasks import PartTask


def write_part(task: PartTask) -> None:
    """Write the pages durably; the same task always gives the same bytes. Raises ReadingError, StorageError.

    Where the part comes from stands in the file, so that parts of two originals never have the same bytes.
    """
    try:
        with pikepdf.open(task.path, suppress_warnings=True) as whole, pikepdf.new() as part:
            for number in task.pages:
                part.pages.append(whole.pages[number - 1])
            part.docinfo["/VanthuPartOf"] = pikepdf.String(task.origin)
            with durable_file(task.target) as out:
                part.save(out, deterministic_id=True)
    except (pikepdf.PdfError, IndexError, OSError, ValueError, RuntimeError, TypeError, KeyError) as error:
        raise ReadingError("part-unwritable", path=task.path, reason=error) from error
