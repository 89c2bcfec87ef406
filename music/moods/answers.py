"""The mood from what the person themselves says of how a track sounds: which quarter of the plane it lies in."""

import math
from enum import StrEnum

from affect import Affect
from music.moods.prior import estimate
from music.tracks import MoodSource, TrackMood

# Assumed: what one listener of Emotify ticks correlates .30 and .57 with what all others do, on valence and arousal,
# but tracks are chosen for the person who says it, and for them it is their own ear that counts.
R = 0.8
# The mean of one half of a normal distribution, in standard deviations: all that is known of a track on one side.
_HALF = math.sqrt(2 / math.pi)


class Quarter(StrEnum):
    """A quarter of the plane of valence and arousal."""

    LIVELY = "lively"
    TENSE = "tense"
    LOW = "low"
    CALM = "calm"


_SIDES = {Quarter.LIVELY: (1, 1), Quarter.TENSE: (-1, 1), Quarter.LOW: (-1, -1), Quarter.CALM: (1, -1)}


def mood_from_answer(quarter: Quarter) -> TrackMood:
    """The middle of the quarter, nearly."""
    (v, sd_v), (a, sd_a) = (estimate(side * _HALF, R) for side in _SIDES[quarter])
    return TrackMood(Affect(v, a), sd_v, sd_a, MoodSource.ANSWER)
