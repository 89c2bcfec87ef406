"""Handle the updates of a chat one at a time and in order, those of different chats at once."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.crisis import asks_for_help
from bot.ui.presses import Action, Press
from bot.updates.media import written
from bot.updates.token_buckets import TokenBuckets

Lane = tuple[str, int]
_MANY = 1_000_000
_URGENT, _OTHER = "urgent", "other"
# Presses that read what was sent take their turn with messages: a person has one reading at a time. What stops a
# reading must not wait behind anything, nor must words of self-harm.
_LANES = {
    Action.TRY_AGAIN: "messages",
    Action.WHOSE: "messages",
    Action.READ_AS_VOICE: "messages",
    Action.STOP: _URGENT,
}


class PerChatProcessor(BaseUpdateProcessor):
    """Let messages of a chat wait for each other, and presses of its buttons likewise, beside a long reading.

    Who sends very many waits in the chat's own lanes for tokens.
    """

    def __init__(
        self,
        ended: Callable[[object], None] = lambda _: None,
        begun: Callable[[Update], None] = lambda _: None,
    ) -> None:
        """Take what is told of each update whose handling begins, and of each whose handling ended in any way."""
        # One person's flood waits in that person's lane and must not use up places of a limit for all.
        super().__init__(_MANY)
        self._ended, self._begun = ended, begun
        self._buckets, self._hurry = TokenBuckets(), asyncio.Event()
        self._locks: dict[Lane, asyncio.Lock] = {}
        self._users: defaultdict[Lane, int] = defaultdict(int)

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for the update's lane (asyncio's locks are fair), then run."""
        lane = _lane(update)
        self._users[lane] += 1
        try:
            async with self._locks.setdefault(lane, asyncio.Lock()):
                await self._token(lane)
                if isinstance(update, Update):
                    self._begun(update)
                await coroutine
        finally:
            self._ended(update)
            self._users[lane] -= 1
            if not self._users[lane]:
                del self._users[lane], self._locks[lane]

    async def _token(self, lane: Lane) -> None:
        """Wait for the chat's token; what is urgent needs none."""
        kind, chat_id = lane
        if kind in (_URGENT, _OTHER):
            return
        wait = self._buckets.take(chat_id, asyncio.get_running_loop().time())
        if wait:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._hurry.wait()

    def hurry(self) -> None:
        """Let nobody wait for tokens any more, since the bot stops once all is handled."""
        self._hurry.set()

    async def initialize(self) -> None:
        """Do nothing: there is nothing to open."""

    async def shutdown(self) -> None:
        """Do nothing: there is nothing to close."""


def is_urgent(update: Update) -> bool:
    """Tell whether an update waits behind nothing: words of self-harm, and what stops a reading."""
    return _kind(update) == _URGENT


def _lane(update: object) -> Lane:
    if not isinstance(update, Update) or update.effective_chat is None:
        return _OTHER, 0
    return _kind(update), update.effective_chat.id


def _kind(update: Update) -> str:
    if update.callback_query is None:
        return _URGENT if asks_for_help(written(update.message)) else "messages"
    press = Press.parse(update.callback_query.data)
    return _LANES.get(press.action, "presses") if press else "presses"
