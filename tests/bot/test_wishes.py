"""A wish for tracks is fulfilled once: at a restart, by two hands, by two presses, and not while the pool is busy."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from sqlalchemy import update
from telegram import CallbackQuery, Chat, InlineKeyboardMarkup, Message, Update, User

from bot.handlers import recommendations
from bot.services import Services
from bot.ui import keyboards
from bot.ui.presses import Action, Press
from bot.ui.words import words_for
from bot.updates.context import in_context
from bot.usecases import playlist_preparation, recommend
from domain import EMOTIONS, Emotion, Posterior
from inference import Reading
from inference.pool import PoolBusy
from music.selection import SelectionRequest
from storage import Database, checkins, inbox, outbox, people, playlists, plays
from storage.models import PlayRow
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
        self.answered: list[str] = []

    async def send_chat_action(self, chat_id: int, action: str) -> None:
        self.actions.append((chat_id, action))

    async def answer_callback_query(self, callback_query_id: str, **_: Any) -> None:
        self.answered.append(callback_query_id)


@pytest.fixture
async def services(tmp_path: Path) -> AsyncIterator[Services]:
    async with Database(f"sqlite+aiosqlite:///{tmp_path / 'attune.db'}") as db:
        for person_id in (ANA, BO):
            await wishing(db, person_id)
        everybody, sender = SimpleNamespace(allowed_users=frozenset()), SimpleNamespace(wake=lambda: None)
        parts = {"db": db, "pool": Workers(), "sender": sender, "bot": Typist(), "settings": everybody}
        yield cast(Services, SimpleNamespace(**parts))


async def wishing(db: Database, person_id: int) -> None:
    """Somebody with a playlist and a reading who pressed Match."""
    music, now = (
        playlist_preparation.prepare_file(samples.PLAYLIST_NAME, samples.playlist()),
        datetime.now(UTC),
    )
    reading = Reading(UNDECIDED, sure=False, disagree=False)
    async with db.write() as s:
        await people.get_or_create(s, person_id, person_id, "en")
        await people.give_consent(s, person_id, "1")
        await playlists.add(s, person_id, music.name, "file", None, music.tracks)
        checkin = await checkins.start(s, person_id, now)
        await checkins.set_reading(s, checkin.id, reading, now)
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
    await recommend.fulfil_all(services)
    await recommend.fulfil_all(services)
    for person_id in (ANA, BO):
        (said,) = await lists_for(services, person_id)
        assert "Match" in said
        assert "5. " in said


async def test_a_busy_pool_keeps_one_wish_and_not_the_others_from_being_fulfilled(services: Services) -> None:
    cast(Any, services.pool).busy_calls = 1
    await recommend.fulfil_all(services)
    assert [len(await lists_for(services, person_id)) for person_id in (ANA, BO)] == [0, 1]
    await recommend.fulfil_all(services)
    assert [len(await lists_for(services, person_id)) for person_id in (ANA, BO)] == [1, 0]


class Mortal:
    """A pool in which one person's choice ends the process."""

    async def run(self, *_: Any) -> Any:
        raise KeyboardInterrupt  # as near to the death of the process as a test can come


async def test_a_wish_that_ends_the_process_again_and_again_is_given_up_with_a_sentence(
    services: Services,
) -> None:
    dying = cast(Services, SimpleNamespace(**(vars(services) | {"pool": Mortal()})))
    for _ in range(2 * 3):  # three tries for each of two people
        with pytest.raises(KeyboardInterrupt):
            await recommend.fulfil_all(dying)
    await recommend.fulfil_all(services)
    assert [await lists_for(services, person_id) for person_id in (ANA, BO)] == 2 * [[words_for("en").broken]]
    await recommend.fulfil_all(services)
    assert [await lists_for(services, person_id) for person_id in (ANA, BO)] == [[], []]


async def test_a_wish_that_waited_for_a_busy_pool_is_tried_as_often_as_need_be(services: Services) -> None:
    for _ in range(5):
        cast(Any, services.pool).busy_calls = 2
        await recommend.fulfil_all(services)
    await recommend.fulfil_all(services)
    assert [len(await lists_for(services, person_id)) for person_id in (ANA, BO)] == [1, 1]


async def test_who_waits_for_tracks_sees_that_they_are_chosen(services: Services) -> None:
    actions = cast(Any, services.bot).actions
    await recommend.fulfil_all(services)
    assert actions == []  # it took but a moment
    async with services.db.write() as s:
        now = datetime.now(UTC)
        checkin = await checkins.start(s, ANA, now)
        await checkins.set_reading(s, checkin.id, Reading(UNDECIDED, sure=False, disagree=False), now)
        await checkins.set_wish(s, checkin.id, "match")
    cast(Any, services.pool).until = lambda: bool(actions)
    await recommend.fulfil_all(services)
    assert actions == [(ANA, "typing")]


