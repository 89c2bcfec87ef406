"""The bundled face model: photo bytes -> ModalityReading."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from affect import EMOTIONS, Posterior
from inference.bundles import open_bundle
from inference.clock import Stopwatch
from inference.errors import Code, Unreadable
from inference.face.decode import decode
from inference.face.find import Box, FaceFinder, Picture, crop, whole
from inference.face.finders import open_finder
from inference.face.net import FaceNet, FaceNetConfig, standardise
from inference.face.quality import measure
from inference.readings import ModalityReading

CUT_OUT = 64  # pixels: a picture no longer than this is taken for a face that is cut out already (FER-2013's are 48)


class FaceModel:
    """Finds the largest face, judges it, reads it. Not safe to share between threads."""

    def __init__(self, folder: Path, finder: FaceFinder | None = None) -> None:
        """Load and check the bundle; raises BadBundle. Without a finder it takes the first that is installed."""
        bundle = open_bundle(folder)
        self.net = FaceNet(FaceNetConfig.from_dict(bundle.spec["config"])).eval()
        bundle.fill(self.net)
        self.net = self.net.to(memory_format=torch.channels_last)
        self.temperature = bundle.number("temperature")
        self.mix = bundle.number("vote_share")
        self.finder = finder or open_finder()

    def read(self, photo: bytes) -> ModalityReading:
        """Read the largest face of an encoded photo; raises Unreadable."""
        watch = Stopwatch()
        with watch.step("decode"):
            picture = decode(photo)
        with watch.step("find"):
            boxes = self._boxes(picture)
        with watch.step("quality"):
            face = crop(picture, boxes[0], self.net.config.image_size)
            quality, hints = measure(face, boxes[0].height, len(boxes))
        with watch.step("model"):
            posterior = Posterior.of(self.probabilities(face[None])[0])
        return ModalityReading(posterior, quality, hints, watch.ms)

    def warm(self) -> None:
        """Run the net once, so that nobody's first reading pays for it."""
        side = self.net.config.image_size
        self.probabilities(np.zeros((1, side, side), np.uint8))

    def _boxes(self, picture: Picture) -> list[Box]:
        if max(picture.shape[:2]) <= CUT_OUT:
            return [whole(picture)]
        if boxes := self.finder.find(picture):
            return boxes
        raise Unreadable(Code.NO_FACE)

    @torch.inference_mode()
    def probabilities(self, faces: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Calibrated probabilities [n, 7] of grey faces [n, side, side], averaged with their mirror images."""
        x = standardise(torch.from_numpy(faces.astype(np.float32))[:, None])
        both = torch.cat([x, x.flip(3)]).contiguous(memory_format=torch.channels_last)
        votes, fer = (logits.unflatten(0, (2, -1)).mean(0) for logits in self.net(both))
        out: NDArray[np.float64] = pooled_heads(votes, fer, self.mix, self.temperature).double().numpy()
        return out


def pooled_heads(
    votes: torch.Tensor, fer: torch.Tensor, vote_share: float, temperature: float
) -> torch.Tensor:
    """Logits of both heads [n, 8], [n, 7] -> probabilities [n, 7].

    Contempt, which FERPlus knows and the product does not, is left out. The heads are pooled in the log domain:
    FERPlus' raters are the better judges, FER's own labels know what they call sad and afraid.
    """
    count = len(EMOTIONS)
    logits = vote_share * votes[:, :count].log_softmax(1) + (1 - vote_share) * fer.log_softmax(1)
    return (logits / temperature).softmax(1)
