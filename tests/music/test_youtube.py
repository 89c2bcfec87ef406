"""Public YouTube playlists, read from a real HTTP server on loopback that answers as the player's does."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

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
from music.sources.services.youtube import YouTubeSource
from music.wording import worded
from tests.music.broken_text import BROKEN, storable
from tests.music.drip import BODY, HEADERS, dripping
from tests.music.fake_youtube import LINK, FakeYouTube, entry, video
from tests.music.sentences import problems, refused, skipped

SONG = Track(
    "Song 1", "Band", "Disc", 200, link=f"https://www.youtube.com/watch?v={video(1)}", provenance=Provenance.YOUTUBE
)  # fmt: skip


@pytest.fixture
def fake() -> FakeYouTube:
    return FakeYouTube()


@pytest.fixture
async def source(fake: FakeYouTube) -> AsyncIterator[YouTubeSource]:
    async with TestServer(fake.app()) as server:
        yield YouTubeSource(str(server.make_url("/yt/")), deadline_s=30)


async def test_all_pages_are_read(source: YouTubeSource) -> None:
    playlist = await source.playlist(LINK)
    assert (playlist.format, playlist.name, playlist.problems) == ("youtube", "Evening", ())
    assert [track.title for track in playlist.tracks] == [f"Song {n}" for n in range(1, 131)]
    assert playlist.tracks[0] == SONG


async def test_videos_are_taken_apart_and_songs_left_as_they_are(
    source: YouTubeSource, fake: FakeYouTube
) -> None:
    fake.entries = [
        entry(1, "Other Band - Hit (Official Video)", "SomeVEVO", "MUSIC_VIDEO_TYPE_OMV"),
        entry(2, "Hit [Official Audio]", "Some Band", "MUSIC_VIDEO_TYPE_UGC"),
        entry(3, "A - B", "Band"),
        entry(4, "On music", "A show", "MUSIC_VIDEO_TYPE_PODCAST_EPISODE"),
        entry(5, "Song deleted"),
    ]
    fake.said = 5
    playlist = await source.playlist(LINK)
    assert [(track.artist, track.title) for track in playlist.tracks] == [
        ("Other Band", "Hit"),
        ("Some Band", "Hit"),
        ("Band", "A - B"),
    ]
    assert [reason for _, reason in skipped(playlist)] == ["an episode of a podcast"]
    assert problems(playlist) == ["1 videos of it are private or gone."]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (web.Response(status=404, text='{"error": {"message": "not found"}}'), PlaylistUnavailable),
        (web.Response(status=403, text='{"error": {"message": "forbidden"}}'), PlaylistUnavailable),
        (web.Response(status=429, text='{"error": {"message": "slow down"}}'), ServiceBusy),
        (web.Response(status=500, text='{"error": {"message": "x"}}'), ServiceFailed),
        (web.Response(text='{"contents": {"singleColumnBrowseResultsRenderer": {}}}'), PlaylistUnavailable),
        (web.Response(text="{}"), PlaylistUnavailable),
        (web.Response(text="[1]"), PlaylistUnavailable),
        (web.Response(text="[" * 100_000), PlaylistUnavailable),
        (web.Response(status=302, headers={"Location": "/yt/elsewhere"}, text=""), ServiceFailed),
        (web.Response(text=" " * 16_000_001), ServiceFailed),
    ],
    ids=["404", "403", "429", "500", "private", "empty", "no object", "deep", "redirect", "endless"],
)
async def test_faults_have_names_and_sentences(
    source: YouTubeSource, fake: FakeYouTube, answer: web.Response, error: type[PlaylistError]
) -> None:
    fake.answer = answer
    with pytest.raises(PlaylistError) as caught:
        await source.playlist(LINK)
    assert type(caught.value) is error
    assert worded(caught.value.problem).endswith(".")


@pytest.mark.parametrize(
    "given",
    [
        [],
        None,
        {"title": []},
        {"title": "x", "tracks": {"title": "x"}},
        {"title": "x", "tracks": [["x"]]},
        {"title": "x", "tracks": [{"title": {"text": "x"}}]},
        {"title": "x", "tracks": [{"title": "x", "artists": "somebody"}]},
        {"title": "x", "tracks": [{"title": "x", "album": "Disc"}]},
        {"title": "x", "trackCount": [1], "tracks": []},
    ],
)
async def test_what_the_library_makes_of_an_odd_page_is_a_failure_of_the_service(
    source: YouTubeSource, monkeypatch: pytest.MonkeyPatch, given: Any
) -> None:
    monkeypatch.setattr(source, "_read", lambda _: given)
    with refused(ServiceFailed, "don't understand"):
        await source.playlist(LINK)


async def test_what_no_database_takes_is_left_out_of_names(source: YouTubeSource, fake: FakeYouTube) -> None:
    fake.entries = [entry(1, BROKEN, BROKEN), entry(2, f"{BROKEN} - {BROKEN}", "x", "MUSIC_VIDEO_TYPE_OMV")]
    for track in (await source.playlist(LINK)).tracks:
        assert storable(track.title, track.artist)


async def test_an_empty_playlist(source: YouTubeSource, fake: FakeYouTube) -> None:
    fake.entries = []
    with pytest.raises(PlaylistError) as caught:
        await source.playlist(LINK)
    assert isinstance(caught.value, NoTracks | PlaylistUnavailable)


@pytest.mark.parametrize("own", ["LL", "LM", "WL"])
async def test_lists_for_ones_own_eyes_are_not_asked_for(
    source: YouTubeSource, fake: FakeYouTube, own: str
) -> None:
    with refused(PlaylistUnavailable, "your own eyes"):
        await source.playlist(f"https://www.youtube.com/playlist?list={own}")
    assert fake.requests == 0


async def test_a_link_of_another_service_is_not_asked_for(source: YouTubeSource, fake: FakeYouTube) -> None:
    with pytest.raises(LinkNotRecognised):
        await source.playlist("https://www.deezer.com/playlist/1")
    assert fake.requests == 0


async def test_a_server_that_is_not_there_and_a_deadline_that_is_over() -> None:
    for source in (YouTubeSource("http://127.0.0.1:1"), YouTubeSource("http://127.0.0.1:1", deadline_s=0)):
        with refused(ServiceFailed, "could not be reached"):
            await source.playlist(LINK)


@pytest.mark.parametrize("beginning", [HEADERS, BODY])
async def test_an_answer_that_never_ends_is_left_in_time(beginning: bytes) -> None:
    async with dripping(beginning) as url, asyncio.timeout(30):
        with refused(ServiceFailed, "could not be reached"):
            await YouTubeSource(url, deadline_s=1).playlist(LINK)
