"""CenterFace (Xu et al. 2019, MIT). It needs nothing but torch, so it finds faces wherever the models run.

The net names a score, a size and a shift for every place of the picture; faces are where the score is high. Its score
does not depend on which way up a face is: the eyes and the mouth that it points at tell.
"""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor

from inference.face.find import Box, Picture
from inference.face.finders.centerface_net import CELL, STRIDE, CenterFaceNet
from inference.face.finders.multi_pass import DetectionPass, MultiPassFinder

WEIGHTS = Path(__file__).with_name("centerface.safetensors")
_OVERLAP = 0.3  # of what two boxes cover together: sharing more, they are one face seen twice


class CenterFace(MultiPassFinder):
    """Of 235 photos: the face, upright, in 139 of 139 with one, any in 1 of 96 with none.

    What is sure was chosen on 70 photos, every second one: 97 in 100 upright faces had at least .78, 97 in 100 turned
    ones at most .67. Turned by 90 degrees, the faces of all other 69 were set upright. At 160 pixels all 63 that fill a
    fifth of the picture had .75, of 210 turned ones one.

    Its boxes are framed as libfacedetection's are, which `crop` expects: around 157 faces that both saw, those were
    (medians) .98 as wide, 1.00 as high, and their middles 1.5 % further left and 1.2 % further up.
    """

    selfie_pass, upright_pass = DetectionPass(160, 0.7), DetectionPass(320, 0.7)
    turned_pass, close_pass = DetectionPass(320, 0.7), DetectionPass(640, 0.6)
    sure_score = 0.75

    def __init__(self) -> None:
        self._net = load_net()

    @torch.inference_mode()
    def detect(self, picture: Picture, min_score: float) -> list[Box]:
        """The faces in RGB [height, width, 3] of at least this score, in any order; then it is lowered as they lean."""
        centre, size, shift, points = self._net(_batch(picture))
        at = torch.nonzero(centre >= min_score).T
        row, column = at
        sizes = size[:, row, column].exp() * CELL
        corners = (at + 0.5 + shift[:, row, column]) * CELL - sizes / 2
        boxes = torch.cat([corners.flip(0), sizes.flip(0)]).T.double().numpy()
        scores = centre[row, column]
        kept = distinct(boxes, scores.double().numpy())
        upright = scores * _uprightness(points[:, row, column], sizes)
        faces = np.column_stack([boxes, upright.double().numpy()])
        return [Box(*face) for face in faces[kept].tolist()]


def load_net() -> CenterFaceNet:
    """The published net, ready to look at pictures [1, 3, height, width] in channels-last order."""
    net = CenterFaceNet().eval()
    net.load_state_dict({name: values.float() for name, values in load_file(WEIGHTS).items()})
    return net.to(memory_format=torch.channels_last)


def _uprightness(points: Tensor, sizes: Tensor) -> Tensor:
    """Cosine [n] of the angle between straight up and the way from the mouth to the eyes; 0 where that leads down.

    Points [10, n] as the net names them, sizes [height and width, n].
    """
    left_eye, right_eye, _, left_mouth, right_mouth = points.unflatten(0, (5, 2)) * sizes
    down, right = (left_mouth + right_mouth - left_eye - right_eye) / 2
    cosine: Tensor = down.clamp(min=0) / torch.hypot(down, right).clamp(min=1e-6)
    return cosine


def _batch(picture: Picture) -> Tensor:
    """[1, 3, height, width], with black below and to the right up to sides that the net can halve five times."""
    height, width = picture.shape[:2]
    padded = np.pad(picture, ((0, -height % STRIDE), (0, -width % STRIDE), (0, 0)))
    pixels = torch.from_numpy(padded).permute(2, 0, 1)[None].float()
    return pixels.contiguous(memory_format=torch.channels_last)


def distinct(boxes: NDArray[np.float64], scores: NDArray[np.float64]) -> list[int]:
    """Which boxes [n, 4: left, top, width, height] stay when, best first, each drops those that are the same face."""
    left, top, width, height = boxes.T
    kept, waiting = [], np.argsort(-scores, kind="stable")
    while len(waiting):
        best, rest = waiting[0], waiting[1:]
        kept.append(int(best))
        across = np.minimum(left + width, (left + width)[best]) - np.maximum(left, left[best])
        down = np.minimum(top + height, (top + height)[best]) - np.maximum(top, top[best])
        shared = across.clip(0) * down.clip(0)
        together = width * height + width[best] * height[best] - shared
        waiting = rest[(shared < _OVERLAP * together)[rest]]
    return kept
