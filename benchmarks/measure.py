"""Measure times as medians and as ratios, and memory, and say where: what the benchmarks share."""

import os
import platform
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

Steps = dict[str, float]  # milliseconds by the name of the step
WARM_UP = 2  # rounds that do not count


def summary(ms: Sequence[float]) -> dict[str, float]:
    """Return the median and the 95th percentile."""
    return {"median": round(statistics.median(ms), 1), "p95": round(statistics.quantiles(ms, n=20)[-1], 1)}


def milliseconds_since(begin: float) -> float:
    """Return the milliseconds from what `time.perf_counter` said then until now."""
    return (time.perf_counter() - begin) * 1000


def interleaved(contestants: Mapping[str, Callable[[], Steps]], rounds: int) -> dict[str, list[Steps]]:
    """Run all in turns and return each one's steps and their sum as `all`, round by round.

    They take turns, so that whatever else the machine does meets all of them.
    """
    took: dict[str, list[Steps]] = {name: [] for name in contestants}
    for n in range(WARM_UP + rounds):
        for name, run in contestants.items():
            begin = time.perf_counter()
            steps = run()
            if n >= WARM_UP:
                took[name].append({**steps, "all": milliseconds_since(begin)})
    return took


def by_step(rounds: Sequence[Steps]) -> dict[str, dict[str, float]]:
    """Return the summary of each step over all rounds."""
    return {step: summary([steps[step] for steps in rounds]) for step in rounds[0]}


def quiet_transformers() -> Any:
    """Import the library transformers, without its progress bars, only when it is asked for."""
    import transformers

    transformers.logging.disable_progress_bar()
    return transformers


def times_as_fast(ours: Sequence[float], theirs: Sequence[float]) -> dict[str, float]:
    """Return theirs over ours of the same round: the median, and the values between which the middle half lies."""
    low, middle, high = statistics.quantiles((b / a for a, b in zip(ours, theirs, strict=True)), n=4)
    return {"median": round(middle, 2), "from": round(low, 2), "to": round(high, 2)}


def provenance(*libraries: str) -> dict[str, Any]:
    """Return date, machine, commit, and the versions of the libraries that matter."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "commit": _commit(),
        "versions": {name: version(name) for name in libraries},
    }


def _processor() -> str:
    """Return the processor's name where Linux tells it, else its kind."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.is_file() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _commit() -> str:
    """Return the checkout's commit, with `-dirty` when files differ from it; `unknown` without git."""
    git = shutil.which("git") or "git"
    try:
        told = subprocess.run(
            [git, "describe", "--always", "--dirty", "--exclude", "*"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return told.stdout.strip()


def peak_resident_mib(pid: int | str = "self") -> int:
    """Return the peak resident MiB of a process (Linux only, elsewhere 0)."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.is_file() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), 0)


def peak_memory(pid: int) -> dict[str, int]:
    """Return the peak resident MiB of the bot and of its worker processes, together under `all` (Linux only)."""
    if not Path("/proc").is_dir():
        return {}
    peaks = {p: peak_resident_mib(p) for p in (pid, *_descendants(pid))}
    return {"bot": peaks[pid], "workers": sum(peaks.values()) - peaks[pid], "all": sum(peaks.values())}


def _descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [d for child in map(int, children) for d in (child, *_descendants(child))]
