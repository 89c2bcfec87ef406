"""Waiting for something to happen, with a time limit."""

import asyncio
from collections.abc import Callable


class Bell:
    """Wake everyone who waits, so that each looks again whether its own wish came true."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake all waiters."""
        rung, self._rung = self._rung, asyncio.Event()
        rung.set()

    async def wait_until(self, wish: Callable[[], bool], seconds: float) -> bool:
        """Return whether the wish came true within so many seconds, looking at once and after every ring."""
        try:
            async with asyncio.timeout(seconds):
                while not wish():
                    await self._rung.wait()
        except TimeoutError:
            return wish()
        return True
