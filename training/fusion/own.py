"""The bundled models together: fit what the product needs to know of them, and measure what it gains."""

import json
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from inference.bundles import WEIGHTS, read_json
from inference.fusion.compare import learn
from inference.fusion.reading import joint_as_dict
from training.calibration import least_sure
from training.fusion.figures import contradiction_limit, contradictions, of_rules
from training.fusion.picture import coverage_picture
from training.fusion.sets import draw
from training.fusion.sides import Side

COMMAND = "python -m training.fusion look; python -m training.fusion own"
_COUNT = 2000
# What is not as it was recorded.
_SPOILT: Mapping[str, Mapping[str, str]] = {
    "dark face": {"face": "dark"},
    "noisy voice": {"voice": "noisy"},
    "both spoilt": {"face": "dark", "voice": "noisy"},
}


def fit(sides: Mapping[str, Side], picture: Path, weights: Path = WEIGHTS) -> dict[str, Any]:
    """Write fusion.json into the weights folder and the picture; returns figures, all of people not fitted to."""
    alone = {m: _sure_alone(m, weights) for m in sides}
    groups = [set_ for size in (2, 3) for set_ in combinations(sides, size)]
    drawn = {group: draw({m: sides[m] for m in group}, _COUNT) for group in groups}
    learned = {group: learn(sets.table) for group, sets in drawn.items()}
    both = drawn["face", "voice"]
    lessons = both.lessons()
    answers = both.answers(lessons)
    # Clean pairs are hardly ever read with little confidence: what it means then is told by the spoilt ones, too.
    unsure = [answers["attune"], *(both.answers(lessons, spoilt)["attune"] for spoilt in _SPOILT.values())]
    sure = {
        **alone,
        "attune": round(least_sure(np.concatenate(unsure), np.tile(both.labels, len(unsure))), 3),
    }
    values = {
        "command": COMMAND,
        "data": f"{_COUNT} sets of each kind with the same label, people drawn apart: FER-2013's PublicTest, "
        "the validation speakers, GoEmotions' validation lines",
        "joints": [joint_as_dict(joint) for each in learned.values() for joint in each.joints],
        "performance": {
            m: round(float((s.posteriors["clean"].argmax(1) == s.labels).mean()), 4) for m, s in sides.items()
        },
        "sure_from": sure["attune"],
        "sure_alone": alone,
        "contradiction": round(contradiction_limit(both.posteriors()), 4),
    }
    (weights / "fusion.json").write_text(json.dumps(values, indent=1) + "\n")
    coverage_picture(
        picture, {name: (answers[name], both.labels, sure[name]) for name in ("face", "voice", "attune")}
    )
    return {"sure from": sure}


def measure(sides: Mapping[str, Side]) -> dict[str, Any]:
    """Every rule on face and voice, clean, spoilt, and with a voice of another label (the face's counts as right); on
    sets with text; and how well contradictions are noticed."""
    pair = {m: sides[m] for m in ("face", "voice")}
    same, different = draw(pair, _COUNT), draw(pair, _COUNT, alike=False, seed=2)
    lessons = same.lessons()
    out = {
        name: of_rules(same.answers(lessons, conditions), same.labels, same.people)
        for name, conditions in {"clean": {}, **_SPOILT}.items()
    }
    out["voice of another label"] = of_rules(different.answers(lessons), different.labels, different.people)
    out["contradiction"] = contradictions(same, different)
    three = draw(sides, _COUNT)
    return out | {"with text": of_rules(three.answers(three.lessons()), three.labels, three.people)}


def _sure_alone(modality: str, weights: Path) -> float:
    """As its own training found on people who come as they come: of those here all labels are about even."""
    return float(read_json(weights / modality / "spec.json")["sure_from"])
