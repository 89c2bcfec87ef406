"""Turn the numbers that describe a sound into a mood: a support vector machine, its votes calibrated.

Its kernel is radial. The weights are made by training.music, from excerpts whose listeners put them into one of four
quadrants.
"""

import math
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import torch
from torch import Tensor

from domain import Affect
from domain.tracks import MoodSource, TrackMood
from music.moods.prior import PRIOR_SD
from music.sound.weight_files import WEIGHTS, read_weights

LIMIT = 3.0  # standard deviations: further out, a number says nothing more


# The quadrants whose probabilities are coupled: happy, tense, sad, calm.
_LIVELY, _PLEASANT = [0, 1], [0, 3]
PAIRS = tuple(combinations(range(4), 2))  # in the order of libsvm's votes


@dataclass(frozen=True, slots=True)
class QuadrantClassifier:
    """Hold everything that a prediction needs.

    `mean` and `scale` are [d]; `vectors` [n, d] are standardised descriptions of training clips; `votes` [n, 6] and
    `offsets` [6] make a vote for each of PAIRS of quadrants; `slopes` [6] and `biases` [6] make of each the log odds of
    the first of the two against the second. `gamma` is the kernel's.
    """

    mean: Tensor
    scale: Tensor
    vectors: Tensor
    votes: Tensor
    offsets: Tensor
    slopes: Tensor
    biases: Tensor
    gamma: float

    @classmethod
    def load(cls, folder: Path = WEIGHTS) -> "QuadrantClassifier":
        """Read model.safetensors and spec.json from a folder. Raises BadWeights."""
        return read_weights("model", folder, lambda tensors, spec: cls(**tensors, gamma=float(spec["gamma"])))

    def probabilities(self, features: Tensor) -> tuple[float, float]:
        """Return the probabilities (0..1) of high arousal and of high valence, from a feature vector [d]."""
        x = ((features - self.mean) / self.scale).clamp(-LIMIT, LIMIT)
        kernel = torch.exp(-self.gamma * (self.vectors - x).square().sum(1))
        quadrants = couple_pairwise(
            torch.sigmoid(self.slopes * (kernel @ self.votes + self.offsets) + self.biases)
        )
        return float(quadrants[_LIVELY].sum()), float(quadrants[_PLEASANT].sum())


def couple_pairwise(pairs: Tensor) -> Tensor:
    """Return probabilities [4] of the quadrants, from those [6] of each first of PAIRS against its second.

    They are those p that come nearest to r_ji p_i = r_ij p_j for all pairs, by squares (Wu, Lin and Weng 2004,
    "Probability estimates for multi-class classification by pairwise coupling", their second method).
    """
    first, second = torch.tensor(PAIRS).T
    r = torch.zeros(4, 4, dtype=torch.float64)
    r[first, second], r[second, first] = pairs.double(), 1 - pairs.double()
    system = torch.ones(5, 5, dtype=torch.float64)  # the last row and column say that p adds up to 1
    system[:4, :4] = torch.diag(r.square().sum(0)) - r * r.T
    system[4, 4] = 0
    p: Tensor = torch.linalg.solve(system, torch.eye(5, dtype=torch.float64)[4])[:4].clamp(0, 1)
    return p


def mood_from_probabilities(arousal: float, valence: float) -> TrackMood:
    """Return the mood that the probabilities (0..1) of high arousal and of high valence stand for.

    All music is taken to be spread normally by PRIOR_SD on each axis. Knowing for sure on which side of 0 a piece lies
    leaves half of that normal distribution, whose mean is PRIOR_SD * sqrt(2 / pi); what is less than sure is the
    mixture of both halves. Variance is what the mean does not explain.
    """
    half = PRIOR_SD * math.sqrt(2 / math.pi)
    v, a = half * (2 * valence - 1), half * (2 * arousal - 1)
    sd_v, sd_a = math.sqrt(PRIOR_SD**2 - v * v), math.sqrt(PRIOR_SD**2 - a * a)
    return TrackMood(Affect(v, a), sd_v, sd_a, MoodSource.SOUND)
