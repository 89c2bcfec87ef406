"""Read the Extended Cohn-Kanade pictures (CK+, Lucey et al. 2010): people who act an emotion.

Of each sequence the last three frames are taken.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inference.errors import Unreadable
from inference.face.decode import decode
from inference.face.find import FaceFinder, Picture, crop
from inference.face.finders import open_finder
from inference.face.net import VOTE_LABELS
from training.face.data.pictures import SIDE, Images, class_folders, grey, label_of
from training.files import BadData, members, table

# What the numbers in the official *_emotion.txt mean (Lucey et al. 2010).
_CODES = dict(enumerate(("angry", "contempt", "disgust", "fear", "happy", "sad", "surprise"), 1))
_LAST = 3  # frames of a sequence that show the emotion in full, as everyone counts who reports figures on CK+
_FRAME = re.compile(r"(S\d+)_(\d+)_\d+")


@dataclass(frozen=True, slots=True)
class CkPlus:
    """Hold CK+: images [n, 48, 48] uint8, labels, subjects and sequences, each [n].

    Labels are places in VOTE_LABELS; there is no neutral. The frames of a sequence hardly differ and a person has
    several: only a split by subject tests anything.
    """

    images: Images
    labels: NDArray[np.int64]
    subjects: NDArray[np.str_]
    sequences: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.images)

    def only(self, index: NDArray[np.bool_]) -> "CkPlus":
        """Return the pictures that the mask [n] names."""
        return CkPlus(self.images[index], self.labels[index], self.subjects[index], self.sequences[index])


class _Frame(NamedTuple):
    image: Images
    label: str
    subject: str
    sequence: str


def load_ckplus(folder: Path, finder: FaceFinder | None = None) -> CkPlus:
    """Read whichever layout of CK+ lies in the folder. Raises BadData.

    - `ckplus.tar` and `ckplus.csv` (path, subject, emotion, sequence): faces of 48 x 48 pixels.
    - `CK+48/anger/S010_004_00000017.png` and so on, or those class folders themselves.
    - the official `cohn-kanade-images/S005/001/*.png` with `Emotion/S005/001/*_emotion.txt`: labelled sequences only,
      faces cut out as in FER-2013 where the finder (by default the product's) sees them.
    """
    frames = _frames(folder, finder)
    if not frames:
        raise BadData(f"there are no labelled CK+ pictures in {folder}")
    images, labels, subjects, sequences = zip(*frames, strict=True)
    numbers = np.array([VOTE_LABELS.index(label) for label in labels])
    return CkPlus(np.stack(images), numbers, np.array(subjects), np.array(sequences))


def _frames(folder: Path, finder: FaceFinder | None) -> Sequence[_Frame]:
    if (folder / "ckplus.csv").is_file():
        return list(_packed(folder))
    if official := _inner(folder, "cohn-kanade-images"):
        emotions = _inner(folder, "Emotion")
        if not emotions:
            raise BadData(f"{official} is there, but not the folder Emotion beside it")
        return list(_official(official, emotions, finder or open_finder()))
    if classes := next((c for c in (folder / "CK+48", folder) if _has_classes(c)), None):
        return list(_class_folders(classes))
    raise BadData(
        f"no CK+ in {folder}: looked for ckplus.csv with ckplus.tar, cohn-kanade-images with Emotion, CK+48, "
        "and folders named after emotions"
    )


def _packed(folder: Path) -> Iterator[_Frame]:
    pictures = dict(members(folder / "ckplus.tar"))
    for where, row in table(folder / "ckplus.csv", "path", "subject", "emotion", "sequence"):
        if (label := label_of(row["emotion"])) is None:
            raise BadData(f"{where}: no emotion is called {row['emotion']}")
        if row["path"] not in pictures:
            raise BadData(f"{where}: {row['path']} is not in ckplus.tar")
        yield _Frame(grey(pictures[row["path"]], row["path"]), label, row["subject"], row["sequence"])


def _has_classes(folder: Path) -> bool:
    return folder.is_dir() and any(path.is_dir() and label_of(path.name) for path in folder.iterdir())


def _class_folders(folder: Path) -> Iterator[_Frame]:
    for label, path in class_folders(folder):
        name = _FRAME.fullmatch(path.stem)
        if not name:
            raise BadData(f"{path}: the name does not tell the subject, as S010_004_00000017.png does")
        yield _Frame(grey(path.read_bytes(), str(path)), label, name[1], f"{name[1]}_{name[2]}")


def _inner(folder: Path, name: str) -> Path | None:
    """Return the folder of that name here or one level below, where the official archives put it."""
    return next((path for pattern in (name, f"*/{name}") for path in sorted(folder.glob(pattern))), None)


def _official(images: Path, emotions: Path, finder: FaceFinder) -> Iterator[_Frame]:
    for note in sorted(emotions.glob("*/*/*_emotion.txt")):
        subject, number = note.parts[-3:-1]
        label = _label(note)
        paths = sorted((images / subject / number).glob("*.png"))[-_LAST:]
        for face in _faces(paths, finder):
            yield _Frame(face, label, subject, f"{subject}_{number}")


def _label(note: Path) -> str:
    """Return the label that a file holds as one number, written as 3.0000000e+00."""
    try:
        return _CODES[int(float(note.read_text()))]
    except (ValueError, KeyError) as error:
        raise BadData(f"{note} holds no number from 1 to 7") from error


def _faces(paths: Sequence[Path], finder: FaceFinder) -> Iterator[Images]:
    """Cut faces out of frames, at the place where the last frame with a face has it.

    In a tenth of a second the head hardly moves. Raises BadData where no frame has a face.
    """
    pictures = [_decoded(path) for path in paths]
    box = next((boxes[0] for picture in reversed(pictures) if (boxes := finder.find(picture))), None)
    if pictures and not box:
        raise BadData(f"{paths[0].parent}: no face was found in the last {_LAST} frames")
    return (crop(picture, box, SIDE) for picture in pictures if box)


def _decoded(path: Path) -> Picture:
    try:
        return decode(path.read_bytes())
    except Unreadable as error:
        raise BadData(f"{path} is not a picture that can be read") from error
