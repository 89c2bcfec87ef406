"""The database as one resource: migrated and opened by `async with`, read and written in transactions."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import TracebackType
from typing import Self

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from storage import sqlite
from storage.migrations import migrate

READERS = 4  # connections, each with a thread of its own


class DatabaseClosed(RuntimeError):
    """The database was used before it was opened or after it was closed."""


class Database:
    """An async context manager, to be closed after everything that uses it.

    On SQLite all writes share one connection and queue for it, and their transactions begin with the write
    lock in hand: one that starts by reading and takes the lock later fails with "database is locked" when
    another was faster. A write opened inside a write would wait for itself: pass the session on instead.
    """

    def __init__(self, url: str) -> None:
        """Take an SQLAlchemy URL, `sqlite+aiosqlite:///path` or `postgresql+psycopg://...`; open nothing yet.

        Raises ValueError for SQLite in memory, whose connections would each see a database of their own.
        """
        self._url = make_url(url)
        if self._url.drivername == "sqlite+aiosqlite" and self._url.database in (None, "", ":memory:"):
            raise ValueError("SQLite needs a file")
        self._reader: AsyncEngine | None = None
        self._writer: AsyncEngine | None = None

    async def __aenter__(self) -> Self:
        """Bring the schema up to date and open; what SQLAlchemy or Alembic raise is passed on."""
        await asyncio.to_thread(migrate, self._url)
        self._reader = create_async_engine(self._url, pool_size=READERS, max_overflow=0, hide_parameters=True)
        self._writer = create_async_engine(self._url, pool_size=1, max_overflow=0, hide_parameters=True)
        sqlite.prepare(self._reader.sync_engine, "BEGIN", "query_only = ON")
        sqlite.prepare(self._writer.sync_engine, "BEGIN IMMEDIATE")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection; a second call does nothing."""
        engines, self._reader, self._writer = (self._reader, self._writer), None, None
        for engine in engines:
            if engine is not None:
                await engine.dispose()

    def read(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A session that sees one moment of the database and changes nothing. Raises DatabaseClosed."""
        return AsyncSession(_open(self._reader))

    def write(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A session that commits at its end and rolls back on an exception. Raises DatabaseClosed.

        What is committed survives the death of the process and a power cut (WAL with synchronous FULL).
        """
        return _transaction(_open(self._writer))

    async def erase_traces(self) -> None:
        """Take what was deleted from the tables out of the files as well; call it outside of any session.

        Writes wait meanwhile: about 10 ms per megabyte. Raises DatabaseClosed, and TimeoutError when a reader
        stays too long; the next call makes up for it. On PostgreSQL this is its autovacuum's work.
        """
        await sqlite.erase_traces(_open(self._writer))


def _open(engine: AsyncEngine | None) -> AsyncEngine:
    if engine is None:
        raise DatabaseClosed("the database is not open")
    return engine


@asynccontextmanager
async def _transaction(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    async with AsyncSession(engine) as session, session.begin():
        yield session
