"""What is put on paper by hand: red seal, blue signature, handwriting, stamps (Decree 30, Appendix I; millimetres)."""

from __future__ import annotations

import io
import math
import random

from fpdf import FPDF
from PIL import Image, ImageDraw, ImageFont

from samples import fonts

SEAL_MM = 36.0
RED = (205, 28, 36)
BLUE = (22, 48, 150)
STAMP_BLUE = (40, 60, 140)
URGENCY_WIDTH_MM = {"HỎA TỐC": 30.0, "THƯỢNG KHẨN": 40.0, "KHẨN": 20.0}

DIGITS: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {  # strokes in a unit box, y downwards
    "0": (((0.5, 0.02), (0.15, 0.3), (0.15, 0.75), (0.5, 1.0), (0.85, 0.72), (0.85, 0.28), (0.55, 0.0)),),
    "1": (((0.25, 0.25), (0.55, 0.0), (0.52, 0.5), (0.5, 1.0)),),
    "2": (((0.12, 0.25), (0.4, 0.0), (0.8, 0.2), (0.6, 0.6), (0.1, 0.98), (0.5, 0.92), (0.95, 1.0)),),
    "3": (((0.15, 0.1), (0.6, 0.0), (0.75, 0.25), (0.4, 0.45), (0.8, 0.65), (0.6, 0.98), (0.1, 0.92)),),
    "4": (
        ((0.55, 0.0), (0.3, 0.35), (0.05, 0.65), (0.5, 0.66), (0.98, 0.62)),
        ((0.7, 0.35), (0.66, 0.7), (0.64, 1.05)),
    ),
    "5": (((0.3, 0.02), (0.25, 0.4), (0.65, 0.4), (0.8, 0.7), (0.5, 1.0), (0.1, 0.9)), ((0.3, 0.04), (0.85, 0.0))),
    "6": (((0.7, 0.0), (0.3, 0.35), (0.15, 0.75), (0.5, 1.0), (0.82, 0.75), (0.5, 0.52), (0.2, 0.7)),),
    "7": (((0.1, 0.05), (0.5, 0.02), (0.9, 0.03), (0.6, 0.5), (0.45, 1.0)), ((0.35, 0.52), (0.8, 0.48))),
    "8": (((0.75, 0.12), (0.4, 0.0), (0.25, 0.25), (0.7, 0.6), (0.6, 0.98), (0.2, 0.85), (0.4, 0.5), (0.8, 0.15)),),
    "9": (((0.8, 0.2), (0.4, 0.0), (0.2, 0.3), (0.5, 0.5), (0.8, 0.2), (0.75, 0.6), (0.6, 1.0)),),
}


def seal_image(agency: str, province: str) -> Image.Image:
    """A round seal on a transparent ground, 36 mm at 200 dpi: two rings, a star, the agency on the arc and below."""
    scale, size = 4, 284
    image = Image.new("RGBA", (size * scale, size * scale), (*RED, 0))
    draw = ImageDraw.Draw(image)
    centre, outer = size * scale / 2, size * scale / 2 - 6
    for radius, width in ((outer, 14), (outer - 24, 5), (outer * 0.58, 5)):
        box = (centre - radius, centre - radius, centre + radius, centre + radius)
        draw.ellipse(box, outline=(*RED, 255), width=width)
    star = [
        (centre + r * math.sin(i * math.pi / 5), centre - r * math.cos(i * math.pi / 5))
        for i, r in enumerate([outer * 0.30, outer * 0.12] * 5)
    ]
    draw.polygon(star, fill=(*RED, 255))
    _text_on_arc(image, agency, outer * 0.75, 0.0)
    _text_on_arc(image, province, outer * 0.75, math.pi)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def _text_on_arc(image: Image.Image, text: str, radius: float, middle: float) -> None:
    """Letters along a circle; `middle` 0 is the top (reading clockwise), pi the bottom (reading upright)."""
    size = int(min(radius * 0.24, radius * 4.4 / max(len(text), 1)))
    font = ImageFont.truetype(str(fonts.serif()["B"]), size)
    bottom = middle > 1
    angles = [font.getlength(letter) * 1.06 / radius for letter in text]
    position = -sum(angles) / 2
    for letter, angle in zip(text, angles, strict=True):
        at = middle - (position + angle / 2) if bottom else middle + position + angle / 2
        tile = Image.new("RGBA", (size * 2, size * 2), (*RED, 0))
        ImageDraw.Draw(tile).text((size, size), letter, font=font, fill=(*RED, 255), anchor="mm")
        tile = tile.rotate(-math.degrees(at - math.pi if bottom else at), resample=Image.Resampling.BICUBIC)
        x = image.width / 2 + radius * math.sin(at) - size
        y = image.height / 2 - radius * math.cos(at) - size
        image.alpha_composite(tile, (int(x), int(y)))
        position += angle


