"""What is listened to in the background: whatever fails, other tracks and other people's music are heard."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram.error import BadRequest, RetryAfter, TimedOut

from bot.accounts.playlist_services import PlaylistServices
from bot.jobs import audio_analysis
from bot.jobs.audio_analysis import Place, listen_to_all, places, run_audio_analysis
from bot.services import Services
from bot.tasks.announcement import Announcement
from bot.usecases import playlist_preparation, track_mapping
from bot.usecases.track_mapping import AudioAnalysis
from domain import Affect
from domain.tracks import MoodSource, TrackMood
from inference.pool import PoolBusy
from music import Track
from music.errors import Code, Problem, ServiceFailed
from music.lookups import circuit_breaker
from music.lookups.circuit_breaker import CircuitBreaker
from music.sources.services.deezer import DeezerSource
from storage import Database, people, playlists
from storage.tracks import TrackWithMood

ANA, BEN = 7, 8
MOOD = TrackMood(Affect(0.5, 0.5), 0.2, 0.2, MoodSource.SOUND)


class FakePool:
    """Hears whatever it gets; `busy` is how often it has no room before."""

    ahead = 0

    def __init__(self) -> None:
        self.busy = 0

    async def run(self, work: Any, data: bytes, _: Track) -> AudioAnalysis:
        assert work is track_mapping.analyse
        self.busy -= 1
        if self.busy >= 0:
            raise PoolBusy(1)
        return AudioAnalysis(MOOD if data == b"sound" else None, "", "")


class FakeTelegram:
    """Files by their ids; those with an error in their place raise it."""

    def __init__(self) -> None:
        self.errors: dict[str, Exception] = {}

    async def get_file(self, file_id: str) -> Any:
        if file_id in self.errors:
            raise self.errors[file_id]

        async def download() -> bytearray:
            return bytearray(b"sound")

        return SimpleNamespace(download_as_bytearray=download)


class FakePreviews:
    """A preview for every track; `answers` has other ones by the track's number, `asked` who was asked for."""

    def __init__(self) -> None:
        self.answers: dict[int, web.Response] = {}
        self.down = False
        self.asked: list[int] = []

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/track/{number}", self.track)
        app.router.add_get("/previews/{number}", self.sound)
        return app

    async def track(self, request: web.Request) -> web.Response:
        number = request.match_info["number"]
        return web.json_response({"id": 1, "preview": str(request.url.with_path(f"/previews/{number}"))})

    async def sound(self, request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        self.asked.append(number)
        return (
            web.Response(status=503) if self.down else self.answers.get(number, web.Response(body=b"sound"))
        )


class Home:
    """Two people, a chat service and a service with previews, all of which can fail."""

    def __init__(
        self, services: Services, telegram: FakeTelegram, previews: FakePreviews, pool: FakePool
    ) -> None:
        self.services, self.telegram, self.previews, self.pool = services, telegram, previews, pool

    async def link(self, count: int) -> int:
        tracks = [Track(f"T{n}", "A", link=f"https://www.deezer.com/track/{n}") for n in range(1, count + 1)]
        return await self._add(ANA, "deezer", [playlist_preparation.with_mood(track) for track in tracks])

    async def send(self, *files: str) -> int:
        return await self._add(
            BEN,
            "telegram_audio",
            [(Track(f, "A", file_id=f, file_unique_id=f"u{f}"), None) for f in files],
        )

    async def _add(self, person_id: int, source: str, rows: list[TrackWithMood]) -> int:
        async with self.services.db.write() as s:
            added = await playlists.add(s, person_id, "x", source, None, rows)
        await self.services.new_tracks.announce()
        return added.id

    async def heard(self, playlist_id: int) -> list[str]:
        """The tracks whose sound is known."""
        async with self.services.db.read() as s:
            tracks = await playlists.tracks(s, playlist_id)
        return [each.track.title for each in tracks if each.mood and each.mood.source == "sound"]

    async def until_heard(self, playlist_id: int, *titles: str) -> None:
        async with asyncio.timeout(60):
            while await self.heard(playlist_id) != list(titles):  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    def deezer(self, own: CircuitBreaker | None = None) -> Place:
        return self._place(1, own)

    def sent(self, own: CircuitBreaker | None = None) -> Place:
        return self._place(0, own)

    def _place(self, number: int, own: CircuitBreaker | None) -> Place:
        place = places(self.services)[number]
        return Place(place.source, place.fetch, own or place.breaker)


@pytest.fixture
async def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Home]:
    monkeypatch.setattr(circuit_breaker, "FIRST_S", 0.01)
    monkeypatch.setattr(audio_analysis, "_POLITE_S", 0.01)
    previews, telegram, pool = FakePreviews(), FakeTelegram(), FakePool()
    async with (
        Database(f"sqlite+aiosqlite:///{tmp_path / 'attune.db'}") as db,
        TestServer(previews.app()) as server,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        async with db.write() as s:
            for person in (ANA, BEN):
                await people.get_or_create(s, person, person, "en")
        url = str(server.make_url("")).rstrip("/")
        source = DeezerSource(url, client, quota_wait_s=0.01, preview_urls=[f"{url}/previews"])
        services = SimpleNamespace(
            db=db,
            pool=pool,
            bot=telegram,
            playlist_services=PlaylistServices({}, None, source),
            sender=SimpleNamespace(wake=lambda: None),
            lookups=(),
            new_tracks=Announcement(),
        )
        yield Home(cast(Services, services), telegram, previews, pool)


@pytest.mark.parametrize(
    "answer", [{"body": b"x" * 4_000_001}, {"status": 403}, {"status": 404}, {"body": b"no sound"}]
)
async def test_a_preview_that_cannot_be_had_is_noted_and_not_asked_for_again(
    home: Home, answer: dict[str, Any]
) -> None:
    hers = await home.link(5)
    home.previews.answers[5] = web.Response(**answer)
    assert await listen_to_all(home.services, home.deezer()) == 5
    assert await home.heard(hers) == ["T1", "T2", "T3", "T4"]
    assert await listen_to_all(home.services, home.deezer()) == 0
    assert home.previews.asked == [5, 4, 3, 2, 1]


async def test_a_preview_that_fails_holds_up_no_other_and_is_tried_again(home: Home) -> None:
    hers = await home.link(45)
    home.previews.answers[45] = web.Response(status=500)
    assert await listen_to_all(home.services, home.deezer()) == 44
    assert len(await home.heard(hers)) == 44
    del home.previews.answers[45]
    assert await listen_to_all(home.services, home.deezer()) == 1


async def test_a_service_that_is_down_is_left_alone_and_others_go_on(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circuit_breaker, "FIRST_S", 3600.0)
    home.previews.down = True
    await home.link(5)
    async with run_audio_analysis(home.services):
        async with asyncio.timeout(60):
            while not home.previews.asked:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        his = await home.send("one", "two")
        await home.until_heard(his, "one", "two")
    assert home.previews.asked == [5]


async def test_a_service_that_is_up_again_is_asked_for_all_that_is_left(home: Home) -> None:
    hers = await home.link(3)
    home.previews.down = True
    async with run_audio_analysis(home.services):
        async with asyncio.timeout(60):
            while len(home.previews.asked) < 3:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        home.previews.down = False
        await home.services.new_tracks.announce()
        await home.until_heard(hers, "T1", "T2", "T3")


@pytest.mark.parametrize("error", [TimedOut(), RetryAfter(0), KeyError("a strange answer")])
async def test_a_file_that_telegram_does_not_give_now_holds_up_no_other(home: Home, error: Exception) -> None:
    his = await home.send("one", "two", "three")
    home.telegram.errors["three"] = error
    assert await listen_to_all(home.services, home.sent()) == 2
    assert await home.heard(his) == ["one", "two"]
    home.telegram.errors.clear()
    assert await listen_to_all(home.services, home.sent()) == 1


async def test_a_file_that_is_gone_is_noted(home: Home) -> None:
    await home.send("one")
    home.telegram.errors["one"] = BadRequest("file is too big")
    assert await listen_to_all(home.services, home.sent()) == 1
    assert await listen_to_all(home.services, home.sent()) == 0


async def test_telegram_is_left_alone_for_as_long_as_it_asks(home: Home) -> None:
    his, own = await home.send("one"), CircuitBreaker(lambda: 0.0)
    home.telegram.errors["one"] = RetryAfter(77)
    assert await listen_to_all(home.services, home.sent(own)) == 0
    assert own.open_s == 77
    assert await home.heard(his) == []


async def test_a_file_that_never_comes_is_left_in_time(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(_: Track) -> bytes:
        await asyncio.sleep(3600)
        raise ServiceFailed(Problem(Code.UNREACHABLE, service="Deezer"))

    monkeypatch.setattr(audio_analysis, "_FETCH_S", 0.1)
    await home.send("one")
    async with asyncio.timeout(30):
        assert await listen_to_all(home.services, Place(None, never)) == 0


async def test_a_full_pool_is_waited_for(home: Home) -> None:
    his = await home.send("one", "two")
    home.pool.busy = 3
    assert await listen_to_all(home.services, home.sent()) == 2
    assert await home.heard(his) == ["one", "two"]