async def test_two_at_once_send_one_list(services: Services) -> None:
    async with services.db.read() as s:
        ana = await people.get(s, ANA)
    assert ana is not None
    await asyncio.gather(*(recommend.fulfil(services, ana, words_for("en")) for _ in range(3)))
    assert len(await lists_for(services, ANA)) == 1
    async with services.db.read() as s:
        assert len(await plays.recent_track_ids(s, ANA)) == 5


async def test_the_choice_hears_how_torn_a_reading_is(services: Services) -> None:
    """Of two readings with the same middle, who may be glad or sad is looked for further around."""
    torn = Posterior.of([emotion in (Emotion.HAPPY, Emotion.SAD) for emotion in EMOTIONS])
    calm = in_the_middle(torn, Emotion.NEUTRAL, Emotion.SURPRISE, Emotion.HAPPY)
    for_torn, for_calm = [await wanted_after(services, posterior) for posterior in (torn, calm)]
    assert (for_torn.affect.valence, for_torn.affect.arousal) == pytest.approx(
        (for_calm.affect.valence, for_calm.affect.arousal), abs=1e-6
    )
    assert for_torn.affect_sd.valence > 1.3 * for_calm.affect_sd.valence


def in_the_middle(of: Posterior, *emotions: Emotion) -> Posterior:
    """Another posterior with the same valence and arousal, made of three emotions."""
    corners = [Posterior.certain(emotion).affect for emotion in emotions]
    equations = [[c.valence for c in corners], [c.arousal for c in corners], [1.0] * 3]
    shares = dict(
        zip(emotions, np.linalg.solve(equations, [of.affect.valence, of.affect.arousal, 1.0]), strict=True)
    )
    return Posterior.of([float(shares.get(emotion, 0.0)) for emotion in EMOTIONS])


async def wanted_after(services: Services, posterior: Posterior) -> SelectionRequest:
    """What is asked of Ana's music after a reading."""
    now = datetime.now(UTC)
    async with services.db.write() as s:
        checkin = await checkins.start(s, ANA, now)
        await checkins.set_reading(s, checkin.id, Reading(posterior, sure=False, disagree=False), now)
        await checkins.set_wish(s, checkin.id, "match")
        ana = await people.get(s, ANA)
    assert ana is not None
    order = await recommend._order(services, ana)
    assert order is not None
    return order.request


async def press(services: Services, number: int, under: InlineKeyboardMarkup | None = None) -> None:
    """Ana presses Match, or More under a list."""
    user, chat = User(ANA, "Ana", False, language_code="en"), Chat(ANA, "private")
    message = Message(1, datetime.now(UTC), chat, reply_markup=under)
    query = CallbackQuery(str(number), user, "chat", message, data="v1|match|1")
    query.set_bot(services.bot)
    async with services.db.write() as s:
        await inbox.add(s, number, ANA, ANA, {})
    callback = in_context(services, lambda context: recommendations.ask(context, Press(Action.MATCH, ("1",))))
    await callback(Update(number, callback_query=query), cast(Any, SimpleNamespace(args=[])))


async def seconds_pass(services: Services) -> None:
    async with services.db.write() as s:
        await s.execute(update(PlayRow).values(created_at=datetime.now(UTC) - timedelta(seconds=10)))


async def test_two_presses_of_one_button_send_one_list(services: Services) -> None:
    await asyncio.gather(press(services, 1), press(services, 2))
    await press(services, 3)
    await seconds_pass(services)
    await press(services, 4)  # Telegram made the first one wait
    assert len(await lists_for(services, ANA)) == 1
    assert sorted(cast(Any, services.bot).answered) == ["1", "2", "3", "4"]
    await press(services, 5)
    assert len(await lists_for(services, ANA)) == 1


async def test_more_is_sent_at_once_and_once(services: Services) -> None:
    await press(services, 1)
    async with services.db.read() as s:
        sent = [play.id for play in await plays.for_checkin(s, 1)]
    under = keyboards.thumbs(words_for("en"), sent, 1, "match")
    await asyncio.gather(press(services, 2, under), press(services, 3, under))
    await press(services, 4, under)
    assert len(await lists_for(services, ANA)) == 2


async def test_nothing_is_sent_to_somebody_who_was_erased_meanwhile(services: Services) -> None:
    async with services.db.read() as s:
        ana = await people.get(s, ANA)
    assert ana is not None
    fulfilling = asyncio.create_task(recommend.fulfil(services, ana, words_for("en")))
    async with services.db.write() as s:
        await people.delete_everything(s, ANA)
    await asyncio.wait_for(fulfilling, 10)
    assert await lists_for(services, ANA) == []
