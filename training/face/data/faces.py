"""Hold FER-2013 with FERPlus' votes as arrays, without the near duplicates that would leak."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain import EMOTIONS
from training.face.data.near_duplicates import DUPLICATE_FROM, highest_correlation

PARTS = ("Training", "PublicTest", "PrivateTest")  # FER-2013's official split


@dataclass(frozen=True, slots=True)
class Faces:
    """Hold faces: images [n, 48, 48] uint8, FER-2013's labels `fer` [n] and FERPlus' `votes` [n, 8].

    Labels are places in FER_LABELS; votes are shares that add up to 1 (0 where nobody voted).
    """

    images: NDArray[np.uint8]
    fer: NDArray[np.int64]
    votes: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.images)

    def only(self, index: NDArray[np.bool_]) -> "Faces":
        """Return the faces that the mask [n] names."""
        return Faces(self.images[index], self.fer[index], self.votes[index])

    @property
    def has_majority_emotion(self) -> NDArray[np.bool_]:
        """Return a mask [n] of faces that most of FERPlus' raters gave one of the seven emotions, not contempt."""
        out: NDArray[np.bool_] = (self.votes.sum(1) > 0) & (self.votes.argmax(1) < len(EMOTIONS))
        return out

    def with_majority_emotion(self) -> "Faces":
        """Return the faces that most of FERPlus' raters gave one of the seven emotions."""
        return self.only(self.has_majority_emotion)


def without_near_duplicates(parts: dict[str, Faces]) -> dict[str, Faces]:
    """Take blank images and near duplicates of the other parts' images out of Training.

    Exact copies are among these; the other parts stay as they are.
    """
    training = parts["Training"]
    others = np.concatenate([faces.images for part, faces in parts.items() if part != "Training"])
    keep = training.images.std((1, 2)) > 1
    keep[keep] = highest_correlation(training.images[keep], others) < DUPLICATE_FROM
    return {**parts, "Training": training.only(keep)}
