"""Tell whether the time of something grows with the length of what it gets alone."""

import time
from collections.abc import Callable

SHORT, TIMES = 2_000, 16
# A square would take TIMES times as much again, 256 times as long.
_FACTOR = 4.0 * TIMES
_NOISE = 0.02  # seconds of processor time that a busy machine may add


def grows_faster(work: Callable[[int], object], short: int = SHORT) -> bool:
    """Tell whether `work` takes much more than TIMES the time for TIMES the length; both are told the length."""
    allowed = _FACTOR * min(_seconds(work, short) for _ in range(3)) + _NOISE
    return all(_seconds(work, TIMES * short) > allowed for _ in range(3))  # three, but one of a linear work


def _seconds(work: Callable[[int], object], length: int) -> float:
    begin = time.process_time()
    work(length)
    return time.process_time() - begin
