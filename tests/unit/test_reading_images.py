"""How large on paper an image file is, when its own word is worth something and when not."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from pipeline.document import Kind
from pipeline.reading.images import open_image, read_frame


def height_on_paper(path: Path, size: tuple[int, int], dpi: float) -> float:
    Image.new("L", size, 255).save(path, dpi=(dpi, dpi))
    page, _ = read_frame(open_image(path, Kind.PNG), 0, 40)
    return page.height


def test_what_was_copied_from_a_screen_is_as_large_as_a_page(tmp_path: Path) -> None:
    assert height_on_paper(tmp_path / "a.png", (568, 790), 120) == pytest.approx(842, abs=1)
    assert height_on_paper(tmp_path / "a.png", (568, 790), 96) == pytest.approx(842, abs=1)


def test_small_papers_of_a_scanner_and_pages_at_a_screen_s_resolution_keep_their_size(tmp_path: Path) -> None:
    assert height_on_paper(tmp_path / "a.png", (800, 1200), 200) == pytest.approx(432, abs=1)
    assert height_on_paper(tmp_path / "a.png", (794, 1123), 96) == pytest.approx(842, abs=1)
