"""Give each chat a bucket of tokens: a burst at once, then a steady rate."""

from itertools import islice

BURST, PER_SECOND = 30, 2.0  # a hundred forwarded songs, which Telegram sends at once, take 35 s
_A_FEW = 3  # so that more are forgotten than come, at little cost


class TokenBuckets:
    """Say how long each must wait for a token, exactly and without a timer, by the loop's clock.

    Kept is only when a bucket will be full again (the generic cell rate algorithm), and nothing of full ones.
    """

    def __init__(self, burst: int = BURST, per_second: float = PER_SECOND) -> None:
        self._each, self._all = 1 / per_second, burst / per_second
        self._full_at: dict[int, float] = {}

    def take(self, chat_id: int, now: float) -> float:
        """Take a token and return how many seconds it takes until it is there."""
        full_at = max(now, self._full_at.pop(chat_id, now)) + self._each
        self._full_at[chat_id] = full_at
        self._forget_full(now)
        return max(0.0, full_at - now - self._all)

    def _forget_full(self, now: float) -> None:
        """Forget buckets that are full, beginning with those that are untouched for longest."""
        for chat_id in list(islice(self._full_at, _A_FEW)):
            if self._full_at[chat_id] <= now:
                del self._full_at[chat_id]
