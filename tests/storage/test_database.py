"""The database as a resource: opening, closing, transactions, concurrency, sudden death."""

import asyncio
import signal
import sqlite3
import sys
import threading
from asyncio.subprocess import PIPE
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from storage import Database, DatabaseClosed, inbox, people
from tests.storage.conftest import pending, threads_end


async def test_use_before_opening_and_after_closing_raises_a_named_error(url: str) -> None:
    db = Database(url)
    with pytest.raises(DatabaseClosed):
        db.read()
    async with db:
        pass
    with pytest.raises(DatabaseClosed):
        db.read()
    with pytest.raises(DatabaseClosed):
        db.write()
    with pytest.raises(DatabaseClosed):
        await db.erase_traces()


async def test_closing_twice_is_harmless(url: str) -> None:
    async with Database(url) as db:
        await db.close()
        await db.close()


def test_a_database_in_memory_is_refused() -> None:
    with pytest.raises(ValueError, match="file"):
        Database("sqlite+aiosqlite://")


async def test_folders_are_made_and_nobody_else_may_read_the_files(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "attune.db"
    async with Database(f"sqlite+aiosqlite:///{path}") as db, db.write() as s:
        await inbox.add(s, 1, None, None, {})
        files = list(path.parent.iterdir())
        assert {file.suffix for file in files} == {".db", ".db-wal", ".db-shm"}
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


async def test_a_write_commits_at_its_end_and_rolls_back_on_an_exception(db: Database) -> None:
    async with db.write() as s:
        await inbox.add(s, 1, None, None, {})
    with pytest.raises(LookupError):
        async with db.write() as s:
            await inbox.add(s, 2, None, None, {})
            raise LookupError
    assert await pending(db) == [1]


async def test_a_read_session_cannot_write(db: Database) -> None:
    async with db.read() as s:
        with pytest.raises(OperationalError, match="readonly"):
            await inbox.add(s, 1, None, None, {})


async def test_foreign_keys_are_enforced(db: Database) -> None:
    with pytest.raises(IntegrityError):
        async with db.write() as s:
            await people.give_consent(s, 404, "1")


async def test_a_reader_sees_one_moment_while_a_write_goes_on(db: Database) -> None:
    async with asyncio.timeout(60), db.read() as reader:
        assert await inbox.pending(reader) == []
        async with db.write() as s:
            await inbox.add(s, 1, None, None, {})
            assert await pending(db) == []
        assert await inbox.pending(reader) == []
    assert await pending(db) == [1]


async def test_twenty_writers_and_twenty_readers_at_once(url: str) -> None:
    """Two Databases on one file stand for two processes; each write reads first, as handlers do."""

    async def count_up(db: Database) -> None:
        async with db.write() as s:
            (item,) = await inbox.pending(s)
            await asyncio.sleep(0)
            assert await inbox.pending(s) == [item]
            await inbox.begin(s, 1)

    async def look(db: Database) -> None:
        assert await pending(db) == [1]

    async with asyncio.timeout(60), Database(url) as one, Database(url) as two:
        async with one.write() as s:
            await inbox.add(s, 1, None, None, {})
        async with asyncio.TaskGroup() as tasks:
            for db in [one, two] * 10:
                tasks.create_task(count_up(db))
                tasks.create_task(look(db))
        async with two.read() as s:
            assert [item.attempts for item in await inbox.pending(s)] == [20]


async def test_two_processes_may_start_on_a_fresh_file_at_once(url: str) -> None:
    one, two = Database(url), Database(url)
    async with asyncio.timeout(60):
        await asyncio.gather(one.__aenter__(), two.__aenter__())
        assert await pending(one) == await pending(two) == []
        await asyncio.gather(one.close(), two.close())


async def test_opening_a_fresh_file_waits_for_who_writes_it(url: str, tmp_path: Path) -> None:
    """SQLite itself does not wait where it switches to a write-ahead log."""
    with closing(sqlite3.connect(tmp_path / "attune.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        db = Database(url)
        opening = asyncio.create_task(db.__aenter__())
        await asyncio.sleep(0.5)
        assert not opening.done()
    async with asyncio.timeout(60):
        await opening
        assert await pending(db) == []
        await db.close()


async def test_fifty_opens_leak_no_files_and_no_threads(url: str) -> None:
    async def open_and_use() -> None:
        async with Database(url) as db:
            async with db.write() as s:
                await inbox.pending(s)
            await asyncio.gather(pending(db), pending(db))

    await open_and_use()
    files, threads = _files(), set(threading.enumerate())
    for _ in range(50):
        await open_and_use()
    threads_end(threads)
    assert _files() <= files


def _files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


VICTIM = """
import asyncio, sys
from storage import Database, inbox

async def main():
    async with Database(sys.argv[1]) as db:
        async with db.write() as s:
            await inbox.add(s, 1, 5, 5, {"text": "committed"})
        async with db.write() as s:
            await inbox.add(s, 2, 5, 5, {"text": "not committed"})
            print("now", flush=True)
            await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_what_was_committed_survives_kill_9(url: str) -> None:
    async with asyncio.timeout(60):
        child = await asyncio.create_subprocess_exec(sys.executable, "-c", VICTIM, url, stdout=PIPE)
        assert child.stdout is not None
        assert await child.stdout.readline() == b"now\n"
        child.send_signal(signal.SIGKILL)
        assert await child.wait() == -signal.SIGKILL
    async with Database(url) as db, db.read() as s:
        (item,) = await inbox.pending(s)
        assert (item.update_id, item.payload) == (1, {"text": "committed"})
        assert await s.scalar(text("PRAGMA integrity_check")) == "ok"


async def test_erasing_waits_for_a_reader_and_says_when_it_cannot(db: Database) -> None:
    async with db.write() as s:
        await inbox.add(s, 1, None, None, {})
    async with asyncio.timeout(60):
        async with db.read() as s:
            await inbox.pending(s)
            erasing = asyncio.create_task(db.erase_traces())
            await asyncio.sleep(0.2)
            assert not erasing.done()
        await erasing
        async with db.write() as s:
            await s.execute(text("PRAGMA busy_timeout = 20"))
        async with db.read() as s:
            await inbox.pending(s)
            with pytest.raises(TimeoutError):
                await db.erase_traces()
