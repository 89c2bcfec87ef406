"""Learn from a person's corrections how to read them: some faces look sad at rest, some voices always stirred."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from domain import EMOTIONS, Emotion, Posterior
from inference.fusion.rules import FLOOR, Array, softmax

# Of the bias' prior, in nats. By `python -m training.fusion simulate-corrections`, with .3 people whose faces mislead
# gain a third of what they gain with .7, with 1.0 hardly more, while for others it is of less use.
_DEVIATION = 0.7
BOUND = 1.5  # nats: no emotion is ever made more than exp(1.5), 4.5 times, as likely against none's change
_STEPS = 8


@dataclass(frozen=True, slots=True)
class PersonalBias:
    """Hold an offset of the log probability of each emotion, in nats, in the order of EMOTIONS, within BOUND."""

    offsets: tuple[float, ...] = (0.0,) * len(EMOTIONS)

    def __bool__(self) -> bool:
        """Tell whether anything was learned."""
        return any(self.offsets)

    def shift(self, posterior: Array) -> Array:
        """Return posteriors [..., 7] as they are for this person."""
        return softmax(np.log(np.maximum(posterior, FLOOR)) + np.array(self.offsets))


def learn_personal_bias(answers: Sequence[tuple[Posterior, Emotion | None]]) -> PersonalBias:
    """Learn a bias from a person's readings: fused posteriors without any bias, each with its correction or None.

    It is the likeliest bias (maximum a posteriori, by Newton's method) under a normal prior around none; a reading that
    nobody corrected counts as right as it says. Without a correction there is no bias at all.
    """
    if not any(correction for _, correction in answers):
        return PersonalBias()
    logs = np.log(np.maximum([posterior.probabilities for posterior, _ in answers], FLOOR))
    plain = softmax(logs)
    targets = np.array([_target(p, correction) for p, (_, correction) in zip(plain, answers, strict=True)])
    bias, precision = np.zeros(len(EMOTIONS)), np.eye(len(EMOTIONS)) / _DEVIATION**2
    for _ in range(_STEPS):
        p = softmax(logs + bias)
        curvature = np.diag(p.sum(0)) - p.T @ p + precision
        bias = bias - np.linalg.solve(curvature, (p - targets).sum(0) + precision @ bias)
    return PersonalBias(tuple(np.clip(bias, -BOUND, BOUND).tolist()))


def _target(posterior: Array, correction: Emotion | None) -> Array:
    return posterior if correction is None else np.eye(len(EMOTIONS))[EMOTIONS.index(correction)]
