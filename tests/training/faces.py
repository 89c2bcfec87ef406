"""FER-2013 in small, written in each layout that it is handed around in. Faces are noise: no two are alike."""

import csv
import io
import tarfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.inference.pictures import saved

Grey = NDArray[np.uint8]
CODES = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
RATED = (
    "neutral",
    "happiness",
    "surprise",
    "sadness",
    "anger",
    "disgust",
    "fear",
    "contempt",
    "unknown",
    "NF",
)


def noise(seed: int) -> Grey:
    """A face that is like no other: blotches as large as what copies are compared by."""
    cells = np.random.default_rng(seed).integers(0, 256, (8, 8), np.uint8)
    return np.repeat(np.repeat(cells, 6, 0), 6, 1)


@dataclass(frozen=True, slots=True)
class Row:
    part: str
    emotion: str
    image: Grey
    votes: tuple[int, ...] = (0,) * len(RATED)


SMALL = (
    Row("Training", "angry", noise(1), (4, 0, 0, 1, 3, 2, 0, 0, 0, 0)),
    Row("Training", "neutral", noise(2), (0, 0, 0, 0, 0, 0, 0, 0, 0, 10)),
    Row("PublicTest", "happy", noise(3), (0, 5, 0, 0, 0, 0, 0, 5, 0, 0)),
    Row("PrivateTest", "surprise", noise(4), (1, 0, 1, 0, 0, 0, 0, 0, 8, 0)),
)


def write_csv(path: Path, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows(rows)


def pixels(image: Grey) -> str:
    return " ".join(map(str, image.flatten().tolist()))


def write_tables(folder: Path, rows: Sequence[Row], voted: bool = True) -> None:
    write_csv(
        folder / "fer2013.csv",
        ("emotion", "pixels", "Usage"),
        ((CODES.index(row.emotion), pixels(row.image), row.part) for row in rows),
    )
    if voted:
        write_votes(folder, rows)


def write_votes(folder: Path, rows: Sequence[Row]) -> None:
    """As FERPlus does: rows that all raters call no face have no image name, and the numbers skip them."""
    named = (n for n in range(len(rows)))
    table = (
        (row.part, "" if row.votes[-1] == 10 else f"fer{next(named):07}.png", *row.votes) for row in rows
    )
    write_csv(folder / "fer2013new.csv", ("Usage", "Image name", *RATED), table)


def write_folders(folder: Path, rows: Sequence[Row], names: dict[str, str], suffix: str = ".png") -> None:
    for number, row in enumerate(rows):
        inner = folder / names[row.part] / row.emotion
        inner.mkdir(parents=True, exist_ok=True)
        (inner / f"{number:03}{suffix}").write_bytes(saved(Image.fromarray(row.image)))


def write_packed(folder: Path, rows: Sequence[Row], flags: dict[int, str] | None = None) -> None:
    sheet = np.zeros((32, 32, 48, 48), np.uint8)
    for cell, row in enumerate(rows):
        sheet[divmod(cell, 32)] = row.image
    data = saved(Image.fromarray(sheet.swapaxes(1, 2).reshape(32 * 48, 32 * 48)), compress_level=1)
    write_tar(folder / "fer2013.tar", {"fer2013/sheet_00.png": data})
    write_csv(
        folder / "fer2013.csv",
        ("row", "path", "cell", "usage", "emotion", *RATED, "flag"),
        (
            (n, "fer2013/sheet_00.png", n, row.part, row.emotion, *row.votes, (flags or {}).get(n, ""))
            for n, row in enumerate(rows)
        ),
    )


def write_tar(path: Path, files: dict[str, bytes]) -> None:
    with tarfile.open(path, "w") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
