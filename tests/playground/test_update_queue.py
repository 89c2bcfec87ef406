"""The queue of updates: offsets, lifetimes, redelivery."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from playground.state.update_queue import UpdateQueue, expiry

_FOREVER = 1e12


def queue_of(number: int) -> UpdateQueue:
    queue = UpdateQueue(first_id=100)
    for n in range(number):
        queue.add({"message": n}, _FOREVER)
    return queue


def ids(batch: list[dict[str, Any]]) -> list[int]:
    return [update["update_id"] for update in batch]


@given(number=st.integers(0, 20), offset=st.integers(-30, 140), limit=st.integers(1, 100))
def test_one_poll_answers_and_forgets_what_its_offset_says(number: int, offset: int, limit: int) -> None:
    queue = queue_of(number)
    tail = 100 + number
    if offset < 0:
        kept = list(range(max(100, tail + offset), tail))
    elif offset > tail + 10:
        kept = list(range(100, tail))
    else:
        kept = [i for i in range(100, tail) if i >= offset]

    assert ids(queue.take(offset, limit, now=0)) == kept[:limit]
    assert ids(queue.take(0, 100, now=0)) == kept
    assert queue.pending_count(now=0) == len(kept)


class Polling(RuleBasedStateMachine):
    """A bot that polls with the offset after the last update it saw loses nothing and sees nothing twice."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = UpdateQueue(first_id=7)
        self.sent: list[int] = []
        self.seen: list[int] = []
        self.offset = 0

    @rule(number=st.integers(1, 5))
    def arrive(self, number: int) -> None:
        self.sent += [self.queue.add({"message": n}, _FOREVER) for n in range(number)]

    @rule(limit=st.integers(1, 4))
    def poll(self, limit: int) -> None:
        batch = ids(self.queue.take(self.offset, limit, now=0))
        self.seen += batch
        self.offset = batch[-1] + 1 if batch else self.offset

    @rule(limit=st.integers(1, 4))
    def poll_and_lose_the_answer(self, limit: int) -> None:
        self.queue.take(self.offset, limit, now=0)

    @invariant()
    def in_order_and_once(self) -> None:
        assert self.seen == self.sent[: len(self.seen)]

    @invariant()
    def the_rest_waits(self) -> None:
        waiting = [i for i in self.sent if i >= self.offset]
        assert self.queue.has_any(self.offset, now=0) == bool(waiting)


TestPolling = Polling.TestCase


@pytest.mark.parametrize(
    ("kind", "payload", "expected"),
    [
        ("callback_query", {"id": "1"}, 1150),
        ("inline_query", {"id": "1"}, 1030),
        ("chosen_inline_result", {}, 1600),
        ("message", {"message_id": 1, "date": 400}, 400 + 86400),
        ("edited_message", {"message_id": 1, "date": 400, "edit_date": 500}, 500 + 86400),
        ("my_chat_member", {"date": 400}, 1000 + 86400),
    ],
)
def test_lifetimes_by_kind(kind: str, payload: dict[str, Any], expected: float) -> None:
    assert expiry(kind, payload, now=1000) == expected


def test_an_expired_update_is_gone() -> None:
    queue = UpdateQueue(first_id=1)
    queue.add({"callback_query": {}}, expires_at=150)
    queue.add({"message": {}}, expires_at=500)

    assert queue.pending_count(now=151) == 1
    assert ids(queue.take(0, 100, now=151)) == [2]


def test_an_update_can_come_again_after_it_was_confirmed() -> None:
    queue = queue_of(3)
    queue.take(103, 100, now=0)
    queue.redeliver(101)

    assert ids(queue.take(103, 100, now=0)) == [101]
    assert queue.take(103, 100, now=0) == []


def test_an_update_that_still_waits_does_not_come_twice_in_one_answer() -> None:
    queue = queue_of(2)
    queue.redeliver(100)

    assert ids(queue.take(0, 100, now=0)) == [100, 101]


def test_only_known_updates_come_again() -> None:
    with pytest.raises(KeyError):
        queue_of(1).redeliver(5)


def test_a_given_identifier_that_lies_ahead_moves_the_tail() -> None:
    queue = queue_of(1)
    queue.add({"message": "far"}, _FOREVER, update_id=200)

    assert queue.add({"message": "next"}, _FOREVER) == 201
    assert ids(queue.take(0, 100, now=0)) == [100, 200, 201]
