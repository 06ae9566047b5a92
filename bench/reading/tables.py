"""Judgements as tables: for a person to read, and the same as plain data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean, median
from typing import Any

from bench.reading.judging import FIELDS, Judgement, Verdict
from bench.reading.papers import BORN_DIGITAL, Paper
from bench.reading.passes import STAGES, Pass
from bench.reading.reliability import bins, calibration_error


@dataclass(frozen=True)
class Share:
    """Of n judged fields: percent right; wrong or missing and shown to a person; wrong or missing and not shown.

    `asked`: of the right ones, percent that a person is asked to look at all the same.
    """

    n: int
    right: float
    flagged: float
    unflagged: float
    asked: float

    @classmethod
    def of(cls, judgements: Sequence[Judgement]) -> Share:
        n = len(judgements)
        right = [j for j in judgements if j.verdict is Verdict.RIGHT]
        silent = sum(not j.flagged for j in judgements if j.verdict is not Verdict.RIGHT)
        asked = sum(j.flagged for j in right)
        return cls(
            n, _percent(len(right), n), _percent(n - len(right) - silent, n), _percent(silent, n),
            _percent(asked, len(right)),
        )  # fmt: skip

    def row(self, label: str) -> str:
        return f"{label:34} {self.n:5} {self.right:7.1f} {self.flagged:8.1f} {self.unflagged:10.1f} {self.asked:14.1f}"


HEAD = f"{'percent of n':34} {'n':>5} {'right':>7} {'flagged':>8} {'unflagged':>10} {'right, asked':>14}"


@dataclass(frozen=True)
class Result:
    """One document: what it is, how its fields were judged, how wrong its passage is, what it cost."""

    paper: Paper
    judgements: tuple[Judgement, ...]
    body: float | None
    done: Pass


def measured(results: Sequence[Result]) -> dict[str, Any]:
    """Every table as plain data."""
    everything = [j for result in results for j in result.judgements]
    return {
        "documents": len(results),
        "targets": {name: asdict(Share.of(group)) for name, group in _targets(results).items()},
        "fields": {name: asdict(Share.of([j for j in everything if j.field == name])) for name in FIELDS},
        "kinds": {name: asdict(Share.of(group)) for name, group in _grouped(results, lambda p: p.kind).items()},
        "sources": {name: asdict(Share.of(group)) for name, group in _grouped(results, lambda p: p.source).items()},
        "body": _bodies(results),
        "calibration": {
            "error": calibration_error(bins(everything)),
            "bins": [asdict(one) for one in bins(everything)],
            "fields": {
                name: {"error": calibration_error(table), "bins": [asdict(one) for one in table]}
                for name in FIELDS
                for table in [bins([j for j in everything if j.field == name])]
            },
        },
        "costs": _costs(results),
    }


def printed(results: Sequence[Result], worst: int) -> Iterator[str]:
    """Every table as lines."""
    everything = [j for result in results for j in result.judgements]
    yield from ("", HEAD)
    yield from (Share.of(group).row(name) for name, group in _targets(results).items())
    for name, body in _bodies(results).items():
        yield (
            f"body, {name:28} {body['documents']:5} documents: characters wrong, median {body['median']:.2f} %, "
            f"mean {body['mean']:.2f} %, below 2 %: {body['below_2']:.0f} %"
        )
    yield from ("", HEAD)
    for name in FIELDS:
        group = [j for j in everything if j.field == name]
        yield Share.of(group).row(name)
        if by_hand := [j for j in group if j.by_hand]:
            yield Share.of(by_hand).row("  by hand")
    for of in (lambda paper: paper.kind, lambda paper: paper.source):
        yield from ("", HEAD)
        yield from (Share.of(group).row(name[:34]) for name, group in _grouped(results, of).items())
    yield from _printed_calibration(everything)
    yield from _printed_costs(_costs(results))
    silent = [j for j in everything if j.verdict is not Verdict.RIGHT and not j.flagged]
    for one in silent[:worst]:
        yield f"  {one.file} {one.field}: wanted {one.wanted!r}, got {one.got!r} ({one.confidence})"


def _targets(results: Sequence[Result]) -> dict[str, list[Judgement]]:
    born = [j for r in results if r.paper.kind == BORN_DIGITAL for j in r.judgements]
    paper = [j for r in results if r.paper.kind != BORN_DIGITAL for j in r.judgements]
    return {
        "all fields": born + paper,
        "born-digital": born,
        "scans and photographs, printed": [j for j in paper if not j.by_hand],
        "handwritten numbers": [j for j in paper if j.by_hand and j.field == "code_number"],
        "handwritten days": [j for j in paper if j.by_hand and j.field == "issued_date"],
    }


def _grouped(results: Sequence[Result], of: Callable[[Paper], str]) -> dict[str, list[Judgement]]:
    groups: dict[str, list[Judgement]] = defaultdict(list)
    for result in results:
        groups[of(result.paper)].extend(result.judgements)
    return dict(sorted(groups.items()))


def _bodies(results: Sequence[Result]) -> dict[str, dict[str, float]]:
    kinds = sorted({result.paper.kind for result in results})
    groups = {"all": [r.body for r in results if r.body is not None]}
    groups |= {kind: [r.body for r in results if r.body is not None and r.paper.kind == kind] for kind in kinds}
    return {
        name: {
            "documents": len(rates), "median": 100 * median(rates), "mean": 100 * fmean(rates),
            "below_2": _percent(sum(rate < 0.02 for rate in rates), len(rates)),
        }
        for name, rates in groups.items() if rates
    }  # fmt: skip


def _printed_calibration(judgements: Sequence[Judgement]) -> Iterator[str]:
    table = bins(judgements)
    yield from ("", f"{'confidence':16} {'n':>5} {'said':>7} {'right':>7}")
    for one in table:
        span = f"{one.low:.2f} - {min(one.high, 1):.2f}"
        yield f"{span:16} {one.amount:5} {100 * one.said:7.1f} {100 * one.right:7.1f}"
    yield f"expected calibration error {100 * calibration_error(table):.1f} %; by field (said > right):"
    for name in FIELDS:
        own = bins([j for j in judgements if j.field == name])
        cells = "  ".join(f"{100 * one.said:.0f}>{100 * one.right:.0f} ({one.amount})" for one in own)
        yield f"  {name:20} {100 * calibration_error(own):5.1f} %   {cells}"


def _costs(results: Iterable[Result]) -> Mapping[str, float]:
    """CPU seconds a recognised page, over documents with such pages; empty where readings were kept without costs."""
    scans = [r for r in results if r.done.recognised and r.done.costs]
    pages = sum(r.done.recognised for r in scans)
    if not pages:
        return {}
    costs = {stage: sum(r.done.costs.get(stage, 0.0) for r in scans) / pages for stage in STAGES}
    bare = sum(r.done.bare for r in scans) / pages
    found = {"pages": float(pages), **costs, "all": sum(costs.values())}
    return {**found, "bare": bare, "ratio": found["all"] / bare} if bare else found


def _printed_costs(costs: Mapping[str, float]) -> Iterator[str]:
    if not costs:
        return
    parts = ", ".join(f"{stage} {costs[stage]:.3f}" for stage in STAGES)
    yield ""
    yield f"CPU seconds a recognised page ({costs['pages']:.0f} pages): {parts}; all {costs['all']:.2f}"
    if "bare" in costs:
        yield f"bare tesseract on the same page images: {costs['bare']:.2f}; ours is {costs['ratio']:.2f} of it"


def _percent(part: float, whole: float) -> float:
    return 100 * part / whole if whole else 0.0
