"""The documents to read: a folder with a truth file, or our own samples as from a good, a middling, a bad scanner."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from samples import SEED, catalogue, page, scan
from samples.draft import Draft, Scan, expected

LEVELS = ("clean", "mild", "hard")
BORN_DIGITAL = "born-digital"


@dataclass(frozen=True)
class Paper:
    """One document and what a person saw in it. `kind` says how it came to be, `source` who made or collected it."""

    path: Path
    truth: Mapping[str, Any]
    kind: str
    source: str

    @property
    def born_digital(self) -> bool:
        return self.kind == BORN_DIGITAL


def from_folder(folder: Path, truth: Path, manifest: Path) -> list[Paper]:
    """Documents of a folder that the truth file ("documents": one record a file) knows.

    The manifest, a list of records with file, kind and source, may be missing.
    """
    known: dict[str, Any] = {}
    if manifest.exists():
        known = {record["file"]: record for record in json.loads(manifest.read_text(encoding="utf-8"))}
    papers = []
    for record in json.loads(truth.read_text(encoding="utf-8"))["documents"]:
        about = known.get(record["file"], {})
        source = str(about.get("source", "?")).split("@")[0]
        papers.append(Paper(folder / record["file"], record, str(about.get("kind", "?")), source))
    return papers


def from_samples(folder: Path, levels: Sequence[str] = LEVELS) -> list[Paper]:
    """Write our samples into `folder`: each as it was born and, at every level, as a scan. The same bytes each time."""
    return [paper for draft in catalogue.drafts(SEED) for paper in _drawn(draft, folder, levels)]


def _drawn(draft: Draft, folder: Path, levels: Sequence[str]) -> Iterator[Paper]:
    laid = page.lay_out(draft, SEED)
    agency = " ".join(draft.agency)
    stem = draft.name.rsplit(".", 1)[0]

    def paper(name: str, content: bytes, kind: str) -> Paper:
        path = folder / name
        path.write_bytes(content)
        truth = expected(replace(draft, name=name), laid.pages, laid.signature_page, laid.passage)
        return Paper(path, truth, kind, agency)

    if draft.scan is None:
        yield paper(f"{stem}.pdf", laid.pdf, BORN_DIGITAL)
    for level in levels:
        how = replace(draft.scan or Scan(), level=level, blank_after=0)
        name = f"{stem}-{level}.{'tif' if how.container == 'tiff' else how.container}"
        yield paper(name, scan.scan(laid.pdf, how, f"{SEED}/{name}"), f"scan {level}")
