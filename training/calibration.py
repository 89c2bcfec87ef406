"""Fit temperatures, precisions and thresholds on validation people."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import softmax

from inference.research.evaluation import expected_calibration_error

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def fit_temperature(logits: Floats, targets: Floats) -> float:
    """Return the divisor of logits [n, k] that minimises cross-entropy with target shares [n, k].

    It is the temperature of Guo et al. 2017 (arXiv:1706.04599), looked for between exp(-2) and exp(2).
    """

    def cost(log_t: float) -> float:
        return float(-(targets * np.log(softmax(logits / np.exp(log_t), axis=-1) + 1e-12)).sum(-1).mean())

    return float(np.exp(minimize_scalar(cost, bounds=(-2, 2), method="bounded").x))


def precisions(probabilities: Floats, labels: Ints) -> Floats:
    """Return, for each class [k], how often naming it was right, of probabilities [n, k] and labels [n].

    Add-one smoothed, since rare names are few.
    """
    named = probabilities.argmax(1)
    k = probabilities.shape[1]
    right = np.array([((named == c) & (labels == c)).sum() for c in range(k)])
    out: Floats = (right + 1) / (np.array([(named == c).sum() for c in range(k)]) + 2)
    return out


def least_sure(probabilities: Floats, labels: Ints) -> float:
    """Return the confidence from which a reading is right more often than not.

    Below it, "not sure" is the honest answer. Of probabilities [n, k] and labels [n]; at least 0.25.
    """
    confidence, right = probabilities.max(1), probabilities.argmax(1) == labels
    steps = np.arange(0.25, 0.8, 0.01)
    near = [right[np.abs(confidence - s) < 0.05] for s in steps]
    wrong = [s for s, r in zip(steps, near, strict=True) if len(r) > 30 and r.mean() < 0.5]
    return float(wrong[-1] + 0.01) if wrong else float(steps[0])


def summary(probabilities: Floats, labels: Ints) -> dict[str, float]:
    """Return count, accuracy, mean recall and calibration error of probabilities [n, k] for labels [n].

    The recall is the unweighted average over the labels that occur; the error is the expected calibration error.
    """
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
