"""Place moods on the plane of valence (unpleasant to pleasant) and arousal (calm to stirred)."""

import math
from dataclasses import dataclass
from enum import StrEnum

from domain.emotions import Emotion


class Region(StrEnum):
    """Name a ninth of the plane: rows from calm to stirred, each from unpleasant to pleasant."""

    UNPLEASANT_CALM = "unpleasant-calm"
    CALM = "calm"
    PLEASANT_CALM = "pleasant-calm"
    UNPLEASANT = "unpleasant"
    MIDDLE = "middle"
    PLEASANT = "pleasant"
    UNPLEASANT_STIRRED = "unpleasant-stirred"
    STIRRED = "stirred"
    PLEASANT_STIRRED = "pleasant-stirred"


# From here on, in both directions, a point is not in the middle of its axis any more.
_CLEAR_VALENCE, _CLEAR_AROUSAL = 0.25, 0.15


@dataclass(frozen=True, slots=True)
class Affect:
    """Hold valence and arousal, both in -1..1; raises ValueError for anything else."""

    valence: float
    arousal: float

    def __post_init__(self) -> None:
        """Raise ValueError outside -1..1 (and for NaN)."""
        if not (abs(self.valence) <= 1 and abs(self.arousal) <= 1):
            raise ValueError(f"affect out of range: {self}")

    @property
    def region(self) -> Region:
        """Return the ninth of the plane in which the point lies."""
        column, row = _third(self.valence, _CLEAR_VALENCE), _third(self.arousal, _CLEAR_AROUSAL)
        return tuple(Region)[3 * row + column]

    def distance(self, other: "Affect") -> float:
        """Return the Euclidean distance, 0..2*sqrt(2)."""
        return math.hypot(self.valence - other.valence, self.arousal - other.arousal)

    def towards(self, other: "Affect", share: float) -> "Affect":
        """Return the point that lies `share` (0..1) of the way to `other`."""
        return Affect(
            self.valence + share * (other.valence - self.valence),
            self.arousal + share * (other.arousal - self.arousal),
        )


def _third(x: float, clear: float) -> int:
    """Return 0, 1 or 2: below `-clear`, between, or above `clear`."""
    return 2 if x > clear else 0 if x < -clear else 1


@dataclass(frozen=True, slots=True)
class StandardDeviation:
    """Hold the standard deviations of a valence and an arousal, in the unit of Affect."""

    valence: float
    arousal: float


def from_norms(valence: float, arousal: float) -> Affect:
    """Return the affect of word norms on the 1..9 scales of Warriner, Kuperman and Brysbaert (2013).

    Valence is centred on the middle of the scale, arousal on the words' mean of 4.2: people use the lower half
    of the arousal scale, and a centre of 5 would call nearly every word calm.
    """
    return Affect(_clip((valence - 5) / 4), _clip((arousal - 4.2) / 4))


def _clip(x: float) -> float:
    return max(-1.0, min(1.0, x))


# Mean ratings of angry, disgusted, afraid, happy, neutral, sad and surprised in Warriner et al. (2013).
# Surprise gets the neutral valence of 5 instead of the word's 6.57: a surprised face or voice has no sign of its own.
NORMS: dict[Emotion, Affect] = {
    Emotion.ANGRY: from_norms(2.53, 6.20),
    Emotion.DISGUST: from_norms(2.68, 4.89),
    Emotion.FEAR: from_norms(2.25, 5.12),
    Emotion.HAPPY: from_norms(8.47, 6.05),
    Emotion.NEUTRAL: from_norms(5.50, 3.45),
    Emotion.SAD: from_norms(2.10, 3.49),
    Emotion.SURPRISE: from_norms(5.00, 5.95),
}


# Their deviations among the raters of Warriner et al. (2013), 1.74 for the valence of "angry" and so on, in the unit of
# Affect: people who name the same emotion mean different things. Surprise's valence is that of "surprised" around 5:
# the root of 2.20 squared and the distance of 1.57 squared.
STANDARD_DEVIATIONS: dict[Emotion, StandardDeviation] = {
    Emotion.ANGRY: StandardDeviation(1.74 / 4, 2.57 / 4),
    Emotion.DISGUST: StandardDeviation(1.66 / 4, 2.38 / 4),
    Emotion.FEAR: StandardDeviation(1.16 / 4, 2.57 / 4),
    Emotion.HAPPY: StandardDeviation(1.28 / 4, 2.13 / 4),
    Emotion.NEUTRAL: StandardDeviation(1.50 / 4, 2.39 / 4),
    Emotion.SAD: StandardDeviation(0.91 / 4, 2.21 / 4),
    Emotion.SURPRISE: StandardDeviation(2.70 / 4, 2.64 / 4),
}


class Goal(StrEnum):
    """Name where Regulate leads to."""

    CALM = "calm"
    JOY = "joy"

    @property
    def affect(self) -> Affect:
        """Return the point of the word (relaxed, happy) in Warriner et al. (2013)."""
        return from_norms(7.25, 2.49) if self is Goal.CALM else from_norms(8.47, 6.05)


def goal_for(affect: Affect) -> Goal:
    """Choose calm for whoever is stirred, joy for whoever is low: each the nearest pleasant side of the plane.

    Studies found anger and anxiety best followed by calming music and sadness by uplifting music
    (Starcke et al. 2021; van der Zwaag et al. 2011); the evidence is mixed, so this is a default, not a cure.
    """
    return Goal.CALM if affect.arousal > 0.1 else Goal.JOY
