"""A draft becomes PDF/A-2b: as it is, with the marks that it lacks, or written anew; or it is refused with the reason.

Written anew means by Poppler (pdftocairo), which embeds fonts, turns CMYK into RGB and keeps what letters mean; of what
it writes nothing is taken before every letter and every page was compared with the draft.
"""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
from pikepdf import Dictionary, Name, Pdf

from pipeline.confinement import die_with_parent, kill_group
from pipeline.document import Finding, Severity
from pipeline.errors import DependencyError, RefusedError
from pipeline.signatures.pagetext import frame_of, glyphs_of, opened
from pipeline.signatures.pdfa import FLAVOUR, Flaw, broken, flaws_of, leave_out_private

PROGRAM = "pdftocairo"
SECONDS = 60.0  # for one draft
GROWTH, LEAST = 20, 64 << 20  # bytes that the program may write: a multiple of the draft, and always this much
NEWEST = "1.7"
WITHOUT_USE = {"/OpenAction", "/AcroForm", "/Requirements", "/Version", "/PieceInfo"}  # of the catalogue, to a reader
SHOW = {"/PresSteps"}  # of a page, for projectors
# Their letters are known by name and as wide everywhere. An unknown font's (.VnTime!) are not what its codes say.
EVERYWHERE = re.compile(r"/(?:[A-Z]{6}\+)?(Times|Arial|Helvetica|Courier|Symbol|ZapfDingbats)", re.ASCII)
DPI = 36
MOVED = 1.5  # points
PATCH, CHANGED = 12, 70.0  # pixels; how much darker or lighter (of 255) such a patch may be afterwards


def make_archival(draft: Path, folder: Path) -> tuple[Path, tuple[Finding, ...]]:
    """The draft itself or its new shape in `folder`, and what nobody could check about it.

    Raises RefusedError (`draft-font-missing`, `draft-not-archival`), DependencyError. Only for a limited child process.
    """
    if not flaws_of(draft):
        return draft, ()
    marked = _fresh(folder / "marked", draft)
    _mark(draft, marked)
    flaws = flaws_of(marked)
    if flaws:
        _refuse_missing_fonts(marked, flaws, draft)
        written = _rewritten(marked, folder, draft)
        if written is not None:
            return written, ()
        _refuse(flaws, draft)
    return marked, tuple(
        Finding("draft-archival-unsure", Severity.WARNING, detail={"reason": flaw.reason}) for flaw in flaws[:1]
    )


def refuse_flawed(prepared: Path, draft: Path) -> None:
    """RefusedError where our own work left a file that breaks the standard."""
    _refuse(flaws_of(prepared), draft)


def _refuse(flaws: tuple[Flaw, ...], draft: Path) -> None:
    for flaw in broken(flaws)[:1]:
        raise RefusedError("draft-not-archival", path=draft.name, clause=flaw.clause, reason=flaw.reason)


def _fresh(folder: Path, draft: Path) -> Path:
    """The same name in a folder of its own: messages name the file that was dropped."""
    folder.mkdir()
    return folder / draft.name


# --- marks ------------------------------------------------------------------------------------------------------------


def _mark(draft: Path, target: Path) -> None:
    """What changes nothing on a page: identification, meaning of the colours, no keys that only their maker knows."""
    with pikepdf.open(draft, suppress_warnings=True) as pdf:
        leave_out_private(pdf)
        _without(pdf.Root, WITHOUT_USE)
        for page in pdf.pages:
            _without(page.obj, SHOW)
        for found in pdf.objects:
            if isinstance(found, Dictionary):
                _mark_font(found)
        _describe_and_save(pdf, target)


def _describe_and_save(pdf: Pdf, target: Path) -> None:
    """Objects stand by themselves: what is signed is read often and by simple programs."""
    from pikepdf import pdfa

    pdfa.prepare(pdf, FLAVOUR)
    version = {"force_version": NEWEST} if pdf.pdf_version > NEWEST else {}
    alone = pikepdf.ObjectStreamMode.disable
    pdf.save(target, **pdfa.resolve_save_kwargs(FLAVOUR, object_stream_mode=alone, **version))


def _mark_font(font: Any) -> None:
    """Lists of glyphs are not needed and often wrong; a map of glyphs that is missing means Identity."""
    if font.get("/Subtype") == Name.CIDFontType2 and "/CIDToGIDMap" not in font:
        font["/CIDToGIDMap"] = Name.Identity
    descriptor = font if font.get("/Type") == Name.FontDescriptor else font.get("/FontDescriptor")
    if isinstance(descriptor, Dictionary):
        _without(descriptor, {"/CIDSet", "/CharSet"})


def _without(dictionary: Any, keys: set[str]) -> None:
    for key in keys & set(dictionary.keys()):
        del dictionary[key]


# --- fonts ------------------------------------------------------------------------------------------------------------


