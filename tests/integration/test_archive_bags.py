"""A filed document is a whole bag whose original is byte for byte what arrived; damage is seen."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import bagit
import pytest

from pipeline import archive
from pipeline.errors import IntegrityError, NotFoundError, StorageError
from tests.filings import fields, filing, page

pytestmark = pytest.mark.integration

ID = "den-2026-00015"
CONTENT = bytes(range(256)) * 5000
METADATA = fields(("issued_date",), subject="Đẩy mạnh\ncải cách", type_name="Kế hoạch", recipients=("Nơi A", "Nơi B"))
ENTRY = {"register": "den", "year": 2026, "number": 15, "document_id": ID, "entered_at": "2026-03-15T09:00:00+07:00"}


def _file(tmp_path: Path) -> Path:
    made = filing(tmp_path / "in", ID, METADATA, page(1, "Trang một"), page(2, "Trang hai"), content=CONTENT,
                  name="Kế hoạch số 5.pdf", reading_copy=b"%PDF-1.7 reading")  # fmt: skip
    return archive.file_document(tmp_path / "luu-tru", made)


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    return _file(tmp_path)


def test_bagit_finds_the_bag_whole(bag: Path) -> None:
    judged = bagit.Bag(str(bag))
    judged.validate()
    assert sorted(judged.algorithms) == ["sha256", "sha512"]
    assert judged.info["External-Identifier"] == ID
    assert judged.info["External-Description"] == "Đẩy mạnh cải cách"
    assert judged.info["Source-Organization"] == "BAN QUẢN LÝ KHU KINH TẾ"
    assert judged.info["Bagging-Date"] == "2026-03-15"
    assert judged.has_oxum()


def test_everything_is_there_and_the_original_byte_for_byte(bag: Path, tmp_path: Path) -> None:
    assert bag == tmp_path / "luu-tru/2026" / ID
    assert (bag / "data/original/Ke-hoach-so-5.pdf").read_bytes() == CONTENT
    assert (bag / "data/reading-copy.pdf").read_bytes() == b"%PDF-1.7 reading"
    assert (bag / "data/text.txt").read_text() == "Trang một\fTrang hai\n"
    report = json.loads((bag / "data/report.json").read_text())
    assert base64.b64decode(report["original"]["raw_name"]).decode() == "Kế hoạch số 5.pdf"
    assert report["reading"]["engine"] == "tesseract 5.3.0"
    assert not (bag / "data/original/Ke-hoach-so-5.pdf").stat().st_mode & 0o222


def test_what_is_loaded_is_what_was_filed(bag: Path) -> None:
    stored = archive.load(bag)
    assert stored.document_id == ID
    assert stored.proposal == METADATA
    assert stored.metadata == METADATA
    assert [loaded.text for loaded in stored.pages()] == ["Trang một", "Trang hai"]
    assert stored.original is not None
    assert stored.original.read_bytes() == CONTENT
    assert stored.reading_copy == bag / "data/reading-copy.pdf"
    assert archive.verify(bag) == []


def test_filing_again_changes_nothing(bag: Path, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in bag.rglob("*")}
    assert _file(tmp_path) == bag
    assert {path: path.stat().st_mtime_ns for path in bag.rglob("*")} == before


def test_another_content_under_the_same_number_is_refused(bag: Path, tmp_path: Path) -> None:
    other = filing(tmp_path / "in", ID, METADATA, content=b"%PDF other")
    with pytest.raises(IntegrityError, match="bag-holds-another"):
        archive.file_document(tmp_path / "luu-tru", other)
    assert archive.verify(bag) == []


def test_an_original_that_changed_since_it_came_is_not_filed(tmp_path: Path) -> None:
    made = filing(tmp_path / "in", ID, METADATA, page(1, "x"))
    Path(made.original.path).write_bytes(b"something else")
    with pytest.raises(IntegrityError, match="original-changed"):
        archive.file_document(tmp_path / "luu-tru", made)
    assert list((tmp_path / "luu-tru").rglob("*")) == [tmp_path / "luu-tru/2026"]


def test_an_original_that_is_gone_is_a_storage_error(tmp_path: Path) -> None:
    made = filing(tmp_path / "in", ID, METADATA, page(1, "x"))
    Path(made.original.path).unlink()
    with pytest.raises(StorageError):
        archive.file_document(tmp_path / "luu-tru", made)


def test_a_file_comes_in_with_its_event_and_never_over_another(bag: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.pdf"
    new.write_bytes(b"%PDF with proofs")
    event = {"kind": "upgraded", "at": "2026-03-16T08:00:00+07:00", "level": "B-LTA", "file": "data/upgraded/a.pdf"}
    archive.record_event(bag.parents[1], ID, event, file=new)
    archive.record_event(bag.parents[1], ID, event, file=new)
    assert archive.verify(bag) == []
    stored = archive.load(bag)
    assert stored.upgraded == ("B-LTA", bag / "data/upgraded/a.pdf")
    assert stored.upgraded[1].read_bytes() == b"%PDF with proofs"
    with pytest.raises(IntegrityError):
        archive.record_event(bag.parents[1], ID, {**event, "at": "2026-03-17T08:00:00+07:00"}, file=new)
    assert archive.verify(bag) == []


def test_an_event_goes_into_the_bag_and_leaves_it_whole(bag: Path) -> None:
    event = {"kind": "corrected", "at": "2026-03-16T08:00:00+07:00", "actor": "an", "corrections": {"subject": "Đúng"}}
    archive.record_event(bag.parents[1], ID, event)
    archive.record_event(bag.parents[1], ID, event)  # said twice, kept once
    archive.record_event(bag.parents[1], ID, {**event, "corrections": {"subject": "Đúng hơn", "issued_date": ""}})
    assert archive.verify(bag) == []
    stored = archive.load(bag)
    assert len(stored.events) == 2
    assert stored.metadata.text("subject") == "Đúng hơn"
    assert stored.metadata.review == ()
    assert stored.proposal == METADATA
    assert sorted(path.name for path in (bag / "data/events").iterdir()) == [
        "0001-corrected.json",
        "0002-corrected.json",
    ]


def test_events_written_at_once_by_a_service_and_by_commands_are_all_kept(bag: Path, tmp_path: Path) -> None:
    events = [{"kind": "corrected", "at": str(n), "actor": "an", "corrections": {}} for n in range(40)]
    with ThreadPoolExecutor(4) as writers:
        for written in [writers.submit(archive.record_event, tmp_path / "luu-tru", ID, event) for event in events]:
            written.result()
    assert archive.verify(bag) == []
    assert sorted(int(event["at"]) for event in archive.load(bag).events) == list(range(40))


def test_an_event_for_no_bag_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        archive.record_event(tmp_path, ID, {"kind": "corrected"})


def test_a_tombstone_tells_why_and_nothing_else(tmp_path: Path) -> None:
    bag = archive.tombstone(tmp_path, ENTRY, "Văn bản mật")
    assert archive.tombstone(tmp_path, ENTRY, "Văn bản mật") == bag
    assert archive.verify(bag) == []
    assert sorted(str(path.relative_to(bag)) for path in (bag / "data").rglob("*")) == ["data/report.json"]
    stored = archive.load(bag)
    assert stored.is_tombstone
    assert stored.report["reason"] == "Văn bản mật"
    assert stored.original is None
    assert stored.pages() == ()


def _tamper_changed(bag: Path) -> None:
    path = bag / "data/text.txt"
    path.chmod(0o640)
    path.write_text("Trang mot\fTrang hai\n")  # rot that leaves a plausible file


def _tamper_same_size(bag: Path) -> None:
    path = bag / "data/original/Ke-hoach-so-5.pdf"
    path.chmod(0o640)
    path.write_bytes(b"\x01" + CONTENT[1:])


def _tamper_missing(bag: Path) -> None:
    (bag / "data/words.json").unlink()


def _tamper_extra(bag: Path) -> None:
    (bag / "data/events").mkdir()
    (bag / "data/events/0001-corrected.json").write_text("{}")


def _tamper_manifest(bag: Path) -> None:
    manifest = bag / "manifest-sha256.txt"
    manifest.write_text(manifest.read_text().replace("a", "b"))


def _tamper_tag(bag: Path) -> None:
    (bag / "bag-info.txt").write_text((bag / "bag-info.txt").read_text().replace("cải", "cai"))


def _tamper_link(bag: Path) -> None:
    path = bag / "data/text.txt"
    kept = bag.parent / "elsewhere.txt"
    path.rename(kept)
    path.symlink_to(kept)


def _tamper_declaration(bag: Path) -> None:
    (bag / "bagit.txt").unlink()


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        (_tamper_changed, "bag-file-changed"), (_tamper_same_size, "bag-file-changed"),
        (_tamper_missing, "bag-file-missing"), (_tamper_extra, "bag-file-extra"),
        (_tamper_manifest, "bag-file-changed"), (_tamper_tag, "bag-file-changed"), (_tamper_link, "bag-unreadable"),
        (_tamper_declaration, "bag-unreadable"),
    ],
)  # fmt: skip
def test_damage_is_found(bag: Path, tamper: object, code: str) -> None:
    tamper(bag)  # type: ignore[operator]
    assert code in {finding.code for finding in archive.verify(bag)}


@pytest.mark.parametrize("tamper", [_tamper_manifest, _tamper_tag, _tamper_declaration])
def test_an_event_does_not_make_damage_good(bag: Path, tamper: object) -> None:
    tamper(bag)  # type: ignore[operator]
    with pytest.raises(IntegrityError):
        archive.record_event(bag.parents[1], ID, {"kind": "corrected", "corrections": {}})
    assert archive.verify(bag)


def test_rot_of_an_original_is_still_seen_after_an_event(bag: Path) -> None:
    _tamper_same_size(bag)
    archive.record_event(bag.parents[1], ID, {"kind": "corrected", "at": "x", "actor": "an", "corrections": {}})
    assert [finding.detail["file"] for finding in archive.verify(bag)] == ["data/original/Ke-hoach-so-5.pdf"]


def test_a_damaged_bag_is_not_taken_for_filed(bag: Path, tmp_path: Path) -> None:
    _tamper_same_size(bag)
    with pytest.raises(IntegrityError, match="bag-damaged"):
        _file(tmp_path)


def test_bags_come_in_order_and_half_built_ones_are_none(tmp_path: Path) -> None:
    numbers = ["den-2026-00002", "den-2026-00010", "den-2025-00003"]
    for number in numbers:
        archive.tombstone(tmp_path, {**ENTRY, "document_id": number}, "x")
    (tmp_path / "2026/.tmp-den-2026-00011-ab12").mkdir()
    (tmp_path / "2026/den-2026-00002.redo.json").write_text("{}")
    (tmp_path / "khac").mkdir()
    assert [bag.name for bag in archive.bags(tmp_path)] == ["den-2025-00003", "den-2026-00002", "den-2026-00010"]


def test_a_document_without_pages_is_filed(tmp_path: Path) -> None:
    made = replace(filing(tmp_path / "in", ID, fields()), organization="")
    bag = archive.file_document(tmp_path / "luu-tru", made)
    assert archive.verify(bag) == []
