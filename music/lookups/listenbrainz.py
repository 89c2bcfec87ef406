"""Ask ListenBrainz for the tags of a recording, by artist and title; only whoever has a token is answered."""

from collections.abc import Sequence
from typing import Any

from domain.tracks import TrackMood
from music.errors import Code, Problem, ServiceFailed
from music.lookups.provider import Provider, Query, artist_and_title, name_key, tag_counts
from music.moods.tags import mood_from_tags


def listenbrainz(token: str) -> Provider:
    """Describe ListenBrainz, asked with somebody's token."""
    headers = {"Authorization": f"Token {token}"}
    return Provider("listenbrainz", "ListenBrainz", 1, 1.0, name_key, _request, _read, headers)


def _request(keys: Sequence[str]) -> tuple[str, Query]:
    artist, title = artist_and_title(keys[0])
    query = {"artist_name": artist, "recording_name": title, "metadata": "true", "inc": "tag"}
    return "1/metadata/lookup/", query


def _read(answer: Any, keys: Sequence[str]) -> dict[str, TrackMood]:
    """Read an answer, which is {} where the service does not know the recording."""
    if not isinstance(answer, dict):
        raise ServiceFailed(Problem(Code.STRANGE_ANSWER, service="ListenBrainz"))
    metadata = answer.get("metadata")
    tags = metadata.get("tag") if isinstance(metadata, dict) else None
    levels = tags if isinstance(tags, dict) else {}
    # The nearest to the recording that says anything: an artist's tags are of all that the artist made.
    moods = (
        mood_from_tags(tag_counts(levels.get(level), "tag"))
        for level in ("recording", "release_group", "artist")
    )
    mood = next(filter(None, moods), None)
    return {keys[0]: mood} if mood else {}
