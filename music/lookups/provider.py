"""Describe a service that knows moods of tracks, as values and pure functions; hold what several share."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.tracks import Provenance, Track, TrackMood

_SPOTIFY_TRACK = re.compile(r"https://open\.spotify\.com/track/([0-9A-Za-z]{22})")
_MOST = 1e9  # more than anybody counts
Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Provider:
    """Describe a service that can be asked about tracks.

    `id` names it in the database, `name` for people. `batch` tracks go into one request, and `pause_s` seconds lie
    between requests. `key` is how the service knows a track, None where it has no way to; `request` makes path and
    query for some keys; `read` makes the moods that it knows, by key, of its answer (JSON of any shape) and the keys
    asked for. `read` raises ServiceBusy or ServiceFailed for an answer that is none.
    """

    id: str
    name: str
    batch: int
    pause_s: float
    key: Callable[[Track], str | None]
    request: Callable[[Sequence[str]], tuple[str, Query]]
    read: Callable[[Any, Sequence[str]], Mapping[str, TrackMood]]
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)  # some hold a token


def spotify_id(track: Track) -> str | None:
    """Return Spotify's id of a track whose address is there; None for others."""
    found = _SPOTIFY_TRACK.fullmatch(track.link or "")
    return found[1] if found else None


def name_key(track: Track) -> str | None:
    """Return artist and title as a key; None where one is missing or both came from Spotify's API.

    Names from Spotify's API are shown to no other service.
    """
    title, artist = track.key
    named = title and artist and track.provenance is not Provenance.SPOTIFY_API
    return f"{artist}\n{title}" if named else None


def artist_and_title(key: str) -> tuple[str, str]:
    """Split a key that name_key made."""
    artist, _, title = key.partition("\n")
    return artist, title


def tag_counts(tags: object, name: str = "name") -> dict[str, float]:
    """Return how often each tag was given, from objects that call the tag `name`; else nothing."""
    found: dict[str, float] = {}
    for tag in tags if isinstance(tags, list) else ():
        label, count = (tag.get(name), tag.get("count")) if isinstance(tag, dict) else (None, None)
        if isinstance(label, str) and isinstance(count, int | float) and 0 < count < _MOST:
            found[label] = float(count)
    return found


def summed(parts: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Add several counts of tags up."""
    total: dict[str, float] = {}
    for part in parts:
        for tag, count in part.items():
            total[tag] = total.get(tag, 0.0) + count
    return total
