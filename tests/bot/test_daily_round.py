"""The scheduled round that looks active lists up again, by a clock that the test moves."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from sqlalchemy import text

from bot.accounts.playlist_services import PlaylistServices, PublicSource
from bot.jobs.playlist_refresh import run_refresh
from bot.services import Services
from bot.tasks.announcement import Announcement
from bot.usecases import playlist_preparation
from music.sources import ImportedPlaylist
from music.sources.links import PlaylistLink, Service
from music.sources.services.deezer import DeezerSource
from storage import Database, outbox, people, playlists
from tests.bot.fake_deezer import TRACKS, serve_deezer

ANA, BEN = 7, 8
HOUR = timedelta(hours=1)


class Clock:
    """Stands still until a test moves it; whoever sleeps by it wakes then."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)
        self._sleeps = 0
        self._changed = asyncio.Condition()

    async def sleep(self, seconds: float) -> None:
        until = self.now + timedelta(seconds=seconds)
        async with self._changed:
            self._sleeps += 1
            self._changed.notify_all()
            await self._changed.wait_for(lambda: self.now >= until)

    async def move(self, by: timedelta) -> None:
        """Move it, and wait until whoever woke has done its work and sleeps again."""
        async with asyncio.timeout(60), self._changed:
            await self._changed.wait_for(lambda: self._sleeps)
            slept, self.now = self._sleeps, self.now + by
            self._changed.notify_all()
            await self._changed.wait_for(lambda: self._sleeps > slept)


class AtOnce:
    """A pool that works in the caller's own process."""

    async def run(self, work: Callable[..., Any], *args: Any) -> Any:
        return work(*args)


class Place:
    """Two people with a list from Deezer each, which is in use with one of them alone."""

    def __init__(self, services: Services, tracks: list[Any], clock: Clock) -> None:
        self.services, self.tracks, self.clock = services, tracks, clock

    async def link(self, person_id: int) -> int:
        """Take the list, as it is now, and say its id."""
        found = await self.services.playlist_services.read(person_id, PlaylistLink(Service.DEEZER, "77"))
        rows = playlist_preparation.prepare(found).tracks
        async with self.services.db.write() as s:
            await people.get_or_create(s, person_id, person_id, "en")
            return (await playlists.add(s, person_id, found.name, "deezer", "77", rows)).id

    async def titles(self, playlist_id: int) -> list[str]:
        async with self.services.db.read() as s:
            return [each.track.title for each in await playlists.tracks(s, playlist_id)]

    async def said(self) -> list[tuple[int, str]]:
        """Who is told what."""
        found = []
        async with self.services.db.write() as s:
            for chat_id in (ANA, BEN):
                while item := await outbox.head(s, chat_id):
                    found.append((chat_id, item.arguments["text"]))
                    await outbox.mark_failed(s, item.id, "read by the test")
        return found


@pytest.fixture
async def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    clock, tracks = Clock(), list(TRACKS)
    monkeypatch.setattr(playlists, "utcnow", lambda: clock.now)
    async with (
        Database(f"sqlite+aiosqlite:///{tmp_path / 'attune.db'}") as db,
        serve_deezer(tracks) as url,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        links = PlaylistServices({Service.DEEZER: DeezerSource(url, client)}, None, None)
        sender = SimpleNamespace(wake=lambda: None)
        services = SimpleNamespace(
            db=db, playlist_services=links, pool=AtOnce(), sender=sender, new_tracks=Announcement()
        )
        yield Place(cast(Services, services), tracks, clock)


async def test_once_a_day_lists_in_use_are_looked_up_and_changes_are_said(place: Place) -> None:
    hers, his = await place.link(ANA), await place.link(BEN)
    async with place.services.db.write() as s:
        other = await playlists.add(s, BEN, "other", "file", None, [])
        await playlists.activate(s, BEN, other.id)
    old = await place.titles(hers)
    place.tracks[:2] = [place.tracks[0] | {"id": 9, "title": "New song"}]
    async with run_refresh(place.services, place.clock.sleep):
        await place.clock.move(23 * HOUR)
        assert await place.said() == []
        assert await place.titles(hers) == old
        await place.clock.move(2 * HOUR)
        assert await place.said() == [(ANA, "“Evening &lt;mix&gt;”: 1 new, 2 gone.")]
        assert await place.titles(hers) == ["New song", *old[2:]]
        assert await place.titles(his) == old
        await place.clock.move(25 * HOUR)  # nothing changed since: nothing is said
        assert await place.said() == []


async def test_a_list_that_cannot_be_read_stays_and_is_tried_again_a_day_later(place: Place) -> None:
    hers = await place.link(ANA)
    old, kept = await place.titles(hers), list(place.tracks)
    async with run_refresh(place.services, place.clock.sleep):
        place.tracks.clear()
        await place.clock.move(25 * HOUR)
        assert await place.said() == []
        assert await place.titles(hers) == old
        place.tracks.extend(kept[:-1])
        await place.clock.move(HOUR)
        assert await place.said() == []
        await place.clock.move(24 * HOUR)
        assert await place.said() == [(ANA, "“Evening &lt;mix&gt;”: 0 new, 1 gone.")]


class Odd:
    """A service whose first answer breaks whoever reads it, and which then answers as it should."""

    def __init__(self, source: PublicSource, error: Exception) -> None:
        self._source, self._errors = source, [error]

    async def playlist(self, link: str) -> ImportedPlaylist:
        if self._errors:
            raise self._errors.pop()
        return await self._source.playlist(link)


@pytest.mark.parametrize("error", [RecursionError("too deep"), AttributeError("a list for an object")])
async def test_an_answer_that_nobody_foresaw_holds_up_neither_other_lists_nor_the_next_day(
    place: Place, error: Exception
) -> None:
    lists = [await place.link(ANA), await place.link(BEN)]
    services = place.services.playlist_services
    services._public = {Service.DEEZER: Odd(services._public[Service.DEEZER], error)}
    place.tracks.pop()
    async with run_refresh(place.services, place.clock.sleep):
        await place.clock.move(25 * HOUR)
        assert len(await place.said()) == 1  # one was read, one was not
        await place.clock.move(25 * HOUR)
        assert len(await place.said()) == 1
    assert len({tuple(await place.titles(each)) for each in lists}) == 1


async def test_a_round_that_fails_is_not_the_last(place: Place) -> None:
    hers = await place.link(ANA)
    left = place.tracks.pop()
    async with run_refresh(place.services, place.clock.sleep):
        async with place.services.db.write() as s:
            await s.execute(text("ALTER TABLE playlists RENAME TO gone"))
        await place.clock.move(25 * HOUR)
        async with place.services.db.write() as s:
            await s.execute(text("ALTER TABLE gone RENAME TO playlists"))
        await place.clock.move(HOUR)
        assert len(await place.said()) == 1
    assert left["title"] not in await place.titles(hers)
