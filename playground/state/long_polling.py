"""getUpdates' long poll: one at a time, the newer one ends the older one."""

import asyncio
import time

from playground.protocol import limits
from playground.protocol.errors import BotApiError
from playground.state.bell import Bell
from playground.state.clock import Clock
from playground.state.update_queue import JsonObject, UpdateQueue

_CONFLICT = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
# A poll wakes a moment after the first update, so that what arrives together is answered together.
_GATHER_S = 0.002


class Poller:
    """Answers getUpdates from a queue; `waiting` counts the polls that wait now."""

    def __init__(self, queue: UpdateQueue, bell: Bell, clock: Clock) -> None:
        self._queue = queue
        self._bell = bell
        self._clock = clock
        self._newest = 0
        self._last_offset = -1
        self._last_start = float("-inf")
        self._last_conflict = float("-inf")
        self.waiting = 0

    async def poll(self, offset: int, limit: int, seconds: int) -> list[JsonObject]:
        """Updates from `offset` on, waiting up to `seconds` seconds. Raises BotApiError 409 when a newer poll
        came meanwhile."""
        limit, seconds = self._slowed_down(offset, limit, seconds)
        self._newest += 1
        mine = self._newest
        self._bell.ring()
        batch = self._queue.take(offset, limit, self._clock.now())
        if batch or seconds == 0:
            return batch
        await self._wait(offset, seconds, mine)
        return self._queue.take(offset, limit, self._clock.now())

    async def _wait(self, offset: int, seconds: int, mine: int) -> None:
        start = max(offset, 0)
        self.waiting += 1
        try:
            await self._bell.wait_until(
                lambda: self._newest != mine or self._queue.has_any(start, self._clock.now()), seconds
            )
        finally:
            self.waiting -= 1
        if self._newest != mine:
            await self._conflict()
        await asyncio.sleep(_GATHER_S)

    def _slowed_down(self, offset: int, limit: int, seconds: int) -> tuple[int, int]:
        """The server's brake on busy loops that ask for the same offset again and again."""
        now = time.monotonic()
        since = now - self._last_start if offset == self._last_offset else float("inf")
        self._last_offset, self._last_start = offset, now
        if since < limits.SAME_OFFSET_S and seconds < limits.SAME_OFFSET_S:
            seconds = int(limits.SAME_OFFSET_S)
        return (1 if since < limits.SAME_OFFSET_AT_ONCE_S else limit), seconds

    async def _conflict(self) -> None:
        recent = time.monotonic() - self._last_conflict < limits.CONFLICT_PAUSE_S
        self._last_conflict = time.monotonic()
        if recent:
            await asyncio.sleep(limits.CONFLICT_PAUSE_S)
        raise BotApiError(409, _CONFLICT)
