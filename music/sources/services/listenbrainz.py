"""Public ListenBrainz playlists by link, which come as JSPF. Their API needs no key."""

from dataclasses import replace
from typing import Any

import httpx

from domain.tracks import Provenance
from music.sources.entries.imported_playlist import ImportedPlaylist
from music.sources.errors import LinkNotRecognised, PlaylistUnavailable, ServiceBusy, ServiceFailed
from music.sources.formats.json_lists import read_jspf
from music.sources.links import Service, recognise
from music.sources.services.web import get_json

BASE_URL = "https://api.listenbrainz.org"


class ListenBrainzSource:
    """Reads playlists from `base_url` with a `client` that the caller opens and closes."""

    def __init__(self, base_url: str, client: httpx.AsyncClient) -> None:
        self._base_url = base_url.rstrip("/")
        self._client = client

    async def playlist(self, link: str) -> ImportedPlaylist:
        """The playlist that a ListenBrainz link means; raises PlaylistError. Only the id in the link is used."""
        found = recognise(link)
        if found.service is not Service.LISTENBRAINZ:
            raise LinkNotRecognised("That is not a link to a ListenBrainz playlist.")
        url = f"{self._base_url}/1/playlist/{found.id}"
        playlist = _read(*await get_json(self._client, "ListenBrainz", url, {}))
        tracks = tuple(replace(track, provenance=Provenance.LISTENBRAINZ) for track in playlist.tracks)
        return replace(playlist, format="listenbrainz", tracks=tracks).nonempty()


def _read(status: int, answer: Any) -> ImportedPlaylist:
    if status == 429:
        raise ServiceBusy("ListenBrainz is busy; please try again in a minute.")
    if status in (401, 403, 404):
        raise PlaylistUnavailable("ListenBrainz shows no such public playlist: it may be private or deleted.")
    playlist = read_jspf("ListenBrainz playlist", answer) if status == 200 else None
    if playlist is None:
        raise ServiceFailed("ListenBrainz answered in a way I don't understand; please try again later.")
    return playlist
