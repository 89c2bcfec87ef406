"""Guess the mood from the words of the title. Better than nothing, but not by much."""

import re
import unicodedata
from statistics import fmean

from domain import Affect
from domain.tracks import MoodSource, Provenance, Track, TrackMood
from music.moods.prior import estimate
from music.moods.title_lexicon import WORDS

# Over titles that hold a known word (29 % of 15,130), the lexicon correlates .24 and .16 with listeners'
# tags, and .12 and .29 with the sound's values of another 40,560 tracks: in between, and no more than this,
# is what we trust.
R_VALENCE, R_AROUSAL = 0.15, 0.15
# Standard deviations of the titles' scores.
_SD_VALENCE, _SD_AROUSAL = 0.9, 0.75
_WORD = re.compile(r"[^\W\d_]+")


def mood_from_title(track: Track) -> TrackMood | None:
    """Estimate the mood from a track's title; None without a known word.

    It is None, too, for tracks from Spotify's API, whose texts no model may read.
    """
    if track.provenance is Provenance.SPOTIFY_API:
        return None
    found = [WORDS[word] for word in _WORD.findall(_plain(track.title)) if word in WORDS]
    if not found:
        return None
    v, sd_v = estimate(fmean(v for v, _ in found) / _SD_VALENCE, R_VALENCE)
    a, sd_a = estimate(fmean(a for _, a in found) / _SD_AROUSAL, R_AROUSAL)
    return TrackMood(Affect(v, a), sd_v, sd_a, MoodSource.TITLE)


def _plain(title: str) -> str:
    return unicodedata.normalize("NFKC", title).casefold()
