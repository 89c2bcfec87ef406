"""Read public playlists of YouTube and YouTube Music by link, through ytmusicapi without a login.

ytmusicapi speaks as the web player of YouTube Music does. It asks synchronously, so it runs in a thread, with a session
of its own for each playlist: it shares nothing between threads.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import requests
from pydantic import BaseModel, ConfigDict, ValidationError
from ytmusicapi import YTMusic
from ytmusicapi.exceptions import YTMusicError, YTMusicServerError

from domain.tracks import Provenance, Track
from music.errors import (
    Code,
    LinkNotRecognised,
    PlaylistUnavailable,
    Problem,
    ServiceBusy,
    ServiceFailed,
)
from music.sources.entries.cell_parsers import video_link
from music.sources.entries.imported_playlist import ImportedPlaylist
from music.sources.entries.video_titles import artist_and_song
from music.sources.links import Service, recognise
from music.sources.services.restricted_session import restricted_session

BASE_URL = "https://music.youtube.com"
_NAME = Service.YOUTUBE.label
MAX_TRACKS = 5_000  # as many as a playlist of YouTube's can hold
_SONG = "MUSIC_VIDEO_TYPE_ATV"  # made from an album: title and artist are the label's own
_EPISODE = "MUSIC_VIDEO_TYPE_PODCAST_EPISODE"
_OWN = ("LL", "LM", "WL")  # what somebody liked or saved for later: theirs alone to see
_GONE = Problem(Code.NOT_PUBLIC_OR_PERSONAL, service=_NAME)


class _Named(BaseModel):
    name: str | None = None


class _Entry(BaseModel):
    """Describe an entry as ytmusicapi gives it, by what is used of it."""

    title: str | None = None
    videoType: str | None = None  # noqa: N815  (these names are the library's)
    videoId: str | None = None  # noqa: N815
    duration_seconds: int | None = None
    artists: list[_Named] | None = None
    album: _Named | None = None


class _Playlist(BaseModel):
    """Describe a playlist as ytmusicapi gives it, by what is used of it."""

    model_config = ConfigDict(hide_input_in_errors=True)

    title: str | None = None
    trackCount: int | None = None  # noqa: N815
    tracks: list[_Entry] | None = None


class YouTubeSource:
    """Read playlists from `base_url`; `deadline_s` bounds the reading of a whole one."""

    def __init__(self, base_url: str, deadline_s: float = 60.0) -> None:
        self._base_url = base_url
        self._deadline_s = deadline_s

    async def playlist(self, link: str) -> ImportedPlaylist:
        """Read the playlist that a YouTube link means; only the id in the link is used.

        Raises PlaylistError.
        """
        found = recognise(link)
        if found.service is not Service.YOUTUBE:
            raise LinkNotRecognised(Problem(Code.OTHER_SERVICE, service=_NAME))
        if found.id in _OWN:
            raise PlaylistUnavailable(Problem(Code.FOR_ITS_OWNER_ONLY, service=_NAME))
        read = await asyncio.to_thread(self._read, found.id)
        try:
            return _to_playlist(_Playlist.model_validate(read)).nonempty()
        except ValidationError:
            raise ServiceFailed(Problem(Code.STRANGE_ANSWER, service=_NAME)) from None

    def _read(self, identifier: str) -> Mapping[str, Any]:
        with restricted_session({BASE_URL: self._base_url}, self._deadline_s) as own:
            try:
                return YTMusic(requests_session=own).get_playlist(identifier, limit=MAX_TRACKS)
            except YTMusicServerError as error:
                raise _error_of(str(error)) from None
            except requests.RequestException:
                raise ServiceFailed(Problem(Code.UNREACHABLE, service=_NAME)) from None
            except (YTMusicError, LookupError, TypeError, AttributeError, ValueError, RecursionError):
                # In place of a private playlist there is a page without one, in which the library loses its way.
                raise PlaylistUnavailable(_GONE) from None


def _error_of(said: str) -> ServiceFailed | PlaylistUnavailable:
    """Return the error that a status means, which the library tells in words only."""
    if any(f"HTTP {status}" in said for status in (400, 401, 403, 404)):
        return PlaylistUnavailable(_GONE)
    if "HTTP 429" in said:
        return ServiceBusy(Problem(Code.BUSY_FOR_MINUTES, service=_NAME))
    return ServiceFailed(Problem(Code.NO_ANSWER, service=_NAME))


def _to_playlist(playlist: _Playlist) -> ImportedPlaylist:
    """Convert what ytmusicapi says of a playlist."""
    entries = playlist.tracks or []
    rows = enumerate(map(_track, entries), 1)
    gone = (playlist.trackCount or 0) - len(entries)
    problems = [Problem(Code.VIDEOS_GONE, count=gone)] if 0 < gone <= MAX_TRACKS else []
    return ImportedPlaylist.of(playlist.title or "YouTube playlist", "youtube", rows, problems)


def _track(entry: _Entry) -> Track | Problem:
    if entry.videoType == _EPISODE:
        return Problem(Code.EPISODE)
    title = entry.title
    if not title:
        return Problem(Code.NO_TITLE)
    artist = ", ".join(person.name for person in entry.artists or () if person.name)
    if entry.videoType != _SONG:
        artist, title = artist_and_song(title, artist)
    return Track(
        title=title,
        artist=artist,
        album=entry.album.name if entry.album else None,
        duration_s=entry.duration_seconds or None,
        link=video_link(entry.videoId or ""),
        provenance=Provenance.YOUTUBE,
    )
