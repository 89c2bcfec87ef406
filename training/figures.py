"""Count what was answered for faces or voices of people never seen."""

from typing import Any

import numpy as np

from inference.face.net import VOTE_LABELS
from training.calibration import Floats, Ints


def confusion_figures(answers: Ints, labels: Ints) -> dict[str, Any]:
    """Return accuracy, mean recall over the labels that occur, recall of each, and the confusion matrix.

    The matrix maps true label -> answer -> count. Answers and labels [n] are numbers in VOTE_LABELS: the seven
    emotions in their order, and contempt, which only faces have.
    """
    count = len(VOTE_LABELS)
    table = np.bincount(labels * count + answers, minlength=count * count).reshape(count, count)
    occurring = [k for k in range(count) if table[k].sum()]
    recalls = {VOTE_LABELS[k]: round(float(table[k, k] / table[k].sum()), 4) for k in occurring}
    return {
        "n": len(labels),
        "accuracy": round(float(np.trace(table) / len(labels)), 4),
        "unweighted_average_recall": round(float(np.mean(list(recalls.values()))), 4),
        "recall": recalls,
        "confusion": {
            VOTE_LABELS[k]: {VOTE_LABELS[j]: int(table[k, j]) for j in range(count) if table[k, j]}
            for k in occurring
        },
    }


def coverage_figures(p: Floats, labels: Ints, sure_from: float) -> dict[str, float]:
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
