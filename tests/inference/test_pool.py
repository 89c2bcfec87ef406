"""The door to the workers: bounded, in time, and still standing after whatever happens to a worker.

The processes are real; they load no models (but one test's do), so that they start in no time.
"""

import asyncio
import contextlib
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from inference import worker
from inference.errors import SENTENCES, Code, Unreadable
from inference.pool import DeadlineExceeded, Pool, PoolBusy, PoolClosed, PoolError, QueuePosition, WorkerLost
from tests.inference import checkpoints, jobs
from tests.inference.leaks import counted, open_files
from tools import samples

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(sys.platform == "win32", reason="ends processes by signals"),
]
LONG = 30.0  # seconds: longer than anything here should take
ROOT = Path(__file__).parents[2]


def small(workers: int = 1, queue: int = 16, deadline: float = LONG) -> Pool:
    return Pool(workers, 1, queue, deadline, prepare=jobs.nothing)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[Pool]:
    """One worker and room for two more calls; every test leaves it usable."""
    async with small(queue=2) as running:
        yield running


@pytest.fixture
def deadline(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    return lambda seconds: monkeypatch.setattr(pool, "_deadline", seconds)


def alive(pid: int) -> bool:
    """Whether the process runs (a zombie does not)."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return not Path("/proc").is_dir()
    return False


async def gone(pid: int, within: float = LONG) -> bool:
    end = time.monotonic() + within
    while alive(pid) and time.monotonic() < end:  # noqa: ASYNC110  (no event of ours)
        await asyncio.sleep(0.05)
    return not alive(pid)


async def answers(pool: Pool) -> bool:
    return await asyncio.wait_for(pool.run(jobs.add, 1, 1), LONG) == 2


async def test_twenty_at_once_are_all_answered() -> None:
    async with small(workers=2, queue=18) as pool:
        calls = (pool.run(jobs.add, n, n) for n in range(20))
        assert await asyncio.wait_for(asyncio.gather(*calls), LONG) == [2 * n for n in range(20)]


async def test_a_full_queue_is_said_at_once(pool: Pool) -> None:
    running = [asyncio.create_task(pool.run(jobs.nap, 0.3, str(n))) for n in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(PoolBusy) as caught:
        await pool.run(jobs.add, 1, 1)
    assert caught.value.waiting == 2
    assert await asyncio.gather(*running) == ["0", "1", "2"]
    assert await answers(pool)


async def test_it_says_how_many_come_first(pool: Pool) -> None:
    assert pool.ahead == 0
    running = []
    for n in range(3):
        running.append(asyncio.create_task(pool.run(jobs.nap, 0.1, str(n))))
        await asyncio.sleep(0)
        assert pool.ahead == n + 1
    await asyncio.gather(*running)
    assert pool.ahead == 0


async def test_a_call_knows_its_own_place_whoever_comes_after_it(pool: Pool) -> None:
    positions, calls, ends = [QueuePosition(pool) for _ in range(3)], [], []

    async def nap(position: QueuePosition) -> None:
        await pool.run(jobs.nap, 0.1, "", position=position)
        ends.append(places())

    def places() -> list[int]:
        return [position.ahead for position in positions]

    for position in positions:
        calls.append(asyncio.create_task(nap(position)))
        await asyncio.sleep(0)
    assert places() == [0, 1, 2]
    assert [position.started for position in positions] == [True, False, False]
    await asyncio.wait_for(asyncio.gather(*calls), LONG)
    assert ends[1] == [0, 0, 1]  # the second has just ended, and the third has not begun
    assert places() == [0, 0, 0]


async def test_who_gives_up_no_longer_comes_before_others(pool: Pool) -> None:
    running = asyncio.create_task(pool.run(jobs.nap, 0.1, ""))
    await asyncio.sleep(0)
    positions = [QueuePosition(pool) for _ in range(2)]
    waiting = [asyncio.create_task(pool.run(jobs.add, 1, 1, position=position)) for position in positions]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    assert positions[1].ahead == pool.ahead - 1 == 1
    await asyncio.wait_for(asyncio.gather(running, waiting[1]), LONG)


async def test_without_a_queue_an_idle_worker_still_works() -> None:
    async with small(queue=0) as pool:
        first = asyncio.create_task(pool.run(jobs.nap, 0.2, "done"))
        await asyncio.sleep(0)
        with pytest.raises(PoolBusy):
            await pool.run(jobs.add, 1, 1)
        assert await first == "done"


async def test_the_loop_goes_on_while_a_worker_computes(pool: Pool) -> None:
    call = asyncio.create_task(pool.run(jobs.nap, 0.3, "done"))
    ticks = 0
    while not call.done():
        await asyncio.sleep(0.01)
        ticks += 1
    assert ticks > 10


@pytest.mark.parametrize("code", Code)
async def test_why_something_is_unreadable_crosses_the_process_border(pool: Pool, code: Code) -> None:
    with pytest.raises(Unreadable) as caught:
        await pool.run(jobs.complain, code)
    assert caught.value.code is code
    assert str(caught.value) == SENTENCES[code]


async def test_a_hung_call_is_ended_in_time_and_the_next_one_works(
    pool: Pool, deadline: Callable[[float], None]
) -> None:
    pid = await pool.run(os.getpid)
    deadline(0.3)
    start = time.monotonic()
    with pytest.raises(DeadlineExceeded, match=r"0\.3 s"):
        await pool.run(jobs.nap, 60, "never")
    assert time.monotonic() - start < 5
    deadline(LONG)
    assert await gone(pid)
    assert await answers(pool)


async def test_those_who_wait_behind_a_hung_call_are_answered(
    pool: Pool, deadline: Callable[[float], None]
) -> None:
    deadline(1)
    hung = asyncio.create_task(pool.run(jobs.nap, 60, "never"))
    await asyncio.sleep(0)
    waiting = [asyncio.create_task(pool.run(jobs.add, n, 1)) for n in range(2)]
    assert await asyncio.wait_for(asyncio.gather(*waiting), LONG) == [1, 2]
    assert isinstance((await asyncio.gather(hung, return_exceptions=True))[0], DeadlineExceeded)


async def test_a_worker_that_dies_under_a_call(pool: Pool) -> None:
    with pytest.raises(WorkerLost):
        await pool.run(jobs.die)
    assert await answers(pool)


async def test_a_worker_that_is_killed_while_idle_costs_one_call_at_most(pool: Pool) -> None:
    pid = await pool.run(os.getpid)
    os.kill(pid, signal.SIGKILL)
    assert await gone(pid)
    await asyncio.sleep(0.2)
    with contextlib.suppress(WorkerLost):
        await pool.run(jobs.add, 1, 1)
    assert await answers(pool)


async def test_giving_up_a_waiting_call_frees_its_place(pool: Pool) -> None:
    first = asyncio.create_task(pool.run(jobs.nap, 0.5, "done"))
    await asyncio.sleep(0)
    waiting = [asyncio.create_task(pool.run(jobs.add, 1, 1)) for _ in range(2)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    again = asyncio.create_task(pool.run(jobs.add, 2, 2))
    assert [await first, await waiting[1], await again] == ["done", 2, 4]
    assert waiting[0].cancelled()
    assert await answers(pool)


async def test_giving_up_a_running_call_frees_its_worker(pool: Pool) -> None:
    running = asyncio.create_task(pool.run(jobs.nap, 60, "never"))
    await asyncio.sleep(0.2)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await answers(pool)


async def test_what_cannot_be_sent_to_a_worker_breaks_nothing(pool: Pool) -> None:
    with pytest.raises((pickle.PicklingError, AttributeError)):
        await pool.run(lambda: 1)
    assert await answers(pool)


async def test_before_and_after_it_is_closed() -> None:
    pool = small()
    with pytest.raises(PoolClosed):
        await pool.run(jobs.add, 1, 1)
    async with pool:
        pid = await pool.run(os.getpid)
    assert await gone(pid)
    with pytest.raises(PoolClosed):
        await pool.read("face", b"")
    await pool.close()
    assert issubclass(PoolClosed, PoolError)


async def test_closing_finishes_what_runs_and_refuses_what_waits() -> None:
    async with small() as pool:
        pid = await pool.run(os.getpid)
        running = asyncio.create_task(pool.run(jobs.nap, 0.3, "done"))
        await asyncio.sleep(0)
        waiting = asyncio.create_task(pool.run(jobs.add, 1, 1))
        await asyncio.sleep(0)
    assert await running == "done"
    with pytest.raises(PoolClosed):
        await waiting
    assert await gone(pid)


async def test_closing_waits_no_longer_for_a_hung_call_than_its_deadline() -> None:
    async with small(deadline=1) as pool:
        pid = await pool.run(os.getpid)
        hung = asyncio.create_task(pool.run(jobs.nap, 60, "never"))
        await asyncio.sleep(0.1)
        await asyncio.wait_for(pool.close(), 15)
    with pytest.raises(DeadlineExceeded):
        await hung
    assert await gone(pid)


async def test_a_worker_that_cannot_be_prepared_says_why() -> None:
    with pytest.raises(WorkerLost, match="no weights here"):
        async with Pool(prepare=jobs.refuse):
            pytest.fail("it opened")


def leaky(prepare: Callable[[int], object] = jobs.doze) -> Pool:
    """A worker that may grow by 32 MiB, which a call of jobs.leak(48) exceeds."""
    return Pool(1, 1, prepare=prepare, growth=32 * 2**20)


async def renewed(pool: Pool, old: int) -> list[float]:
    """Wait until calls are answered by another process than `old`; returns how long each waited, in seconds."""
    waits, end = [], time.monotonic() + LONG
    while time.monotonic() < end:
        start = time.monotonic()
        pid = await pool.run(os.getpid)
        waits.append(time.monotonic() - start)
        if pid != old:
            return waits
        await asyncio.sleep(0.02)
    pytest.fail("it was never renewed")


async def test_what_leaks_is_given_back_and_nobody_waits_for_it() -> None:
    async with leaky() as pool:
        for _ in range(2):
            old = await pool.run(jobs.leak, 48)
            waits = await renewed(pool, old)
            assert len(waits) > 2
            assert max(waits) < jobs.PREPARING
            assert await gone(old)


async def test_a_call_under_way_while_its_worker_is_renewed_is_answered() -> None:
    async with leaky(jobs.nothing) as pool:
        old = await pool.run(jobs.leak, 48)
        running = asyncio.create_task(pool.run(jobs.nap, 3, "done"))
        await asyncio.sleep(0)
        waiting = asyncio.create_task(pool.run(os.getpid))
        assert await asyncio.wait_for(running, LONG) == "done"
        await asyncio.wait_for(waiting, LONG)
        await renewed(pool, old)


async def test_who_stays_small_is_not_renewed() -> None:
    async with leaky(jobs.nothing) as pool:
        old = await pool.run(jobs.leak, 1)
        assert await pool.run(jobs.take, 200 * 2**20) == 200 * 2**20
        await asyncio.sleep(1)
        assert await pool.run(os.getpid) == old


async def test_a_successor_that_cannot_start_costs_nobody_anything(tmp_path: Path) -> None:
    async def tried(times: int) -> None:
        end = time.monotonic() + LONG
        while notes.stat().st_size < times and time.monotonic() < end:  # noqa: ASYNC110  (no event of ours)
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.2)

    notes = tmp_path / "notes"
    async with leaky(partial(jobs.once, notes)) as pool:
        old = await pool.run(jobs.leak, 48)
        await tried(2)
        assert await pool.run(jobs.leak, 1) == old  # and does not try again before it has grown as much again
        await asyncio.sleep(0.5)
        assert await pool.run(jobs.leak, 32) == old
        await tried(3)
        assert await pool.run(os.getpid) == old
        assert notes.stat().st_size == 3


async def test_closing_ends_a_successor_that_is_on_its_way(pool: Pool) -> None:
    """Beside another pool, with which Python's own helper process has begun."""
    before = set(psutil.Process().children())
    async with leaky() as closing:
        await closing.run(jobs.leak, 48)
        await asyncio.sleep(0.5)
        assert len(set(psutil.Process().children()) - before) == 2
    assert set(psutil.Process().children()) <= before


async def test_with_the_bundled_models() -> None:
    async with Pool(threads=1, prepare=partial(worker.load, detector="centerface")) as pool:
        face, voice = await asyncio.gather(
            pool.read("face", samples.selfie()), pool.read("voice", samples.voice_note())
        )
        assert set(face.ms) == {"decode", "find", "quality", "model"}
        assert set(voice.ms) == {"decode", "quality", "model"}
        with pytest.raises(Unreadable) as caught:
            await pool.read("face", samples.scenery())
        assert caught.value.code is Code.NO_FACE
        assert await pool.run(jobs.torch_threads) == 1
        assert await pool.run(jobs.environment, "OMP_WAIT_POLICY") == "PASSIVE"


async def test_with_somebody_elses_models(tmp_path: Path) -> None:
    face, voice = checkpoints.swin(tmp_path / "swin"), checkpoints.speech(tmp_path / "wavlm")
    load = partial(worker.load, checkpoints={"face": face, "voice": voice})
    async with Pool(threads=1, prepare=load) as pool:
        assert not (await pool.read("face", samples.selfie())).calibrated
        assert not (await pool.read("voice", samples.voice_note())).calibrated
    checkpoints.change(voice / "config.json", id2label={"0": "LABEL_0"})
    with pytest.raises(WorkerLost, match="no emotion is named by LABEL_0"):
        async with Pool(threads=1, prepare=load):
            pytest.fail("it opened")


@counted
async def test_replaced_workers_leave_no_open_files(pool: Pool) -> None:
    async def lose_one() -> None:
        with pytest.raises(WorkerLost):
            await pool.run(jobs.die)
        assert await answers(pool)

    await lose_one()
    before = open_files()
    await lose_one()
    await lose_one()
    assert open_files() <= before


PARENT = """
import asyncio, os
from inference.pool import Pool
from tests.inference import jobs
from tests.inference.leaks import counted, open_files

async def main():
    async with Pool(2, prepare=jobs.nothing) as pool:
        print(*await asyncio.gather(pool.run(os.getpid), pool.run(os.getpid)), flush=True)
        await pool.run(jobs.nap, 60, "")

if __name__ == "__main__":
    asyncio.run(main())
"""


async def test_no_worker_idle_or_busy_outlives_a_parent_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    parent = await asyncio.create_subprocess_exec(
        sys.executable, str(script), stdout=subprocess.PIPE, env=environment
    )
    assert parent.stdout
    workers = [int(pid) for pid in (await asyncio.wait_for(parent.stdout.readline(), LONG)).split()]
    assert len(set(workers)) == 2
    assert all(alive(pid) for pid in workers)
    parent.kill()
    await parent.wait()
    for pid in workers:
        assert await gone(pid)


async def test_a_lazy_pool_starts_its_worker_for_the_first_call() -> None:
    before = multiprocessing.active_children()
    async with Pool(1, 1, prepare=jobs.nothing, lazy=True) as pool:
        assert multiprocessing.active_children() == before
        assert await pool.run(jobs.add, 1, 2) == 3
        assert alive(await pool.run(os.getpid))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems limit no memory")
async def test_a_call_that_takes_too_much_memory_fails_alone() -> None:
    async with Pool(1, 1, prepare=jobs.nothing, growth=50 * 2**20, memory=50 * 2**20) as pool:
        pid = await pool.run(os.getpid)
        assert await pool.run(jobs.take, 50 * 2**20)
        with pytest.raises(MemoryError):
            await pool.run(jobs.take, 150 * 2**20)
        assert await pool.run(os.getpid) == pid
