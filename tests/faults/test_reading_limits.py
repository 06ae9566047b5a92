"""Reading under attack and in trouble: nothing hangs, nothing is left running, one page's fault is one page's."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from pipeline import settings
from pipeline.document import Kind, TextSource
from pipeline.errors import DependencyError, ReadingError
from pipeline.reading import Reader, office
from tests.reading_papers import SENTENCES, born_digital, drawn, scan_pdf

pytestmark = pytest.mark.faults

LIMITS = settings.Intake(max_megapixels=50)


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder at the head of PATH: a `tesseract` put there is what reading processes start."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


def put(folder: Path, script: str) -> None:
    path = folder / "tesseract"
    path.write_text(f"#!/bin/sh\n[ $1 = - ] && read -r page || cat > /dev/null\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def reader(**changes: object) -> Reader:
    return Reader(settings.Reading(**{"processes": 1, **changes}), LIMITS)  # type: ignore[arg-type]


def read_apart(path: Path, kind: Kind, environment: dict[str, str]) -> str:
    """Read in a fresh Python, whose reading processes get this environment; prints findings and sources."""
    program = (
        "import sys, pathlib\n"
        "from pipeline import settings\n"
        "from pipeline.document import Kind\n"
        "from pipeline.reading import Reader\n"
        "if __name__ == '__main__':\n"
        "    with Reader(settings.Reading(processes=1, page_seconds=2), settings.Intake()) as reader:\n"
        "        reading = reader.read(pathlib.Path(sys.argv[1]), Kind(sys.argv[2]))\n"
        "    print([page.source.value for page in reading.pages], [finding.code for finding in reading.findings])\n"
    )
    script = path.with_suffix(".py")
    script.write_text(program, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script), str(path), kind.value],
        capture_output=True, text=True, env={**os.environ, **environment}, timeout=120, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_until_gone(pids: list[int]) -> bool:
    for _ in range(100):
        if not any(map(alive, pids)):
            return True
        time.sleep(0.1)
    return False


def test_a_page_over_its_time_leaves_no_process_behind(stand_in: Path, tmp_path: Path) -> None:
    put(stand_in, f"[ $1 = - ] || exit\necho $$ >> {tmp_path}/pids\nsleep 300 & echo $! >> {tmp_path}/pids\nwait")
    answer = read_apart(scan_pdf(tmp_path / "a.pdf", drawn()), Kind.PDF, {"PATH": os.environ["PATH"]})
    assert "['unread'] ['page-timeout']" in answer
    pids = [int(line) for line in (tmp_path / "pids").read_text().split()]
    assert len(pids) >= 2
    assert wait_until_gone(pids)


def test_tesseract_runs_with_one_thread_in_its_own_group_under_limits(stand_in: Path, tmp_path: Path) -> None:
    put(
        stand_in,
        f"[ $1 = - ] || exit\nenv > {tmp_path}/env\nulimit -v > {tmp_path}/memory\nulimit -c > {tmp_path}/core\n"
        f"cut -d ' ' -f 1,5 /proc/$$/stat > {tmp_path}/group",
    )
    read_apart(scan_pdf(tmp_path / "a.pdf", drawn()), Kind.PDF, {"PATH": os.environ["PATH"], "SECRET": "x"})
    environment = (tmp_path / "env").read_text().splitlines()
    assert "OMP_THREAD_LIMIT=1" in environment
    assert not any(line.startswith("SECRET=") for line in environment)
    assert int((tmp_path / "memory").read_text()) == settings.Reading().memory_mb * 1024
    assert int((tmp_path / "core").read_text()) == 0
    pid, group = (tmp_path / "group").read_text().split()
    assert pid == group


def test_a_killed_service_takes_its_readers_and_tesseract_with_it(stand_in: Path, tmp_path: Path) -> None:
    put(stand_in, f"echo $$ $PPID >> {tmp_path}/pids\nexec sleep 300")
    path = scan_pdf(tmp_path / "a.pdf", drawn())
    script = tmp_path / "service.py"
    script.write_text(
        "import pathlib\nfrom pipeline import settings\nfrom pipeline.document import Kind\n"
        "from pipeline.reading import Reader\nif __name__ == '__main__':\n"
        f"    Reader(settings.Reading(processes=1), settings.Intake()).read(pathlib.Path({str(path)!r}), Kind.PDF)\n",
        encoding="utf-8",
    )
    service = subprocess.Popen([sys.executable, str(script)])
    for _ in range(300):
        if (tmp_path / "pids").exists() and (tmp_path / "pids").read_text().endswith("\n"):
            break
        time.sleep(0.1)
    service.send_signal(signal.SIGKILL)
    service.wait()
    pids = [int(number) for number in (tmp_path / "pids").read_text().split()]
    assert len(pids) == 2
    assert wait_until_gone(pids)


def test_a_tesseract_that_is_missing_says_what_to_install(tmp_path: Path) -> None:
    answer = read_apart(scan_pdf(tmp_path / "a.pdf", drawn()), Kind.PDF, {"PATH": str(tmp_path)})
    assert "DependencyError: tesseract-missing" in answer


def test_a_language_that_is_missing_says_which(tmp_path: Path) -> None:
    with reader(languages="xxx") as made, pytest.raises(DependencyError) as caught:
        made.read(scan_pdf(tmp_path / "a.pdf", drawn()), Kind.PDF)
    assert caught.value.code == "tesseract-language-missing"
    assert caught.value.detail == {"language": "xxx"}


def test_a_page_that_cannot_be_read_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    with pikepdf.open(born_digital(tmp_path / "a.pdf", [SENTENCES] * 3)) as document:
        bomb = pikepdf.Stream(document, b"\x00")
        bomb.Type, bomb.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        bomb.Width, bomb.Height, bomb.BitsPerComponent = 60_000, 60_000, 8
        bomb.ColorSpace = pikepdf.Name.DeviceGray
        document.pages[1].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(B=bomb))
        document.pages[1].obj.Contents = document.make_stream(b"q 595 0 0 842 0 0 cm /B Do Q")
        document.save(tmp_path / "b.pdf")
    with reader() as made:
        reading = made.read(tmp_path / "b.pdf", Kind.PDF)
    sources = [page.source for page in reading.pages]
    assert sources == [TextSource.TEXT_LAYER, TextSource.UNREAD, TextSource.TEXT_LAYER]
    assert [(finding.code, finding.page) for finding in reading.findings] == [("page-too-many-pixels", 2)]


def test_a_pixel_bomb_is_bounded(tmp_path: Path) -> None:
    Image.new("1", (20_000, 20_000)).save(tmp_path / "a.png")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with reader() as made:
        reading = made.read(tmp_path / "a.png", Kind.PNG)
    assert reading.pages[0].source is TextSource.UNREAD
    assert reading.findings[0].code == "page-too-many-pixels"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # KiB: nothing was decoded here


def test_a_process_without_memory_costs_its_page_only(tmp_path: Path) -> None:
    with reader(memory_mb=700) as made:
        drawn(dpi=300, mode="RGB").resize((6000, 8000)).save(tmp_path / "a.png", dpi=(100, 100))
        heavy = made.read(tmp_path / "a.png", Kind.PNG)
        light = made.read(born_digital(tmp_path / "b.pdf"), Kind.PDF)
    assert heavy.pages[0].source in {TextSource.UNREAD, TextSource.OCR}
    assert light.pages[0].source is TextSource.TEXT_LAYER


def test_readers_that_were_killed_are_replaced(tmp_path: Path) -> None:
    path = born_digital(tmp_path / "a.pdf")
    with reader() as made:
        made.read(path, Kind.PDF)
        worker = made._run(10, os.getpid)
        os.kill(worker, signal.SIGKILL)
        assert wait_until_gone([worker])
        time.sleep(0.5)  # the pool looks after its processes five times a second
        assert made.read(path, Kind.PDF).pages[0].lines


def test_a_document_of_thousands_of_pages_is_refused_before_it_is_read(tmp_path: Path) -> None:
    document = pikepdf.new()
    for _ in range(6):
        document.add_blank_page()
    document.save(tmp_path / "a.pdf")
    with (
        Reader(settings.Reading(processes=1), settings.Intake(max_pages=5)) as made,
        pytest.raises(Exception, match="too-many-pages"),
    ):
        made.read(tmp_path / "a.pdf", Kind.PDF)


def test_office_documents_ask_for_libreoffice_where_it_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "a.docx").write_bytes(b"PK")
    with reader() as made, pytest.raises(DependencyError) as caught:
        made.read(tmp_path / "a.docx", Kind.DOCX)
    assert caught.value.code == "libreoffice-missing"


@pytest.mark.skipif(office.find_office() is None, reason="LibreOffice is not installed here")
def test_an_office_document_that_is_none_is_a_reading_error(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04" + bytes(200))
    with reader() as made, pytest.raises(ReadingError):
        made.read(tmp_path / "a.docx", Kind.DOCX)


def test_libreoffice_over_its_time_is_killed_with_what_it_started(tmp_path: Path, stand_in: Path) -> None:
    script = stand_in / "soffice"
    script.write_text(f"#!/bin/sh\nsleep 300 & echo $! > {tmp_path}/pid\nwait\n", encoding="utf-8")
    script.chmod(0o755)
    (tmp_path / "a.odt").write_bytes(b"PK")
    with reader(office_seconds=1) as made, pytest.raises(ReadingError) as caught:
        made.read(tmp_path / "a.odt", Kind.ODT)
    assert caught.value.code == "office-timeout"
    assert wait_until_gone([int((tmp_path / "pid").read_text())])
    assert shutil.which("soffice") == str(script)
