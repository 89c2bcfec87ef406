"""Moods that are looked up in the background: kept, combined, told in the chat, and gone on with after a failure."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.app import lookups_of
from bot.jobs import mood_lookup
from bot.services import Services
from bot.settings import Settings
from bot.tasks.announcement import Announcement
from bot.usecases import playlist_preparation
from domain.tracks import TrackMood
from music import Features, Track
from music.errors import ServiceFailed
from music.lookups import RECCOBEATS, Lookup
from music.lookups.circuit_breaker import CircuitBreaker
from storage import Database, outbox, people, playlists
from storage.playlists import Playlist
from tests.bot.fake_reccobeats import FakeReccoBeats

ANA, BEN = 7, 8
HURRIED = replace(RECCOBEATS, pause_s=0.001)


def song(number: int) -> Track:
    return Track(f"Xyzzy {number}", "Band", link=f"https://open.spotify.com/track/{number:022d}")


class Place:
    """A database with two people, and a service on loopback that the bot looks tracks up at."""

    def __init__(self, db: Database, fake: FakeReccoBeats, lookup: Lookup) -> None:
        self.db, self.fake, self.lookup = db, fake, lookup
        sender, settings = SimpleNamespace(wake=lambda: None), SimpleNamespace()
        self.services = cast(
            Services,
            SimpleNamespace(
                db=db, sender=sender, settings=settings, lookups=(lookup,), new_tracks=Announcement()
            ),
        )

    async def add(self, tracks: Sequence[Track], person_id: int = ANA) -> Playlist:
        async with self.db.write() as s:
            rows = [playlist_preparation.with_mood(track) for track in tracks]
            return await playlists.add(s, person_id, "Evening", "file", None, rows)

    async def moods(self, playlist: Playlist) -> list[Any]:
        async with self.db.read() as s:
            return [track.mood for track in await playlists.tracks(s, playlist.id)]

    async def said(self) -> list[tuple[str, str]]:
        """What waits to be sent: method and text."""
        found = []
        async with self.db.write() as s:
            while item := await outbox.head(s, ANA):
                found.append((item.method, item.arguments["text"]))
                await outbox.mark_sending(s, item.id)
                await outbox.mark_sent(s, item.id, [1])
        return found


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[Place]:
    fake = FakeReccoBeats()
    async with (
        Database(f"sqlite+aiosqlite:///{folder / 'attune.db'}") as db,
        TestServer(fake.app()) as server,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        async with db.write() as s:
            for person in (ANA, BEN):
                await people.get_or_create(s, person, person, "en")
        yield Place(db, fake, Lookup(HURRIED, str(server.make_url("")), client, CircuitBreaker(lambda: 0.0)))


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with served(tmp_path) as made:
        yield made


async def test_nobody_is_asked_until_whoever_runs_the_bot_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # which has no .env

    def asked(**more: Any) -> list[str]:
        settings = Settings(telegram_bot_token=SecretStr("123456:abcdefghijklmnop"), **more)
        return [lookup.provider.id for lookup in lookups_of(settings, client)]

    async with httpx.AsyncClient(trust_env=False) as client:
        assert asked() == []
        assert asked(reccobeats_api_url="https://api.reccobeats.com") == ["reccobeats"]
        assert asked(musicbrainz_api_url="https://musicbrainz.org") == ["musicbrainz"]
        assert asked(listenbrainz_token="t", lastfm_api_key="k") == ["listenbrainz", "lastfm"]


async def test_what_is_looked_up_is_believed_beside_what_was_known(place: Place) -> None:
    place.fake.unknown = {f"{2:022d}"}
    file = Track("Xyzzy", "Band", features=Features(0.1, 0.1))
    happy = await place.add([song(1), song(2), Track("Happy Party"), file])
    before = await place.moods(happy)
    assert await mood_lookup.look_up(place.services, place.lookup) == 4
    after = await place.moods(happy)
    assert (after[0].source, after[0].tempo) == ("lookup", 120.0)
    assert after[0].affect.valence > 0.1
    assert after[1:] == before[1:]
    assert await place.said() == []


async def test_nobody_is_asked_twice_not_even_for_somebody_else(place: Place) -> None:
    await place.add([song(1), song(1), song(2)])
    await mood_lookup.look_up(place.services, place.lookup)
    theirs = await place.add([song(2), song(3)], BEN)
    assert await mood_lookup.look_up(place.services, place.lookup) == 2
    assert await mood_lookup.look_up(place.services, place.lookup) == 0
    assert sorted(each for ids in place.fake.asked for each in ids) == [f"{n:022d}" for n in (1, 2, 3)]
    assert {mood.source for mood in await place.moods(theirs)} == {"lookup"}


async def test_a_long_list_is_told_of_in_one_message_that_changes(place: Place) -> None:
    await place.add([song(n) for n in range(100)])
    await mood_lookup.look_up(place.services, place.lookup)
    first, *changes = await place.said()
    assert first[0] == "sendMessage"
    assert "“Evening”" in first[1]
    assert "ReccoBeats 40" in first[1]
    assert [method for method, _ in changes] == ["editMessageText"] * 2
    assert "ReccoBeats 80" in changes[0][1]
    assert "looked for the moods of all 100 tracks" in changes[1][1]


async def test_what_was_answered_before_a_failure_stays_and_the_rest_follows(place: Place) -> None:
    long = await place.add([song(n) for n in range(100)])
    place.fake.fails = 1
    with pytest.raises(ServiceFailed):
        await mood_lookup.look_up(place.services, place.lookup)
    assert place.fake.asked == []
    place.lookup.breaker = CircuitBreaker()  # as after a restart, or when its time is over
    assert await mood_lookup.look_up(place.services, place.lookup) == 100
    assert {mood.source for mood in await place.moods(long)} == {"lookup"}
    assert [len(ids) for ids in place.fake.asked] == [40, 40, 20]


async def test_a_new_list_does_not_wait_for_a_long_one(place: Place) -> None:
    await place.add([song(n) for n in range(100, 200)])
    looking = asyncio.create_task(mood_lookup.look_up(place.services, place.lookup))
    async with asyncio.timeout(30):
        while not place.fake.asked:  # noqa: ASYNC110
            await asyncio.sleep(0)
        await place.add([song(7)], BEN)
        await place.services.new_tracks.announce()
        assert await looking == 101
    assert [f"{7:022d}" in ids for ids in place.fake.asked].index(True) in (1, 2)


async def test_new_tracks_wake_whoever_waits_for_them(place: Place) -> None:
    async with mood_lookup.run_mood_lookup(place.services), asyncio.timeout(30):
        for number in range(3):
            added = await place.add([song(number)])
            await place.services.new_tracks.announce()
            while (await place.moods(added))[0].source != "lookup":  # noqa: ASYNC110
                await asyncio.sleep(0.01)


class Odd(Lookup):
    """Raises once what nobody foresaw."""

    odd = True

    async def ask(self, keys: Sequence[str]) -> Mapping[str, TrackMood]:
        if self.odd:
            self.odd = False
            raise TypeError("unhashable")
        return await super().ask(keys)


async def test_looking_up_goes_on_after_an_error_that_nobody_foresaw(place: Place) -> None:
    odd = Odd(place.lookup.provider, place.lookup._base_url, place.lookup._client)
    place.services = cast(Services, SimpleNamespace(**{**vars(place.services), "lookups": (odd,)}))
    async with mood_lookup.run_mood_lookup(place.services), asyncio.timeout(30):
        added = await place.add([song(1)])
        await place.services.new_tracks.announce()
        while odd.odd:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await place.services.new_tracks.announce()
        while (await place.moods(added))[0].source != "lookup":  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_an_announcement_is_missed_by_nobody() -> None:
    news = Announcement()
    seen = news.count
    await news.announce()
    async with asyncio.timeout(5):
        await news.wait(seen, 60)
    waiting = [asyncio.create_task(news.wait(news.count, 60)) for _ in range(3)]
    await asyncio.sleep(0)
    await news.announce()
    async with asyncio.timeout(5):
        await asyncio.gather(*waiting)
    await news.wait(news.count, 0.01)
