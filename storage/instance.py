"""Let one process alone work on a database file."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from filelock import FileLock, Timeout
from sqlalchemy import make_url

_PATIENCE_S = 15.0  # the process before may still be ending


class AlreadyOpen(Exception):
    """Say that another process works on the database."""


@asynccontextmanager
async def only_instance(url: str, patience_s: float = _PATIENCE_S) -> AsyncIterator[None]:
    """Hold the database inside; raises AlreadyOpen where another process keeps it for longer than `patience_s`.

    The operating system gives the lock back when a process dies, however it does. Only SQLite has a file to lock.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        yield
        return
    lock = FileLock(f"{parsed.database}.lock", thread_local=False)
    try:
        await asyncio.to_thread(lock.acquire, timeout=patience_s)
    except Timeout as error:
        raise AlreadyOpen from error
    try:
        yield
    finally:
        lock.release()
