"""Ratios and medians are what they say."""

import os
import sys

import pytest

from benchmarks.measure import (
    WARM_UP,
    interleaved,
    peak_memory,
    peak_resident_mib,
    provenance,
    summary,
    times_as_fast,
)


def test_summary_is_median_and_95th_percentile() -> None:
    assert summary([float(n) for n in range(1, 100)]) == {"median": 50.0, "p95": 95.0}


def test_contestants_take_turns_and_warm_up_does_not_count() -> None:
    order: list[str] = []

    def runner(name: str) -> dict[str, float]:
        order.append(name)
        return {"step": float(len(order))}

    took = interleaved({"a": lambda: runner("a"), "b": lambda: runner("b")}, rounds=3)
    assert order == ["a", "b"] * (WARM_UP + 3)
    assert [steps["step"] for steps in took["a"]] == [5, 7, 9]
    assert all(steps["all"] > 0 for steps in took["b"])


def test_ratios_are_taken_round_by_round() -> None:
    """A round in which everything is ten times as slow changes nothing."""
    ours, theirs = [1.0, 10.0, 1.0, 1.0], [4.0, 40.0, 4.0, 4.0]
    assert times_as_fast(ours, theirs) == {"median": 4, "from": 4, "to": 4}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells")
def test_memory_of_a_process_is_known() -> None:
    own = peak_resident_mib()
    assert own > 20
    assert peak_memory(os.getpid())["bot"] >= own


def test_where_it_was_measured_is_told() -> None:
    told = provenance("torch")
    assert set(told) == {"date", "machine", "commit", "versions"}
    assert told["versions"]["torch"][0].isdigit()
