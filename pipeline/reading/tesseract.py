"""The one door to Tesseract: a gray image goes in by stdin, words with boxes and confidences come out, in one pass.

pytesseract is not used: it writes every image to a temporary PNG (30-60 ms and a file a page), its time limit kills
the one process and not its group, and it cannot set what the child runs under. The command line is the same.
Whole pages and zones go through two processes that stay (`page_stream`), questions of orientation through one each.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.confinement import die_with_parent, kill_group
from pipeline.errors import DependencyError, ReadingError
from pipeline.reading.page_stream import PageStream, StreamEndedError, StreamTimeoutError

if TYPE_CHECKING:  # the service asks for versions here; numpy is for those who bring images
    import numpy as np
    from numpy.typing import NDArray

SPARSE_ORIENTATION = re.compile(rb"Rotate: (\d+).*?Orientation confidence: ([\d.]+)", re.DOTALL)
_PAGE, _BLOCK = "3", "6"  # page segmentation: a whole page, one block of text
SMALLEST_ZONE, LOWEST_DPI = 16, 70  # Tesseract fails below
VARIABLES: Mapping[str, str] = {
    "thresholding_method": "2",  # Sauvola
    "thresholding_kfactor": "0.2",
    "invert_threshold": "0",  # reading doubtful words again as white on black: no gain, 10 % of the time
    "tessedit_create_tsv": "1",
}


class OutOfTimeError(Exception):
    """The page's time is over; its process group has been killed."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """One word as Tesseract saw it, in pixels of the image it was given; `line` counts its text lines in order."""

    line: int
    left: int
    top: int
    right: int
    bottom: int
    confidence: float
    text: str


def recognise(image: NDArray[np.uint8], languages: str, dpi: int, seconds: float) -> list[Recognised]:
    """Read one upright gray page (height × width, uint8). Raises OutOfTimeError, DependencyError, ReadingError."""
    return _read(image, languages, _PAGE, dpi, seconds)


def recognise_zone(image: NDArray[np.uint8], languages: str, dpi: int, seconds: float) -> list[Recognised]:
    """Read a small part of a page that holds one block of text or none (psm 6). Raises like `recognise`."""
    if min(image.shape) < SMALLEST_ZONE or dpi < LOWEST_DPI:
        return []
    return _read(image, languages, _BLOCK, dpi, seconds)


def orientation(image: NDArray[np.uint8], dpi: int, seconds: float) -> tuple[int, float] | None:
    """(Clockwise degrees that make the page upright, confidence), None when Tesseract cannot tell or has no `osd`."""
    try:
        output = _run(["-l", "osd", "--psm", "0", "--dpi", str(dpi)], image, seconds, "osd")
    except (ReadingError, DependencyError):
        return None
    found = SPARSE_ORIENTATION.search(output)
    return (int(found[1]) % 360, float(found[2])) if found else None


def running_seconds() -> float:
    """CPU seconds used so far by the Tesseract that stays; getrusage() counts them only when it has ended."""
    return sum(stream.cpu_seconds for _, stream in _running.values())


@lru_cache
def version() -> str:
    """As `tesseract --version` says: "5.3.0". Raises DependencyError."""
    return _ask("--version").splitlines()[0].removeprefix("tesseract").strip()


@lru_cache
def languages() -> tuple[str, ...]:
    """The models that are installed. Raises DependencyError."""
    return tuple(_ask("--list-langs").split("\n")[1:])


def environment() -> dict[str, str]:
    """What the child gets: one thread (pages run side by side; OpenMP inside Tesseract costs more than it gives)."""
    kept = {name: os.environ[name] for name in ("PATH", "TESSDATA_PREFIX") if name in os.environ}
    return {**kept, "OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"}


def _read(image: NDArray[np.uint8], languages: str, psm: str, dpi: int, seconds: float) -> list[Recognised]:
    stream = _stream(psm, ("-l", languages, "--psm", psm, "--dpi", str(dpi), *_variables()))
    try:
        return _parse(stream.table(image, seconds))
    except StreamTimeoutError as error:
        _end_stream(psm)
        raise OutOfTimeError from error
    except StreamEndedError as error:
        _end_stream(psm)
        raise _failure(str(error), languages) from error


def _variables() -> tuple[str, ...]:
    return tuple(part for name, value in VARIABLES.items() for part in ("-c", f"{name}={value}"))


_running: dict[str, tuple[tuple[str, ...], PageStream]] = {}
"""Of this reading process: one for whole pages and one for zones, each of the last resolution."""


def _stream(psm: str, wanted: tuple[str, ...]) -> PageStream:
    arguments, running = _running.get(psm, ((), None))
    if running is None or arguments != wanted or running.pages_left <= 0:
        _end_stream(psm)
        running = PageStream(wanted, environment())
        _running[psm] = wanted, running
    return running


def _end_stream(psm: str) -> None:
    if psm in _running:
        _running.pop(psm)[1].close()


def end_streams() -> None:
    """End every Tesseract that stays; the next page starts a new one."""
    for psm in (_PAGE, _BLOCK):
        _end_stream(psm)


def _run(arguments: Sequence[str], image: NDArray[np.uint8], seconds: float, language: str) -> bytes:
    height, width = image.shape
    picture = b"P5 %d %d 255\n" % (width, height) + image.tobytes()
    try:
        child = subprocess.Popen(
            ["tesseract", "stdin", "stdout", *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment(), process_group=0, preexec_fn=die_with_parent,  # noqa: PLW1509 - one thread works here
        )  # fmt: skip
    except FileNotFoundError as error:
        raise DependencyError("tesseract-missing") from error
    try:
        output, complaint = child.communicate(picture, timeout=max(seconds, 0.1))
    except subprocess.TimeoutExpired as error:
        raise OutOfTimeError from error
    finally:
        if child.returncode is None:
            kill_group(child.pid)
            child.communicate()
    if child.returncode:
        raise _failure(complaint.decode("utf-8", "replace") or f"status {child.returncode}", language)
    return output


def _failure(complaint: str, language: str) -> DependencyError | ReadingError:
    if "data file" in complaint or "load" in complaint.lower():
        return DependencyError("tesseract-language-missing", language=language)
    return ReadingError("tesseract-failed", reason=complaint.strip().splitlines()[-1])


def _ask(option: str) -> str:
    try:
        done = subprocess.run(
            ["tesseract", option], capture_output=True, text=True, timeout=30, env=environment(), check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DependencyError("tesseract-missing") from error
    return (done.stdout or done.stderr).strip()


def _parse(table: str) -> list[Recognised]:
    words: list[Recognised] = []
    line, seen = -1, ("", "", "")
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) != 12 or cells[0] != "5" or not cells[11].strip():
            continue
        if (place := (cells[2], cells[3], cells[4])) != seen:
            line, seen = line + 1, place
        left, top, width, height = (int(cell) for cell in cells[6:10])
        confidence = min(max(float(cells[10]) / 100, 0.0), 1.0)
        words.append(Recognised(line, left, top, left + width, top + height, confidence, cells[11].strip()))
    return words
