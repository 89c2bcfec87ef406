"""Waiting for a change: none is missed, and every wait ends in time."""

import asyncio
import time

from playground.state.changes import wait_until


async def notify(changed: asyncio.Condition) -> None:
    async with changed:
        changed.notify_all()


async def test_what_is_true_already_is_not_waited_for() -> None:
    async with asyncio.timeout(5):
        await wait_until(asyncio.Condition(), lambda: True, 60)


async def test_each_waiter_waits_on_until_its_own_predicate_is_true() -> None:
    changed, happened = asyncio.Condition(), set[str]()
    first = asyncio.create_task(wait_until(changed, lambda: "first" in happened, 60))
    second = asyncio.create_task(wait_until(changed, lambda: "second" in happened, 60))
    await asyncio.sleep(0)
    happened.add("second")
    await notify(changed)
    await asyncio.wait_for(second, 5)

    assert not first.done()
    happened.add("first")
    await notify(changed)
    await asyncio.wait_for(first, 5)


async def test_a_change_between_two_waits_is_not_missed() -> None:
    changed, said, heard = asyncio.Condition(), list[int](), list[int]()

    async def follow() -> None:
        while len(heard) < 100:
            await wait_until(changed, lambda: len(said) > len(heard), 60)
            heard.extend(said[len(heard) :])

    follower = asyncio.create_task(follow())
    for number in range(100):
        said.append(number)
        await notify(changed)
        if number % 7 == 0:
            await asyncio.sleep(0)
    await asyncio.wait_for(follower, 5)

    assert heard == said


async def test_a_wait_for_what_never_happens_ends_in_time() -> None:
    started = time.monotonic()
    await wait_until(asyncio.Condition(), lambda: False, 0.05)

    assert 0.04 < time.monotonic() - started < 5


async def test_a_notification_lets_no_other_task_run_before_it_returns() -> None:
    changed, order = asyncio.Condition(), list[str]()
    waiters = [asyncio.create_task(wait_until(changed, lambda: bool(order), 60)) for _ in range(3)]
    await asyncio.sleep(0)

    async def other() -> None:
        order.append("other")

    task = asyncio.create_task(other())
    order.append("before")
    await notify(changed)
    order.append("after")
    await asyncio.wait_for(asyncio.gather(*waiters, task), 5)

    assert order == ["before", "after", "other"]
