"""A wish for tracks is fulfilled once: at a restart, by two hands at once, and not while the pool is busy."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from affect import EMOTIONS, Posterior
from bot import library
from bot.handlers import tracks
from bot.turn import Services
from bot.words import words_for
from inference import Reading
from inference.pool import PoolBusy
from storage import Database, checkins, outbox, people, playlists, plays
from tools import samples

ANA, BO = 1, 2
UNDECIDED = Posterior.of([1] * len(EMOTIONS))


class Workers:
    """A pool that computes at once, or when it may, or is busy."""

    def __init__(self) -> None:
        self.busy_calls = 0
        self.until: Callable[[], bool] = lambda: True

    async def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        await asyncio.sleep(0)
        async with asyncio.timeout(10):
            while not self.until():  # noqa: ASYNC110  (looked at from outside)
                await asyncio.sleep(0.01)
        if self.busy_calls:
            self.busy_calls -= 1
            raise PoolBusy(1)
        return function(*arguments)


class Typist:
    """The bot, as far as people see that it is at something."""

    def __init__(self) -> None:
        self.actions: list[tuple[int, str]] = []

    async def send_chat_action(self, chat_id: int, action: str) -> None:
        self.actions.append((chat_id, action))


@pytest.fixture
async def services(tmp_path: Path) -> AsyncIterator[Services]:
    async with Database(f"sqlite+aiosqlite:///{tmp_path / 'attune.db'}") as db:
        for person_id in (ANA, BO):
            await wishing(db, person_id)
        sender = SimpleNamespace(wake=lambda: None)
        yield cast(Services, SimpleNamespace(db=db, pool=Workers(), sender=sender, bot=Typist()))


async def wishing(db: Database, person_id: int) -> None:
    """Somebody with a playlist and a reading who pressed Match."""
    music, now = library.import_file(samples.PLAYLIST_NAME, samples.playlist()), datetime.now(UTC)
    reading = Reading(UNDECIDED, sure=False, disagree=False)
    async with db.write() as s:
        await people.get_or_create(s, person_id, person_id, "en")
        await playlists.add(s, person_id, music.name, "file", None, music.tracks)
        checkin = await checkins.start(s, person_id, now)
        await checkins.set_reading(s, checkin.id, reading.as_dict(), now)
        await checkins.set_wish(s, checkin.id, "match")


async def lists_for(services: Services, person_id: int) -> list[str]:
    """The messages with tracks that wait to be sent."""
    texts = []
    async with services.db.write() as s:
        while item := await outbox.head(s, person_id):
            texts.append(item.arguments["text"])
            await outbox.mark_failed(s, item.id, "read by the test")
    return texts


async def test_a_restart_fulfils_what_was_wished(services: Services) -> None:
    await tracks.fulfil_all(services)
    await tracks.fulfil_all(services)
    for person_id in (ANA, BO):
        (said,) = await lists_for(services, person_id)
        assert "Match" in said
        assert "5. " in said


async def test_a_busy_pool_keeps_one_wish_and_not_the_others_from_being_fulfilled(services: Services) -> None:
    cast(Any, services.pool).busy_calls = 1
    await tracks.fulfil_all(services)
    assert [len(await lists_for(services, person_id)) for person_id in (ANA, BO)] == [0, 1]
    await tracks.fulfil_all(services)
    assert [len(await lists_for(services, person_id)) for person_id in (ANA, BO)] == [1, 0]


async def test_who_waits_for_tracks_sees_that_they_are_chosen(services: Services) -> None:
    actions = cast(Any, services.bot).actions
    await tracks.fulfil_all(services)
    assert actions == []  # it took but a moment
    async with services.db.write() as s:
        now = datetime.now(UTC)
        checkin = await checkins.start(s, ANA, now)
        await checkins.set_reading(s, checkin.id, {"probabilities": UNDECIDED.as_dict()}, now)
        await checkins.set_wish(s, checkin.id, "match")
    cast(Any, services.pool).until = lambda: bool(actions)
    await tracks.fulfil_all(services)
    assert actions == [(ANA, "typing")]


async def test_two_at_once_send_one_list(services: Services) -> None:
    async with services.db.read() as s:
        ana = await people.get(s, ANA)
    assert ana is not None
    await asyncio.gather(*(tracks.fulfil(services, ana, words_for("en")) for _ in range(3)))
    assert len(await lists_for(services, ANA)) == 1
    async with services.db.read() as s:
        assert len(await plays.recent_track_ids(s, ANA)) == 5


async def test_nothing_is_sent_to_somebody_who_was_erased_meanwhile(services: Services) -> None:
    async with services.db.read() as s:
        ana = await people.get(s, ANA)
    assert ana is not None
    fulfilling = asyncio.create_task(tracks.fulfil(services, ana, words_for("en")))
    async with services.db.write() as s:
        await people.delete_everything(s, ANA)
    await asyncio.wait_for(fulfilling, 10)
    assert await lists_for(services, ANA) == []
