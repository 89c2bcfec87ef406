"""Combine all estimates of one track's mood into one."""

from collections.abc import Callable, Sequence

from domain import Affect
from domain.tracks import Track, TrackMood
from music.moods.audio_features import mood_from_features
from music.moods.genres import mood_from_genres
from music.moods.prior import NEUTRAL, PRIOR_SD
from music.moods.titles import mood_from_title

_PROVIDERS: tuple[Callable[[Track], TrackMood | None], ...] = (
    mood_from_features,
    mood_from_genres,
    mood_from_title,
)


def mood_of(track: Track, *known: TrackMood) -> TrackMood:
    """Return what is believed about a track's mood: neutral with a wide deviation where nothing is known.

    `known` is what was found out elsewhere, such as from its sound.
    """
    return combine([*(mood for provider in _PROVIDERS if (mood := provider(track))), *known])


def combine(moods: Sequence[TrackMood]) -> TrackMood:
    """Weight estimates by their precisions; the source is that of the most precise one.

    Of tempos the first counts: where two differ, it is mostly by an octave, and no mean lies between octaves.
    """
    if not moods:
        return NEUTRAL
    v, sd_v = _combine([(mood.affect.valence, mood.sd_valence) for mood in moods])
    a, sd_a = _combine([(mood.affect.arousal, mood.sd_arousal) for mood in moods])
    best = min(moods, key=lambda mood: mood.sd_valence**2 + mood.sd_arousal**2)
    tempo = next((mood.tempo for mood in moods if mood.tempo), None)
    return TrackMood(Affect(max(-1.0, min(1.0, v)), max(-1.0, min(1.0, a))), sd_v, sd_a, best.source, tempo)


def _combine(estimates: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Combine means and standard deviations on one axis.

    Each estimate is a posterior that holds the prior (mean 0) already: the prior must count only once.
    """
    prior = PRIOR_SD**-2
    precision = prior + sum(sd**-2 - prior for _, sd in estimates)
    return sum(mean * sd**-2 for mean, sd in estimates) / precision, precision**-0.5
