"""Do what only SQLite needs: pragmas, how transactions begin, erasing; PostgreSQL needs none of it."""

import sqlite3
import time
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.ext.asyncio import AsyncEngine

from storage import driver

PATIENCE = 5.0  # s: another process (a backup, a second start) may hold the lock for a moment
PRAGMAS = (
    f"busy_timeout = {PATIENCE * 1000:.0f}",
    "synchronous = FULL",  # a commit survives a power cut too; NORMAL: only the death of the process
    "foreign_keys = ON",
    "secure_delete = ON",  # what is deleted is overwritten with zeros
    "temp_store = MEMORY",  # VACUUM copies everything: never to a file of its own
)


def prepare(engine: Engine, begin: str, *more: str) -> None:
    """Make an SQLite engine begin its transactions with `begin` and set PRAGMAS and `more`.

    An engine of another database is left as it is.
    """
    if engine.dialect.name != "sqlite":
        return

    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # else the driver begins transactions in its own way
        cursor = connection.cursor()
        _switch_to_wal(cursor)
        for pragma in (*PRAGMAS, *more):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begun(connection: Connection) -> None:
        outside = connection.connection.driver_connection
        if isinstance(outside, driver.Connection):
            outside.begin_with(begin)
        else:
            connection.exec_driver_sql(begin)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)


def _switch_to_wal(cursor: Any) -> None:
    """Keep changes in a write-ahead log: readers and the writer do not wait for each other then.

    The file remembers it, so only who opens it first (in a thread, to migrate) can meet another who does the
    same. SQLite fails at once here, without the busy timeout.
    """
    last_try = time.monotonic() + PATIENCE
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > last_try:
                raise
            time.sleep(0.01)
        else:
            return


async def erase_traces(engine: AsyncEngine) -> None:
    """Rebuild the file and empty the write-ahead log.

    Raises TimeoutError when a reader stays longer than the busy timeout. secure_delete alone is not enough: where a
    page of the tree was split, stale copies of rows stay in it.
    """
    if engine.dialect.name != "sqlite":
        return
    async with engine.connect() as connection:
        # The driver's own connection, because neither statement runs inside a transaction.
        outside: Any = (await connection.get_raw_connection()).driver_connection
        await outside.execute_fetchall("VACUUM")
        ((busy, *_),) = await outside.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
    if busy:
        raise TimeoutError("readers kept the write-ahead log from being emptied")
