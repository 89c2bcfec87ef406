"""Of two bots with one database or one token, the newcomer leaves and the older one goes on."""

import asyncio
import sys
from pathlib import Path
from typing import Any, cast

import pytest
from telegram.error import Conflict, NetworkError, TelegramError

from bot.tasks.stop import Stop
from bot.updates.polling import PollingErrors
from storage.instance import AlreadyOpen, only_instance


class Stopped:
    """Hears why a bot gives up."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    def because(self, reason: str) -> None:
        self.reasons.append(reason)


@pytest.mark.parametrize(
    ("error", "newcomer_s", "leaves"),
    [(Conflict("x"), 60, True), (Conflict("x"), 0, False), (NetworkError("x"), 60, False)],
)
def test_the_newcomer_leaves_and_who_was_there_first_goes_on(
    error: TelegramError, newcomer_s: float, leaves: bool
) -> None:
    stop = Stopped()
    PollingErrors(cast(Stop, cast(Any, stop)), newcomer_s)(error)
    assert bool(stop.reasons) == leaves


HOLD = """
import asyncio, sys
from storage.instance import only_instance

async def hold():
    async with only_instance(sys.argv[1]):
        print("held", flush=True)
        await asyncio.sleep(60)

asyncio.run(hold())
"""


async def test_a_database_is_held_until_its_process_dies_however_it_does(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'attune.db'}"
    first = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLD, url, stdout=asyncio.subprocess.PIPE
    )
    assert first.stdout is not None
    assert await first.stdout.readline() == b"held\n"
    with pytest.raises(AlreadyOpen):
        async with only_instance(url, patience_s=0.1):
            pass
    first.kill()
    await first.communicate()
    async with only_instance(url):
        pass


async def test_a_database_server_is_not_locked_here() -> None:
    server = "postgresql+asyncpg://host/attune"
    async with only_instance(server), only_instance(server, patience_s=0.1):
        pass
