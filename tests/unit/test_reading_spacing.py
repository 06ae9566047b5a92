"""Words in pieces become whole, and words stay apart."""

from __future__ import annotations

import pytest

from pipeline.document import Box
from pipeline.reading.spacing import Piece, rejoined

EM, LETTER = 10.0, 5.0


def row(*pieces: tuple[str, float]) -> list[Piece[None]]:
    """Pieces, each with the gap before it as a share of the font's height."""
    made, at = [], 0.0
    for text, gap in pieces:
        at += gap * EM
        made.append(Piece(text, Box(at, 0, at + LETTER * len(text), EM), EM, None))
        at += LETTER * len(text)
    return made


def read(*pieces: tuple[str, float]) -> str:
    return " ".join(piece.text for piece in rejoined(row(*pieces)))


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        ((("Q", 0), ("UYẾT", 0.25), ("ĐỊNH", 0.25)), "QUYẾT ĐỊNH"),
        ((("Hà", 0), ("Nội,", 0.25), ("n", 0.25), ("gày", 0.25), ("05", 0.25)), "Hà Nội, ngày 05"),
        ((("Toàn", 0), ("b", 0.2), ("ộ", 0.2), ("văn", 0.25), ("b", 0.2), ("ả", 0.2), ("n", 0.2)), "Toàn bộ văn bản"),
        ((("về", 0), ("n", 0.25), ("gày", 0.25)), "về ngày"),
        ((("về", 0), ("n", 0.05), ("gày", 0.25)), "vền gày"),
        (
            (("là", 0), ("vi", 0.4), ("ệc", 0.15), ("của", 0.4), ("cô", 0.4), ("ng", 0.15), ("chức", 0.4)),
            "là việc của công chức",
        ),
        ((("h", 0), ("ọ", 0.2), ("c", 0.2), ("sinh,", 0.25)), "học sinh,"),
        ((("ng", 0), ("ười.", 0.2)), "người."),
    ],
)
def test_fragments_of_a_syllable_are_joined(pieces: tuple[tuple[str, float], ...], said: str) -> None:
    assert read(*pieces) == said


@pytest.mark.parametrize(
    "pieces",
    [
        (("5", 0), ("m", 0.25), ("ở", 0.25), ("bờ", 0.25)),
        (("điểm", 0), ("c", 0.25), ("ấp", 0.25)),
        (("Số:", 0), ("15/QĐ", 0.25), ("n", 2.0), ("ày", 2.0)),
        (("ba", 0), ("n", 2.0)),
        (("Nguyễn", 0), ("Văn", 0.25), ("T", 0.25), ("ú", 3.0)),
        (("cho", 0), ("ai", 0.25)),
        (("là", 0), ("cho", 0.4), ("ai", 0.35), ("trong", 0.4), ("nhà", 0.4)),
        (("TP", 0), ("Hà", 0.25), ("Nội", 0.25)),
    ],
)
def test_words_stay_apart(pieces: tuple[tuple[str, float], ...]) -> None:
    assert read(*pieces) == " ".join(text for text, _ in pieces)


def test_a_title_in_wide_letters_is_read_as_words() -> None:
    letters = [(c, 0.0 if at == 0 else 0.5) for at, c in enumerate("QUYẾTĐỊNH")]
    assert read(*letters) == "QUYẾT ĐỊNH"
    parted = [(c, 1.2 if c == "H" else 0.4) for c in "CỘNGHÒA"]
    assert read(*parted) == "CỘNG HÒA"


def test_a_row_that_is_set_wide_is_read_as_words() -> None:
    row = "N hu| c ầ u| t hị| t rư ờ n g".replace("| ", "|")
    pieces = [(piece, 0.3 if inner else 1.1) for word in row.split("|") for inner, piece in enumerate(word.split())]
    assert read(*pieces) == "Nhu cầu thị trường"


def test_single_letters_that_are_no_words_stay_as_they_are() -> None:
    assert read(("A", 0), ("B", 0.5), ("C", 0.5), ("D", 0.5)) == "A B C D"
