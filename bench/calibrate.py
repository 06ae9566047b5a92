"""Fit the curves that turn the rules' confidences into shares of right values, and show what they are worth.

    python -m bench.calibrate --papers FOLDER KEPT [--papers FOLDER KEPT …] [--samples KEPT] [--write]

FOLDER holds documents, truth.json and manifest.json; KEPT the readings that `bench.reading --keep` left. The samples'
own readings count as one agency's. What is printed was never fitted on the source that it judges: each source has
curves from all the others. Curves are drawn towards the straight line, a field's shift towards that of all fields, the
more the fewer values there are. --write puts the curves into pipeline/metadata/measured.py.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench.reading import passes
from bench.reading.judging import FIELDS, Judgement, Verdict, judged
from bench.reading.papers import Paper, from_folder, from_samples
from bench.reading.reliability import bins, calibration_error
from pipeline import metadata, settings
from pipeline.document import Clues
from pipeline.metadata.calibration import NONE, Calibration, kind_of
from pipeline.metadata.review import EXPECTED

TARGET = Path(__file__).resolve().parent.parent / "pipeline/metadata/measured.py"
STRAIGHT, LIKE_OTHERS, NO_SHIFT = 8.0, 1.0, 1.0  # how much is believed before anything was seen (precisions)
MISTAKE_WEIGHT = 1.5  # the rules were made looking at such papers: on papers of others more goes wrong
MOST_LIFTED = 1.0  # a shift: what a rule doubts for a reason that these papers do not have must stay a question
SAMPLES_WEIGHT = 0.3  # of a value on our own papers: what is drawn goes wrong less often than what is scanned
SAMPLES = "samples"
INVENTED = {"organ_name", "parent_organ_name", "issued_place"}  # of our samples: no lexicon can know their names


@dataclass(frozen=True)
class Value:
    """One value with the rules' own confidence, and who issued or collected its document."""

    source: str
    judgement: Judgement
    kind: str

    @property
    def weight(self) -> float:
        own = SAMPLES_WEIGHT if self.source == SAMPLES else 1.0
        return own if self.judgement.verdict is Verdict.RIGHT else own * MISTAKE_WEIGHT


def main() -> None:
    arguments = _arguments()
    values = [value for folder, kept in arguments.papers for value in _values(_papers(folder), kept)]
    if arguments.samples:
        with tempfile.TemporaryDirectory(prefix="vanthu-bench-") as folder:
            drawn = _values(from_samples(Path(folder)), arguments.samples)
            values += [replace(one, source=SAMPLES) for one in drawn if one.judgement.field not in INVENTED]
    held_out = [one for source in {v.source for v in values} for one in _without(values, source)]
    for source in (None, SAMPLES):
        print(f"\n{source or 'documents of other makers'}")
        _compare(
            [v.judgement for v in values if (v.source == SAMPLES) == (source == SAMPLES)],
            [v.judgement for v in held_out if (v.source == SAMPLES) == (source == SAMPLES)],
            arguments.below,
        )
    curves = fitted(values)
    print(f"\nslope {curves.slope:.2f}; " + ", ".join(
        f"{name} {shift:+.2f}" for name, shift in curves.shifts.items()))  # fmt: skip
    if arguments.write:
        _write(curves, len(values))


def fitted(values: Sequence[Value]) -> Calibration:
    """The most likely curves: logistic regression with its parameters drawn to "as it is", by Newton's steps."""
    given = [v for v in values if v.judgement.confidence is not None]
    names = sorted({v.kind for v in given})
    said = np.array([min(max(v.judgement.confidence or 0.0, 0.01), 0.99) for v in given])
    columns = np.zeros((len(given), 2 + len(names)))
    columns[:, 0], columns[:, 1] = np.log(said / (1 - said)), 1.0
    for row, v in enumerate(given):
        columns[row, 2 + names.index(v.kind)] = 1.0
    right = np.array([v.judgement.verdict is Verdict.RIGHT for v in given], dtype=float)
    weights = np.array([v.weight for v in given])
    before = np.array([1.0, *([0.0] * (1 + len(names)))])
    precision = np.diag([STRAIGHT, NO_SHIFT, *([LIKE_OTHERS] * len(names))])
    found = before.copy()
    for _ in range(200):
        chance = 1 / (1 + np.exp(-columns @ found))
        slope = columns.T @ (weights * (right - chance)) - precision @ (found - before)
        bend = (columns * (weights * chance * (1 - chance))[:, None]).T @ columns + precision
        step = np.linalg.solve(bend, slope)
        found += step * min(1.0, 0.5 / max(np.abs(step).max(), 1e-12))  # a longer step may overshoot
        if np.abs(step).max() < 1e-9:
            break
    shifts = {name: min(round(float(found[1] + found[2 + i]), 2), MOST_LIFTED) for i, name in enumerate(names)}
    return Calibration(round(max(float(found[0]), 0.1), 2), shifts)


