"""Two people whose selfies come at once, one worker: whose turn it is, and who gives theirs up."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from telegram import Bot, Chat, Message, PhotoSize, Update, User

from bot.handlers import media
from bot.services import Services
from bot.tasks.cancellation import CancellationRegistry
from bot.ui.words import words_for
from bot.updates import progress
from bot.updates.context import in_context
from inference.pool import Pool
from storage import Database, inbox, outbox, people
from tests.bot import light

ANA, EVE = 1, 2
WORDS = words_for("en")
ALONE, SECOND = (WORDS.received("face", ahead) for ahead in (0, 1))
PATIENCE_S = 60


class Telegram:
    """Has one photo, and remembers the drafts it was asked to show in each chat."""

    def __init__(self) -> None:
        self.drafts: defaultdict[int, list[str]] = defaultdict(list)

    async def get_file(self, _: str) -> Any:
        return SimpleNamespace(download_as_bytearray=self._photo)

    async def _photo(self) -> bytearray:
        return bytearray(b"a photo")

    async def send_message_draft(self, chat_id: int, _: int, text: str) -> None:
        self.drafts[chat_id].append(text)

    async def send_chat_action(self, *_: object) -> None:
        """An ornament."""

    async def set_message_reaction(self, **_: object) -> None:
        """Another."""


class House:
    """Two people who agreed, and the way of their selfies through the real handler and a real pool.

    A reading ends when the test opens the gate, which lets one through.
    """

    def __init__(self, db: Database, pool: Pool, gate: Path) -> None:
        self.db, self.pool, self.gate = db, pool, gate
        self.telegram, self.stops = Telegram(), CancellationRegistry()
        settings = SimpleNamespace(allowed_users=frozenset(), checkin_minutes=30)
        sender = SimpleNamespace(wake=lambda: None)
        self._services = SimpleNamespace(
            db=db, pool=pool, bot=self.telegram, cancellations=self.stops, settings=settings, sender=sender
        )

    async def selfie(self, person_id: int) -> "asyncio.Task[None]":
        """Begin with a selfie in an update of the person's number."""
        user, chat = User(person_id, "Ana", False, language_code="en"), Chat(person_id, "private")
        photo = (PhotoSize("file", "unique", 90, 90),)
        message = Message(1, datetime.now(UTC), chat, from_user=user, photo=photo)
        message.set_bot(cast(Bot, self.telegram))
        update = Update(person_id, message)
        async with self.db.write() as s:
            await inbox.add(s, update.update_id, person_id, person_id, update.to_dict())
        handle = in_context(cast(Services, self._services), media.received)
        return asyncio.create_task(handle(update, cast(Any, SimpleNamespace(args=[]))))

    async def both(self) -> "tuple[asyncio.Task[None], asyncio.Task[None]]":
        """Eve's is being read, and Ana's waits."""
        eve = await self.selfie(EVE)
        await until(lambda: self.pool.ahead == 1)
        ana = await self.selfie(ANA)
        await until(lambda: self.pool.ahead == 2)
        return eve, ana

    async def last_word(self, person_id: int) -> str:
        """What was said to the person last."""
        texts = []
        async with self.db.write() as s:
            while item := await outbox.head(s, person_id):
                texts.append(item.arguments["text"])
                await outbox.mark_failed(s, item.id, "read by the test")
        return str(texts[-1])


async def until(come: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not come():  # noqa: ASYNC110  (looked at from outside)
            await asyncio.sleep(0.005)


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    monkeypatch.setattr(progress, "_MOMENT_S", 0.02)
    monkeypatch.setattr(progress, "_EVERY_S", 0.02)
    gate = tmp_path / "open"
    async with (
        Database(f"sqlite+aiosqlite:///{tmp_path / 'attune.db'}") as db,
        Pool(1, 1, prepare=partial(light.load, gate=gate)) as pool,
    ):
        async with db.write() as s:
            for person_id in (ANA, EVE):
                await people.get_or_create(s, person_id, person_id, "en")
                await people.give_consent(s, person_id, "1")
        yield House(db, pool, gate)


async def test_a_draft_tells_how_many_come_before_it_and_never_counts_itself_nor_who_comes_later(
    house: House,
) -> None:
    eve, ana = await house.both()
    drafts = house.telegram.drafts
    await until(lambda: len(drafts[ANA]) > 1)
    seen = len(drafts[EVE])
    await until(lambda: len(drafts[EVE]) > seen)
    house.gate.touch()
    await until(lambda: drafts[ANA][-1] != SECOND)
    house.gate.touch()
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(eve, ana)
    assert set(drafts[EVE]) == {ALONE}
    assert list(dict.fromkeys(drafts[ANA])) == [SECOND, ALONE]
    assert WORDS.asks_other["face"] in await house.last_word(ANA)


async def test_a_selfie_that_is_stopped_while_it_waits_leaves_the_queue(house: House) -> None:
    eve, ana = await house.both()
    assert house.stops.stop(ANA, ANA)
    async with asyncio.timeout(PATIENCE_S):
        await ana
    assert await house.last_word(ANA) == WORDS.stopped
    assert house.pool.ahead == 1
    house.gate.touch()
    async with asyncio.timeout(PATIENCE_S):
        await eve
    assert house.pool.ahead == 0
