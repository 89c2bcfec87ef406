"""Where the faces are, and how they are cut out. What finds them is in `finders`, one module each."""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Picture = NDArray[np.uint8]
Shades = Literal["L", "RGB"]  # grey or colour, in Pillow's words


@dataclass(frozen=True, slots=True)
class Box:
    """A face: left, top, width, height in pixels of the picture; score 0..1."""

    left: float
    top: float
    width: float
    height: float
    score: float

    @property
    def area(self) -> float:
        """In square pixels."""
        return self.width * self.height

    def scaled(self, by: float) -> "Box":
        """The same face in a picture `by` times as large."""
        return Box(self.left * by, self.top * by, self.width * by, self.height * by, self.score)


class FaceFinder(Protocol):
    """Anything that finds faces in RGB pictures [height, width, 3]."""

    def find(self, picture: Picture) -> list[Box]:
        """All faces, the largest first."""
        ...


# libfacedetection's box around 600 of FER-2013's faces, as shares of their 48 x 48 pixels: .77 wide, 1.01 high, its
# middle at (.49, .46).
_WIDTH, _LOW = 0.77, 0.04


def crop(picture: Picture, box: Box, side: int, shades: Shades = "L") -> Picture:
    """The face [side, side] or, in colour, [side, side, 3], cut as FER-2013 cuts faces.

    What lies outside the picture repeats its edge.
    """
    half = max(box.height, box.width / _WIDTH) / 2
    x, y = box.left + box.width / 2, box.top + box.height / 2 + _LOW * 2 * half
    left, top, right, bottom = (round(v) for v in (x - half, y - half, x + half, y + half))
    height, width = picture.shape[:2]
    rows = np.clip(np.arange(top, bottom), 0, height - 1)
    columns = np.clip(np.arange(left, right), 0, width - 1)
    square = Image.fromarray(picture[rows][:, columns]).convert(shades)
    return np.asarray(square.resize((side, side), Image.Resampling.BILINEAR, reducing_gap=2.0))


def whole(picture: Picture) -> Box:
    """The box for which `crop` gives the middle square of a picture that is a cut-out face already."""
    height, width = picture.shape[:2]
    side = min(height, width)
    middle = width / 2
    return Box(middle - _WIDTH * side / 2, (height - side) / 2 - _LOW * side, _WIDTH * side, side, 1.0)
