"""Commit each update before Telegram hears that it was taken.

python-telegram-bot confirms updates to Telegram once `put` has returned, before they are handled; what it holds in
memory then is lost with the process. This queue stores each update first. What was not handled comes again at start.
"""

import asyncio
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, Update
from telegram.error import NetworkError

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
        payload: dict[str, Any] = update.to_dict()
        try:
            async with self._db.write() as s:
                return await inbox.add(
                    s, update.update_id, chat.id if chat else None, user.id if user else None, payload
                )
        except SQLAlchemyError as error:
            raise NetworkError("the update could not be stored") from error
