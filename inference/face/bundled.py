"""The bundled classifier of cut-out faces: FaceNet with the weights that Attune trained."""

from contextlib import nullcontext
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from affect import EMOTIONS
from inference import threads
from inference.bundles import open_bundle
from inference.face.find import Picture, Shades
from inference.face.net import FaceNet, FaceNetConfig, fold_norms, standardise


class BundledClassifier:
    """Reads grey faces with both heads of FaceNet. Not safe to share between threads."""

    shades: Shades = "L"
    calibrated = True

    def __init__(self, folder: Path) -> None:
        """Load and check the bundle; raises BadBundle."""
        bundle = open_bundle(folder)
        net = FaceNet(FaceNetConfig.from_dict(bundle.spec["config"])).eval()
        bundle.fill(net)
        fold_norms(net)
        self.net = net.to(memory_format=torch.channels_last)
        self.temperature = bundle.number("temperature")
        self.mix = bundle.number("vote_share")
        self.side = net.config.image_size

    @torch.inference_mode()
    def probabilities(self, faces: Picture) -> NDArray[np.float64]:
        """Calibrated probabilities [n, 7] of grey faces [n, side, side], averaged with their mirror images."""
        x = standardise(torch.from_numpy(faces.astype(np.float32))[:, None])
        both = torch.cat([x, x.flip(3)]).contiguous(memory_format=torch.channels_last)
        with threads.alone() if len(faces) == 1 else nullcontext():
            answers = self.net(both)
        votes, fer = (logits.unflatten(0, (2, -1)).mean(0) for logits in answers)
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
