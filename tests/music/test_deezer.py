"""Public Deezer playlists, read from a real HTTP server on loopback that answers as Deezer does."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from music import Provenance, Track
from music.errors import (
    FileTooLarge,
    LinkNotRecognised,
    NoTracks,
    PlaylistError,
    PlaylistUnavailable,
    ServiceBusy,
    ServiceFailed,
)
from music.sources.services import deezer
from music.sources.services.deezer import DeezerSource
from music.wording import worded
from tests.music.broken_text import BROKEN, storable
from tests.music.sentences import refused

LINK = "https://www.deezer.com/en/playlist/77"
QUOTA = {"error": {"type": "Exception", "message": "Quota limit exceeded", "code": 4}}
NO_DATA = {"error": {"type": "DataException", "message": "no data", "code": 800}}


def entry(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "title": f"Song {number}",
        "duration": 200,
        "artist": {"id": 1, "name": "Band"},
        "album": {"id": 2, "title": "Disc"},
        "type": "track",
    }


class FakeDeezer:
    """A playlist served in pages, some of them short; `answer` may step in before any request is served."""

    def __init__(self) -> None:
        self.entries: list[Any] = [entry(number) for number in range(1, 206)]
        self.short_by = 6
        self.preview_status, self.preview = 200, b"sound"
        self.next_host = "https://api.deezer.com"
        self.requests: Counter[str] = Counter()
        self.answer: Callable[[int], web.StreamResponse | None] = lambda _: None

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/api/playlist/77", self.about)
        app.router.add_get("/api/playlist/77/tracks", self.tracks)
        app.router.add_get("/api/track/{id}", self.track)
        app.router.add_get("/previews/{name}", self.sound)
        app.router.add_get("/{tail:.*}", self.elsewhere)
        return app

    async def about(self, _: web.Request) -> web.StreamResponse:
        return self._stepped_in() or web.json_response({"id": 77, "title": "Evening", "nb_tracks": 205})

    async def tracks(self, request: web.Request) -> web.StreamResponse:
        if answer := self._stepped_in():
            return answer
        index, limit = int(request.query["index"]), int(request.query["limit"])
        page: dict[str, Any] = {"data": self.entries[index : index + limit - self.short_by], "total": 205}
        if index + limit < len(self.entries) + self.short_by:
            page["next"] = (
                f"{self.next_host}/playlist/77/tracks?limit={limit}&index={index + limit - self.short_by}"
            )
        return web.json_response(page)

    async def track(self, request: web.Request) -> web.StreamResponse:
        previews = {"1": request.url.with_path("/previews/a.mp3"), "2": "", "3": "http://192.0.2.1/a.mp3"}
        if (identifier := request.match_info["id"]) not in previews:
            return web.json_response(NO_DATA)
        return web.json_response({"id": int(identifier), "preview": str(previews[identifier])})

    async def sound(self, _: web.Request) -> web.StreamResponse:
        return web.Response(body=self.preview, status=self.preview_status)

    async def elsewhere(self, _: web.Request) -> web.StreamResponse:
        self.requests["elsewhere"] += 1
        return web.json_response(NO_DATA)

    def _stepped_in(self) -> web.StreamResponse | None:
        self.requests["playlist"] += 1
        return self.answer(self.requests["playlist"])


@pytest.fixture
def fake() -> FakeDeezer:
    return FakeDeezer()


@pytest.fixture
async def source(fake: FakeDeezer) -> AsyncIterator[DeezerSource]:
    async with TestServer(fake.app()) as server, httpx.AsyncClient(trust_env=False) as client:
        api, previews = str(server.make_url("/api/")), str(server.make_url("/previews"))
        yield DeezerSource(api, client, quota_wait_s=0.01, deadline_s=60, preview_urls=[previews])


def answering(**response: Any) -> Callable[[int], web.StreamResponse]:
    return lambda _: web.Response(**response) if "data" not in response else web.json_response(**response)


async def test_all_pages_are_read_though_they_come_short(source: DeezerSource, fake: FakeDeezer) -> None:
    playlist = await source.playlist(LINK)
    assert playlist.name == "Evening"
    assert [track.title for track in playlist.tracks] == [f"Song {number}" for number in range(1, 206)]
    assert playlist.tracks[0] == Track(
        "Song 1", "Band", "Disc", 200, link="https://www.deezer.com/track/1", provenance=Provenance.DEEZER
    )


async def test_an_address_in_the_answer_is_never_fetched(source: DeezerSource, fake: FakeDeezer) -> None:
    fake.next_host = "http://192.0.2.1"
    assert len((await source.playlist(LINK)).tracks) == 205


@pytest.mark.parametrize(
    "following", ["x?index=0", "x?index=-5", "x?index=abc", "x", "http://[", 7, [1], {"index": 5}]
)
async def test_a_next_that_leads_nowhere_makes_no_part_the_whole(
    source: DeezerSource, fake: FakeDeezer, following: object
) -> None:
    page = {"data": [entry(1)], "next": following}
    fake.answer = lambda count: web.json_response(page) if count > 1 else None
    with refused(ServiceFailed, "don't understand"):
        await source.playlist(LINK)


@pytest.mark.parametrize("following", [None, ""])
async def test_without_a_next_the_list_ends(
    source: DeezerSource, fake: FakeDeezer, following: object
) -> None:
    page = {"data": [entry(1)], "next": following}
    fake.answer = lambda count: web.json_response(page) if count > 1 else None
    assert len((await source.playlist(LINK)).tracks) == 1


async def test_entries_without_title_are_skipped_and_said(source: DeezerSource, fake: FakeDeezer) -> None:
    fake.entries = [
        entry(1),
        None,
        {"title": " "},
        {"title": "Bare"},
        {"id": "x", "title": "Odd", "artist": "text"},
    ]
    playlist = await source.playlist(LINK)
    assert [track.title for track in playlist.tracks] == ["Song 1", "Bare", "Odd"]
    assert [track.link for track in playlist.tracks[1:]] == [None, None]
    assert [skip.row for skip in playlist.skipped] == [2, 3]


async def test_what_no_database_takes_is_left_out_of_names(source: DeezerSource, fake: FakeDeezer) -> None:
    fake.entries = [entry(1) | {"title": BROKEN, "artist": {"name": BROKEN}, "album": {"title": BROKEN}}]
    (track,) = (await source.playlist(LINK)).tracks
    assert storable(track.title, track.artist, track.album or "")


async def test_an_empty_playlist(source: DeezerSource, fake: FakeDeezer) -> None:
    fake.entries = []
    with pytest.raises(NoTracks):
        await source.playlist(LINK)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (answering(data=NO_DATA), PlaylistUnavailable),
        (answering(data={"error": {"type": "OAuthException", "code": 200}}), PlaylistUnavailable),
        (answering(data=NO_DATA, status=404), PlaylistUnavailable),
        (answering(status=403), PlaylistUnavailable),
        (answering(data=QUOTA), ServiceBusy),
        (answering(status=429), ServiceBusy),
        (answering(data={"error": {"code": 500}}), ServiceFailed),
        (answering(data={"error": True}), ServiceFailed),
        (answering(status=503), ServiceFailed),
        (answering(text="<html>"), ServiceFailed),
        (answering(text="[" * 100_000), ServiceFailed),
        (answering(data=[1]), ServiceFailed),
        (answering(data={"title": "no list of tracks"}), ServiceFailed),
        (answering(body=b" " * 4_000_001), ServiceFailed),
        (answering(status=302, headers={"Location": "/elsewhere"}), ServiceFailed),
    ],
)
async def test_faults_have_names_and_sentences(
    source: DeezerSource,
    fake: FakeDeezer,
    answer: Callable[[int], web.StreamResponse],
    error: type[PlaylistError],
) -> None:
    fake.answer = answer
    with pytest.raises(PlaylistError) as caught:
        await source.playlist(LINK)
    assert type(caught.value) is error
    assert worded(caught.value.problem).endswith(".")
    assert fake.requests["elsewhere"] == 0


async def test_a_used_up_quota_is_waited_for_once(source: DeezerSource, fake: FakeDeezer) -> None:
    fake.answer = lambda count: web.json_response(QUOTA) if count == 2 else None
    assert len((await source.playlist(LINK)).tracks) == 205


async def test_a_busy_service_is_asked_no_more_than_twice(source: DeezerSource, fake: FakeDeezer) -> None:
    fake.answer = answering(data=QUOTA)
    with pytest.raises(ServiceBusy):
        await source.playlist(LINK)
    assert fake.requests["playlist"] == 2


async def test_a_list_without_end_is_left(
    source: DeezerSource, fake: FakeDeezer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deezer, "MAX_TRACKS", 150)
    with refused(FileTooLarge, "150 tracks"):
        await source.playlist(LINK)


async def test_a_service_that_never_answers_is_left_in_time() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, httpx.AsyncClient(trust_env=False) as client:
        source = DeezerSource(f"http://127.0.0.1:{port}", client, deadline_s=0.1)
        with refused(ServiceFailed, "too long"):
            await asyncio.wait_for(source.playlist(LINK), 60)


async def test_a_service_that_is_not_there() -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        with refused(ServiceFailed, "could not be reached"):
            await DeezerSource("http://127.0.0.1:9", client).playlist(LINK)


@pytest.mark.parametrize(
    "link", ["https://link.deezer.com/s/abc", "https://youtu.be/x?list=PLabc", "nonsense"]
)
async def test_other_links_are_refused_before_anything_is_fetched(
    source: DeezerSource, fake: FakeDeezer, link: str
) -> None:
    with pytest.raises(LinkNotRecognised):
        await source.playlist(link)
    assert not fake.requests


def track_link(number: object) -> str:
    return f"https://www.deezer.com/track/{number}"


async def test_a_preview_is_fetched_from_where_it_may_be(source: DeezerSource, fake: FakeDeezer) -> None:
    assert await source.preview(track_link(1)) == b"sound"
    for other in (track_link(2), track_link(3), track_link(4), "https://example.org/track/1"):
        assert await source.preview(other) is None
    assert fake.requests["elsewhere"] == 0


@pytest.mark.parametrize("status", [302, 403, 404, 410])
async def test_a_preview_that_is_refused_or_too_large_is_none(
    source: DeezerSource, fake: FakeDeezer, status: int
) -> None:
    fake.preview_status = status
    assert await source.preview(track_link(1)) is None
    fake.preview_status, fake.preview = 200, b"x" * 4_000_001
    assert await source.preview(track_link(1)) is None


@pytest.mark.parametrize(
    ("status", "error"), [(429, ServiceBusy), (500, ServiceFailed), (503, ServiceFailed)]
)
async def test_a_preview_that_may_come_later_is_a_failure(
    source: DeezerSource, fake: FakeDeezer, status: int, error: type[ServiceFailed]
) -> None:
    fake.preview_status = status
    with pytest.raises(error):
        await source.preview(track_link(1))


async def test_without_leave_no_preview_is_asked_for(fake: FakeDeezer) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        assert await DeezerSource("http://127.0.0.1:1", client).preview(track_link(1)) is None
