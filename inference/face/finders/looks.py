"""What the finders have in common: a quick look at a small picture, and a closer one when that saw nothing."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from PIL import Image

from inference.face.find import Box, Picture


@dataclass(frozen=True, slots=True)
class Look:
    """The picture's long side in pixels, and the least score that counts, 0..1."""

    side: int
    least: float


class LookingFinder(ABC):
    """A FaceFinder that looks again, at more pixels, only while it has seen nothing."""

    looks: ClassVar[tuple[Look, ...]]

    def find(self, picture: Picture) -> list[Box]:
        """All faces, the largest first."""
        for look in self.looks:
            scale = look.side / max(picture.shape[:2])
            if found := self.detect(_resized(picture, scale), look.least):
                return sorted((box.scaled(1 / scale) for box in found), key=lambda box: -box.area)
        return []

    @abstractmethod
    def detect(self, picture: Picture, least: float) -> list[Box]:
        """The faces in RGB [height, width, 3] of at least this score, in any order."""


def _resized(picture: Picture, scale: float) -> Picture:
    height, width = (max(1, round(n * scale)) for n in picture.shape[:2])
    image = Image.fromarray(picture).resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return np.asarray(image)
