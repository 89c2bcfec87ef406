"""Send recorded messages to Telegram, each at most once where the outcome is unknown."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import httpx
from aiolimiter import AsyncLimiter
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Bot, InputFile, InputMediaAudio
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.delivery import export, interruptions
from bot.delivery.messages import CARD, EXPORT, MEDIA, TARGET
from bot.delivery.telegram_request import Unavailable, seconds_of
from bot.logs import begin, get_logger, hashed
from bot.tasks.background import running
from bot.ui import cards, chat_actions
from bot.ui.words import words_for
from inference.pool import Pool, PoolError
from storage import Database, outbox, people
from storage.outbox import OutboxItem

log = get_logger(__name__)

# Telegram asks for at most 30 messages a second in all, and about one a second in a chat with short bursts allowed. A
# leaky bucket lets its burst and what leaks meanwhile through within a second: 10, which an album needs, and 20.
_ALL_BURST, _ALL_SECONDS = 10, 0.5
_CHAT_BURST, _CHAT_SECONDS = 8, 8
_RETRY_S = 2.0
# Between tries of what cannot be seen twice, while Telegram is out of order.
_REPEAT_S = (1.0, 2.0, 4.0, 8.0, 16.0)
_LONGEST_WAIT_S = 300.0  # however long Telegram asks for: it is asked again, and says how long it still is
# Telegram certainly did not hear of a request that could not even be handed over.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Sender:
    """Send what is in the outbox: within a chat in order, different chats at once."""

    def __init__(self, bot: Bot, db: Database, pool: Pool) -> None:
        self._bot, self._db, self._pool = bot, db, pool
        self._wake, self._stopping = asyncio.Event(), asyncio.Event()
        self._chats: dict[int, asyncio.Task[None]] = {}
        self._repeats: Counter[int] = Counter()
        self._untold: set[int] = set()  # chats whose line on an interruption may be missing itself
        self._limits: dict[int, AsyncLimiter] = {}
        self._all = AsyncLimiter(_ALL_BURST, _ALL_SECONDS)

    def wake(self) -> None:
        """Look at the outbox now, since something was recorded."""
        self._wake.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send in the background; at the end, finish the messages under way and leave the rest recorded."""
        self._stopping.clear()
        await self._recover()
        try:
            async with running(self._run()):
                yield
        finally:
            self._stopping.set()
            await asyncio.gather(*self._chats.values(), return_exceptions=True)

    async def _recover(self) -> None:
        """Say of what was under way when the last process died that it may not have arrived."""
        async with self._db.write() as s:
            lost = await outbox.under_way(s)
            if await outbox.recover(s):
                log.warning("outcome_unknown", messages=len(lost))
            for item in lost:
                await self._offer(s, item)

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                async with self._db.read() as s:
                    item = await outbox.next_pending(s, set(self._chats))
            except Exception as error:
                log.error("outbox_unreadable", error=type(error).__name__)
                await asyncio.sleep(_RETRY_S)
                continue
            if item is None:
                await self._wake.wait()
                continue
            task = asyncio.create_task(self._send(item))
            self._chats[item.chat_id] = task
            task.add_done_callback(partial(self._chat_done, item.chat_id))

    async def _rest(self, seconds: float) -> None:
        """Let a chat wait before anything else is sent there, by the loop's clock, which nobody sets back."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(seconds, _LONGEST_WAIT_S)):
                await self._stopping.wait()

    def _chat_done(self, chat_id: int, task: asyncio.Task[None]) -> None:
        del self._chats[chat_id]
        if not task.cancelled() and (error := task.exception()):
            log.error("send_crashed", error=type(error).__name__)
        self.wake()

    async def _send(self, item: OutboxItem) -> None:
        """Send one message; a broken one must not hold up its chat for ever."""
        begin(item.key if item.update_id is None else item.update_id)
        try:
            await self._try(item)
        except (
            SQLAlchemyError
        ) as error:  # before it was handed over: what is recorded later is tried until it is
            log.error("outbox_unwritable", error=type(error).__name__)
            await self._again(item, _RETRY_S)
        except Exception as error:
            log.error("send_crashed", method=item.method, error=type(error).__name__)
            await self._settle(item, partial(outbox.mark_failed, reason_code="crashed"))

    async def _try(self, item: OutboxItem) -> None:
        try:
            method, arguments = await self._prepare(item)
        except PoolError:
            await self._rest(_RETRY_S)
            return
        await self._limit(item)
        async with self._db.write() as s:
            if interruptions.is_line(item) and not await outbox.kept(s, item.chat_id):
                await outbox.remove(s, item.id)  # all was sent again or said anew meanwhile
                return
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
                tables, person = await people.export(s, person_id), await people.get(s, person_id)
            async with chat_actions.showing(self._bot, item.chat_id, ChatAction.UPLOAD_DOCUMENT):
                file = await self._pool.run(export.as_file, tables, export.MOST)
            if file is None:
                words = words_for(person.language_code if person else None)
                return "sendMessage", {"chat_id": item.chat_id, "text": words.export_too_large}
            arguments["document"] = InputFile(file[1], filename=file[0])
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
            await self._again(item, seconds_of(wait))
        except Forbidden:
            await self._blocked(item)
        except (BadRequest, ChatMigrated) as error:
            await self._refused(item, error)
        except Unavailable as error:
            await self._once_more(item, error)
        except NetworkError as error:
            await self._unclear(item, method, error)
        except TelegramError as error:
            await self._refused(item, error)
        else:
            await self._settle(item, partial(self._sent, item, _message_ids(result)))
            self._untold.discard(item.chat_id)

    async def _sent(self, item: OutboxItem, message_ids: list[int], s: AsyncSession, outbox_id: int) -> None:
        await outbox.mark_sent(s, outbox_id, message_ids)
        if target := item.arguments.get(TARGET):  # what was to be changed need not be sent any more
            await outbox.forget_content(s, target)
        if item.chat_id in self._untold:  # Telegram takes messages again
            await interruptions.offer(s, item)

    async def _unclear(self, item: OutboxItem, method: str, error: Exception) -> None:
        """Send again only what cannot be seen twice: a request that never left, or an edit."""
        if isinstance(error.__cause__, _NEVER_SENT):
            await self._again(item, _RETRY_S)
        elif method.startswith("edit"):
            await self._once_more(item, error)
        else:
            await self._lost(item, error)

    async def _once_more(self, item: OutboxItem, error: Exception) -> None:
        """Send again what cannot be seen twice, a few times with growing waits."""
        tried = self._repeats[item.id]
        if tried == len(_REPEAT_S):
            await self._lost(item, error)
            return
        self._repeats[item.id] += 1
        await self._again(item, _REPEAT_S[tried])

    async def _lost(self, item: OutboxItem, error: Exception) -> None:
        log.warning("outcome_unknown", method=item.method, error=type(error).__name__)

        async def mark(s: AsyncSession, outbox_id: int) -> None:
            await outbox.mark_unknown(s, outbox_id)
            await self._offer(s, item)

        await self._settle(item, mark)

    async def _offer(self, s: AsyncSession, item: OutboxItem) -> None:
        """Offer to send a message again; a line that offers this is said again once something else has arrived."""
        if interruptions.is_line(item):
            self._untold.add(item.chat_id)
        else:
            await interruptions.offer(s, item)

    async def _again(self, item: OutboxItem, wait_s: float) -> None:
        await self._record(partial(outbox.mark_pending, outbox_id=item.id))
        await self._rest(wait_s)

    async def _refused(self, item: OutboxItem, error: TelegramError) -> None:
        if "not modified" not in str(error).casefold():  # it is already what it should be
            log.warning("refused", method=item.method, error=type(error).__name__)
        await self._settle(item, partial(outbox.mark_failed, reason_code="refused"))

    async def _blocked(self, item: OutboxItem) -> None:
        """Drop what waits for a person who blocked the bot."""
        log.info("blocked", chat=hashed(item.chat_id))

        async def mark(s: AsyncSession, outbox_id: int) -> None:
            await outbox.mark_failed(s, outbox_id, "blocked")
            await outbox.cancel_chat(s, item.chat_id)

        await self._settle(item, mark)

    async def _settle(self, item: OutboxItem, mark: Callable[[AsyncSession, int], Awaitable[None]]) -> None:
        """Record how a message ended; of one that belongs to nobody (any more), nothing is kept."""
        self._repeats.pop(item.id, None)

        async def settle(s: AsyncSession) -> None:
            await mark(s, item.id)
            if item.person_id is None:
                await outbox.remove(s, item.id)

        await self._record(settle)

    async def _record(self, change: Callable[[AsyncSession], Awaitable[None]]) -> None:
        """Write what became of a message, again and again until the database can be written.

        Meanwhile nothing else is sent in its chat. When the process stops it is given up: the next one takes the
        outcome for unknown.
        """
        while True:
            try:
                async with self._db.write() as s:
                    await change(s)
            except Exception as error:
                log.error("outbox_unwritable", error=type(error).__name__)
            else:
                return
            if self._stopping.is_set():
                return
            await self._rest(_RETRY_S)


def _message_ids(result: Any) -> list[int]:
    """Return the ids of the messages that an answer of Telegram describes."""
    messages = result if isinstance(result, list) else [result]
    return [m["message_id"] for m in messages if isinstance(m, dict) and "message_id" in m]
