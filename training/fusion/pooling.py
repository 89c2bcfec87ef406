"""Fit what the product needs to know of the bundled models together, and measure what it gains."""

import json
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from inference.bundles import WEIGHTS, read_json
from inference.fusion.reading import FusionRules, pool_as_dict
from inference.fusion.rules import Array, FusionParameters
from inference.research.compare import fit_parameters
from training.calibration import least_sure
from training.fusion.figures import (
    contradiction_limit,
    contradiction_rates,
    cross_validated_contradiction_rates,
    rule_figures,
    sure_figures,
)
from training.fusion.picture import coverage_picture
from training.fusion.predictions import Predictions
from training.fusion.sets import EVEN, EXPECTED, SEEN, SyntheticSets, draw

COMMAND = "python -m training.fusion predict; python -m training.fusion fit"
_COUNT = 2000
_PAIR = ("face", "voice")
# What is not as it was recorded.
_CORRUPTED: Mapping[str, Mapping[str, str]] = {
    "dark face": {"face": "dark"},
    "noisy voice": {"voice": "noisy"},
    "both spoilt": {"face": "dark", "voice": "noisy"},
}


def fit(predictions: Mapping[str, Predictions], weights: Path = WEIGHTS) -> dict[str, Any]:
    """Write fusion.json into the weights folder, and return its thresholds, found on people not fitted to."""
    groups = [group for size in (2, 3) for group in combinations(predictions, size)]
    drawn = {group: draw(_only(predictions, group), _COUNT) for group in groups}
    parameters = {group: fit_parameters(sets.table) for group, sets in drawn.items()}
    both = drawn[_PAIR]
    values = {
        "command": COMMAND,
        "models": {m: predicted.model for m, predicted in predictions.items()},
        "data": f"{_COUNT} sets of each kind with the same label, three in four of these as often as they are seen "
        "in web pictures and one evenly, people drawn apart: FER-2013's PublicTest, the validation speakers, "
        "GoEmotions' validation lines",
        "joints": [pool_as_dict(pool) for each in parameters.values() for pool in each.pools],
        "performance": {
            m: round(float((s.posteriors["clean"].argmax(1) == s.labels).mean()), 4)
            for m, s in predictions.items()
        },
        "sure_from": _sure_from(both),
        "sure_alone": {m: _sure_alone(m, weights) for m in predictions},
        "contradiction": round(contradiction_limit(both.posteriors()), 4),
    }
    (weights / "fusion.json").write_text(json.dumps(values, indent=1) + "\n")
    return {name: values[name] for name in ("sure_from", "sure_alone", "contradiction")}


def evaluate(
    known: Mapping[str, Predictions], unseen: Mapping[str, Predictions], rules: FusionRules, picture: Path
) -> dict[str, Any]:
    """Measure every rule on people `unseen`, fitted to people `known`, and draw what refusing to answer buys.

    Face and voice are measured clean, corrupted, and with a voice of another label (the face's counts as right); and
    with text, their labels as often as they are seen and evenly. So is how well contradictions are noticed. `rules`
    has the thresholds in use.
    """
    pair, everything = (draw(of, _COUNT).fit_by_part() for of in (_only(known, _PAIR), known))
    out: dict[str, Any] = {}
    for name, shares in {"labels as seen": SEEN, "labels evenly": EVEN}.items():
        same, different = _same_and_different(unseen, _PAIR, shares)
        conditions: Mapping[str, Mapping[str, str]] = {"clean": {}, **_CORRUPTED}
        out[name] = {what: _figures(same, pair, rules, condition) for what, condition in conditions.items()}
        out[name]["voice of another label"] = _figures(different, pair, rules)
        out[name]["with text"] = _figures(draw(unseen, _COUNT, shares), everything, rules)
    same, different = _same_and_different(unseen, _PAIR)
    _draw(picture, same.apply_by_part(pair), same, rules)
    noticing = {
        " and ".join(two): contradiction_rates(*_same_and_different(unseen, two), rules.contradiction)
        for two in combinations(unseen, 2)
    }
    found = {
        "contradiction": cross_validated_contradiction_rates(same, different),
        "contradiction, limit in use": noticing,
    }
    return out | found


def _figures(
    sets: SyntheticSets,
    parameters: Mapping[int, FusionParameters],
    rules: FusionRules,
    conditions: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    answers = sets.apply_by_part(parameters, conditions)
    said = sure_figures(answers["attune"], sets.discounted(conditions), sets.labels, rules)
    return rule_figures(answers, sets.labels, sets.people) | {"said as sure, no contradiction named": said}


def _same_and_different(
    predictions: Mapping[str, Predictions], pair: tuple[str, ...], shares: Array = EXPECTED
) -> tuple[SyntheticSets, SyntheticSets]:
    """Return pairs with the same label, and others with different ones."""
    chosen = _only(predictions, pair)
    return draw(chosen, _COUNT, shares), draw(chosen, _COUNT, shares, alike=False, seed=2)


def _only(predictions: Mapping[str, Predictions], group: tuple[str, ...]) -> dict[str, Predictions]:
    return {m: predictions[m] for m in group}


def _sure_from(both: SyntheticSets) -> float:
    """Return the confidence from which a fused reading is sure.

    Clean pairs are hardly ever read with little confidence: what it means then is told by the corrupted ones, too.
    """
    parameters = both.fit_by_part()
    answers = [
        both.apply_by_part(parameters, conditions)["attune"] for conditions in ({}, *_CORRUPTED.values())
    ]
    return round(least_sure(np.concatenate(answers), np.tile(both.labels, len(answers))), 3)


def _sure_alone(modality: str, weights: Path) -> float:
    """Return the confidence from which a modality alone is sure, as its own training found it.

    That was on people who come as they come: of those here all labels are about even.
    """
    return float(read_json(weights / modality / "spec.json")["sure_from"])


def _draw(picture: Path, answers: Mapping[str, Array], sets: SyntheticSets, rules: FusionRules) -> None:
    sure = {"face": rules.threshold(["face"]), "voice": rules.threshold(["voice"]), "attune": rules.sure_from}
    coverage_picture(picture, {name: (answers[name], sets.labels, limit) for name, limit in sure.items()})
