"""Looking into real files in the limited child: taken as what they are, or refused with the right reason."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pikepdf
import pytest

from pipeline.document import Kind
from pipeline.errors import NotFoundError, RefusedError
from pipeline.intake import Examination, examine
from pipeline.intake.examination import Examiner
from pipeline.intake.limits import Limits
from pipeline.messages import catalogue
from pipeline.settings import Intake
from tests import intake_files as made

pytestmark = pytest.mark.integration
LIMITS = Intake()
DOC = made.ole("WordDocument", "1Table")


def look(folder: Path, data: bytes, name: str = "a") -> Examination:
    return examine(made.drop(folder, name, data), LIMITS)


def reason(folder: Path, data: bytes, limits: Intake = LIMITS) -> str:
    path = made.drop(folder, "a.pdf", data)
    with pytest.raises(RefusedError) as refused:
        examine(path, limits)
    assert "a.pdf" in catalogue("vi").error(refused.value)
    assert "{ $" not in catalogue("en").error(refused.value)
    return refused.value.code


@pytest.fixture
def soffice(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A LibreOffice on the path, real or not: examining only asks whether there is one."""
    folder = tmp_path_factory.mktemp("bin")
    (folder / "soffice").write_text("#!/bin/sh\n")
    (folder / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@pytest.mark.parametrize(
    ("data", "kind", "pages"),
    [
        (made.pdf(3), Kind.PDF, 3),
        (made.picture("PNG"), Kind.PNG, 1),
        (made.picture("JPEG"), Kind.JPEG, 1),
        (made.picture("TIFF", frames=4), Kind.TIFF, 4),
        (made.picture("HEIF"), Kind.HEIC, 1),
    ],
)
def test_every_kind_that_we_take_is_taken_as_what_it_is(tmp_path: Path, data: bytes, kind: Kind, pages: int) -> None:
    assert look(tmp_path, data) == Examination(kind, (), pages)


@pytest.mark.parametrize(("data", "kind"), [(DOC, Kind.DOC), (made.docx(), Kind.DOCX), (made.odt(), Kind.ODT)])
@pytest.mark.usefixtures("soffice")
def test_office_documents_are_taken_where_libreoffice_is(tmp_path: Path, data: bytes, kind: Kind) -> None:
    assert look(tmp_path, data).kind is kind


@pytest.mark.parametrize("data", [DOC, made.docx(), made.odt()])
def test_office_documents_are_refused_clearly_where_it_is_not(
    tmp_path: Path, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert reason(tmp_path, data) == "office-missing"


def test_a_png_called_pdf_is_a_png_and_somebody_is_told(tmp_path: Path) -> None:
    seen = look(tmp_path, made.picture("PNG"), "Công văn.PDF")
    assert seen.kind is Kind.PNG
    assert [finding.code for finding in seen.findings] == ["name-says-other-kind"]
    assert "PNG" in catalogue("vi").finding(seen.findings[0])


def test_junk_before_a_pdf_is_tolerated_and_noted(tmp_path: Path) -> None:
    seen = look(tmp_path, b"HTTP/1.1 200 OK\r\n\r\n" + made.pdf())
    assert (seen.kind, [finding.code for finding in seen.findings]) == (Kind.PDF, ["junk-before-pdf"])


def test_a_pdf_padded_with_zeros_is_whole(tmp_path: Path) -> None:
    assert look(tmp_path, made.pdf() + bytes(5000)).page_amount == 1


def test_a_pdf_that_opens_without_a_password_is_taken_with_a_note(tmp_path: Path) -> None:
    seen = look(tmp_path, made.pdf(encryption=pikepdf.Encryption(owner="x", user="")))
    assert [finding.code for finding in seen.findings] == ["encrypted-open"]


def test_a_pdf_with_a_broken_table_and_its_end_is_repaired_with_a_warning(tmp_path: Path) -> None:
    seen = look(tmp_path, made.pdf(2).replace(b"startxref\n", b"startxref\n9"))
    assert (seen.page_amount, [finding.code for finding in seen.findings]) == (2, ["pdf-repaired"])


def test_a_pdf_that_acts_or_carries_files_is_taken_with_a_warning(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.attachments["a.txt"] = b"hidden"
        pdf.save(tmp_path / "x.pdf")
    assert [finding.code for finding in examine(tmp_path / "x.pdf", LIMITS).findings] == [
        "active-content",
        "attachments-inside",
    ]


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("kind", ["PDF", "PNG", "JPEG", "TIFF"])
def test_a_truncated_file_is_refused(tmp_path: Path, kind: str, share: float) -> None:
    data = made.pdf(20) if kind == "PDF" else made.picture(kind, size=(200, 200))
    assert reason(tmp_path, data[: int(len(data) * share)]) in {"truncated", "damaged-image"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty-file"),
        (Path(sys.executable).resolve().read_bytes()[:100_000], "executable"),
        (made.pdf(encryption=pikepdf.Encryption(owner="x", user="y")), "encrypted"),
        (made.raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]), "no-pages"),
        (made.pdf(size=(14_400, 14_400)), "page-too-large"),
        (
            made.raw_pdf(
                [
                    b"<</Type/Catalog/Pages 2 0 R>>",
                    b"<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 595 842]/Resources<</XObject<</A 4 0 R>>>>>>",
                    b"<</Type/Page/Parent 2 0 R>>",
                    b"<</Subtype/Image/Width 90000/Height 90000/Length 0>>stream\n\nendstream",
                ]
            ),
            "too-many-pixels",
        ),
        (made.picture("PNG")[:8] + bytes(100), "damaged-image"),
        (made.pixel_bomb(), "too-many-pixels"),
        (made.zipped({"a.txt": b"x"}), "archive-file"),
        (made.zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"x"}), "other-office"),
        (made.zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "other-office"),
        (made.docx(**{"word/vbaProject.bin": b"x"}), "macros"),
        (made.odt(**{"Basic/Standard/Module1.xml": b"x"}), "macros"),
        (made.docx()[:-30], "damaged-office"),
        (made.docx(**{"word/media/a.bmp": bytes(64 << 20)}), "zip-bomb"),
        (made.zipped({f"{n}": b"" for n in range(10_001)}), "zip-bomb"),
        (made.ole("Workbook"), "other-office"),
        (made.ole("__properties_version1.0"), "unknown-kind"),
        (made.ole("EncryptedPackage"), "encrypted"),
        (made.ole("WordDocument", "Macros"), "macros"),
        (made.ole("WordDocument", "VBA"), "macros"),
        (made.ole("WordDocument")[:1000], "damaged-office"),
    ],
)
def test_bad_files_are_refused_each_with_its_reason(tmp_path: Path, data: bytes, code: str) -> None:
    assert reason(tmp_path, data) == code


