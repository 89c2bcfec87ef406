"""The real process dies at the worst moments; nothing is lost, nothing is said twice, the order stays.

Faults of the playground hold a call open, so that the end comes inside it. What is read does not matter here, so no
models are loaded anew after each death.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, closing
from typing import Any

import pytest
import pytest_asyncio

from tests.bot import media
from tests.bot.conftest import Home, consent, home_of, logged, secrets_of
from tests.bot.test_music import read, send_playlist, titles
from tools import processes
from tools.person import BotMessage, Person, PlaygroundClient

pytestmark = pytest.mark.asyncio(loop_scope="session")
HOLD_S = 3.0


class Mortal:
    """A bot that can be killed and started again on the same database."""

    def __init__(self, home: Home) -> None:
        self.home, self.room = home, home.room
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        self._process = await self._stack.enter_async_context(
            processes.bot(self.home.environment, self.home.log, "tests.bot.light")
        )

    async def kill(self) -> None:
        """As `kill -9`: no handler, no clean-up."""
        self._process.kill()
        await self._process.wait()
        await self._stack.aclose()

    async def stop(self) -> int:
        """Politely; returns the exit code."""
        await self._stack.aclose()
        return await self._process.wait()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Mortal]:
    """One that runs; each test leaves it running."""
    async with processes.playground() as address, PlaygroundClient.at(address.url) as room:
        mortal = Mortal(home_of(address, room, tmp_path_factory.mktemp("mortal")))
        await mortal.start()
        yield mortal
        secrets = await secrets_of(mortal.home)
        await mortal.stop()
        assert logged(secrets, mortal.home.log) == []


@pytest_asyncio.fixture(loop_scope="session")
async def friend(bot: Mortal) -> AsyncIterator[Person]:
    person = await bot.room.person("Bohuslava")
    await consent(person)
    yield person
    await bot.room.http.delete("/faults")
    assert [p for call in await bot.room.calls() for p in call["problems"]] == []


async def test_nothing_that_was_fetched_is_lost_and_the_order_stays(bot: Mortal, friend: Person) -> None:
    await bot.room.fault("getFile", delay_s=HOLD_S)
    await friend.photo(media.selfie())
    for command in ("/mode", "/privacy"):
        await friend.say(command)
    await friend.expect("Got your selfie")
    await until_none_is_under_way(bot)
    await bot.kill()
    await friend.say("/help")
    await bot.start()
    await friend.expect("Now a voice note")
    for answer in ("Now: ask", "What I read:", "Check in:"):
        await friend.expect(answer)
    said = [said.text for said in await friend.messages()]
    assert len(said) == 6, said  # the two of the consent, the selfie (one message, edited) and three answers
    # Half a check-in survives: the voice completes it.
    await friend.voice(media.voice())
    await friend.expect("It rests on your face and your voice", kind="photo")


async def test_what_was_recorded_and_not_sent_is_sent_by_the_next_process(
    bot: Mortal, friend: Person
) -> None:
    await bot.room.fault("sendMessage", chat=friend.chat_id, **busy(3))
    before = len(await friend.messages())
    await friend.say("/help")
    await friend.say("/privacy")
    await until_refused(bot, friend)
    await until_none_is_under_way(bot)
    await bot.kill()
    await bot.start()
    await friend.expect("Check in:")
    await friend.expect("What I read:")
    assert len(await friend.messages()) == before + 2


async def test_a_message_under_way_is_never_sent_twice(bot: Mortal, friend: Person) -> None:
    half = await half_a_checkin(friend)
    await bot.room.fault("sendPhoto", delay_s=HOLD_S)
    await friend.press(half, "Read what I sent")
    await until(lambda: under_way(bot.home) == 1)  # Telegram will take it although nobody hears of that
    await asyncio.sleep(0.5)
    await bot.kill()
    await bot.start()
    reading = await friend.expect(kind="photo", buttons=("Match",))
    assert [said.kind for said in await friend.hears(1)].count("photo") == 0
    await friend.press(reading, "Match")  # and the reading is there
    await friend.expect("no music of yours yet")


async def test_a_press_that_was_being_handled_is_handled_again(bot: Mortal, friend: Person) -> None:
    await send_playlist(friend)
    reading = await read(friend)
    await bot.room.fault("answerCallbackQuery", delay_s=HOLD_S)
    await friend.press(reading, "Match", wait_s=0)
    await until(lambda: being_handled(bot.home, friend) == 1)
    await bot.kill()
    await bot.start()
    assert len(titles(await friend.expect("Match", buttons=("More",)))) == 5
    assert await friend.hears(1) == []


async def test_a_polite_stop_loses_nothing(bot: Mortal, friend: Person) -> None:
    await bot.room.fault("sendMessage", chat=friend.chat_id, **busy(2))
    await bot.room.fault("getFile", delay_s=HOLD_S)
    schema = schema_of(bot.home)
    await friend.say("/help")
    await friend.photo(media.selfie())
    await friend.say("/privacy")
    await until_refused(bot, friend)
    assert await bot.stop() == 0
    await bot.start()
    await friend.expect("Check in:")
    await friend.expect("Now a voice note")
    await friend.expect("What I read:")
    assert len(await friend.messages()) == 5
    assert schema_of(bot.home) == schema  # a second start migrates nothing


@pytest.mark.parametrize(
    "fault",
    [
        {"error_code": 500, "description": "Internal Server Error: restart"},
        {"body": "<html>Bad Gateway</html>", "status": 502},
    ],
)
@pytest.mark.parametrize("method", ["sendMessage", "sendPhoto"])
async def test_what_telegram_did_not_take_comes_by_itself(
    bot: Mortal, friend: Person, method: str, fault: dict[str, Any]
) -> None:
    half = await half_a_checkin(friend)
    before = len(await friend.messages())
    await bot.room.fault(method, chat=friend.chat_id, **fault)
    await ask_for(method, friend, half)
    await hear(method, friend)
    assert len(await friend.messages()) == before + 1


@pytest.mark.parametrize("method", ["sendMessage", "sendPhoto"])
async def test_what_broke_off_on_its_way_comes_when_it_is_asked_for(
    bot: Mortal, friend: Person, method: str
) -> None:
    half = await half_a_checkin(friend)
    await bot.room.fault(method, chat=friend.chat_id, drop="before")
    await ask_for(method, friend, half)
    line = await friend.expect("I was interrupted", buttons=("Send it again",))
    # So that the button is still there for another press.
    await bot.room.fault("editMessageReplyMarkup", chat=friend.chat_id, delay_s=3)
    assert await friend.press(line, "Send it again") == ""
    await hear(method, friend)
    assert "nothing left" in await friend.press(line, "Send it again")


async def test_a_file_for_which_telegram_asks_to_wait_is_not_gone(bot: Mortal, friend: Person) -> None:
    await bot.room.fault("getFile", **busy(1))
    await friend.photo(media.selfie())
    await friend.expect("Now a voice note")
    await bot.room.fault("getFile", **busy(3600))
    await friend.voice(media.voice())
    again = await friend.expect("Telegram asks me to wait", buttons=("Try again",))
    await friend.press(again, "Try again")
    await friend.expect("It rests on your face and your voice", kind="photo")


@pytest.mark.parametrize(
    "fault",
    [
        {"body": '{"ok": true}'},
        {"body": "[]"},
        {"body": '{"ok": true, "result": [[]]}'},
        {"body": "<html></html>"},
    ],
)
@pytest.mark.parametrize("ornament", ["setMessageReaction", "sendChatAction", "answerCallbackQuery"])
async def test_an_odd_answer_to_an_ornament_breaks_nothing(
    bot: Mortal, friend: Person, fault: dict[str, Any], ornament: str
) -> None:
    await bot.room.fault(ornament, times=4, **fault)
    half = await half_a_checkin(friend)
    await friend.press(half, "Read what I sent", wait_s=0)
    await friend.expect(kind="photo", buttons=("Match",))


@pytest.mark.parametrize("refused", ["handled_at", "attempts"])
async def test_what_could_not_be_handled_for_want_of_room_is_handled_without_a_restart(
    bot: Mortal, friend: Person, refused: str
) -> None:
    """A trigger stands for a full disk: nothing can be written of how an update is handled."""
    before = bot.home.log.read_text().count("event=unhandled")
    change(
        bot.home,
        f"CREATE TRIGGER full BEFORE UPDATE OF {refused} ON inbox BEGIN SELECT RAISE(ABORT, 'full'); END",
    )
    await friend.say("/help")
    await until(lambda: bot.home.log.read_text().count("event=unhandled") > before)
    change(bot.home, "DROP TRIGGER full")
    await friend.expect("Check in:")
    assert await friend.hears(0.5) == []


def busy(seconds: int) -> dict[str, Any]:
    """Telegram's answer to whoever sends too fast."""
    description = f"Too Many Requests: retry after {seconds}"
    return {"error_code": 429, "description": description, "parameters": {"retry_after": seconds}}


