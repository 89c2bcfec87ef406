"""FER-2013 with FERPlus' votes as arrays, without the copies that would leak."""

import csv
import io
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inference.face.net import FER_LABELS, VOTE_LABELS

_SIDE, _CELLS = 48, 32  # each sheet holds 32 x 32 faces of 48 x 48 pixels
_VOTE_COLUMNS = {
    "angry": "anger",
    "happy": "happiness",
    "sad": "sadness",
}  # the others are called alike in FERPlus


@dataclass(frozen=True, slots=True)
class Faces:
    """Images [n, 48, 48] uint8; fer [n] label numbers; votes [n, 8] shares that add up to 1 (0 where nobody voted)."""

    images: NDArray[np.uint8]
    fer: NDArray[np.int64]
    votes: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.images)


def load_fer(folder: Path) -> dict[str, Faces]:
    """The official split: Training (copies of test faces left out), PublicTest and PrivateTest."""
    with (folder / "fer2013.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    images = _sheets(folder / "fer2013.tar", len(rows))
    groups = np.array([int(r["dup_of"] or r["row"]) for r in rows])
    usage = np.array([r["usage"] for r in rows])
    leaking = set(groups[usage != "Training"])
    parts = {}
    for name in ("Training", "PublicTest", "PrivateTest"):
        keep = usage == name
        if name == "Training":
            keep &= np.array([g not in leaking and not r["flag"] for g, r in zip(groups, rows, strict=True)])
            keep &= images.std((1, 2)) > 1  # blank images
        parts[name] = _faces(images, rows, np.flatnonzero(keep))
    return parts


def _faces(images: NDArray[np.uint8], rows: list[dict[str, str]], index: NDArray[np.int64]) -> Faces:
    columns = [_VOTE_COLUMNS.get(label, label) for label in VOTE_LABELS]
    votes = np.array([[float(rows[i][c] or 0) for c in columns] for i in index], np.float32)
    votes /= np.maximum(votes.sum(1, keepdims=True), 1)
    fer = np.array([FER_LABELS.index(rows[i]["emotion"]) for i in index])
    return Faces(images[index], fer, votes)


def _sheets(path: Path, count: int) -> NDArray[np.uint8]:
    out = np.empty((count, _SIDE, _SIDE), np.uint8)
    per_sheet = _CELLS * _CELLS
    with tarfile.open(path) as tar:
        for member in tar:
            data = tar.extractfile(member)
            assert data is not None
            sheet = np.asarray(Image.open(io.BytesIO(data.read())).convert("L"))
            cells = (
                sheet.reshape(_CELLS, _SIDE, _CELLS, _SIDE).transpose(0, 2, 1, 3).reshape(-1, _SIDE, _SIDE)
            )
            start = int(Path(member.name).stem[-2:]) * per_sheet
            stop = min(start + per_sheet, count)
            out[start:stop] = cells[: stop - start]
    return out
