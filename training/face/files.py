"""What the loaders of face data share: pictures and tables in files, and one error for whatever is wrong with them."""

import csv
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inference.face.net import VOTE_LABELS

SIDE = 48  # pixels: every face of FER-2013, and of CK+ as it is used beside it
Images = NDArray[np.uint8]

_PICTURES = {".png", ".jpg", ".jpeg"}
_OTHER_WORDS = {
    "anger": "angry",
    "disgusted": "disgust",
    "fearful": "fear",
    "happiness": "happy",
    "sadness": "sad",
    "surprised": "surprise",
}


class BadData(SystemExit):
    """The data are not as their layout says. The message is one sentence; a command that meets it ends with it."""


def columns(path: Path) -> list[str]:
    """The names in the first line of a CSV file, without the blanks that some have around them."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        return [name.strip() for name in next(csv.reader(file), [])]


def table(path: Path, *needed: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each row of a CSV file, after the words that say where it stands; raises BadData unless all columns are there."""
    names = columns(path)
    if missing := set(needed) - set(names):
        raise BadData(f"{path.name} has no column {', '.join(sorted(missing))}: it has {', '.join(names)}")
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file, names, restval="")
        next(reader)
        for row in reader:
            yield f"{path.name}, line {reader.line_num}", row


def members(path: Path) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the files in a tar archive."""
    with tarfile.open(path) as tar:
        for member in tar:
            if file := tar.extractfile(member):
                yield member.name, file.read()


def class_folders(folder: Path) -> Iterator[tuple[str, Path]]:
    """The pictures in folders named after emotions, each with its place's label in VOTE_LABELS; raises BadData."""
    for inner in sorted(path for path in folder.iterdir() if path.is_dir()):
        label = label_of(inner.name)
        if label is None:
            raise BadData(
                f"{inner}: folders here are named {', '.join(VOTE_LABELS)} (or {', '.join(_OTHER_WORDS)})"
            )
        yield from ((label, path) for path in sorted(inner.iterdir()) if path.suffix.lower() in _PICTURES)


def label_of(word: str) -> str | None:
    """The label that a folder's or a column's name means."""
    label = _OTHER_WORDS.get(word.lower(), word.lower())
    return label if label in VOTE_LABELS else None


def grey(data: bytes, name: str) -> Images:
    """An encoded picture as grey [SIDE, SIDE], shrunk or enlarged where it has another size; raises BadData."""
    try:
        with Image.open(io.BytesIO(data)) as opened:
            image = opened.convert("L")
    except OSError as error:
        raise BadData(f"{name} is not a picture that can be read") from error
    if image.size != (SIDE, SIDE):
        image = image.resize((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return np.asarray(image)
