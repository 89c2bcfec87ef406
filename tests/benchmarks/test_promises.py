"""A promise that is broken is said to be."""

from collections.abc import Sequence

import pytest

from benchmarks.promises import judge_promises

ALONE = [(100.0, 200.0)] * 3
WAITS, ORDER, MEMORY = (
    "waits for 2 readings of a flood at most",
    "replies in the order of what was sent",
    "memory of 1536 MiB at most",
)


@pytest.mark.parametrize(
    ("beside", "readings", "holds"), [(310, 0.1, True), (500, 2, True), (510, 2.1, False)]
)
def test_what_a_flood_costs_is_counted_in_readings(beside: float, readings: float, holds: bool) -> None:
    verdict = judge_promises({}, ALONE, [beside] * 3, [[1]])
    assert verdict[WAITS] == {"holds": holds, "measured": readings}
    assert MEMORY not in verdict


@pytest.mark.parametrize(
    ("answered", "holds"), [([[1, 2, 9], [3, 4]], True), ([[1, 2], [4, 3]], False), ([[], []], False)]
)
def test_replies_are_in_order_in_every_chat_where_there_are_any(
    answered: Sequence[Sequence[int]], holds: bool
) -> None:
    verdict = judge_promises({}, ALONE, [300], answered)
    assert verdict[ORDER] == {"holds": holds, "replies": sum(map(len, answered))}


@pytest.mark.parametrize(("mib", "holds"), [(1536, True), (1537, False)])
def test_memory_is_that_of_all_processes(mib: int, holds: bool) -> None:
    verdict = judge_promises({"bot": 200, "workers": mib - 200, "all": mib}, ALONE, [300], [[1]])
    assert verdict[MEMORY] == {"holds": holds, "measured": mib}
