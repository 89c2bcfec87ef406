"""From what is heard of a sound to a mood: a support vector machine with a radial kernel, its votes calibrated.

The weights are made by training.music, from excerpts whose listeners put them into one of four quadrants.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from affect import Affect
from music.moods.prior import PRIOR_SD
from music.sound.stored import WEIGHTS, stored
from music.tracks import MoodSource, TrackMood

LIMIT = 3.0  # standard deviations: further out, a number says nothing more


@dataclass(frozen=True, slots=True)
class Machine:
    """Everything that a prediction needs.

    `mean` and `scale` are [d]; `vectors` [n, d] are standardised descriptions of training clips; `votes` [n, 6]
    and `offsets` [6] make a vote for each pair of quadrants; `weights` [3, 6] and `biases` [3] make log odds of
    them: of high arousal, of high valence where arousal is high, and where it is low (what makes loud music
    happy is not what makes soft music happy). `gamma` is the kernel's.
    """

    mean: Tensor
    scale: Tensor
    vectors: Tensor
    votes: Tensor
    offsets: Tensor
    weights: Tensor
    biases: Tensor
    gamma: float

    @classmethod
    def load(cls, folder: Path = WEIGHTS) -> "Machine":
        """Read model.safetensors and spec.json; raises BadWeights."""
        return stored("model", folder, lambda tensors, spec: cls(**tensors, gamma=float(spec["gamma"])))

    def probabilities(self, description: Tensor) -> tuple[float, float]:
        """Of high arousal and of high valence (0..1), from a description [d]."""
        x = ((description - self.mean) / self.scale).clamp(-LIMIT, LIMIT)
        kernel = torch.exp(-self.gamma * (self.vectors - x).square().sum(1))
        odds = torch.sigmoid(self.weights @ (kernel @ self.votes + self.offsets) + self.biases)
        arousal, if_high, if_low = odds.tolist()
        return arousal, arousal * if_high + (1 - arousal) * if_low


def mood_of_odds(arousal: float, valence: float) -> TrackMood:
    """The mood that the probabilities of high arousal and of high valence (0..1) stand for.

    All music is taken to be spread normally by PRIOR_SD on each axis. Knowing for sure on which side of 0 a
    piece lies leaves half of that normal distribution, whose mean is PRIOR_SD * sqrt(2 / pi); what is less
    than sure is the mixture of both halves. Variance is what the mean does not explain.
    """
    half = PRIOR_SD * math.sqrt(2 / math.pi)
    v, a = half * (2 * valence - 1), half * (2 * arousal - 1)
    sd_v, sd_a = math.sqrt(PRIOR_SD**2 - v * v), math.sqrt(PRIOR_SD**2 - a * a)
    return TrackMood(Affect(v, a), sd_v, sd_a, MoodSource.SOUND)
