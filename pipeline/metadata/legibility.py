"""Pages that say little or nothing, told aloud: a person looks at them, and no field is made up from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from statistics import fmean

from pipeline.document import Finding, Page, Reading, Severity, TextSource, Word
from pipeline.metadata.language import find_language

HARD = 0.65  # mean confidence of words; of 175 pages of real scans two lie below
COARSE = 120  # dots an inch; letters of 13 points are 20 dots high, their accents one or two
DIGIT = 0.8  # what the confidence of digits is worth there: no word of the language speaks for a 2 or against a 6


def judge_legibility(reading: Reading) -> Reading:
    """The same reading with a finding for each page that is hard or impossible to read, and for another language.

    Digits on coarse pages are believed less: Tesseract returns 2012 for 2026 there, and is sure of it.
    """
    pages = tuple(_believed_less(page) if is_coarse(page) else page for page in reading.pages)
    return replace(reading, pages=pages, findings=(*reading.findings, *_found(reading)))


def is_coarse(page: Page) -> bool:
    """Has a recognised page fewer dots than its marks and digits need?"""
    return page.source is TextSource.OCR and page.dpi is not None and page.dpi < COARSE


def _believed_less(page: Page) -> Page:
    def word_of(word: Word) -> Word:
        digits = any(character.isdigit() for character in word.text)
        return replace(word, confidence=round(word.confidence * DIGIT, 4)) if digits else word

    return replace(page, lines=tuple(replace(line, words=tuple(map(word_of, line.words))) for line in page.lines))


def _found(reading: Reading) -> Iterator[Finding]:
    if all(page.source is TextSource.BLANK for page in reading.pages):
        yield Finding("nothing-written", Severity.WARNING)
    for page in reading.pages:
        if page.source is TextSource.OCR:
            yield from _poor(page)
    language = find_language(" ".join(page.text for page in reading.pages[:5]))
    if language is not None and language.value != "vi":
        yield Finding("other-language", Severity.WARNING, detail={"language": str(language.value)})


def _poor(page: Page) -> Iterator[Finding]:
    sure = [word.confidence for word in page.words]
    if not sure:
        yield Finding("page-without-words", Severity.WARNING, page.number)
    elif fmean(sure) < HARD:
        yield Finding("page-hard-to-read", Severity.WARNING, page.number, {"sure": str(round(100 * fmean(sure)))})
    elif is_coarse(page):
        yield Finding("page-coarse", Severity.NOTE, page.number, {"dpi": str(round(page.dpi or 0))})
