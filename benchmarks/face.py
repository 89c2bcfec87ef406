"""Time the reading of a 1280-pixel photo, ours against the original system's way: `python -m benchmarks.face`.

Four read the same JPEG in turns, in one process and with the same threads:

- ours: the face is found and read by the bundled net;
- ours, full size: the same, but with timm's Swin-T at 224 pixels as FACE_MODEL;
- original, loaded once: transformers' Swin-T in fp32 reads the whole photo, no face is looked for;
- original, loaded per call: the same, but the net is loaded for each photo, as the original system did.

The full-size nets have random weights, which take as long as trained ones. Memory is the peak of a process of its own
for each, with all that it imports.
"""

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PIL import Image

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
from tools import samples

PHOTO = samples.selfie(width=960)  # 960 x 1280
OURS, FULL, ONCE, PER_CALL = (
    "ours",
    "ours, full size",
    "original, loaded once",
    "original, loaded per call",
)
NAMES = (OURS, FULL, ONCE, PER_CALL)
_FACE: tuple[Modality, ...] = ("face",)
AIM = 4  # times as fast as the original's way, loaded once
_TIMM, _TRANSFORMERS = "timm", "transformers"  # folders of the full-size checkpoints

# Each imports torch only when it is made: the number of threads is settled before.


def save_checkpoints(folder: Path) -> None:
    """Save the full-size net as timm does and as transformers does, with random weights."""
    import timm
    from timm.models import save_for_hf

    labels = [emotion.value for emotion in EMOTIONS]
    net = timm.create_model("swin_tiny_patch4_window7_224", num_classes=len(labels))
    save_for_hf(net, str(folder / _TIMM), {"label_names": labels}, safe_serialization=True)
    hub = quiet_transformers()
    config = hub.SwinConfig(id2label=dict(enumerate(labels)))  # its defaults are Swin-T's
    hub.SwinForImageClassification(config).save_pretrained(folder / _TRANSFORMERS)
    hub.ViTImageProcessor().save_pretrained(folder / _TRANSFORMERS)  # 224 x 224 pixels


def contestant(name: str, folder: Path) -> Callable[[], Steps]:
    """Return what reads PHOTO once and says how long its steps took; it has loaded what it keeps."""
    if name in (OURS, FULL):
        return _ours(folder / _TIMM if name == FULL else None)
    return _original(folder / _TRANSFORMERS, keep=name == ONCE)


def _ours(checkpoint: Path | None) -> Callable[[], Steps]:
    from inference.engine import Engine

    engine = Engine(modalities=_FACE, checkpoints={"face": checkpoint} if checkpoint else {})
    return lambda: dict(engine.read("face", PHOTO).ms)


def _original(folder: Path, keep: bool) -> Callable[[], Steps]:
    import torch

    kept = _load(folder) if keep else None

    @torch.inference_mode()
    def read() -> Steps:
        watch = Stopwatch()
        with watch.step("load"):
            processor, net = kept or _load(folder)
        with watch.step("decode"):
            photo = Image.open(io.BytesIO(PHOTO)).convert("RGB")
        with watch.step("prepare"):
            pixels = processor(photo, return_tensors="pt")["pixel_values"]
        with watch.step("model"):
            net(pixels).logits.softmax(1)
        return dict(watch.ms)

    return read


def _load(folder: Path) -> tuple[Any, Any]:
    """Load the transformers processor and net as the original system does."""
    hub = quiet_transformers()
    net = hub.SwinForImageClassification.from_pretrained(folder).eval()
    return hub.AutoImageProcessor.from_pretrained(folder), net


def compare(folder: Path, rounds: int) -> dict[str, Any]:
    """Measure the milliseconds of each one's steps, and how many times as fast as the original's ways ours are."""
    took = interleaved({name: contestant(name, folder) for name in NAMES}, rounds)
    whole = {name: [steps["all"] for steps in took[name]] for name in NAMES}
    return {
        "steps_ms": {name: by_step(steps) for name, steps in took.items()},
        "times_as_fast": {
            ours: {theirs: times_as_fast(whole[ours], whole[theirs]) for theirs in (ONCE, PER_CALL)}
            for ours in (OURS, FULL)
        },
    }


def memory(name: str, folder: Path) -> int:
    """Return the peak resident MiB of a fresh process in which `name` reads three times; 0 where unknown."""
    command = [sys.executable, "-m", "benchmarks.face", "--memory-of", name, "--folder", str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    return int(told.stdout)


def _peak_of(name: str, folder: Path) -> int:
    read = contestant(name, folder)
    for _ in range(3):
        read()
    return peak_resident_mib()


def report(result: Mapping[str, Any]) -> str:
    """Word the result as lines for people."""
    lines = [f"{result['date']}, {result['machine']}, {result['threads']} threads, commit {result['commit']}"]
    for name, steps in result["steps_ms"].items():
        parts = "  ".join(f"{step} {ms['median']}" for step, ms in steps.items() if step != "all")
        peak = f"{result['peak_memory_mib'][name]} MiB"
        lines.append(
            f"{name:26} {steps['all']['median']:8.1f} ms  (p95 {steps['all']['p95']})  {peak}  {parts}"
        )
    for ours, ratios in result["times_as_fast"].items():
        for theirs, ratio in ratios.items():
            times = f"{ratio['median']} times as fast ({ratio['from']} to {ratio['to']})"
            lines.append(f"{ours} : {theirs}: {times}")
    fast = result["times_as_fast"][OURS][ONCE]["median"]
    lines.append(f"The aim of {AIM} times is {'met' if fast >= AIM else 'missed'}.")
    return "\n".join(lines)


def main() -> None:
    """Measure and print a table, or JSON."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.face", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=30, help="at least 2 (default 30)")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="default: all cores")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--memory-of", choices=NAMES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    threads.limit(args.threads)
    if args.memory_of:
        print(_peak_of(args.memory_of, args.folder))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        save_checkpoints(folder)
        peaks = {name: memory(name, folder) for name in NAMES}
        head = provenance("torch", "timm", "transformers") | {"threads": args.threads, "rounds": args.rounds}
        result = head | compare(folder, args.rounds) | {"peak_memory_mib": peaks}
    print(json.dumps(result) if args.json else report(result))


if __name__ == "__main__":
    main()
