"""Files become words on pages: text layers, scans, images of every kind, with the real Tesseract."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from pipeline import settings
from pipeline.document import Kind, Reading, TextSource
from pipeline.errors import ReadingError, RefusedError
from pipeline.reading import Reader, versions
from pipeline.vietnamese import canonical
from tests.reading_papers import (
    GARBAGE,
    SENTENCES,
    born_digital,
    drawn,
    photograph,
    scan_pdf,
    signed_with_appearance,
    with_legacy_font,
)

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(settings.Reading(processes=2), settings.Intake(max_megapixels=50)) as made:
        yield made


def codes(reading: Reading) -> set[str]:
    return {finding.code for finding in reading.findings}


def share_found(reading: Reading) -> float:
    """The share of the sentences' words that were read exactly."""
    words = set(canonical(reading.text).split())
    wanted = canonical(" ".join(SENTENCES)).split()
    return sum(word in words for word in wanted) / len(wanted)


def test_a_scan_gives_back_its_vietnamese(reader: Reader, tmp_path: Path) -> None:
    reading = reader.read(scan_pdf(tmp_path / "a.pdf", drawn()), Kind.PDF)
    page = reading.pages[0]
    assert page.source is TextSource.OCR
    assert share_found(reading) > 0.95
    assert page.dpi == pytest.approx(200, abs=1)
    assert min(word.confidence for word in page.words) >= 0
    assert "tesseract" in reading.engine


def test_words_stand_where_they_are_on_the_page(reader: Reader, tmp_path: Path) -> None:
    reading = reader.read(scan_pdf(tmp_path / "a.pdf", drawn(SENTENCES[:2])), Kind.PDF)
    first = next(reading.pages[0].words)
    assert first.box.left == pytest.approx(72, abs=4)
    assert first.box.top == pytest.approx(72 + 4, abs=5)


def test_words_of_a_skewed_scan_stand_where_they_are_on_the_untouched_page(reader: Reader, tmp_path: Path) -> None:
    straight = reader.read(scan_pdf(tmp_path / "a.pdf", drawn()), Kind.PDF).pages[0]
    turned = drawn().rotate(-2, fillcolor=255, resample=Image.Resampling.BICUBIC)
    skewed = reader.read(scan_pdf(tmp_path / "b.pdf", turned), Kind.PDF).pages[0]
    before = {word.text: word.box for word in straight.words}
    after = {word.text: word.box for word in skewed.words if word.text in before}
    assert len(after) > 30
    # The page turns by 2° about its centre: what stands left of it goes up, what stands above it goes right.
    tan = 0.0349
    for text, box in after.items():
        (x, y), (centre_x, centre_y) = before[text].centre, (595 / 2, 842 / 2)
        expected = x - (y - centre_y) * tan, y + (x - centre_x) * tan
        if sum(word.text == text for word in straight.words) == 1:
            assert box.centre == pytest.approx(expected, abs=5)


def test_a_born_digital_page_gives_its_own_text_with_styles(reader: Reader, tmp_path: Path) -> None:
    reading = reader.read(born_digital(tmp_path / "a.pdf"), Kind.PDF)
    page = reading.pages[0]
    assert page.source is TextSource.TEXT_LAYER
    assert [line.text for line in page.lines] == list(SENTENCES)
    assert [line.bold for line in page.lines] == [True] + [False] * (len(SENTENCES) - 1)
    assert page.lines[0].box.left == pytest.approx(25 / 25.4 * 72 + 2.8, abs=2)
    assert not reading.signed
    assert not reading.findings


def test_a_garbage_layer_of_a_scanner_is_not_believed(reader: Reader, tmp_path: Path) -> None:
    reading = reader.read(scan_pdf(tmp_path / "a.pdf", drawn(), hidden_text=GARBAGE), Kind.PDF)
    assert reading.pages[0].source is TextSource.OCR
    assert "phucmg" not in reading.text
    assert share_found(reading) > 0.95
    assert codes(reading) == {"text-layer-distrusted"}


def test_unicode_in_a_font_that_is_called_old_is_believed(reader: Reader, tmp_path: Path) -> None:
    legacy = with_legacy_font(born_digital(tmp_path / "a.pdf"), tmp_path / "b.pdf")
    reading = reader.read(legacy, Kind.PDF)
    assert reading.pages[0].source is TextSource.TEXT_LAYER
    assert codes(reading) == set()
    assert share_found(reading) == 1.0


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_lies_is_read_upright(reader: Reader, tmp_path: Path, turn: int) -> None:
    image = drawn(SENTENCES * 2).rotate(-turn, expand=True)  # clockwise
    reading = reader.read(scan_pdf(tmp_path / "a.pdf", image), Kind.PDF)
    page = reading.pages[0]
    assert page.rotation == (360 - turn) % 360
    assert page.width < page.height
    assert share_found(reading) > 0.9
    assert page.lines[0].box.top < 110


