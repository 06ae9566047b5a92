"""What signature fields show is read where it stands, however its appearance is made and however the page lies."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw, ImageFont

from pipeline import settings
from pipeline.document import Kind, TextSource
from pipeline.reading import Reader
from tests.reading_papers import FONT, born_digital

pytestmark = pytest.mark.integration
SAID, DAY = "15/KH-BQL", "ngày 15 tháng 5"


def text_form(document: pikepdf.Pdf, text: str = SAID) -> Any:
    form = document.make_stream(f"BT /F0 14 Tf 2 6 Td ({text}) Tj ET".encode())
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 120, 24])
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    form.Resources = Dictionary(Font=Dictionary(F0=font))
    return form


def nested_form(document: pikepdf.Pdf) -> Any:
    """As Acrobat makes them: /FRM within, and the layers n0 and n2 within that."""
    inner = document.make_indirect(text_form(document))
    for name in ("/n2", "/FRM"):
        outer = document.make_stream(f"q 1 0 0 1 0 0 cm {name} Do Q".encode())
        outer.Type, outer.Subtype, outer.BBox = Name.XObject, Name.Form, Array([0, 0, 120, 24])
        outer.Resources = Dictionary(XObject=Dictionary({name: inner}))
        inner = document.make_indirect(outer)
    return inner


def image_form(document: pikepdf.Pdf) -> Any:
    picture = Image.new("L", (480, 96), 255)
    ImageDraw.Draw(picture).text((20, 20), DAY, font=ImageFont.truetype(str(FONT), 50), fill=0)
    data = BytesIO()
    picture.save(data, "JPEG", quality=95)
    image = document.make_stream(data.getvalue())
    image.Type, image.Subtype, image.Filter = Name.XObject, Name.Image, Name.DCTDecode
    image.Width, image.Height, image.ColorSpace, image.BitsPerComponent = 480, 96, Name.DeviceGray, 8
    form = document.make_stream(b"q 120 0 0 24 0 0 cm /Im Do Q")
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 120, 24])
    form.Resources = Dictionary(XObject=Dictionary(Im=image))
    return form


def turned_form(document: pikepdf.Pdf) -> Any:
    """On a page that lies, signers turn the appearance by its matrix so that it stands."""
    form = text_form(document)
    form.Matrix = Array([0, 1, -1, 0, 24, 0])
    return form


MAKES = {"text": text_form, "nested": nested_form, "image": image_form, "turned": turned_form}


def signed(source: Path, target: Path, make: str, *, rotate: int = 0, states: bool = False) -> Path:
    with pikepdf.open(source) as document:
        form = MAKES[make](document)
        wide = make != "turned"
        widget = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=pikepdf.String("S1"), F=132,
            Rect=Array([300, 400, 300 + (120 if wide else 24), 400 + (24 if wide else 120)]),
            AP=Dictionary(N=Dictionary(On=form) if states else form),
            V=Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), ByteRange=Array([0, 1, 2, 3])),
        )  # fmt: skip
        if states:
            widget.AS = Name.On
        place = document.pages[0]
        place.obj.Annots = Array([document.make_indirect(widget)])
        document.Root.AcroForm = Dictionary(Fields=Array([place.obj.Annots[0]]), SigFlags=3)
        if rotate:
            place.obj.Rotate = rotate
        document.save(target)
    return target


@pytest.fixture(scope="module")
def reader() -> Any:
    with Reader(settings.Reading(processes=1), settings.Intake()) as made:
        yield made


@pytest.mark.parametrize(
    ("make", "rotate", "states"),
    [
        ("text", 0, False),
        ("text", 0, True),
        ("text", 180, False),
        ("nested", 0, False),
        ("nested", 270, False),
        ("turned", 90, False),
    ],
)
def test_what_a_signature_shows_is_read(reader: Reader, tmp_path: Path, make: str, rotate: int, states: bool) -> None:
    source = born_digital(tmp_path / "a.pdf")
    reading = reader.read(signed(source, tmp_path / "b.pdf", make, rotate=rotate, states=states), Kind.PDF)
    page = reading.pages[0]
    assert reading.signed
    assert page.source is TextSource.TEXT_LAYER
    found = [word for word in page.words if word.text == SAID]
    assert len(found) == 1
    box = found[0].box
    assert 0 <= box.left < box.right <= page.width
    assert 0 <= box.top < box.bottom <= page.height
    if make == "turned":  # it lies on the page as stored and stands on the page as seen
        assert box.width > box.height
    if rotate == 270:  # it stands on the page as stored and lies on the page as seen
        assert box.width < box.height


def test_a_signature_that_shows_a_picture_is_read_from_it(reader: Reader, tmp_path: Path) -> None:
    reading = reader.read(signed(born_digital(tmp_path / "a.pdf"), tmp_path / "b.pdf", "image"), Kind.PDF)
    assert reading.pages[0].source is TextSource.TEXT_LAYER
    assert DAY in [line.text for line in reading.pages[0].lines]
