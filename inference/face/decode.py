"""Decode a photo to an upright RGB picture, whatever its bytes are."""

import io
import warnings

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from inference.errors import Code, Unreadable

FORMATS = ("JPEG", "PNG", "WEBP")  # few decoders, little to attack; Pillow's JPEG covers what phones call MPO
MAX_PIXELS = 50_000_000
MIN_SIDE = 24  # pixels; below this no face can be told from another
LONG_SIDE = 1280  # pixels: a face that fills a tenth of it still has more than the net's 96


def decode(data: bytes, side: int = LONG_SIDE) -> NDArray[np.uint8]:
    """Decode a photo to upright RGB [height, width, 3], at most `side` pixels long; raises Unreadable.

    The size is judged from the header, before anything is unpacked; large JPEGs are decoded at a fraction.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own about odd metadata; limits are checked here
            return _decode(data, side)
    except Image.DecompressionBombError as error:
        raise Unreadable(Code.IMAGE_TOO_LARGE) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise Unreadable(Code.NOT_AN_IMAGE) from error


def _decode(data: bytes, side: int) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise Unreadable(Code.IMAGE_TOO_LARGE)
        if min(opened.size) < MIN_SIDE:
            raise Unreadable(Code.IMAGE_TOO_SMALL)
        opened.draft("RGB", _shrunk_size(opened.size, side))
        image = _averageable(opened)
        image.thumbnail((side, side), Image.Resampling.BILINEAR, reducing_gap=2.0)
        ImageOps.exif_transpose(image, in_place=True)
        return np.asarray(_opaque(image))


def _shrunk_size(size: tuple[int, int], side: int) -> tuple[int, int]:
    """Shrink a size to at most `side` pixels; a JPEG is decoded no smaller than this."""
    scale = min(1.0, side / max(size))
    return round(size[0] * scale), round(size[1] * scale)


def _averageable(image: Image.Image) -> Image.Image:
    """Convert to eight bits a channel that may be averaged, as the numbers of a palette may not."""
    if image.mode.startswith("I"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    return image.convert("RGBA") if image.mode in ("1", "P", "PA") else image


def _opaque(image: Image.Image) -> Image.Image:
    """Convert to RGB, with what was transparent made white (as chat programs show it)."""
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")
