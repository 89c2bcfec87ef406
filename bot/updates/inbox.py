"""Commit each update before Telegram hears that it was taken.

python-telegram-bot confirms updates to Telegram once `put` has returned, before they are handled; what it holds in
memory then is lost with the process. This queue stores each update first. What was not handled comes again at start.
"""

import asyncio
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, Message, Update
from telegram.error import NetworkError

from bot.crisis import STAND_IN, asks_for_help
from bot.updates.media import written
from storage import Database, inbox


class Inbox(asyncio.Queue[object]):
    """Serve as python-telegram-bot's queue of updates, which are stored before they are queued."""

    def __init__(self, db: Database) -> None:
        super().__init__()
        self._db = db

    async def put(self, item: object) -> None:
        """Commit an update and queue it; one that is known already is dropped.

        Raises NetworkError when it cannot be stored: any other exception would end the polling, this one has the
        batch fetched again. What is no Update (a private signal of the library) only passes through.
        """
        if isinstance(item, Update) and not await self._store(item):
            return
        await super().put(item)

    async def restore(self, bot: Bot) -> int:
        """Queue the updates that an earlier process left, and return how many."""
        async with self._db.read() as s:
            left = await inbox.pending(s)
        for item in left:
            await super().put(Update.de_json(item.payload, bot))
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
