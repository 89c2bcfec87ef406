"""What the pool's tests run in its workers: importable there, and without any model."""

import os
import signal
import time

from inference.errors import Code, Unreadable


def nothing(threads: int) -> None:
    """Prepares no model."""


def refuse(threads: int) -> None:
    """Prepares nothing but a complaint."""
    raise FileNotFoundError("no weights here")


def add(a: int, b: int) -> int:
    return a + b


def nap(seconds: float, answer: str) -> str:
    time.sleep(seconds)
    return answer


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
