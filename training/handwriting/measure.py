"""How often the network is right on strips it never saw, and what its confidence is worth.

usage: python -m training.handwriting.measure FOLDER MODEL.onnx [--amount 1500]

FOLDER holds `test.npz`. Strips are looked at as the reader looks at zones, several views each. Prints for each kind the
share whose best guess is right, and by confidence the share right: that is what `handwriting.SHARPNESS` is set by.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np

from pipeline.document import Box, Look
from pipeline.reading import handwriting
from training.handwriting.train import Strips

LOOKS = {"number": Look.NUMBER, "day": Look.DAY, "month": Look.MONTH, "year": Look.YEAR}
STEPS = (0.0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1.01)


def judged(strips: Strips, amount: int) -> list[tuple[str, float, bool]]:
    """For each strip what it is, the best guess's confidence (0 for a blank) and whether it is right."""
    found = []
    for index in range(min(amount, len(strips.labels))):
        pixels, look = strips.pixels[index][:, : strips.widths[index]], LOOKS[str(strips.kinds[index])]
        height, width = pixels.shape
        box = Box(0, 0, width, height)
        views = [handwriting.strip_of(pixels, 72, handwriting.seen_from(box, *view)) for view in handwriting.VIEWS]
        guesses = handwriting.guesses(handwriting.chances(views), look)
        truth = strips.labels[index].removesuffix("/")
        if look is not Look.NUMBER:
            truth = truth.lstrip("0")
        best = guesses[0].text if guesses else ""
        pen = "blank" if not truth else "hand" if strips.handwritten[index] else "print"
        found.append((f"{look.value} {pen}", guesses[0].confidence if guesses else 0.0, best == truth))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--amount", type=int, default=1_500)
    args = parser.parse_args()
    handwriting.MODEL = args.model
    found = judged(Strips.load(args.folder / "test.npz"), args.amount)
    kinds: dict[str, list[bool]] = defaultdict(list)
    for kind, _, right in found:
        kinds[kind].append(right)
    for kind, rights in sorted(kinds.items()):
        print(f"{kind:14} n {len(rights):5}  right {100 * sum(rights) / len(rights):5.1f} %")
    guessed = [(confidence, right) for _, confidence, right in found if confidence]
    for low, high in pairwise(STEPS):
        part = [(confidence, right) for confidence, right in guessed if low <= confidence < high]
        if part:
            said, came = np.mean([c for c, _ in part]), np.mean([right for _, right in part])
            print(f"said {low:.2f}-{high:.2f}  n {len(part):5}  mean {said:.3f}  right {came:.3f}")


if __name__ == "__main__":
    main()
