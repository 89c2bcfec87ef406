"""The bundled models together: fit what the product needs to know of them, and measure what it gains."""

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
from training.fusion.figures import contradiction_limit, contradictions, noticed, of_rules, said_as_sure
from training.fusion.picture import coverage_picture
from training.fusion.sets import EVEN, EXPECTED, SEEN, Sets, draw
from training.fusion.sides import Side

COMMAND = "python -m training.fusion predict; python -m training.fusion fit"
_COUNT = 2000
_PAIR = ("face", "voice")
# What is not as it was recorded.
_SPOILT: Mapping[str, Mapping[str, str]] = {
    "dark face": {"face": "dark"},
    "noisy voice": {"voice": "noisy"},
    "both spoilt": {"face": "dark", "voice": "noisy"},
}


def fit(sides: Mapping[str, Side], weights: Path = WEIGHTS) -> dict[str, Any]:
    """Write fusion.json into the weights folder; returns thresholds, told by people not fitted to."""
    groups = [set_ for size in (2, 3) for set_ in combinations(sides, size)]
    drawn = {group: draw(_only(sides, group), _COUNT) for group in groups}
    learned = {group: fit_parameters(sets.table) for group, sets in drawn.items()}
    both = drawn[_PAIR]
    values = {
        "command": COMMAND,
        "models": {m: side.model for m, side in sides.items()},
        "data": f"{_COUNT} sets of each kind with the same label, three in four of these as often as they are seen "
        "in web pictures and one evenly, people drawn apart: FER-2013's PublicTest, the validation speakers, "
        "GoEmotions' validation lines",
        "joints": [pool_as_dict(pool) for each in learned.values() for pool in each.pools],
        "performance": {
            m: round(float((s.posteriors["clean"].argmax(1) == s.labels).mean()), 4) for m, s in sides.items()
        },
        "sure_from": _sure_from(both),
        "sure_alone": {m: _sure_alone(m, weights) for m in sides},
        "contradiction": round(contradiction_limit(both.posteriors()), 4),
    }
    (weights / "fusion.json").write_text(json.dumps(values, indent=1) + "\n")
    return {name: values[name] for name in ("sure_from", "sure_alone", "contradiction")}


def measure(
    taught: Mapping[str, Side], met: Mapping[str, Side], rules: FusionRules, picture: Path
) -> dict[str, Any]:
    """Every rule on face and voice, clean, spoilt, and with a voice of another label (the face's counts as right), and
    on sets with text, their labels as often as they are seen and evenly; and how well contradictions are noticed.
    Draws the picture of what refusing to answer buys.

    Sets of those who are met are read with what other people taught; `rules` has the thresholds in use.
    """
    pair, everything = (draw(of, _COUNT).lessons() for of in (_only(taught, _PAIR), taught))
    out: dict[str, Any] = {}
    for name, shares in {"labels as seen": SEEN, "labels evenly": EVEN}.items():
        same, different = _alike_and_not(met, _PAIR, shares)
        conditions: Mapping[str, Mapping[str, str]] = {"clean": {}, **_SPOILT}
        out[name] = {what: _figures(same, pair, rules, spoilt) for what, spoilt in conditions.items()}
        out[name]["voice of another label"] = _figures(different, pair, rules)
        out[name]["with text"] = _figures(draw(met, _COUNT, shares), everything, rules)
    same, different = _alike_and_not(met, _PAIR)
    _draw(picture, same.answers(pair), same, rules)
    noticing = {
        " and ".join(two): noticed(*_alike_and_not(met, two), rules.contradiction)
        for two in combinations(met, 2)
    }
    found = {"contradiction": contradictions(same, different), "contradiction, limit in use": noticing}
    return out | found


def _figures(
    sets: Sets,
    lessons: Mapping[int, FusionParameters],
    rules: FusionRules,
    conditions: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    answers = sets.answers(lessons, conditions)
    said = said_as_sure(answers["attune"], sets.shown(conditions), sets.labels, rules)
    return of_rules(answers, sets.labels, sets.people) | {"said as sure, no contradiction named": said}


def _alike_and_not(
    sides: Mapping[str, Side], pair: tuple[str, ...], shares: Array = EXPECTED
) -> tuple[Sets, Sets]:
    """Pairs with the same label, and others with different ones."""
    chosen = _only(sides, pair)
    return draw(chosen, _COUNT, shares), draw(chosen, _COUNT, shares, alike=False, seed=2)


def _only(sides: Mapping[str, Side], group: tuple[str, ...]) -> dict[str, Side]:
    return {m: sides[m] for m in group}


def _sure_from(both: Sets) -> float:
    """Clean pairs are hardly ever read with little confidence: what it means then is told by the spoilt ones, too."""
    lessons = both.lessons()
    answers = [both.answers(lessons, conditions)["attune"] for conditions in ({}, *_SPOILT.values())]
    return round(least_sure(np.concatenate(answers), np.tile(both.labels, len(answers))), 3)


def _sure_alone(modality: str, weights: Path) -> float:
    """As its own training found on people who come as they come: of those here all labels are about even."""
    return float(read_json(weights / modality / "spec.json")["sure_from"])


def _draw(picture: Path, answers: Mapping[str, Array], sets: Sets, rules: FusionRules) -> None:
    sure = {"face": rules.threshold(["face"]), "voice": rules.threshold(["voice"]), "attune": rules.sure_from}
    coverage_picture(picture, {name: (answers[name], sets.labels, limit) for name, limit in sure.items()})