def draw_seal(pdf: FPDF, left: float, top: float, agency: str, province: str) -> None:
    buffer = io.BytesIO()
    seal_image(agency, province).save(buffer, "PNG")
    buffer.seek(0)
    pdf.image(buffer, left, top, SEAL_MM, SEAL_MM)


def draw_signature(pdf: FPDF, left: float, top: float, random_: random.Random) -> None:
    """A signature of loops about 48 mm wide and 16 mm high."""
    with pdf.local_context():
        pdf.set_draw_color(*BLUE)
        pdf.set_line_width(0.45)
        loops = [(left, top + 9.0)]
        swing, letters = 9.0, random_.randint(5, 8)
        for i in range(letters):
            x = left + 4 + i * 36 / letters
            loops += [
                (x + random_.uniform(-2, 2), top + 8 - random_.uniform(0.4, 1.1) * swing),
                (x + random_.uniform(0, 5), top + 8 + random_.uniform(0.3, 0.9) * swing),
            ]
            swing *= 0.87
        loops += [(left + 40, top + 8), (left + 48, top + random_.uniform(0, 6))]
        pdf.polyline(_smooth(loops))
        pdf.polyline(_smooth([(left + 2, top + 15), (left + 20, top + 12.5), (left + 46, top + 13.5)]))


def draw_digits(pdf: FPDF, left: float, base: float, digits: str, random_: random.Random) -> float:
    """Handwritten digits about 4.6 mm high on a base line; returns where they end."""
    with pdf.local_context():
        pdf.set_draw_color(*BLUE)
        pdf.set_line_width(0.4)
        for digit in digits:
            lean = random_.uniform(0.05, 0.22)
            height, width = random_.uniform(4.4, 5.2), random_.uniform(2.2, 2.7)
            for stroke in DIGITS[digit]:
                points = [
                    (
                        left + (x + random_.uniform(-0.04, 0.04)) * width + (1 - y) * lean * height,
                        base + 0.6 - (1 - y + random_.uniform(-0.03, 0.03)) * height,
                    )
                    for x, y in stroke
                ]
                pdf.polyline(_smooth(points))
            left += width + random_.uniform(0.5, 0.9)
    return left


def draw_arrival_stamp(pdf: FPDF, left: float, top: float, office: str, entries: tuple[str, str]) -> None:
    """The ĐẾN stamp, 35 by 50 mm (Appendix IV), with a handwritten arrival number and day."""
    number, day = entries
    with pdf.local_context():
        pdf.set_draw_color(*RED)
        pdf.set_text_color(*RED)
        pdf.set_line_width(0.5)
        pdf.rect(left, top, 50, 35)
        pdf.line(left, top + 8, left + 50, top + 8)
        pdf.line(left + 17, top + 8, left + 17, top + 24)
        pdf.line(left, top + 24, left + 50, top + 24)
        pdf.set_font("serif", "B", 8)
        pdf.set_xy(left, top + 2)
        pdf.cell(50, 4, office, align="C")
        pdf.set_font("serif", "B", 15)
        pdf.set_xy(left, top + 12)
        pdf.cell(17, 8, "ĐẾN", align="C")
        pdf.set_font("serif", "", 9)
        for row, label in enumerate(("Số: ........................", "Ngày: ....................")):
            pdf.set_xy(left + 18, top + 10 + row * 7)
            pdf.cell(31, 5, label)
        for row, label in enumerate(
            ("Chuyển: .....................................", "Số và ký hiệu HS: ......................")
        ):
            pdf.set_xy(left + 1, top + 25 + row * 5)
            pdf.cell(48, 5, label)
    draw_digits(pdf, left + 27, top + 13.5, number, random.Random(number))
    draw_digits(pdf, left + 30, top + 20.5, day, random.Random(day))


def draw_frame(pdf: FPDF, left: float, top: float, text: str) -> None:
    """A stamp of urgency or secrecy: bright red capitals in a single frame, 8 mm high."""
    width = URGENCY_WIDTH_MM.get(text, 20.0)
    with pdf.local_context():
        pdf.set_draw_color(*RED)
        pdf.set_text_color(*RED)
        pdf.set_line_width(0.6)
        pdf.rect(left, top, width, 8)
        pdf.set_font("serif", "B", 14)
        pdf.set_xy(left, top + 0.3)
        pdf.cell(width, 7.6, text, align="C")


def _smooth(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Catmull-Rom through the points, ten steps a span."""
    padded = [points[0], *points, points[-1]]
    spans = zip(padded, padded[1:], padded[2:], padded[3:], strict=False)
    curve = [
        (_spline(a[0], b[0], c[0], d[0], step / 10), _spline(a[1], b[1], c[1], d[1], step / 10))
        for a, b, c, d in spans
        for step in range(10)
    ]
    return [*curve, points[-1]]


def _spline(p: float, q: float, r: float, s: float, t: float) -> float:
    return 0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t * t + (3 * q - p - 3 * r + s) * t**3)
