"""What goes on beside the conversation, for as long as it does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any


class News:
    """Wakes all who wait for something new; who was busy meanwhile does not miss it."""

    def __init__(self) -> None:
        self.count = 0
        self._came = asyncio.Event()

    def announce(self) -> None:
        """There is something new."""
        self.count += 1
        self._came.set()
        self._came = asyncio.Event()

    async def wait(self, seen: int, patience_s: float) -> None:
        """Until there is more than when `count` was `seen`, or for `patience_s` seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                while self.count == seen:
                    await self._came.wait()


@asynccontextmanager
async def running(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """The work goes on inside and is cancelled, and waited for, at the end."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
