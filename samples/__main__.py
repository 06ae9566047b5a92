"""`python -m samples [FOLDER]` makes all samples; `python -m samples --commit` rewrites the small committed ones."""

from __future__ import annotations

import argparse
from pathlib import Path

from samples import generator


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m samples", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=generator.HERE / "made")
    parser.add_argument("--only", nargs="*", help="file names or tags")
    parser.add_argument("--commit", action="store_true", help="rewrite samples/good, samples/bad and expected.json")
    arguments = parser.parse_args()
    if arguments.commit:
        for path in generator.commit():
            print(path)
        return
    for sample in generator.make(arguments.folder, arguments.only):
        print(sample.path)


if __name__ == "__main__":
    main()
