"""Measure rules of fusion: against the better single modality, by calibration, by contradictions."""

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.readings import MODALITIES
from inference.fusion import FusionRules
from inference.fusion.rules import Array, Posteriors, agreement
from inference.research import compare
from inference.research.evaluation import expected_calibration_error
from inference.research.learn import Groups, Ints
from training.fusion.sets import SyntheticSets

_RESAMPLES = 4000
FALSE_ALARMS = 0.05  # of the pairs with the same label that may be called contradictory


def rule_figures(answers: Mapping[str, Array], truth: Ints, people: Groups) -> dict[str, Any]:
    """Return figures by rule, and what `attune` gains over the better single modality and the best other rule.

    Answers are posteriors [n, k] by rule; `people` [n] are drawn anew for the interval of a gain.
    """
    right = {name: p.argmax(1) == truth for name, p in answers.items()}
    out: dict[str, Any] = {"n": len(truth), "rules": {name: rounded(p, truth) for name, p in answers.items()}}
    singles, others = right.keys() & set(MODALITIES), right.keys() - {"attune"}
    for what, names in {"better single": singles, "best other rule": others}.items():
        best = max(sorted(names), key=lambda name: right[name].mean())
        out[what] = {
            "name": best,
            "attune's gain in accuracy": bootstrap_gain(right["attune"], right[best], people),
        }
    return out


def rounded(p: Array, truth: Ints) -> dict[str, float]:
    """Return accuracy, recall, log loss and expected calibration error of posteriors [n, k], rounded."""
    error = expected_calibration_error(p.max(1), p.argmax(1) == truth)
    known = compare.figures(p, truth) | {"expected_calibration_error": error}
    return {name: round(value, 4) for name, value in known.items()}


def bootstrap_gain(right: NDArray[np.bool_], before: NDArray[np.bool_], people: Groups) -> dict[str, float]:
    """Return the mean difference of hits [n] and its 95 % interval by a paired bootstrap over people [n].

    Each person is drawn with all their rows.
    """
    _, index = np.unique(people, return_inverse=True)
    gained = np.bincount(index, right.astype(float) - before)
    sizes = np.bincount(index)
    drawn = np.random.default_rng(1).integers(len(sizes), size=(_RESAMPLES, len(sizes)))
    means = gained[drawn].sum(1) / sizes[drawn].sum(1)
    low, high = np.quantile(means, [0.025, 0.975])
    return {"mean": round(float(gained.sum() / sizes.sum()), 4), "from": round(low, 4), "to": round(high, 4)}


def sure_figures(p: Array, shown: Posteriors, truth: Ints, rules: FusionRules) -> dict[str, float]:
    """Return the shares of fused posteriors [n, k] that are said as sure, and that are also right.

    Sure are those above the threshold without a contradiction between the modalities `shown`.
    """
    said = (p.max(1) >= rules.sure_from) & (_least_agreement(shown) >= rules.contradiction)
    right = said & (p.argmax(1) == truth)
    return {"said": round(float(said.mean()), 4), "said and right": round(float(right.mean()), 4)}


def contradiction_limit(posteriors: Posteriors) -> float:
    """Return the agreement below which FALSE_ALARMS of pairs with the same label are called contradictory."""
    return _limit(_least_agreement(posteriors))


def cross_validated_contradiction_rates(same: SyntheticSets, different: SyntheticSets) -> dict[str, Any]:
    """Return false alarms among pairs with the same label, and hits among those with different ones.

    By agreement and, to compare, by the posteriors' cosine. Limits are set on some of the people and counted on the
    others.
    """
    return {
        name: _rates(
            _least_agreement(same.posteriors(), of),
            _least_agreement(different.posteriors(), of),
            same.parts % 2,
            different.parts % 2,
        )
        for name, of in {"agreement": agreement, "cosine": _cosine}.items()
    }


def contradiction_rates(same: SyntheticSets, different: SyntheticSets, limit: float) -> dict[str, float]:
    """Return false alarms and hits with a limit of agreement that was set elsewhere."""
    alarms, hits = ((_least_agreement(sets.posteriors()) < limit).mean() for sets in (same, different))
    return {"false alarms": round(float(alarms), 3), "hits": round(float(hits), 3)}


def _rates(same: Array, different: Array, halves: Ints, others: Ints) -> dict[str, float]:
    false_alarms, hits = [], []
    for half in (0, 1):
        limit = _limit(same[halves == half])
        false_alarms.append((same[halves != half] < limit).mean())
        hits.append((different[others != half] < limit).mean())
    return {"false alarms": round(float(np.mean(false_alarms)), 3), "hits": round(float(np.mean(hits)), 3)}


def _limit(values: Array) -> float:
    return float(np.quantile(values, FALSE_ALARMS))


def _least_agreement(posteriors: Posteriors, measure: Callable[[Array, Array], Array] = agreement) -> Array:
    """Return the least agreement [n] of any two modalities.

    It is infinite where the likeliest emotion is the same: that is no contradiction.
    """
    pairs = combinations(posteriors.values(), 2)
    odd = [np.where(a.argmax(1) == b.argmax(1), np.inf, measure(a, b)) for a, b in pairs]
    out: Array = np.min(odd, axis=0)
    return out


def _cosine(a: Array, b: Array) -> Array:
    out: Array = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    return out
