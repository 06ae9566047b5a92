"""Digitised paper is signed only as the Decree wants it: colour, 200 dpi, real size, PDF 1.4."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Name, Pdf

from pipeline.errors import RefusedError
from pipeline.signatures import Workshop, refuse_unfit_scan
from tests import signing_papers as papers

pytestmark = pytest.mark.integration


def scanned(path: Path, change: Callable[[Pdf], None] | None = None, *, version: str = "1.7") -> Path:
    """A4 at 200 dpi in colour: declared so, which is what is looked at; the bytes are a few."""
    with pikepdf.open(papers.scan(path, megabytes=0.05)) as pdf:
        image = next(iter(pdf.pages[0].obj["/Resources"]["/XObject"].values()))
        image["/Width"], image["/Height"] = 1654, 2339
        if change:
            change(pdf)
        pdf.save(path.with_name("scan.pdf"), force_version=version)
    return path.with_name("scan.pdf")


def picture(pdf: Pdf) -> pikepdf.Object:
    return next(iter(pdf.pages[0].obj["/Resources"]["/XObject"].values()))


def _grey(pdf: Pdf) -> None:
    picture(pdf)["/ColorSpace"] = Name.DeviceGray


def _coarse(pdf: Pdf) -> None:
    picture(pdf)["/Width"], picture(pdf)["/Height"] = 1240, 1754


def _huge(pdf: Pdf) -> None:
    pdf.pages[0].obj["/MediaBox"] = Array([0, 0, 4000, 6000])


def _text_only(pdf: Pdf) -> None:
    del pdf.pages[0].obj["/Resources"]["/XObject"]


def test_a_colour_scan_at_200_dpi_is_fit(tmp_path: Path) -> None:
    refuse_unfit_scan(scanned(tmp_path / "s.pdf"))


def test_a_landscape_sheet_that_is_stored_upright_is_fit(tmp_path: Path) -> None:
    def turn(pdf: Pdf) -> None:
        pdf.pages[0].obj["/Rotate"] = 90

    refuse_unfit_scan(scanned(tmp_path / "s.pdf", turn))


@pytest.mark.parametrize(("change", "code"), [
    (_grey, "scan-without-colour"), (_coarse, "scan-coarse"), (_huge, "scan-not-real-size"),
    (_text_only, "scan-without-picture"),
])  # fmt: skip
def test_what_the_decree_would_not_have_is_refused(change: Callable[[Pdf], None], code: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as caught:
        refuse_unfit_scan(scanned(tmp_path / "s.pdf", change))
    assert caught.value.code == code


def test_an_old_version_is_refused_by_the_child_too(tmp_path: Path) -> None:
    path = scanned(tmp_path / "s.pdf", version="1.3")
    with Workshop() as workshop, pytest.raises(RefusedError) as caught:
        workshop.refuse_unfit_scan(path)
    assert caught.value.code == "scan-old-version"
