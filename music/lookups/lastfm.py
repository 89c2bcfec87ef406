"""Ask Last.fm what listeners call a track, by artist and title.

It wants a key, and says errors in its answers.
"""

from collections.abc import Sequence
from typing import Any

from domain.tracks import TrackMood
from music.errors import Code, Problem, ServiceBusy, ServiceFailed
from music.lookups.provider import Provider, Query, artist_and_title, name_key, tag_counts
from music.moods.tags import mood_from_tags

# Its numbers: no such track, or not enough to find one; too many requests.
_UNKNOWN, _TOO_MANY = 6, 29


def lastfm(key: str) -> Provider:
    """Describe Last.fm, asked with a key."""

    def request(keys: Sequence[str]) -> tuple[str, Query]:
        artist, title = artist_and_title(keys[0])
        what = {"method": "track.getTopTags", "artist": artist, "track": title, "autocorrect": "1"}
        return "2.0/", what | {"api_key": key, "format": "json"}

    return Provider("lastfm", "Last.fm", 1, 0.5, name_key, request, _read)


def _read(answer: Any, keys: Sequence[str]) -> dict[str, TrackMood]:
    values = answer if isinstance(answer, dict) else {}
    if (error := values.get("error")) == _UNKNOWN:
        return {}
    if error == _TOO_MANY:
        raise ServiceBusy(Problem(Code.BUSY, service="Last.fm"))
    tags = values.get("toptags")
    if not isinstance(tags, dict):
        raise ServiceFailed(Problem(Code.STRANGE_ANSWER, service="Last.fm"))
    mood = mood_from_tags(tag_counts(tags.get("tag")))
    return {keys[0]: mood} if mood else {}
