"""Make the sample documents: the same seed gives the same files, each with what a perfect reader finds in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from samples import catalogue, flaws, fonts, page, scan, word
from samples.draft import Draft, expected

SEED = 2026
HERE = Path(__file__).parent
EXPECTED = HERE / "expected.json"
STAMP = ".made.json"
COMMITTED_FLAWS = frozenset(flaws.REFUSED) - {"encrypted.pdf", "truncated.pdf", "three-thousand-pages.pdf"}


@dataclass(frozen=True)
class Sample:
    """One file on disk. `expected` is None for what must be refused, whose flaw is the stem of its name."""

    name: str
    path: Path
    expected: Mapping[str, Any] | None
    tags: tuple[str, ...] = ()
    committed: bool = False

    @property
    def refused(self) -> bool:
        return self.expected is None


@dataclass(frozen=True)
class _Made:
    content: bytes
    expected: Mapping[str, Any] | None


@dataclass(frozen=True)
class _Recipe:
    name: str  # of the file
    folder: str  # "good" or "bad"
    tags: tuple[str, ...]
    committed: bool
    make: Callable[[int], _Made]


def make(folder: Path, only: Collection[str] | None = None, *, seed: int = SEED) -> list[Sample]:
    """Write the samples into `folder`/good and `folder`/bad; those there already from the same generator stay.

    `only` names files (`"02-ke-hoach.pdf"`) or tags (`"scanned"`, `"refused"`). Returned in order of name.
    ValueError for a name or tag that selects nothing.
    """
    stamp, made = _generator_stamp(seed), _read_stamp(folder / STAMP)
    samples = []
    for recipe in _selected(only):
        path = folder / recipe.folder / recipe.name
        known = made.get(recipe.name)
        if not (path.is_file() and known and known["generator"] == stamp):
            result = recipe.make(seed)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(result.content)
            known = {"generator": stamp, "expected": result.expected}
            made[recipe.name] = known
            _write_json(folder / STAMP, made)
        samples.append(Sample(recipe.name, path, known["expected"], recipe.tags, recipe.committed))
    return samples


def commit(seed: int = SEED) -> list[Path]:
    """Write the small committed files and expected.json beside this program."""
    documents, written = [], []
    for recipe in _recipes():
        result = recipe.make(seed)
        if result.expected:
            documents.append(result.expected)
        if recipe.committed:
            path = HERE / recipe.folder / recipe.name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(result.content)
            written.append(path)
    _write_json(EXPECTED, {"seed": seed, "documents": documents})
    return written


def _selected(only: Collection[str] | None) -> list[_Recipe]:
    recipes = list(_recipes())
    if only is None:
        return recipes
    wanted = set(only)
    unknown = wanted - {recipe.name for recipe in recipes} - {tag for recipe in recipes for tag in recipe.tags}
    if unknown:
        raise ValueError(f"no such sample or tag: {', '.join(sorted(unknown))}")
    return [recipe for recipe in recipes if wanted & {recipe.name, *recipe.tags}]


def _recipes() -> Iterator[_Recipe]:
    for draft in catalogue.drafts(SEED):
        yield _Recipe(draft.name, "good", draft.tags, draft.committed, _good(draft))
    base = catalogue.drafts(SEED)[0]
    for number, (name, spoil) in enumerate(flaws.TAKEN_WITH_CARE.items(), 143):
        draft = replace(base, name=name, number=str(number), tags=("taken-with-care",))
        yield _Recipe(name, "bad", draft.tags, False, _careful(draft, spoil))
    for name, spoil in flaws.REFUSED.items():
        yield _Recipe(name, "bad", ("refused",), name in COMMITTED_FLAWS, _refused(base, spoil))


def _good(draft: Draft) -> Callable[[int], _Made]:
    def run(seed: int) -> _Made:
        if draft.name.endswith(".docx"):
            longest = max(draft.body, key=len)
            return _Made(word.docx(draft), expected(draft, 1, 1, (1, longest)))
        laid = page.lay_out(draft, seed)
        if draft.scan is None:
            return _Made(laid.pdf, expected(draft, laid.pages, laid.signature_page, laid.passage))
        content = scan.scan(laid.pdf, draft.scan, f"{seed}/{draft.name}")
        blank = draft.scan.blank_after
        pages = laid.pages + (1 if blank else 0)
        signature, (where, text) = (_shifted(laid.signature_page, blank), laid.passage)
        return _Made(content, expected(draft, pages, signature, (_shifted(where, blank), text)))

    return run


def _shifted(number: int, blank_after: int) -> int:
    return number + 1 if 0 < blank_after < number else number


def _careful(draft: Draft, spoil: flaws.Maker) -> Callable[[int], _Made]:
    def run(seed: int) -> _Made:
        laid = page.lay_out(draft, seed)
        return _Made(spoil(laid.pdf), expected(draft, laid.pages, laid.signature_page, laid.passage))

    return run


def _refused(base: Draft, spoil: flaws.Maker) -> Callable[[int], _Made]:
    return lambda seed: _Made(spoil(_base_pdf(base, seed)), None)


@lru_cache
def _base_pdf(base: Draft, seed: int) -> bytes:
    return page.lay_out(base, seed).pdf


@lru_cache
def _generator_stamp(seed: int) -> str:
    """Changes whenever the bytes could: our sources, the libraries that draw, the typeface."""
    digest = hashlib.sha256(str(seed).encode())
    for path in (*sorted(HERE.glob("*.py")), *fonts.serif().values()):
        digest.update(path.read_bytes())
    for library in ("fpdf2", "pillow", "pypdfium2", "opencv-python-headless", "numpy", "pikepdf"):
        digest.update(version(library).encode())
    return digest.hexdigest()


def _read_stamp(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return {}


def _write_json(path: Path, data: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    temporary.replace(path)
