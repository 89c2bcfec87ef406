"""Fit what each measure of a face's quality does to its weight, on corrupted validation faces.

In the fusion a posterior p counts as w p + (1 - w) / 7, so w is fitted as such: each curve is the one under which
corrupted faces' posteriors, so discounted, lose least (mean -log of the true emotion's share).
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product, takewhile

import numpy as np
from numpy.typing import NDArray

from inference.curve import Curve
from inference.face.model import FaceModel
from inference.face.quality import CURVES
from inference.fusion import discount
from training.calibration import Floats
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
from training.face.evaluation.metrics import MeasuredPredictions, judged, predict_with_quality

_WORTH = 0.85  # of the accuracy on unspoilt faces: below it people are told what to do better
_FLOORS = (0.1, 0.2, 0.35, 0.5, 0.7, 0.85)
_BINS = 25
_CLEAN = 0.05  # of unspoilt faces may weigh less than all
_SLOPE = 0.3  # of the way from there to the worst that was seen: a steeper curve would follow single faces

# What spoils a measure, slightly to badly. A head turned aside cannot be made from a picture: those there are must do.
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


def concatenated(parts: Sequence[MeasuredPredictions]) -> MeasuredPredictions:
    """Put the predictions of several sets one after the other."""
    measures = {name: np.concatenate([p.measures[name] for p in parts]) for name in parts[0].measures}
    return MeasuredPredictions(
        measures, np.concatenate([p.posteriors for p in parts]), np.concatenate([p.labels for p in parts])
    )


def fit_curves(model: FaceModel, faces: Faces) -> Iterator[Curve]:
    """Fit the product's curves anew, one by one, to faces as they are and corrupted."""
    known = judged(faces)
    labels = known.votes.argmax(1)
    clean = predict_with_quality(model, known.images, labels)
    for curve in CURVES:
        way = "down" if curve.none < curve.full else "up"
        spoils = _CORRUPTIONS[f"{curve.measure} {way}"]
        spoilt = [
            predict_with_quality(
                model, spoil(known.images, strength), labels, strength if spoil is shrink else 48
            )
            for spoil, strengths in spoils
            for strength in strengths
        ]
        yield fit_curve(curve, clean, concatenated([clean, *spoilt]))


def fit_curve(curve: Curve, clean: MeasuredPredictions, seen: MeasuredPredictions) -> Curve:
    """Return a measure's curve fitted to what was seen; `clean` is what uncorrupted inputs measured."""
    values, sign = seen.measures[curve.measure], 1 if curve.none < curve.full else -1
    full = float(np.quantile(clean.measures[curve.measure], _CLEAN if sign > 0 else 1 - _CLEAN))
    beyond = np.unique(np.quantile(values[sign * values <= sign * full], np.linspace(0, 1, 12)).round(4))
    least = _SLOPE * np.abs(beyond - full).max()
    nones = [none for none in beyond.tolist() if sign * none < sign * full and abs(none - full) >= least]
    choices = [
        Curve(curve.measure, curve.hint, none, full, floor, 0) for none, floor in product(nones, _FLOORS)
    ]
    best = min(choices, key=lambda c: loss(c, seen))
    return Curve(
        curve.measure,
        curve.hint,
        best.none,
        full,
        best.floor,
        _limit(values * sign, seen.right, clean) * sign,
    )


def loss(curve: Curve, seen: MeasuredPredictions) -> float:
    """Return the mean -log of the label's share in posteriors that are discounted by a curve."""
    weights = np.array([curve.weight(v) for v in seen.measures[curve.measure]])
    shares = discount(seen.posteriors, weights[:, None])[np.arange(len(seen.labels)), seen.labels]
    return float(-np.log(np.maximum(shares, 1e-9)).mean())


def _limit(values: Floats, right: NDArray[np.bool_], clean: MeasuredPredictions) -> float:
    """Return up to which value inputs are not worth reading, from the worst on; -inf: all are."""
    bins = np.array_split(np.argsort(values), _BINS)
    poor = takewhile(lambda b: right[b].mean() < _WORTH * clean.right.mean(), bins)
    return max((float(values[b].max()) for b in poor), default=-np.inf)
