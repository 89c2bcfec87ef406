"""Let aiosqlite run a whole statement in one visit to its thread.

SQLAlchemy asks it for a cursor, for the statement's execution, for the rows and for the cursor's end, and before the
first one for the beginning of a transaction. Each is a visit of its own, and visits cost more than what most
statements do there. SQLAlchemy takes such a connection by `async_creator_fn`.
"""

import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import aiosqlite

_FIRST = 1000  # rows that come with the statement; a stream fetches the others when they are wanted


class Connection(aiosqlite.Connection):
    """Begin a transaction with its first statement, and end none that was not begun."""

    _begin: str | None = None

    def begin_with(self, begin: str) -> None:
        """Have the next statement begin a transaction in this way."""
        self._begin = begin

    def cursor(self) -> "Cursor":  # type: ignore[override]  # one that is opened by its statement
        """Return a cursor that opens when a statement is executed."""
        return Cursor(self)

    async def commit(self) -> None:
        """Commit what was begun."""
        await self._end(super().commit)

    async def rollback(self) -> None:
        """Roll back what was begun."""
        await self._end(super().rollback)

    async def _end(self, end: Callable[[], Any]) -> None:
        self._begin = None
        if self.in_transaction:
            await end()

    def opened(self) -> sqlite3.Cursor:
        """Return a cursor in a transaction; only for the driver's thread."""
        if begin := self._begin:
            self._conn.execute(begin)
            self._begin = None
        return self._conn.cursor()

    async def visit(self, work: Callable[[], Any]) -> Any:
        """Run something in the driver's thread."""
        run: Callable[..., Any] = self._execute
        return await run(work)


class Cursor:
    """Stand for aiosqlite's cursor; a statement's first rows come with it, and it closes itself after its last."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = deque[Any]()
        self._rest: sqlite3.Cursor | None = None
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> "Cursor":
        return self

    async def execute(self, sql: str, parameters: Any = ()) -> "Cursor":
        """Run a statement and fetch its first rows."""
        await self._connection.visit(partial(self._run, "execute", sql, parameters))
        return self

    async def executemany(self, sql: str, parameters: Any) -> "Cursor":
        """Run a statement with many sets of parameters."""
        await self._connection.visit(partial(self._run, "executemany", sql, parameters))
        return self

    def _run(self, how: str, sql: str, parameters: Any) -> None:
        cursor = self._connection.opened()
        getattr(cursor, how)(sql, parameters)
        self.description = cursor.description
        rows = cursor.fetchmany(_FIRST) if self.description else []
        self._rows.extend(rows)
        # What RETURNING changes is counted only once its rows were fetched.
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        if len(rows) == _FIRST:
            self._rest = cursor
        else:
            cursor.close()

    async def fetchone(self) -> Any:
        """Return the next row, None after the last."""
        return next(iter(await self.fetchmany(1)), None)

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return up to so many of the next rows."""
        wanted = size or self.arraysize
        if self._rest and len(self._rows) < wanted:
            more = await self._connection.visit(partial(self._rest.fetchmany, max(wanted, _FIRST)))
            self._rows.extend(more)
        return [self._rows.popleft() for _ in range(min(wanted, len(self._rows)))]

    async def fetchall(self) -> list[Any]:
        """Return all rows that are left."""
        rest = await self._connection.visit(self._rest.fetchall) if self._rest else []
        rows, self._rows = [*self._rows, *rest], deque()
        return rows

    async def __aiter__(self) -> AsyncIterator[Any]:
        """Yield the rows one after the other."""
        while (row := await self.fetchone()) is not None:
            yield row

    async def close(self) -> None:
        """Let go of rows that nobody fetched."""
        rest, self._rest = self._rest, None
        if rest:
            await self._connection.visit(rest.close)


def connect(database: str, **options: Any) -> Connection:
    """Return a connection to a file, to be awaited; the options are those of sqlite3.connect."""
    connection = Connection(partial(sqlite3.connect, database, **options), iter_chunk_size=_FIRST)
    connection._thread.daemon = True  # as SQLAlchemy has it, so that a forgotten one keeps no process alive
    return connection
