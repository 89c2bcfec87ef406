"""From statistics of a sound to a mood: a support vector machine with a radial kernel, and a calibration of its votes.

The weights are made by training.music, from excerpts whose listeners put them into one of four quadrants.
"""

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor

from affect import Affect
from music.moods.prior import PRIOR_SD
from music.tracks import MoodSource, TrackMood

WEIGHTS = Path(__file__).parent / "weights"
LIMIT = 3.0  # standard deviations: further out, a statistic says nothing more


class BadWeights(Exception):
    """The weights are absent or not what this program reads; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Machine:
    """Everything that a prediction needs.

    `mean` and `scale` are [d]; `vectors` [n, d] are standardised statistics of training clips; `votes` [n, 6]
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
        try:
            spec, data = (
                json.loads((folder / "spec.json").read_text()),
                (folder / "model.safetensors").read_bytes(),
            )
            if hashlib.sha256(data).hexdigest() != spec["sha256"]:
                raise ValueError("not the weights that the spec describes")
            tensors = {name: tensor.float() for name, tensor in load(data).items()}
            return cls(**tensors, gamma=float(spec["gamma"]))
        except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
            raise BadWeights(
                f"The weights in {folder.name} cannot be read ({type(error).__name__})."
            ) from error

    def probabilities(self, features: Tensor) -> tuple[float, float]:
        """Of high arousal and of high valence (0..1), from statistics [d]."""
        x = ((features - self.mean) / self.scale).clamp(-LIMIT, LIMIT)
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
