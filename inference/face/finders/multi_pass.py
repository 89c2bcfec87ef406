"""What the finders have in common: how they look at a picture, and when they look again."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from PIL import Image

from inference.face.find import Box, Picture

_FILLS = 0.2  # of the picture's long side: a selfie's face is at least as high


@dataclass(frozen=True, slots=True)
class Look:
    """The picture's long side in pixels, and the least score that counts, 0..1."""

    side: int
    least: float


class MultiPassFinder(ABC):
    """A FaceFinder whose scores are highest for upright faces, which it finds at a glance.

    A face that fills a selfie is seen in a picture of a quarter of the pixels. Nets see faces that lie on their side or
    stand on their head, too, but believe in them less. So a glance that is not sure is compared with looks at the
    turned picture, and the surest counts. A picture that shows nothing either way is looked at closely, as it is: small
    faces in pictures that are turned, too, stay unseen.
    """

    selfie: ClassVar[Look]
    glance: ClassVar[Look]
    turned: ClassVar[Look]
    close: ClassVar[Look]
    sure: ClassVar[float]  # the score from which on an upright face is never mistaken for a turned one

    def find(self, picture: Picture) -> list[Box]:
        """All faces of those that stand alike, the largest first."""
        selfie = self._see(picture, self.selfie)
        if selfie and selfie[0].score >= self.sure and selfie[0].height >= _FILLS * max(picture.shape[:2]):
            return selfie
        upright = self._see(picture, self.glance)
        if _surest(upright) >= self.sure:
            return upright
        turned = (self._see(picture, self.turned, quarters) for quarters in (1, 3, 2))
        return max(upright, *turned, key=_surest) or self._see(picture, self.close)

    def _see(self, picture: Picture, look: Look, quarters: int = 0) -> list[Box]:
        """Faces that are upright after so many turns, where they are before."""
        scale = look.side / max(picture.shape[:2])
        view = np.rot90(_resized(picture, scale), quarters)
        boxes = (box.turned(-quarters, *view.shape[:2]) for box in self.detect(view, look.least))
        return sorted((box.scaled(1 / scale) for box in boxes), key=lambda box: -box.area)

    @abstractmethod
    def detect(self, picture: Picture, least: float) -> list[Box]:
        """The faces in RGB [height, width, 3] of at least this score, in any order."""


def _surest(boxes: Sequence[Box]) -> float:
    return max((box.score for box in boxes), default=0.0)


def _resized(picture: Picture, scale: float) -> Picture:
    height, width = (max(1, round(n * scale)) for n in picture.shape[:2])
    # Whole pixels are averaged first, which takes a third of the time.
    image = Image.fromarray(picture).resize((width, height), Image.Resampling.BILINEAR, reducing_gap=1.0)
    return np.asarray(image)
