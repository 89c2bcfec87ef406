"""Read FER-2013 as it is handed around: this project's packed files, Kaggle's tables, folders of pictures."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from inference.face.net import FER_LABELS, VOTE_LABELS
from training.face.data.faces import PARTS, Faces, without_near_duplicates
from training.face.data.pictures import SIDE, Images, class_folders, grey, label_of
from training.files import BadData, columns, members, share_of, table

_CODES = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")  # what `emotion` 0 to 6 means
# FERPlus' columns in the order of VOTE_LABELS. Its other two, unknown and NF (not a face), are votes for no emotion.
_VOTES = ("anger", "disgust", "fear", "happiness", "neutral", "sadness", "surprise", "contempt")
_NO_VOTES = (0.0,) * len(VOTE_LABELS)
_CELLS = 32  # each packed sheet holds 32 x 32 faces
_FOLDERS = {
    "training": "Training",
    "train": "Training",
    "publictest": "PublicTest",
    "validation": "PublicTest",
    "val": "PublicTest",
    "privatetest": "PrivateTest",
    "test": "PrivateTest",
}
_HELD_OUT = 26 / 256  # of Training, where nothing else can be PublicTest


class _Face(NamedTuple):
    part: str
    image: Images
    label: str
    votes: tuple[float, ...]  # how many raters were for each of VOTE_LABELS


def load_faces(folder: Path) -> dict[str, Faces]:
    """Read whichever layout lies in the folder, without duplicates that would leak (see `without_near_duplicates`).

    - `fer2013.tar` with a `fer2013.csv` that has a column `cell`: this project's sheets, with FERPlus' votes.
    - `fer2013.csv` or `icml_face_data.csv` with the columns emotion, pixels and Usage, and beside it `fer2013new.csv`
      with FERPlus' votes, row for row; without that nobody voted.
    - `train` and `test`, or `Training`, `PublicTest` and `PrivateTest`, each with a folder of pictures per emotion.

    Raises BadData.
    """
    return without_near_duplicates(_parts(_faces(folder), folder))


def load_tests(folder: Path) -> dict[str, Faces]:
    """Read PublicTest and PrivateTest alone, without the minute that looking for duplicates in Training takes."""
    parts = _parts(_faces(folder), folder)
    return {part: faces for part, faces in parts.items() if part != "Training"}


def _faces(folder: Path) -> Iterable[_Face]:
    for name in ("fer2013.csv", "icml_face_data.csv"):
        if (path := folder / name).is_file():
            return _packed(folder) if "cell" in columns(path) else _tables(path, folder / "fer2013new.csv")
    if roots := _part_folders(folder):
        return _held_out(_pictures(roots))
    raise BadData(
        f"no FER-2013 in {folder}: looked for fer2013.csv (with fer2013.tar where it is packed), icml_face_data.csv, "
        "and folders train and test or Training, PublicTest and PrivateTest"
    )


def _parts(faces: Iterable[_Face], folder: Path) -> dict[str, Faces]:
    of: dict[str, list[_Face]] = {part: [] for part in PARTS}
    for face in faces:
        of[face.part].append(face)
    if empty := [part for part in PARTS if not of[part]]:
        raise BadData(f"FER-2013 in {folder} has nothing for {' and '.join(empty)}")
    return {part: _together(rows) for part, rows in of.items()}


def _together(rows: list[_Face]) -> Faces:
    votes = np.array([row.votes for row in rows], np.float32)
    return Faces(
        images=np.stack([row.image for row in rows]),
        fer=np.array([FER_LABELS.index(row.label) for row in rows]),
        votes=votes / np.maximum(votes.sum(1, keepdims=True), 1),
    )


def _packed(folder: Path) -> Iterator[_Face]:
    """Read this project's sheets.

    Training rows with a flag are left out: which image has which label is a guess there.
    """
    sheets = {name: _cells(data) for name, data in members(folder / "fer2013.tar")}
    needed = ("path", "cell", "usage", "emotion", "flag", *_VOTES)
    for where, row in table(folder / "fer2013.csv", *needed):
        part = _part(row["usage"], where)
        if part == "Training" and row["flag"]:
            continue
        if row["emotion"] not in FER_LABELS or row["path"] not in sheets:
            raise BadData(f"{where}: no such emotion or no such sheet: {row['emotion']}, {row['path']}")
        yield _Face(part, sheets[row["path"]][int(row["cell"])], row["emotion"], _votes(row, where))


def _cells(sheet: bytes) -> Images:
    """Return the faces of one sheet, [1024, 48, 48], line by line."""
    with Image.open(io.BytesIO(sheet)) as opened:
        pixels = np.asarray(opened.convert("L"))
    return pixels.reshape(_CELLS, SIDE, _CELLS, SIDE).swapaxes(1, 2).reshape(-1, SIDE, SIDE)


def _tables(path: Path, votes: Path) -> Iterable[_Face]:
    rows = table(path, "emotion", "pixels", "Usage")
    faces = (
        _Face(_part(row["Usage"], at), _pixels(row["pixels"], at), _coded(row["emotion"], at), _NO_VOTES)
        for at, row in rows
    )
    return _voted(faces, votes) if votes.is_file() else faces


def _voted(faces: Iterable[_Face], path: Path) -> Iterator[_Face]:
    """Yield faces with FERPlus' votes, row for row: the image names in its table skip what is no face."""
    for face, vote in zip_longest(faces, table(path, "Usage", *_VOTES)):
        if not face or not vote:
            raise BadData(
                f"{path.name} has {'more' if vote else 'fewer'} rows than the table with the pixels"
            )
        where, row = vote
        if row["Usage"] != face.part:
            raise BadData(f"{where}: Usage is {row['Usage']!r}, but {face.part} in the table with the pixels")
        yield face._replace(votes=_votes(row, where))


