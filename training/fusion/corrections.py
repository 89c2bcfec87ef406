"""Does correcting help? People whose faces mislead, and others, correct half of what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from affect import EMOTIONS, Posterior
from inference.fusion.compare import learn
from inference.fusion.habit import Habit, learn_habit
from inference.fusion.learn import Ints
from inference.fusion.rules import Array, Learned, Posteriors, attune, softmax
from training.fusion.sets import Sets, draw
from training.fusion.sides import Side

_PEOPLE, _READINGS = 200, 40
_TAUGHT = 2000  # pairs that the rule is fitted to
_SPOKEN = 0.5  # of the wrong readings are corrected
_MISLED = 2.5  # nats by which a misleading face shows one emotion too much
_STAGES = (10, 20, 40)


@dataclass(frozen=True, slots=True)
class _Person:
    """Fused posteriors [n, 7] of somebody's readings without any habit, and what they really were [n]."""

    fused: Array
    truth: Ints


def simulate(sides: Mapping[str, Side]) -> dict[str, Any]:
    """Accuracy without and with what corrections teach, by how many readings there were before, for both kinds of
    people."""
    sets, learned = draw(sides, _PEOPLE * _READINGS, seed=3), learn(draw(sides, _TAUGHT).table)
    return {
        f"{who}, {what}": _figures([_person(sets, n, shown, learned, shift) for n in range(_PEOPLE)])
        for what, shown in {"face and voice": list(sides), "face alone": ["face"]}.items()
        for who, shift in {"misleading faces": _MISLED, "other people": 0.0}.items()
    }


def _person(sets: Sets, number: int, modalities: list[str], learned: Learned, shift: float) -> _Person:
    here = slice(number * _READINGS, (number + 1) * _READINGS)
    said = {m: sets.posteriors()[m][here] for m in modalities}
    shown: Posteriors = {**said, "face": _misled(said["face"], number % len(EMOTIONS), shift)}
    return _Person(attune(shown, dict.fromkeys(shown, 1.0), learned), sets.labels[here])


def _misled(face: Array, emotion: int, shift: float) -> Array:
    return softmax(np.log(np.maximum(face, 1e-9)) + shift * np.eye(len(EMOTIONS))[emotion])


def _figures(people: list[_Person]) -> dict[str, dict[str, float]]:
    rng = np.random.default_rng(1)
    plain = np.array([person.fused.argmax(1) == person.truth for person in people])
    taught = np.array([_right(person, rng) for person in people])
    out, start = {}, 0
    for end in _STAGES:
        gained = (taught[:, start:end].astype(float) - plain[:, start:end]).mean(1)
        out[f"readings {start + 1} to {end}"] = {
            "without": round(float(plain[:, start:end].mean()), 4),
            "with": round(float(taught[:, start:end].mean()), 4),
            "error of the difference": round(float(gained.std() / np.sqrt(len(people))), 4),
        }
        start = end
    return out


def _right(person: _Person, rng: np.random.Generator) -> list[bool]:
    """Which readings are right, each read with what the corrections before it taught."""
    habit, answers, right = Habit(), [], []
    for fused, truth in zip(person.fused, person.truth, strict=True):
        right.append(bool(habit.shift(fused).argmax() == truth))
        corrected = not right[-1] and rng.random() < _SPOKEN
        answers.append((Posterior.of(fused), EMOTIONS[truth] if corrected else None))
        if corrected:
            habit = learn_habit(answers)
    return right
