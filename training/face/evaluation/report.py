"""Count the bundled model's figures for the model card, on FER-2013's PrivateTest, which chose nothing."""

from pathlib import Path
from typing import Any

import numpy as np

from inference.bundles import WEIGHTS, open_bundle
from inference.face.bundled import BundledClassifier
from inference.face.model import FaceModel
from training.calibration import Floats, Ints, summary
from training.face.data.faces import Faces
from training.face.evaluation.metrics import judged, predict_with_quality, robustness, subgroup_figures
from training.figures import confusion_figures
from training.plots import trust_picture

_SPOILT = 600  # faces that are spoilt in every way


def report(faces: Faces, picture: Path) -> dict[str, Any]:
    """Return all figures of what the product says of `faces`, against FERPlus' majority.

    Draws into `picture` how far it can be trusted.
    """
    model, known = FaceModel(BundledClassifier(WEIGHTS / "face")), judged(faces)
    seen = predict_with_quality(model, known.images, known.votes.argmax(1))
    sure_from = open_bundle(WEIGHTS / "face").number("sure_from")
    trust_picture(
        picture, seen.posteriors, seen.labels, sure_from, "FER-2013's PrivateTest, FERPlus' majority"
    )
    some = np.random.default_rng(1).permutation(len(faces)) < _SPOILT
    return {
        "all": summary(seen.posteriors, seen.labels),
        "classes": confusion_figures(seen.posteriors.argmax(1), seen.labels),
        "coverage": coverage(seen.posteriors, seen.labels, sure_from),
        "groups": subgroup_figures(seen, known.votes.max(1)),
        "spoilt": robustness(model, faces.only(some)),
    }


def coverage(p: Floats, labels: Ints, sure_from: float) -> dict[str, float]:
    """Return the accuracy among the surest shares, and of what is said as sure.

    Of probabilities [n, k] and labels [n].
    """
    right = (p.argmax(1) == labels)[np.argsort(-p.max(1), kind="stable")]
    surest = {
        f"the surest {share:.0%}": right[: round(share * len(right))].mean() for share in (0.5, 0.7, 0.9, 1)
    }
    sure = p.max(1) >= sure_from
    said = {"said as sure": sure.mean(), "right of those": (p.argmax(1) == labels)[sure].mean()}
    return {name: round(float(value), 4) for name, value in {**surest, **said}.items()}
