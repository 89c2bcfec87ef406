"""Open the database as one resource: `async with` migrates and opens it, sessions read and write in it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import TracebackType
from typing import Self

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncSession

from storage.migrations import migrate
from storage.sessions import Connections, finished

READERS = 4  # connections, each with a thread of its own


class DatabaseClosed(RuntimeError):
    """Say that the database was used before it was opened or after it was closed."""


class Database:
    """Open the database with `async with`, and close it after everything that uses it.

    On SQLite all writes share one connection and queue for it, and their transactions begin with the write
    lock in hand: one that starts by reading and takes the lock later fails with "database is locked" when
    another was faster. A write opened inside a write waits for itself and fails: pass the session on instead.

    Cancelling a task inside a session is safe: the statement that runs is waited for (as long as the busy
    timeout, when another process holds the lock), then the transaction is rolled back; a commit is not torn.
    """

    def __init__(self, url: str) -> None:
        """Take an SQLAlchemy URL, `sqlite+aiosqlite:///path` or `postgresql+psycopg://...`; open nothing yet.

        Raises ValueError for SQLite in memory, whose connections would each see a database of their own.
        """
        self._url = make_url(url)
        if self._url.drivername == "sqlite+aiosqlite" and self._url.database in (None, "", ":memory:"):
            raise ValueError("SQLite needs a file")
        self._reader: Connections | None = None
        self._writer: Connections | None = None

    async def __aenter__(self) -> Self:
        """Bring the schema up to date and open the database; errors of SQLAlchemy and Alembic are passed on."""
        await asyncio.to_thread(migrate, self._url)
        self._reader = Connections(self._url, READERS, "BEGIN", "query_only = ON")
        self._writer = Connections(self._url, 1, "BEGIN IMMEDIATE")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection; a second call does nothing."""
        opened, self._reader, self._writer = (self._reader, self._writer), None, None
        await finished(_close(*opened))

    def read(self) -> AbstractAsyncContextManager[AsyncSession]:
        """Return a session that sees one moment of the database and changes nothing; raises DatabaseClosed."""
        return _open(self._reader).session()

    def write(self) -> AbstractAsyncContextManager[AsyncSession]:
        """Return a session that commits at its end and rolls back on an exception; raises DatabaseClosed.

        What is committed survives the death of the process and a power cut (WAL with synchronous FULL).
        """
        return _transaction(_open(self._writer))

    async def erase_traces(self) -> None:
        """Remove from the files what was deleted from the tables; call this outside of any session.

        Writes wait meanwhile: about 10 ms per megabyte. Raises DatabaseClosed, and TimeoutError when a reader
        stays too long; the next call makes up for it. On PostgreSQL this is its autovacuum's work.
        """
        await _open(self._writer).erase_traces()


def _open(connections: Connections | None) -> Connections:
    if connections is None:
        raise DatabaseClosed("the database is not open")
    return connections


async def _close(*opened: Connections | None) -> None:
    for connections in opened:
        if connections is not None:
            await connections.close()


@asynccontextmanager
async def _transaction(connections: Connections) -> AsyncIterator[AsyncSession]:
    async with connections.session() as session:
        yield session
        await session.commit()
