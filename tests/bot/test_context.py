"""An update's way through its handler: it takes effect once, and every end of it is said."""

import asyncio
import logging
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from telegram import Chat, Message, Update, User

from bot import logs
from bot.delivery import messages
from bot.services import Services
from bot.ui import keyboards
from bot.ui.words import words_for
from bot.updates.context import Refused, UpdateContext, in_context
from inference.errors import Fault
from inference.pool import DeadlineExceeded, PoolBusy, WorkerLost
from storage import Database, inbox, outbox, people

ANA = 7
WORDS = words_for("en")


class Home:
    """A database with a consenting person, and handlers run in it as the bot runs them."""

    def __init__(self, db: Database) -> None:
        self.db = db
        sender = SimpleNamespace(wake=lambda: None)
        settings = SimpleNamespace(allowed_users=frozenset())
        self.services = cast(Services, SimpleNamespace(db=db, sender=sender, settings=settings))
        self._number = 0

    async def deliver(self, kind: str = "private") -> Update:
        """A new update in the inbox."""
        self._number += 1
        user, chat = User(ANA, "Ana", False, language_code="en"), Chat(ANA, kind)
        update = Update(self._number, Message(1, datetime.now(UTC), chat, from_user=user, text="hello"))
        async with self.db.write() as s:
            await inbox.add(s, update.update_id, ANA, ANA, update.to_dict())
        return update

    async def handle(
        self, handler: Callable[[UpdateContext], Awaitable[None]], update: Update | None = None
    ) -> Update:
        update = update or await self.deliver()
        await in_context(self.services, handler)(update, cast(Any, SimpleNamespace(args=[])))
        return update

    async def said(self) -> list[str]:
        """The texts that wait to be sent."""
        return [arguments["text"] for arguments in await self.sent()]

    async def sent(self) -> list[dict[str, Any]]:
        """What waits to be sent."""
        found = []
        async with self.db.write() as s:
            while item := await outbox.head(s, ANA):
                found.append(item.arguments)
                await outbox.mark_failed(s, item.id, "read by the test")
        return found

    async def waiting(self) -> int:
        async with self.db.read() as s:
            return len(await inbox.pending(s))


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    async with Database(f"sqlite+aiosqlite:///{tmp_path / 'attune.db'}") as db:
        async with db.write() as s:
            await people.get_or_create(s, ANA, ANA, "en")
            await people.give_consent(s, ANA, "1")
        yield Home(db)


async def greet(context: UpdateContext) -> None:
    await context.say("good day")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Refused("no, because"), "no, because"),
        (PoolBusy(3), WORDS.busy(3)),
        (DeadlineExceeded(Fault.NO_ANSWER, seconds=20), WORDS.too_slow),
        (WorkerLost(Fault.WORKER_DIED), WORDS.broken),
        (RuntimeError("a secret text"), WORDS.broken),
    ],
)
async def test_every_failure_is_said_once_and_ends_the_update(
    home: Home, error: Exception, sentence: str
) -> None:
    async def fail(_: UpdateContext) -> None:
        raise error

    update = await home.handle(fail)
    await home.handle(fail, update)
    assert await home.said() == [sentence]
    assert await home.waiting() == 0


@pytest.mark.parametrize(
    ("error", "offered"),
    [
        (PoolBusy(3), True),
        (DeadlineExceeded(Fault.NO_ANSWER, seconds=20), True),
        (WorkerLost(Fault.WORKER_DIED), True),
        (Refused("no"), False),
    ],
)
async def test_where_only_time_or_room_was_missing_another_try_is_offered(
    home: Home, error: Exception, offered: bool
) -> None:
    async def fail(context: UpdateContext) -> None:
        async with context.acknowledged(messages.text("got it"), retry=keyboards.try_again(WORDS)):
            raise error

    await home.handle(fail)
    _, answer = await home.sent()
    assert ("reply_markup" in answer) == offered
    assert answer["target"].endswith(":ack")


async def test_a_failure_after_the_effect_is_said_too(home: Home) -> None:
    async def fail_late(context: UpdateContext) -> None:
        await context.say("done")
        raise PoolBusy(2)

    await home.handle(fail_late)
    assert await home.said() == ["done", WORDS.busy(2)]


async def test_the_effect_and_its_answers_come_together_or_not_at_all(home: Home) -> None:
    async def fail_inside(context: UpdateContext) -> None:
        async with context.unit_of_work() as work:
            await people.set_mode(work.session, ANA, "match")
            await work.say(messages.text("set"))
            raise RuntimeError

    await home.handle(fail_inside)
    assert await home.said() == [WORDS.broken]
    async with home.db.read() as s:
        person = await people.get(s, ANA)
    assert person is not None
    assert person.mode == "ask"


async def test_a_handler_that_says_nothing_has_handled_it(home: Home) -> None:
    async def ignore(_: UpdateContext) -> None:
        """Nothing to do."""

    await home.handle(ignore)
    assert await home.waiting() == 0
    assert await home.said() == []