def _refuse_missing_fonts(path: Path, flaws: tuple[Flaw, ...], draft: Path) -> None:
    """A font that is neither in the file nor everywhere: whoever guesses its letters, guesses what the text says."""
    if not any(flaw.clause.startswith("6.2.11.4.1") for flaw in flaws):
        return
    with pikepdf.open(path, suppress_warnings=True) as pdf:
        names = sorted({str(font.get("/BaseFont", "/?")) for font in _absent(pdf)})
    if names:
        fonts = ", ".join(name[1:] for name in names)
        raise RefusedError("draft-font-missing", path=draft.name, fonts=fonts)


def _absent(pdf: Pdf) -> Iterator[Any]:
    for font in pdf.objects:
        if not isinstance(font, Dictionary) or font.get("/Type") != Name.Font:
            continue
        descriptor = font.get("/FontDescriptor", Dictionary())
        if any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            continue
        composed = font.get("/Subtype") in {Name.CIDFontType0, Name.CIDFontType2}
        simple = font.get("/Subtype") in {Name.Type1, Name.TrueType, Name.MMType1}
        if composed or (simple and not EVERYWHERE.match(str(font.get("/BaseFont", "")))):
            yield font


# --- written anew -----------------------------------------------------------------------------------------------------


def _rewritten(marked: Path, folder: Path, draft: Path) -> Path | None:
    """None where Poppler's file is no PDF/A-2b either, or does not say and show the same."""
    drawn, target = _fresh(folder / "drawn", draft), _fresh(folder / "rewritten", draft)
    if not _draw(marked, drawn):
        return None
    _mark(drawn, target)
    _keep_title(marked, target)
    return target if not flaws_of(target) and _says_the_same(draft, target) and _looks_the_same(draft, target) else None


def _draw(source: Path, target: Path) -> bool:
    program = shutil.which(PROGRAM)
    if program is None:
        raise DependencyError("poppler-missing", path=source.name)
    most = max(LEAST, GROWTH * source.stat().st_size)

    def limited() -> None:
        die_with_parent()
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    child = subprocess.Popen(
        [program, "-q", "-pdf", source, target], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, process_group=0, preexec_fn=limited,  # noqa: PLW1509 - one thread starts it
    )  # fmt: skip
    try:
        return child.wait(timeout=SECONDS) == 0 and target.is_file()
    except subprocess.TimeoutExpired:
        return False
    finally:
        kill_group(child.pid)
        child.wait()


def _keep_title(marked: Path, target: Path) -> None:
    with pikepdf.open(marked, suppress_warnings=True) as old, pikepdf.open(target, allow_overwriting_input=True) as new:
        title = old.docinfo.get("/Title")
        if title is not None:
            new.docinfo["/Title"] = str(title)
            _describe_and_save(new, target)


def _says_the_same(draft: Path, written: Path) -> bool:
    """Every letter, in the same order and at the same place as seen."""
    with (
        opened(draft) as old, opened(written) as new,
        pikepdf.open(draft, suppress_warnings=True) as old_pages, pikepdf.open(written) as new_pages,
    ):  # fmt: skip
        if len(old) != len(new):
            return False
        for number in range(len(old)):
            first, second = frame_of(old_pages.pages[number]), frame_of(new_pages.pages[number])
            if abs(first.width - second.width) > 1 or abs(first.height - second.height) > 1:
                return False
            before = [glyph for glyph in glyphs_of(old[number], first) if not glyph.text.isspace()]
            after = [glyph for glyph in glyphs_of(new[number], second) if not glyph.text.isspace()]
            if len(before) != len(after):
                return False
            for a, b in zip(before, after, strict=True):
                if (
                    _plain(a.text) != _plain(b.text)
                    or abs(a.left - b.left) > MOVED
                    or abs(a.baseline - b.baseline) > MOVED
                ):
                    return False
    return True


def _plain(letter: str) -> str:
    """pdfium takes a hyphen at the end of a line for one that only divides a word, and now and then for a real one."""
    return "-" if letter == "\x02" else letter


def _looks_the_same(draft: Path, written: Path) -> bool:
    """No patch of a page is much darker or lighter: pictures and lines are still there."""
    with opened(draft) as old, opened(written) as new:
        return all(_alike(old[number], new[number]) for number in range(len(old)))


def _alike(old: Any, new: Any) -> bool:
    pages = [np.asarray(page.render(scale=DPI / 72, grayscale=True).to_numpy(), dtype=float) for page in (old, new)]
    pages = [page.reshape(page.shape[:2]) for page in pages]
    height, width = (min(page.shape[axis] for page in pages) // PATCH * PATCH for axis in (0, 1))
    before, after = (_patches(page[:height, :width]) for page in pages)
    return bool(np.abs(before - after).max(initial=0.0) <= CHANGED)


def _patches(page: Any) -> Any:
    height, width = page.shape
    return page.reshape(height // PATCH, PATCH, width // PATCH, PATCH).mean(axis=(1, 3))
