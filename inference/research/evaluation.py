"""Count how good predictions are: accuracy, recall, F1, calibration, confusion."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain import EMOTIONS, Emotion, Posterior


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold the true label of one file, its group, and what was read (None: nothing could be)."""

    label: Emotion
    group: str
    posterior: Posterior | None


def expected_calibration_error(
    confidence: NDArray[np.float64], correct: NDArray[np.bool_], bins: int = 15
) -> float:
    """Return the mean distance of confidence [n] and accuracy over bins of equal width (Guo et al. 2017).

    Bins are weighted by their sizes; `correct` [n] tells which predictions are right; 0 where there are none.
    """
    if not len(confidence):
        return 0.0
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs(confidence[index == b].sum() - correct[index == b].sum()) for b in np.unique(index)]
    return float(sum(gaps) / len(confidence))


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return all figures of outcomes, with counts and shares by emotion.

    What was not read counts as wrong; recall and F1 are means over the labels that occur; the calibration error is of
    what was read.
    """
    read = [(o.label, o.posterior) for o in outcomes if o.posterior]
    confidence = np.array([p.confidence for _, p in read])
    correct = np.array([p.top == label for label, p in read], bool)
    per_class = {e.value: _class_figures(outcomes, e) for e in EMOTIONS}
    occurring = [c for c in per_class.values() if c["n"]]
    return {
        "n": len(outcomes),
        "unread": len(outcomes) - len(read),
        "accuracy": float(correct.sum()) / max(1, len(outcomes)),
        "unweighted_average_recall": float(np.mean([c["recall"] for c in occurring])) if occurring else 0.0,
        "macro_f1": float(np.mean([c["f1"] for c in occurring])) if occurring else 0.0,
        "expected_calibration_error": expected_calibration_error(confidence, correct),
        "per_class": per_class,
        "confusion": confusion(outcomes),
    }


def by_group(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the figures of all outcomes, and those of each group under `by_group`."""
    groups = sorted({o.group for o in outcomes})
    return figures(outcomes) | {
        "by_group": {g: figures([o for o in outcomes if o.group == g]) for g in groups}
    }


def confusion(outcomes: Sequence[Outcome]) -> dict[str, dict[str, int]]:
    """Count outcomes by true label, then by predicted label (or "unread")."""
    table = {e.value: dict.fromkeys([*map(str, EMOTIONS), "unread"], 0) for e in EMOTIONS}
    for o in outcomes:
        table[o.label][o.posterior.top if o.posterior else "unread"] += 1
    return table


def _class_figures(outcomes: Sequence[Outcome], emotion: Emotion) -> dict[str, float]:
    own = sum(o.label == emotion for o in outcomes)
    named = [o for o in outcomes if o.posterior and o.posterior.top == emotion]
    right = sum(o.label == emotion for o in named)
    return {
        "n": own,
        "recall": right / own if own else 0.0,
        "precision": right / len(named) if named else 0.0,
        "f1": 2 * right / (own + len(named)) if own + len(named) else 0.0,
    }
