"""Let people stop work that is under way for them."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Stopped(Exception):
    """Say that the person does not want the result any more."""


class CancellationRegistry:
    """Register work by its person and a number until it is done."""

    def __init__(self) -> None:
        self._wanted: dict[tuple[int, int], asyncio.Event] = {}

    def stop(self, person_id: int, number: int) -> bool:
        """Stop the work with this number; False when there is no such work of this person (any more)."""
        event = self._wanted.get((person_id, number))
        if event:
            event.set()
        return event is not None

    def stop_all(self, person_id: int) -> None:
        """Stop whatever is under way for this person."""
        for (owner, _), event in self._wanted.items():
            if owner == person_id:
                event.set()

    async def unless_stopped(
        self, person_id: int, number: int, work: Coroutine[Any, Any, T], begun: Callable[[], bool]
    ) -> T:
        """Return the result of the work; raises Stopped as soon as the person stops it.

        Work that waits is given up, so that it keeps nobody's place in the queue. What has `begun` by then is left to
        end: a worker process that is ended would keep everybody waiting for its successor.
        """
        event = self._wanted[person_id, number] = asyncio.Event()
        task, stopped = asyncio.create_task(work), asyncio.create_task(event.wait())
        try:
            await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            task.cancel()
            raise
        finally:
            del self._wanted[person_id, number]
            stopped.cancel()
        if event.is_set():
            if not begun():
                task.cancel()
            task.add_done_callback(_heard)
            raise Stopped
        return task.result()


def _heard(task: "asyncio.Task[Any]") -> None:
    """Retrieve the error of work that nobody waits for, so that asyncio does not log it."""
    with contextlib.suppress(asyncio.CancelledError):
        task.exception()
