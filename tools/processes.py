"""Start and end the real processes: the playground and the bot."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

_HOUSE = Path(__file__).parents[1]
START_S = 300.0  # a busy machine loads the models slowly


class NotStarted(Exception):
    """Say that a process ended before it was ready; the message gives its exit code."""


@dataclass(frozen=True, slots=True)
class PlaygroundAddress:
    """Hold where a playground is, and the token that it takes."""

    url: str
    token: str


@asynccontextmanager
async def playground() -> AsyncIterator[PlaygroundAddress]:
    """Start a playground on a free port and end it afterwards."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "playground", "--port", "0", cwd=_HOUSE, stdout=asyncio.subprocess.PIPE
    )
    try:
        page, token = [await _line(process) for _ in range(2)]
        yield PlaygroundAddress(page.removeprefix("chat page: ").rstrip("/"), token.removeprefix("token: "))
    finally:
        await end(process)


@asynccontextmanager
async def bot(
    environment: Mapping[str, str], log: Path, module: str = "bot", tree: Path = _HOUSE
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start a bot with these variables, wait until it is ready, and end it; its log is appended. Raises NotStarted.

    `tree` is the checkout whose code it runs.
    """
    with (
        log.open("ab") as errors,
        tempfile.TemporaryDirectory() as folder,
    ):  # no foreign .env, no foreign files
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module),
            env={**os.environ, "PYTHONPATH": str(tree), **environment},
            cwd=folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
        )
        try:
            if await _line(process) != "ready":
                raise NotStarted(f"the bot ended with {await process.wait()}; {log.name} says why")
            yield process
        finally:
            await end(process)


async def end(process: asyncio.subprocess.Process, within_s: float = 30.0) -> None:
    """Ask a process to stop, and kill it when it does not."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), within_s)
    except TimeoutError:
        process.kill()
        await process.wait()


async def _line(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    return (await asyncio.wait_for(process.stdout.readline(), START_S)).decode().strip()
