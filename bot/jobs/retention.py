"""Remove what is too old to be kept, at the start and every few hours while the bot runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.delivery.interruptions import KEPT
from bot.logs import get_logger
from bot.tasks.background import running
from bot.usecases.privacy import erase_traces
from storage import Database, inbox, outbox, retention

log = get_logger(__name__)

_REMEMBERED = timedelta(days=2)  # Telegram repeats an update for a day at most
_EVERY = timedelta(hours=6)


async def tidy(db: Database, retention_days: int) -> None:
    """Remove what is older than it may be; raises SQLAlchemyError."""
    async with db.write() as s:
        await inbox.prune(s, _REMEMBERED)
        await outbox.prune(s, _REMEMBERED)
        await outbox.forget_contents(s, KEPT)
        expired = await retention.expire(s, datetime.now(UTC) - timedelta(days=retention_days))
    if expired:
        log.info("expired", rows=expired)
        await erase_traces(db)


@asynccontextmanager
async def run_retention(db: Database, retention_days: int) -> AsyncIterator[None]:
    """Tidy at once, so that a database that cannot be written is noticed, and again and again inside."""
    await tidy(db, retention_days)
    async with running(_again(db, retention_days)):
        yield


async def _again(db: Database, retention_days: int) -> None:
    while True:
        await asyncio.sleep(_EVERY.total_seconds())
        try:
            await tidy(db, retention_days)
        except SQLAlchemyError as error:
            log.error("not_tidied", error=type(error).__name__)
