"""Whoever runs the bot learns how it is, and nothing of what people send."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.jobs.health import Tally, run_health
from bot.logs import get_logger
from bot.services import Services
from storage import Database, inbox, outbox

ADMIN = -100
log = get_logger("bot.test")


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(f"sqlite+aiosqlite:///{tmp_path / 'attune.db'}") as database:
        yield database


def services(db: Database, **settings: Any) -> Services:
    given = {"admin_chat": None, "health_file": None, **settings}
    parts = {"db": db, "pool": SimpleNamespace(ahead=2), "sender": SimpleNamespace(wake=lambda: None)}
    return cast(Services, SimpleNamespace(settings=SimpleNamespace(**given), bot=Telegram(), **parts))


class Telegram:
    """Keeps what it was sent."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def send_message(self, chat_id: int, text: str) -> None:
        assert chat_id == ADMIN
        self.heard.append(text)


async def told(db: Database) -> list[str]:
    """What waits for the admin chat."""
    texts = []
    async with db.write() as s:
        while item := await outbox.head(s, ADMIN):
            texts.append(item.arguments["text"])
            await outbox.mark_failed(s, item.id, "read by the test")
    return texts


async def until(check: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not check():  # noqa: ASYNC110  (files have no event to wait for)
            await asyncio.sleep(0.01)


async def test_starts_errors_and_stops_are_told_with_counts_only(db: Database) -> None:
    async with db.write() as s:
        await inbox.add(s, 1, 7, 7, {"text": "a secret"})
    house = services(db, admin_chat=ADMIN)
    async with run_health(house):
        assert await told(db) == ["Attune has started."]
        log.warning("not_read", error="PoolBusy")
        log.error("handler_failed", chat="a secret", error="ValueError")
        said: list[str] = []
        async with asyncio.timeout(20):
            while not said:
                await asyncio.sleep(0.01)
                said = await told(db)
        assert said[0].startswith(
            "Something went wrong. Up 0.0 h, 1 updates and 0 chats wait, 2 readings queue; "
        )
        assert said[0].endswith("handler_failed 1, not_read 1.")
        assert "secret" not in said[0]
    assert cast(Any, house.bot).heard == ["Attune stops. nothing happened."]
    assert await told(db) == []
    assert not any(isinstance(handler, Tally) for handler in logging.getLogger().handlers)


async def test_without_a_chat_and_a_file_nothing_is_told(db: Database) -> None:
    async with run_health(services(db)):
        log.error("handler_failed")
    async with db.read() as s:
        assert await outbox.pending_chats(s) == []


async def test_the_file_is_touched_while_the_database_can_be_read(db: Database, tmp_path: Path) -> None:
    file = tmp_path / "alive"
    begin = time.time()
    async with run_health(services(db, health_file=file)):
        await until(file.exists)
    assert file.stat().st_mtime >= begin - 2


def test_texts_of_other_loggers_are_not_taken_for_events() -> None:
    tally = Tally()
    for said in ({"event": "read", "kind": "face"}, "an event=hidden in a text", "no event at all"):
        tally.emit(logging.LogRecord("bot", logging.INFO, "f.py", 1, said, None, None))
    assert tally.take() == "read 1"
    assert tally.take() == "nothing happened"
