"""Pages of held-out law texts, worn as scanners wear them and read by the reader: misreadings with known truth.

    python -m training.language.pages OUT.jsonl --laws FOLDER [--pages 40]

A line of OUT is one page: its wear, and its words as [printed, read, confidence], "" where one side has none.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fpdf import FPDF

from pipeline import intake, settings
from pipeline.document import Page
from pipeline.reading import Reader
from pipeline.vietnamese import nfc
from samples.draft import Scan
from samples.fonts import serif
from samples.scan import scan
from training.language.build import held_out, lines_of

_SCANS = (
    Scan(200, "gray", "mild"), Scan(200, "bilevel", "mild"), Scan(300, "gray", "hard"), Scan(200, "rgb", "hard"),
    Scan(150, "gray", "mild"), Scan(200, "gray", "hard"),
)  # fmt: skip
_SIZES = (11.0, 12.0, 13.0, 14.0)
_STYLES = ("", "", "B", "I")


def printed(paragraphs: Sequence[str], size: float, style: str) -> bytes:
    """A PDF of one page."""
    pdf = FPDF("P", "mm", "A4")
    pdf.add_font("serif", style, serif()[style])
    pdf.set_auto_page_break(False)
    pdf.add_page()
    pdf.set_margins(30, 20, 15)
    pdf.set_xy(30, 20)
    pdf.set_font("serif", style, size)
    for paragraph in paragraphs:
        if pdf.get_y() > 265:
            break
        pdf.set_x(30)
        pdf.multi_cell(165, size * 0.47, paragraph, align="L")
    return bytes(pdf.output())


def aligned(truth: Sequence[str], page: Page) -> Iterator[tuple[str, str, float]]:
    words = [(nfc(word.text), word.confidence) for word in page.words]
    matcher = difflib.SequenceMatcher(None, truth, [text for text, _ in words], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal" or b - a == d - c:
            yield from ((truth[a + i], *words[c + i]) for i in range(b - a))
        else:
            yield from ((text, "", 0.0) for text in truth[a:b])
            yield from (("", *word) for word in words[c:d])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--laws", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=40)
    options = parser.parse_args()
    files = sorted(p for p in options.laws.iterdir() if p.suffix in {".md", ".txt"} and held_out(p))
    lines = [line for file in files for line in lines_of(file) if 60 < len(line) < 500]
    known = settings.settings_from({}, Path())
    with (
        Reader(known.reading, known.intake) as reader,
        ThreadPoolExecutor(2) as pool,
        tempfile.TemporaryDirectory() as folder,
    ):

        def one(number: int) -> str:
            chance = random.Random(number)
            paragraphs = [" ".join(line.split()) for line in chance.sample(lines, 14)]
            how = _SCANS[number % len(_SCANS)]
            text = printed(paragraphs, chance.choice(_SIZES), chance.choice(_STYLES))
            path = Path(folder) / f"{number}.pdf"
            path.write_bytes(scan(text, how, str(number)))
            kind = intake.examine(path, known.intake, dropped=False).kind
            page = reader.read(path, kind).pages[0]
            truth = [nfc(word) for paragraph in paragraphs for word in paragraph.split()]
            return json.dumps({"wear": f"{how.dpi} {how.mode} {how.level}", "words": list(aligned(truth, page))})

        with options.out.open("w", encoding="utf-8") as out:
            for line in pool.map(one, range(options.pages)):
                out.write(line + "\n")


if __name__ == "__main__":
    main()
