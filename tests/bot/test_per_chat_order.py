"""PerChatProcessor: order within a chat, presses beside a long reading, chats at once."""

import asyncio
from datetime import UTC, datetime

import pytest
from telegram import CallbackQuery, Chat, InlineKeyboardMarkup, Message, Update, User

from bot.ui import keyboards
from bot.ui.words import words_for
from bot.updates.per_chat_order import PerChatProcessor
from bot.updates.token_buckets import BURST
from inference.pool import Pool
from tests.inference import jobs

WORDS = words_for("en")
READING = (keyboards.try_again(WORDS), keyboards.whose(WORDS), keyboards.read_as_voice(WORDS))


def message(chat_id: int, text: str | None = None) -> Message:
    return Message(1, datetime.now(UTC), Chat(chat_id, "private"), text=text)


def written(chat_id: int, text: str | None = None) -> Update:
    return Update(1, message=message(chat_id, text))


def pressed(chat_id: int, buttons: InlineKeyboardMarkup | None = None) -> Update:
    """A press of the first button, or of one that nobody knows."""
    data = buttons.inline_keyboard[0][0].callback_data if buttons else None
    query = CallbackQuery("1", User(chat_id, "Ana", False), "1", message=message(chat_id), data=str(data))
    return Update(1, callback_query=query)


class Work:
    """What was begun and ended, in order; it goes on when told to."""

    def __init__(self) -> None:
        self.lanes, self.log = PerChatProcessor(), list[str]()
        self.go_on = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def add(self, name: str, update: object) -> None:
        self._tasks.append(asyncio.create_task(self.lanes.process_update(update, self._do(name))))

    async def _do(self, name: str) -> None:
        self.log.append(name)
        await self.go_on.wait()

    async def settle(self) -> list[str]:
        for _ in range(20):
            await asyncio.sleep(0)
        return list(self.log)

    async def finish(self) -> list[str]:
        self.go_on.set()
        async with asyncio.timeout(5):
            await asyncio.gather(*self._tasks, return_exceptions=True)
        return self.log


async def test_messages_of_a_chat_wait_for_each_other_in_order() -> None:
    work = Work()
    for name in "abc":
        work.add(name, written(1))
    assert await work.settle() == ["a"]
    assert await work.finish() == ["a", "b", "c"]


async def test_words_of_self_harm_wait_behind_nothing() -> None:
    work = Work()
    work.add("reading", written(1))
    work.add("sentence", written(1, "I am so tired"))
    work.add("call for help", written(1, "I want to die"))
    assert await work.settle() == ["reading", "call for help"]
    assert await work.finish() == ["reading", "call for help", "sentence"]


async def test_other_chats_and_presses_do_not_wait() -> None:
    work = Work()
    work.add("reading", written(1))
    work.add("press", pressed(1))
    work.add("second press", pressed(1))
    work.add("somebody else", written(2))
    work.add("no chat at all", Update(1))
    assert await work.settle() == ["reading", "press", "somebody else", "no chat at all"]
    assert await work.finish() == ["reading", "press", "somebody else", "no chat at all", "second press"]


async def test_a_flood_of_one_chat_does_not_hold_up_another() -> None:
    work = Work()
    for n in range(300):
        work.add(str(n), written(1))
    work.add("somebody else", written(2))
    assert await work.settle() == ["0", "somebody else"]
    work.lanes.hurry()
    assert await work.finish() == ["0", "somebody else", *map(str, range(1, 300))]


async def test_after_a_burst_a_chat_waits_for_tokens_but_for_what_is_urgent() -> None:
    work = Work()
    work.go_on.set()
    for n in range(BURST + 5):
        work.add(str(n), written(1))
    for _ in range(10):
        await work.settle()
    assert work.log == [str(n) for n in range(BURST)]
    work.add("call for help", written(1, "I want to die"))
    work.add("stop", pressed(1, keyboards.stop(WORDS, 1)))
    work.add("somebody else", written(2))
    assert (await work.settle())[BURST:] == ["call for help", "stop", "somebody else"]
    work.lanes.hurry()
    assert len(await work.finish()) == BURST + 8


@pytest.mark.parametrize("buttons", READING, ids=["again", "mine", "as voice"])
async def test_a_press_that_reads_takes_its_turn_with_messages(buttons: InlineKeyboardMarkup) -> None:
    work = Work()
    work.add("reading", written(1))
    work.add("read this too", pressed(1, buttons))
    work.add("another press", pressed(1))
    assert await work.settle() == ["reading", "another press"]
    assert await work.finish() == ["reading", "another press", "read this too"]


async def test_stop_waits_behind_nothing() -> None:
    work = Work()
    work.add("reading", pressed(1, keyboards.try_again(WORDS)))
    work.add("press", pressed(1, keyboards.reading(WORDS, 1)))
    work.add("stop", pressed(1, keyboards.stop(WORDS, 1)))
    assert await work.settle() == ["reading", "press", "stop"]
    await work.finish()


async def test_another_person_waits_for_one_reading_of_a_flood() -> None:
    """Whether it was sent or asked for by a button."""
    lanes, ended = PerChatProcessor(), list[str]()

    async def read(name: str) -> None:
        ended.append(await pool.run(jobs.nap, 0.05, name))

    async with Pool(1, 1, prepare=jobs.nothing) as pool:
        flood = [written(1) if n % 2 else pressed(1, keyboards.try_again(WORDS)) for n in range(10)]
        sent = [*((update, "flood") for update in flood), (written(2), "somebody else")]
        async with asyncio.timeout(60):
            await asyncio.gather(*(lanes.process_update(update, read(name)) for update, name in sent))
    assert ended.index("somebody else") <= 1


async def test_a_failure_does_not_block_the_lane() -> None:
    lanes = PerChatProcessor()

    async def fail() -> None:
        raise ValueError

    async def succeed() -> None:
        done.set()

    done = asyncio.Event()
    with pytest.raises(ValueError):
        await lanes.do_process_update(written(1), fail())
    await asyncio.wait_for(lanes.do_process_update(written(1), succeed()), 5)
    assert done.is_set()
    assert not lanes._locks  # nothing is kept of chats that are quiet


async def test_the_end_of_each_update_is_told_also_of_one_that_fails() -> None:
    ended = list[object]()
    lanes = PerChatProcessor(ended.append)

    async def fail() -> None:
        raise RuntimeError("a fault")

    update = written(1)
    with pytest.raises(RuntimeError):
        await lanes.process_update(update, fail())
    assert ended == [update]