def _part(usage: str, where: str) -> str:
    if usage not in PARTS:
        raise BadData(f"{where}: Usage is {usage!r}, not one of {', '.join(PARTS)}")
    return usage


def _votes(row: Mapping[str, str], where: str) -> tuple[float, ...]:
    try:
        return tuple(float(row[column] or 0) for column in _VOTES)
    except ValueError as error:
        raise BadData(f"{where}: a vote is not a number") from error


def _coded(emotion: str, where: str) -> str:
    try:
        return dict(enumerate(_CODES))[int(emotion)]
    except (ValueError, KeyError) as error:
        raise BadData(f"{where}: emotion is {emotion!r}, not a number from 0 to 6") from error


def _pixels(text: str, where: str) -> Images:
    try:
        levels = bytes(map(int, text.split()))  # raises ValueError for what is no grey level, too
    except ValueError as error:
        raise BadData(f"{where}: pixels are whole numbers from 0 to 255") from error
    if len(levels) != SIDE * SIDE:
        raise BadData(f"{where}: {len(levels)} pixels, not {SIDE * SIDE}")
    return np.frombuffer(levels, np.uint8).reshape(SIDE, SIDE)


def _part_folders(folder: Path) -> list[tuple[str, Path]]:
    inner = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    return [(_FOLDERS[path.name.lower()], path) for path in inner if path.name.lower() in _FOLDERS]


def _pictures(roots: list[tuple[str, Path]]) -> Iterator[tuple[Path, _Face]]:
    """Read folders of pictures by part.

    A common archive puts both tests into one folder, but keeps the part in each name: Training_3908.jpg.
    """
    for folder_part, root in roots:
        for label, path in class_folders(root):
            if label_of(label) not in FER_LABELS:
                raise BadData(f"{path}: FER-2013 has no {label}")
            named = re.match("|".join(PARTS), path.name)
            image = grey(path.read_bytes(), str(path))
            yield path, _Face(named[0] if named else folder_part, image, label, _NO_VOTES)


def _held_out(found: Iterable[tuple[Path, _Face]]) -> Iterator[_Face]:
    """Make about a tenth of Training PublicTest where nothing else is.

    It is the same on every machine, chosen by a hash of the file's name. Nobody knows who is on the pictures, so a
    person may be in both.
    """
    pairs = list(found)
    missing = all(face.part != "PublicTest" for _, face in pairs)
    for path, face in pairs:
        hold = missing and face.part == "Training" and share_of(path.name) < _HELD_OUT
        yield face._replace(part="PublicTest") if hold else face
