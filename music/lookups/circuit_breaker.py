"""Leave a service that fails alone, longer each time, until an answer comes through again."""

import time
from collections.abc import Callable

FIRST_S, LONGEST_S = 5.0, 6 * 60 * 60.0


class CircuitBreaker:
    """Say for how long a service is to be left alone.

    It is closed at first. A failure opens it for FIRST_S seconds, each further one for twice as long as the last. When
    that time is over one may try again: an answer closes it, another failure opens it for longer. It is never open for
    longer than LONGEST_S, and always for as long as the service itself asked.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Close it; `clock` is in seconds from any moment."""
        self._clock = clock
        self._failures, self._until = 0, clock()

    @property
    def open_s(self) -> float:
        """Return for how many more seconds the service is to be left alone; 0 when it may be asked."""
        return max(0.0, self._until - self._clock())

    def record_failure(self, asked_s: float = 0.0) -> None:
        """Open after a failure, for no less than the `asked_s` seconds that the service asked for."""
        pause = min(FIRST_S * 2.0 ** min(self._failures, 32), LONGEST_S)
        self._failures += 1
        self._until = self._clock() + max(pause, asked_s)

    def record_answer(self) -> None:
        """Close after an answer."""
        self._failures = 0
