"""Temperatures, precisions and thresholds, fitted on validation people."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import softmax

from inference.research.evaluation import expected_calibration_error

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def fit_temperature(logits: Floats, targets: Floats) -> float:
    """The divisor of logits [n, k] that minimises cross-entropy with target shares [n, k] (Guo et al. 2017)."""

    def cost(log_t: float) -> float:
        return float(-(targets * np.log(softmax(logits / np.exp(log_t), axis=-1) + 1e-12)).sum(-1).mean())

    return float(np.exp(minimize_scalar(cost, bounds=(-2, 2), method="bounded").x))


def precisions(probabilities: Floats, labels: Ints) -> Floats:
    """For each class, how often naming it was right; add-one smoothed, since rare names are few."""
    named = probabilities.argmax(1)
    k = probabilities.shape[1]
    right = np.array([((named == c) & (labels == c)).sum() for c in range(k)])
    out: Floats = (right + 1) / (np.array([(named == c).sum() for c in range(k)]) + 2)
    return out


def least_sure(probabilities: Floats, labels: Ints) -> float:
    """The confidence from which a reading is right more often than not: below it, "not sure" is the honest answer."""
    confidence, right = probabilities.max(1), probabilities.argmax(1) == labels
    steps = np.arange(0.25, 0.8, 0.01)
    near = [right[np.abs(confidence - s) < 0.05] for s in steps]
    wrong = [s for s, r in zip(steps, near, strict=True) if len(r) > 30 and r.mean() < 0.5]
    return float(wrong[-1] + 0.01) if wrong else float(steps[0])


def summary(probabilities: Floats, labels: Ints) -> dict[str, float]:
    """Accuracy, unweighted average recall over the labels that occur, expected calibration error, count."""
    named = probabilities.argmax(1)
    recalls = [(named[labels == c] == c).mean() for c in np.unique(labels)]
    return {
        "n": len(labels),
        "accuracy": round(float((named == labels).mean()), 4),
        "unweighted_average_recall": round(float(np.mean(recalls)), 4),
        "expected_calibration_error": round(
            expected_calibration_error(probabilities.max(1), named == labels), 4
        ),
    }
