"""Estimate the mood from listeners' tags: words for moods by published norms, else the genres among them."""

from collections.abc import Mapping
from statistics import fmean

from domain import Affect
from domain.tracks import MoodSource, Track, TrackMood
from music.moods.genres import mood_from_genres
from music.moods.prior import estimate
from music.moods.word_norms import NORMS

# Among 464 tracks whose listeners all but agree on one mood, that mood's norms correlate .92 and .85 with all of their
# tags. With such tracks Spotify's values, too, correlate 1.6 and 1.9 times as much as with any: .59 and .45 are left of
# the tags' without that (`python -m training.music deviations`). For a map of moods that was learned from 250,000
# tracks, .60 to .70 with listeners' ratings are published (Saari, Barthet, Fazekas, Eerola and Sandler, "Semantic
# models of musical mood", ICME 2013).
R_VALENCE, R_AROUSAL = 0.59, 0.45
# Mean and standard deviation of the norms (1..9) of 676 tagged excerpts in the 4Q data set: `python -m training.music
# deviations` measures them again.
_VALENCE, _AROUSAL = (5.3, 1.85), (4.9, 1.1)


def mood_from_tags(tags: Mapping[str, float]) -> TrackMood | None:
    """Estimate the mood from tags in any case and how much each counts (> 0).

    It is None where they say nothing about the mood.
    """
    found = [(NORMS[word], weight) for tag, weight in tags.items() if (word := tag.casefold()) in NORMS]
    if not found:
        return mood_from_genres(Track("", genres=tuple(tags)))
    weights = [weight for _, weight in found]
    valence = fmean([v for (v, _), _ in found], weights)
    arousal = fmean([a for (_, a), _ in found], weights)
    v, sd_v = estimate((valence - _VALENCE[0]) / _VALENCE[1], R_VALENCE)
    a, sd_a = estimate((arousal - _AROUSAL[0]) / _AROUSAL[1], R_AROUSAL)
    return TrackMood(Affect(v, a), sd_v, sd_a, MoodSource.TAGS)