async def until(check: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not check():  # noqa: ASYNC110  (another process has no event to wait for)
            await asyncio.sleep(0.02)


async def until_refused(bot: Mortal, person: Person) -> None:
    """Until a message to this person has met a 429."""
    async with asyncio.timeout(60):
        while all(call["answer"]["ok"] for call in await calls_to(bot, person)):  # noqa: ASYNC110  (the same)
            await asyncio.sleep(0.02)


async def calls_to(bot: Mortal, person: Person) -> list[dict[str, Any]]:
    calls = await bot.room.calls("sendMessage")
    return [call for call in calls if call["arguments"].get("chat_id") == person.chat_id]


async def until_none_is_under_way(bot: Mortal) -> None:
    """Until the bot knows of every message how it ended: at the very moment of sending, the end would be unknown."""
    await until(lambda: under_way(bot.home) == 0)


def under_way(home: Home) -> int:
    with closing(sqlite3.connect(home.database)) as connection:
        return int(connection.execute("SELECT count(*) FROM outbox WHERE state = 'sending'").fetchone()[0])


def being_handled(home: Home, person: Person) -> int:
    begun = "SELECT count(*) FROM inbox WHERE chat_id = ? AND attempts > 0 AND handled_at IS NULL"
    with closing(sqlite3.connect(home.database)) as connection:
        return int(connection.execute(begun, (person.chat_id,)).fetchone()[0])


async def half_a_checkin(person: Person) -> BotMessage:
    await person.photo(media.selfie())
    return await person.expect("Now a voice note", buttons=("Read what I sent",))


async def ask_for(method: str, person: Person, half: BotMessage) -> None:
    """Ask for something that is answered by this method."""
    if method == "sendMessage":
        await person.say("/help")
    else:
        await person.press(half, "Read what I sent")


async def hear(method: str, person: Person) -> None:
    """Hear the answer to that."""
    if method == "sendMessage":
        await person.expect("Check in:")
    else:
        await person.expect(kind="photo", buttons=("Match",))


def change(home: Home, statement: str) -> None:
    with closing(sqlite3.connect(home.database)) as connection, connection:
        connection.execute(statement)


def schema_of(home: Home) -> int:
    """SQLite's counter of changes to the schema."""
    with closing(sqlite3.connect(home.database)) as connection:
        return int(connection.execute("PRAGMA schema_version").fetchone()[0])
