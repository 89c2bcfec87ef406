"""The benchmark of many people at once: answers are matched to what was asked, and checkouts compared."""

import os
from pathlib import Path

import pytest

from benchmarks.load import Outcome, Waiting, compare, processor_seconds, report


def test_answers_of_a_kind_are_matched_in_order_within_a_chat() -> None:
    waiting = Waiting()
    waiting.ask(1, "said", 0.0)
    waiting.ask(1, "said", 1.0)
    waiting.ask(2, "said", 1.5)
    waiting.ask(1, "changed", 2.0)
    for chat_id, kind, now in [(1, "changed", 2.25), (1, "said", 3.0), (1, "said", 3.5), (2, "said", 4.0)]:
        waiting.hear(chat_id, kind, now)
    assert waiting.latencies_ms == [250.0, 3000.0, 2500.0, 2500.0]


def test_an_answer_to_nothing_is_passed_over() -> None:
    waiting = Waiting()
    waiting.hear(1, "said", 1.0)
    assert waiting.latencies_ms == []


def test_who_is_told_that_an_answer_comes_knows_from_then_on() -> None:
    waiting = Waiting()
    waiting.ask(1, "said", 0.0)
    waiting.tell(1, 1.5)
    waiting.ask(1, "said", 2.0)
    waiting.hear(1, "said", 4.0)
    waiting.hear(1, "said", 5.0)
    assert waiting.latencies_ms == [4000.0, 3000.0]
    assert waiting.untold_ms == [1500.0, 0.0]


async def test_checkouts_take_turns_and_the_ratio_is_that_of_the_same_round() -> None:
    ran = []

    async def run(tree: Path) -> Outcome:
        ran.append(tree.name)
        cost = 10.0 if tree.name == "a" else 30.0
        return Outcome(cost, 20.0, [1.0, 2.0], [1.0, 2.0])

    told = report(await compare({"this": Path("a"), "other": Path("b")}, 2, run))
    assert ran == ["a", "b", "a", "b"]
    assert told["this"]["processor_ms_per_update"] == 10.0
    assert told["times_less_processor_time"] == 3.0


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_processor_time_is_that_of_the_process() -> None:
    times = os.times()
    assert processor_seconds(os.getpid()) == pytest.approx(times.user + times.system, abs=0.2)
