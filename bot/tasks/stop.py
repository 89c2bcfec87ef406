"""End the process by a signal, or since it cannot go on."""

import asyncio
import contextlib
import signal


class CannotStart(Exception):
    """Say in one sentence, for whoever started the bot, why it cannot start or go on."""


class Stop:
    """Wait for SIGINT or SIGTERM, or for a reason to give up."""

    def __init__(self) -> None:
        self._event, self._reason = asyncio.Event(), ""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # Windows has no signal handlers for loops
                loop.add_signal_handler(number, self._event.set)

    def because(self, reason: str) -> None:
        """Give up for this reason."""
        self._reason = reason
        self._event.set()

    async def wait(self) -> None:
        """Wait for the end; raises CannotStart when there is a reason for it."""
        await self._event.wait()
        if self._reason:
            raise CannotStart(self._reason)
