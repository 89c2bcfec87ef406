"""Logins and playlists at Spotify, against a real HTTP server on loopback."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from music import Provenance
from music.errors import PlaylistError, PlaylistUnavailable, ServiceBusy, ServiceFailed
from music.sources.services import spotify
from music.sources.services.spotify import (
    LIKED,
    LoginExpired,
    LoginRefused,
    OwnPage,
    OwnPlaylist,
    SpotifyApp,
    Token,
    code_and_state,
)
from tests.music.broken_text import BROKEN, storable
from tests.music.drip import BODY, HEADERS, dripping
from tests.music.fake_spotify import FOREIGN, OWN, SHARED, FakeSpotify, own_list, track
from tests.music.sentences import problems, refused, skipped

REDIRECT = "http://127.0.0.1:8888/callback"


@pytest.fixture
def fake() -> FakeSpotify:
    return FakeSpotify()


@pytest.fixture
async def app(fake: FakeSpotify) -> AsyncIterator[SpotifyApp]:
    async with TestServer(fake.app()) as server:
        url = str(server.make_url("")).rstrip("/")
        yield SpotifyApp("client", REDIRECT, url, url)


@pytest.fixture
async def token(app: SpotifyApp, fake: FakeSpotify) -> Token:
    started = app.start()
    code, state = code_and_state(fake.agree(started.url)) or ("", "")
    assert state == started.state
    return await asyncio.to_thread(app.finish, code, started.verifier)


async def read(app: SpotifyApp, token: Token, identifier: str, kept: list[Token] | None = None) -> Any:
    keep = (kept if kept is not None else list[Token]()).append
    return await asyncio.to_thread(app.playlist, identifier, token, keep)


async def test_the_login_asks_to_read_and_nothing_else(app: SpotifyApp) -> None:
    first, second = app.start(), app.start()
    assert "scope=playlist-read-private+playlist-read-collaborative+user-library-read" in first.url
    assert "modify" not in first.url
    assert first.url.startswith("https://accounts.spotify.com/authorize?")
    assert len({first.state, second.state, first.verifier, second.verifier}) == 4
    assert first.verifier not in first.url


async def test_a_code_works_once_and_with_its_own_verifier(app: SpotifyApp, fake: FakeSpotify) -> None:
    started, other = app.start(), app.start()
    for verifier in (other.verifier, started.verifier):
        code, _ = code_and_state(fake.agree(started.url)) or ("", "")
        if verifier == started.verifier:
            assert (await asyncio.to_thread(app.finish, code, verifier))["refresh_token"] == "refresh-1"
        with pytest.raises(LoginRefused):
            await asyncio.to_thread(app.finish, code, verifier)


@pytest.mark.parametrize(
    "granted",
    [
        {"expires_in": 3600, "refresh_token": "r"},
        {"expires_in": 3600, "refresh_token": "r", "access_token": None},
        {"expires_in": 3600, "refresh_token": "r", "access_token": ""},
        {"expires_in": 3600, "access_token": "a", "refresh_token": {}},
        {"expires_in": "soon", "access_token": "a", "refresh_token": "r"},
    ],
)
async def test_a_login_without_a_token_that_can_be_used_is_none(
    app: SpotifyApp, token: Token, fake: FakeSpotify, granted: dict[str, Any]
) -> None:
    fake.grant = (200, granted)
    started, kept = app.start(), list[Token]()
    code, _ = code_and_state(fake.agree(started.url)) or ("", "")
    with pytest.raises(ServiceFailed):
        await asyncio.to_thread(app.finish, code, started.verifier)
    with refused(ServiceFailed, "strangely"):  # nor does it take the place of a good one
        await read(app, {**token, "expires_at": 0}, LIKED, kept)
    assert kept == []


async def test_a_list_in_pages_of_fifty(app: SpotifyApp, token: Token, fake: FakeSpotify) -> None:
    playlist = await read(app, token, OWN)
    assert (playlist.name, playlist.format) == ("Evening", "spotify")
    assert [t.title for t in playlist.tracks] == [f"Song {n}" for n in range(1, 121)]
    assert {t.provenance for t in playlist.tracks} == {Provenance.SPOTIFY_API}
    assert fake.asked.count(f"playlists/{OWN}/items") == 3


async def test_what_is_no_track_is_counted(app: SpotifyApp, token: Token, fake: FakeSpotify) -> None:
    fake.entries = [
        {"item": None},
        None,
        {"item": track(1, type="episode")},
        {"track": track(2)},
        {"item": track(3, id=None), "is_local": True},
        {"item": track(4), "track": track(5)},
        {"item": track(6, id=None, is_local=True), "is_local": False},
    ]
    playlist = await read(app, token, OWN)
    assert [(t.title, t.link is None) for t in playlist.tracks] == [
        ("Song 2", False),
        ("Song 4", False),
    ]
    assert skipped(playlist) == [
        *((row, "no longer at Spotify") for row in (1, 2)),
        (3, "an episode of a podcast"),
        *((row, "a local file") for row in (5, 7)),
    ]


@pytest.mark.parametrize("count", [100, 101])
async def test_of_a_list_that_is_too_long_the_beginning_is_read_and_that_is_said(
    app: SpotifyApp, token: Token, fake: FakeSpotify, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(spotify, "MAX_TRACKS", 100)
    fake.entries = [{"item": track(number)} for number in range(count)]
    playlist = await read(app, token, OWN)
    assert len(playlist.tracks) == 100
    assert ["first 100 tracks" in problem for problem in problems(playlist)] == [True] * (count - 100)


async def test_liked_songs_and_the_lists_that_one_may_read(app: SpotifyApp, token: Token) -> None:
    liked = await read(app, token, LIKED)
    assert (liked.name, len(liked.tracks)) == ("Liked songs", 3)
    own = await asyncio.to_thread(app.own_playlists, 0, token, lambda _: None)
    assert own == OwnPage((OwnPlaylist(OWN, "Evening"), OwnPlaylist(SHARED, "Ours")), 0, False)


async def test_own_lists_come_in_pages(app: SpotifyApp, token: Token, fake: FakeSpotify) -> None:
    fake.lists = [own_list(n) for n in range(101)]
    pages = [
        await asyncio.to_thread(app.own_playlists, offset, token, lambda _: None) for offset in (0, 50, 100)
    ]
    assert [(len(page.lists), page.more) for page in pages] == [(50, True), (50, True), (1, False)]
    assert [own.name for page in pages for own in page.lists] == [f"List {n}" for n in range(101)]


async def test_a_list_of_somebody_else_is_explained(app: SpotifyApp, token: Token) -> None:
    with refused(PlaylistUnavailable, r"your own .* exportify"):
        await read(app, token, FOREIGN)


async def test_what_no_database_takes_is_left_out_of_names(
    app: SpotifyApp, token: Token, fake: FakeSpotify
) -> None:
    fake.entries = [{"item": track(1, name=BROKEN, artists=[{"name": BROKEN}], album={"name": BROKEN})}]
    (found,) = (await read(app, token, OWN)).tracks
    assert storable(found.title, found.artist, found.album)


async def test_a_list_that_is_gone_has_a_sentence_of_its_own(app: SpotifyApp, token: Token) -> None:
    with refused(PlaylistUnavailable, "deleted, private"):
        await read(app, token, "z" * 22)


@pytest.mark.parametrize(
    "answer",
    [
        web.Response(status=403, text="User not registered in the Developer Dashboard"),
        web.json_response(
            {
                "error": {
                    "status": 403,
                    "message": "Check settings on developer.spotify.com/dashboard, the user may not be registered.",
                }
            },
            status=403,
        ),
    ],
    ids=["text", "json"],
)
async def test_somebody_without_a_place_learns_the_reason_and_another_way(
    app: SpotifyApp, token: Token, fake: FakeSpotify, answer: web.Response
) -> None:
    fake.response = answer
    with refused(PlaylistUnavailable, r"only five people.*exportify"):
        await asyncio.to_thread(app.own_playlists, 0, token, lambda _: None)


async def test_an_old_token_is_renewed_and_the_new_one_handed_on(
    app: SpotifyApp, token: Token, fake: FakeSpotify
) -> None:
    kept: list[Token] = []
    await read(app, {**token, "expires_at": 0}, LIKED, kept)
    assert [new["refresh_token"] for new in kept] == ["refresh-1+"]
    assert kept[0]["expires_at"] > time.time()


async def test_a_dead_refresh_token_and_a_lost_scope_ask_for_a_new_login(
    app: SpotifyApp, token: Token, fake: FakeSpotify
) -> None:
    for dead in ({**token, "expires_at": 0, "refresh_token": "old"}, {**token, "scope": "user-library-read"}):
        with refused(LoginExpired, "/playlist spotify"):
            await read(app, dead, LIKED)


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        ((429, {"error": {"status": 429, "message": "x"}}), ServiceBusy, "just now"),
        ((429, {"error": {"status": 429, "message": "x", "reason": "QUOTA_EXCEEDED"}}), ServiceBusy, "today"),
        ((401, {"error": {"status": 401, "message": "x"}}), LoginExpired, "six months"),
        ((500, {"error": {"status": 500, "message": "x"}}), ServiceFailed, "could not answer"),
        ((200, {"items": None}), ServiceFailed, "strangely"),
        ((200, {}), ServiceFailed, "strangely"),
        ((200, {"items": {"item": 1}}), ServiceFailed, "strangely"),
        ((200, {"items": [], "next": ["page"]}), ServiceFailed, "strangely"),
    ],
)
async def test_faults_have_names_and_sentences_and_nothing_waits(
    app: SpotifyApp,
    token: Token,
    fake: FakeSpotify,
    caplog: pytest.LogCaptureFixture,
    answer: tuple[int, dict[str, Any]],
    error: type[PlaylistError],
    said: str,
) -> None:
    fake.answer = answer
    caplog.set_level(logging.DEBUG, "spotipy")
    logging.getLogger("spotipy").setLevel(logging.CRITICAL)
    began, asked = time.monotonic(), len(fake.asked)
    with refused(PlaylistError, said) as caught:
        await read(app, token, LIKED)
    assert type(caught.value) is error
    assert time.monotonic() - began < 20
    assert len(fake.asked) == asked + 1
    assert token["access_token"] not in caplog.text


@pytest.mark.parametrize("body", ["[" * 100_000, "[]", '"text"', "5", '{"id": {}}', '{"name": []}'])
async def test_an_answer_of_any_shape_is_a_failure_of_the_service(
    app: SpotifyApp, token: Token, fake: FakeSpotify, body: str
) -> None:
    fake.response = web.Response(text=body, content_type="application/json")
    with pytest.raises(ServiceFailed):
        await read(app, token, OWN)
    with pytest.raises(ServiceFailed):
        await asyncio.to_thread(app.own_playlists, 0, token, lambda _: None)


async def test_a_server_that_is_not_there() -> None:
    app = SpotifyApp("client", REDIRECT, "http://127.0.0.1:1", "http://127.0.0.1:1")
    with pytest.raises(ServiceFailed):
        await asyncio.to_thread(app.finish, "code", "verifier")


@pytest.mark.parametrize("beginning", [HEADERS, BODY])
async def test_an_answer_that_never_ends_is_left_in_time(
    token: Token, beginning: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spotify, "_DEADLINE_S", 1.0)
    async with dripping(beginning) as url, asyncio.timeout(30):
        with refused(ServiceFailed, "could not be reached"):
            await read(SpotifyApp("client", REDIRECT, url, url), token, OWN)


@pytest.mark.parametrize(
    "text", ["", "hello", "http://[", f"{REDIRECT}?code=x", f"{REDIRECT}?error=access_denied&state=x"]
)
def test_other_addresses_hold_no_code(text: str) -> None:
    assert code_and_state(text) is None
