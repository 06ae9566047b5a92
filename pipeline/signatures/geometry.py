"""Where things stand on a page as a person sees it, and where that is in the page's own coordinates.

A page may be turned (/Rotate), cropped, shifted, and count in other units; a person sees an upright sheet whose origin
is the top left corner. pyHanko looks at none of this: a rectangle that was right on A4 would lie outside a page whose
box starts elsewhere, or sideways.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.document import Box

POINTS_PER_MM = 72 / 25.4
COVERED = 1 / 3  # of a signature, by the seal (Article 33.1.b); a narrow one stands so that this is so, too
Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """The visible part of a page: its box in user space, its clockwise rotation, points a unit of user space."""

    left: float
    bottom: float
    right: float
    top: float
    rotation: int = 0
    unit: float = 1.0

    def __post_init__(self) -> None:
        if self.rotation not in {0, 90, 180, 270}:
            raise ValueError(f"rotation {self.rotation}")
        if not (self.left < self.right and self.bottom < self.top and self.unit > 0):
            raise ValueError("a page without area")

    @staticmethod
    def of(media: tuple[float, ...], crop: tuple[float, ...] | None, rotation: float, unit: float = 1.0) -> Frame:
        """From the boxes of a page's dictionary, whichever corners they name; ValueError for an impossible page."""
        left, bottom, right, top = _ordered(media)
        if crop is not None:
            inner = _ordered(crop)
            shown = (max(left, inner[0]), max(bottom, inner[1]), min(right, inner[2]), min(top, inner[3]))
            if shown[0] < shown[2] and shown[1] < shown[3]:  # a crop box outside the page shows the whole page
                left, bottom, right, top = shown
        if rotation % 90:
            raise ValueError(f"rotation {rotation}")
        return Frame(left, bottom, right, top, int(rotation) % 360, unit)

    @property
    def width(self) -> float:
        """Of what is seen, in points."""
        return (self.top - self.bottom if self.rotation % 180 else self.right - self.left) * self.unit

    @property
    def height(self) -> float:
        return (self.right - self.left if self.rotation % 180 else self.top - self.bottom) * self.unit

    def seen(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of user space is seen: points from the left and from the top."""
        match self.rotation:
            case 0:
                across, down = x - self.left, self.top - y
            case 90:
                across, down = y - self.bottom, x - self.left
            case 180:
                across, down = self.right - x, y - self.bottom
            case _:
                across, down = self.top - y, self.right - x
        return across * self.unit, down * self.unit

    def stored(self, across: float, down: float) -> tuple[float, float]:
        """The point of user space that is seen there; the inverse of `seen`."""
        u, v = across / self.unit, down / self.unit
        match self.rotation:
            case 0:
                return self.left + u, self.top - v
            case 90:
                return self.left + v, self.bottom + u
            case 180:
                return self.right - u, self.bottom + v
            case _:
                return self.right - v, self.top - u

    def rectangle(self, box: Box) -> tuple[float, float, float, float]:
        """A box as seen → /Rect of an annotation: left, bottom, right, top in user space."""
        x0, y0 = self.stored(box.left, box.top)
        x1, y1 = self.stored(box.right, box.bottom)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def box(self, rectangle: tuple[float, ...]) -> Box:
        """/Rect → the box as seen; the inverse of `rectangle`."""
        x0, y0, x1, y1 = _ordered(rectangle)
        (a, b), (c, d) = self.seen(x0, y0), self.seen(x1, y1)
        return Box(min(a, c), min(b, d), max(a, c), max(b, d))

    def holds(self, box: Box) -> bool:
        return box.left >= 0 and box.top >= 0 and box.right <= self.width and box.bottom <= self.height


def upright(rotation: int) -> Matrix:
    """/Matrix of an appearance that is seen upright on a page turned clockwise by `rotation` (ISO 32000-1, 12.5.5)."""
    cos, sin = {0: (1.0, 0.0), 90: (0.0, 1.0), 180: (-1.0, 0.0), 270: (0.0, -1.0)}[rotation]
    return cos, sin, -sin, cos, 0.0, 0.0


def times(a: Matrix, b: Matrix) -> Matrix:
    """The matrix that does `a` first and `b` then."""
    return (
        a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2], a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4], a[4] * b[1] + a[5] * b[3] + b[5],
    )  # fmt: skip


def _ordered(box: tuple[float, ...]) -> tuple[float, float, float, float]:
    if len(box) != 4:
        raise ValueError("a box has four sides")
    x0, y0, x1, y1 = box
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
