"""Reads numbers and dates that a hand wrote into blanks, with a small network of our own (`training/handwriting`).

It was shown blanks with the print around them, so it need not be told where the ink begins; it reads print as well.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.document import Box, Guess, Look, SecondLook, Zone
from pipeline.reading.clean import to_gray
from pipeline.reading.ctc import Chances, chances_of, likeliest

if TYPE_CHECKING:
    from pipeline.reading.recognition import PageImage
    from pipeline.reading.tasks import LookTask

log = logging.getLogger(__name__)
MODEL = Path(__file__).parent / "models" / "handwriting.onnx"
ALPHABET = "0123456789abc/"  # the network's classes from 1; a stroke ends a number
HEIGHT = 48  # pixels of a strip; it is two ems of its line high
LONGEST = 480  # pixels of a strip: twenty ems
VIEWS = ((1.0, 0.0), (0.88, 0.04), (1.14, 0.0), (1.0, -0.06), (0.94, 0.08))
"""Each zone is seen several times: this much higher, and shifted by this share of its height."""
MOST_GUESSES = 5
LEAST_CHANCE = 0.005
SHARPNESS = 1.1
"""Several views' mean says a little less than it knows: with this exponent, of guesses given 0.9 nine in ten are right
(`training.handwriting.measure`, on hands that the network never saw)."""
VALID = {Look.DAY: range(1, 32), Look.MONTH: range(1, 13), Look.YEAR: range(1945, 2100)}
_LEAST_FITTING = 0.5  # of all chances, to texts that fit; where less fits, all are doubted
_FAINTEST = 50  # gray levels between paper and ink, at least: noise is not stretched into strokes
_INDEX = {sign: number for number, sign in enumerate(ALPHABET, 1)}


def look(image: PageImage, zone: Zone, task: LookTask) -> SecondLook | None:  # noqa: ARG001 - as every look
    """Guesses at what is written in a zone, the best first; none where it is blank. None when nothing can look.

    The zone is two ems high, its line's capitals in the middle. Days and months come without leading zeros.
    """
    gray = to_gray(image.pixels)
    strips = [strip_of(gray, image.dpi, seen_from(zone.box, *view)) for view in VIEWS]
    try:
        seen = chances(strips)
    except Exception as error:  # noqa: BLE001 - onnxruntime's own exceptions have no common base
        log.warning("handwriting is not read: %s", error)
        return None
    return SecondLook(zone, guesses=guesses(seen, zone.look))


def seen_from(box: Box, taller: float, shift: float) -> Box:
    """A zone with more or less around it, a little higher or lower."""
    centre, half = (box.top + box.bottom) / 2 + shift * box.height, box.height * taller / 2
    return Box(box.left, centre - half, box.right, centre + half)


def strip_of(gray: NDArray[np.uint8], dpi: float, box: Box) -> NDArray[np.uint8]:
    """A box of a page as the network sees it: HEIGHT pixels high, black on white; beyond the page there is paper."""
    scale = dpi / 72
    left, top, right, bottom = (round(v * scale) for v in (box.left, box.top, box.right, box.bottom))
    height, width = gray.shape
    inside = gray[max(top, 0) : max(min(bottom, height), 0), max(left, 0) : max(min(right, width), 0)]
    if not inside.size:
        return np.full((HEIGHT, HEIGHT), 255, np.uint8)
    part = cv2.copyMakeBorder(
        inside, max(-top, 0), max(bottom - height, 0), max(-left, 0), max(right - width, 0),
        cv2.BORDER_CONSTANT, value=int(np.percentile(inside, 85)),
    )  # fmt: skip
    size = (min(max(round(part.shape[1] * HEIGHT / part.shape[0]), 8), LONGEST), HEIGHT)
    how = cv2.INTER_AREA if part.shape[0] >= HEIGHT else cv2.INTER_CUBIC
    return normalised(np.asarray(cv2.resize(part, size, interpolation=how), np.uint8))


def normalised(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Paper white, ink black, whatever the scan made of them."""
    paper = float(np.percentile(gray, 85))
    ink = min(float(np.percentile(gray, 1)), paper - _FAINTEST)
    stretched = (gray.astype(np.float32) - ink) * (255 / (paper - ink))
    return np.asarray(np.clip(stretched, 0, 255), np.uint8)


def chances(strips: Sequence[NDArray[np.uint8]]) -> list[Chances]:
    """For each strip every class's chance at every second pixel of its width."""
    width = -(-max(strip.shape[1] for strip in strips) // 8) * 8
    batch = np.zeros((len(strips), 1, HEIGHT, width), np.float32)
    for row, strip in enumerate(strips):
        batch[row, 0, :, : strip.shape[1]] = 1 - strip.astype(np.float32) / 255
    found = np.exp(_session().run(None, {"strips": batch})[0])
    return [found[row, : -(-strip.shape[1] // 2)] for row, strip in enumerate(strips)]


@lru_cache
def _session() -> Any:
    """The network, loaded once a process: one thread, and memory given back, for the process is limited."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(MODEL), options, providers=["CPUExecutionProvider"])


def guesses(seen: Sequence[Chances], what: Look) -> tuple[Guess, ...]:
    """The likeliest texts that fit what is looked for, by the mean of several views; none where nothing is written."""
    texts = _numbers(seen) if what is Look.NUMBER else _values(VALID[what])
    texts[""] = ("",)
    spellings = [
        (value, spelling + end) for value, ways in texts.items() for spelling in sorted(set(ways)) for end in ("", "/")
    ]
    signs = [[_INDEX[sign] for sign in spelling] for _, spelling in spellings]
    total = dict.fromkeys(texts, 0.0)
    for (value, _), chance in zip(spellings, chances_of(signs, seen).mean(axis=0).tolist(), strict=True):
        total[value] += chance
    whole = sum(total.values())
    if whole <= 0 or max(total, key=lambda value: total[value]) == "":
        return ()
    shares = {value: (chance / max(whole, _LEAST_FITTING)) ** SHARPNESS for value, chance in total.items()}
    rest = max(1 - whole / max(whole, _LEAST_FITTING), 0.0) ** SHARPNESS
    sharpened = sum(shares.values()) + rest
    ordered = sorted(((share / sharpened, value) for value, share in shares.items() if value), reverse=True)
    return tuple(Guess(value, round(chance, 4)) for chance, value in ordered[:MOST_GUESSES] if chance >= LEAST_CHANCE)


def _values(valid: Iterable[int]) -> dict[str, tuple[str, ...]]:
    """Each value and how it may be written."""
    return {str(value): (str(value), f"{value:02d}") for value in valid}


def _numbers(seen: Iterable[Chances]) -> dict[str, tuple[str, ...]]:
    """What may be a document's number: one to six digits (numbering machines print zeros first), perhaps a letter."""
    found: dict[str, tuple[str, ...]] = {}
    for view in seen:
        for signs in likeliest(view, 8):
            text = "".join(ALPHABET[sign - 1] for sign in signs).partition("/")[0]
            digits = text[:-1] if text[-1:].isalpha() else text
            if digits.isdigit() and len(digits) <= 6 and digits.strip("0"):
                found[text] = (text,)
    return found
