"""Draw the strips to train and to test on.

usage: python -m training.handwriting.make UNIPEN FONTS FOLDER [--amount 120000] [--held-back 6000] [--seed 0]

UNIPEN is a clone of the UNIPEN collection, FONTS a folder with the npm packages of fonts.json. Writes `train.npz`
and `test.npz` into FOLDER. Same seed, same strips; the test's hands and handwritten typefaces are not in `train`.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from pipeline.reading.handwriting import HEIGHT
from training.handwriting.sources import hands, print_faces, script_faces
from training.handwriting.strips import WIDTH, Maker, Strip

SYSTEM_FONTS = Path("/usr/share/fonts/truetype")
PART = 4_000


def _part(unipen: Path, fonts: Path, seed: int, amount: int, unseen: bool) -> list[Strip]:
    maker = Maker(
        hands(unipen, unseen=unseen), script_faces(fonts, unseen=unseen), print_faces(SYSTEM_FONTS), seed=seed
    )
    return [maker.make() for _ in range(amount)]


def _write(strips: list[Strip], target: Path) -> None:
    pixels = np.full((len(strips), HEIGHT, WIDTH), 255, np.uint8)
    for index, strip in enumerate(strips):
        pixels[index, :, : strip.pixels.shape[1]] = strip.pixels
    np.savez(
        target, pixels=pixels, widths=np.array([strip.pixels.shape[1] for strip in strips]),
        labels=np.array([strip.label for strip in strips]), kinds=np.array([strip.kind for strip in strips]),
        handwritten=np.array([strip.handwritten for strip in strips]),
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("unipen", type=Path)
    parser.add_argument("fonts", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--amount", type=int, default=120_000)
    parser.add_argument("--held-back", type=int, default=6_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    for name, amount, unseen in (("test", args.held_back, True), ("train", args.amount, False)):
        parts = range(-(-amount // PART))
        with ProcessPoolExecutor(args.processes) as pool:
            drawn = [
                pool.submit(
                    _part,
                    args.unipen,
                    args.fonts,
                    args.seed + 1_000 * unseen + part,
                    min(PART, amount - part * PART),
                    unseen,
                )
                for part in parts
            ]
            _write([strip for future in drawn for strip in future.result()], args.folder / f"{name}.npz")


if __name__ == "__main__":
    main()
