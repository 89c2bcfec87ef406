"""The long poll of getUpdates: one waits at a time, and a newer one ends the older one."""

import asyncio
import time

from playground.protocol import limits
from playground.protocol.errors import BotApiError
from playground.protocol.schema import JsonObject
from playground.state.changes import wait_until
from playground.state.clock import Clock
from playground.state.update_queue import UpdateQueue

_CONFLICT = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
# A poll wakes a moment after the first update, so that updates that arrive together are answered together.
_COALESCE_S = 0.002


class LongPoller:
    """Answer getUpdates from a queue; `waiting` is the number of polls that wait now.

    `changed` is notified by others when the queue has changed, and by this class when a poll begins.
    """

    def __init__(self, queue: UpdateQueue, changed: asyncio.Condition, clock: Clock) -> None:
        self._queue = queue
        self._changed = changed
        self._clock = clock
        self._newest_poll = 0
        self._last_offset = -1
        self._last_start = float("-inf")
        self._last_conflict = float("-inf")
        self.waiting = 0

    async def poll(self, offset: int, limit: int, seconds: int) -> list[JsonObject]:
        """Return at most `limit` updates from `offset` on, waiting up to so many seconds for the first.

        Raises BotApiError 409 when a newer poll came meanwhile.
        """
        limit, seconds = self._throttled(offset, limit, seconds)
        self._newest_poll += 1
        this_poll = self._newest_poll
        async with self._changed:
            self._changed.notify_all()  # an older poll ends
        batch = self._queue.take(offset, limit, self._clock.now())
        if batch or seconds == 0:
            return batch
        await self._wait(offset, seconds, this_poll)
        return self._queue.take(offset, limit, self._clock.now())

    async def _wait(self, offset: int, seconds: int, this_poll: int) -> None:
        start = max(offset, 0)
        self.waiting += 1
        try:
            await wait_until(
                self._changed,
                lambda: self._newest_poll != this_poll or self._queue.has_any(start, self._clock.now()),
                seconds,
            )
        finally:
            self.waiting -= 1
        if self._newest_poll != this_poll:
            await self._raise_conflict()
        await asyncio.sleep(_COALESCE_S)

    def _throttled(self, offset: int, limit: int, seconds: int) -> tuple[int, int]:
        """Return limit and seconds as the server changes them for a bot that repeats an offset too soon."""
        now = time.monotonic()
        since_last = now - self._last_start if offset == self._last_offset else float("inf")
        self._last_offset, self._last_start = offset, now
        if since_last < limits.SAME_OFFSET_S and seconds < limits.SAME_OFFSET_S:
            seconds = int(limits.SAME_OFFSET_S)
        return (1 if since_last < limits.SAME_OFFSET_AT_ONCE_S else limit), seconds

    async def _raise_conflict(self) -> None:
        recent = time.monotonic() - self._last_conflict < limits.CONFLICT_PAUSE_S
        self._last_conflict = time.monotonic()
        if recent:
            await asyncio.sleep(limits.CONFLICT_PAUSE_S)
        raise BotApiError(409, _CONFLICT)
