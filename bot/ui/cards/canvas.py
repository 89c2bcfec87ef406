"""The design language of all pictures: one palette, one typeface, smooth flat shapes, words that fit_text."""

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

WIDTH = 1080
MARGIN = 64
_MAX_HEIGHT = 2000

PAPER = "#F8F5EF"
INK = "#26252D"
MUTED = "#656169"
TRACK = "#EAE5DB"
FACE = "#DB7B3C"
VOICE = "#239089"
TEXT = "#A8457A"
TOGETHER = "#4A3D7E"

# Pillow draws shapes without smoothing, so their masks are drawn this many times larger and averaged down.
_SUPERSAMPLING = 4
_SMALLEST_SIZE = 8
# Letters that Unicode does not decompose into a base letter and a mark.
_BASE_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "Æ": "Ae",
        "œ": "oe",
        "Œ": "Oe",
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ı": "i",
        "–": "-",
        "—": "-",
        "„": "“",
        "‚": "‘",
    }
)

Point = tuple[float, float]  # x, y in pixels
Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels


def box_around(point: Point, reach: float) -> Box:
    """Return the square that reaches so many pixels from a point in each direction."""
    x, y = point
    return x - reach, y - reach, x + reach, y + reach


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Hold lines of words and the one size in which they are set (pixels per em)."""

    lines: tuple[str, ...]
    size: int

    @property
    def width(self) -> float:
        """Return the width of the longest line in pixels."""
        return max(_line_width(line, self.size) for line in self.lines)

    @property
    def height(self) -> int:
        """Return the height of all lines in pixels."""
        return len(self.lines) * _line_height(self.size)


def fit_text(texts: Sequence[str], size: int, width: float, height: float) -> list[TextBlock]:
    """Set texts at the largest common size, `size` at most, at which each fits into width x height pixels.

    Words wrap at spaces where the height leaves room for another line. Nothing is ever cut: what does not fit at the
    smallest size runs over.
    """
    legible = [transliterate(text) for text in texts]
    while True:
        blocks = [TextBlock(_wrap(text, size, width), size) for text in legible]
        if size <= _SMALLEST_SIZE or all(b.width <= width and b.height <= height for b in blocks):
            return [_balance(text, block) for text, block in zip(legible, blocks, strict=True)]
        size -= 1


def transliterate(text: str) -> str:
    """Write a text in letters that the typeface has.

    Pillow's built-in typeface covers ASCII and a few signs, so marks above and below letters are left out.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_BASE_LETTERS))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _wrap(text: str, size: int, width: float) -> tuple[str, ...]:
    lines: list[str] = []
    for word in text.split():
        if lines and _line_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines) or ("",)


def _balance(text: str, block: TextBlock) -> TextBlock:
    """Break a text anew into as many lines of about equal length, so that no word is left alone in the last."""
    while True:
        narrower = TextBlock(_wrap(text, block.size, block.width - 1), block.size)
        if len(narrower.lines) > len(block.lines) or narrower.width >= block.width:
            return block
        block = narrower


@lru_cache(maxsize=4096)
def _line_width(text: str, size: int) -> float:
    return _font(size).getlength(text)


def _line_height(size: int) -> int:
    return round(1.2 * size)


def _draw_lines(
    pen: ImageDraw.ImageDraw,
    block: TextBlock,
    at: Point,
    colour: str,
    align: str,
    weight: float,
) -> None:
    line_height = _line_height(block.size)
    top = at[1] - line_height * (len(block.lines) - 1) / 2
    for i, line in enumerate(block.lines):
        place = (at[0], top + i * line_height)
        pen.text(place, line, fill=colour, font=_font(block.size), anchor=f"{align}m", stroke_width=weight)


@lru_cache(maxsize=128)
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size=size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise RuntimeError("this Pillow was built without FreeType, which the pictures need")
    # The basic layout is the same on every system; Raqm is not part of every Pillow.
    return font.font_variant(layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=128)
def _rounded_mask(width: int, height: int, radius: float) -> Image.Image:
    mask = Image.new("L", (width * _SUPERSAMPLING, height * _SUPERSAMPLING))
    corner = (mask.width - 1, mask.height - 1)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, *corner), radius=radius * _SUPERSAMPLING, fill=255)
    return mask.reduce(_SUPERSAMPLING)


class Canvas:
    """Represent a sheet on which a card is drawn from top to bottom, and which is cut off where the card ends."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH, _MAX_HEIGHT), PAPER)
        self._pen = ImageDraw.Draw(self.image)

    def write(
        self, block: TextBlock, x: float, y: float, colour: str, *, align: str = "l", weight: float = 0
    ) -> None:
        """Write lines centred on height `y`; `align` (l, m, r) says what of them stands at `x`.

        `weight` thickens the strokes by pixels on either side: the typeface has no bold.
        """
        _draw_lines(self._pen, block, (x, y), colour, align, weight)

    def write_vertically(self, block: TextBlock, x: float, y: float, colour: str) -> None:
        """Write lines that run from bottom to top, centred on (x, y)."""
        mask = Image.new("L", (round(block.width), block.height))
        _draw_lines(ImageDraw.Draw(mask), block, (mask.width / 2, mask.height / 2), "white", "m", 0)
        mask = mask.transpose(Image.Transpose.ROTATE_90)
        self.image.paste(colour, (round(x - mask.width / 2), round(y - mask.height / 2)), mask)

    def fill(self, box: Box, colour: str, radius: float = 0) -> None:
        """Fill a rectangle with smooth round corners; one without width or height stays unseen."""
        left, top, right, bottom = (round(edge) for edge in box)
        if right > left and bottom > top:
            size = right - left, bottom - top
            self.image.paste(
                colour, (left, top, right, bottom), _rounded_mask(*size, min(radius, *(s / 2 for s in size)))
            )

    def gauge(self, box: Box, share: float, colour: str, radius: float) -> None:
        """Fill the left `share` (0..1) of a rectangle with round corners, cut straight, so that its length is exact."""
        left, top, right, bottom = (round(edge) for edge in box)
        shape = _rounded_mask(right - left, bottom - top, radius)
        reach = round(share * shape.width)
        if reach > 0:
            self.image.paste(
                colour, (left, top, left + reach, bottom), shape.crop((0, 0, reach, shape.height))
            )

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        """Fill a circle."""
        self.fill(box_around((x, y), radius), colour, radius)

    def dotted_line(self, start: Point, end: Point, colour: str) -> None:
        """Draw a dotted line of dots 12 pixels apart, without one at either end."""
        (x0, y0), (x1, y1) = start, end
        dots = int(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 / 12)
        for i in range(1, dots):
            self.disc(x0 + (x1 - x0) * i / dots, y0 + (y1 - y0) * i / dots, 2, colour)

    def paste_rounded(self, picture: Image.Image, left: int, top: int, radius: float) -> None:
        """Paste another picture with smooth round corners."""
        self.image.paste(picture, (left, top), _rounded_mask(*picture.size, radius))

    def png(self, height: float) -> bytes:
        """Return the upper `height` pixels as PNG, packed lightly: Telegram packs it anew, and time counts."""
        packed = io.BytesIO()
        self.image.crop((0, 0, WIDTH, round(height))).save(packed, "PNG", compress_level=1)
        return packed.getvalue()