def test_the_rotation_that_a_page_says_is_applied(reader: Reader, tmp_path: Path) -> None:
    image = drawn().rotate(90, expand=True)
    page = reader.read(scan_pdf(tmp_path / "a.pdf", image, rotate=90), Kind.PDF).pages[0]
    assert page.rotation == 90
    assert (page.width, page.height) == pytest.approx((595, 842))
    assert page.lines[0].box.left == pytest.approx(72, abs=5)


def test_a_cropped_page_counts_from_its_visible_corner(reader: Reader, tmp_path: Path) -> None:
    with pikepdf.open(born_digital(tmp_path / "a.pdf")) as document:
        document.pages[0].obj.CropBox = pikepdf.Array([50, 0, 595, 800])
        document.save(tmp_path / "b.pdf")
    whole = reader.read(tmp_path / "a.pdf", Kind.PDF).pages[0]
    cropped = reader.read(tmp_path / "b.pdf", Kind.PDF).pages[0]
    assert cropped.height == pytest.approx(800)
    assert cropped.lines[0].box.left == pytest.approx(whole.lines[0].box.left - 50, abs=0.1)
    assert cropped.lines[0].box.top == pytest.approx(whole.lines[0].box.top - (whole.height - 800), abs=0.1)


def test_a_page_size_that_is_inherited_counts(reader: Reader, tmp_path: Path) -> None:
    with pikepdf.open(born_digital(tmp_path / "a.pdf")) as document:
        document.Root.Pages.MediaBox = document.pages[0].obj.MediaBox
        del document.pages[0].obj.MediaBox
        document.save(tmp_path / "b.pdf")
    page = reader.read(tmp_path / "b.pdf", Kind.PDF).pages[0]
    assert (page.width, page.height) == pytest.approx((595.3, 841.9), abs=0.1)


@pytest.mark.parametrize("born", [True, False], ids=["born-digital", "scan"])
def test_number_in_a_signature_appearance_is_part_of_the_page(reader: Reader, tmp_path: Path, born: bool) -> None:
    source = born_digital(tmp_path / "a.pdf") if born else scan_pdf(tmp_path / "a.pdf", drawn())
    reading = reader.read(signed_with_appearance(source, tmp_path / "b.pdf", "2093/QD-UBND"), Kind.PDF)
    word = next(word for word in reading.pages[0].words if word.text == "2093/QD-UBND")
    assert word.confidence == 1.0
    assert word.box.left == pytest.approx(102, abs=3)
    assert word.box.top == pytest.approx(842 - 418, abs=5)
    assert reading.signed
    assert share_found(reading) > 0.95


def test_reading_leaves_the_original_as_it_is(reader: Reader, tmp_path: Path) -> None:
    path = signed_with_appearance(born_digital(tmp_path / "a.pdf"), tmp_path / "b.pdf", "15")
    before = hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns
    reading = reader.read(path, Kind.PDF)
    reader.write_reading_copy(path, Kind.PDF, reading, tmp_path / "copy.pdf")
    assert (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) == before


def test_an_empty_page_is_blank_and_a_picture_is_not_sure_text(reader: Reader, tmp_path: Path) -> None:
    blank = reader.read(scan_pdf(tmp_path / "a.pdf", drawn(())), Kind.PDF).pages[0]
    assert blank.source is TextSource.BLANK
    assert not blank.lines
    picture = reader.read(scan_pdf(tmp_path / "b.pdf", photograph()), Kind.PDF).pages[0]
    assert all(word.confidence < 0.8 for word in picture.words)


def test_every_page_of_a_tiff_is_read_and_progress_is_told(reader: Reader, tmp_path: Path) -> None:
    frames = [drawn([sentence], mode="1", dpi=150) for sentence in SENTENCES[:3]]
    frames[0].save(tmp_path / "a.tif", save_all=True, append_images=frames[1:], compression="group4", dpi=(150, 150))
    told: list[tuple[int, int]] = []
    reading = reader.read(tmp_path / "a.tif", Kind.TIFF, progress=lambda done, all_: told.append((done, all_)))
    assert [page.number for page in reading.pages] == [1, 2, 3]
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert all(page.lines for page in reading.pages)
    assert reading.pages[0].height == pytest.approx(842, abs=2)


