"""The benchmark runs, with small nets in place of the full-size ones; what it measures here means nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.face import FULL, NAMES, ONCE, OURS, PER_CALL, compare, report
from tests.inference import checkpoints


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("nets")
    checkpoints.timm_vit(made / "timm")
    checkpoints.swin(made / "transformers")
    return made


def test_all_four_are_timed_step_by_step_and_compared(folder: Path) -> None:
    result = compare(folder, rounds=2)
    steps = {name: set(result["steps_ms"][name]) for name in NAMES}
    assert steps[OURS] == steps[FULL] == {"decode", "find", "quality", "model", "all"}
    assert steps[ONCE] == steps[PER_CALL] == {"load", "decode", "prepare", "model", "all"}
    for name in NAMES:
        medians = {step: ms["median"] for step, ms in result["steps_ms"][name].items()}
        assert medians.pop("all") >= max(medians.values())
    loading = {name: result["steps_ms"][name]["load"]["median"] for name in (ONCE, PER_CALL)}
    assert loading[PER_CALL] > 10 * loading[ONCE]
    assert set(result["times_as_fast"]) == {OURS, FULL}
    assert set(result["times_as_fast"][OURS]) == {ONCE, PER_CALL}


@pytest.mark.parametrize(("times", "verdict"), [(3.9, "missed"), (4.0, "met")])
def test_the_report_says_whether_the_aim_is_met(times: float, verdict: str) -> None:
    ms = {"median": 20.0, "p95": 25.0}
    result = {
        "date": "2026-11-22",
        "machine": "abacus, 2 cores",
        "threads": 2,
        "commit": "0000000",
        "steps_ms": {name: {"model": ms, "all": ms} for name in NAMES},
        "times_as_fast": {OURS: {ONCE: {"median": times, "from": 3.0, "to": 5.0}}},
        "peak_memory_mib": dict.fromkeys(NAMES, 500),
    }
    assert report(result).endswith(f"The aim of 4 times is {verdict}.")
    assert "abacus, 2 cores, 2 threads, commit 0000000" in report(result)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a process's peak")
def test_a_process_of_its_own_tells_its_peak_and_nothing_else(folder: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.face", "--memory-of", OURS, "--folder", str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert int(told.stdout) > 100
