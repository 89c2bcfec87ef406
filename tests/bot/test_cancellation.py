"""Work that can be stopped by whom it belongs to."""

import asyncio

import pytest

from bot.tasks.cancellation import CancellationRegistry, Stopped

ANA, EVE = 1, 2


def begun() -> bool:
    return True


async def test_what_nobody_stops_gives_its_result() -> None:
    async def work() -> str:
        return "read"

    stops = CancellationRegistry()
    assert await stops.unless_stopped(ANA, 7, work(), begun) == "read"
    assert not stops.stop(ANA, 7)


async def test_its_own_error_comes_through() -> None:
    async def work() -> None:
        raise ValueError("no face")

    with pytest.raises(ValueError, match="no face"):
        await CancellationRegistry().unless_stopped(ANA, 7, work(), begun)


async def test_only_its_person_stops_it_and_it_ends_in_peace() -> None:
    stops, ended = CancellationRegistry(), asyncio.Event()

    async def work() -> None:
        await asyncio.sleep(0.05)
        ended.set()
        raise ValueError("of which nobody wants to hear")

    waiting = asyncio.create_task(stops.unless_stopped(ANA, 7, work(), begun))
    await asyncio.sleep(0)
    assert not stops.stop(EVE, 7)
    assert not stops.stop(ANA, 8)
    assert stops.stop(ANA, 7)
    with pytest.raises(Stopped):
        await waiting
    assert not ended.is_set()
    async with asyncio.timeout(10):
        await ended.wait()


async def test_what_has_not_begun_when_it_is_stopped_never_does() -> None:
    stops, cancelled = CancellationRegistry(), asyncio.Event()

    async def wait_for_a_worker() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    waiting = asyncio.create_task(stops.unless_stopped(ANA, 7, wait_for_a_worker(), lambda: False))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert stops.stop(ANA, 7)
    with pytest.raises(Stopped):
        await waiting
    async with asyncio.timeout(10):
        await cancelled.wait()


async def test_when_the_waiting_is_cancelled_so_is_the_work() -> None:
    stops, cancelled = CancellationRegistry(), asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    waiting = asyncio.create_task(stops.unless_stopped(ANA, 7, work(), begun))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    async with asyncio.timeout(10):
        await cancelled.wait()
    assert not stops.stop(ANA, 7)


async def test_all_that_is_under_way_for_a_person_is_stopped_at_once() -> None:
    stops, go_on = CancellationRegistry(), asyncio.Event()

    async def work() -> str:
        await go_on.wait()
        return "read"

    hers = [asyncio.create_task(stops.unless_stopped(ANA, number, work(), begun)) for number in (7, 8)]
    others = asyncio.create_task(stops.unless_stopped(EVE, 9, work(), begun))
    await asyncio.sleep(0)
    stops.stop_all(ANA)
    for reading in hers:
        with pytest.raises(Stopped):
            await reading
    go_on.set()
    assert await others == "read"
