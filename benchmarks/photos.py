"""Provide photos to find faces in: those of the data folder, and harder ones made from them."""

import csv
import io
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from inference.face.decode import decode
from inference.face.find import Box, Picture


@dataclass(frozen=True, slots=True)
class Photo:
    """Hold a picture as the product decodes it, and how many faces people counted in it."""

    name: str
    faces: int
    picture: Picture


@dataclass(frozen=True, slots=True)
class ChangedPhoto:
    """Hold what a finder is given; `face` is where it is once `quarters` turns counterclockwise have set it upright."""

    picture: Picture
    face: Box
    quarters: int = 0


Change = Callable[[Picture, Box, np.random.Generator], ChangedPhoto]


def photos(folder: Path) -> Iterator[Photo]:
    """Read the photos that `photos.csv` lists, from `photos.tar`, in the order of their names."""
    with (folder / "photos.csv").open(newline="") as table:
        faces = {row["path"]: int(row["faces"]) for row in csv.DictReader(table)}
    with tarfile.open(folder / "photos.tar") as tar:
        for name in sorted(faces):
            if file := tar.extractfile(name):
                yield Photo(name, faces[name], decode(file.read()))


def changed(change: Change, picture: Picture, face: Box, name: str) -> ChangedPhoto:
    """Make the same picture every time: chance is seeded with the photo's name."""
    return change(picture, face, np.random.default_rng(zlib.crc32(name.encode())))


def middle_box(picture: Picture) -> Box:
    """Return where photos without a face get what the others get on theirs."""
    height, width = picture.shape[:2]
    return Box(width / 3, height / 3, width / 3, height / 3, 0)


def as_it_is(picture: Picture, face: Box, _: np.random.Generator) -> ChangedPhoto:
    """Leave the photo as it is."""
    return ChangedPhoto(picture, face)


def grey(picture: Picture, face: Box, _: np.random.Generator) -> ChangedPhoto:
    """Take the colour away."""
    return ChangedPhoto(np.asarray(Image.fromarray(picture).convert("L").convert("RGB")), face)


def smaller(by: float) -> Change:
    """Put the photo into a room of as many pixels as before, of which it has `by` of each side."""

    def change(picture: Picture, face: Box, rng: np.random.Generator) -> ChangedPhoto:
        height, width = picture.shape[:2]
        small = Image.fromarray(picture).resize((max(1, round(width * by)), max(1, round(height * by))))
        left, top = int(rng.integers(width - small.width + 1)), int(rng.integers(height - small.height + 1))
        room = Image.fromarray(_noisy(np.full(picture.shape, picture.mean((0, 1))), 12, rng))
        room.paste(small, (left, top))
        at = face.scaled(by)
        return ChangedPhoto(np.asarray(room), replace(at, left=at.left + left, top=at.top + top))

    return change


def tilted(degrees: float) -> Change:
    """Turn about the face's middle, to either side; the corners get the photo's mean colour."""

    def change(picture: Picture, face: Box, rng: np.random.Generator) -> ChangedPhoto:
        around = face.left + face.width / 2, face.top + face.height / 2
        mean = tuple(int(v) for v in picture.mean((0, 1)))
        angle = degrees * rng.choice((-1, 1))
        image = Image.fromarray(picture).rotate(
            angle, Image.Resampling.BICUBIC, center=around, fillcolor=mean
        )
        return ChangedPhoto(np.asarray(image), face)

    return change


def turned(quarters: int) -> Change:
    """Turn as a phone stores a photo when it was held otherwise, without the tag that says so."""

    def change(picture: Picture, face: Box, _: np.random.Generator) -> ChangedPhoto:
        return ChangedPhoto(np.ascontiguousarray(np.rot90(picture, -quarters)), face, quarters)

    return change


def lit(stops: float) -> Change:
    """Double the light per stop (gamma 2.2), clip, then add a camera's noise of two grey levels."""

    def change(picture: Picture, face: Box, rng: np.random.Generator) -> ChangedPhoto:
        return ChangedPhoto(_noisy(picture * 2 ** (stops / 2.2), 2, rng), face)

    return change


def compressed(quality: int) -> Change:
    """Save as JPEG and read again."""

    def change(picture: Picture, face: Box, _: np.random.Generator) -> ChangedPhoto:
        out = io.BytesIO()
        Image.fromarray(picture).save(out, "JPEG", quality=quality)
        return ChangedPhoto(np.asarray(Image.open(out)), face)

    return change


def blurred(share: float) -> Change:
    """Blur with a Gaussian whose deviation is this share of the face's height."""

    def change(picture: Picture, face: Box, _: np.random.Generator) -> ChangedPhoto:
        blur = ImageFilter.GaussianBlur(share * face.height)
        return ChangedPhoto(np.asarray(Image.fromarray(picture).filter(blur)), face)

    return change


def covered(left: float, top: float, right: float, bottom: float) -> Change:
    """Put a dark plate over a part of the face, given as shares of its box."""

    def change(picture: Picture, face: Box, _: np.random.Generator) -> ChangedPhoto:
        image = Image.fromarray(picture)
        x, y = (
            (face.left + s * face.width for s in (left, right)),
            (face.top + s * face.height for s in (top, bottom)),
        )
        (x0, x1), (y0, y1) = x, y
        image.paste((50, 55, 60), (round(x0), round(y0), round(x1), round(y1)))
        return ChangedPhoto(np.asarray(image), face)

    return change


def _noisy(picture: NDArray[np.number], deviation: float, rng: np.random.Generator) -> Picture:
    noise = deviation * rng.standard_normal(picture.shape, np.float32)
    noisy: Picture = np.clip(np.clip(picture, 0, 255) + noise, 0, 255).astype(np.uint8)
    return noisy


CHANGES: dict[str, Change] = {
    "as they are": as_it_is,
    "grey": grey,
    "50 % as large": smaller(0.5),
    "25 % as large": smaller(0.25),
    "12 % as large": smaller(0.12),
    "tilted by 10 degrees": tilted(10),
    "tilted by 20 degrees": tilted(20),
    "tilted by 30 degrees": tilted(30),
    "turned by 90 degrees": turned(1),
    "turned by 180 degrees": turned(2),
    "turned by 270 degrees": turned(3),
    "3 stops darker": lit(-3),
    "6 stops darker": lit(-6),
    "9 stops darker": lit(-9),
    "1 stop brighter": lit(1),
    "2 stops brighter": lit(2),
    "3 stops brighter": lit(3),
    "JPEG quality 30": compressed(30),
    "JPEG quality 15": compressed(15),
    "JPEG quality 8": compressed(8),
    "blurred by 3 % of the face": blurred(0.03),
    "blurred by 6 % of the face": blurred(0.06),
    "blurred by 12 % of the face": blurred(0.12),
    "eyes covered": covered(0, 0.2, 1, 0.48),
    "lower 40 % covered": covered(0, 0.6, 1, 1.05),
    "left half covered": covered(-0.05, -0.05, 0.5, 1.05),
}
