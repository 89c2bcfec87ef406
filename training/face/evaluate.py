"""Figures for face nets on people they have never seen: both heads, and the product's reading, spoilt too."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from affect import EMOTIONS
from inference.face.bundled import BundledClassifier
from training.calibration import summary
from training.face.augment import upscale
from training.face.data import Faces
from training.face.files import Images
from training.face.finetune import confusion_figures
from training.face.loop import logits_of
from training.face.nets import Trainee
from training.face.spoil import STRENGTHS

_BATCH = 256


def heads(trainee: Trainee, faces: Faces) -> dict[str, Any]:
    """FER's own seven labels by their head; the majority of FERPlus' votes, contempt too, by the other."""
    votes, fer = logits_of(trainee.net, faces.images, trainee.size)
    voted = faces.votes.sum(1) > 0
    return {
        "fer": confusion_figures(fer.argmax(1).numpy(), faces.fer),
        "ferplus": confusion_figures(votes.argmax(1).numpy()[voted], faces.votes.argmax(1)[voted]),
    }


def judged(faces: Faces) -> Faces:
    """Those that most of FERPlus' raters gave one of the seven emotions."""
    return faces.only((faces.votes.sum(1) > 0) & (faces.votes.argmax(1) < len(EMOTIONS)))


def probabilities(face: BundledClassifier, images: Images) -> NDArray[np.float64]:
    """What the product would say [n, 7] of faces [n, 48, 48] that are cut out already."""
    parts = [images[start : start + _BATCH] for start in range(0, len(images), _BATCH)]
    return np.concatenate([face.probabilities(_enlarged(part, face.side)) for part in parts])


def robustness(face: BundledClassifier, faces: Faces) -> dict[str, list[float]]:
    """Accuracy against FERPlus' majority: as they are, and spoilt each way at three strengths."""
    known = judged(faces)
    labels = known.votes.argmax(1)

    def accuracy(images: Images) -> float:
        return float((probabilities(face, images).argmax(1) == labels).mean())

    spoilt = {
        name: [accuracy(spoil(known.images, strength)) for strength in strengths]
        for name, (spoil, strengths) in STRENGTHS.items()
    }
    return {"as they are": [accuracy(known.images)], **spoilt}


def by_group(face: BundledClassifier, faces: Faces) -> dict[str, dict[str, float]]:
    """The figures of rough groups, the only ones that FER-2013 lets one form: nobody noted age, sex or skin."""
    known = judged(faces)
    p, labels = probabilities(face, known.images), known.votes.argmax(1)
    level = known.images[:, 12:36, 12:36].mean((1, 2))  # of the face's middle: skin and light together
    agreement = known.votes.max(1)
    low, high = np.quantile(level, [1 / 3, 2 / 3])
    groups = {
        "darkest third": level < low,
        "middle third": (level >= low) & (level < high),
        "brightest third": level >= high,
        "at most half of the raters agree": agreement <= 0.5,
        "more than half, at most 80 %": (agreement > 0.5) & (agreement <= 0.8),
        "more than 80 % agree": agreement > 0.8,
    }
    return {name: summary(p[chosen], labels[chosen]) for name, chosen in groups.items()}


def _enlarged(images: Images, side: int) -> Images:
    out: Images = upscale(torch.from_numpy(images), side)[:, 0].round().byte().numpy()
    return out
