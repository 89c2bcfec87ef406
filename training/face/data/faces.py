"""FER-2013 with FERPlus' votes as arrays, without the copies that would leak."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.face.data.near_duplicates import DUPLICATE_FROM, highest_correlation

PARTS = ("Training", "PublicTest", "PrivateTest")  # FER-2013's official split


@dataclass(frozen=True, slots=True)
class Faces:
    """Images [n, 48, 48] uint8; fer [n] label numbers; votes [n, 8] shares that add up to 1 (0 where nobody voted)."""

    images: NDArray[np.uint8]
    fer: NDArray[np.int64]
    votes: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.images)

    def only(self, index: NDArray[np.bool_]) -> "Faces":
        """Those that the mask [n] names."""
        return Faces(self.images[index], self.fer[index], self.votes[index])


def without_near_duplicates(parts: dict[str, Faces]) -> dict[str, Faces]:
    """Training loses blank images, and exact and near copies of what is in the other parts; those stay as they are."""
    training = parts["Training"]
    others = np.concatenate([faces.images for part, faces in parts.items() if part != "Training"])
    keep = training.images.std((1, 2)) > 1
    keep[keep] = highest_correlation(training.images[keep], others) < DUPLICATE_FROM
    return {**parts, "Training": training.only(keep)}
