"""Count the bundled model's figures for the model card, on FER-2013's PrivateTest, which chose nothing."""

from pathlib import Path
from typing import Any

import numpy as np

from inference.bundles import WEIGHTS, open_bundle
from inference.face.bundled import BundledClassifier
from inference.face.model import FaceModel
from training.calibration import summary
from training.face.data.faces import Faces
from training.face.evaluation.metrics import predict_with_quality, robustness, subgroup_figures
from training.figures import confusion_figures, coverage_figures
from training.plots import reliability_picture

_CORRUPTED = 600  # faces that are corrupted in every way


def report(faces: Faces, picture: Path) -> dict[str, Any]:
    """Return all figures of what the product says of `faces`, against FERPlus' majority.

    Draws into `picture` how far it can be trusted.
    """
    model, known = FaceModel(BundledClassifier(WEIGHTS / "face")), faces.with_majority_emotion()
    seen = predict_with_quality(model, known.images, known.votes.argmax(1))
    sure_from = open_bundle(WEIGHTS / "face").number("sure_from")
    reliability_picture(
        picture, seen.posteriors, seen.labels, sure_from, "FER-2013's PrivateTest, FERPlus' majority"
    )
    some = np.random.default_rng(1).permutation(len(faces)) < _CORRUPTED
    return {
        "all": summary(seen.posteriors, seen.labels),
        "classes": confusion_figures(seen.posteriors.argmax(1), seen.labels),
        "coverage": coverage_figures(seen.posteriors, seen.labels, sure_from),
        "groups": subgroup_figures(seen, known.votes.max(1)),
        "corrupted": robustness(model, faces.only(some)),
    }
