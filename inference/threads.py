"""How many cores the models take, and how their threads wait for each other."""

import os


def limit(threads: int | None = None) -> None:
    """Take this many cores (None: all). Only of use before torch and the face finder are imported.

    Both compute with OpenMP, whose threads by default wait in a busy loop. On cores that others use too, each then
    waits for a thread that it keeps from running: a face took 2 s instead of 70 ms beside two busy processes.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if threads:
        os.environ["OMP_NUM_THREADS"] = str(threads)