@pytest.mark.parametrize("flaw", ["cmyk", "deep", "alpha", "exif", "no-dpi", "heic"])
def test_images_of_every_make_are_read(reader: Reader, tmp_path: Path, flaw: str) -> None:
    page, kind, path = drawn(), Kind.PNG, tmp_path / "page"
    match flaw:
        case "cmyk":
            kind = Kind.JPEG
            page.convert("RGB").convert("CMYK").save(path, "JPEG", dpi=(200, 200))
        case "deep":
            page.convert("I").point(lambda value: value * 257).convert("I;16").save(path, "PNG", dpi=(200, 200))
        case "alpha":
            empty = Image.new("RGBA", page.size, (0, 0, 0, 0))
            empty.paste((0, 0, 0, 255), mask=page.point(lambda value: 255 - value))
            empty.save(path, "PNG", dpi=(200, 200))
        case "exif":
            kind = Kind.JPEG
            exif = Image.Exif()
            exif[0x0112] = 6
            page.rotate(90, expand=True).save(path, "JPEG", exif=exif, dpi=(200, 200))
        case "no-dpi":
            page.save(path, "PNG")
        case "heic":
            import pillow_heif

            kind = Kind.HEIC
            pillow_heif.from_pillow(page.convert("RGB")).save(path, quality=90)
    reading = reader.read(path, kind)
    assert share_found(reading) > 0.9
    read = reading.pages[0]
    assert (read.width, read.height) == pytest.approx((595, 842), abs=3)
    assert read.rotation == (90 if flaw == "exif" else 0)


@pytest.mark.parametrize("dpi", [75, 600])
def test_coarse_and_fine_scans_are_read(reader: Reader, tmp_path: Path, dpi: int) -> None:
    reading = reader.read(scan_pdf(tmp_path / "a.pdf", drawn(dpi=dpi)), Kind.PDF)
    assert share_found(reading) > (0.3 if dpi < 100 else 0.9)
    assert reading.pages[0].width == pytest.approx(595, abs=1)


def test_a_tiny_red_picture_is_a_page_without_words(reader: Reader, tmp_path: Path) -> None:
    picture = Image.new("RGB", (128, 128), "white")
    picture.paste((250, 20, 20), (40, 60, 70, 70))
    picture.save(tmp_path / "a.png")
    reading = reader.read(tmp_path / "a.png", Kind.PNG)
    assert reading.pages[0].source is not TextSource.UNREAD
    assert not reading.findings


def test_a_bright_red_stamp_is_read_though_the_reading_image_hides_it(reader: Reader, tmp_path: Path) -> None:
    page = drawn(mode="RGB")
    stamp = drawn([""] * 12 + ["       MẬT"], mode="RGB", ink=(255, 20, 20))
    both = Image.composite(page, stamp, page.convert("L").point(lambda value: 255 if value < 128 else 0))
    both.save(tmp_path / "a.png", dpi=(200, 200))
    reading = reader.read(tmp_path / "a.png", Kind.PNG)
    assert "MẬT" in reading.text.split()


def test_a_locked_pdf_is_refused(reader: Reader, tmp_path: Path) -> None:
    with pikepdf.open(born_digital(tmp_path / "a.pdf")) as document:
        document.save(tmp_path / "b.pdf", encryption=pikepdf.Encryption(owner="x", user="y"))
    with pytest.raises(RefusedError) as caught:
        reader.read(tmp_path / "b.pdf", Kind.PDF)
    assert caught.value.code == "document-locked"


@pytest.mark.parametrize(("name", "kind"), [("a.pdf", Kind.PDF), ("a.png", Kind.PNG), ("a.tif", Kind.TIFF)])
def test_what_is_no_document_is_a_reading_error(reader: Reader, tmp_path: Path, name: str, kind: Kind) -> None:
    path = tmp_path / name
    path.write_bytes(b"%PDF-1.7\nnothing" + bytes(range(256)))
    with pytest.raises(ReadingError) as caught:
        reader.read(path, kind)
    assert not caught.value.retry


def test_documents_are_read_side_by_side(reader: Reader, tmp_path: Path) -> None:
    paths = [born_digital(tmp_path / f"{index}.pdf", [[f"Trang số {index} của văn bản"]] * 3) for index in range(4)]
    texts: dict[int, str] = {}
    threads = [
        threading.Thread(target=lambda i=i: texts.update({i: reader.read(paths[i], Kind.PDF).text})) for i in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for index in range(4):
        assert texts[index].split("\f") == [f"Trang số {index} của văn bản"] * 3


def test_versions_name_what_reads() -> None:
    found = versions()
    assert found["tesseract"]
    assert "vie" in found["tesseract-languages"].split()
