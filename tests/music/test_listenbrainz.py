"""Public ListenBrainz playlists, read from a real HTTP server on loopback."""

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from music import Provenance, Track
from music.errors import (
    LinkNotRecognised,
    NoTracks,
    PlaylistError,
    PlaylistUnavailable,
    ServiceBusy,
    ServiceFailed,
)
from music.sources.services import web as web_module
from music.sources.services.listenbrainz import ListenBrainzSource
from tests.music.broken_text import BROKEN, storable
from tests.music.drip import BODY, HEADERS, dripping
from tests.music.sentences import refused

ID = "e8a4b0a4-1c2d-4f5e-8a9b-0123456789ab"
LINK = f"https://listenbrainz.org/playlist/{ID}/"
PLAYLIST = {
    "playlist": {"title": "Weekly", "track": [{"title": "Song", "creator": "Band", "duration": 203000}]}
}


class FakeListenBrainz:
    def __init__(self) -> None:
        self.answer = web.json_response(PLAYLIST)
        self.paths: list[str] = []

    async def handle(self, request: web.Request) -> web.Response:
        self.paths.append(request.path)
        return self.answer


@pytest.fixture
def fake() -> FakeListenBrainz:
    return FakeListenBrainz()


@pytest.fixture
async def source(fake: FakeListenBrainz) -> AsyncIterator[ListenBrainzSource]:
    app = web.Application()
    app.router.add_get("/{tail:.*}", fake.handle)
    async with TestServer(app) as server, httpx.AsyncClient(trust_env=False) as client:
        yield ListenBrainzSource(str(server.make_url("/api/")), client)


async def test_a_playlist(source: ListenBrainzSource, fake: FakeListenBrainz) -> None:
    playlist = await source.playlist(LINK)
    assert (playlist.format, playlist.name) == ("listenbrainz", "Weekly")
    assert playlist.tracks == (Track("Song", "Band", duration_s=203, provenance=Provenance.LISTENBRAINZ),)
    assert fake.paths == [f"/api/1/playlist/{ID}"]


async def test_what_no_database_takes_is_left_out_of_names(
    source: ListenBrainzSource, fake: FakeListenBrainz
) -> None:
    listed = {"title": BROKEN, "track": [{"title": BROKEN, "creator": BROKEN, "album": BROKEN}]}
    fake.answer = web.json_response({"playlist": listed})
    playlist = await source.playlist(LINK)
    (track,) = playlist.tracks
    assert storable(playlist.name, track.title, track.artist, track.album or "")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda: web.Response(status=404), PlaylistUnavailable),
        (lambda: web.Response(status=401), PlaylistUnavailable),
        (lambda: web.Response(status=429), ServiceBusy),
        (lambda: web.Response(status=503), ServiceFailed),
        (lambda: web.Response(text="<html>"), ServiceFailed),
        (lambda: web.Response(status=302, headers={"Location": "/elsewhere"}), ServiceFailed),
        (lambda: web.json_response({"playlist": {"track": []}}), NoTracks),
    ],
)
async def test_faults_have_names_and_sentences(
    source: ListenBrainzSource,
    fake: FakeListenBrainz,
    answer: Callable[[], web.Response],
    error: type[PlaylistError],
) -> None:
    fake.answer = answer()
    with pytest.raises(PlaylistError) as caught:
        await source.playlist(LINK)
    assert type(caught.value) is error
    assert len(fake.paths) == 1


async def test_a_link_of_another_service_is_not_asked_for(
    source: ListenBrainzSource, fake: FakeListenBrainz
) -> None:
    with pytest.raises(LinkNotRecognised):
        await source.playlist("https://www.deezer.com/playlist/1")
    assert fake.paths == []


@pytest.mark.parametrize("beginning", [HEADERS, BODY])
async def test_an_answer_that_never_ends_is_left_in_time(
    beginning: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_module, "_DEADLINE_S", 1)
    async with dripping(beginning) as url, httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(30):
        with refused(ServiceFailed, "could not be reached"):
            await ListenBrainzSource(url, client).playlist(LINK)
