"""Send recorded messages to Telegram, each at most once where the outcome is unknown."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx
from aiolimiter import AsyncLimiter
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Bot, InputFile, InputMediaAudio
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.delivery import export
from bot.delivery.messages import CARD, EXPORT, MEDIA, TARGET
from bot.logs import begin, get_logger, hashed
from bot.tasks.background import running
from bot.ui import cards, chat_actions
from inference.pool import Pool, PoolError
from storage import Database, outbox, people
from storage.outbox import OutboxItem

log = get_logger(__name__)

# Telegram asks for at most 30 messages a second in all, and about one a second in a chat with short bursts allowed.
_ALL_PER_SECOND = 30
_CHAT_BURST, _CHAT_SECONDS = 8, 8
_RETRY = timedelta(seconds=2)
# Telegram certainly did not hear of a request that could not even be handed over.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Sender:
    """Send what is in the outbox: within a chat in order, different chats at once."""

    def __init__(self, bot: Bot, db: Database, pool: Pool) -> None:
        self._bot, self._db, self._pool = bot, db, pool
        self._wake = asyncio.Event()
        self._chats: dict[int, asyncio.Task[None]] = {}
        self._limits: dict[int, AsyncLimiter] = {}
        self._all = AsyncLimiter(_ALL_PER_SECOND, 1)

    def wake(self) -> None:
        """Look at the outbox now, since something was recorded."""
        self._wake.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send in the background; at the end, finish the messages under way and leave the rest recorded."""
        async with self._db.write() as s:
            if lost := await outbox.recover(s):
                log.warning("outcome_unknown", messages=lost)
        try:
            async with running(self._run()):
                yield
        finally:
            await asyncio.gather(*self._chats.values(), return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                async with self._db.read() as s:
                    busy = set(self._chats)
                    item = await outbox.next_pending(s, busy)
                    due = await outbox.next_due(s, busy) if item is None else None
            except SQLAlchemyError as error:
                log.error("outbox_unreadable", error=type(error).__name__)
                await asyncio.sleep(_RETRY.total_seconds())
                continue
            if item is None:
                await self._sleep(due)
                continue
            task = asyncio.create_task(self._send(item))
            self._chats[item.chat_id] = task
            task.add_done_callback(partial(self._chat_done, item.chat_id))

    async def _sleep(self, due: datetime | None) -> None:
        seconds = max(0.05, (due - datetime.now(UTC)).total_seconds()) if due else None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    def _chat_done(self, chat_id: int, task: asyncio.Task[None]) -> None:
        del self._chats[chat_id]
        if not task.cancelled() and (error := task.exception()):
            log.error("outbox_unwritable", error=type(error).__name__)
        self.wake()

    async def _send(self, item: OutboxItem) -> None:
        """Send one message; a broken one must not hold up its chat for ever."""
        begin(item.key if item.update_id is None else item.update_id)
        try:
            await self._try(item)
        except SQLAlchemyError:
            await asyncio.sleep(_RETRY.total_seconds())
            raise
        except Exception as error:
            log.error("send_crashed", method=item.method, error=type(error).__name__)
            await self._settle(item, partial(outbox.mark_failed, reason_code="crashed"))

    async def _try(self, item: OutboxItem) -> None:
        try:
            method, arguments = await self._prepare(item)
        except PoolError:
            await self._later(item, _RETRY)
            return
        await self._limit(item)
        async with self._db.write() as s:
            if not await outbox.mark_sending(s, item.id):
                return
        await self._hand_over(item, method, arguments)

    async def _prepare(self, item: OutboxItem) -> tuple[str, dict[str, Any]]:
        """Return the method and its arguments as Telegram wants them, with pictures drawn and files written."""
        method, arguments = item.method, {"chat_id": item.chat_id, **item.arguments}
        if (values := arguments.pop(CARD, None)) is not None:
            async with chat_actions.showing(self._bot, item.chat_id, ChatAction.UPLOAD_PHOTO):
                picture = await self._pool.run(cards.draw_stored, values)
            arguments["photo"] = InputFile(picture, filename=f"{values['kind']}.png")
        if (person_id := arguments.pop(EXPORT, None)) is not None:
            async with self._db.read() as s:
                tables = await people.export(s, person_id)
            async with chat_actions.showing(self._bot, item.chat_id, ChatAction.UPLOAD_DOCUMENT):
                written = await self._pool.run(export.as_json, tables)
            arguments["document"] = InputFile(written, filename=export.NAME)
        if MEDIA in arguments:
            arguments[MEDIA] = [InputMediaAudio(**values) for values in arguments[MEDIA]]
        if (key := arguments.pop(TARGET, None)) is not None:
            async with self._db.read() as s:
                target = await outbox.find(s, key)
            if target and target.message_ids:
                arguments["message_id"] = target.message_ids[0]
            else:  # nobody knows whether the message to change is there: say it in a new one
                method = "sendMessage"
        return method, arguments

    async def _limit(self, item: OutboxItem) -> None:
        if not item.method.startswith("send"):
            return
        await self._limits.setdefault(item.chat_id, AsyncLimiter(_CHAT_BURST, _CHAT_SECONDS)).acquire()
        await self._all.acquire(len(item.arguments.get(MEDIA, "1")))  # an album counts as its messages

    async def _hand_over(self, item: OutboxItem, method: str, arguments: dict[str, Any]) -> None:
        try:
            result = await self._bot.do_api_request(method, api_kwargs=arguments)
        except RetryAfter as wait:
            await self._again(item, _as_time(wait.retry_after))
        except Forbidden:
            await self._blocked(item)
        except (BadRequest, ChatMigrated) as error:
            await self._refused(item, error)
        except NetworkError as error:
            await self._unclear(item, error)
        except TelegramError as error:
            await self._refused(item, error)
        else:
            await self._settle(item, partial(outbox.mark_sent, message_ids=_message_ids(result)))

    async def _unclear(self, item: OutboxItem, error: Exception) -> None:
        """Send again only what cannot be seen twice: a request that never left, or an edit."""
        if isinstance(error.__cause__, _NEVER_SENT) or item.method.startswith("edit"):
            await self._again(item, _RETRY)
            return
        log.warning("outcome_unknown", method=item.method, error=type(error).__name__)
        await self._settle(item, outbox.mark_unknown)

    async def _later(self, item: OutboxItem, wait: timedelta) -> None:
        async with self._db.write() as s:
            if await outbox.mark_sending(s, item.id):
                await outbox.mark_pending(s, item.id, datetime.now(UTC) + wait)

    async def _again(self, item: OutboxItem, wait: timedelta) -> None:
        async with self._db.write() as s:
            await outbox.mark_pending(s, item.id, datetime.now(UTC) + wait)

    async def _refused(self, item: OutboxItem, error: TelegramError) -> None:
        if "not modified" not in str(error).casefold():  # it is already what it should be
            log.warning("refused", method=item.method, error=type(error).__name__)
        await self._settle(item, partial(outbox.mark_failed, reason_code="refused"))

    async def _blocked(self, item: OutboxItem) -> None:
        """Drop what waits for a person who blocked the bot."""
        log.info("blocked", chat=hashed(item.chat_id))
        await self._settle(item, partial(outbox.mark_failed, reason_code="blocked"))
        async with self._db.write() as s:
            await outbox.cancel_chat(s, item.chat_id)

    async def _settle(self, item: OutboxItem, mark: Callable[[AsyncSession, int], Awaitable[None]]) -> None:
        """Record how a message ended; of one that belongs to nobody (any more), nothing is kept."""
        async with self._db.write() as s:
            await mark(s, item.id)
            if item.person_id is None:
                await outbox.remove(s, item.id)


def _as_time(seconds: int | timedelta) -> timedelta:
    """Return a wait as timedelta: python-telegram-bot is on its way from seconds to this."""
    return seconds if isinstance(seconds, timedelta) else timedelta(seconds=seconds)


def _message_ids(result: Any) -> list[int]:
    """Return the ids of the messages that an answer of Telegram describes."""
    messages = result if isinstance(result, list) else [result]
    return [m["message_id"] for m in messages if isinstance(m, dict) and "message_id" in m]
