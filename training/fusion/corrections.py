"""Simulate whether correcting helps: people whose faces mislead, and others, correct half of what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain import EMOTIONS, Posterior
from inference.fusion.personal_bias import PersonalBias, learn_personal_bias
from inference.fusion.rules import Array, FusionParameters, Posteriors, log_linear_pool, softmax
from inference.research.compare import fit_parameters
from inference.research.learn import Ints
from training.fusion.predictions import Predictions
from training.fusion.sets import SyntheticSets, draw

Hits = NDArray[np.bool_]

_PEOPLE, _READINGS = 200, 40
_TAUGHT = 2000  # pairs that the rule is fitted to
_CORRECTED = 0.5  # of the wrong readings are corrected
_MISLED = 2.5  # nats by which a misleading face shows one emotion too much
_STAGES = (10, 20, 40)


@dataclass(frozen=True, slots=True)
class _Person:
    """Hold fused posteriors [n, 7] of somebody's readings without any bias, and what they really were [n]."""

    fused: Array
    truth: Ints


def simulate(known: Mapping[str, Predictions], unseen: Mapping[str, Predictions]) -> dict[str, Any]:
    """Return accuracy without and with what corrections teach, for both kinds of people.

    It is counted by how many readings there were before, and of all, with a verdict whether that helps them. The rule
    is fitted to the predictions `known`, by modality; people are drawn from those `unseen`.
    """
    parameters, sets = fit_parameters(draw(known, _TAUGHT).table), draw(unseen, _PEOPLE * _READINGS, seed=3)
    return {
        f"{who}, {what}": _figures([_person(sets, n, shown, parameters, shift) for n in range(_PEOPLE)])
        for what, shown in {"face and voice": list(unseen), "face alone": ["face"]}.items()
        for who, shift in {"misleading faces": _MISLED, "other people": 0.0}.items()
    }


def _person(
    sets: SyntheticSets, number: int, modalities: list[str], parameters: FusionParameters, shift: float
) -> _Person:
    here = slice(number * _READINGS, (number + 1) * _READINGS)
    said = {m: sets.posteriors()[m][here] for m in modalities}
    shown: Posteriors = {**said, "face": _with_misleading_face(said["face"], number % len(EMOTIONS), shift)}
    return _Person(log_linear_pool(shown, dict.fromkeys(shown, 1.0), parameters), sets.labels[here])


def _with_misleading_face(face: Array, emotion: int, shift: float) -> Array:
    return softmax(np.log(np.maximum(face, 1e-9)) + shift * np.eye(len(EMOTIONS))[emotion])


def _figures(people: list[_Person]) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    plain = np.array([person.fused.argmax(1) == person.truth for person in people])
    corrected = np.array([_right_with_bias(person, rng) for person in people])
    stages = [slice(start, end) for start, end in pairwise((0, *_STAGES))]
    out = {f"readings {s.start + 1} to {s.stop}": difference(plain[:, s], corrected[:, s]) for s in stages}
    everything = difference(plain, corrected)
    return {**out, "all readings": everything, "verdict": verdict(everything)}


def difference(plain: Hits, corrected: Hits) -> dict[str, float]:
    """Return mean hits [people, readings] without and with corrections, and the error of their difference.

    The error is the mean's, people being drawn anew.
    """
    gained = (corrected.astype(float) - plain).mean(1)
    return {
        "without": round(float(plain.mean()), 4),
        "with": round(float(corrected.mean()), 4),
        "error of the difference": round(float(gained.std() / np.sqrt(len(gained))), 4),
    }


def verdict(found: Mapping[str, float]) -> str:
    """Say in words what a difference of more than two of its errors means."""
    gained, noise = found["with"] - found["without"], 2 * found["error of the difference"]
    if abs(gained) <= noise:
        return "no difference beyond chance"
    return "helps" if gained > 0 else "hurts"


def _right_with_bias(person: _Person, rng: np.random.Generator) -> list[bool]:
    """Return which readings are right, each read with what the corrections before it taught."""
    bias, answers, right = PersonalBias(), [], []
    for fused, truth in zip(person.fused, person.truth, strict=True):
        right.append(bool(bias.shift(fused).argmax() == truth))
        corrected = not right[-1] and rng.random() < _CORRECTED
        answers.append((Posterior.of(fused), EMOTIONS[truth] if corrected else None))
        if corrected:
            bias = learn_personal_bias(answers)
    return right