@pytest.mark.parametrize("left_over", [{"storage": "Macros"}, {"unlinked": "VBA"}])
def test_what_a_virus_scanner_left_of_a_macro_is_none(tmp_path: Path, left_over: dict[str, str]) -> None:
    path = made.drop(tmp_path, "a", made.ole("WordDocument", **left_over))
    assert examine(path, LIMITS).kind is Kind.DOC


def test_too_much_of_anything_is_refused(tmp_path: Path) -> None:
    assert reason(tmp_path, made.pdf(4), Intake(max_pages=3)) == "too-many-pages"
    assert reason(tmp_path, made.picture("TIFF", frames=4), Intake(max_pages=3)) == "too-many-pages"
    assert reason(tmp_path, made.picture("PNG", size=(1001, 1000)), Intake(max_megapixels=1)) == "too-many-pixels"
    assert reason(tmp_path, made.picture("PNG", size=(1200, 1200)), Intake(max_file_mb=1)) == "file-too-large"


def test_links_pipes_sockets_and_folders_are_refused_without_being_opened(tmp_path: Path) -> None:
    made.drop(tmp_path, "a.pdf", made.pdf())
    (tmp_path / "symlink").symlink_to(tmp_path / "a.pdf")
    os.mkfifo(tmp_path / "fifo")  # opening it would hang
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        (tmp_path / "folder").mkdir()
        for name in ("symlink", "fifo", "socket", "folder"):
            with pytest.raises(RefusedError) as refused:
                examine(tmp_path / name, LIMITS)
            assert refused.value.code == name


def test_a_file_with_a_second_name_is_refused_when_dropped_but_not_when_named_by_its_user(tmp_path: Path) -> None:
    path = made.drop(tmp_path, "a.pdf", made.pdf())
    (tmp_path / "b.pdf").hardlink_to(path)
    with pytest.raises(RefusedError) as refused:
        examine(path, LIMITS)
    assert refused.value.code == "hard-link"
    assert examine(path, LIMITS, dropped=False).kind is Kind.PDF


def test_a_file_that_is_gone_is_no_refusal(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        examine(tmp_path / "gone.pdf", LIMITS)


def test_the_examining_process_has_no_secrets_and_comes_back_when_it_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", "a secret")
    limits = Limits(10, 10_000_000)
    with Examiner() as examiner, made.drop(tmp_path, "a.pdf", made.pdf()).open("rb") as file:
        assert examiner.ask(file.fileno(), limits)["pages"] == 1
        process = examiner._process
        assert process is not None
        assert b"secret" not in Path(f"/proc/{process.pid}/environ").read_bytes()
        process.kill()
        file.seek(0)
        assert examiner.ask(file.fileno(), limits)["pages"] == 1
        assert examiner._process is not process
