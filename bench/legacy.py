"""How right do documents in old Vietnamese encodings come out?

    python -m bench.legacy FOLDER [--worst N] [--keep DIR | --from DIR]

FOLDER holds pairs: a document (.doc, .docx, .odt, .rtf, .pdf) and its true text beside it (.txt, UTF-8). Each goes
through the real reader. Told is the diacritic accuracy, twice: of the true text's letters with diacritics (đ among
them), case aside, the share that stands right where it belongs (bench/aligning.py), and the share in whole words that
stand in the read text anywhere: a word with one wrong letter then loses all of its letters.

Where a document has tracked changes, true texts hold the deleted words and readings do not: such files are told of and
summed up apart. --keep writes the read texts into a folder, --from takes them from there.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench.aligning import align, marks, words_of
from pipeline import intake, settings
from pipeline.document import Kind
from pipeline.errors import RefusedError
from pipeline.reading import Reader

OF_NAME = {kind.suffix: kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class Score:
    """`marked` letters with diacritics in the true text; `placed` of them right at their place, `right` in whole
    words; what stands wrong.
    """

    name: str
    marked: int
    placed: int
    right: int
    wrong: tuple[tuple[str, str], ...] = ()
    findings: tuple[str, ...] = ()

    def __str__(self) -> str:
        marked = max(self.marked, 1)
        return f"{self.placed / marked:8.2%} {self.right / marked:8.2%} of {self.marked:6}  {self.name}"


def compare(name: str, true: str, read: str, findings: Sequence[str] = ()) -> Score:
    """Whole words are counted, not placed: 20,000 syllables leave a wrong one no chance to find a partner."""
    wanted, had = Counter(words_of(true)), Counter(words_of(read))
    right = sum(marks(word) * min(count, had[word]) for word, count in wanted.items())
    found = align(true, read)
    return Score(name, found.marked, found.right, right, found.wrong, tuple(findings))


def summed(name: str, scores: Sequence[Score]) -> Score:
    return Score(name, *(sum(getattr(one, part) for one in scores) for part in ("marked", "placed", "right")))


def read_text(reader: Reader, path: Path, limits: settings.Intake) -> tuple[str, list[str]]:
    """The text of a document and the codes of what was noticed."""
    refused = []
    try:
        kind = intake.examine(path, limits, dropped=False).kind
    except RefusedError as error:  # the text is measured all the same
        kind, refused = OF_NAME[path.suffix], [f"refused: {error.code}"]
    reading = reader.read(path, kind)
    return reading.text, refused + sorted({finding.code for finding in reading.findings})


def main() -> None:
    arguments = _arguments()
    paths = [
        path
        for path in sorted(arguments.folder.iterdir())
        if path.suffix not in {".txt", ".json"} and path.with_suffix(".txt").is_file()
    ]
    scores = [
        compare(path.name, path.with_suffix(".txt").read_text(encoding="utf-8"), text, findings)
        for path, (text, findings) in zip(paths, _texts(paths, arguments), strict=True)
    ]
    print("in place  in words")
    for one in scores:
        print(one, ",".join(one.findings))
        for wanted, got in sorted(one.wrong, key=lambda pair: -len(pair[0]))[: arguments.worst]:
            print(f"{'':30}{wanted[:60]} | {got[:60]}")
    print(summed(f"all {len(scores)} files", scores))
    print(summed("those without tracked changes", [one for one in scores if "tracked-changes" not in one.findings]))
    sys.exit(0 if scores else 1)


def _texts(paths: Sequence[Path], arguments: argparse.Namespace) -> list[tuple[str, list[str]]]:
    if arguments.kept:
        return [tuple(json.loads((arguments.kept / f"{path.stem}.json").read_text())) for path in paths]
    known = settings.settings_from({}, Path())
    with Reader(known.reading, known.intake) as reader, ThreadPoolExecutor(2) as threads:
        texts = list(threads.map(lambda path: read_text(reader, path, known.intake), paths))
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
        for path, text in zip(paths, texts, strict=True):
            (arguments.keep / f"{path.stem}.json").write_text(json.dumps(text, ensure_ascii=False))
    return texts


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="diacritic accuracy on documents in old encodings")
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--worst", type=int, default=0, metavar="N", help="show N stretches of each file that are wrong"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="write the read texts there")
    parser.add_argument("--from", dest="kept", type=Path, metavar="DIR", help="take kept texts, read nothing")
    return parser.parse_args()


if __name__ == "__main__":
    main()
