"""Ask ReccoBeats for valence, energy and tempo, by Spotify's id or ISRC, forty tracks at once.

It wants no key, leaves out what it does not know, promises no order, drops all beyond forty, and its own ids are of no
use here: what it says belongs to the track that its `href` ends with, or to its ISRC.
"""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from domain.tracks import Features, MoodSource, Track, TrackMood
from music.errors import Code, Problem, ServiceFailed
from music.lookups.provider import Provider, Query, spotify_id
from music.moods.audio_features import mood_from_values

# The values are made to resemble Spotify's. How well they do cannot be measured here, so they are believed as far as
# Spotify's own are in the decade of which these tell least: 343 tracks of the 1980s (`python -m training.music
# deviations`); over all decades it is .39 and .33.
R_VALENCE, R_AROUSAL = 0.33, 0.28


def _key(track: Track) -> str | None:
    values = track.features
    if values.valence is not None and values.energy is not None:
        return None  # the file has them already, from Spotify itself
    return spotify_id(track) or track.isrc


def _request(keys: Sequence[str]) -> tuple[str, Query]:
    return "v1/audio-features", {"ids": ",".join(keys)}


class _Answer(BaseModel):
    content: list[Any]


class _Entry(BaseModel):
    """Describe what is said of a track; values of any kind are passed over one by one."""

    href: str = ""
    isrc: str | None = None
    valence: Any = None
    energy: Any = None
    tempo: Any = None


def _read(answer: Any, keys: Sequence[str]) -> dict[str, TrackMood]:
    try:
        content = _Answer.model_validate(answer).content
    except ValidationError:
        raise ServiceFailed(Problem(Code.STRANGE_ANSWER, service="ReccoBeats")) from None
    wanted, moods = set(keys), dict[str, TrackMood]()
    for entry in filter(None, map(_entry, content)):
        if mood := _mood(entry):
            names = (entry.href.rsplit("/", 1)[-1], entry.isrc)
            moods |= {name: mood for name in names if name in wanted}
    return moods


def _entry(value: object) -> _Entry | None:
    try:
        return _Entry.model_validate(value)
    except ValidationError:
        return None


def _mood(entry: _Entry) -> TrackMood | None:
    values = Features(
        _within(entry.valence, 0, 1), _within(entry.energy, 0, 1), _within(entry.tempo, 20, 400)
    )
    return mood_from_values(values, R_VALENCE, R_AROUSAL, MoodSource.LOOKUP)


def _within(value: object, low: float, high: float) -> float | None:
    return float(value) if isinstance(value, int | float) and low <= value <= high else None


# How often it may be asked is not published.
RECCOBEATS = Provider("reccobeats", "ReccoBeats", 40, 2.0, _key, _request, _read)
