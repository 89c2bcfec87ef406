"""Commit each update before Telegram hears that it was taken.

python-telegram-bot confirms updates to Telegram once `put` has returned, before they are handled; what it holds in
memory then is lost with the process. This queue stores each update first. What was not handled comes again at start,
and while the bot runs once nobody works on it any more.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Bot, Message, Update
from telegram.error import NetworkError

from bot.crisis import STAND_IN, asks_for_help
from bot.logs import get_logger, hashed
from bot.tasks.background import running, survived
from bot.ui.words import words_for
from bot.updates.media import written
from bot.updates.per_chat_order import is_urgent
from storage import Database, inbox, outbox

log = get_logger(__name__)

_EVERY_S = 10.0
MOST_WAITING = 200  # of one chat: twice what Telegram lets somebody forward at once


class Inbox(asyncio.Queue[object]):
    """Serve as python-telegram-bot's queue of updates, which are stored before they are queued."""

    def __init__(self, db: Database, said: Callable[[], None] = lambda: None) -> None:
        """Call `said` when something was put into the outbox."""
        super().__init__()
        self._db, self._said = db, said
        # Updates that are being stored, wait in the queue, or are handled, with their chats.
        self._in_hand: dict[int, int | None] = {}
        self._waiting: Counter[int | None] = Counter()  # how many of them there are in each chat
        self._told: set[int | None] = set()  # chats that know that nothing more is taken for now

    async def put(self, item: object) -> None:
        """Commit an update and queue it; one that is known already is dropped.

        Raises NetworkError when it cannot be stored: any other exception would end the polling, this one has the
        batch fetched again. What is no Update (a private signal of the library) only passes through.
        """
        if not isinstance(item, Update):
            await super().put(item)
        elif item.update_id not in self._in_hand:
            too_many = self._waiting[_chat(item)] >= MOST_WAITING and not is_urgent(item)
            await (self._refuse(item) if too_many else self._take(item))

    async def _take(self, update: Update) -> None:
        self._hold(update)
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
        if isinstance(update, Update) and update.update_id in self._in_hand:
            chat_id = self._in_hand.pop(update.update_id)
            self._waiting[chat_id] -= 1
            if not self._waiting[chat_id]:
                del self._waiting[chat_id]
                self._told.discard(chat_id)

    def _hold(self, update: Update) -> None:
        self._in_hand[update.update_id] = _chat(update)
        self._waiting[_chat(update)] += 1

    async def _refuse(self, update: Update) -> None:
        """Drop an update of a chat in which too many wait, and say so once until all of them are handled."""
        chat, user = update.effective_chat, update.effective_user
        if chat is None or chat.id in self._told:
            return
        log.warning("flood", chat=hashed(chat.id))
        text = words_for(user.language_code if user else None).too_many(MOST_WAITING)
        async with self._writing() as s:
            key = f"{update.update_id}:too_many"
            await outbox.add(s, key, chat.id, "sendMessage", {"text": text}, update_id=update.update_id)
        self._told.add(chat.id)
        self._said()

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
            if not await inbox.waiting(s) - self._in_hand.keys():
                return 0
            left = [item for item in await inbox.pending(s) if item.update_id not in self._in_hand]
        for item in left:
            update = Update.de_json(item.payload, bot)
            self._hold(update)
            await super().put(update)
        if left:
            log.info("taken_up_again", updates=len(left))
        return len(left)

    async def _store(self, update: Update) -> bool:
        chat, user = update.effective_chat, update.effective_user
        payload: dict[str, Any] = _without_cry_for_help(update).to_dict()
        async with self._writing() as s:
            return await inbox.add(
                s, update.update_id, chat.id if chat else None, user.id if user else None, payload
            )

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncSession]:
        try:
            async with self._db.write() as s:
                yield s
        except SQLAlchemyError as error:
            raise NetworkError("the update could not be stored") from error


def _chat(update: Update) -> int | None:
    return update.effective_chat.id if update.effective_chat else None


def _without_cry_for_help(update: Update) -> Update:
    """Return the update as it may be stored: of words of self-harm, and what they stand under, only that numbers help.

    What is not written need not be erased, which would cost everybody a rebuilt database.
    """
    message = update.message
    if message is None or not asks_for_help(written(message)):
        return update
    stub = Message(message.message_id, message.date, message.chat, from_user=message.from_user, text=STAND_IN)
    return Update(update.update_id, message=stub)
