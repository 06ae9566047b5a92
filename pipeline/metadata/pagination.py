"""The numbers printed on pages, and the order of pages that they betray.

Source: Decree 30/2020/NĐ-CP, Appendix I, I.I.7: Arabic numbers in the middle of the upper margin, none on the first
page; each appendix counts its own. Older documents carry them in the lower margin. A double-sided stack that a
scanner took in twice comes as fronts, then backs: 1, 3, 5, 6, 4, 2.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.document import Box, Finding, Line, Look, Page, Reading, SecondLook, Severity, TextSource, Zone

_NUMBER = re.compile(r"[-–—.|\s]*(\d{1,3})[-–—.|\s]*")
_MARGIN = 0.1  # of the page's height, above and below
_BROKEN = 0.5  # share of page ends where the text does not go on; tables and headings break some in any order
_OFF_CENTRE = 0.08  # of its width
_READ = 0.5  # confidence below which a lone digit may be dirt
PAGE_NUMBER = "page_number"
FEWEST = 2  # numbers that say anything of an order


def printed_number(page: Page) -> int | None:
    """The number that stands alone in the middle of the upper margin, else of the lower one; None without one."""
    for inside in (_above, _below):
        for line in page.lines:
            match = _NUMBER.fullmatch(line.text)
            if match and inside(line, page) and line.confidence >= _READ and int(match[1]) > 0:
                return int(match[1])
    return None


def margins_to_read(reading: Reading) -> tuple[Zone, ...]:
    """Upper margins where a number may stand that the reader passed over: a lone digit is easily taken for dirt.

    Only of files whose pages seem out of order: where the text of one page does not go on on the next, or where the
    numbers that were read do not rise: of 25 files in good order 10 were asked, at a hundredth of what reading costs.
    """
    written = [page for page in reading.pages if page.source is not TextSource.BLANK and page.lines]
    numbers = [printed_number(page) for page in written]
    known = [number for number in numbers if number is not None]
    breaks = sum(map(_breaks, written, written[1:]))
    if len(written) <= FEWEST or (known == sorted(known) and breaks < _BROKEN * (len(written) - 1)):
        return ()
    pairs = list(zip(written, numbers, strict=True))[1:]
    silent = [page for page, number in pairs if number is None and page.source is TextSource.OCR]
    return tuple(Zone(page.number, _margin(page), Look.MARGIN, PAGE_NUMBER) for page in silent)


def with_numbers(reading: Reading, looks: Sequence[SecondLook]) -> Reading:
    """The pages with the numbers that a second look found in their margins, as lines at the top."""
    found = {look.zone.page: look.lines for look in looks if look.zone.about == PAGE_NUMBER and look.lines}
    pages = (
        replace(page, lines=(*found[page.number], *page.lines)) if page.number in found else page
        for page in reading.pages
    )
    return replace(reading, pages=tuple(pages)) if found else reading


def _breaks(page: Page, following: Page) -> bool:
    """Does a sentence end in the middle at a page's foot, or begin in the middle at the next one's head?"""
    ends = re.search(r"[.;:!?/)\]”\"]\W*$", _running(page)[-1]) is not None
    begins = next((c for c in _running(following)[0] if c.isalnum()), "A")
    return ends == begins.islower()


def _running(page: Page) -> list[str]:
    """The lines of the text itself: without the number."""
    lines = [line.text for line in page.lines if len(line.words) > 1]
    return lines or [line.text for line in page.lines]


def _margin(page: Page) -> Box:
    """The middle of the upper margin, down to the text."""
    text = min((line.box.top for line in page.lines if len(line.words) > 1), default=page.height)
    bottom = max(min(text - 2, _MARGIN * page.height), 0.03 * page.height)
    return Box(0.42 * page.width, 0.012 * page.height, 0.58 * page.width, bottom)


def mend_order(reading: Reading) -> Reading:
    """The pages in the order of their printed numbers; they keep the numbers that they have in the file.

    Only where the numbers leave no doubt: each from 1 to the last stands once and one page at most (mostly the first)
    shows none; or at least half of the pages show the number that a double-sided stack would give them, and no page
    another. Where that nearly holds, a person is told and nothing is moved. Blank pages go behind.
    """
    written = [page for page in reading.pages if page.source is not TextSource.BLANK]
    numbers = [printed_number(page) for page in written]
    known = [number for number in numbers if number is not None]
    if len(known) < FEWEST or len(set(known)) < len(known) or known == sorted(known) or max(known) > len(written):
        return reading
    order = _permutation(numbers) or _stack(numbers)
    if order is None:
        if len(known) < max(len(written) - 2, 3):
            return reading  # digits misread in a few margins say nothing
        shown = ", ".join("–" if number is None else str(number) for number in numbers)
        told = Finding("pages-out-of-order", Severity.WARNING, detail={"order": shown})
        return replace(reading, findings=(*reading.findings, told))
    blank = [page for page in reading.pages if page.source is TextSource.BLANK]
    pages = (*(written[place] for place in order), *blank)
    shown = ", ".join(str(page.number) for page in pages)
    mended = Finding("pages-put-in-order", Severity.WARNING, detail={"order": shown})
    return replace(reading, pages=pages, findings=(*reading.findings, mended))


def _permutation(numbers: Sequence[int | None]) -> list[int] | None:
    """The places of the pages 1, 2, 3 …; None where one of them is in doubt."""
    missing = set(range(1, len(numbers) + 1)) - set(numbers)
    unknown = [place for place, number in enumerate(numbers) if number is None]
    if len(unknown) > 1 or len(missing) != len(unknown):
        return None
    found = {number: place for place, number in enumerate(numbers) if number is not None}
    found |= dict(zip(missing, unknown, strict=True))
    return [found[number] for number in range(1, len(numbers) + 1)]


def _stack(numbers: Sequence[int | None]) -> list[int] | None:
    """The same where the pages are fronts, then backs (from the last or from the first), or all from the last."""
    amount = len(numbers)
    fronts, backs = list(range(1, amount + 1, 2)), list(range(2, amount + 1, 2))
    fitting = [
        stack
        for stack in (fronts + backs[::-1], fronts + backs, list(range(amount, 0, -1)))
        if all(number in {None, expected} for number, expected in zip(numbers, stack, strict=True))
    ]
    if len(fitting) != 1 or sum(number is not None for number in numbers) < amount / 2:
        return None
    return [fitting[0].index(number) for number in range(1, amount + 1)]


def _above(line: Line, page: Page) -> bool:
    return line.box.bottom < _MARGIN * page.height and _centred(line, page)


def _below(line: Line, page: Page) -> bool:
    return line.box.top > (1 - _MARGIN) * page.height and _centred(line, page)


def _centred(line: Line, page: Page) -> bool:
    return abs(line.box.centre[0] - page.width / 2) < _OFF_CENTRE * page.width
