"""What the pool's tests run in its workers: importable there, and without any model."""

import os
import signal
import time
from pathlib import Path

from inference.errors import Code, Unreadable

PREPARING = 1.5  # seconds
_kept: list[bytes] = []


def nothing(threads: int) -> None:
    """Prepares no model."""


def doze(threads: int) -> None:
    """Prepares nothing, and takes its time."""
    time.sleep(PREPARING)


def once(notes: Path, threads: int) -> None:
    """Prepares nothing the first time and complains later; how often it was asked is the length of `notes`."""
    with notes.open("a") as file:
        file.write(".")
    if notes.stat().st_size > 1:
        raise FileNotFoundError("no second time")


def refuse(threads: int) -> None:
    """Prepares nothing but a complaint."""
    raise FileNotFoundError("no weights here")


def add(a: int, b: int) -> int:
    return a + b


def nap(seconds: float, answer: str) -> str:
    time.sleep(seconds)
    return answer


def leak(mebibytes: int) -> int:
    """Takes memory for good, and returns the process that it is taken from."""
    _kept.append(b"x" * (mebibytes * 2**20))
    return os.getpid()


def complain(code: Code) -> None:
    raise Unreadable(code)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def environment(name: str) -> str | None:
    return os.environ.get(name)


def torch_threads() -> int:
    import torch

    return torch.get_num_threads()


def take(memory: int) -> int:
    return len(bytes(memory))
