"""Our own samples, read by the real reader: what the metadata says of them is right, or a person is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.document import Kind, Metadata
from pipeline.metadata import extract
from pipeline.reading import Reader
from pipeline.settings import Intake, MetadataSettings
from pipeline.settings import Reading as ReadingSettings
from pipeline.vietnamese import canonical

pytestmark = pytest.mark.integration

SAMPLES = Path(__file__).parent.parent.parent / "samples"
KINDS = {".pdf": Kind.PDF, ".tif": Kind.TIFF, ".jpg": Kind.JPEG, ".png": Kind.PNG}
TRUTHS = {
    "type_name": "doc_type",
    "code_number": "number",
    "code_notation": "notation",
    "issued_date": "issued_date",
    "issued_place": "place",
    "organ_name": "issuing_agency",
    "parent_organ_name": "parent_agency",
    "subject": "subject",
    "competence": "signing_authority",
    "signatory_position": "signer_position",
    "signatory_name": "signer_name",
}
EXPECTED = {d["file"]: d for d in json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))["documents"]}
COMMITTED = sorted(p.name for p in (SAMPLES / "good").iterdir() if p.suffix in KINDS and p.name in EXPECTED)


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(ReadingSettings(), Intake()) as opened:
        yield opened


def _extract(reader: Reader, name: str) -> Metadata:
    path = SAMPLES / "good" / name
    return extract(reader.read(path, KINDS[path.suffix]), MetadataSettings())


def _wrong(found: Metadata, expected: dict[str, Any]) -> list[str]:
    return [
        f"{name}: {expected[key]!r} was read as {found.text(name)!r}"
        for name, key in TRUTHS.items()
        if expected.get(key) and canonical(found.text(name)) != canonical(expected[key]) and name not in found.review
    ]


@pytest.mark.parametrize("name", COMMITTED)
def test_no_wrong_value_goes_unasked(reader: Reader, name: str) -> None:
    assert _wrong(_extract(reader, name), EXPECTED[name]) == []


@pytest.mark.parametrize("name", [n for n in COMMITTED if "born-digital" in EXPECTED[n]["tags"]])
def test_born_digital_document_is_read_without_a_fault(reader: Reader, name: str) -> None:
    found, expected = _extract(reader, name), EXPECTED[name]
    printed = {field: key for field, key in TRUTHS.items() if expected.get(key)}
    assert {f: canonical(found.text(f)) for f in printed} == {f: canonical(expected[k]) for f, k in printed.items()}
    assert found.fields["recipients"].value == tuple(expected["recipients"])
    assert set(found.review) <= {field for field, key in TRUTHS.items() if not expected.get(key)}
