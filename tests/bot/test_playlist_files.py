"""Playlist files are read in a process of their own: in time, in little memory, and without the models."""

import subprocess
import sys
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.services import Services
from bot.usecases import playlists
from inference import threads
from inference.errors import Fault
from inference.pool import DeadlineExceeded, Pool, WorkerDied, WorkerLost
from music.errors import Code, FileTooLarge, NoTracks
from music.wording import worded
from tools import samples


class Failing:
    """A parser that fails."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def run(self, *_: Any) -> None:
        raise self.error


def with_parser(parser: Any) -> Services:
    return cast(Services, SimpleNamespace(parser=parser))


@pytest.mark.parametrize(
    "error", [DeadlineExceeded(Fault.NO_ANSWER, seconds=1), WorkerDied(), MemoryError()], ids=repr
)
async def test_a_file_that_takes_too_much_is_refused_in_a_sentence(error: Exception) -> None:
    with pytest.raises(FileTooLarge) as refused:
        await playlists.read_file(with_parser(Failing(error)), "list", b"x")
    assert refused.value.problem.code is Code.FILE_TOO_COSTLY
    assert "send me a part of it" in worded(refused.value.problem)


async def test_a_parser_that_does_not_start_is_not_the_files_fault() -> None:
    error = WorkerLost(Fault.WORKER_NOT_STARTED, reason="no memory")
    with pytest.raises(WorkerLost):
        await playlists.read_file(with_parser(Failing(error)), "list", b"x")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems limit no memory")
async def test_the_next_file_is_read_after_one_that_took_too_much() -> None:
    small = Pool(1, 1, prepare=threads.limit, deadline=60.0, lazy=True, growth=2**26, memory=2**27)
    async with small as parser:
        services = with_parser(parser)
        with pytest.raises(FileTooLarge) as refused:
            await playlists.read_file(
                services, "list", b'[{"name": "' + b"x" * 45_000_000 + "☃😀".encode() + b'"}]'
            )
        assert refused.value.problem.code is Code.FILE_TOO_COSTLY
        with pytest.raises(NoTracks):
            await playlists.read_file(services, "list", b"title,artist\n")
        assert (await playlists.read_file(services, samples.PLAYLIST_NAME, samples.playlist())).tracks


def test_the_process_that_reads_files_loads_neither_models_nor_the_database() -> None:
    seen = "import sys, inference.worker, bot.usecases.playlist_preparation; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", seen], capture_output=True, check=True, text=True).stdout
    assert not {"torch", "scipy", "sqlalchemy", "alembic", "telegram"} & set(modules.split())
