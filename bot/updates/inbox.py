"""Commit each update before Telegram hears that it was taken.

python-telegram-bot confirms updates to Telegram once `put` has returned, before they are handled; what it holds in
memory then is lost with the process. This queue stores each update first. What was not handled comes again at start,
and while the bot runs once nobody works on it any more.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Bot, Message, Update
from telegram.error import NetworkError
from telegram.ext import ExtBot

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
        self._stored: set[int] = set()  # updates that came with their batch and are to be queued
        self._told: set[int | None] = set()  # chats that know that nothing more is taken for now

    async def put(self, item: object) -> None:
        """Commit an update, unless it was with its batch, and queue it; one that is known already is dropped.

        Raises NetworkError when it cannot be stored: any other exception would end the polling, this one has the
        batch fetched again. What is no Update (a private signal of the library) only passes through.
        """
        if not isinstance(item, Update):
            await super().put(item)
            return
        await self.store([item])
        if item.update_id in self._stored:
            self._stored.remove(item.update_id)
            await super().put(item)

    async def store(self, updates: Sequence[Update]) -> None:
        """Commit at once what came at once, as far as it is not known and not too much; raises NetworkError.

        Of a chat in which too many wait nothing more is taken, which is said once until all of them are handled.
        """
        fresh = [update for update in updates if update.update_id not in self._in_hand]
        taken = [update for update in fresh if self._hold(update)]
        refused = {_chat(update): update for update in fresh if update not in taken}
        untold = [update for chat_id, update in refused.items() if chat_id not in self._told]
        if not (taken or untold):
            return
        try:
            async with self._writing() as s:
                new = {update.update_id for update in taken if await _add(s, update)}
                for update in untold:
                    await _refuse(s, update)
        except BaseException:
            for update in taken:
                self.release(update)
            raise
        self._stored |= new
        for update in taken:
            if update.update_id not in new:
                self.release(update)
        if untold:
            self._told |= {_chat(update) for update in untold}
            self._said()

    def release(self, update: object) -> None:
        """Let go of an update whose handling has ended: if it is not marked as handled, it is taken up again."""
        if isinstance(update, Update) and update.update_id in self._in_hand:
            chat_id = self._in_hand.pop(update.update_id)
            self._waiting[chat_id] -= 1
            if not self._waiting[chat_id]:
                del self._waiting[chat_id]
                self._told.discard(chat_id)

    def _hold(self, update: Update) -> bool:
        """Count an update among those that its chat waits for; False where too many of it wait already."""
        chat_id = _chat(update)
        if self._waiting[chat_id] >= MOST_WAITING and not is_urgent(update):
            return False
        self._in_hand[update.update_id] = chat_id
        self._waiting[chat_id] += 1
        return True

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
            if self._hold(update):
                await super().put(update)
        if left:
            log.info("taken_up_again", updates=len(left))
        return len(left)

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncSession]:
        try:
            async with self._db.write() as s:
                yield s
        except SQLAlchemyError as error:
            raise NetworkError("the update could not be stored") from error


def _chat(update: Update) -> int | None:
    return update.effective_chat.id if update.effective_chat else None


async def _add(s: AsyncSession, update: Update) -> bool:
    user, payload = update.effective_user, _without_cry_for_help(update).to_dict()
    return await inbox.add(s, update.update_id, _chat(update), user.id if user else None, payload)


async def _refuse(s: AsyncSession, update: Update) -> None:
    """Say that an update is not taken."""
    chat, user = update.effective_chat, update.effective_user
    if chat is None:
        return
    log.warning("flood", chat=hashed(chat.id))
    text = words_for(user.language_code if user else None).too_many(MOST_WAITING)
    key = f"{update.update_id}:too_many"
    await outbox.add(s, key, chat.id, "sendMessage", {"text": text}, update_id=update.update_id)


def _without_cry_for_help(update: Update) -> Update:
    """Return the update as it may be stored: of words of self-harm, and what they stand under, only that numbers help.

    What is not written need not be erased, which would cost everybody a rebuilt database.
    """
    message = update.message
    if message is None or not asks_for_help(written(message)):
        return update
    stub = Message(message.message_id, message.date, message.chat, from_user=message.from_user, text=STAND_IN)
    return Update(update.update_id, message=stub)


class StoringBot(ExtBot[None]):
    """Store each batch of updates before python-telegram-bot takes it to pieces."""

    def __init__(self, store: Callable[[Sequence[Update]], Awaitable[None]], **arguments: Any) -> None:
        """Take what stores a batch, and the arguments of ExtBot."""
        super().__init__(**arguments)
        self._store = store

    async def get_updates(self, *args: Any, **kwargs: Any) -> tuple[Update, ...]:
        """Return updates once they are stored; raises NetworkError where they cannot be."""
        updates = await super().get_updates(*args, **kwargs)
        await self._store(updates)
        return updates
