"""Read pictures in files, and in folders named after emotions, for the loaders of face data."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inference.face.net import VOTE_LABELS
from training.files import SYNONYMS, BadData, emotion_of

SIDE = 48  # pixels: every face of FER-2013, and of CK+ as it is used beside it
Images = NDArray[np.uint8]

_PICTURES = {".png", ".jpg", ".jpeg"}


def class_folders(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the pictures in folders named after emotions, each after its label of VOTE_LABELS.

    Raises BadData where a folder is named otherwise.
    """
    for inner in sorted(path for path in folder.iterdir() if path.is_dir()):
        label = label_of(inner.name)
        if label is None:
            raise BadData(
                f"{inner}: folders here are named {', '.join(VOTE_LABELS)} (or {', '.join(SYNONYMS)})"
            )
        yield from ((label, path) for path in sorted(inner.iterdir()) if path.suffix.lower() in _PICTURES)


def label_of(word: str) -> str | None:
    """Return the label of VOTE_LABELS that a folder's or a column's name means, if any."""
    label = emotion_of(word)
    return label if label in VOTE_LABELS else None


def grey(data: bytes, name: str) -> Images:
    """Decode a picture as grey [SIDE, SIDE] uint8, shrunk or enlarged where it has another size.

    Raises BadData, which quotes `name`.
    """
    try:
        with Image.open(io.BytesIO(data)) as opened:
            image = opened.convert("L")
    except OSError as error:
        raise BadData(f"{name} is not a picture that can be read") from error
    if image.size != (SIDE, SIDE):
        image = image.resize((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return np.asarray(image)
