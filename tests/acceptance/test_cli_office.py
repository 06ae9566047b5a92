"""A clerk's day: documents dropped, found, looked at, corrected, printed in the book, exported, cancelled."""

from __future__ import annotations

import csv
import io
import json
import shutil
import unicodedata
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.commandline import vanthu

pytestmark = pytest.mark.acceptance

SAMPLES = Path(__file__).parents[2] / "samples"
YEAR = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).year


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with one plan (15/KH-BQL) and one refused file."""
    folder = tmp_path_factory.mktemp("office")
    assert vanthu("init", str(folder), cwd=folder).returncode == 0
    config = folder / "vanthu.toml"
    text = config.read_text(encoding="utf-8").replace("quiet_seconds = 3.0 ", "quiet_seconds = 0.1 ")
    config.write_text(text, encoding="utf-8")
    shutil.copy(SAMPLES / "good" / "02-ke-hoach.pdf", folder / "van-ban-den")
    shutil.copy(SAMPLES / "bad" / "empty.pdf", folder / "van-ban-den")
    done = vanthu("watch", "--once", cwd=folder)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == b""
    assert "đã lưu trữ" in done.stderr.decode()
    assert "không nhận" in done.stderr.decode()
    return folder


@pytest.mark.parametrize("query", ["so hoa tai lieu luu tru", "Số hóa tài liệu", "15/KH-BQL", "15 kh bql"])
def test_a_document_is_found_as_people_type(office: Path, query: str) -> None:
    for typed in (query, unicodedata.normalize("NFD", query)):
        done = vanthu("search", "--json", *typed.split(), cwd=office)
        found = json.loads(done.stdout)
        assert done.returncode == 0
        assert found["hits"][0]["document_id"] == f"den-{YEAR}-00001"
        assert found["hits"][0]["code"] == "15/KH-BQL"
    shown = vanthu("search", query, cwd=office).stdout.decode()
    assert "15/KH-BQL" in shown


def test_hits_are_exported_for_excel(office: Path) -> None:
    out = vanthu("search", "--excel", "15/KH-BQL", cwd=office).stdout
    assert out.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(out.decode("utf-8-sig"), newline="")))
    assert rows[0][2] == "Số, ký hiệu"
    assert rows[1][2] == "15/KH-BQL"


def test_pages_after_the_last_are_empty(office: Path) -> None:
    done = vanthu("search", "--json", "--page", "3", "15/KH-BQL", cwd=office)
    assert (done.returncode, json.loads(done.stdout)["hits"]) == (1, [])


@pytest.mark.parametrize("name", ["1", f"{YEAR}/1", f"DEN-{YEAR}-1", f"den-{YEAR}-00001"])
def test_every_form_of_the_id_shows_the_document(office: Path, name: str) -> None:
    shown = json.loads(vanthu("show", name, "--json", "--text", cwd=office).stdout)
    assert shown["document_id"] == f"den-{YEAR}-00001"
    assert shown["fields"]["code_notation"]["value"] == "KH-BQL"
    assert [page["page"] for page in shown["pages"]] == [1, 2, 3]
    assert "accepted" in [event["kind"] for event in shown["history"]]


def test_inspect_prints_the_scorers_shape_and_goes_on(tmp_path: Path) -> None:
    plan, bad = SAMPLES / "good" / "02-ke-hoach.pdf", SAMPLES / "bad" / "not-a-document.json"
    done = vanthu("inspect", "--json", "--text", str(plan), str(bad), cwd=tmp_path)
    assert done.returncode == 12
    lines = {line["file"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert lines[str(bad)]["error"]["message"]
    read = lines[str(plan)]
    assert set(read) == {"file", "fields", "review", "findings", "pages"}
    assert set(read["fields"]["subject"]) == {"value", "confidence", "page", "box", "rule"}
    assert [page["page"] for page in read["pages"]] == [1, 2, 3]
    assert not list(tmp_path.iterdir())


def test_open_prints_the_path_where_there_is_no_desktop(office: Path) -> None:
    original = Path(vanthu("open", "1", "--original", cwd=office).stdout.decode().strip())
    assert original.read_bytes() == (SAMPLES / "good" / "02-ke-hoach.pdf").read_bytes()
    assert Path(vanthu("open", "1", "--path", cwd=office).stdout.decode().strip()).is_file()


def test_a_correction_is_found_shown_and_remembered(office: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "Kế hoạch trồng cây đầu xuân")
    recipients = ["--recipient", "Sở Nội vụ", "--recipient", "Lưu: VT"]
    done = vanthu(
        "edit", "1", "--subject", decomposed, *recipients, "--date", "7/8/2026", "--clear", "place", cwd=office
    )
    assert done.returncode == 0, done.stderr.decode()
    shown = json.loads(vanthu("show", "1", "--json", cwd=office).stdout)
    assert shown["fields"]["subject"] | {"box": None} == {
        "value": "Kế hoạch trồng cây đầu xuân", "confidence": 1.0, "page": None, "box": None, "rule": "person",
    }  # fmt: skip
    assert shown["fields"]["recipients"]["value"] == ["Sở Nội vụ", "Lưu: VT"]
    assert shown["fields"]["issued_date"]["value"] == "2026-08-07"
    assert "issued_place" not in shown["fields"]
    assert "corrected" in [event["kind"] for event in shown["history"]]
    assert vanthu("search", "trong cay dau xuan", cwd=office).returncode == 0
    assert "người sửa" in vanthu("show", "1", cwd=office).stdout.decode()


def test_the_book_has_the_ten_columns_of_the_appendix(office: Path) -> None:
    printed = vanthu("register", "den", "--year", str(YEAR), cwd=office, COLUMNS="160").stdout.decode()
    assert all(f"({number})" in printed for number in range(1, 11))
    narrow = vanthu("register", "den", cwd=office, COLUMNS="80").stdout.decode()
    assert all(f"({number})" in narrow for number in range(1, 11))
    rows = list(csv.reader(io.StringIO(vanthu("register", "den", "--csv", cwd=office).stdout.decode(), newline="")))
    assert len(rows[0]) == 10
    assert rows[1][1] == "01"
    line = json.loads(vanthu("register", "den", "--json", cwd=office).stdout)
    assert (line["number"], line["document_id"]) == (1, f"den-{YEAR}-00001")


def test_a_book_without_numbers_is_nothing_found(office: Path) -> None:
    assert vanthu("register", "den", "--year", "1999", cwd=office).returncode == 1


def test_the_archive_is_whole_and_damage_is_told(office: Path) -> None:
    whole = vanthu("verify", "--json", cwd=office)
    assert (whole.returncode, json.loads(whole.stdout)["whole"]) == (0, True)
    text = office / "luu-tru" / str(YEAR) / f"den-{YEAR}-00001" / "data" / "text.txt"
    before = text.read_bytes()
    text.chmod(0o640)
    text.write_bytes(before + b"x")
    try:
        damaged = vanthu("verify", "1", cwd=office)
        assert damaged.returncode == 11
        assert "text.txt" in damaged.stdout.decode()
    finally:
        text.write_bytes(before)


def test_a_rebuild_from_the_folders_finds_it_again(office: Path) -> None:
    done = vanthu("rebuild", "--json", cwd=office)
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["documents"] == 1
    assert vanthu("search", "15/KH-BQL", cwd=office).returncode == 0


def test_a_cancelled_number_stays_in_the_book_with_its_reason(office: Path) -> None:
    assert vanthu("register", "cancel", "1", "--reason", " ", cwd=office).returncode == 2
    assert vanthu("register", "cancel", "1", "--reason", "Gửi nhầm cơ quan", cwd=office).returncode == 0
    line = json.loads(vanthu("register", "den", "--json", cwd=office).stdout)
    assert line["cancelled"]
    assert "Gửi nhầm cơ quan" in line["note"]
    assert vanthu("register", "cancel", "1", "--reason", "lần nữa", cwd=office).returncode == 2
