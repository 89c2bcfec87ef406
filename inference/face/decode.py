"""Photo bytes -> an upright RGB picture, whatever the bytes are."""

import io
import warnings

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from inference.errors import Code, Unreadable

FORMATS = (
    "JPEG",
    "MPO",
    "PNG",
    "WEBP",
)  # few decoders, little to attack; MPO is what some phones call a JPEG
MAX_PIXELS = 50_000_000
MIN_SIDE = 24  # pixels; below this no face can be told from another
LONG_SIDE = 1280  # pixels: a face that fills a tenth of it still has more than the net's 96


def decode(data: bytes) -> NDArray[np.uint8]:
    """Upright RGB [height, width, 3], at most LONG_SIDE long. Raises Unreadable.

    The size is judged from the header, before anything is unpacked; large JPEGs are decoded at a fraction.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # Pillow's own warnings about odd metadata; limits are checked below
            return _decode(data)
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        Image.DecompressionBombError,
        UnidentifiedImageError,
    ) as error:
        raise Unreadable(Code.NOT_AN_IMAGE) from error


def _decode(data: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise Unreadable(Code.IMAGE_TOO_LARGE)
        if min(width, height) < MIN_SIDE:
            raise Unreadable(Code.IMAGE_TOO_SMALL)
        image.draft("RGB", (LONG_SIDE, LONG_SIDE))
        image.load()
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
        return np.asarray(_opaque(upright))


def _opaque(image: Image.Image) -> Image.Image:
    """RGB, with what was transparent made white (as chat programs show it)."""
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")
