"""The playground's clock, which tests may move."""

import time


class Clock:
    """Tell the time of the machine plus an offset.

    Only dates and expiry follow this clock; waits take real time.
    """

    def __init__(self) -> None:
        self._offset = 0.0

    def now(self) -> float:
        """Return the seconds since 1970, moved by all calls of `advance`."""
        return time.time() + self._offset

    def advance(self, seconds: float) -> None:
        """Move the clock forward, or by negative seconds into the past."""
        self._offset += seconds

    def reset(self) -> None:
        """Return to the time of the machine."""
        self._offset = 0.0
