"""Tell whoever runs the bot how it is: a chat gets numbers and never content, a file serves health checks."""

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import text
from telegram.error import TelegramError

from bot.delivery import messages
from bot.logs import get_logger
from bot.services import Services
from bot.tasks.background import running, survived
from storage import inbox, outbox

log = get_logger(__name__)

_DAILY = timedelta(days=1)
_AT_MOST_EVERY = timedelta(minutes=10)  # while something goes wrong again and again
_BEAT_S = 10.0


class Tally(logging.Handler):
    """Count what is logged, by event; `trouble` is set by errors."""

    def __init__(self) -> None:
        super().__init__()
        self.events: Counter[str] = Counter()
        self.trouble = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        """Count one event of ours by its name; what libraries say is text."""
        if isinstance(record.msg, dict) and record.name != __name__:
            self.events[record.msg["event"]] += 1
        if record.levelno >= logging.ERROR:
            self.trouble.set()

    def take(self) -> str:
        """Return the counts since the last call in words."""
        counted = ", ".join(f"{name} {count}" for name, count in sorted(self.events.items()))
        self.events.clear()
        self.trouble.clear()
        return counted or "nothing happened"


@asynccontextmanager
async def run_health(services: Services) -> AsyncIterator[None]:
    """Report to the chat and touch the file inside, as far as the settings ask for it."""
    settings = services.settings
    async with contextlib.AsyncExitStack() as stack:
        if settings.health_file:
            await stack.enter_async_context(running(_beat(services, settings.health_file)))
        if settings.admin_chat is not None:
            await stack.enter_async_context(_reporting(services, settings.admin_chat))
        yield


async def _beat(services: Services, file: Path) -> None:
    """Touch the file as long as the event loop turns and the database can be read."""
    while True:
        await survived(_touch(services, file), "not_well")
        await asyncio.sleep(_BEAT_S)


async def _touch(services: Services, file: Path) -> None:
    async with services.db.read() as s:
        await s.execute(text("SELECT 1"))
    await asyncio.to_thread(file.touch)


@asynccontextmanager
async def _reporting(services: Services, chat_id: int) -> AsyncIterator[None]:
    tally, begin = Tally(), time.monotonic()
    logging.getLogger().addHandler(tally)
    try:
        await _tell(services, chat_id, "Attune has started.")
        async with running(_report(services, chat_id, tally, begin)):
            yield
        # Not recorded: what is not sent now would come after the next start.
        with contextlib.suppress(TelegramError):
            await services.bot.send_message(chat_id, f"Attune stops. {tally.take()}.")
    finally:
        logging.getLogger().removeHandler(tally)


async def _report(services: Services, chat_id: int, tally: Tally, begin: float) -> None:
    """Report once a day, and soon after an error."""
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DAILY.total_seconds()):
                await tally.trouble.wait()
        how = "Something went wrong" if tally.trouble.is_set() else "All is well"
        if not await survived(_tell_numbers(services, chat_id, tally, begin, how), "not_reported"):
            tally.take()
        await asyncio.sleep(_AT_MOST_EVERY.total_seconds())


async def _tell_numbers(services: Services, chat_id: int, tally: Tally, begin: float, how: str) -> None:
    await _tell(services, chat_id, f"{how}. {await _numbers(services, begin)}; {tally.take()}.")


async def _numbers(services: Services, begin: float) -> str:
    async with services.db.read() as s:
        updates, chats = len(await inbox.pending(s)), len(await outbox.pending_chats(s))
    hours = (time.monotonic() - begin) / 3600
    waiting = f"{updates} updates and {chats} chats wait, {services.pool.ahead} readings queue"
    return f"Up {hours:.1f} h, {waiting}"


async def _tell(services: Services, chat_id: int, words: str) -> None:
    message = messages.text(messages.escaped(words))
    async with services.db.write() as s:
        await outbox.add(s, f"health:{uuid4().hex}", chat_id, message.method, message.arguments)
    services.sender.wake()
