"""Fit the curve by which a measure of quality lowers the weight of what is read.

In the fusion a posterior p counts as w p + (1 - w) / 7, so w is fitted as such: each curve is the one under which
posteriors of corrupted inputs, so discounted, lose least (mean -log of the true emotion's share).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product, takewhile

import numpy as np
from numpy.typing import NDArray

from inference.curve import Curve
from inference.fusion import discount
from training.calibration import Floats, Ints

_WORTH = 0.85  # of the accuracy on clean inputs: below it people are told what to do better
_FLOORS = (0.1, 0.2, 0.35, 0.5, 0.7, 0.85)
_BINS = 25
_CLEAN = 0.05  # of clean inputs may weigh less than all
_SLOPE = 0.3  # of the way from there to the worst that was seen: a steeper curve would follow single inputs


@dataclass(frozen=True, slots=True)
class MeasuredPredictions:
    """Hold measures of quality [n] by name, posteriors [n, 7] and labels [n] of faces or voices."""

    measures: Mapping[str, Floats]
    posteriors: Floats
    labels: Ints

    @property
    def right(self) -> NDArray[np.bool_]:
        """Return whether the likeliest emotion is the label, [n]."""
        out: NDArray[np.bool_] = self.posteriors.argmax(1) == self.labels
        return out

    @property
    def rows(self) -> Iterator[dict[str, float]]:
        """Yield the measures of each, by name."""
        for row in zip(*self.measures.values(), strict=True):
            yield dict(zip(self.measures, row, strict=True))


def concatenated(parts: Sequence[MeasuredPredictions]) -> MeasuredPredictions:
    """Put the predictions of several sets one after the other."""
    measures = {name: np.concatenate([p.measures[name] for p in parts]) for name in parts[0].measures}
    return MeasuredPredictions(
        measures, np.concatenate([p.posteriors for p in parts]), np.concatenate([p.labels for p in parts])
    )


def fit_curve(curve: Curve, clean: MeasuredPredictions, seen: MeasuredPredictions) -> Curve:
    """Return a measure's curve fitted to what was seen; `clean` is what uncorrupted inputs measured."""
    values, sign = seen.measures[curve.measure], 1 if curve.worst < curve.good else -1
    good = float(np.quantile(clean.measures[curve.measure], _CLEAN if sign > 0 else 1 - _CLEAN))
    beyond = np.unique(np.quantile(values[sign * values <= sign * good], np.linspace(0, 1, 12)).round(4))
    least = _SLOPE * np.abs(beyond - good).max()
    worsts = [worst for worst in beyond.tolist() if sign * worst < sign * good and abs(worst - good) >= least]
    choices = [
        Curve(curve.measure, curve.hint, worst, good, floor, 0) for worst, floor in product(worsts, _FLOORS)
    ]
    best = min(choices, key=lambda c: loss(c, seen))
    return Curve(
        curve.measure,
        curve.hint,
        best.worst,
        good,
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
