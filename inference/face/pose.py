"""Estimate how a cut-out face is held, and how plainly it is seen."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from inference import threads
from inference.face.finders.centerface import load_net
from inference.face.finders.centerface_net import CELL

SIDE = 48  # pixels: FER-2013's, so that its faces and those of photos are measured alike
_MARGIN = 8  # pixels by which the edge is repeated: CenterFace looks for whole heads

_LEANING, _LYING = 10, 60  # degrees
_BELIEVED = 0.05  # of `plain`: below it the points lie anywhere


@dataclass(frozen=True, slots=True)
class Pose:
    """Hold how a face is held and seen.

    plain: CenterFace's score, 0..1: how surely a face is seen with eyes, nose and mouth (masks, hands and sunglasses
    lower it, so do blur and grain).
    tilt: degrees from upright, clockwise.
    turn: how far the nose lies right of the middle between the eyes and the mouth, in their distance; about .5 is a
    profile.
    """

    plain: float
    tilt: float
    turn: float

    @property
    def leans(self) -> bool:
        """Tell whether to straighten the face: it leans enough to matter, and the points can be believed."""
        return _LEANING <= abs(self.tilt) <= _LYING and self.plain >= _BELIEVED


class PoseEstimator:
    """Estimate the pose of cut-out faces by CenterFace's five points, whatever found them.

    Not safe to share between threads.
    """

    def __init__(self) -> None:
        self._net = load_net()

    @torch.inference_mode()
    def measure(self, face: NDArray[np.uint8]) -> Pose:
        """Return the pose of a grey face [SIDE, SIDE]."""
        grey = torch.from_numpy(np.pad(face, _MARGIN, "edge")).float()
        picture = grey.expand(1, 3, -1, -1).contiguous(memory_format=torch.channels_last)
        with threads.single_threaded():
            centre, size, _, points = self._net(picture)
        row, column = divmod(int(centre.argmax()), centre.shape[1])
        height_and_width = size[:, row, column].exp() * CELL
        places = points[:, row, column].unflatten(0, (5, 2)) * height_and_width
        return Pose(float(centre[row, column]), *_tilt_and_turn(places.double().numpy()))


def _tilt_and_turn(points: NDArray[np.float64]) -> tuple[float, float]:
    """Return tilt and turn by the points [5, down and right] of both eyes, nose and both corners of the mouth."""
    left_eye, right_eye, nose, left_mouth, right_mouth = points
    eyes, mouth = (left_eye + right_eye) / 2, (left_mouth + right_mouth) / 2
    down, right = mouth - eyes
    length = max(math.hypot(down, right), 1e-6)
    off = nose - (eyes + mouth) / 2
    # Along the line across the face, which stands at right angles to the one from the eyes to the mouth.
    turn = (off[1] * down - off[0] * right) / length**2
    return math.degrees(math.atan2(-right, down)), float(turn)
