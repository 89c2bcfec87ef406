"""The playground's clock, which tests may move."""

import time


class Clock:
    """Unix time plus an offset. Only dates and expiry follow it; waits are real."""

    def __init__(self) -> None:
        self._offset = 0.0

    def now(self) -> float:
        """Seconds since 1970, moved by all `advance` calls."""
        return time.time() + self._offset

    def advance(self, seconds: float) -> None:
        """Moves the clock; negative seconds move it into the past."""
        self._offset += seconds

    def reset(self) -> None:
        """Back to the time of the machine."""
        self._offset = 0.0
