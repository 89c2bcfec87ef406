"""What stands above the chat while the bot is at something: as long as that lasts, and nothing of it afterwards."""

import asyncio
from typing import cast

import pytest
from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import NetworkError

from bot.ui import chat_actions


class Telegram:
    """Counts what it is asked to show."""

    def __init__(self, reachable: bool = True) -> None:
        self.count, self.reachable = 0, reachable

    async def send_chat_action(self, *_: object) -> None:
        self.count += 1
        if not self.reachable:
            raise NetworkError("no")

    async def until_shown(self, times: int) -> None:
        async with asyncio.timeout(10):
            while self.count < times:  # noqa: ASYNC110  (looked at from outside)
                await asyncio.sleep(0.001)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_actions, "_EVERY_S", 0.01)


async def test_it_is_renewed_as_long_as_the_work_lasts_and_not_longer() -> None:
    telegram = Telegram()
    async with chat_actions.showing(cast(Bot, telegram), 1, ChatAction.TYPING, after_s=0):
        await telegram.until_shown(3)
    count = telegram.count
    await asyncio.sleep(0.05)
    assert telegram.count == count


async def test_what_is_done_in_a_moment_is_not_announced() -> None:
    telegram = Telegram()
    async with chat_actions.showing(cast(Bot, telegram), 1, ChatAction.TYPING, after_s=5):
        await asyncio.sleep(0.05)
    assert telegram.count == 0


async def test_a_telegram_that_does_not_show_it_disturbs_nobody() -> None:
    telegram = Telegram(reachable=False)
    async with chat_actions.showing(cast(Bot, telegram), 1, ChatAction.TYPING, after_s=0):
        await telegram.until_shown(1)
