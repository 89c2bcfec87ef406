"""Figures of rules: against the better single modality, by calibration, of contradiction."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.evaluation import expected_calibration_error
from inference.fusion import compare
from inference.fusion.learn import Groups, Ints
from inference.fusion.rules import Array, agreement
from training.fusion.sets import Sets

_RESAMPLES = 4000
FALSE_ALARMS = 0.05  # of the pairs with the same label that may be called contradictory


def of_rules(answers: Mapping[str, Array], truth: Ints, people: Groups) -> dict[str, Any]:
    """Figures by rule, and what `attune` has over the better single modality, of people [n] drawn anew."""
    singles = [m for m in ("face", "voice", "text") if m in answers]
    better = max(singles, key=lambda m: (answers[m].argmax(1) == truth).mean())
    rules = {
        name: {key: round(value, 4) for key, value in calibrated(p, truth).items()}
        for name, p in answers.items()
    }
    gained = gain(answers["attune"].argmax(1) == truth, answers[better].argmax(1) == truth, people)
    return {"n": len(truth), "rules": rules, "better single": better, "attune's gain in accuracy": gained}


def calibrated(p: Array, truth: Ints) -> dict[str, float]:
    """Accuracy, recall, log loss and expected calibration error of posteriors [n, k]."""
    error = expected_calibration_error(p.max(1), p.argmax(1) == truth)
    return compare.figures(p, truth) | {"expected_calibration_error": error}


def gain(right: NDArray[np.bool_], before: NDArray[np.bool_], people: Groups) -> dict[str, float]:
    """Mean difference and its 95 % interval by a paired bootstrap over people [n], each drawn with all their rows."""
    _, index = np.unique(people, return_inverse=True)
    gained = np.bincount(index, right.astype(float) - before)
    sizes = np.bincount(index)
    drawn = np.random.default_rng(1).integers(len(sizes), size=(_RESAMPLES, len(sizes)))
    means = gained[drawn].sum(1) / sizes[drawn].sum(1)
    low, high = np.quantile(means, [0.025, 0.975])
    return {"mean": round(float(gained.sum() / sizes.sum()), 4), "from": round(low, 4), "to": round(high, 4)}


def contradiction_limit(posteriors: Mapping[str, Array]) -> float:
    """The agreement below which FALSE_ALARMS of pairs with the same label are called contradictory."""
    return _limit(_agreements(posteriors))


def contradictions(same: Sets, different: Sets) -> dict[str, Any]:
    """False alarms among pairs with the same label, hits among those with different ones.

    By agreement and, to compare, by the posteriors' cosine. Limits are set on some of the people and counted on the
    others.
    """
    measures = {"agreement": _agreements, "cosine": _cosines}
    return {
        name: _rates(of(same.posteriors()), of(different.posteriors()), same.parts % 2, different.parts % 2)
        for name, of in measures.items()
    }


def _rates(same: Array, different: Array, halves: Ints, others: Ints) -> dict[str, float]:
    false_alarms, hits = [], []
    for half in (0, 1):
        limit = _limit(same[halves == half])
        false_alarms.append((same[halves != half] < limit).mean())
        hits.append((different[others != half] < limit).mean())
    return {"false alarms": round(float(np.mean(false_alarms)), 3), "hits": round(float(np.mean(hits)), 3)}


def _limit(values: Array) -> float:
    return float(np.quantile(values, FALSE_ALARMS))


def _agreements(posteriors: Mapping[str, Array]) -> Array:
    """Infinite where the likeliest emotion is the same: that is no contradiction."""
    a, b = posteriors.values()
    return np.where(a.argmax(1) == b.argmax(1), np.inf, agreement(a, b))


def _cosines(posteriors: Mapping[str, Array]) -> Array:
    a, b = posteriors.values()
    cosines = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    return np.where(a.argmax(1) == b.argmax(1), np.inf, cosines)
