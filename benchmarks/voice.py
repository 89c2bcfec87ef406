"""Time the reading of voice notes, ours against the original system's way: `python -m benchmarks.voice`.

Three read the same Ogg/Opus notes of 3, 5, 15 and 60 s in turns, in one process and with the same threads:

- ours: read by the bundled net;
- ours, full size: the same, but with a WavLM of the base size as VOICE_MODEL, INT8 allowed (today it stays fp32);
- original: the same WavLM as transformers runs it, eager and in fp32, on the whole sound at once, loaded once.

The original system names this net but holds no code that reads a voice, so its sound is decoded as ours is. The
full-size net has random weights, which take as long as trained ones. Memory is the peak of a process of its own for
each, with all that it imports, after each length.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measure import (
    Steps,
    by_step,
    interleaved,
    peak_resident_mib,
    provenance,
    quiet_transformers,
    times_as_fast,
)
from domain import EMOTIONS
from domain.readings import Modality
from inference import threads
from inference.clock import Stopwatch
from tools.samples import voice_note

OURS, FULL, ORIGINAL = "ours", "ours, full size", "original"
NAMES = (OURS, FULL, ORIGINAL)
SECONDS = (3.0, 5.0, 15.0, 60.0)
AIM, AIM_SECONDS = 6, 5.0  # times as fast as the original's way, decoding included, for a note of that length
_VOICE: tuple[Modality, ...] = ("voice",)

Read = Callable[[bytes], Steps]

# Each imports torch only when it is made: the number of threads is settled before.


def save_checkpoint(folder: Path) -> None:
    """Save the full-size net as transformers does, with random weights."""
    hub = quiet_transformers()
    config = hub.WavLMConfig(id2label=dict(enumerate(EMOTIONS)))  # its defaults are WavLM-base's
    hub.WavLMForSequenceClassification(config).save_pretrained(folder)
    hub.Wav2Vec2FeatureExtractor().save_pretrained(folder)


def reader(name: str, folder: Path) -> Read:
    """Return what reads a note and says how long its steps took; it has loaded what it keeps."""
    return _original(folder) if name == ORIGINAL else _ours(folder if name == FULL else None)


def _ours(checkpoint: Path | None) -> Read:
    from inference.engine import Engine

    engine = Engine(modalities=_VOICE, checkpoints={"voice": checkpoint} if checkpoint else {}, int8=True)
    return lambda note: dict(engine.read("voice", note).ms)


def _original(folder: Path) -> Read:
    import torch

    from inference.voice.decode import RATE, decode

    hub = quiet_transformers()
    net = hub.WavLMForSequenceClassification.from_pretrained(folder).eval()
    extractor = hub.AutoFeatureExtractor.from_pretrained(folder)

    @torch.inference_mode()
    def read(note: bytes) -> Steps:
        watch = Stopwatch()
        with watch.step("decode"):
            sound = decode(note)
        with watch.step("prepare"):
            inputs = extractor(sound, sampling_rate=RATE, return_tensors="pt")
        with watch.step("model"):
            net(**inputs).logits.softmax(1)
        return dict(watch.ms)

    return read


def compare(folder: Path, seconds: Sequence[float], rounds: int) -> dict[str, Any]:
    """Measure by length the milliseconds of each one's steps, and how many times as fast as the original ours are."""
    readers = {name: reader(name, folder) for name in NAMES}
    return {_label(s): _compared(readers, voice_note(s), rounds) for s in seconds}


def _label(seconds: float) -> str:
    return f"{seconds:g} s"


def _compared(readers: Mapping[str, Read], note: bytes, rounds: int) -> dict[str, Any]:
    took = interleaved({name: partial(read, note) for name, read in readers.items()}, rounds)
    whole = {name: [steps["all"] for steps in took[name]] for name in took}
    read = {name: [steps["all"] - steps["decode"] for steps in took[name]] for name in took}
    ratios = {
        ours: {
            "decoded and read": times_as_fast(whole[ours], whole[ORIGINAL]),
            "read": times_as_fast(read[ours], read[ORIGINAL]),
        }
        for ours in (OURS, FULL)
    }
    return {"steps_ms": {name: by_step(steps) for name, steps in took.items()}, "times_as_fast": ratios}


def memory(name: str, folder: Path, seconds: Sequence[float]) -> dict[str, int]:
    """Return by length the peak resident MiB of a fresh process in which `name` has read so far; 0 where unknown.

    From the shortest note to the longest, whatever the order of `seconds`.
    """
    lengths = ["--seconds", *map(str, sorted(seconds))]
    command = [
        sys.executable,
        "-m",
        "benchmarks.voice",
        "--memory-of",
        name,
        "--folder",
        str(folder),
        *lengths,
    ]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    peaks: dict[str, int] = json.loads(told.stdout)
    return peaks


def _peaks_of(name: str, folder: Path, seconds: Sequence[float]) -> dict[str, int]:
    read, peaks = reader(name, folder), {}
    for s in seconds:
        read(voice_note(s))
        peaks[_label(s)] = peak_resident_mib()
    return peaks


def report(result: Mapping[str, Any]) -> str:
    """Word the result as lines for people."""
    lines = [f"{result['date']}, {result['machine']}, {result['threads']} threads, commit {result['commit']}"]
    for length, compared in result["by_length"].items():
        for name, steps in compared["steps_ms"].items():
            parts = "  ".join(f"{step} {ms['median']}" for step, ms in steps.items() if step != "all")
            whole, peak = steps["all"], f"{result['peak_memory_mib'][name][length]} MiB"
            lines.append(
                f"{length:5} {name:16} {whole['median']:9.1f} ms  (p95 {whole['p95']})  {peak}  {parts}"
            )
        for name, ratios in compared["times_as_fast"].items():
            for what, ratio in ratios.items():
                times = f"{ratio['median']} times as fast ({ratio['from']} to {ratio['to']})"
                lines.append(f"{length:5} {name} : {ORIGINAL}, {what}: {times}")
    return "\n".join([*lines, *_verdict(result["by_length"])])


def _verdict(by_length: Mapping[str, Any]) -> list[str]:
    """Say whether the aim is met, where it was measured."""
    length = _label(AIM_SECONDS)
    if length not in by_length:
        return []
    fast = by_length[length]["times_as_fast"][OURS]["decoded and read"]["median"]
    return [f"The aim of {AIM} times for {length} is {'met' if fast >= AIM else 'missed'}."]


def main() -> None:
    """Measure and print a table, or JSON."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.voice", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=10, help="at least 2 (default 10, some minutes)")
    parser.add_argument("--seconds", type=float, nargs="+", default=SECONDS, help="default: 3 5 15 60")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="default: all cores")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--memory-of", choices=NAMES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    threads.limit(args.threads)
    if args.memory_of:
        print(json.dumps(_peaks_of(args.memory_of, args.folder, args.seconds)))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        save_checkpoint(folder)
        peaks = {name: memory(name, folder, args.seconds) for name in NAMES}
        head = provenance("torch", "transformers") | {"threads": args.threads, "rounds": args.rounds}
        compared = compare(folder, args.seconds, args.rounds)
    result = head | {"by_length": compared, "peak_memory_mib": peaks}
    print(json.dumps(result) if args.json else report(result))


if __name__ == "__main__":
    main()
