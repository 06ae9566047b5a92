"""Does a real file look finished: its two ends, and whether the kernel knows a writer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import settings
from pipeline.intake import WatchMode, choose_mode, file_system_of
from pipeline.intake.mounts import LOCAL
from pipeline.intake.wholeness import Wholeness, wholeness
from tests import intake_files as made

pytestmark = pytest.mark.integration
WHOLE = {
    "pdf": made.pdf(5), "png": made.picture("PNG"), "jpg": made.picture("JPEG"),
    "tif": made.picture("TIFF", frames=3), "heic": made.picture("HEIF"), "docx": made.docx(),
}  # fmt: skip


def judge(path: Path) -> Wholeness:
    return wholeness(path, ask_kernel=False)


@pytest.mark.parametrize("name", WHOLE)
def test_a_finished_file_of_each_kind_looks_whole(tmp_path: Path, name: str) -> None:
    assert judge(made.drop(tmp_path, name, WHOLE[name])) is Wholeness.WHOLE


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.9])
def test_a_half_written_file_of_each_kind_looks_partial(tmp_path: Path, name: str, share: float) -> None:
    data = WHOLE[name][: int(len(WHOLE[name]) * share)]
    assert judge(made.drop(tmp_path, name, data)) is Wholeness.PARTIAL


@pytest.mark.parametrize("name", ["pdf", "png", "jpg"])
def test_a_file_made_long_before_it_is_filled_looks_partial(tmp_path: Path, name: str) -> None:
    data = WHOLE[name]
    half = len(data) // 2
    assert judge(made.drop(tmp_path, name, data[:half] + bytes(len(data) - half))) is Wholeness.PARTIAL


@pytest.mark.parametrize("data", [b"plain text", made.ole("WordDocument"), bytes(range(256))])
def test_kinds_without_an_end_mark_are_unknown(tmp_path: Path, data: bytes) -> None:
    assert judge(made.drop(tmp_path, "a", data)) is Wholeness.UNKNOWN


def test_a_link_is_not_followed_and_a_pipe_not_waited_for(tmp_path: Path) -> None:
    made.drop(tmp_path, "a.pdf", WHOLE["pdf"])
    (tmp_path / "link").symlink_to(tmp_path / "a.pdf")
    os.mkfifo(tmp_path / "pipe")
    assert judge(tmp_path / "link") is Wholeness.PARTIAL
    assert judge(tmp_path / "pipe") is Wholeness.UNKNOWN


def test_a_file_that_another_process_has_open_for_writing_is_held_until_it_closes(tmp_path: Path) -> None:
    path = made.drop(tmp_path, "a.pdf", WHOLE["pdf"])
    if file_system_of(tmp_path) not in LOCAL:
        pytest.skip("no file leases here")
    writer = subprocess.Popen(
        [sys.executable, "-c", "import sys; f = open(sys.argv[1], 'ab'); print(flush=True); input()", str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert writer.stdout is not None
    writer.stdout.readline()
    assert wholeness(path, ask_kernel=True) is Wholeness.HELD
    writer.communicate(b"\n")
    assert wholeness(path, ask_kernel=True) is Wholeness.WHOLE


def test_a_reader_does_not_hold_a_file(tmp_path: Path) -> None:
    path = made.drop(tmp_path, "a.pdf", WHOLE["pdf"])
    with path.open("rb"):
        assert wholeness(path, ask_kernel=True) is Wholeness.WHOLE


MOUNTS = b"""\
22 27 0:21 / / rw - ext4 /dev/vda rw
23 22 0:30 / /srv/may\\040quet rw shared:1 - cifs //nas/scan rw
24 22 0:31 / /srv/nfs rw - nfs4 nas:/x rw
25 22 0:32 / /srv/ssh rw - fuse.sshfs x rw
26 24 0:33 / /srv/nfs/local rw - xfs /dev/vdb rw
27 22 0:34 / /srv/may rw - overlay overlay rw
"""


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("/home/x", "ext4"), ("/srv/may quet/den", "cifs"), ("/srv/nfs", "nfs4"), ("/srv/nfs/local/den", "xfs"),
        ("/srv/ssh/a", "fuse.sshfs"), ("/srv/may/den", "overlay"), ("/srv/mayor", "ext4"),
    ],
)  # fmt: skip
def test_the_file_system_of_a_folder_is_its_nearest_mount_s(tmp_path: Path, folder: str, name: str) -> None:
    assert file_system_of(Path(folder), made.drop(tmp_path, "mountinfo", MOUNTS)) == name


def test_without_a_word_from_the_kernel_the_file_system_is_unknown(tmp_path: Path) -> None:
    assert file_system_of(tmp_path, tmp_path / "no mountinfo") == "unknown"


@pytest.mark.parametrize(
    ("file_system", "mode"),
    [("ext4", "native"), ("tmpfs", "native"), ("cifs", "polling"), ("9p", "polling"), ("new-fs", "polling")],
)
def test_the_mode_fits_the_file_system(monkeypatch: pytest.MonkeyPatch, file_system: str, mode: str) -> None:
    monkeypatch.setattr("pipeline.intake.mounts.file_system_of", lambda _: file_system)
    assert choose_mode(Path("/x"), settings.Intake()) == (WatchMode(mode), file_system)
    assert choose_mode(Path("/x"), settings.Intake(mode="polling"))[0] is WatchMode.POLLING
    assert choose_mode(Path("/x"), settings.Intake(mode="native"))[0] is WatchMode.NATIVE
