"""How well documents are read, per field, kind and source, how far confidences may be believed, and what it costs.

    python -m bench.reading [FOLDER] [--keep DIR] [--from DIR] [--json]

Without FOLDER our own samples are drawn at three levels of wear. FOLDER holds documents and a truth file (truth.json,
"documents": one record a file, keys as in samples/expected.json) and may hold a manifest.json with kind and source of
each file. --keep writes every reading into a folder; --from takes readings from there instead of reading again, so that
a change of the rules is measured in seconds. Let nothing else run when the CPU seconds matter.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.reading import passes, tables
from bench.reading.judging import body_error, judged
from bench.reading.papers import LEVELS, Paper, from_folder, from_samples


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="vanthu-bench-") as folder:
        papers = _papers(arguments, Path(folder))
        results = list(_results(papers, arguments))
    if arguments.json:
        print(json.dumps(tables.measured(results), ensure_ascii=False, indent=1))
        return
    print(f"{len(results)} documents of {len({paper.source for paper in papers})} sources")
    print("\n".join(tables.printed(results, arguments.worst)))


def _papers(arguments: argparse.Namespace, folder: Path) -> list[Paper]:
    if arguments.folder is None:
        return from_samples(folder, arguments.levels)
    truth = arguments.truth or arguments.folder / "truth.json"
    return from_folder(arguments.folder, truth, arguments.manifest or arguments.folder / "manifest.json")


def _results(papers: Sequence[Paper], arguments: argparse.Namespace) -> Iterator[tables.Result]:
    for paper, done in _passes(papers, arguments):
        prediction = passes.understood(paper.path, done)
        judgements = tuple(judged(paper.truth, prediction))
        yield tables.Result(paper, judgements, body_error(paper.truth, prediction), done)


def _passes(papers: Sequence[Paper], arguments: argparse.Namespace) -> Iterator[tuple[Paper, passes.Pass]]:
    if arguments.kept:
        for paper in papers:
            done = passes.kept(arguments.kept, paper.path)
            if done is None:
                print(f"no reading of {paper.path.name}", file=sys.stderr)
            yield paper, done or passes.Pass(None)
        return
    read = passes.read_all([paper.path for paper in papers], arguments.processes, bare=not arguments.without_bare)
    for paper, (path, done) in zip(papers, read, strict=True):
        if arguments.keep:
            passes.keep(arguments.keep, path, done)
        print(f"\r{paper.path.name:60}", end="", file=sys.stderr, flush=True)
        yield paper, done
    print(f"\r{'':60}\r", end="", file=sys.stderr)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.reading", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--manifest", type=Path)
    parser.add_argument("--levels", nargs="+", choices=LEVELS, default=LEVELS, help="of wear, for our samples")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="write the readings there")
    parser.add_argument("--from", dest="kept", type=Path, metavar="DIR", help="take kept readings, read nothing")
    parser.add_argument("--without-bare", action="store_true", help="do not measure the bare binary")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="list N wrong values that nobody checks")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
