"""A cancelled task leaves nothing behind: no row, no lock, no connection; and it is never left waiting."""

import asyncio
import gc
import threading
from collections.abc import Iterator
from random import Random

import pytest
from sqlalchemy import exc, text
from sqlalchemy.ext.asyncio import AsyncSession

from storage import Database, inbox, sessions
from storage.sessions import finished
from tests.storage.conftest import pending, threads_end


@pytest.fixture(autouse=True)
def no_garbage_collector() -> Iterator[None]:
    """It would close what was forgotten, and release its locks, at a time of its own."""
    gc.disable()
    yield
    gc.enable()


async def _cancel(task: asyncio.Task[None], times: int = 1) -> None:
    for _ in range(times):
        await asyncio.sleep(0)  # one that was not begun would do nothing at all
        task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()


async def _write_one(db: Database, update_id: int) -> None:
    async with db.write() as s:
        await inbox.add(s, update_id, None, None, {})


async def test_writes_cancelled_at_any_moment_leave_nothing_and_the_next_one_works(db: Database) -> None:
    async def write(update_id: int) -> None:
        async with db.write() as s:
            await inbox.add(s, update_id, None, None, {})
            await inbox.begin(s, update_id)
            await asyncio.sleep(60)

    random = Random(7)
    async with asyncio.timeout(60):
        for update_id in range(40):
            task = asyncio.create_task(write(update_id))
            await asyncio.sleep(random.random() ** 2 * 0.02)
            await _cancel(task, times=random.randint(1, 3))
        await _write_one(db, 100)
    assert await pending(db) == [100]


async def test_reads_cancelled_at_any_moment_hold_back_no_erasing(db: Database) -> None:
    await _write_one(db, 1)

    async def read() -> None:
        for _ in range(1000):
            await pending(db)

    random = Random(11)
    async with asyncio.timeout(60):
        for _ in range(5):
            tasks = [asyncio.create_task(read()) for _ in range(8)]
            await asyncio.sleep(random.random() * 0.02)
            for task in tasks:
                await _cancel(task)
        await _write_one(db, 2)
        await db.erase_traces()
    assert await pending(db) == [1, 2]


async def test_a_cancelled_statement_ends_first_and_its_connection_stays(db: Database) -> None:
    await _write_one(db, 1)
    threads = set(threading.enumerate())  # each connection has one

    async def write(s: AsyncSession) -> None:
        await s.execute(text("UPDATE inbox SET attempts = 9 RETURNING attempts"))
        await asyncio.sleep(60)

    async def write_and_stop(step: int) -> None:
        async with db.write() as s:
            task = asyncio.create_task(write(s))
            for _ in range(step):
                await asyncio.sleep(0)
            await _cancel(task)
            raise LookupError

    async with asyncio.timeout(60):
        for step in range(1, 20):
            with pytest.raises(LookupError):
                await write_and_stop(step)
        async with db.write() as s:
            assert await inbox.begin(s, 1) == 1
    assert set(threading.enumerate()) == threads


async def test_who_waits_for_another_write_is_let_go_at_once(db: Database) -> None:
    async with asyncio.timeout(60), db.write() as s:
        await inbox.add(s, 1, None, None, {})
        waiting = asyncio.create_task(_write_one(db, 2))
        await asyncio.sleep(0.01)
        assert not waiting.done()
        await _cancel(waiting)
    assert await pending(db) == [1]


async def test_a_write_inside_a_write_fails_instead_of_hanging(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "PATIENCE", 0.05)
    async with asyncio.timeout(60), db.write() as s:
        await inbox.add(s, 1, None, None, {})
        with pytest.raises(exc.TimeoutError):
            await _write_one(db, 2)
    assert await pending(db) == [1]


async def test_a_cancelled_close_closes_everything(url: str) -> None:
    threads = set(threading.enumerate())
    db = await Database(url).__aenter__()
    await _write_one(db, 1)
    await pending(db)
    await _cancel(asyncio.create_task(db.close()), times=2)
    threads_end(threads)


async def test_finished_waits_for_the_end_however_often_it_is_cancelled() -> None:
    done = []

    async def work() -> None:
        await asyncio.sleep(0.05)
        done.append(True)

    await _cancel(asyncio.create_task(finished(work())), times=5)
    assert done


async def test_finished_passes_results_and_errors_on_and_prefers_the_cancellation() -> None:
    async def fail() -> None:
        await asyncio.sleep(0.01)
        raise LookupError

    assert await finished(asyncio.sleep(0, 7)) == 7
    with pytest.raises(LookupError):
        await finished(fail())
    await _cancel(asyncio.create_task(finished(fail())))
