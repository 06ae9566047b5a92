"""The samples through the whole house: dropped into the folder, filed with the expected fields, found again."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import samples

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("samples-journey"),
]  # one worker makes them once

GOOD = {"01-quyet-dinh.pdf", "02-ke-hoach.pdf", "06-bao-cao.tif", "17-cong-van.pdf", "09-nghi-quyet.pdf"}
MARKED = "13-mat.pdf"
VANTHU = str(Path(sys.executable).with_name("vanthu"))
FIELDS = {
    "type_name": "doc_type", "code_number": "number", "code_notation": "notation", "issued_date": "issued_date",
    "issued_place": "place", "organ_name": "issuing_agency", "parent_organ_name": "parent_agency",
    "subject": "subject", "signatory_name": "signer_name", "signatory_position": "signer_position",
    "competence": "signing_authority",
}  # fmt: skip


@dataclass(frozen=True)
class Office:
    """A workspace through which the samples have gone."""

    folder: Path
    good: Sequence[samples.Sample]
    refused: Sequence[samples.Sample]

    def vanthu(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [VANTHU, "-w", str(self.folder), *arguments], capture_output=True, text=True, check=False, timeout=300
        )

    def json(self, *arguments: str) -> Any:
        return json.loads(self.vanthu(*arguments, "--json").stdout)

    def find(self, query: str) -> list[Mapping[str, Any]]:
        return list(self.json("search", query)["hits"])


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    base = tmp_path_factory.mktemp("office")
    good = samples.make(base / "made", GOOD)
    secret = samples.make(base / "made", {MARKED})
    refused = samples.make(base / "made", {"refused"})
    folder = base / "van thư số 1"  # a blank and a diacritic in the path, as on a clerk's machine
    made = Office(folder, good, refused)
    subprocess.run([VANTHU, "init", str(folder)], check=True, capture_output=True)
    for sample in (*good, *secret, *refused):
        shutil.copyfile(sample.path, folder / "van-ban-den" / sample.name)
    done = made.vanthu("watch", "--once")
    assert done.returncode == 0, done.stderr
    return made


def test_every_good_sample_is_filed(office: Office) -> None:
    state = office.json("status")
    assert state["filed"] == len(office.good)
    assert state["quarantined"] == []
    assert (state["in_folder"], state["waiting"]) == (0, 0)


def test_numbers_are_consecutive_and_the_secret_one_is_cancelled(office: Office) -> None:
    with_secret = len(office.good) + 1
    listed = office.vanthu("register", "den", "--csv").stdout
    assert all(f"{number:02d}" in listed for number in range(1, with_secret + 1))
    assert office.json("status")["secret"] == 1


def test_every_bad_sample_is_refused_with_a_reason_beside_it(office: Office) -> None:
    refused = office.folder / "khong-nhan"
    for sample in office.refused:
        assert (refused / sample.name).read_bytes() == sample.path.read_bytes(), sample.name
        assert (refused / f"{sample.name}.ly-do.txt").read_text(encoding="utf-8").strip(), sample.name
        reason = json.loads((refused / f"{sample.name}.ly-do.json").read_text(encoding="utf-8"))
        assert reason["code"], sample.name
    assert office.json("status")["refused"] == len(office.refused)


@pytest.mark.parametrize("name", sorted(GOOD - {"09-nghi-quyet.pdf", "06-bao-cao.tif"}))
def test_born_digital_fields_are_read_without_a_slip(office: Office, name: str) -> None:
    truth = next(sample.expected for sample in office.good if sample.name == name)
    assert truth
    hit = office.find(truth["full_code"])[0]
    fields = office.json("show", hit["document_id"])["fields"]
    found = {key: (fields.get(key) or {}).get("value") for key in FIELDS}
    assert found == {key: truth[theirs] for key, theirs in FIELDS.items()}


def test_a_phrase_without_diacritics_finds_the_plan(office: Office) -> None:
    assert [hit["code"] for hit in office.find('"so hoa tai lieu luu tru"')] == ["15/KH-BQL"]


@pytest.mark.parametrize("typed", ["15/KH-BQL", "15 kh bql", "so 15/kh-bql"])
def test_the_number_as_people_type_it_finds_the_plan_first(office: Office, typed: str) -> None:
    assert office.find(typed)[0]["code"] == "15/KH-BQL"


def test_words_of_a_scan_are_found(office: Office) -> None:
    assert office.find("nao vet luong cang")[0]["code"] == "33/NQ-HĐND"


def test_nothing_of_a_secret_document_can_be_found(office: Office) -> None:
    assert office.find("bao ve muc tieu trong yeu") == []


def test_the_same_bytes_again_get_no_second_number(office: Office) -> None:
    before = office.vanthu("register", "den", "--csv").stdout.splitlines()
    sample = office.good[0]
    shutil.copyfile(sample.path, office.folder / "van-ban-den" / f"again {sample.name}")
    assert office.vanthu("watch", "--once").returncode == 0
    after = office.vanthu("register", "den", "--csv").stdout.splitlines()
    assert len(after) == len(before)
    document = office.find(str(sample.expected and sample.expected["full_code"]))[0]["document_id"]
    assert [r["state"] for r in office.json("show", document)["receipts"]] == ["accepted", "repeated"]
