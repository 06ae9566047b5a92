"""Counts syllables and pairs of them in texts of Vietnamese laws: what `pipeline/metadata/usage.py` reads.

    python -m training.language.build OUT --laws FOLDER --places FILE --spelling FILE

FOLDER holds texts (*.md, *.txt), FILE the administrative units as JSON, the other the syllables of a spelling
dictionary (one a line), against which rare syllables are checked. The same sources give the same bytes.
One text in 25, chosen by its name, is left out: measurements use those (`training/language/pages.py`).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from math import log
from pathlib import Path

from pipeline.metadata.syllables import is_syllable
from pipeline.metadata.usage import BREAK, NUMBER, STEP, packed, stream
from pipeline.vietnamese import canonical

HELD_OUT = 25
_COMMON = 60  # a syllable counted less often must stand in the dictionary, or it is a slip of the text
_FEWEST = 3  # of a syllable
_FEWEST_PAIRS = 2
_JUNK = re.compile(r"https?:|^\s*(?:layout|title|permalink|slug|source|keyword|docid)\b|[{}<>|]|^\s*\*\*")
_WEIGHT_OF_PLACES = 5  # names of places are clean and few


def held_out(path: Path) -> bool:
    return int(hashlib.sha256(path.name.encode()).hexdigest(), 16) % HELD_OUT == 0


def lines_of(path: Path) -> Iterator[str]:
    """The lines of running text of a file: no markup, no addresses, nothing without Vietnamese letters."""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if _JUNK.search(line) or "�" in line or not re.search(r"[^\x00-\x7f]", line):
            continue
        plain = re.sub(r"[*#_`\\]+", " ", line).strip()
        if plain:
            yield plain


def places_of(path: Path) -> Iterator[str]:
    """Names of provinces, wards and communes: "Tỉnh Lào Cai", "Xã Bản Hồ"."""
    for unit in json.loads(path.read_text(encoding="utf-8")):
        yield unit["FullName"]
        for ward in unit.get("Wards", ()):
            yield ward["FullName"]


def counted(lines: Iterator[str], weight: int, ones: Counter[str], twos: Counter[tuple[str, str]]) -> None:
    for line in lines:
        tokens = [BREAK, *(token for _, token in stream(line.split())), BREAK]
        merged = [a for a, b in zip(tokens, [*tokens[1:], ""], strict=True) if not a == b == BREAK]
        for first, second in pairwise(merged):
            ones[first] += weight
            twos[first, second] += weight


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--laws", type=Path, required=True)
    parser.add_argument("--places", type=Path, required=True)
    parser.add_argument("--spelling", type=Path, required=True)
    options = parser.parse_args()
    ones: Counter[str] = Counter()
    twos: Counter[tuple[str, str]] = Counter()
    files = sorted(p for p in options.laws.iterdir() if p.suffix in {".md", ".txt"} and not held_out(p))
    for file in files:
        counted(lines_of(file), 1, ones, twos)
    counted(places_of(options.places), _WEIGHT_OF_PLACES, ones, twos)
    spelled = {canonical(word) for word in options.spelling.read_text(encoding="utf-8").split()}
    kept = [
        token
        for token, count in ones.items()
        if token in {NUMBER, BREAK}
        or (count >= _FEWEST and is_syllable(token) and (token in spelled or count >= _COMMON))
        or (count >= _COMMON and token.isalpha() and len(token) > 1)
    ]
    kept.sort(key=lambda token: (-ones[token], token))
    place = {token: at for at, token in enumerate(kept)}
    rows: list[list[tuple[int, int]]] = [[] for _ in kept]
    for (first, second), count in twos.items():
        if count >= _FEWEST_PAIRS and first in place and second in place:
            rows[place[first]].append((place[second], min(255, round(STEP * log(count)))))
    for row in rows:
        row.sort()
    data = packed(kept, [ones[token] for token in kept], rows)
    options.out.write_bytes(data)
    pairs = sum(map(len, rows))
    print(f"{len(files)} texts, {sum(ones.values())} tokens; kept: {len(kept)} tokens, {pairs} pairs")


if __name__ == "__main__":
    main()
