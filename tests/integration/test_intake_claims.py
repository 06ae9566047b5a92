"""Claiming, securing, retiring and refusing real files, under names of every origin."""

from __future__ import annotations

import base64
import errno
import json
import os
import unicodedata
from collections import namedtuple
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.document import Finding, Kind
from pipeline.errors import NotFoundError, RefusedError, StorageError
from pipeline.files import sha256_of
from pipeline.intake import CLAIMS, Claim, claim, moving, pending_claims, reason_paths, refuse, retire, secure
from tests.intake_files import drop

pytestmark = pytest.mark.integration
NOW = datetime(2026, 11, 23, 14, 25, 1, tzinfo=UTC)
WHY = RefusedError("executable", path="a.pdf")
raw_names = st.binary(min_size=1, max_size=255).filter(
    lambda raw: b"/" not in raw and b"\0" not in raw and raw not in {b".", b".."}
)


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    (tmp_path / "den").mkdir()
    return tmp_path / "den"


def listing(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir() or path.is_symlink()}


def test_a_claim_moves_the_file_into_a_folder_of_its_own(incoming: Path) -> None:
    made = claim(drop(incoming, "a.pdf", b"x"), incoming, 3)
    assert made.path.read_bytes() == b"x"
    assert made.path.parent == incoming / CLAIMS / made.id
    assert (made.name, made.raw_name, made.urgency, made.claimed_at.tzinfo) == ("a.pdf", b"a.pdf", 3, UTC)
    assert not (incoming / "a.pdf").exists()


def test_a_killed_service_s_claims_are_found_with_all_that_was_known(incoming: Path) -> None:
    claims = [claim(drop(incoming, f"{n}.pdf", b"x"), incoming, n) for n in (0, 3, 1)]
    assert pending_claims(incoming) == claims


def test_no_claims_where_nothing_was_ever_claimed(incoming: Path) -> None:
    assert pending_claims(incoming) == []


def test_an_old_empty_claim_folder_is_tidied_and_a_young_one_left_to_its_maker(incoming: Path) -> None:
    young = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-00000abc"
    for name in ("20200101T000000-00000abc", young):
        (incoming / CLAIMS / name).mkdir(parents=True)
    assert pending_claims(incoming) == []
    assert [path.name for path in (incoming / CLAIMS).iterdir()] == [young]


def test_a_file_that_is_gone_cannot_be_claimed_and_leaves_no_empty_claim(incoming: Path) -> None:
    with pytest.raises(NotFoundError):
        claim(incoming / "gone.pdf", incoming)
    assert list((incoming / CLAIMS).iterdir()) == []


