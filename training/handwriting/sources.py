"""Where hands and typefaces come from; a share of each is kept back for testing."""

from __future__ import annotations

from pathlib import Path

from training.handwriting.pens import Hands, Typefaces
from training.handwriting.unipen import characters

UNSEEN = slice(0, None, 8)  # every eighth writer and typeface is for testing alone
_UPRIGHT = ("LiberationSerif-Regular.ttf", "LiberationSerif-Regular.ttf", "DejaVuSerif.ttf", "LiberationSerif-Bold.ttf")
_ITALIC = ("LiberationSerif-Italic.ttf", "LiberationSerif-Italic.ttf", "LiberationSerif-BoldItalic.ttf")
_OTHER = ("LiberationSans-Regular.ttf", "LiberationSans-Italic.ttf", "DejaVuSans.ttf", "DejaVuSans-Oblique.ttf")


def hands(root: Path, *, unseen: bool) -> Hands:
    """The writers of the UNIPEN collection below `root`: digits, and the letters that a number may end in."""
    found = characters(root, "1a", "0123456789") + characters(root, "1c", "abc")
    tested = set(sorted({character.writer for character in found})[UNSEEN])
    return Hands([character for character in found if (character.writer in tested) is unseen])


def script_faces(root: Path, *, unseen: bool) -> Typefaces:
    """Handwritten typefaces below `root` (an npm folder with the packages of `fonts.json`)."""
    paths = sorted(root.rglob("*-latin-400-normal.woff"))
    tested = set(paths[UNSEEN])
    return Typefaces([path for path in paths if (path in tested) is unseen])


def print_faces(root: Path) -> dict[str, Typefaces]:
    """Faces of print by style, below a folder of system fonts."""
    by_name = {path.name: path for path in sorted(root.rglob("*.ttf"))}
    styles = {"upright": _UPRIGHT, "italic": _ITALIC, "other": _OTHER}
    return {style: Typefaces([by_name[name] for name in names]) for style, names in styles.items()}