async def test_an_acknowledgement_is_said_once_although_the_update_comes_again(home: Home) -> None:
    async def die(context: UpdateContext) -> None:
        async with context.acknowledged(messages.text("got it")):
            raise KeyboardInterrupt  # as near to the death of the process as a test can come

    update = await home.deliver()
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            await home.handle(die, update)
    assert await home.waiting() == 1
    await home.handle(greet, update)
    assert await home.said() == ["got it", "good day"]


async def test_an_update_that_ends_the_process_again_and_again_is_given_up_with_a_sentence(
    home: Home,
) -> None:
    async def die(_: UpdateContext) -> None:
        raise KeyboardInterrupt

    update = await home.deliver()
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            await home.handle(die, update)
    await home.handle(die, update)
    assert await home.said() == [WORDS.broken]
    assert await home.waiting() == 0


async def test_nothing_is_written_for_somebody_who_was_erased_meanwhile(home: Home) -> None:
    async def erased_meanwhile(context: UpdateContext) -> None:
        async with home.db.write() as s:
            await people.delete_everything(s, ANA)
        await context.say("a reading")

    await home.handle(erased_meanwhile)
    assert await home.said() == []
    assert await home.waiting() == 0


async def test_the_sender_is_woken_when_the_message_is_there(home: Home, tmp_path: Path) -> None:
    """Woken inside the transaction it would look, find nothing, and sleep on."""
    found: list[int] = []

    def look() -> None:
        with closing(sqlite3.connect(tmp_path / "attune.db")) as connection:
            found.extend(connection.execute("SELECT count(*) FROM outbox WHERE state = 'pending'").fetchone())

    cast(Any, home.services).sender = SimpleNamespace(wake=look)
    for kind in ("private", "group"):
        await home.handle(greet, await home.deliver(kind))
        assert await home.said()
    assert found == [1, 1]


async def test_in_a_group_no_handler_runs(home: Home) -> None:
    async def never(_: UpdateContext) -> None:
        raise AssertionError

    await home.handle(never, await home.deliver("supergroup"))
    assert await home.said() == [WORDS.private_only]


async def test_who_is_not_invited_is_told_and_nothing_else(home: Home) -> None:
    async def never(_: UpdateContext) -> None:
        raise AssertionError

    cast(Any, home.services).settings = SimpleNamespace(allowed_users=frozenset({ANA + 1}))
    await home.handle(never)
    assert await home.said() == [WORDS.not_invited]
    cast(Any, home.services).settings = SimpleNamespace(allowed_users=frozenset({ANA}))
    await home.handle(greet)
    assert await home.said() == ["good day"]


async def test_who_withdraws_meanwhile_is_told_and_the_update_has_no_effect(home: Home) -> None:
    async def withdrawn_meanwhile(context: UpdateContext) -> None:
        async with home.db.write() as s:
            await people.withdraw_consent(s, ANA)
        async with context.unit_of_work() as work:
            await people.set_mode(work.session, ANA, "match")

    await home.handle(withdrawn_meanwhile)
    assert await home.said() == [WORDS.withdrawn_meanwhile]
    async with home.db.read() as s:
        person = await people.get(s, ANA)
    assert person is not None
    assert person.mode == "ask"
    assert await home.waiting() == 0


async def test_each_line_of_the_log_names_the_update_to_which_it_belongs(
    home: Home, capsys: pytest.CaptureFixture[str], restored_logging: None
) -> None:
    async def tell(_: UpdateContext) -> None:
        for _line in range(2):
            logs.get_logger("bot").info("told")
            await asyncio.sleep(0)

    logs.set_up("INFO")
    one, other = await home.deliver(), await home.deliver()
    await asyncio.gather(home.handle(tell, one), home.handle(tell, other))
    requests = re.findall(r"request=(\w+) event=told", capsys.readouterr().err)
    assert sorted(requests) == sorted(2 * [logs.hashed(update.update_id) for update in (one, other)])
    assert len(set(requests)) == 2


async def test_what_went_wrong_is_logged_without_its_words(
    home: Home, capsys: pytest.CaptureFixture[str], restored_logging: None
) -> None:
    async def fail(_: UpdateContext) -> None:
        raise ValueError("what Ana wrote") from KeyError("123456:abcdefghijklmnopqrstuvwxyz")

    logs.set_up("DEBUG")
    await home.handle(fail)
    logging.getLogger("telegram.Bot").error("Failed to parse %s", {"text": "what Ana wrote"})
    logging.getLogger("aiosqlite").debug("executing %s", "what Ana wrote")
    logging.getLogger("bot").info("token=123456:abcdefghijklmnopqrstuvwxyz")
    written = capsys.readouterr().err
    assert "event=handler_failed" in written
    assert "ValueError" in written
    assert "test_context.py" in written
    assert "token=<token>" in written
    assert "what Ana wrote" not in written
    assert "abcdefghij" not in written
