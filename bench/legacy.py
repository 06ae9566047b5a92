"""How right do documents in old Vietnamese encodings come out?

    python -m bench.legacy FOLDER [--worst N]

FOLDER holds pairs: a document (.doc, .docx, .odt, .rtf, .pdf) and its true text beside it (.txt, UTF-8). Each goes
through the real reader. Told is the diacritic accuracy: of the true text's letters with diacritics (đ among them),
the share that stands in the read text, case aside. Whole words are counted, not placed, because tables and footnotes
may be read in another order: a word with one wrong letter loses all of its letters.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pipeline import intake, settings
from pipeline.document import Kind
from pipeline.errors import RefusedError
from pipeline.reading import Reader
from pipeline.vietnamese import canonical, nfc

OF_NAME = {kind.suffix: kind for kind in Kind}
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Score:
    """`marked` letters with diacritics in the true text, `right` of them; `lost` true words that were not found."""

    name: str
    marked: int
    right: int
    lost: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()

    @property
    def accuracy(self) -> float:
        return self.right / self.marked if self.marked else 1.0


def words_of(text: str) -> list[str]:
    return [canonical(word) for word in WORD.findall(nfc(text))]


def marks(word: str) -> int:
    return sum(not letter.isascii() for letter in word)


def compare(name: str, true: str, read: str, findings: Sequence[str] = ()) -> Score:
    """Words are counted, not placed: 20,000 syllables of one text leave a wrong one no chance to find a partner."""
    wanted, had = Counter(words_of(true)), Counter(words_of(read))
    marked = sum(marks(word) * count for word, count in wanted.items())
    right = sum(marks(word) * min(count, had[word]) for word, count in wanted.items())
    lost = [word for word, count in (wanted - had).items() for _ in range(count) if marks(word)]
    return Score(name, marked, right, tuple(lost), tuple(findings))


def main() -> None:
    parser = argparse.ArgumentParser(description="diacritic accuracy on documents in old encodings")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="show N lost words of each file")
    arguments = parser.parse_args()
    pairs = [
        (path, path.with_suffix(".txt"))
        for path in sorted(arguments.folder.iterdir())
        if path.suffix not in {".txt", ".json"} and path.with_suffix(".txt").is_file()
    ]
    known = settings.settings_from({}, Path())
    with Reader(known.reading, known.intake) as reader, ThreadPoolExecutor(2) as threads:

        def score(pair: tuple[Path, Path]) -> Score:
            path, truth = pair
            refused = []
            try:
                kind = intake.examine(path, known.intake, dropped=False).kind
            except RefusedError as error:  # the text is measured all the same
                kind, refused = OF_NAME[path.suffix], [f"refused: {error.code}"]
            reading = reader.read(path, kind)
            codes = refused + sorted({finding.code for finding in reading.findings})
            return compare(path.name, truth.read_text(encoding="utf-8"), reading.text, codes)

        scores = list(threads.map(score, pairs))
    for one in scores:
        told = " ".join(one.lost[: arguments.worst])
        print(f"{one.accuracy:8.2%} of {one.marked:6}  {one.name}  {','.join(one.findings)}  {told}")
    marked, right = sum(one.marked for one in scores), sum(one.right for one in scores)
    print(f"{right / max(marked, 1):8.2%} of {marked:6}  all {len(scores)} files")
    sys.exit(0 if scores else 1)


if __name__ == "__main__":
    main()
