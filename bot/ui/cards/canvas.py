"""The design language of all pictures: one palette, one typeface, smooth flat shapes, words that fit."""

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

WIDTH = 1080
MARGIN = 64
_LONGEST = 2000

PAPER = "#F8F5EF"
INK = "#26252D"
MUTED = "#656169"
TRACK = "#EAE5DB"
FACE = "#DB7B3C"
VOICE = "#239089"
TEXT = "#A8457A"
TOGETHER = "#4A3D7E"

# Pillow draws shapes without smoothing, so their masks are drawn this many times larger and averaged down.
_SMOOTHING = 4
_SMALLEST_TYPE = 8
# Letters that Unicode does not decompose into a base letter and a mark.
_BASES = str.maketrans(
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

Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels


@dataclass(frozen=True, slots=True)
class Type:
    """Lines of words set at one size (pixels per em)."""

    lines: tuple[str, ...]
    size: int

    @property
    def width(self) -> float:
        """Width of the longest line in pixels."""
        return max(_length(line, self.size) for line in self.lines)

    @property
    def height(self) -> int:
        """Height of all lines in pixels."""
        return len(self.lines) * _leading(self.size)


def fit(words: Sequence[str], size: int, width: float, height: float) -> list[Type]:
    """Set words at the largest common size, `size` at most, at which each fits into width x height pixels.

    Words wrap at spaces where the height leaves room for another line; nothing is ever cut.
    """
    texts = [legible(text) for text in words]
    while True:
        types = [Type(_wrap(text, size, width), size) for text in texts]
        if size <= _SMALLEST_TYPE or all(t.width <= width and t.height <= height for t in types):
            return [_balance(text, t) for text, t in zip(texts, types, strict=True)]
        size -= 1


def legible(text: str) -> str:
    """`text` in letters that the typeface has.

    Pillow's built-in typeface covers ASCII and a few signs, so marks above and below letters are left out.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_BASES))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _wrap(text: str, size: int, width: float) -> tuple[str, ...]:
    lines: list[str] = []
    for word in text.split():
        if lines and _length(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines) or ("",)


def _balance(text: str, words: Type) -> Type:
    """`words` broken anew into as many lines of about equal length: no lonely last word."""
    while True:
        narrower = Type(_wrap(text, words.size, words.width - 1), words.size)
        if len(narrower.lines) > len(words.lines) or narrower.width >= words.width:
            return words
        words = narrower


@lru_cache(maxsize=4096)
def _length(text: str, size: int) -> float:
    return _font(size).getlength(text)


def _leading(size: int) -> int:
    return round(1.2 * size)


def _set(
    pen: ImageDraw.ImageDraw, words: Type, at: tuple[float, float], colour: str, align: str, weight: float
) -> None:
    leading = _leading(words.size)
    top = at[1] - leading * (len(words.lines) - 1) / 2
    for i, line in enumerate(words.lines):
        place = (at[0], top + i * leading)
        pen.text(place, line, fill=colour, font=_font(words.size), anchor=f"{align}m", stroke_width=weight)


@lru_cache(maxsize=128)
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size=size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise RuntimeError("this Pillow was built without FreeType, which the pictures need")
    # The basic layout is the same on every system; Raqm is not part of every Pillow.
    return font.font_variant(layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=128)
def _rounded(width: int, height: int, radius: float) -> Image.Image:
    mask = Image.new("L", (width * _SMOOTHING, height * _SMOOTHING))
    corner = (mask.width - 1, mask.height - 1)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, *corner), radius=radius * _SMOOTHING, fill=255)
    return mask.reduce(_SMOOTHING)


class Canvas:
    """A sheet of paper on which a card is drawn from top to bottom, and cut off where it ends."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH, _LONGEST), PAPER)
        self._pen = ImageDraw.Draw(self.image)

    def write(
        self, words: Type, x: float, y: float, colour: str, *, align: str = "l", weight: float = 0
    ) -> None:
        """Write lines centred on height `y`; `align` (l, m, r) says what of them stands at `x`.

        `weight` thickens the strokes by pixels on either side: the typeface has no bold.
        """
        _set(self._pen, words, (x, y), colour, align, weight)

    def write_upwards(self, words: Type, x: float, y: float, colour: str) -> None:
        """Write lines that run from bottom to top, centred on (x, y)."""
        mask = Image.new("L", (round(words.width), words.height))
        _set(ImageDraw.Draw(mask), words, (mask.width / 2, mask.height / 2), "white", "m", 0)
        mask = mask.transpose(Image.Transpose.ROTATE_90)
        self.image.paste(colour, (round(x - mask.width / 2), round(y - mask.height / 2)), mask)

    def fill(self, box: Box, colour: str, radius: float = 0) -> None:
        """A rectangle with smooth round corners."""
        left, top, right, bottom = (round(edge) for edge in box)
        if right > left and bottom > top:
            size = right - left, bottom - top
            self.image.paste(
                colour, (left, top, right, bottom), _rounded(*size, min(radius, *(s / 2 for s in size)))
            )

    def gauge(self, box: Box, share: float, colour: str, radius: float) -> None:
        """The left `share` (0..1) of a rectangle with smooth round corners, cut straight: an exact length."""
        left, top, right, bottom = (round(edge) for edge in box)
        shape = _rounded(right - left, bottom - top, radius)
        reach = round(share * shape.width)
        if reach > 0:
            self.image.paste(
                colour, (left, top, left + reach, bottom), shape.crop((0, 0, reach, shape.height))
            )

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        """A filled circle."""
        self.fill((x - radius, y - radius, x + radius, y + radius), colour, radius)

    def thread(self, start: tuple[float, float], end: tuple[float, float], colour: str) -> None:
        """A dotted line."""
        (x0, y0), (x1, y1) = start, end
        dots = int(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 / 12)
        for i in range(1, dots):
            self.disc(x0 + (x1 - x0) * i / dots, y0 + (y1 - y0) * i / dots, 2, colour)

    def inlay(self, picture: Image.Image, left: int, top: int, radius: float) -> None:
        """Another picture with smooth round corners."""
        self.image.paste(picture, (left, top), _rounded(*picture.size, radius))

    def png(self, height: float) -> bytes:
        """The upper `height` pixels as PNG, packed lightly: Telegram packs it anew, and time counts."""
        packed = io.BytesIO()
        self.image.crop((0, 0, WIDTH, round(height))).save(packed, "PNG", compress_level=1)
        return packed.getvalue()
