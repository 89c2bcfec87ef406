"""A burst at once, then a steady rate; nothing is kept of who is quiet."""

from bot.updates.token_buckets import TokenBuckets


def test_a_burst_is_free_and_then_tokens_come_at_the_rate() -> None:
    buckets = TokenBuckets(burst=3, per_second=2)
    assert [buckets.take(1, now=10.0) for _ in range(6)] == [0, 0, 0, 0.5, 1.0, 1.5]


def test_a_bucket_fills_while_its_chat_is_quiet_and_never_holds_more_than_a_burst() -> None:
    buckets = TokenBuckets(burst=3, per_second=2)
    for _ in range(3):
        buckets.take(1, now=10.0)
    assert [buckets.take(1, now=11.0) for _ in range(3)] == [0, 0, 0.5]
    assert [buckets.take(1, now=99.0) for _ in range(4)] == [0, 0, 0, 0.5]


def test_one_chat_takes_nothing_from_another() -> None:
    buckets = TokenBuckets(burst=1, per_second=1)
    assert buckets.take(1, now=5.0) == 0
    assert buckets.take(1, now=5.0) == 1
    assert buckets.take(2, now=5.0) == 0


def test_nothing_is_kept_of_chats_whose_bucket_is_full() -> None:
    buckets = TokenBuckets(burst=1, per_second=1)
    for chat_id in range(100):
        buckets.take(chat_id, now=float(chat_id))
    assert len(buckets._full_at) <= 2
