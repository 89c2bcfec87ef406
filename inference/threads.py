"""Set how many cores the models take, and how their threads wait for each other."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


def limit(threads: int | None = None) -> None:
    """Take this many cores (None: all); only of use before torch and the face finder are imported.

    Both compute with OpenMP, whose threads by default wait in a busy loop. On cores that others use too, each then
    waits for a thread that it keeps from running: a face took 2 s instead of 70 ms beside two busy processes.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if threads:
        os.environ["OMP_NUM_THREADS"] = str(threads)


@contextmanager
def single_threaded() -> Iterator[None]:
    """Compute on the calling thread only; where each step of a net takes microseconds, sharing it costs more."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
