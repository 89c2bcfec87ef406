"""Run everything that computes in worker processes, away from the event loop.

A call that hangs can so be ended. The queue is bounded and every call has a deadline: whoever asks learns at once when
there is no room, and in time when there is no answer.
"""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from types import TracebackType
from typing import Any, Self, TypeVar

import psutil

from domain.readings import Modality, ModalityReading
from inference import worker
from inference.errors import Fault, InferenceError

T = TypeVar("T")
_START_SECONDS = 120.0  # loading torch and both models on a slow disk
_BEHIND_SECONDS = 600.0  # the same while everything else comes first


class PoolError(InferenceError):
    """Report that the pool could not give an answer; nothing is wrong with the question."""


class PoolBusy(PoolError):
    """Report that the queue is full; `waiting` calls are before this one."""

    def __init__(self, waiting: int) -> None:
        super().__init__(Fault.QUEUE_FULL, waiting=waiting)
        self.waiting = waiting


class DeadlineExceeded(PoolError):
    """Report that a call took too long; its worker was ended and is replaced."""


class WorkerLost(PoolError):
    """Report that a worker died under a call, or could not start."""


class WorkerDied(WorkerLost):
    """Report that a worker died under a call: for want of memory, by a fault of a library, or because it was killed."""

    def __init__(self) -> None:
        super().__init__(Fault.WORKER_DIED)


class PoolClosed(PoolError):
    """Report that the pool was used before it was opened or after it was closed."""


class QueuePosition:
    """Tell whoever waits for a call its place in the queue of a pool."""

    def __init__(self, pool: "Pool") -> None:
        self._pool = pool
        self.started = False  # a worker has taken the call

    @property
    def ahead(self) -> int:
        """Return how many calls come before this one; as long as it is not asked for, before a new one."""
        return 0 if self.started else self._pool.ahead_of(self)


class _Memory:
    """Watch the memory of a process from now on."""

    def __init__(self, pid: int) -> None:
        """Note what it takes now; raises psutil.Error where there is no such process."""
        self._process = psutil.Process(pid)
        self._before = self._process.memory_info().rss

    @property
    def growth(self) -> int:
        """Return how many bytes it takes more than at first; 0 where it has ended."""
        try:
            return int(self._process.memory_info().rss - self._before)
        except psutil.Error:
            return 0

    def limit(self, more: int) -> None:
        """Let it have so many bytes more than now, where the system can hold a process to them (Linux).

        What asks for more gets a MemoryError or dies alone; else the system would end whatever is largest. The limit is
        on data: one on addresses counts what torch and malloc reserve and never touch.
        """
        if sys.platform == "linux":
            limit = self._process.memory_info().data + more
            with contextlib.suppress(psutil.AccessDenied):  # a sandbox forbids it
                self._process.rlimit(psutil.RLIMIT_DATA, (limit, limit))


class _Process:
    """Hold one process, which is started anew when it died or had to be ended."""

    def __init__(self, prepare: Callable[[], object], memory: int) -> None:
        """Set what it runs first, and how many bytes more than then it may ever take."""
        self._prepare, self._limit = prepare, memory
        self._executor: ProcessPoolExecutor | None = None
        self._pid = 0
        self._memory: _Memory | None = None

    @property
    def growth(self) -> int:
        """Return by how many bytes of memory it has grown since it was warm; 0 where it does not run."""
        return self._memory.growth if self._memory else 0

    async def start(self, behind: bool = False) -> None:
        """Start the process and wait until it is ready; raises WorkerLost when it cannot be started.

        One that is prepared `behind` others leaves the processors to them meanwhile.
        """
        prepare, seconds = self._prepare, _START_SECONDS
        if behind:
            prepare, seconds = partial(worker.prepare_behind, self._prepare), _BEHIND_SECONDS
        self._executor = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        try:
            self._pid = await self._submit(_START_SECONDS, worker.initialise)
            await self._submit(seconds, prepare)
            self._memory = _Memory(self._pid)
            self._memory.limit(self._limit)
        except Exception as error:
            self.kill()
            raise WorkerLost(Fault.WORKER_NOT_STARTED, reason=str(error)) from error

    async def call(self, deadline: float, function: Callable[..., T], *arguments: Any) -> T:
        """Run a function in the process, for at most `deadline` seconds; raises what it raises, or a PoolError."""
        if self._executor is None:
            await self.start()
        return await self._submit(deadline, function, *arguments)

    async def _submit(self, deadline: float, function: Callable[..., T], *arguments: Any) -> T:
        assert self._executor is not None
        try:
            future = asyncio.wrap_future(self._executor.submit(function, *arguments))
            async with asyncio.timeout(deadline):
                return await future
        except TimeoutError as error:
            self.kill()
            raise DeadlineExceeded(Fault.NO_ANSWER, seconds=deadline) from error
        except BrokenProcessPool as error:
            self.kill()
            raise WorkerDied from error
        except asyncio.CancelledError:
            self.kill()  # nobody wants the answer, and the next call should not have to wait for it
            raise

    def kill(self) -> None:
        """End the process at once (again is harmless); the next call starts another."""
        if self._pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        executor, self._executor, self._pid, self._memory = self._executor, None, 0, None
        if executor:
            executor.shutdown(wait=True, cancel_futures=True)


