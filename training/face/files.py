"""What the loaders of face data share: pictures and tables in files, and one error for whatever is wrong with them."""

import csv
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

SIDE = 48  # pixels: every face of FER-2013, and of CK+ as it is used beside it
Images = NDArray[np.uint8]


class BadData(SystemExit):
    """The data are not as their layout says. The message is one sentence; a command that meets it ends with it."""


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by the names of its columns, without the blanks that some have around them."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        return [
            {(name or "").strip(): value or "" for name, value in row.items()} for row in csv.DictReader(file)
        ]


def members(path: Path) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the files in a tar archive."""
    with tarfile.open(path) as tar:
        for member in tar:
            if file := tar.extractfile(member):
                yield member.name, file.read()


def grey(data: bytes, name: str) -> Images:
    """An encoded picture as grey [SIDE, SIDE], shrunk or enlarged where it has another size; raises BadData."""
    try:
        with Image.open(io.BytesIO(data)) as opened:
            image = opened.convert("L")
    except (OSError, UnidentifiedImageError) as error:
        raise BadData(f"{name} is not a picture that can be read: {error}") from error
    if image.size != (SIDE, SIDE):
        image = image.resize((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return np.asarray(image)
