"""Estimate the mood from how a track sounds to the person: the quadrant of the plane that they name."""

import math
from enum import StrEnum

from domain import Affect
from domain.tracks import MoodSource, TrackMood
from music.moods.prior import estimate

# Tracks are chosen for the person who says it, so their own ear is what counts, though one listener of Emotify
# correlates .30 and .57 with all others. Who names a quadrant leaves open where in it: of a normal distribution one
# half is known, whose mean lies so many standard deviations from the middle, with sqrt(1 - 2 / pi) of them left.
_HALF = math.sqrt(2 / math.pi)


class Quadrant(StrEnum):
    """Name a quadrant of the plane of valence and arousal."""

    LIVELY = "lively"
    TENSE = "tense"
    LOW = "low"
    CALM = "calm"


_SIDES = {Quadrant.LIVELY: (1, 1), Quadrant.TENSE: (-1, 1), Quadrant.LOW: (-1, -1), Quadrant.CALM: (1, -1)}


def mood_from_answer(quadrant: Quadrant) -> TrackMood:
    """Return the mean and the deviation of all music in a quadrant."""
    (v, sd_v), (a, sd_a) = (estimate(side, _HALF) for side in _SIDES[quadrant])
    return TrackMood(Affect(v, a), sd_v, sd_a, MoodSource.ANSWER)
