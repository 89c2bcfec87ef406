"""Ask MusicBrainz for tags of recordings, by ISRC. It wants one request a second and to know who asks."""

from collections.abc import Sequence
from typing import Any

from domain.tracks import Track, TrackMood
from music.errors import Code, Problem, ServiceFailed
from music.lookups.provider import Provider, Query, summed, tag_counts
from music.moods.tags import mood_from_tags


def musicbrainz(contact: str) -> Provider:
    """Describe MusicBrainz, which is told by `contact` how to reach whoever asks."""
    # Headers are ASCII, and a bracket would end the comment that the contact stands in.
    reach = "".join(sign for sign in contact if sign.isascii() and sign.isprintable() and sign not in "()\\")
    headers = {"User-Agent": f"Attune/0.1 ({reach or 'no contact given'})"}
    return Provider("musicbrainz", "MusicBrainz", 1, 1.1, _key, _request, _read, headers)


def _key(track: Track) -> str | None:
    return track.isrc


def _request(keys: Sequence[str]) -> tuple[str, Query]:
    return f"ws/2/isrc/{keys[0]}", {"inc": "tags", "fmt": "json"}


def _read(answer: Any, keys: Sequence[str]) -> dict[str, TrackMood]:
    recordings = answer.get("recordings") if isinstance(answer, dict) else None
    if not isinstance(recordings, list):
        raise ServiceFailed(Problem(Code.STRANGE_ANSWER, service="MusicBrainz"))
    mood = mood_from_tags(
        summed(tag_counts(each.get("tags")) for each in recordings if isinstance(each, dict))
    )
    return {keys[0]: mood} if mood else {}
