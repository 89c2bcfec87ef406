"""Measure how long the steps of a reading take."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stopwatch:
    """Collect how long named steps took, in milliseconds."""

    def __init__(self) -> None:
        self.ms: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time what happens inside the `with` block, and add it to what that step took before."""
        start = time.perf_counter()
        yield
        self.ms[name] = round(self.ms.get(name, 0.0) + (time.perf_counter() - start) * 1000, 2)
