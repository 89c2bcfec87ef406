"""Pictures that the tests draw, as bytes in any format."""

import io
from typing import Any

import numpy as np
from PIL import Image

from tools import samples


def saved(image: Image.Image, container: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, container, **options)
    return out.getvalue()


def quarters(width: int = 120, height: int = 80) -> Image.Image:
    """Red, green, blue and white from the upper left, clockwise but white: each corner tells where it is."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[: height // 2, : width // 2] = (255, 0, 0)
    picture[: height // 2, width // 2 :] = (0, 255, 0)
    picture[height // 2 :, : width // 2] = (0, 0, 255)
    picture[height // 2 :, width // 2 :] = (255, 255, 255)
    return Image.fromarray(picture)


def selfie(width: int) -> Image.Image:
    return Image.open(io.BytesIO(samples.selfie(width))).convert("RGB")


def pasted(width: int, height: int, *faces: tuple[int, int, int]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """A plain wall with drawn people [width, left, top]."""
    wall = Image.new("RGB", (width, height), (200, 210, 220))
    for size, left, top in faces:
        wall.paste(selfie(size), (left, top))
    return np.asarray(wall)
