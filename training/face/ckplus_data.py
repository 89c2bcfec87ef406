"""The Extended Cohn-Kanade pictures (CK+): people who act an emotion, the last three frames of each sequence."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.face.net import VOTE_LABELS
from training.face.files import BadData, Images, grey, members, table


@dataclass(frozen=True, slots=True)
class CkPlus:
    """Images [n, 48, 48] uint8; labels [n], places in VOTE_LABELS (there is no neutral); subjects and sequences [n].

    The frames of a sequence hardly differ and a person has several: only a split by subject tests anything.
    """

    images: Images
    labels: NDArray[np.int64]
    subjects: NDArray[np.str_]
    sequences: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.images)


def load_ckplus(folder: Path) -> CkPlus:
    """Read ckplus.tar and ckplus.csv (path, subject, emotion, sequence). Raises BadData."""
    pictures = dict(members(folder / "ckplus.tar"))
    rows = table(folder / "ckplus.csv")
    for number, row in enumerate(rows, 2):
        if row["emotion"] not in VOTE_LABELS or row["path"] not in pictures:
            raise BadData(f"ckplus.csv, line {number}: no such emotion or picture: {row}")
    return CkPlus(
        np.stack([grey(pictures[row["path"]], row["path"]) for row in rows]),
        np.array([VOTE_LABELS.index(row["emotion"]) for row in rows]),
        np.array([row["subject"] for row in rows]),
        np.array([row["sequence"] for row in rows]),
    )
