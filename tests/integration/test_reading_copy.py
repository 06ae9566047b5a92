"""The reading copy: the untouched scan, with its words where they stand."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageChops, ImageStat

from pipeline import settings
from pipeline.document import Kind
from pipeline.errors import StorageError
from pipeline.reading import Reader
from pipeline.vietnamese import canonical
from tests.reading_papers import GARBAGE, born_digital, drawn, scan_pdf, signed_with_appearance

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed here"),
]


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(settings.Reading(processes=2), settings.Intake()) as made:
        yield made


def text_of(path: Path) -> str:
    return subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout


def words_of(path: Path) -> dict[str, tuple[float, float, float, float]]:
    """Words that stand once, with their boxes (left, top, right, bottom) in points."""
    done = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, text=True, check=True)
    found = re.findall(r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.+?)</word>', done.stdout)
    texts = [word[4] for word in found]
    return {word[4]: tuple(map(float, word[:4])) for word in found if texts.count(word[4]) == 1}  # type: ignore[misc]


def picture_of(path: Path, folder: Path) -> Image.Image:
    target = folder / f"{path.stem}-seen"
    subprocess.run(["pdftoppm", "-r", "50", "-png", "-singlefile", str(path), str(target)], check=True)
    return Image.open(f"{target}.png").convert("L")


def only_image(document: pikepdf.Pdf) -> pikepdf.Object:
    (image,) = document.pages[0].obj.Resources.XObject.values()
    return image


def copy_of(reader: Reader, path: Path, kind: Kind, target: Path) -> Path:
    reading = reader.read(path, kind)
    assert reader.write_reading_copy(path, kind, reading, target, title="Kế hoạch số 15")
    return target


def test_pdftotext_gives_the_vietnamese_back(reader: Reader, tmp_path: Path) -> None:
    copy = copy_of(reader, scan_pdf(tmp_path / "a.pdf", drawn(), hidden_text=GARBAGE), Kind.PDF, tmp_path / "b.pdf")
    text = canonical(text_of(copy))
    assert canonical("bảo đảm đúng quy định của pháp luật về lưu trữ và văn thư") in text
    assert "phucmg" not in text


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_words_lie_over_their_print(reader: Reader, tmp_path: Path, turn: int) -> None:
    path = scan_pdf(tmp_path / "a.pdf", drawn().rotate(-turn, expand=True))
    reading = reader.read(path, Kind.PDF)
    reader.write_reading_copy(path, Kind.PDF, reading, tmp_path / "b.pdf")
    placed = words_of(tmp_path / "b.pdf")
    read = {word.text: word.box for word in reading.pages[0].words}
    both = placed.keys() & read.keys()
    assert len(both) > 10
    for text in both:
        left, top, right, bottom = placed[text]
        assert (left, right) == pytest.approx((read[text].left, read[text].right), abs=1.5)
        assert top - 3 <= read[text].centre[1] <= bottom + 3


def test_the_scans_own_bytes_go_in_untouched(reader: Reader, tmp_path: Path) -> None:
    path = scan_pdf(tmp_path / "a.pdf", drawn(mode="RGB"))
    copy = copy_of(reader, path, Kind.PDF, tmp_path / "b.pdf")
    with pikepdf.open(path) as before, pikepdf.open(copy) as after:
        assert only_image(after).read_raw_bytes() == only_image(before).read_raw_bytes()


@pytest.mark.parametrize(("kind", "form"), [(Kind.JPEG, "JPEG"), (Kind.PNG, "PNG"), (Kind.TIFF, "TIFF")])
def test_an_image_file_looks_the_same_in_its_copy(reader: Reader, tmp_path: Path, kind: Kind, form: str) -> None:
    image = drawn(mode="1" if kind is Kind.TIFF else "RGB")
    image.save(tmp_path / "a", form, dpi=(200, 200))
    copy = copy_of(reader, tmp_path / "a", kind, tmp_path / "b.pdf")
    seen = picture_of(copy, tmp_path)
    expected = image.convert("L").resize(seen.size, Image.Resampling.BOX)
    assert ImageStat.Stat(ImageChops.difference(seen, expected)).mean[0] < 5
    assert ImageStat.Stat(seen).mean[0] == pytest.approx(ImageStat.Stat(expected).mean[0], abs=1)
    if kind is Kind.JPEG:
        with pikepdf.open(copy) as made:
            assert only_image(made).read_raw_bytes() == (tmp_path / "a").read_bytes()


def test_nothing_is_kept_with_loss_that_was_not_so_before(reader: Reader, tmp_path: Path) -> None:
    drawn().save(tmp_path / "a.png", dpi=(200, 200))
    copy = copy_of(reader, tmp_path / "a.png", Kind.PNG, tmp_path / "b.pdf")
    with pikepdf.open(copy) as made:
        stream = only_image(made)
        assert stream.Filter == pikepdf.Name.FlateDecode
        assert pikepdf.PdfImage(stream).as_pil_image().convert("L").tobytes() == drawn().tobytes()


def test_a_scans_copy_claims_pdf_a_and_holds_what_that_asks(reader: Reader, tmp_path: Path) -> None:
    copy = copy_of(reader, scan_pdf(tmp_path / "a.pdf", drawn()), Kind.PDF, tmp_path / "b.pdf")
    with pikepdf.open(copy) as made:
        metadata = made.open_metadata()
        assert metadata.pdfa_status == "2B"
        assert metadata["dc:title"] == "Kế hoạch số 15"
        assert "/DestOutputProfile" in made.Root.OutputIntents[0]
        font = next(iter(made.pages[0].Resources.Font.values()))
        assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
        assert not made.is_encrypted


def test_a_page_that_is_kept_as_it_was_makes_no_claim(reader: Reader, tmp_path: Path) -> None:
    with (
        pikepdf.open(born_digital(tmp_path / "a.pdf")) as mixed,
        pikepdf.open(scan_pdf(tmp_path / "s.pdf", drawn())) as s,
    ):
        mixed.pages.extend(s.pages)
        mixed.save(tmp_path / "b.pdf")
    copy = copy_of(reader, tmp_path / "b.pdf", Kind.PDF, tmp_path / "c.pdf")
    with pikepdf.open(copy) as made:
        assert len(made.pages) == 2
        assert made.open_metadata().pdfa_status == ""
    assert text_of(copy).count("đôn đốc") == 2


def test_a_signed_scan_shows_its_signature_in_the_copy_but_carries_none(reader: Reader, tmp_path: Path) -> None:
    path = signed_with_appearance(scan_pdf(tmp_path / "a.pdf", drawn()), tmp_path / "b.pdf", "2093")
    copy = copy_of(reader, path, Kind.PDF, tmp_path / "c.pdf")
    with pikepdf.open(copy) as made:
        assert "/AcroForm" not in made.Root
        assert "/Annots" not in made.pages[0]
    assert text_of(copy).split().count("2093") == 1
    shown = picture_of(copy, tmp_path).crop((69, 292, 110, 305))
    assert min(shown.tobytes()) < 140


def test_a_born_digital_document_needs_no_copy(reader: Reader, tmp_path: Path) -> None:
    path = born_digital(tmp_path / "a.pdf")
    assert not reader.write_reading_copy(path, Kind.PDF, reader.read(path, Kind.PDF), tmp_path / "b.pdf")
    assert not (tmp_path / "b.pdf").exists()


def test_a_copy_that_cannot_be_written_leaves_nothing_behind(reader: Reader, tmp_path: Path) -> None:
    path = scan_pdf(tmp_path / "a.pdf", drawn())
    (tmp_path / "taken").write_text("a file where a folder is wanted", encoding="utf-8")
    with pytest.raises(StorageError):
        reader.write_reading_copy(path, Kind.PDF, reader.read(path, Kind.PDF), tmp_path / "taken" / "b.pdf")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.pdf", "taken"]


def test_a_scan_whose_colours_stand_in_an_object_of_their_own_is_copied(reader: Reader, tmp_path: Path) -> None:
    path = scan_pdf(tmp_path / "scan.pdf", drawn())
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        image = only_image(document)
        image.ColorSpace = document.make_indirect(
            pikepdf.Array([pikepdf.Name.Indexed, pikepdf.Name.DeviceGray, 255, bytes(range(256))])
        )
        document.save(path)
    reading = reader.read(path, Kind.PDF)
    assert reader.write_reading_copy(path, Kind.PDF, reading, tmp_path / "copy.pdf")
