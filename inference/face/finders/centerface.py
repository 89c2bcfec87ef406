"""Find faces with CenterFace (Xu et al. 2019, MIT), which needs nothing but torch and so runs wherever the models do.

The net names a score, a size and a shift for every place of the picture; faces are where the score is high. Its score
does not depend on which way up a face is: the eyes and the mouth that it points at tell.
"""

import math
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor
from torchvision.ops import nms

from inference.face.find import Box, Picture
from inference.face.finders.centerface_net import CELL, STRIDE, CenterFaceNet
from inference.face.finders.multi_pass import DetectionPass, MultiPassFinder

WEIGHTS = Path(__file__).with_name("centerface.safetensors")
# Of what two boxes cover together: sharing as much, they are one face seen twice (`nms` wants more than its limit).
_OVERLAP = math.nextafter(0.3, 0)


class CenterFace(MultiPassFinder):
    """Find faces by CenterFace.

    Of 235 photos it finds the face, upright, in 139 of 139 with one, and any in 1 of 96 with none. `sure_score` was
    chosen on 70 photos, every second one: 97 in 100 upright faces had at least .78, 97 in 100 turned ones at most
    .67. Turned by 90 degrees, the faces of all other 69 were set upright. At 160 pixels all 63 that fill a fifth of
    the picture had .75, of 210 turned ones one.

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
        """Return the faces in RGB [height, width, 3] of at least this score, in any order.

        Then the scores are lowered as the faces lean.
        """
        centre, size, shift, points = self._net(_batch(picture))
        at = torch.nonzero(centre >= min_score).T
        row, column = at
        sizes = size[:, row, column].exp() * CELL
        corners = (at + 0.5 + shift[:, row, column]) * CELL - sizes / 2
        boxes = torch.cat([corners.flip(0), sizes.flip(0)]).T.double()
        scores = centre[row, column]
        kept = non_maximum_suppression(boxes, scores.double())
        upright = scores * _uprightness(points[:, row, column], sizes)
        faces = torch.column_stack([boxes, upright.double()])
        return [Box(*face) for face in faces[kept].tolist()]


def load_net() -> CenterFaceNet:
    """Load the published net, ready for pictures [1, 3, height, width] in channels-last order."""
    net = CenterFaceNet().eval()
    net.load_state_dict({name: values.float() for name, values in load_file(WEIGHTS).items()})
    return net.to(memory_format=torch.channels_last)


def _uprightness(points: Tensor, sizes: Tensor) -> Tensor:
    """Return the cosine [n] of the angle between straight up and the way from mouth to eyes; 0 where that leads down.

    Points [10, n] as the net names them, sizes [height and width, n].
    """
    left_eye, right_eye, _, left_mouth, right_mouth = points.unflatten(0, (5, 2)) * sizes
    down, right = (left_mouth + right_mouth - left_eye - right_eye) / 2
    cosine: Tensor = down.clamp(min=0) / torch.hypot(down, right).clamp(min=1e-6)
    return cosine


def _batch(picture: Picture) -> Tensor:
    """Make a batch [1, 3, height, width], padded with black to sides that the net can halve five times."""
    height, width = picture.shape[:2]
    padded = np.pad(picture, ((0, -height % STRIDE), (0, -width % STRIDE), (0, 0)))
    pixels = torch.from_numpy(padded).permute(2, 0, 1)[None].float()
    return pixels.contiguous(memory_format=torch.channels_last)


def non_maximum_suppression(boxes: Tensor, scores: Tensor) -> list[int]:
    """Return which boxes [n, 4: left, top, width, height] are faces of their own, the highest scores [n] first.

    It is non-maximum suppression: each box drops those that share more than _OVERLAP with it.
    """
    corners = torch.cat([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], dim=1)
    kept: list[int] = nms(corners, scores, _OVERLAP).tolist()
    return kept