def test_a_link_in_place_of_our_folder_is_not_followed(incoming: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (incoming / CLAIMS).symlink_to(tmp_path / "elsewhere")
    path = drop(incoming, "a.pdf", b"x")
    with pytest.raises(StorageError, match="claims-folder-unsafe"):
        claim(path, incoming)
    with pytest.raises(StorageError, match="claims-folder-unsafe"):
        pending_claims(incoming)
    assert path.exists()


def test_a_link_on_the_way_to_a_file_is_not_followed(incoming: Path, tmp_path: Path) -> None:
    secret = drop(tmp_path / "elsewhere", "secret.pdf", b"x")
    (incoming / "sub").symlink_to(secret.parent)
    with pytest.raises(NotFoundError):
        claim(incoming / "sub" / "secret.pdf", incoming)
    assert secret.exists()


def test_links_and_pipes_are_claimed_themselves_and_never_opened(incoming: Path, tmp_path: Path) -> None:
    target = drop(tmp_path, "target", b"x")
    (incoming / "link.pdf").symlink_to(target)
    os.mkfifo(incoming / "pipe.pdf")
    assert claim(incoming / "link.pdf", incoming).path.is_symlink()
    assert claim(incoming / "pipe.pdf", incoming).path.is_fifo()
    assert target.read_bytes() == b"x"


@given(raw=raw_names)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_name_survives_byte_for_byte(tmp_path: Path, raw: bytes) -> None:
    folder = tmp_path / "den"
    folder.mkdir(exist_ok=True)
    path = Path(os.fsdecode(os.path.join(os.fsencode(folder), raw)))  # noqa: PTH118 - bytes
    path.write_bytes(b"x")
    made = claim(path, folder)
    assert pending_claims(folder) == [made]
    assert made.raw_name == raw
    refused = refuse(made, tmp_path / made.id, WHY, ["vì sao"], NOW)
    assert os.fsencode(refused.name) == raw
    data = json.loads(reason_paths(refused)[1].read_bytes())
    assert base64.b64decode(data["raw_name_base64"]) == raw
    assert refused.read_bytes() == b"x"
    assert pending_claims(folder) == []


@pytest.mark.parametrize(
    "raw",
    [
        unicodedata.normalize("NFD", "Quyết định.pdf").encode(),
        "Công văn.pdf".encode("utf-16-le").replace(b"\0", b""),
        b"C\xf4ng v\xe3n.pdf",
        b"C\xabng v\xa8n.pdf",
        b"two\nlines.pdf",
        b"x" * 251 + b".pdf",
    ],
)
def test_a_document_s_name_is_kept_raw_and_shown_in_nfc(incoming: Path, tmp_path: Path, raw: bytes) -> None:
    path = Path(os.fsdecode(os.fsencode(incoming) + b"/" + raw))
    path.write_bytes(b"x")
    made = claim(path, incoming)
    original = secure(made, Kind.PDF, (), tmp_path / "staged" / made.id, reserve_mb=0)
    assert (original.raw_name, original.name) == (raw, unicodedata.normalize("NFC", original.name))
    assert os.fsencode(retire(made, tmp_path / "received").name) == raw


def test_securing_makes_a_verified_copy_under_our_own_name(incoming: Path, tmp_path: Path) -> None:
    made = claim(drop(incoming, "a.exe.pdf", b"x" * 3_000_000), incoming)
    finding = Finding("junk-before-pdf")
    original = secure(made, Kind.PDF, [finding], tmp_path / "staged", reserve_mb=0)
    copy = Path(original.path)
    assert copy == tmp_path / "staged" / "original.pdf"
    assert (original.size, original.sha256) == (3_000_000, sha256_of(copy))
    assert (original.received_at, original.findings, original.kind) == (made.claimed_at, (finding,), Kind.PDF)
    assert made.path.exists()


def test_securing_again_ends_the_same_and_clears_what_a_kill_left(incoming: Path, tmp_path: Path) -> None:
    made = claim(drop(incoming, "a.pdf", b"whole"), incoming)
    drop(tmp_path / "staged", ".tmp-0123", b"who")
    drop(tmp_path / "staged", "original.pdf", b"who")
    first = secure(made, Kind.PDF, (), tmp_path / "staged", reserve_mb=0)
    assert secure(made, Kind.PDF, (), tmp_path / "staged", reserve_mb=0) == first
    assert listing(tmp_path / "staged") == {"original.pdf"}


def test_nothing_is_copied_when_the_disk_would_fill(
    incoming: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = claim(drop(incoming, "a.pdf", b"x" * 1000), incoming)
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("pipeline.intake.claims.shutil.disk_usage", lambda _: usage(0, 0, (512 << 20) + 2999))
    with pytest.raises(StorageError, match="disk-full") as full:
        secure(made, Kind.PDF, (), tmp_path / "staged")
    assert full.value.retry
    assert listing(tmp_path / "staged") == set()
    assert made.path.exists()


def test_a_file_that_somebody_still_writes_to_is_not_secured(
    incoming: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = claim(drop(incoming, "a.pdf", b"x"), incoming)

    def copy_while_written(source: object, target: Path) -> tuple[int, str]:
        with made.path.open("ab") as file:
            file.write(b"more")
        return 1, "0" * 64

    monkeypatch.setattr("pipeline.files.copy_durably", copy_while_written)
    with pytest.raises(StorageError, match="changed-while-copied"):
        secure(made, Kind.PDF, (), tmp_path / "staged", reserve_mb=0)


def test_retiring_moves_the_dropped_file_itself_and_again_does_nothing(incoming: Path, tmp_path: Path) -> None:
    path = drop(incoming, "a.pdf", b"x")
    inode = path.stat().st_ino
    made = claim(path, incoming)
    retired = retire(made, tmp_path / "received")
    assert retired == tmp_path / "received" / made.id / "a.pdf"
    assert retired.stat().st_ino == inode
    assert retire(made, tmp_path / "received") == retired
    assert list((incoming / CLAIMS).iterdir()) == []


def test_retiring_what_lies_nowhere_is_an_error(incoming: Path, tmp_path: Path) -> None:
    made = claim(drop(incoming, "a.pdf", b"x"), incoming)
    made.path.unlink()
    with pytest.raises(NotFoundError):
        retire(made, tmp_path / "received")


def refused_claim(incoming: Path, data: bytes = b"x", name: str = "a.pdf") -> Claim:
    return claim(drop(incoming, name, data), incoming)


def test_a_refused_file_lies_with_its_reason_in_words_and_for_programs(incoming: Path, tmp_path: Path) -> None:
    made = refused_claim(incoming, b"MZ")
    path = refuse(made, tmp_path / "khong-nhan", WHY, ["Tệp là chương trình.", "Xin không mở."], NOW)
    assert listing(tmp_path / "khong-nhan") == {"a.pdf", "a.pdf.ly-do.txt", "a.pdf.ly-do.json"}
    words, data = reason_paths(path)
    assert words.read_text(encoding="utf-8") == "Tệp là chương trình.\nXin không mở.\n"
    facts = json.loads(data.read_bytes())
    assert (facts["receipt"], facts["code"], facts["size"], facts["sha256"]) == (
        made.id, "executable", 2, sha256_of(path),
    )  # fmt: skip


def test_a_refused_file_never_overwrites_another(incoming: Path, tmp_path: Path) -> None:
    folder = tmp_path / "khong-nhan"
    drop(folder, "a.pdf", b"a clerk's own file")
    drop(folder, "a (2).pdf.ly-do.txt", b"a clerk's own note")
    paths = [refuse(refused_claim(incoming, data), folder, WHY, ["?"], NOW) for data in (b"1", b"2")]
    assert [path.name for path in paths] == ["a (3).pdf", "a (4).pdf"]
    assert [path.read_bytes() for path in paths] == [b"1", b"2"]
    assert (folder / "a.pdf").read_bytes() == b"a clerk's own file"
    assert (folder / "a (2).pdf.ly-do.txt").read_bytes() == b"a clerk's own note"


def test_names_too_long_for_a_reason_beside_them_get_one_all_the_same(incoming: Path, tmp_path: Path) -> None:
    names = ["ế" * 83 + ending + ".pdf" for ending in ("a", "b")]  # 254 bytes, different at the end only
    paths = [refuse(refused_claim(incoming, b"x", name), tmp_path / "k", WHY, ["?"], NOW) for name in names]
    assert [path.name for path in paths] == names
    assert len({reason for path in paths for reason in reason_paths(path) if reason.exists()}) == 4


def test_a_refused_link_is_moved_itself_and_a_refused_pipe_too(incoming: Path, tmp_path: Path) -> None:
    target = drop(tmp_path, "target", b"x")
    (incoming / "link").symlink_to(target)
    os.mkfifo(incoming / "pipe")
    for name in ("link", "pipe"):
        refuse(claim(incoming / name, incoming), tmp_path / "khong-nhan", WHY, ["?"], NOW)
    assert (tmp_path / "khong-nhan" / "link").readlink() == target
    assert (tmp_path / "khong-nhan" / "pipe").is_fifo()
    assert target.read_bytes() == b"x"


@pytest.fixture
def other_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Every rename between folders fails as it does between file systems."""

    def no_rename(source: Path, target: Path, *, replace: bool) -> None:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    def switch() -> None:
        monkeypatch.setattr(moving, "_rename", no_rename)

    return switch


def test_refusing_to_another_disk_carries_bytes_and_links_over(
    incoming: Path, tmp_path: Path, other_disk: Callable[[], None]
) -> None:
    other_disk()
    (incoming / "link").symlink_to("/etc/passwd")
    os.mkfifo(incoming / "pipe")
    made = [refused_claim(incoming, b"bytes"), *(claim(incoming / name, incoming) for name in ("link", "pipe"))]
    paths = [refuse(each, tmp_path / "khong-nhan", WHY, ["?"], NOW) for each in made]
    assert paths[0].read_bytes() == b"bytes"
    assert paths[1].readlink() == Path("/etc/passwd")
    assert reason_paths(paths[2])[0].exists()
    assert pending_claims(incoming) == []
