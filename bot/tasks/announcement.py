"""Tell background work that there is something new."""

import asyncio
import contextlib


class Announcement:
    """Wake all who wait for something new; who is busy when it comes does not miss it.

    An asyncio.Condition with a count of what was announced; a waiter says which count it has dealt with.
    """

    def __init__(self) -> None:
        self.count = 0
        self._changed = asyncio.Condition()

    async def announce(self) -> None:
        """Say that there is something new."""
        async with self._changed:
            self.count += 1
            self._changed.notify_all()

    async def wait(self, seen: int, patience_s: float) -> None:
        """Wait until more was announced than `seen`, for at most `patience_s` seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience_s), self._changed:
                await self._changed.wait_for(lambda: self.count != seen)
