"""Find faces in several passes over a picture: small and upright first, turned or larger where that leaves a doubt."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from PIL import Image

from inference.face.find import Box, Picture

_SELFIE_SHARE = 0.2  # of the picture's long side: a selfie's face is at least as high


@dataclass(frozen=True, slots=True)
class DetectionPass:
    """Describe one run of a detector: the picture's long side in pixels, and the least score that counts, 0..1."""

    long_side: int
    min_score: float


class MultiPassFinder(ABC):
    """Find faces with a detector whose scores are highest for upright faces.

    A face that fills a selfie is seen in a picture of a quarter of the pixels (`selfie_pass`). Nets see faces that lie
    on their side or stand on their head, too, but believe in them less. So an upright pass that is not sure is compared
    with passes over the turned picture, and the surest counts. A picture that shows nothing either way is looked at
    closely, as it is (`close_pass`): small faces in pictures that are turned, too, stay unseen.
    """

    selfie_pass: ClassVar[DetectionPass]
    upright_pass: ClassVar[DetectionPass]
    turned_pass: ClassVar[DetectionPass]
    close_pass: ClassVar[DetectionPass]
    sure_score: ClassVar[float]  # from this score on an upright face is never mistaken for a turned one

    def find(self, picture: Picture) -> list[Box]:
        """Return the faces in RGB [height, width, 3] that stand the same way up, the largest first."""
        selfie = self._detect_turned(picture, self.selfie_pass)
        large = _SELFIE_SHARE * max(picture.shape[:2])
        if selfie and selfie[0].score >= self.sure_score and selfie[0].height >= large:
            return selfie
        upright = self._detect_turned(picture, self.upright_pass)
        if _best_score(upright) >= self.sure_score:
            return upright
        turned = (self._detect_turned(picture, self.turned_pass, quarters) for quarters in (1, 3, 2))
        best = max(upright, *turned, key=_best_score)
        return best or self._detect_turned(picture, self.close_pass)

    def _detect_turned(self, picture: Picture, detection: DetectionPass, quarters: int = 0) -> list[Box]:
        """Return the faces that are upright after so many quarter turns, in the coordinates of `picture`."""
        scale = detection.long_side / max(picture.shape[:2])
        view = np.rot90(_resized(picture, scale), quarters)
        boxes = (box.turned(-quarters, *view.shape[:2]) for box in self.detect(view, detection.min_score))
        return sorted((box.scaled(1 / scale) for box in boxes), key=lambda box: -box.area)

    @abstractmethod
    def detect(self, picture: Picture, min_score: float) -> list[Box]:
        """Return the faces in RGB [height, width, 3] of at least this score, in any order."""


def _best_score(boxes: Sequence[Box]) -> float:
    return max((box.score for box in boxes), default=0.0)


def _resized(picture: Picture, scale: float) -> Picture:
    height, width = (max(1, round(n * scale)) for n in picture.shape[:2])
    # Whole pixels are averaged first, which takes a third of the time.
    image = Image.fromarray(picture).resize((width, height), Image.Resampling.BILINEAR, reducing_gap=1.0)
    return np.asarray(image)
