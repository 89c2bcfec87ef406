"""Say where faces are, and cut them out; what finds them is in `finders`, one module each."""

from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Picture = NDArray[np.uint8]
ColourMode = Literal["L", "RGB"]  # grey or colour, in Pillow's words


@dataclass(frozen=True, slots=True)
class Box:
    """Frame a face: left, top, width, height in pixels of the picture; score 0..1.

    It stands upright once the picture is turned counterclockwise by so many `quarters` of a circle.
    """

    left: float
    top: float
    width: float
    height: float
    score: float
    quarters: int = 0

    @property
    def area(self) -> float:
        """Return the area in square pixels."""
        return self.width * self.height

    @property
    def face_height(self) -> float:
        """Return the height in pixels, from chin to hair, however the face lies in the picture."""
        return self.width if self.quarters % 2 else self.height

    def scaled(self, by: float) -> "Box":
        """Return the same face in a picture `by` times as large."""
        left, top, width, height = (n * by for n in (self.left, self.top, self.width, self.height))
        return replace(self, left=left, top=top, width=width, height=height)

    def turned(self, quarters: int, height: float, width: float) -> "Box":
        """Return the same face once its picture [height, width] is turned counterclockwise, as `np.rot90` does."""
        if quarters % 4 == 0:
            return self
        once = Box(
            left=self.top,
            top=width - self.left - self.width,
            width=self.height,
            height=self.width,
            score=self.score,
            quarters=(self.quarters - 1) % 4,
        )
        return once.turned(quarters % 4 - 1, width, height)


class FaceFinder(Protocol):
    """Find faces in RGB pictures [height, width, 3]."""

    def find(self, picture: Picture) -> list[Box]:
        """Return all faces, the largest first, also in pictures that are turned by quarters of a circle."""
        ...


# libfacedetection's box around 600 of FER-2013's faces, as shares of their 48 x 48 pixels: .77 wide, 1.01 high, its
# middle at (.49, .46).
_WIDTH, _LOW = 0.77, 0.04
_DIAGONAL = 1.42  # of a square, as a share of its side: how much is cut out where it has to be turned


def crop(picture: Picture, box: Box, side: int, colour_mode: ColourMode = "L", tilt: float = 0) -> Picture:
    """Cut a face out, upright, as FER-2013 cuts faces: [side, side] or, in colour, [side, side, 3].

    A head that leans clockwise by `tilt` degrees is straightened. What lies outside the picture repeats its edge.
    """
    picture, box = np.rot90(picture, box.quarters), box.turned(box.quarters, *picture.shape[:2])
    spare = _DIAGONAL if tilt else 1.0
    half = max(box.height, box.width / _WIDTH) / 2
    x, y = box.left + box.width / 2, box.top + box.height / 2 + _LOW * 2 * half
    reach = half * spare
    left, top, right, bottom = (round(v) for v in (x - reach, y - reach, x + reach, y + reach))
    rows, columns = np.arange(top, bottom), np.arange(left, right)
    cut = picture.take(rows, 0, mode="clip").take(columns, 1, mode="clip")  # twice as fast as indexing
    square = Image.fromarray(cut).convert(colour_mode)
    wide = round(side * spare)
    square = square.resize((wide, wide), Image.Resampling.BILINEAR, reducing_gap=2.0)
    if not tilt:
        return np.asarray(square)
    edge = (wide - side) // 2
    return np.asarray(square.rotate(tilt, Image.Resampling.BILINEAR))[edge : edge + side, edge : edge + side]


def whole_picture(picture: Picture) -> Box:
    """Return the box for which `crop` gives the middle square of a picture that is a cut-out face already."""
    height, width = picture.shape[:2]
    side = min(height, width)
    middle = width / 2
    return Box(middle - _WIDTH * side / 2, (height - side) / 2 - _LOW * side, _WIDTH * side, side, 1.0)
