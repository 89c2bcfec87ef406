"""Waiting until the state has changed in a certain way."""

import asyncio
from collections.abc import Callable
from contextlib import suppress


async def wait_until(changed: asyncio.Condition, predicate: Callable[[], bool], seconds: float) -> None:
    """Wait until the predicate is true, but no longer than so many seconds.

    The predicate is checked at once and after every notification of `changed`. This is a function of its own
    because ``Condition.wait_for`` knows no time limit, and a long poll that runs into its limit is no error.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds), changed:
            await changed.wait_for(predicate)
