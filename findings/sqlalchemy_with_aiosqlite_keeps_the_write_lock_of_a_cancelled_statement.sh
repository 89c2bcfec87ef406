#!/usr/bin/env bash
# SQLAlchemy 2.1.9 with aiosqlite 0.22.1 and greenlet 3.5.6.
#
# A task runs an INSERT with RETURNING and is cancelled while the statement runs. Its connection is closed, and the `async
# with` block has ended; yet nobody else can write: "database is locked". It stays so until Python's garbage collector
# frees what is left of the cancelled statement.
#
# Why that is a surprise: leaving `engine.begin()` by an exception is documented to roll back the transaction.
#
# Seen in 2026-11, with Python 3.11 on Linux:
#
#     cancelled before the statement: the next write succeeds
#     cancelled inside the statement: database is locked
#     after a garbage collection: the next write succeeds
#
# Exits with 0 while it is so, and with 1 once a cancelled statement leaves no lock behind.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    'SQLAlchemy[asyncio]==2.1.9' aiosqlite==0.22.1 greenlet==3.5.6
"$folder/venv/bin/python" -I - "$folder/test.db" <<'PY' | tee "$folder/seen"
import asyncio, gc, sys
from sqlalchemy import exc, text
from sqlalchemy.ext.asyncio import create_async_engine

MANY = "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n WHERE x < 100000)"

async def write(engine, statement):
    async with engine.begin() as connection:
        await connection.execute(text(statement))

async def next_write(engine):
    try:
        await write(engine, "INSERT INTO t VALUES (0)")
    except exc.OperationalError as error:
        return str(error.orig)
    return "the next write succeeds"

async def cancelled_after(engine, seconds):
    task = asyncio.create_task(write(engine, f"INSERT INTO t {MANY} SELECT x FROM n RETURNING x"))
    await asyncio.sleep(seconds)
    task.cancel()
    await asyncio.wait([task])
    return await next_write(engine)

async def main():
    gc.disable()  # it would end the surprise at a time of its own
    engine = create_async_engine(f"sqlite+aiosqlite:///{sys.argv[1]}", connect_args={"timeout": 1})
    await write(engine, "CREATE TABLE t (x INTEGER)")
    print("cancelled before the statement:", await cancelled_after(engine, 0))
    print("cancelled inside the statement:", await cancelled_after(engine, 0.02))
    gc.collect()
    print("after a garbage collection:", await next_write(engine))
    await engine.dispose()

asyncio.run(main())
PY
cmp --quiet - "$folder/seen" <<'TXT'
cancelled before the statement: the next write succeeds
cancelled inside the statement: database is locked
after a garbage collection: the next write succeeds
TXT
