"""Open sessions that a cancellation cannot tear: it is heard between two statements, never inside one.

The driver's thread goes on with a statement whose caller was cancelled. SQLAlchemy then closes the connection,
but SQLite keeps a closed one, with its write lock, for as long as a statement of it has rows left to give: until
the garbage collector comes by. And a connection cancelled while it is being opened is never closed at all. So
what was asked of the database is always waited for, and an ordinary rollback is all that a cancellation needs.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, exc
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncResult, AsyncSession, create_async_engine
from sqlalchemy.util import greenlet_spawn

from storage import driver, sqlite

PATIENCE = 30.0  # s to wait for a connection that others use: a write inside a write fails instead of hanging

T = TypeVar("T")


class Session(AsyncSession):
    """Run what repositories ask for on one connection, without SQLAlchemy's ORM, and each call to its end.

    Statements are written with the classes of storage.models but never load objects of them. What the ORM does for
    such objects took half of a statement's time.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        """Connect to this engine with the first statement."""
        super().__init__(engine)
        self._engine, self._opened = engine.sync_engine, list[Connection]()

    def get_bind(self, *_: Any, **__: Any) -> Engine:
        """Return the engine."""
        return self._engine

    async def execute(self, statement: Any, *args: Any, **kwargs: Any) -> Any:
        """Run a statement; when cancelled, wait for its end first."""
        return await finished(greenlet_spawn(self._execute, statement, *args, **kwargs))

    async def scalar(self, *args: Any, **kwargs: Any) -> Any:
        """Run a statement and return its first value; when cancelled, wait for its end first."""
        return (await self.execute(*args, **kwargs)).scalar()

    async def scalars(self, *args: Any, **kwargs: Any) -> Any:
        """Run a statement and return its first column; when cancelled, wait for its end first."""
        return (await self.execute(*args, **kwargs)).scalars()

    async def stream(self, statement: Any, *args: Any, **kwargs: Any) -> Any:
        """Run a statement whose rows are fetched as they are wanted."""
        kwargs["execution_options"] = {"stream_results": True}
        return AsyncResult(await self.execute(statement, *args, **kwargs))

    async def commit(self) -> None:
        """Commit, even when cancelled meanwhile."""
        if self._opened:
            await finished(greenlet_spawn(self._opened[0].commit))

    async def close(self) -> None:
        """Roll back what was not committed."""
        if self._opened:
            await finished(greenlet_spawn(self._opened.pop().close))

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _execute(self, *args: Any, **kwargs: Any) -> Any:
        if not self._opened:
            self._opened.append(self._engine.connect())
        return self._opened[0].execute(*args, **kwargs)


class Connections:
    """Hold an engine of `count` connections at most, and the queue for them."""

    def __init__(self, url: URL, count: int, begin: str, *pragmas: str) -> None:
        """Open nothing yet; `begin` starts each transaction on SQLite, and `pragmas` are set there."""
        on_sqlite = {"connect_args": {"async_creator_fn": driver.connect}}
        more: dict[str, Any] = on_sqlite if url.get_backend_name() == "sqlite" else {}
        self._engine = create_async_engine(url, pool_size=count, max_overflow=0, hide_parameters=True, **more)
        sqlite.prepare(self._engine.sync_engine, begin, *pragmas)
        # The pool has a queue of its own, in which Python 3.11 may lose a cancellation (asyncio.wait_for).
        self._free = asyncio.Semaphore(count)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """Open a session that rolls back at its end.

        Raises sqlalchemy.exc.TimeoutError when no connection becomes free within PATIENCE seconds.
        """
        async with self._turn(), Session(self._engine) as session:
            yield session

    async def erase_traces(self) -> None:
        """Remove from SQLite's files what was deleted; raises TimeoutError (see storage.sqlite)."""
        async with self._turn():
            await finished(sqlite.erase_traces(self._engine))

    async def close(self) -> None:
        """Close the connections; one in use would be left open."""
        await self._engine.dispose()

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._free.acquire()
        except TimeoutError as error:
            raise exc.TimeoutError(f"no connection became free within {PATIENCE:g} s") from error
        try:
            yield
        finally:
            self._free.release()


async def finished(work: Coroutine[Any, Any, T]) -> T:
    """Wait for the end of `work` and return its result; a cancellation meanwhile is raised only then."""
    task = asyncio.create_task(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        if not task.cancelled():
            task.exception()  # now it was looked at, and asyncio does not log it as forgotten
        raise cancelled
    return task.result()
