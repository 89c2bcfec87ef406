"""A real database file for each test."""

import functools
import tempfile
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncSession

from storage import Database, inbox, people
from storage.migrations import migrate

PERSON = 7_123_456_789
STRANGER = 8_000_000_001


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/attune.db"


@functools.cache
def migrated() -> bytes:
    """An empty database file: migrating once instead of for each test saves most of the time."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "empty.db")
        migrate(URL.create("sqlite+aiosqlite", database=str(path)))
        return path.read_bytes()


@pytest.fixture
async def db(url: str, tmp_path: Path) -> AsyncIterator[Database]:
    (tmp_path / "attune.db").write_bytes(migrated())
    async with Database(url) as database:
        yield database


@pytest.fixture
async def s(db: Database) -> AsyncIterator[AsyncSession]:
    """A write session in which a person and a stranger exist."""
    async with db.write() as session:
        await people.get_or_create(session, PERSON, PERSON, "en")
        await people.get_or_create(session, STRANGER, STRANGER, None)
        yield session


async def pending(db: Database) -> list[int]:
    """The updates that a new reader sees waiting."""
    async with db.read() as session:
        return [item.update_id for item in await inbox.pending(session)]


def threads_end(before: set[threading.Thread]) -> None:
    """Every thread that began since then ends; asyncio's own pool, in which opening runs, may have grown."""
    for thread in set(threading.enumerate()) - before:
        if not thread.name.startswith("asyncio_"):
            thread.join(timeout=60)
            assert not thread.is_alive()
