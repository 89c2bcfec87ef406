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
class Shown:
    """Hold what a finder is given; `face` is where it is once `quarters` turns counterclockwise have set it upright."""

    picture: Picture
    face: Box
    quarters: int = 0


Maker = Callable[[Picture, Box, np.random.Generator], Shown]


def photos(folder: Path) -> Iterator[Photo]:
    """Read the photos that `photos.csv` lists, from `photos.tar`, in the order of their names."""
    with (folder / "photos.csv").open(newline="") as table:
        faces = {row["path"]: int(row["faces"]) for row in csv.DictReader(table)}
    with tarfile.open(folder / "photos.tar") as tar:
        for name in sorted(faces):
            if file := tar.extractfile(name):
                yield Photo(name, faces[name], decode(file.read()))


def made(maker: Maker, picture: Picture, face: Box, name: str) -> Shown:
    """Make the same picture every time: chance is seeded with the photo's name."""
    return maker(picture, face, np.random.default_rng(zlib.crc32(name.encode())))


def middle(picture: Picture) -> Box:
    """Return where photos without a face get what the others get on theirs."""
    height, width = picture.shape[:2]
    return Box(width / 3, height / 3, width / 3, height / 3, 0)


def as_it_is(picture: Picture, face: Box, _: np.random.Generator) -> Shown:
    """Leave the photo as it is."""
    return Shown(picture, face)


def grey(picture: Picture, face: Box, _: np.random.Generator) -> Shown:
    """Take the colour away."""
    return Shown(np.asarray(Image.fromarray(picture).convert("L").convert("RGB")), face)


def smaller(by: float) -> Maker:
    """Put the photo into a room of as many pixels as before, of which it has `by` of each side."""

    def make(picture: Picture, face: Box, rng: np.random.Generator) -> Shown:
        height, width = picture.shape[:2]
        small = Image.fromarray(picture).resize((max(1, round(width * by)), max(1, round(height * by))))
        left, top = int(rng.integers(width - small.width + 1)), int(rng.integers(height - small.height + 1))
        room = Image.fromarray(_noisy(np.full(picture.shape, picture.mean((0, 1))), 12, rng))
        room.paste(small, (left, top))
        at = face.scaled(by)
        return Shown(np.asarray(room), replace(at, left=at.left + left, top=at.top + top))

    return make


def tilted(degrees: float) -> Maker:
    """Turn about the face's middle, to either side; the corners get the photo's mean colour."""

    def make(picture: Picture, face: Box, rng: np.random.Generator) -> Shown:
        around = face.left + face.width / 2, face.top + face.height / 2
        mean = tuple(int(v) for v in picture.mean((0, 1)))
        angle = degrees * rng.choice((-1, 1))
        image = Image.fromarray(picture).rotate(
            angle, Image.Resampling.BICUBIC, center=around, fillcolor=mean
        )
        return Shown(np.asarray(image), face)

    return make


def turned(quarters: int) -> Maker:
    """Turn as a phone stores a photo when it was held otherwise, without the tag that says so."""

    def make(picture: Picture, face: Box, _: np.random.Generator) -> Shown:
        return Shown(np.ascontiguousarray(np.rot90(picture, -quarters)), face, quarters)

    return make


def lit(stops: float) -> Maker:
    """Double the light per stop (gamma 2.2), clip, then add a camera's noise of two grey levels."""

    def make(picture: Picture, face: Box, rng: np.random.Generator) -> Shown:
        return Shown(_noisy(picture * 2 ** (stops / 2.2), 2, rng), face)

    return make


def compressed(quality: int) -> Maker:
    """Save as JPEG and read again."""

    def make(picture: Picture, face: Box, _: np.random.Generator) -> Shown:
        out = io.BytesIO()
        Image.fromarray(picture).save(out, "JPEG", quality=quality)
        return Shown(np.asarray(Image.open(out)), face)

    return make


def blurred(share: float) -> Maker:
    """Blur with a Gaussian whose deviation is this share of the face's height."""

    def make(picture: Picture, face: Box, _: np.random.Generator) -> Shown:
        blur = ImageFilter.GaussianBlur(share * face.height)
        return Shown(np.asarray(Image.fromarray(picture).filter(blur)), face)

    return make


def covered(left: float, top: float, right: float, bottom: float) -> Maker:
    """Put a dark plate over a part of the face, given as shares of its box."""

    def make(picture: Picture, face: Box, _: np.random.Generator) -> Shown:
        image = Image.fromarray(picture)
        x, y = (
            (face.left + s * face.width for s in (left, right)),
            (face.top + s * face.height for s in (top, bottom)),
        )
        (x0, x1), (y0, y1) = x, y
        image.paste((50, 55, 60), (round(x0), round(y0), round(x1), round(y1)))
        return Shown(np.asarray(image), face)

    return make


def _noisy(picture: NDArray[np.number], deviation: float, rng: np.random.Generator) -> Picture:
    noise = deviation * rng.standard_normal(picture.shape, np.float32)
    noisy: Picture = np.clip(np.clip(picture, 0, 255) + noise, 0, 255).astype(np.uint8)
    return noisy


MADE: dict[str, Maker] = {
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
