"""Compare the clock with Telegram's, since what is erased by a clock that is wrong does not come back."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from bot.logs import get_logger

log = get_logger(__name__)


_APART = timedelta(hours=12)  # zones that were set wrong are less


async def trusted_now(client: httpx.AsyncClient, url: str) -> datetime | None:
    """Return the time in UTC; None where the clock is off by half a day, or where Telegram does not tell its time.

    `url` is the Bot API server's address, whose answers have the header Date.
    """
    now = datetime.now(UTC)
    try:
        answer = await client.head(url, timeout=10)
        theirs = parsedate_to_datetime(answer.headers["Date"])
    except (httpx.HTTPError, KeyError, ValueError) as error:
        log.warning("time_unknown", error=type(error).__name__)
        return None
    if abs(theirs - now) > _APART:
        log.error("clock_off", hours=round((now - theirs).total_seconds() / 3600))
        return None
    return now
