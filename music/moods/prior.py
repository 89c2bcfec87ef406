"""Turn weak evidence into a mean and a standard deviation, by the arithmetic that all estimates share.

Evidence is a standard score (how many standard deviations a track lies above the mean of what is measured) with a known
correlation r with how listeners tag the mood of music. For jointly normal quantities the best estimate is then r * z
standard deviations from the mean, with sqrt(1 - r^2) of the standard deviation left.
"""

import math

from domain import Affect
from domain.tracks import MoodSource, TrackMood

# The spread of all music on each axis. A convention that sets the scale: 2.5 standard deviations fill -1..1.
PRIOR_SD = 0.4
_MAX_Z = 2.5

NEUTRAL = TrackMood(Affect(0, 0), PRIOR_SD, PRIOR_SD, MoodSource.UNKNOWN)


def estimate(z: float | None, r: float) -> tuple[float, float]:
    """Return mean and standard deviation on one axis (-1..1) from a standard score z; None is no evidence.

    `r` is the correlation of what was measured with how listeners tag the mood.
    """
    if z is None:
        return 0.0, PRIOR_SD
    return PRIOR_SD * r * max(-_MAX_Z, min(_MAX_Z, z)), PRIOR_SD * math.sqrt(1 - r * r)
