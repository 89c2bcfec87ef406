"""Work that runs beside something else: its errors break neither that nor its next round."""

import asyncio
import logging

import pytest

from bot.tasks.background import running, survived


def events(caplog: pytest.LogCaptureFixture, level: int = logging.ERROR) -> list[tuple[str, str]]:
    said = [record.msg for record in caplog.records if record.levelno >= level]
    return [(each["event"], each["error"]) for each in said if isinstance(each, dict)]


async def fail() -> None:
    raise RecursionError("an answer that nobody foresaw")


async def test_an_error_of_work_beside_is_logged_when_it_happens_and_breaks_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done = False
    async with running(fail()):
        async with asyncio.timeout(5):
            while not caplog.records:  # noqa: ASYNC110  (it is logged by a callback)
                await asyncio.sleep(0)
        done = True
    assert done
    assert events(caplog) == [("background_failed", "RecursionError")]


async def test_work_beside_is_cancelled_and_has_ended_at_the_end() -> None:
    ended = False

    async def work() -> None:
        nonlocal ended
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended = True

    async with running(work()):
        await asyncio.sleep(0)
    assert ended


async def test_what_is_raised_beside_the_work_goes_on() -> None:
    with pytest.raises(ValueError, match="mine"):
        async with running(fail()):
            raise ValueError("mine")


async def test_a_round_that_fails_is_said_and_survived(caplog: pytest.LogCaptureFixture) -> None:
    assert not await survived(fail(), "not_done")
    assert events(caplog) == [("not_done", "RecursionError")]
    assert await survived(asyncio.sleep(0), "not_done")
