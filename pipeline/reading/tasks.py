"""What the service asks of its reading processes, and what it gets back.

The parsers (pdfium, OpenCV, pikepdf …) are imported where they run: the service itself never loads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.document import Box, Finding, Kind, Page, SecondLook, Severity, TextSource, Zone

A4 = (595.3, 841.9)  # points


@dataclass(frozen=True, slots=True)
class PageTask:
    """One page to read; `index` counts from 0.

    `exact`: its text is that out of which we had the page made. `by_eye`: its text is known to say something else.
    """

    path: Path
    kind: Kind
    index: int
    languages: str
    blank_ink: float
    seconds: float
    max_megapixels: int
    exact: bool = False
    by_eye: bool = False


@dataclass(frozen=True, slots=True)
class LookTask:
    """Zones of one page to look at again; `page` is what the first reading made of it."""

    path: Path
    kind: Kind
    page: Page
    zones: tuple[Zone, ...]
    languages: str
    seconds: float
    max_megapixels: int


@dataclass(frozen=True, slots=True)
class CopyTask:
    """What a reading copy is made of and where it goes."""

    path: Path
    kind: Kind
    pages: tuple[Page, ...]
    target: Path
    title: str
    max_megapixels: int


@dataclass(frozen=True, slots=True)
class CropTask:
    """A part of a page to show; `box` in points of the upright page."""

    path: Path
    kind: Kind
    page: Page
    box: Box
    max_megapixels: int


@dataclass(frozen=True, slots=True)
class PartTask:
    """Pages (from 1) of a PDF that become a PDF of their own; `origin` says in the file where they come from."""

    path: Path
    pages: tuple[int, ...]
    target: Path
    origin: str


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known of a document before its pages are read."""

    page_amount: int
    signed: bool


@dataclass(frozen=True, slots=True)
class PageReading:
    """One page and what a person may have to know of it."""

    page: Page
    findings: tuple[Finding, ...] = ()
    costs: Mapping[str, float] = field(default_factory=dict)  # CPU seconds by stage (`stopwatch.Stage`)


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What was done to an office text: the old encodings that it had, how many changes nobody had accepted."""

    encodings: tuple[str, ...] = ()
    changes: int = 0

    def __bool__(self) -> bool:
        return bool(self.encodings or self.changes)


def unread(number: int, code: str, **detail: str) -> PageReading:
    """A page of which nothing is known but why, taken for A4."""
    finding = Finding(code, Severity.WARNING, number, detail)
    return PageReading(Page(number, *A4, TextSource.UNREAD), (finding,))


def outline(path: Path, kind: Kind) -> Outline:
    """Count pages and look for signatures. Raises ReadingError, RefusedError."""
    from pipeline.reading import pages

    return pages.outline(path, kind)


def read_page(task: PageTask) -> PageReading:
    """Read one page. Raises only DependencyError; a page that cannot be read comes back UNREAD with a finding."""
    from pipeline.reading import pages

    return pages.read_page(task)


def own_text_differs(task: PageTask) -> bool:
    """Does a page show something else than its own text says? Raises ReadingError; False where nobody can tell."""
    from pipeline.reading import pages

    return pages.own_text_differs(task)


def look_again(task: LookTask) -> tuple[SecondLook, ...]:
    """Look at the zones of one page, each for what it asks. Raises DependencyError; what cannot be seen is left out."""
    from pipeline.reading import second_look

    return second_look.look_again(task)


def write_copy(task: CopyTask) -> None:
    """Make and durably write a reading copy. Raises ReadingError, StorageError."""
    from pipeline.reading import reading_copy

    reading_copy.write_copy(task)


def crop(task: CropTask) -> bytes:
    """A part of a page as a PNG. Raises ReadingError."""
    from pipeline.reading import crops

    return crops.crop(task)


def write_part(task: PartTask) -> None:
    """Cut pages out of a PDF, durably. Raises ReadingError, StorageError."""
    from pipeline.reading import parts

    parts.write_part(task)


def needs_rewriting(path: Path, kind: Kind) -> bool:
    """May an office file hold text in old encodings, or changes that nobody accepted? Raises ReadingError."""
    from pipeline.reading import office_needs

    return office_needs.needs_rewriting(path, kind)


def rewrite(source: Path, target: Path) -> Rewriting:
    """Write an OpenDocument text in Unicode, its changes accepted; nothing where it had neither. ReadingError."""
    from pipeline.reading import odt

    return odt.rewrite(source, target)
