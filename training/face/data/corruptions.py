"""Corrupt faces as bad selfies are: each way at three strengths, the same every time.

All take and give grey faces [n, 48, 48] uint8.
"""

import io
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from training.face.data.pictures import Images

Corruption = Callable[[Images, float], Images]


def blur(faces: Images, sigma: float) -> Images:
    """Put faces out of focus: a Gaussian of so many of their 48 pixels."""
    return _each(faces, lambda face: face.filter(ImageFilter.GaussianBlur(sigma)))


def noise(faces: Images, deviation: float) -> Images:
    """Add the noise of a sensor in the dark, of this deviation in grey levels."""
    grain = np.random.default_rng(1).normal(0, deviation, faces.shape)
    return _levels(faces + grain)


def jpeg(faces: Images, quality: float) -> Images:
    """Compress faces as JPEG at this quality, 1..95."""
    return _each(faces, lambda face: _compressed(face, int(quality)))


def shrink(faces: Images, side: float) -> Images:
    """Show faces from far away: so many pixels high, enlarged again."""
    small = (int(side), int(side))
    return _each(faces, lambda face: face.resize(small, Image.Resampling.BOX).resize(face.size))


def dark(faces: Images, light: float) -> Images:
    """Leave this share of the light, and add the grain of a camera that has little."""
    grain = np.random.default_rng(1).normal(0, 2, faces.shape)
    return _levels(faces * light + grain)


def bright(faces: Images, light: float) -> Images:
    """Overexpose faces by this factor: what is too bright is white."""
    return _levels(faces * light)


def low_contrast(faces: Images, contrast: float) -> Images:
    """Leave this share of the contrast around the middle grey: fog, or light from behind."""
    return _levels((faces - 127.0) * contrast + 127)


def tilt(faces: Images, degrees: float) -> Images:
    """Lean the head, or the phone, by so many degrees to one side or the other."""
    signs = np.random.default_rng(1).choice([-1, 1], len(faces))
    turned = [_turned(face, degrees * sign) for face, sign in zip(faces, signs, strict=True)]
    return np.stack(turned)


def cover_below(faces: Images, share: float) -> Images:
    """Cover the lowest share with an even grey: a mask, a scarf or a hand."""
    return _covered(faces, slice(round(len(faces[0]) * (1 - share)), None), slice(None))


def cover_eyes(faces: Images, share: float) -> Images:
    """Put on sunglasses: a dark bar over the eyes whose height is this share of the face.

    Eyes lie about .38 down a face cut as FER-2013 cuts it.
    """
    side = len(faces[0])
    top = round(side * (0.38 - share / 2))
    return _covered(faces, slice(top, top + round(side * share)), slice(side // 10, -(side // 10)), 25)


def cover_side(faces: Images, share: float) -> Images:
    """Cover this share of one side: the edge of the picture, or a hand."""
    return _covered(faces, slice(None), slice(0, round(len(faces[0]) * share)))


# Strengths from slight to strong; at the strongest a friend would ask for another picture.
STRENGTHS: Mapping[str, tuple[Corruption, tuple[float, float, float]]] = {
    "blur (pixels of 48)": (blur, (1, 2, 3)),
    "noise (grey levels)": (noise, (10, 25, 45)),
    "JPEG (quality)": (jpeg, (30, 12, 5)),
    "far away (pixels high)": (shrink, (32, 20, 12)),
    "dark (share of light)": (dark, (0.4, 0.2, 0.08)),
    "bright (times the light)": (bright, (1.5, 2.2, 3.2)),
    "flat (share of contrast)": (low_contrast, (0.5, 0.25, 0.1)),
    "tilt (degrees)": (tilt, (15, 30, 45)),
    "covered below (share)": (cover_below, (0.2, 0.35, 0.5)),
    "eyes covered (share)": (cover_eyes, (0.12, 0.2, 0.3)),
    "one side covered (share)": (cover_side, (0.2, 0.35, 0.5)),
}


def _each(faces: Images, change: Callable[[Image.Image], Image.Image]) -> Images:
    return np.stack([np.asarray(change(Image.fromarray(face))) for face in faces])


def _levels(values: NDArray[np.floating[Any]]) -> Images:
    return values.round().clip(0, 255).astype(np.uint8)


def _compressed(face: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    face.save(file, "JPEG", quality=quality)
    with Image.open(file) as opened:
        return opened.convert("L")


def _turned(face: Images, degrees: float) -> Images:
    """Turn a face; what comes in from outside repeats its edge, as in `inference.face.find.crop`."""
    side = len(face)
    wide = Image.fromarray(np.pad(face, side // 2, "edge"))
    turned = np.asarray(wide.rotate(degrees, Image.Resampling.BILINEAR))
    middle = slice(side // 2, side // 2 + side)
    return turned[middle, middle]


def _covered(faces: Images, rows: slice, columns: slice, level: int = 110) -> Images:
    out = faces.copy()
    out[:, rows, columns] = level
    return out
