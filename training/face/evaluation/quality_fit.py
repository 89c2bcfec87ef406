"""Fit what each measure of a face's quality does to its weight, on corrupted validation faces.

How a curve is fitted, see `training.quality_curves`.
"""

from collections.abc import Iterator, Mapping, Sequence

from inference.curve import Curve
from inference.face.model import FaceModel
from inference.face.quality import CURVES
from training.face.data.corruptions import (
    Corruption,
    blur,
    bright,
    cover_below,
    cover_eyes,
    cover_side,
    dark,
    low_contrast,
    noise,
    shrink,
    tilt,
)
from training.face.data.faces import Faces
from training.face.evaluation.metrics import predict_with_quality
from training.quality_curves import concatenated, fit_curve

# What worsens a measure, slightly to badly. A head turned aside cannot be made from a picture: those there are must do.
_CORRUPTIONS: Mapping[str, Sequence[tuple[Corruption, Sequence[float]]]] = {
    "brightness down": [(dark, (0.5, 0.3, 0.2, 0.12, 0.08, 0.05))],
    "brightness up": [(bright, (1.3, 1.6, 2, 2.5, 3.2, 4))],
    "contrast down": [(low_contrast, (0.4, 0.25, 0.15, 0.1, 0.06, 0.03))],
    "grain up": [(noise, (5, 10, 15, 25, 35, 45))],
    "sharpness down": [(blur, (0.7, 1, 1.5, 2, 2.5, 3))],
    "pixels down": [(shrink, (40, 32, 24, 18, 14, 10))],
    "plain down": [
        (cover_below, (0.2, 0.35, 0.5)),
        (cover_eyes, (0.12, 0.2, 0.3)),
        (cover_side, (0.2, 0.35, 0.5)),
    ],
    "tilt up": [(tilt, (10, 20, 30, 40, 50, 60))],
    "turn up": [],
}


def fit_curves(model: FaceModel, faces: Faces) -> Iterator[Curve]:
    """Fit the product's curves anew, one by one, to faces as they are and corrupted."""
    known = faces.with_majority_emotion()
    labels = known.votes.argmax(1)
    clean = predict_with_quality(model, known.images, labels)
    for curve in CURVES:
        way = "down" if curve.worst < curve.good else "up"
        corrupted = [
            predict_with_quality(
                model, corrupt(known.images, strength), labels, strength if corrupt is shrink else 48
            )
            for corrupt, strengths in _CORRUPTIONS[f"{curve.measure} {way}"]
            for strength in strengths
        ]
        yield fit_curve(curve, clean, concatenated([clean, *corrupted]))