def _without(values: Sequence[Value], source: str) -> Iterator[Value]:
    """The values of one source, as curves see them that know all other sources."""
    curves = fitted([v for v in values if v.source != source])
    for value in values:
        if value.source == source:
            said = value.judgement.confidence
            given = None if said is None else curves.of(value.kind, said)
            yield replace(value, judgement=replace(value.judgement, confidence=given))


def _compare(before: Sequence[Judgement], after: Sequence[Judgement], thresholds: Sequence[float]) -> None:
    for label, judgements in (("as the rules say", before), ("calibrated", after)):
        table = bins(judgements)
        cells = "  ".join(f"{100 * b.said:.0f}>{100 * b.right:.0f} ({b.amount})" for b in table)
        print(f"{label:18} expected error {100 * calibration_error(table):.1f} %   {cells}")
        for below in thresholds:
            print(f"  asked below {below:.2f}: {_asked(judgements, below)}")
    for name in FIELDS:
        errors = (100 * calibration_error(bins([j for j in js if j.field == name])) for js in (before, after))
        print(f"  {name:20} expected error {' -> '.join(f'{e:4.1f}' for e in errors)} %")


def _asked(judgements: Sequence[Judgement], below: float) -> str:
    """What a threshold does: `flagged` is the program's own for what it doubts apart from a confidence."""
    right = [j for j in judgements if j.verdict is Verdict.RIGHT]
    asked = sum((j.confidence or 0.0) < below for j in right)
    silent = [
        j for j in judgements
        if (j.verdict is Verdict.WRONG and (j.confidence or 0.0) >= below)
        or (j.verdict is Verdict.MISSING and not j.flagged and j.field not in EXPECTED)
    ]  # fmt: skip
    share, unseen = 100 * asked / max(len(right), 1), 100 * len(silent) / max(len(judgements), 1)
    return f"{share:.1f} % of right values asked, {unseen:.2f} % of all fields wrong and not asked"


def _values(papers: Sequence[Paper], kept: Path) -> Iterator[Value]:
    config = settings.settings_from({}, Path()).metadata
    for paper in papers:
        done = passes.kept(kept, paper.path)
        if done is None or done.reading is None:
            continue
        found = metadata.extract(done.reading, config, Clues(paper.path.name), calibration=NONE)
        for one in judged(paper.truth, passes.prediction(found, done.reading)):
            field = found.fields.get(one.field)
            yield Value(paper.source, one, kind_of(one.field, field.rule) if field else one.field)


def _papers(folder: Path) -> list[Paper]:
    return from_folder(folder, folder / "truth.json", folder / "manifest.json")


def _write(curves: Calibration, amount: int) -> None:
    shifts = "".join(f'        "{name}": {shift},\n' for name, shift in curves.shifts.items())
    TARGET.write_text(
        f'"""Written by `python -m bench.calibrate --write` from {amount} values: not for editing."""\n\n'
        "from pipeline.metadata.calibration import Calibration\n\n"
        f"MEASURED = Calibration(\n    slope={curves.slope},\n    shifts={{\n{shifts}    }},\n)\n",
        encoding="utf-8",
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.calibrate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--papers", nargs=2, type=Path, action="append", default=[], metavar=("FOLDER", "KEPT"))
    parser.add_argument("--samples", type=Path, metavar="KEPT")
    parser.add_argument("--below", type=float, nargs="+", default=[0.8, 0.85, 0.9])
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
