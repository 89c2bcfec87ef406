"""Commit each update before Telegram hears that it was taken.

python-telegram-bot confirms updates to Telegram once `put` has returned, before they are handled; what it holds in
memory then is lost with the process. This queue stores each update first. What was not handled comes again at start,
and while the bot runs once nobody works on it any more.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, Message, Update
from telegram.error import NetworkError

from bot.crisis import STAND_IN, asks_for_help
from bot.logs import get_logger
from bot.tasks.background import running, survived
from bot.updates.media import written
from storage import Database, inbox

log = get_logger(__name__)

_EVERY_S = 10.0


class Inbox(asyncio.Queue[object]):
    """Serve as python-telegram-bot's queue of updates, which are stored before they are queued."""

    def __init__(self, db: Database) -> None:
        super().__init__()
        self._db = db
        self._in_hand: set[int] = set()  # updates that are being stored, wait in the queue, or are handled

    async def put(self, item: object) -> None:
        """Commit an update and queue it; one that is known already is dropped.

        Raises NetworkError when it cannot be stored: any other exception would end the polling, this one has the
        batch fetched again. What is no Update (a private signal of the library) only passes through.
        """
        if not isinstance(item, Update):
            await super().put(item)
        elif item.update_id not in self._in_hand:
            await self._take(item)

    async def _take(self, update: Update) -> None:
        self._in_hand.add(update.update_id)
        try:
            new = await self._store(update)
        except BaseException:
            self.release(update)
            raise
        if new:
            await super().put(update)
        else:
            self.release(update)

    def release(self, update: object) -> None:
        """Let go of an update whose handling has ended: if it is not marked as handled, it is taken up again."""
        if isinstance(update, Update):
            self._in_hand.discard(update.update_id)

    @asynccontextmanager
    async def taking_up(self, bot: Bot) -> AsyncIterator[None]:
        """Take up again, inside, what could not be handled, since the database could not be written say."""
        async with running(self._take_up(bot)):
            yield

    async def _take_up(self, bot: Bot) -> None:
        while True:
            await asyncio.sleep(_EVERY_S)
            await survived(self.restore(bot), "inbox_unreadable")

    async def restore(self, bot: Bot) -> int:
        """Queue the updates that wait and that nobody works on, and return how many."""
        async with self._db.read() as s:
            if not await inbox.waiting(s) - self._in_hand:
                return 0
            left = [item for item in await inbox.pending(s) if item.update_id not in self._in_hand]
        for item in left:
            self._in_hand.add(item.update_id)
            await super().put(Update.de_json(item.payload, bot))
        if left:
            log.info("taken_up_again", updates=len(left))
        return len(left)

    async def _store(self, update: Update) -> bool:
        chat, user = update.effective_chat, update.effective_user
        payload: dict[str, Any] = _without_cry_for_help(update).to_dict()
        try:
            async with self._db.write() as s:
                return await inbox.add(
                    s, update.update_id, chat.id if chat else None, user.id if user else None, payload
                )
        except SQLAlchemyError as error:
            raise NetworkError("the update could not be stored") from error


def _without_cry_for_help(update: Update) -> Update:
    """Return the update as it may be stored: of words of self-harm, and what they stand under, only that numbers help.

    What is not written need not be erased, which would cost everybody a rebuilt database.
    """
    message = update.message
    if message is None or not asks_for_help(written(message)):
        return update
    stub = Message(message.message_id, message.date, message.chat, from_user=message.from_user, text=STAND_IN)
    return Update(update.update_id, message=stub)
