"""The benchmark runs, with a small net in place of the full-size one; what it measures here means nothing."""

import sys
from pathlib import Path

import pytest

from benchmarks.voice import FULL, NAMES, ORIGINAL, OURS, compare, memory, report
from tests.inference import checkpoints


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkpoints.speech(tmp_path_factory.mktemp("nets") / "wavlm")


def test_all_three_read_every_length_step_by_step_and_are_compared(folder: Path) -> None:
    result = compare(folder, seconds=(1, 9), rounds=2)
    assert list(result) == ["1 s", "9 s"]
    for compared in result.values():
        steps = {name: set(ms) for name, ms in compared["steps_ms"].items()}
        assert steps[OURS] == steps[FULL] == {"decode", "quality", "model", "all"}
        assert steps[ORIGINAL] == {"decode", "prepare", "model", "all"}
        assert set(compared["times_as_fast"]) == {OURS, FULL}
        for ratios in compared["times_as_fast"].values():
            assert set(ratios) == {"decoded and read", "read"}


def result(lengths: tuple[str, ...], times: float) -> dict[str, object]:
    ms = {"median": 20.0, "p95": 25.0}
    ratio = {"median": times, "from": 3.0, "to": 9.0}
    compared = {
        "steps_ms": {name: {"decode": ms, "model": ms, "all": ms} for name in NAMES},
        "times_as_fast": {name: {"decoded and read": ratio, "read": ratio} for name in (OURS, FULL)},
    }
    return {
        "date": "2026-11-22",
        "machine": "abacus, 2 cores",
        "threads": 2,
        "commit": "0000000",
        "by_length": dict.fromkeys(lengths, compared),
        "peak_memory_mib": {name: dict.fromkeys(lengths, 512) for name in NAMES},
    }


@pytest.mark.parametrize(("times", "verdict"), [(5.9, "missed"), (6.0, "met")])
def test_the_report_says_whether_the_aim_is_met(times: float, verdict: str) -> None:
    said = report(result(("3 s", "5 s"), times))
    assert said.endswith(f"The aim of 6 times for 5 s is {verdict}.")
    assert "abacus, 2 cores, 2 threads, commit 0000000" in said
    assert said.count("512 MiB") == 6


def test_without_the_length_of_the_aim_the_report_judges_nothing() -> None:
    assert "aim" not in report(result(("3 s",), 9.0))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a process's peak")
def test_a_process_of_its_own_tells_its_peak_after_each_length(folder: Path) -> None:
    peaks = memory(ORIGINAL, folder, seconds=(4, 1))
    assert list(peaks) == ["1 s", "4 s"]
    assert 100 < peaks["1 s"] <= peaks["4 s"]
