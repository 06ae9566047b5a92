"""The sample files on disk: made twice they are the same, the committed ones are current, the bad ones are bad."""

import io
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageSequence

import samples
from samples import flaws, generator

pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("samples-files")]  # one worker makes them once

SMALL = {"01-quyet-dinh.pdf", "02-ke-hoach.pdf", "06-bao-cao.tif", "07-giay-moi.jpg", "21-phuong-an.docx"}
COMMITTED = sorted(p for folder in ("good", "bad") for p in (generator.HERE / folder).iterdir())
SIGHT = (83, 117)  # pixels of the thumbnails that are compared: blind to a library's rounding, not to a moved line


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    samples.make(folder)
    return folder


def documents() -> dict[str, dict[str, object]]:
    return {d["file"]: d for d in json.loads(generator.EXPECTED.read_text(encoding="utf-8"))["documents"]}


def pages(path: Path) -> Iterator[Image.Image]:
    """Small grey pictures of all pages."""
    if b"%PDF-" in path.read_bytes()[:1024]:
        with pypdfium2.PdfDocument(path) as pdf:
            for page in pdf:
                yield page.render(scale=0.5).to_pil().convert("L").resize(SIGHT)
    else:
        with Image.open(path) as image:
            for frame in ImageSequence.Iterator(image):
                yield frame.convert("L").resize(SIGHT)


def test_made_twice_the_bytes_are_the_same(made: Path, tmp_path: Path) -> None:
    for sample in samples.make(tmp_path, SMALL | {"refused", "taken-with-care"}):
        assert sample.path.read_bytes() == (made / sample.path.relative_to(tmp_path)).read_bytes(), sample.name


def test_what_lies_there_already_is_not_made_again(tmp_path: Path) -> None:
    (first,) = samples.make(tmp_path, {"21-phuong-an.docx"})
    first.path.write_bytes(b"touched")
    (again,) = samples.make(tmp_path, {"21-phuong-an.docx"})
    assert again.path.read_bytes() == b"touched"
    assert again.expected == first.expected


def test_an_unknown_name_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no-such\.pdf"):
        samples.make(tmp_path, {"no-such.pdf"})


@pytest.mark.parametrize("committed", COMMITTED, ids=lambda path: path.name)
def test_committed_file_is_what_the_generator_makes(committed: Path, made: Path) -> None:
    """The same bytes; with another version of the typeface or of a library, the same look."""
    anew = made / committed.parent.name / committed.name
    if committed.read_bytes() == anew.read_bytes():
        return
    assert committed.parent.name == "good", "a bad file has no look"
    assert committed.suffix != ".docx", "a Word file has no chance in it"
    old, new = list(pages(committed)), list(pages(anew))
    assert len(old) == len(new)
    for before, after in zip(old, new, strict=True):
        assert np.abs(np.asarray(before, float) - np.asarray(after, float)).mean() < 3


def test_committed_files_are_small() -> None:
    assert sum(path.stat().st_size for path in COMMITTED) < 1_500_000


def test_expected_json_agrees_with_the_generator(made: Path) -> None:
    listed = documents()
    known = {s.name: s.expected for s in samples.make(made) if s.expected is not None}
    assert listed == known


def test_expected_page_amount_is_that_of_the_file(made: Path) -> None:
    for sample in samples.make(made):
        if sample.expected and sample.path.suffix != ".docx":
            assert len(list(pages(sample.path))) == sample.expected["pages"], sample.name


def test_born_digital_text_layer_holds_the_passage_and_the_code(made: Path) -> None:
    for sample in samples.make(made, {"born-digital"}):
        assert sample.expected
        with pypdfium2.PdfDocument(sample.path) as pdf:
            texts = [" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf]
        assert sample.expected["body"]["text"] in texts[sample.expected["body"]["page"] - 1], sample.name
        assert f"Số: {sample.expected['full_code']}" in texts[0] or sample.expected["number"] == "28"
        assert sample.expected["signer_name"] in texts[sample.expected["signer_page"] - 1]


def test_anchor_of_the_signature_can_be_found(made: Path) -> None:
    (sample,) = samples.make(made, {"anchor"})
    with pypdfium2.PdfDocument(sample.path) as pdf:
        assert "#ChuKyLanhDao" in pdf[0].get_textpage().get_text_bounded()


def test_scanned_pdfs_have_no_text_layer(made: Path) -> None:
    for sample in samples.make(made, {"scanned"}):
        if b"%PDF-" in sample.path.read_bytes()[:1024]:
            with pypdfium2.PdfDocument(sample.path) as pdf:
                assert not "".join(page.get_textpage().get_text_bounded() for page in pdf).strip(), sample.name


def test_seal_is_red_and_signature_blue(made: Path) -> None:
    (sample,) = samples.make(made, {"01-quyet-dinh.pdf"})
    with pypdfium2.PdfDocument(sample.path) as pdf:
        hue, saturation, _ = cv2.split(cv2.cvtColor(np.asarray(pdf[0].render(scale=1).to_pil().convert("RGB")),
                                                    cv2.COLOR_RGB2HSV))  # fmt: skip
    vivid = saturation > 120
    assert (vivid & ((hue < 10) | (hue > 170))).sum() > 500
    assert (vivid & (hue > 100) & (hue < 130)).sum() > 200


def test_encrypted_opens_only_with_its_password() -> None:
    content = flaws.encrypted(_pdf())
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(content))


def test_pixel_bomb_unpacks_to_what_its_head_says(made: Path) -> None:
    content = (made / "bad" / "pixel-bomb.png").read_bytes()
    side = int.from_bytes(content[16:20])
    start = content.index(b"IDAT")
    length = int.from_bytes(content[start - 4 : start])
    unpacker, rest, unpacked = zlib.decompressobj(), content[start + 4 : start + 4 + length], 0
    while rest:  # a megabyte at a time: the test must not be its victim
        unpacked += len(unpacker.decompress(rest, 1 << 20))
        rest = unpacker.unconsumed_tail
    assert side == 30_000
    assert unpacked == side * (side // 8 + 1)


def test_million_pages_claims_a_million_in_a_small_file(made: Path) -> None:
    path = made / "bad" / "million-pages.pdf"
    assert path.stat().st_size < 10_000
    with pypdfium2.PdfDocument(path) as pdf:
        assert len(pdf) == 1_000_000


def test_broken_unicode_looks_right_and_reads_wrong(made: Path) -> None:
    with pypdfium2.PdfDocument(made / "bad" / "broken-unicode.pdf") as pdf:
        text = pdf[0].get_textpage().get_text_bounded()
        picture = pdf[0].render(scale=0.5).to_pil().convert("L").resize(SIGHT)
    assert "QUYẾT ĐỊNH" not in text
    assert np.asarray(picture).min() < 200


def _pdf() -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(buffer)
    return buffer.getvalue()
