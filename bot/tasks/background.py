"""Run work beside something else, for as long as that lasts, without its errors becoming those of the other."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from bot.logs import get_logger

log = get_logger(__name__)


@asynccontextmanager
async def running(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run the work inside; at the end it is cancelled and waited for. Its error is logged when it happens."""
    task = asyncio.create_task(work)
    task.add_done_callback(_log_error)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


def _log_error(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("background_failed", error=type(error).__name__, exc_info=error)


async def survived(work: Awaitable[object], event: str, **values: object) -> bool:
    """Wait for one round of work that goes on for ever; an error is logged as `event`, and False is returned."""
    try:
        await work
    except Exception as error:
        log.error(event, error=type(error).__name__, exc_info=error, **values)
        return False
    return True
