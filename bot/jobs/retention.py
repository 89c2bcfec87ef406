"""Remove what is too old to be kept, at the start and every few hours while the bot runs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery.interruptions import KEPT
from bot.logs import get_logger
from bot.tasks.background import running, survived
from bot.usecases.privacy import erase_traces
from storage import Database, inbox, outbox, retention

log = get_logger(__name__)

Clock = Callable[[], Awaitable[datetime | None]]
_REMEMBERED = timedelta(days=2)  # Telegram repeats an update for a day at most
_EVERY = timedelta(hours=6)
_FEW = 10  # people: below, a share says nothing


@dataclass(frozen=True, slots=True)
class Retention:
    """Say for how many days readings and unseen people are kept, and what share of all people may go at once."""

    days: int
    share: float = 1.0


async def tidy(db: Database, rule: Retention, now: datetime | None) -> None:
    """Remove what is older than it may be; raises SQLAlchemyError.

    Readings and people stay where the time is not known for sure, and people where so many at once were not seen that a
    wrong clock or an old copy of the database is likelier than that they all left.
    """
    async with db.write() as s:
        await inbox.prune(s, _REMEMBERED)
        await outbox.prune(s, _REMEMBERED)
        await outbox.forget_contents(s, KEPT)
        if now is None:
            return
        before = now - timedelta(days=rule.days)
        unseen, everybody = await retention.count_unseen(s, before)
        too_many = unseen > max(_FEW, rule.share * everybody)
        if too_many:
            log.error("too_many_unseen", people=unseen, of=everybody)
        expired = await retention.expire(s, before, people_too=not too_many)
    if expired:
        log.info("expired", rows=expired)
        await erase_traces(db)


@asynccontextmanager
async def run_retention(db: Database, rule: Retention, clock: Clock) -> AsyncIterator[None]:
    """Tidy at once, so that a database that cannot be written is noticed, and again and again inside."""
    await tidy(db, rule, await clock())
    async with running(_again(db, rule, clock)):
        yield


async def _again(db: Database, rule: Retention, clock: Clock) -> None:
    while True:
        await asyncio.sleep(_EVERY.total_seconds())
        await survived(_round(db, rule, clock), "not_tidied")


async def _round(db: Database, rule: Retention, clock: Clock) -> None:
    await tidy(db, rule, await clock())