class _Worker:
    """Hold a process for one call at a time, and its successor once it has grown too large.

    Whatever leaks is given back so: the successor starts and is warmed while the old one goes on, and takes its place
    between two calls, so that nobody waits for it.
    """

    def __init__(
        self, prepare: Callable[[], object], growth: int, memory: int, renewing: asyncio.Lock
    ) -> None:
        """Set sizes, in bytes as for Pool; `renewing` is one for all workers, so that there is one process more."""
        self._new = partial(_Process, prepare, growth + memory)
        self._process = self._new()
        self._growth = self._allowed = growth
        self._turn = asyncio.Lock()  # fair: a successor that is ready comes before the next call
        self._renewing = renewing
        self._renewal: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the process and wait until it is ready; raises WorkerLost when it cannot be started."""
        await self._process.start()

    async def call(self, deadline: float, function: Callable[..., T], *arguments: Any) -> T:
        """Run a function in the process, for at most `deadline` seconds; raises what it raises, or a PoolError."""
        async with self._turn:
            try:
                return await self._process.call(deadline, function, *arguments)
            finally:
                if not self._renewal and self._process.growth > self._allowed:
                    self._renewal = asyncio.create_task(self._renew())

    async def _renew(self) -> None:
        """Put a new process in the place of the old one when it is warm; where it cannot start, try again later."""
        successor = self._new()
        try:
            async with self._renewing:
                await successor.start(behind=True)
                async with self._turn:
                    self._process, successor = successor, self._process
                self._allowed = self._growth
        except WorkerLost:
            self._allowed += self._growth
        finally:
            self._renewal = None
            await asyncio.to_thread(successor.kill)

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()

    async def close(self) -> None:
        """End the process, and the successor that is being started."""
        if self._renewal:
            self._renewal.cancel()
            await asyncio.wait([self._renewal])
        # An idle process has nothing to save, and its interpreter takes seconds of processor time to end by itself.
        await asyncio.to_thread(self._process.kill)


class Pool:
    """Run calls in worker processes whose models are warm; an async context manager, harmless to close twice."""

    def __init__(
        self,
        workers: int = 1,
        threads: int | None = None,
        queue: int = 16,
        deadline: float = 20.0,
        prepare: Callable[[int], object] = worker.load,
        lazy: bool = False,
        growth: int = 256 * 2**20,
        memory: int = 2**30,
    ) -> None:
        """Set sizes; nothing starts before the pool is entered, and where it is `lazy` before the first call.

        `threads` are per worker (default: the cores shared out); `queue` calls may wait; `deadline` is in seconds and
        counts from when a worker takes the call. `prepare(threads)` is what each new worker runs before its first call:
        a module-level function, or a partial of one. A worker that has grown by more than `growth` bytes after a call
        is replaced by a new one as soon as that is warm; one call may take `memory` bytes beyond that (on Linux), and
        gets a MemoryError for more. The default is twice what the largest photo or sound takes.
        """
        threads = threads or max(1, (os.cpu_count() or 1) // workers)
        renewing = asyncio.Lock()
        self._workers = [_Worker(partial(prepare, threads), growth, memory, renewing) for _ in range(workers)]
        self._idle: list[_Worker] = []
        self._idle_count = asyncio.Semaphore(
            0
        )  # counts the idle; it is fair, so those who wait keep their order
        self._queue_limit, self._deadline = queue, deadline
        self._waiting: list[QueuePosition] = []
        self._lazy = lazy
        self._open = False

    async def __aenter__(self) -> Self:
        """Start all workers and wait until they are warm; raises WorkerLost (for a bad model folder, say)."""
        try:
            await asyncio.gather(*(w.start() for w in self._workers if not self._lazy))
        except BaseException:
            for w in self._workers:
                w.kill()
            raise
        for w in self._workers:
            self._release(w)
        self._open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let running calls finish, for as long as their deadlines let them, and end the workers.

        Calls that wait raise PoolClosed.
        """
        if not self._open:
            return
        self._open = False
        for _ in self._workers:
            await self._idle_count.acquire()
            await self._idle.pop().close()

    @property
    def ahead(self) -> int:
        """Return how many calls a new one would have to wait for: 0 while a worker is free."""
        return len(self._workers) + len(self._waiting) if self._idle_count.locked() else 0

    def ahead_of(self, position: QueuePosition) -> int:
        """Return how many calls one that waits already must wait for: those that run, and those asked before it."""
        waits = position in self._waiting
        return len(self._workers) + self._waiting.index(position) if waits else self.ahead

    async def read(
        self, modality: Modality, data: bytes, position: QueuePosition | None = None
    ) -> ModalityReading:
        """Read an encoded photo ("face"), sound ("voice") or text in UTF-8; raises Unreadable or a PoolError."""
        return await self.run(worker.read, modality, data, position=position)

    async def run(
        self, function: Callable[..., T], *arguments: Any, position: QueuePosition | None = None
    ) -> T:
        """Run a module-level function in a worker; raises what it raises, or a PoolError.

        A `position`, one for each call, tells meanwhile how many come before it.
        """
        free = await self._take(position or QueuePosition(self))
        try:
            if not self._open:
                raise PoolClosed(Fault.POOL_CLOSED)
            return await free.call(self._deadline, function, *arguments)
        finally:
            self._release(free)

    async def _take(self, position: QueuePosition) -> _Worker:
        """Wait for an idle worker, in the order of asking; raises PoolClosed or PoolBusy."""
        if not self._open:
            raise PoolClosed(Fault.POOL_CLOSED)
        if self._idle_count.locked() and len(self._waiting) >= self._queue_limit:
            raise PoolBusy(len(self._waiting))
        self._waiting.append(position)
        try:
            await self._idle_count.acquire()
        finally:
            self._waiting.remove(position)
        position.started = True
        return self._idle.pop()

    def _release(self, worker: _Worker) -> None:
        self._idle.append(worker)
        self._idle_count.release()
