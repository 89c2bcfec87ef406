"""Read public ListenBrainz playlists by link, which come as JSPF. Their API needs no key."""

from dataclasses import replace
from typing import Any

import httpx

from domain.tracks import Provenance
from music.errors import (
    Code,
    LinkNotRecognised,
    PlaylistUnavailable,
    Problem,
    ServiceBusy,
    ServiceFailed,
)
from music.sources.entries.imported_playlist import ImportedPlaylist
from music.sources.formats.json_lists import read_jspf
from music.sources.links import Service, recognise
from music.sources.services.web import get_json

BASE_URL = "https://api.listenbrainz.org"
_NAME = Service.LISTENBRAINZ.label


class ListenBrainzSource:
    """Read playlists from `base_url` with a `client` that the caller opens and closes."""

    def __init__(self, base_url: str, client: httpx.AsyncClient) -> None:
        self._base_url = base_url.rstrip("/")
        self._client = client

    async def playlist(self, link: str) -> ImportedPlaylist:
        """Read the playlist that a ListenBrainz link means; only the id in the link is used.

        Raises PlaylistError.
        """
        found = recognise(link)
        if found.service is not Service.LISTENBRAINZ:
            raise LinkNotRecognised(Problem(Code.OTHER_SERVICE, service=_NAME))
        url = f"{self._base_url}/1/playlist/{found.id}"
        playlist = _read(*await get_json(self._client, _NAME, url, {}))
        tracks = tuple(replace(track, provenance=Provenance.LISTENBRAINZ) for track in playlist.tracks)
        return replace(playlist, format="listenbrainz", tracks=tracks).nonempty()


def _read(status: int, answer: Any) -> ImportedPlaylist:
    if status == 429:
        raise ServiceBusy(Problem(Code.BUSY, service=_NAME))
    if status in (401, 403, 404):
        raise PlaylistUnavailable(Problem(Code.NOT_PUBLIC, service=_NAME))
    playlist = read_jspf("ListenBrainz playlist", answer) if status == 200 else None
    if playlist is None:
        raise ServiceFailed(Problem(Code.STRANGE_ANSWER, service=_NAME))
    return playlist
